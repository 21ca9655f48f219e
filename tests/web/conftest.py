"""A real Chromium and a local server for the page's JavaScript modules, without the rest of the page."""

import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import pedviz.ui
from tests.web.comparison_page import start
from tests.web.stored_scene import answer_stored
from tests.web.trace_scene import answer_traces

WEB_FOLDER = Path(pedviz.ui.__file__).parent / "web"
EMPTY_PAGE = (
    b"""<!doctype html><html lang=en><meta charset=utf-8><link rel=icon href=data:,><title>Test</title>"""
)


class _WebFolder(SimpleHTTPRequestHandler):
    """The web folder, with an empty page at its root, so that tests may import any module there."""

    def do_GET(self) -> None:
        if self.path != "/":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(EMPTY_PAGE)))
        self.end_headers()
        self.wfile.write(EMPTY_PAGE)
        return None

    def log_message(self, *_: object) -> None:
        """Requests are not worth a line."""


@pytest.fixture(scope="package")
def web_address() -> Iterator[str]:
    """Where the web folder is served, with a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_WebFolder, directory=str(WEB_FOLDER)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser: Browser, web_address: str) -> Iterator[Page]:
    """An empty page that may import the modules; the test fails if anything is reported as an error."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    fresh = context.new_page()
    problems: list[str] = []
    fresh.on("pageerror", lambda error: problems.append(str(error)))
    fresh.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    answer_traces(fresh)
    answer_stored(fresh)
    fresh.goto(web_address)
    yield fresh
    context.close()
    assert not problems, problems


@pytest.fixture
def stage(page: Page) -> Page:
    """The comparison with a made-up photo and two results on it."""
    return start(page)


@pytest.fixture
def twin(page: Page) -> Callable[[str, str, list], list]:
    """Calls (module, cases) => ... of a module of maths/ on every case, in one round trip."""

    def call(module: str, function: str, cases: list) -> list:
        answers = page.evaluate(
            f"""async (cases) => {{
                const twin = await import("/maths/{module}.js");
                return JSON.stringify(JSON.parse(cases).map((given) => ({function})(twin, given)));
            }}""",
            json.dumps(cases),
        )
        return json.loads(answers)

    return call
