"""Which addresses answer: held against the app's real table of routes, so that none can join unseen."""

import re
import socket

import httpx
import pytest
from starlette.routing import Route, compile_path

from pedviz.ui import guard
from pedviz.ui.guard import GRADIO_ROUTES, MAX_JSON_BYTES, without_file_marks
from tests.ui.conftest import wait_until

JOIN = "gradio_api/queue/join"


@pytest.fixture(scope="module")
def table(running_site) -> set[tuple[str, str]]:
    """Method and path of every route that Gradio made for the app, ours left out."""
    site, _ = running_site
    found: set[tuple[str, str]] = set()

    def collect(routes, prefix=""):
        for route in routes:
            if isinstance(route, Route):
                found.update((method, prefix + route.path) for method in route.methods or ())
            inner = getattr(route, "original_router", None) or getattr(route, "app", None)
            collect(getattr(inner, "routes", ()), prefix + getattr(route, "path", ""))

    collect(site.blocks.app.routes)
    return found


@pytest.fixture(scope="module")
def strangers(table, running_site) -> list[tuple[str, str]]:
    """Routes of the table that the product does not use."""
    site, _ = running_site
    ours = [route for route in site.blocks.app.routes if isinstance(route, Route)]
    paths = {route.path for route in ours if route.endpoint.__module__.startswith("pedviz.")}
    return sorted(entry for entry in table - set(GRADIO_ROUTES) if entry[1] not in paths)


def test_every_allowed_route_is_one_that_gradio_has(table):
    for method, path in GRADIO_ROUTES:
        patterns = [compile_path(known)[0] for verb, known in table if verb == method]
        assert any(pattern.match(path) for pattern in patterns), f"{method} {path}"


def test_no_other_route_answers(running_site, strangers):
    _, address = running_site
    assert len(strangers) > 40, "Gradio's routes are not seen any more; look at the table again"
    with httpx.Client(timeout=30) as client:
        for method, path in strangers:
            real = re.sub(r"\{[^}]*\}", "x", path).lstrip("/")
            answer = client.request(method, address + real, content=b"{}" if method == "POST" else None)
            assert answer.status_code == 404, f"{method} {path}"


@pytest.mark.parametrize(
    "path",
    ["file=http://127.0.0.1:1/", "file=/etc/passwd", "proxy=https://x.hf.space/", "deep_link?session_hash=a"],
)
def test_nothing_is_fetched_or_read_for_a_stranger(running_site, path):
    _, address = running_site
    answer = httpx.get(f"{address}gradio_api/{path}")
    assert (answer.status_code, "passwd" in answer.text) == (404, False)


@pytest.mark.parametrize("path", [JOIN, "gradio_api/upload", "trace"])
def test_pages_of_other_sites_are_refused(running_site, path):
    _, address = running_site
    for origin, refused in (("https://evil.example", True), ("null", True), (address.rstrip("/"), False)):
        answer = httpx.post(address + path, content=b"{}", headers={"origin": origin}, timeout=30)
        assert (answer.status_code == 403) is refused, origin


@pytest.mark.parametrize(
    ("content", "status"),
    [
        pytest.param(b"[" * MAX_JSON_BYTES + b"]", 413, id="more than a megabyte"),
        pytest.param(b"[" * 100_000, 400, id="nested"),
        pytest.param(b"\xff", 400, id="no text"),
        pytest.param(b"[1]", 400, id="no object"),
    ],
)
def test_a_body_that_cannot_be_read_is_a_sentence(running_site, content, status):
    _, address = running_site
    answer = httpx.post(address + JOIN, content=content, timeout=30)
    assert answer.status_code == status
    assert answer.text.endswith(".")
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("event", [None, -1, 10**9, True, "0", [0]])
@pytest.mark.parametrize("path", [JOIN, "gradio_api/run/predict"])
def test_an_event_that_is_none_of_ours_is_a_sentence(running_site, path, event):
    body = {"fn_index": event, "data": [{}], "session_hash": "x"}
    answer = httpx.post(running_site[1] + path, json=body)
    assert (answer.status_code, "no such event" in answer.text) == (400, True)


def test_gradio_recognises_no_file_in_a_request():
    sent = {"data": [{"path": "a", "meta": {"_type": "gradio.FileData"}}], "session_hash": "s"}
    assert without_file_marks(sent) == {"data": [{"path": "a"}], "session_hash": "s"}


def test_clients_that_take_no_answer_are_cut_off(running_site, monkeypatch):
    monkeypatch.setattr(guard, "SILENT_SECONDS", 0.5)
    site, address = running_site
    host, port = address.removeprefix("http://").strip("/").split(":")
    connections = site.blocks.server.server_state.connections
    before, asked = set(connections), b"GET /results/metrics.jsonl HTTP/1.1\r\nHost: a\r\n\r\n"
    slow = []
    for _ in range(8):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect((host, int(port)))
        client.sendall(asked * 100)  # 19 MB, more than the system keeps for a connection
        slow.append(client)
    wait_until(lambda: len(connections - before) == len(slow))
    theirs = connections - before
    wait_until(lambda: not theirs & connections)
    for client in slow:
        client.close()
    assert httpx.get(f"{address}licence.txt").status_code == 200
