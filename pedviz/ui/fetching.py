"""Published weights that are downloaded when somebody first chooses them.

The download runs beside the detections, so nobody else waits for it; the page asks again until it is done.
"""

import threading
from collections.abc import Callable

from pedviz.download import Progress
from pedviz.errors import PedvizError


def fetch_published(*, progress: Progress) -> None:
    """Download torchvision's COCO weights unless they are here. Imports torch, so not at the page's start."""
    from pedviz.models.coco import ensure_downloaded

    ensure_downloaded(progress=progress)


class WeightsFetcher:
    """One download for all visitors.

    Args:
        fetch: downloads, or returns at once where everything is here; calls `progress` with bytes.
    """

    def __init__(self, fetch: Callable[..., None] = fetch_published) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._error: PedvizError | None = None
        self._state: tuple[int, int | None] = (0, None)
        self._done = False

    def waiting(self) -> tuple[int, int | None] | None:
        """Start the download where need be, and look at it.

        Returns:
            (bytes here, bytes in all or None where unknown), or None once the weights are here.

        Raises:
            PedvizError: the download failed; told once, and the next look starts it anew.
        """
        with self._lock:
            if self._error is not None:
                error, self._error, self._thread = self._error, None, None
                raise error
            if self._done:
                return None
            if self._thread is None:
                self._state = (0, None)
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()
            return self._state

    def _work(self) -> None:
        try:
            self._fetch(progress=self._note)
            self._done = True
        except PedvizError as error:
            self._error = error

    def _note(self, done: int, total: int | None) -> None:
        self._state = (done, total)
