"""For every test: a fixed seed and no network beyond this machine; for those that ask, a real browser."""

import os
import random
import shutil
import socket
from collections.abc import Iterator
from functools import cache

# Each of several test processes has a core to itself; before NumPy and torch read it.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright
from xdist.scheduler import LoadFileScheduling

from pedviz.data.pennfudan import open_pennfudan
from pedviz.errors import DatasetError

os.environ["GRADIO_ANALYTICS_ENABLED"] = "0"

# The same cases every time, and no failure because a machine is busy.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

_LOCAL_HOSTS = {"127.0.0.1", "::1", "localhost", "0.0.0.0"}
_connect = socket.socket.connect


def _connect_locally(self: socket.socket, address: object) -> None:
    if isinstance(address, tuple) and address[0] not in _LOCAL_HOSTS:
        raise OSError(f"tests must not use the network, but one connects to {address}")
    _connect(self, address)


@pytest.fixture(autouse=True)
def _seeded_and_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    random.seed(0)
    np.random.seed(0)
    monkeypatch.setattr(socket.socket, "connect", _connect_locally)


@cache
def _missing_data() -> str:
    """Why Penn-Fudan cannot be read here; empty where it can."""
    try:
        open_pennfudan()
    except DatasetError as error:
        return str(error)
    return ""


# The longest files begin first, so that no process ends long after the other; those of the server early too,
# which look through all that the process holds.
_FIRST = ("e2e", "ui", "training", "web")
_NETWORKS = {"random_predictor", "predictor", "traced"}  # fixtures: a network of full size, or its pass
_LIMIT_SECONDS = 20.0  # of a test without the mark `slow`


class _Scheduling(LoadFileScheduling):
    """A file always in one of the processes, and tests/e2e as a whole: its sites start once."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "tests/e2e" if file.startswith("tests/e2e/") else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> _Scheduling:
    """How test processes share the tests."""
    return _Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs a browser or a network, puts long folders first, and wants a reason for `slow`."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "browser" in fixtures:
            item.add_marker(pytest.mark.browser)
        if fixtures & _NETWORKS:
            item.add_marker(pytest.mark.network)
        slow = item.get_closest_marker("slow")
        if slow and not slow.kwargs.get("reason"):
            raise pytest.UsageError(f"{item.nodeid}: slow needs a reason")
    folders = {item: item.path.parent.name for item in items}
    items.sort(key=lambda item: _FIRST.index(folders[item]) if folders[item] in _FIRST else len(_FIRST))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Names every test above the limit that is not marked `slow`."""
    reports = [report for kind in terminalreporter.stats.values() for report in kind]
    calls = [report for report in reports if getattr(report, "when", "") == "call"]
    for report in calls:
        if report.duration > _LIMIT_SECONDS and "slow" not in report.keywords:
            terminalreporter.line(f"{report.nodeid} took {report.duration:.0f} s and is not marked slow")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests marked `data` need Penn-Fudan: skipped where there is none, unless PEDVIZ_DATA says there is."""
    if item.get_closest_marker("data") and _missing_data():
        (pytest.fail if os.environ.get("PEDVIZ_DATA") else pytest.skip)(_missing_data())


# The first has no user interface of its own, and does everything in half the time.
_CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_CHROMIUM_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
)  # fmt: skip


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, _CHROMIUM_NAMES)), None)
    if found is None and os.environ.get("CI"):
        pytest.fail("CI must have Chromium: apt-get install chromium-headless-shell")
    if found is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium-headless-shell")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all tests, with a camera that shows a test image.

    One alone: Playwright cannot be started a second time while the first is running.
    """
    executable = _chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=list(_CHROMIUM_FLAGS))
        yield running
        running.close()
