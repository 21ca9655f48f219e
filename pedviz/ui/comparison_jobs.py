"""Comparisons of visitors' files: each in a private folder and in a process of its own.

A process can be stopped at any moment, keeps the page's own threads free, and is given as much memory and
time as a large data set needs and no more. What belongs to a visitor is reached by a random token alone, and
is removed when they say so, when nobody asks for it any more, or when the server ends.
"""

import json
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pedviz.errors import BusyError, ResultsError
from pedviz.ui.comparison_process import FAILED, PROGRESS, REPORT, REQUEST, RESULT

SLOTS = ("truth", "a", "b")
MOST_JOBS, MOST_RUNNING = 12, 1
MOST_BYTES = 2_000_000_000  # of all files together
KEPT_SECONDS = 900.0
GONE = "this comparison is no longer on the server; choose the files again"
FULL = "too many comparisons are on the server at the moment; try again in some minutes"
DIED = "the comparison needed more memory or time than one may have here; run pedviz compare at home"
WAITING = "Waiting for another comparison to end"


@dataclass(kw_only=True, eq=False)
class _Job:
    """One visitor's comparison, and when they last asked for it."""

    folder: Path
    touched: float
    request: dict[str, Any] | None = None
    process: subprocess.Popen[bytes] | None = None
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def end(self) -> None:
        if self.process is not None and self.running:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def _end_all(folder: str, jobs: dict[str, _Job]) -> None:
    for job in jobs.values():
        job.end()
    jobs.clear()
    shutil.rmtree(folder, ignore_errors=True)


class ComparisonJobs:
    """All comparisons on the server, bounded in number, bytes and time. Safe to share between threads.

    Args:
        kept_seconds: what nobody asked about for this long is removed.
        clock: seconds that never go back.
    """

    def __init__(
        self, *, kept_seconds: float = KEPT_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.folder = tempfile.mkdtemp(prefix="pedviz-")  # readable by its owner alone
        self._kept_seconds = kept_seconds
        self._clock = clock
        self._jobs: dict[str, _Job] = {}
        self._lock = threading.Lock()
        self.close = weakref.finalize(self, _end_all, self.folder, self._jobs)

    def __len__(self) -> int:
        return len(self._jobs)

    def begin(self) -> str:
        """Make room for a comparison; its token.

        Raises:
            BusyError: there are too many.
        """
        self.sweep()
        with self._lock:
            if len(self._jobs) >= MOST_JOBS:
                raise BusyError(FULL)
            token = secrets.token_urlsafe(24)
            folder = Path(tempfile.mkdtemp(dir=self.folder))
            self._jobs[token] = _Job(folder=folder, touched=self._clock())
        return token

    def _get(self, token: str) -> _Job:
        with self._lock:
            job = self._jobs.get(token)
            if job is None:
                raise ResultsError(GONE)
            job.touched = self._clock()
            return job

    def write(self, token: str, slot: str, *, piece: bytes) -> None:
        """Add to one of the files of a comparison.

        Raises:
            BusyError: there is no room for more.
            ResultsError: the comparison has been removed.
        """
        job = self._get(token)
        with self._lock:
            if sum(sum(other.sizes.values()) for other in self._jobs.values()) + len(piece) > MOST_BYTES:
                raise BusyError(FULL)
            job.sizes[slot] = job.sizes.get(slot, 0) + len(piece)
        with suppress(FileNotFoundError), (job.folder / slot).open("ab") as file:
            file.write(piece)

    def start(self, token: str, names: Mapping[str, str], *, category: str | None = None) -> None:
        """Compare the files that have arrived, as soon as it is their turn.

        Args:
            token: of the comparison.
            names: slot to what the visitor calls the file, for messages.
            category: the only one to look at.

        Raises:
            ResultsError: the comparison has been removed, or files are missing.
        """
        job = self._get(token)
        slots = [slot for slot in SLOTS if slot in job.sizes]
        if "truth" not in slots or len(slots) < 2:
            raise ResultsError("a comparison needs a ground truth and the results of at least one detector")
        job.request = {
            "slots": slots,
            "names": [names.get(slot, slot)[:100] for slot in slots],
            "category": category or None,
        }
        self._advance()

    def _advance(self) -> None:
        """Start those that wait, the oldest first."""
        with self._lock:
            running = sum(job.running for job in self._jobs.values())
            waiting = [job for job in self._jobs.values() if job.request and job.process is None]
            for job in waiting[: max(0, MOST_RUNNING - running)]:
                (job.folder / REQUEST).write_text(json.dumps(job.request), "utf-8")
                job.process = subprocess.Popen(
                    [sys.executable, "-m", "pedviz.ui.comparison_process", str(job.folder)],
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip

    def state(self, token: str) -> dict[str, Any]:
        """What a comparison is doing: "stage" and "share", "done", or "problem", one sentence.

        Raises:
            ResultsError: it has been removed.
        """
        job = self._get(token)
        self._advance()
        if job.process is None:
            return {"stage": WAITING, "share": None, "done": False}
        ended = not job.running
        if (job.folder / RESULT).exists():
            return {"stage": "", "share": 1.0, "done": True}
        if ended:
            problem = job.folder / FAILED
            return {"done": False, "problem": problem.read_text("utf-8") if problem.exists() else DIED}
        progress = {"stage": "Starting", "share": None}
        with suppress(OSError, ValueError):
            progress = json.loads((job.folder / PROGRESS).read_text("utf-8"))
        return progress | {"done": False}

    def result(self, token: str, *, report: bool = False) -> Path:
        """The file with what was found, as JSON or as a report.

        Raises:
            ResultsError: it has been removed or is not ready.
        """
        path = self._get(token).folder / (REPORT if report else RESULT)
        if not path.exists():
            raise ResultsError("this comparison has no result yet")
        return path

    def drop(self, token: str) -> None:
        """Stop a comparison and remove its files and its result."""
        with self._lock:
            job = self._jobs.pop(token, None)
        if job is not None:
            job.end()
        self._advance()

    def sweep(self) -> None:
        """Remove what nobody has asked about for too long."""
        with self._lock:
            latest = self._clock() - self._kept_seconds
            stale = [token for token, job in self._jobs.items() if job.touched <= latest]
        for token in stale:
            self.drop(token)
