"""The real site in a real Chromium: real weights for what is shown, made-up ones for what is timed."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from pedviz.data.pennfudan import open_pennfudan
from pedviz.errors import DatasetError
from pedviz.paths import ROOT, data_source
from pedviz.ui.app import Site, build_app
from pedviz.ui.service import MAX_SAMPLE_RESULTS
from pedviz.ui.session import BoundedCache, Visitors
from tests.drawing import wait_for_drawing
from tests.serving import free_port, launched
from tests.ui.conftest import FakePredictors, photo_file

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
START_SECONDS = 90  # on a busy machine; the benchmark says how long it really takes
RESULT_MS = 120_000  # the first detection imports torch and loads weights

expect.set_options(timeout=20_000)


def _serve(folder: Path, *, data: str) -> Iterator[str]:
    """app.py as a visitor's server runs it, until the fixture ends."""
    port = free_port()
    settings = {
        "PEDVIZ_DATA": data,
        "GRADIO_TEMP_DIR": str(folder / "uploads"),
        "GRADIO_ANALYTICS_ENABLED": "0",
    }
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "app.py", "--host", "127.0.0.1", "--port", str(port)],
            cwd=ROOT, env=os.environ | settings, stdout=log, stderr=log,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}/"
    try:
        _wait_for(address, server, folder / "log")
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"app.py did not start: {log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """app.py with the repository's weights and without Penn-Fudan."""
    folder = tmp_path_factory.mktemp("site")
    yield from _serve(folder, data=str(folder))


@pytest.fixture(scope="session")
def penn_fudan_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """app.py where Penn-Fudan is."""
    try:
        open_pennfudan()
    except DatasetError as error:
        pytest.skip(str(error))
    yield from _serve(tmp_path_factory.mktemp("site"), data=str(data_source()))


@dataclass(kw_only=True)
class TimedSite:
    """A site whose detectors wait until they are told."""

    address: str
    predictors: FakePredictors
    site: Site


@pytest.fixture(scope="session")
def _launched_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TimedSite]:
    predictors = FakePredictors()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("uploads")))
        patch.setenv("PEDVIZ_DATA", str(tmp_path_factory.mktemp("no-data")))
        site = build_app(load_predictor=predictors)
        address = launched(site)
    yield TimedSite(address=address, predictors=predictors, site=site)
    site.blocks.close(verbose=False)


@pytest.fixture
def timed_site(
    _launched_site: TimedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TimedSite]:
    """The site in this process with made-up detectors, and nothing left of an earlier visitor."""
    monkeypatch.setenv("PEDVIZ_DATA", str(tmp_path))
    service = _launched_site.site.service
    monkeypatch.setattr(service, "visitors", Visitors())
    monkeypatch.setattr(service, "_sample_results", BoundedCache(MAX_SAMPLE_RESULTS))
    _launched_site.predictors.loaded.clear()
    yield _launched_site
    for predictor in _launched_site.predictors.loaded.values():
        predictor.gate.set()


@dataclass(kw_only=True)
class Visit:
    """One visitor's tab, what it asked for and what went wrong in it."""

    page: Page
    home: str
    requests: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def open(self, query: str = "") -> Page:
        """Open the Detect page and wait until a picture is on the stage."""
        self.page.goto(f"{self.home}?{query}")
        expect(self.page.locator(".pv-live")).not_to_be_empty(timeout=60_000)
        return self.page

    def note(self, line: ConsoleMessage) -> None:
        """Keep what the console reports, and where it comes from."""
        if line.type in ("error", "warning"):
            self.problems.append(f"{line.text} {line.location['url']}")

    def strangers(self) -> list[str]:
        """Requests to anyone but the site; data: and blob: never leave the browser."""
        return [url for url in self.requests if not url.startswith((self.home, "data:", "blob:"))]


@pytest.fixture(scope="session")
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """A profile of the browser that visitors share, so that what a site serves is fetched once."""
    context = browser.new_context(viewport=DESKTOP, locale="en-GB")
    yield context
    context.close()


def _tab_without_memory(profile: BrowserContext, home: str) -> Page:
    """A new tab, for which nothing is stored of an earlier visit."""
    page = profile.new_page()
    origin = home.rstrip("/")
    session = profile.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "cookies,local_storage"})
    session.detach()
    return page


@pytest.fixture
def visit(browser: Browser, profile: BrowserContext) -> Iterator[Callable[..., Visit]]:
    """Makes visitors; each must end without an error in the console or a request to another host.

    With options of a browser context, or `alone`, a visitor has a profile of their own.
    """
    visits: list[Visit] = []

    def make(home: str, *, alone: bool = False, **options) -> Visit:
        if alone or options:
            page = browser.new_page(**({"viewport": DESKTOP, "locale": "en-GB"} | options))
        else:
            page = _tab_without_memory(profile, home)
        made = Visit(page=page, home=home)
        made.page.on("request", lambda request: made.requests.append(request.url))
        made.page.on("pageerror", lambda error: made.problems.append(str(error)))
        made.page.on("console", made.note)
        visits.append(made)
        return made

    yield make
    for made in visits:
        made.page.close()
    profile.clear_permissions()
    for made in visits:
        assert made.problems == []
        assert made.strangers() == []


@pytest.fixture
def street(tmp_path: Path) -> Path:
    """A photo of nobody: 1600 x 1200 pixels, larger than the cap."""
    path = tmp_path / "an evening street.png"
    path.write_bytes(photo_file((90, 120, 150), size=(1600, 1200)))
    return path


@pytest.fixture
def people_photo(tmp_path: Path) -> Path:
    """A photo with a person, in a format and size that the page must turn and cap."""
    with Image.open(ROOT / "assets" / "samples" / "grace-hopper.webp") as picture:
        large = picture.convert("RGB").resize((2048, 2400))
    path = tmp_path / "my photo.jpg"
    large.save(path, quality=85)
    return path


def upload(page: Page, path: Path) -> None:
    """Choose a file as a visitor does, with the button, and wait until it is on the stage."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a photo").click()
    chooser.value.set_files(path)
    expect(page.locator(".pv-live")).to_contain_text(path.name)


def wait_for_both(page: Page, *, photo: str = "") -> None:
    """Until both panes show a result of the photo on the stage, whose name may be given."""
    ready = re.compile(rf"^{re.escape(photo)}.*: (\d+ pe|Nobody)", re.DOTALL)
    for pane in (0, 1):
        expect(page.locator(".pvc-canvas").nth(pane)).to_have_attribute(
            "aria-label", ready, timeout=RESULT_MS
        )
    expect(page.locator(".pv-running")).to_have_count(0)


@pytest.fixture
def opened(visit, real_site) -> Visit:
    made = visit(real_site)
    made.open()
    return made


@pytest.fixture
def page(opened) -> Page:
    wait_for_both(opened.page)
    return opened.page


def people(page: Page) -> list[int]:
    """How many are found in A and in B."""
    wait_for_drawing(page, after_ms=120)
    texts = page.locator(".pvc-found").all_inner_texts()
    return [int(re.match(r"(\d+) p", text).group(1)) if text[0].isdigit() else 0 for text in texts]
