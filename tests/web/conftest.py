"""A real Chromium and a local server for the page's JavaScript modules, without the rest of the page."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

import pedviz.ui
from tests.web import stored_scene, trace_scene
from tests.web.comparison_page import start

VIEWPORT = {"width": 1280, "height": 800}
WEB_FOLDER = Path(pedviz.ui.__file__).parent / "web"
EMPTY_PAGE = (
    b"""<!doctype html><html lang=en><meta charset=utf-8><link rel=icon href=data:,><title>Test</title>"""
)


class _WebFolder(SimpleHTTPRequestHandler):
    """The web folder, an empty page at its root, and made-up answers where the real site computes some."""

    protocol_version = "HTTP/1.1"  # one connection for many files
    disable_nagle_algorithm = True  # headers and body are sent apart: the body would wait for an answer

    def do_GET(self) -> None:
        """Answer with the empty page, what is made up, or a file."""
        path = urlsplit(self.path).path
        traced = trace_scene.answer(path)
        made_up = ("application/json", traced) if traced else stored_scene.answer(path)
        if path == "/":
            self._send("text/html; charset=utf-8", EMPTY_PAGE)
        elif made_up:
            self._send(made_up[0], made_up[1].encode())
        else:
            super().do_GET()

    def do_POST(self) -> None:
        """Answer a photo with its made-up trace."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self._send("application/json", trace_scene.answer_photo().encode())

    def _send(self, media_type: str, body: bytes) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        """Let the browser keep what it has: nothing in the folder changes during a run."""
        self.send_header("Cache-Control", "max-age=3600")
        super().end_headers()

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


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A page that many tests use, and what it reported as an error since the present one began."""

    page: Page
    problems: list[str]


def _tab(context: BrowserContext, address: str) -> Tab:
    tab = Tab(page=context.new_page(), problems=[])
    tab.page.on("pageerror", lambda error: tab.problems.append(str(error)))
    tab.page.on("console", lambda line: line.type == "error" and tab.problems.append(line.text))
    tab.page.goto(address)
    return tab


@pytest.fixture(scope="package")
def web_context(browser: Browser) -> Iterator[BrowserContext]:
    """One profile of the browser, so that modules and styles are fetched once."""
    context = browser.new_context(locale="en-GB", viewport=VIEWPORT)
    yield context
    context.close()


@pytest.fixture(scope="package")
def _used_tab(web_context: BrowserContext, web_address: str) -> Tab:
    return _tab(web_context, web_address)


@pytest.fixture(scope="package")
def _functions_tab(web_context: BrowserContext, web_address: str) -> Tab:
    return _tab(web_context, web_address)


@pytest.fixture
def page(_used_tab: Tab, web_address: str) -> Iterator[Page]:
    """An empty document that may import the modules; the test fails if anything is reported as an error.

    The tab is that of the test before. What a test does to the document, to the storage, to the window's
    size, media, routes and permissions is undone; for anything else, make a context of your own.
    """
    tab = _used_tab.page
    tab.unroute_all()
    tab.context.clear_permissions()
    tab.emulate_media(media="null", color_scheme="null", reduced_motion="null", forced_colors="null")
    tab.set_viewport_size(VIEWPORT)
    tab.mouse.move(0, 0)
    tab.goto(web_address)
    tab.evaluate("localStorage.clear(), sessionStorage.clear()")
    _used_tab.problems.clear()
    yield tab
    assert not _used_tab.problems


@pytest.fixture
def functions(_functions_tab: Tab) -> Iterator[Page]:
    """A document that is never left, for modules without effects: import, call, compare.

    A test may leave values on `window` and nothing else.
    """
    _functions_tab.problems.clear()
    yield _functions_tab.page
    assert not _functions_tab.problems


@pytest.fixture
def stage(page: Page) -> Page:
    """The comparison with a made-up photo and two results on it."""
    return start(page)


@pytest.fixture
def twin(functions: Page) -> Callable[[str, str, list], list]:
    """Calls (module, cases) => ... of a module of maths/ on every case, in one round trip."""

    def call(module: str, function: str, cases: list) -> list:
        answers = functions.evaluate(
            f"""async (cases) => {{
                const twin = await import("/maths/{module}.js");
                return JSON.stringify(JSON.parse(cases).map((given) => ({function})(twin, given)));
            }}""",
            json.dumps(cases),
        )
        return json.loads(answers)

    return call
