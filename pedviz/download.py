"""Fetch one file: resumed where it broke off, checked, and put in place only when it is whole.

What has arrived lies beside the destination as `NAME.part` and is kept when a download breaks off or is
cancelled; the next call asks the server for the rest.
"""

import errno
import hashlib
import http.client
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from pedviz.errors import Cancelled, DownloadError, reason_of

Progress = Callable[[int, int | None], object]

TIMEOUT_SECONDS = 30
CHUNK_BYTES = 2**18
_MB = 10**6
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
_ONE_AT_A_TIME = threading.Lock()
_LOCK_POLL_SECONDS = 0.1


def sha256_of(path: Path) -> str:
    """Hexadecimal sha256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def never() -> bool:
    """Nobody cancels."""
    return False


def download(
    url: str,
    destination: Path,
    *,
    sha256: str,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] = never,
) -> Path:
    """Fetch `url` into the file `destination`; a right file that is there already is kept as it is.

    One download runs at a time in a process: a second call for the same file waits and then finds it.

    Args:
        url: http or https.
        destination: the file; its folder is made.
        sha256: what the file must have, hexadecimal; the first digits are enough.
        progress: called with the bytes here so far and the bytes in all (None where the server does not say),
            first with those of a download before that goes on.
        cancelled: asked between two pieces.

    Returns:
        `destination`.

    Raises:
        DownloadError: one plain sentence: no network, refused, broken off, another file, or no room for it.
        Cancelled: `cancelled` said so.
    """
    with cancellable_lock(_ONE_AT_A_TIME, cancelled), _storing(destination):
        if destination.is_file() and sha256_of(destination).startswith(sha256):
            return destination
        destination.parent.mkdir(parents=True, exist_ok=True)
        partial = destination.with_name(f"{destination.name}.part")
        _fetch(url, partial, progress=progress, cancelled=cancelled)
        found = sha256_of(partial)
        if not found.startswith(sha256):
            partial.unlink()
            raise DownloadError(
                f"{url} brought another file than expected (sha256 {found[:12]}..., not {sha256[:12]}...); "
                "nothing was kept, try again"
            )
        partial.replace(destination)
    return destination


@contextmanager
def cancellable_lock(
    lock: "threading.Lock | threading.Semaphore", cancelled: Callable[[], bool]
) -> Iterator[None]:
    """Hold `lock` for the block; who waits for it may cancel.

    Raises:
        Cancelled: `cancelled` said so while another held the lock.
    """
    while not lock.acquire(timeout=_LOCK_POLL_SECONDS):
        if cancelled():
            raise Cancelled("the download was cancelled")
    try:
        yield
    finally:
        lock.release()


def _fetch(url: str, partial: Path, *, progress: Progress | None, cancelled: Callable[[], bool]) -> None:
    """Bring `partial` to its full length."""
    response, done = _open(url, partial.stat().st_size if partial.exists() else 0)
    with response, partial.open("ab" if done else "wb") as file:
        total = None if response.length is None else done + response.length
        if progress:
            progress(done, total)
        for piece in _pieces(response, url):
            file.write(piece)
            done += len(piece)
            if progress:
                progress(done, total)
            if cancelled():
                raise Cancelled("the download was cancelled")
    if total is not None and done < total:
        raise DownloadError(
            f"{_host(url)} broke off after {done / _MB:.1f} of {total / _MB:.1f} MB; "
            "try again, and it goes on from there"
        )


def _open(url: str, start: int) -> tuple[http.client.HTTPResponse, int]:
    """The response, and the byte of the file that it begins with: `start` only if the server can do that."""
    headers = {"User-Agent": "pedviz"} | ({"Range": f"bytes={start}-"} if start else {})
    with _talking(url):
        try:
            request = urllib.request.Request(url, headers=headers)
            response = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)
        except urllib.error.HTTPError as error:
            if not start or error.code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                raise
            error.close()
            return _open(url, 0)
    resumed = response.headers.get("Content-Range", "").startswith(f"bytes {start}-")
    return response, start if resumed else 0


def _pieces(response: http.client.HTTPResponse, url: str) -> Iterator[bytes]:
    while True:
        with _talking(url):
            piece = response.read(CHUNK_BYTES)
        if not piece:
            return
        yield piece


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


@contextmanager
def _talking(url: str) -> Iterator[None]:
    """Say what went wrong with the server or on the way to it."""
    host = _host(url)
    try:
        yield
    except urllib.error.HTTPError as error:
        error.close()
        raise DownloadError(f"{host} answered {error.code} {error.reason} for {url}") from error
    except TimeoutError as error:
        raise DownloadError(f"{host} said nothing for {TIMEOUT_SECONDS} seconds; try again later") from error
    except urllib.error.URLError as error:
        raise DownloadError(
            f"{host} cannot be reached ({reason_of(error.reason)}); is this machine on the internet?"
        ) from error
    except (OSError, http.client.HTTPException) as error:
        raise DownloadError(
            f"the connection to {host} broke off; try again, and it goes on from there"
        ) from error


@contextmanager
def _storing(destination: Path) -> Iterator[None]:
    """Say what went wrong with the disk."""
    try:
        yield
    except OSError as error:
        reason = "the disk is full" if error.errno in _DISK_FULL else (error.strerror or str(error))
        raise DownloadError(
            f"{destination.name} cannot be stored in {destination.parent}: {reason}; "
            "make room or choose another folder"
        ) from error
