"""For every test: a fixed seed and no network beyond this machine; for those that ask, a real browser."""

import os
import random
import shutil
import socket
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

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


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests marked `data` need Penn-Fudan: skipped where there is none, unless PEDVIZ_DATA says there is."""
    if item.get_closest_marker("data") and _missing_data():
        (pytest.fail if os.environ.get("PEDVIZ_DATA") else pytest.skip)(_missing_data())


_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
_CHROMIUM_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
)  # fmt: skip


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, _CHROMIUM_NAMES)), None)
    if found is None and os.environ.get("CI"):
        pytest.fail("CI must have Chromium: apt-get install chromium")
    if found is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all tests, with a camera that shows a test picture.

    One alone: Playwright cannot be started a second time while the first is running.
    """
    executable = _chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=list(_CHROMIUM_FLAGS))
        yield running
        running.close()
