"""After a visitor deletes the photo or leaves, nothing of it is left in the process or on the disk."""

import asyncio
import gc
import os
import secrets
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import uvicorn
from PIL import Image, PngImagePlugin

from pedviz.paths import ROOT
from pedviz.ui import forgetting
from pedviz.ui.forgetting import UNREAD_SECONDS, UnreadAnswers
from tests.serving import free_port
from tests.ui.conftest import photo_file, wait_until
from tests.ui.visiting import Visit

# What `python app.py` does, with detectors that answer at once; at first it only begins itself anew.
SERVER = """
import argparse, os, sys
from pedviz.ui import start

if "GLIBC_TUNABLES" in os.environ:
    from pedviz.ui import app
    from tests.ui.conftest import FakePredictors

    build = app.build_app
    app.build_app = lambda: build(load_predictor=FakePredictors())
start.serve(argparse.Namespace(host=None, port=int(sys.argv[1])))
"""


def marked_photo(folder: Path, mark: str) -> bytes:
    """A PNG that says `mark` in its text again and again, and in each of its rows of pixels."""
    row = np.frombuffer((mark * 100).encode()[: 300 * 3], np.uint8).reshape(1, 300, 3)
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", mark * 5000)
    path = folder / "marked.png"
    Image.fromarray(row.repeat(200, axis=0)).save(path, pnginfo=text, compress_level=0)
    return path.read_bytes()


@cache
def _holds_bytes(kind: type) -> bool:
    return issubclass(kind, str | bytes | bytearray) or kind is np.ndarray  # asking an object may warn


def seen_in_objects(mark: str) -> list[str]:
    """What holds `mark` in this process: kinds of objects."""
    gc.collect()
    things = {id(thing): thing for thing in gc.get_referents(*gc.get_objects()) if _holds_bytes(type(thing))}
    held, encoded = [], mark.encode()
    for thing in things.values():
        content = thing.tobytes() if isinstance(thing, np.ndarray) else thing
        wanted = mark if isinstance(content, str) else encoded
        if wanted in content and content != wanted:
            owners = {type(owner).__name__ for owner in gc.get_referrers(thing)}
            held.append(f"{type(thing).__name__} in {owners}")
    return held


def visit_with(address: str, folder: Path, mark: str, *, leave_unread: bool) -> Visit:
    """Bring a photo called and filled with `mark`, and detect in it, fetching the last answer or not."""
    visit = Visit(address)
    photo_id = visit.choose(marked_photo(folder, mark), name=f"{mark}.png")["photo"]["id"]
    visit.run(photo_id)
    if leave_unread:
        token = visit.upload(marked_photo(folder, mark))
        photo = {"ticket": 3, "sample": None, "path": token, "name": f"{mark}.png"}
        visit.join("choose", {"photo": photo})
    return visit


@pytest.mark.parametrize("ends_by", ["deleting", "closing the tab"])
def test_nothing_is_left_among_the_objects(running_site, tmp_path, monkeypatch, ends_by):
    site, address = running_site
    monkeypatch.setattr(forgetting, "READ_SECONDS", 0.3)
    mark, waiting = secrets.token_hex(8), len(site.service.uploads)
    visit = visit_with(address, tmp_path, mark, leave_unread=True)
    wait_until(lambda: len(site.service.uploads) == waiting)
    assert seen_in_objects(mark), "the scan must see a photo that is there"
    before = len(site.service.visitors)
    if ends_by == "deleting":
        assert visit.direct("forget").status_code == 200
    else:
        with visit.present():
            pass  # and gone again
    wait_until(lambda: len(site.service.visitors) == before - 1)
    visit.client.close()
    del visit
    deadline = time.monotonic() + 10
    while (left := seen_in_objects(mark)) and time.monotonic() < deadline:
        time.sleep(0.3)
    assert left == []


def test_an_answer_that_nobody_fetches_is_dropped_in_time(running_site):
    site, _ = running_site
    queue, now = site.blocks._queue, 0.0
    unread = UnreadAnswers(queue, clock=lambda: now)
    visit = Visit(running_site[1])
    visit.join("choose", {"photo": {"ticket": 1, "sample": site.service.gallery.default_id}})
    wait_until(lambda: queue.pending_messages_per_session[visit.session].qsize() >= 2)
    unread.sweep()
    now = UNREAD_SECONDS
    unread.sweep()
    assert visit.session not in queue.pending_messages_per_session


