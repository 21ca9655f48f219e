"""Uploaded files: each its own, private, bounded in bytes and minutes, and gone when a form breaks off."""

import contextlib
import os
import socket
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from gradio_client import Client, handle_file

from pedviz.data.photos import MAX_BYTES
from pedviz.errors import BusyError, PhotoError
from pedviz.ui import receiving
from pedviz.ui.uploads import TooLargeError, Uploads
from tests.ui.conftest import photo_file, wait_until

UPLOAD = "gradio_api/upload"
BOUNDARY = "----pedviz"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def put(uploads: Uploads, content: bytes, *, address: str = "a") -> str:
    token = uploads.begin(address)
    uploads.write(token, content)
    return token


def form(content: bytes, *, name: str = "a.png") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


@contextlib.contextmanager
def sending(address: str, body: bytes, *, length: int):
    """A connection that announces `length` bytes of a form and has sent `body` of them."""
    url = httpx.URL(address)
    with socket.create_connection((url.host, url.port), timeout=20) as connection:
        connection.sendall(
            f"POST /{UPLOAD} HTTP/1.1\r\nHost: {url.host}:{url.port}\r\nContent-Length: {length}\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n".encode()
        )
        connection.sendall(body)
        yield connection


def test_the_folder_is_private_and_goes_with_its_owner(uploads):
    folder = Path(uploads.folder)
    put(uploads, b"content")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    uploads.close()
    assert not folder.exists()


def test_a_file_is_read_once_and_has_no_name_on_the_disk(uploads):
    token = put(uploads, b"content")
    if os.name == "posix":
        assert list(Path(uploads.folder).iterdir()) == []
    assert uploads.take(token) == b"content"
    for again in (token, "", "a\0b", "../../etc/passwd", "x" * 5000):
        with pytest.raises(PhotoError, match="no longer on the server"):
            uploads.take(again)
    assert len(uploads) == 0


def test_bytes_are_bounded_in_a_file_for_an_address_and_in_all():
    uploads = Uploads(most_bytes=100 * 2**20)
    with pytest.raises(TooLargeError, match="larger than 20 MB"):
        put(uploads, bytes(MAX_BYTES + 1))
    for _ in range(3):
        put(uploads, bytes(MAX_BYTES), address="crowd")
    with pytest.raises(BusyError):
        put(uploads, bytes(MAX_BYTES), address="crowd")
    put(uploads, bytes(MAX_BYTES), address="another")
    put(uploads, bytes(MAX_BYTES), address="third")
    with pytest.raises(BusyError):
        put(uploads, b"1", address="fourth")


def test_a_file_that_nobody_reads_goes_within_minutes():
    clock = Clock()
    uploads = Uploads(clock=clock)
    old = put(uploads, b"old")
    clock.now = 100.0
    new = put(uploads, b"new")
    clock.now = 180.0
    uploads.sweep()
    assert uploads.take(new) == b"new"
    with pytest.raises(PhotoError):
        uploads.take(old)


def test_equal_photos_are_files_of_their_own(running_site, tmp_path):
    """A lecturer hands out one file: everybody who sends it is answered, however their requests mix."""
    site, address = running_site
    photo = tmp_path / "same.png"
    photo.write_bytes(photo_file((7, 7, 7)))
    tokens = [httpx.post(address + UPLOAD, files={"files": photo.read_bytes()}).json()[0] for _ in range(2)]
    assert tokens[0] != tokens[1]
    assert {site.service.uploads.take(token) for token in tokens} == {photo.read_bytes()}

    def ask(_: int) -> str:
        client = Client(address, verbose=False)
        answer = client.predict(photo=handle_file(str(photo)), api_name="/detect")
        return answer["images"][0]["file_name"]

    with ThreadPoolExecutor(5) as pool:
        assert list(pool.map(ask, range(5))) == ["same.png"] * 5
    assert len(site.service.uploads) == 0


def test_no_answer_tells_a_folder_of_the_server(running_site):
    _, address = running_site
    (token,) = httpx.post(address + UPLOAD, files={"files": ("../../etc/x.png", b"x")}).json()
    assert "/" not in token
    assert "etc" not in token


def test_an_upload_that_breaks_off_leaves_nothing(running_site):
    site, address = running_site
    uploads = site.service.uploads
    before = len(uploads)
    with sending(address, form(bytes(100_000))[:50_000], length=100_000):
        wait_until(lambda: len(uploads) == before + 1)
    wait_until(lambda: len(uploads) == before)


def test_a_silent_client_is_given_up_and_does_not_keep_the_others_waiting(running_site, monkeypatch):
    site, address = running_site
    uploads = site.service.uploads
    before = len(uploads)
    monkeypatch.setattr(receiving, "SILENT_SECONDS", 1.0)
    with contextlib.ExitStack() as stack:
        start = form(bytes(5000))[:1000]
        slow = [stack.enter_context(sending(address, start, length=9000)) for _ in range(60)]
        wait_until(lambda: len(uploads) > before)
        assert httpx.post(address + UPLOAD, files={"files": b"quick"}, timeout=10).status_code == 200
        assert b"408" in slow[-1].recv(100)
        wait_until(lambda: len(uploads) == before + 1)


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        pytest.param(form(bytes(MAX_BYTES + 1)), 413, "larger than 20 MB", id="too large"),
        pytest.param(b"no form at all", 400, "Expected a form", id="no form"),
        pytest.param(form(b"cut off")[:-8], 400, "Expected a form", id="not whole"),
        pytest.param(b"", 400, "Expected a form", id="empty"),
    ],
)
def test_a_form_that_cannot_be_used_is_a_sentence_and_leaves_nothing(running_site, content, status, words):
    site, address = running_site
    before = len(site.service.uploads)
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    answer = httpx.post(address + UPLOAD, content=content, headers=headers)
    assert (answer.status_code, words in answer.text) == (status, True)
    assert len(site.service.uploads) == before
