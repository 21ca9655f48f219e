"""The downloader against a real server on this machine that misbehaves on demand."""

import errno
import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tqdm import tqdm

from pedviz.cli import bars
from pedviz.download import CHUNK_BYTES, download
from pedviz.errors import Cancelled, DownloadError

CONTENT = bytes(range(256)) * 4096  # 1 MiB, four pieces
SHA256 = hashlib.sha256(CONTENT).hexdigest()
HALF = len(CONTENT) // 2


@dataclass
class Site:
    """What the server does, and the Range header of every request that it had."""

    url: str = ""
    content: bytes = CONTENT
    status: int = 200
    ranges: bool = True
    says_length: bool = True
    sent: int | None = None  # break off after so many bytes of the answer
    asked: list[str | None] = field(default_factory=list)


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            site.asked.append(asked)
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and site.ranges else 0
            if site.status != 200:
                self.send_error(site.status)
            elif start >= len(site.content):
                self.send_error(416)
            else:
                self._answer(start, resumed=bool(asked and site.ranges))

        def _answer(self, start: int, *, resumed: bool) -> None:
            body = site.content[start:]
            self.send_response(206 if resumed else 200)
            if resumed:
                last, size = len(site.content) - 1, len(site.content)
                self.send_header("Content-Range", f"bytes {start}-{last}/{size}")
            if site.says_length:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: site.sent])

        def log_message(self, *_: object) -> None:
            """Keep the tests' output clean."""

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                return  # the client cancelled

    return Handler


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(site))
    site.url = f"http://127.0.0.1:{server.server_port}/data.bin"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "data.bin"


def _leave_part(target: Path, content: bytes) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name("data.bin.part")
    part.write_bytes(content)
    return part


def _cancel_after(calls: int) -> Callable[[], bool]:
    answers = iter([False] * calls)
    return lambda: next(answers, True)


@pytest.mark.parametrize("digits", [pytest.param(64, id="whole-hash"), pytest.param(8, id="first-digits")])
def test_a_file_arrives_whole_and_alone(site, target, digits):
    assert download(site.url, target, sha256=SHA256[:digits]) == target
    assert target.read_bytes() == CONTENT
    assert list(target.parent.iterdir()) == [target]


