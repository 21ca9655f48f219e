"""Where uploaded photos wait until they are read: each a file of its own, without a name, for minutes.

The files lie in a private folder of this process. They are anonymous where the system can do that, so they
vanish with the process however it ends; what is told to a visitor is a random token, never a path.
"""

import secrets
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

from pedviz.data.photos import MAX_BYTES
from pedviz.errors import BusyError, PhotoError

MOST_BYTES = 2**30
ADDRESS_SHARE = 0.75  # of all bytes, for one network address: a whole class may sit behind one
KEPT_SECONDS = 180.0
GONE = "this photo is no longer on the server; choose it again"
TOO_LARGE = f"this file is larger than {MAX_BYTES // 2**20} MB; choose a smaller photo"
FULL = "too many photos are arriving at once; try again in a moment"


class TooLargeError(PhotoError):
    """An upload that is larger than a photo may be."""


@dataclass(kw_only=True, eq=False)
class _Upload:
    """One file: whose it is, how much has arrived, and when the last of it did."""

    address: str
    touched: float
    file: IO[bytes]
    size: int = 0
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))


def _remove(folder: str, waiting: dict[str, _Upload]) -> None:
    """Remove every file and the folder."""
    for upload in list(waiting.values()):  # a server that ends may still be receiving
        upload.file.close()
    waiting.clear()
    shutil.rmtree(folder, ignore_errors=True)


class Uploads:
    """Files that arrived and were not read yet, bounded in bytes and in time. Safe to share between threads.

    Args:
        most_bytes: of all files together.
        kept_seconds: a file that was neither written to, read nor waited for for this long is removed.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        *,
        most_bytes: int = MOST_BYTES,
        kept_seconds: float = KEPT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder = tempfile.mkdtemp(prefix="pedviz-")  # readable by its owner alone
        self._most_bytes = most_bytes
        self._kept_seconds = kept_seconds
        self._clock = clock
        self._waiting: dict[str, _Upload] = {}
        self.close = weakref.finalize(self, _remove, self.folder, self._waiting)  # at the latest at exit
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._waiting)

    def begin(self, address: str) -> str:
        """Make room for a file that comes from a network address; its token."""
        self.sweep()
        file = tempfile.TemporaryFile(dir=self.folder)  # noqa: SIM115 - closed when taken or dropped
        upload = _Upload(address=address, touched=self._clock(), file=file)
        with self._lock:
            self._waiting[upload.token] = upload
        return upload.token

    def write(self, token: str, piece: bytes) -> None:
        """Add to a file.

        Raises:
            TooLargeError: it is larger than a photo may be.
            BusyError: there is no room for more, for this address or for anybody.
            PhotoError: the file has been removed.
        """
        with self._lock:
            upload = self._waiting.get(token)
            if upload is None:
                raise PhotoError(GONE)
            if upload.size + len(piece) > MAX_BYTES:
                raise TooLargeError(TOO_LARGE)
            everyone = sum(other.size for other in self._waiting.values())
            neighbours = sum(o.size for o in self._waiting.values() if o.address == upload.address)
            share = ADDRESS_SHARE * self._most_bytes
            if everyone + len(piece) > self._most_bytes or neighbours + len(piece) > share:
                raise BusyError(FULL)
            upload.file.write(piece)
            upload.size += len(piece)
            upload.touched = self._clock()

    def take(self, token: str) -> bytes:
        """The content of a file, which is removed.

        Raises:
            PhotoError: there is no such file, or no longer.
        """
        with self._lock:
            upload = self._waiting.pop(token, None)
        if upload is None:
            raise PhotoError(GONE)
        with upload.file as file:
            file.seek(0)
            return file.read()

    def keep(self, token: str) -> None:
        """Start the time of a file anew, if there is such a file: somebody still waits for it to be read."""
        with self._lock:
            if upload := self._waiting.get(token):
                upload.touched = self._clock()

    def drop(self, token: str) -> None:
        """Remove a file, if it is still there."""
        with self._lock:
            upload = self._waiting.pop(token, None)
        if upload is not None:
            upload.file.close()

    def sweep(self) -> None:
        """Remove what nobody has written to, read or waited for for too long."""
        with self._lock:
            latest = self._clock() - self._kept_seconds
            stale = [token for token, upload in self._waiting.items() if upload.touched <= latest]
        for token in stale:
            self.drop(token)