def test_what_is_asked_after_deleting_is_answered_however_late_it_is_fetched(running_site, monkeypatch):
    site, address = running_site
    monkeypatch.setattr(forgetting, "READ_SECONDS", 0.1)
    queue, visit = site.blocks._queue, Visit(address)
    sample = {"photo": {"ticket": 1, "sample": site.service.gallery.default_id}}
    first = visit.join("choose", sample).json()["event_id"]
    wait_until(lambda: visit.session in queue.pending_messages_per_session)
    visit.direct("forget")
    later = visit.join("choose", sample | {"photo": {"ticket": 2, "sample": site.service.gallery.default_id}})
    wait_until(lambda: first not in queue.pending_event_ids_session[visit.session])
    told = {message.get("event_id") for message in visit.answers() if message["msg"] == "process_completed"}
    assert told == {later.json()["event_id"]}


def test_the_server_receives_into_no_lasting_buffer(running_site, monkeypatch):
    monkeypatch.setitem(sys.modules, "uvloop", ModuleType("uvloop"))  # by itself uvicorn would now take it
    assert uvicorn.Config(app=None).get_loop_factory() is asyncio.SelectorEventLoop


def memory_holds(pid: int, mark: bytes) -> int:
    """How often a process's own memory holds `mark`."""
    count = 0
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights, *_ = line.split()
            start, end = (int(part, 16) for part in span.split("-"))
            if not rights.startswith("rw") or end - start > 2**31:
                continue
            try:
                memory.seek(start)
                count += memory.read(end - start).count(mark)
            except (OSError, ValueError, OverflowError):
                continue
    return count


@pytest.fixture(scope="module")
def own_server(tmp_path_factory):
    """The process of a server of its own, its address, and the folder of its temporary files."""
    folder, port = tmp_path_factory.mktemp("own"), free_port()
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(port)], cwd=ROOT, env=os.environ | {"TMPDIR": str(folder)},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert any("Running on" in line for line in server.stdout)
        yield server, f"http://127.0.0.1:{port}/", folder
    finally:
        server.terminate()
        server.wait(20)
        server.stdout.close()


@pytest.mark.skipif(sys.platform != "linux", reason="reads another process's memory through /proc")
def test_nothing_is_left_in_memory_or_on_the_disk_of_a_server(own_server, tmp_path):
    server, address, folder = own_server
    settings = Path(f"/proc/{server.pid}/environ").read_text()
    assert "glibc.malloc.tcache_count=0" in settings
    assert "glibc.malloc.perturb=255" in settings
    mark = secrets.token_hex(16)
    visit = visit_with(address, tmp_path, mark, leave_unread=False)
    assert memory_holds(server.pid, mark.encode()) > 1000
    visit.direct("forget")
    wait_until(lambda: memory_holds(server.pid, mark.encode()) == 0)
    mark = secrets.token_hex(16)
    visit.call(marked_photo(tmp_path, mark), name=f"{mark}.png")
    wait_until(lambda: memory_holds(server.pid, mark.encode()) == 0)
    assert [path for path in folder.rglob("*") if path.is_file()] == []


PHOTOS_AT_FIRST, PHOTOS_LATER, MOST_GROWTH = 5, 20, 2**25  # bytes; twenty photos have 80 MB


def resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(sys.platform != "linux", reason="reads another process's memory through /proc")
def test_memory_does_not_grow_with_the_photos_that_pass(own_server):
    server, address, _ = own_server
    visit = Visit(address)  # who keeps one photo at a time

    def bring(number: int) -> int:
        photo = visit.choose(photo_file(size=(1333, 1000 - number)), ticket=2 * number + 1)["photo"]
        result = visit.run(photo["id"], ticket=2 * number + 2)["result"]
        assert result["image_size"] == [1000 - number, 1333]
        return resident_bytes(server.pid)

    settled = max(map(bring, range(PHOTOS_AT_FIRST)))
    later = [bring(PHOTOS_AT_FIRST + number) for number in range(PHOTOS_LATER)]
    assert later[-1] - settled < MOST_GROWTH