def test_progress_grows_to_the_announced_size(site, target):
    seen = []
    download(site.url, target, sha256=SHA256, progress=lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert len(seen) >= len(CONTENT) // CHUNK_BYTES


def test_progress_says_when_the_size_is_unknown(site, target):
    site.says_length = False
    seen = []
    download(site.url, target, sha256=SHA256, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(CONTENT), None)


def test_only_the_missing_rest_is_asked_for(site, target):
    _leave_part(target, CONTENT[:HALF])
    seen = []
    download(site.url, target, sha256=SHA256, progress=lambda done, total: seen.append((done, total)))
    assert site.asked == [f"bytes={HALF}-"]
    assert target.read_bytes() == CONTENT
    assert seen[0] == (HALF, len(CONTENT))
    assert seen[-1] == (len(CONTENT), len(CONTENT))


def test_the_speed_of_a_resumed_download_is_of_what_it_brings(site, target, monkeypatch):
    made = []
    monkeypatch.setattr(bars, "tqdm", lambda **given: made.append(tqdm(**given)) or made[-1])
    _leave_part(target, CONTENT[:HALF])
    with bars.byte_bar("data") as progress:
        download(site.url, target, sha256=SHA256, progress=progress)
    shown = made[0].format_dict  # tqdm's speed is of n - initial
    assert (shown["initial"], shown["n"], shown["total"]) == (HALF, len(CONTENT), len(CONTENT))


def test_a_server_without_ranges_starts_anew(site, target):
    site.ranges = False
    _leave_part(target, b"x" * HALF)
    download(site.url, target, sha256=SHA256)
    assert target.read_bytes() == CONTENT


def test_a_part_longer_than_the_file_is_fetched_anew(site, target):
    _leave_part(target, b"x" * (len(CONTENT) + 1))
    download(site.url, target, sha256=SHA256)
    assert site.asked == [f"bytes={len(CONTENT) + 1}-", None]
    assert target.read_bytes() == CONTENT


def test_a_broken_connection_is_taken_up_again(site, target):
    site.sent = HALF
    with pytest.raises(DownloadError, match=r"broke off after 0\.5 of 1\.0 MB; try again"):
        download(site.url, target, sha256=SHA256)
    assert not target.exists()
    site.sent = None
    download(site.url, target, sha256=SHA256)
    assert site.asked == [None, f"bytes={HALF}-"]
    assert target.read_bytes() == CONTENT


def test_another_file_is_refused_and_not_kept(site, target):
    site.content = CONTENT[::-1]
    with pytest.raises(DownloadError, match="brought another file than expected"):
        download(site.url, target, sha256=SHA256)
    assert list(target.parent.iterdir()) == []


def test_a_part_of_another_file_does_not_spoil_the_next_try(site, target):
    _leave_part(target, b"x" * HALF)
    with pytest.raises(DownloadError, match="another file"):
        download(site.url, target, sha256=SHA256)
    assert download(site.url, target, sha256=SHA256).read_bytes() == CONTENT


@pytest.mark.parametrize("status", [403, 404, 503])
def test_a_refusal_names_the_server_and_its_answer(site, target, status):
    site.status = status
    with pytest.raises(DownloadError, match=rf"127\.0\.0\.1 answered {status} \w+.* for http"):
        download(site.url, target, sha256=SHA256)


def test_no_server_is_said_plainly(target):
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1 cannot be reached \(Connection refused\)"):
        download("http://127.0.0.1:1/data.bin", target, sha256=SHA256)


def test_a_silent_server_is_given_up(site, target, monkeypatch):
    monkeypatch.setattr("pedviz.download.TIMEOUT_SECONDS", 0.2)
    still = threading.Event()
    monkeypatch.setattr(BaseHTTPRequestHandler, "send_response", lambda *_: still.wait(2))
    try:
        with pytest.raises(DownloadError, match=r"said nothing for 0\.2 seconds"):
            download(site.url, target, sha256=SHA256)
    finally:
        still.set()


def test_a_cancelled_download_keeps_what_it_has_and_goes_on_later(site, target):
    with pytest.raises(Cancelled):
        download(site.url, target, sha256=SHA256, cancelled=_cancel_after(1))
    kept = target.with_name("data.bin.part").stat().st_size
    assert 0 < kept < len(CONTENT)
    assert download(site.url, target, sha256=SHA256).read_bytes() == CONTENT
    assert site.asked == [None, f"bytes={kept}-"]


def test_a_right_file_is_not_fetched_again(site, target):
    download(site.url, target, sha256=SHA256)
    download(site.url, target, sha256=SHA256)
    assert len(site.asked) == 1


def test_a_wrong_file_in_its_place_is_replaced(site, target):
    target.parent.mkdir()
    target.write_bytes(b"old")
    assert download(site.url, target, sha256=SHA256).read_bytes() == CONTENT


def test_a_wrong_file_stays_until_the_right_one_is_whole(site, target):
    target.parent.mkdir()
    target.write_bytes(b"old")
    site.sent = HALF
    with pytest.raises(DownloadError, match="broke off"):
        download(site.url, target, sha256=SHA256)
    assert target.read_bytes() == b"old"


def test_two_callers_fetch_a_file_once(site, target):
    threads = [threading.Thread(target=download, args=(site.url, target), kwargs={"sha256": SHA256})
               for _ in range(4)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert target.read_bytes() == CONTENT
    assert len(site.asked) == 1


def test_a_caller_who_waits_can_cancel(site, target):
    waiting, release = threading.Event(), threading.Event()

    def hold(*_: object) -> None:
        waiting.set()
        release.wait(5)

    first = threading.Thread(
        target=download, args=(site.url, target), kwargs={"sha256": SHA256, "progress": hold}
    )
    first.start()
    waiting.wait(5)
    try:
        with pytest.raises(Cancelled):
            download(site.url, target, sha256=SHA256, cancelled=lambda: True)
    finally:
        release.set()
        first.join()


def test_a_folder_that_is_a_file_is_said_plainly(site, target):
    target.parent.write_bytes(b"")
    with pytest.raises(DownloadError, match=r"data\.bin cannot be stored in .*: File exists"):
        download(site.url, target, sha256=SHA256)


def test_a_full_disk_is_said_plainly(site, target, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(DownloadError, match="the disk is full; make room"):
        download(site.url, target, sha256=SHA256)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_disk_that_fills_up_while_writing_is_said_plainly(site, target):
    target.parent.mkdir()
    target.with_name("data.bin.part").symlink_to("/dev/full")
    with pytest.raises(DownloadError, match="the disk is full; make room"):
        download(site.url, target, sha256=SHA256)
