"""What the server remembers of its visitors: one photo each and the results for it, and not for long.

A visitor is a browser tab, named by Gradio's session hash. Nothing here touches the disk.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pedviz.data.photos import Photo
from pedviz.types import Detections, GroundTruth

MAX_VISITORS = 400  # a lecture hall of 300, and some more
MAX_PHOTO_BYTES = 3 * 2**29  # of all photos; one of 1333 x 1000 pixels takes 4 MB
MAX_RESULTS = 12
KEPT_SECONDS = 3600.0
Pane = str
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class BoundedCache(Generic[Key, Value]):
    """A dictionary that forgets what was used longest ago. Safe to share between threads.

    Args:
        limit: how many values it keeps.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Value | None:
        """The value of `key`, now the most recently used, or None."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Keep `value`; the least recently used one goes where there are too many."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._limit:
                self._values.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()

    def __len__(self) -> int:
        return len(self._values)


ResultKey = tuple[str, str, bool]  # (photo id, model id, whether with tiles)
Results = BoundedCache[ResultKey, Detections]


@dataclass(frozen=True, kw_only=True, eq=False)
class StagePhoto:
    """What is on the stage: a photo, whether it is one of ours, and who really is in it.

    Attributes:
        photo: the decoded image.
        sample_id: the gallery image it is, or None for a visitor's own photo.
        ground_truth: the people in it, in pixels of `photo`, where that is known.
    """

    photo: Photo
    sample_id: str | None = None
    ground_truth: GroundTruth | None = None


class Visitor:
    """One visitor's photo, results and requests.

    The page numbers everything it asks for (a ticket), so that a newer request always beats a late one.
    """

    def __init__(self) -> None:
        self.results: Results = BoundedCache(MAX_RESULTS)
        self._staged: StagePhoto | None = None
        self._photo_ticket = 0
        self._stopped: dict[Pane, int] = {}
        self._lock = threading.Lock()

    @property
    def staged(self) -> StagePhoto | None:
        """What is on the stage now."""
        return self._staged

    def show(self, staged: StagePhoto, *, ticket: int) -> bool:
        """Put `staged` on the stage, unless a newer one is there already; whether it is there now."""
        with self._lock:
            if ticket < self._photo_ticket:
                return False
            self._staged, self._photo_ticket = staged, ticket
            return True

    def stop(self, pane: Pane, *, ticket: int) -> None:
        """The visitor no longer wants what `pane` asked for with this ticket or an earlier one."""
        with self._lock:
            self._stopped[pane] = max(ticket, self._stopped.get(pane, 0))

    def wants(self, pane: Pane, *, ticket: int, photo_id: str) -> bool:
        """Whether a detection asked for with `ticket` is still of use."""
        staged = self._staged
        on_stage = staged is not None and staged.photo.id == photo_id
        return on_stage and ticket > self._stopped.get(pane, 0)

    def forget(self) -> None:
        """Drop the photo and all results; a running detection of it is then unwanted."""
        with self._lock:
            self._staged = None
        self.results.clear()


@dataclass(kw_only=True)
class _Seat:
    """A visitor, from which network address, and when they were last heard of."""

    visitor: Visitor
    address: str
    seen: float


class Visitors:
    """Everyone who is here, bounded in number, in memory and in time.

    Where there is no room for a newcomer, the one longest silent at the same network address is forgotten, or
    the one longest silent of all: nobody can send everybody else away by coming again and again.

    Args:
        limit: visitors kept.
        photo_bytes: of all their photos.
        kept_seconds: a visitor silent for this long is forgotten.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        limit: int = MAX_VISITORS,
        *,
        photo_bytes: int = MAX_PHOTO_BYTES,
        kept_seconds: float = KEPT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = limit
        self._photo_bytes = photo_bytes
        self._kept_seconds = kept_seconds
        self._clock = clock
        self._known: OrderedDict[str, _Seat] = OrderedDict()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def __len__(self) -> int:
        return len(self._known)

    def find(self, session: str) -> Visitor | None:
        """The visitor of this session, if there is one."""
        self.sweep()
        with self._lock:
            seat = self._known.get(session)
            if seat is None:
                return None
            seat.seen = self._clock()
            self._known.move_to_end(session)
            return seat.visitor

    def of(self, session: str, *, address: str = "") -> Visitor:
        """The visitor of this session, new if need be; called once they have a photo.

        Args:
            session: their tab.
            address: where they come from, as the network says.
        """
        visitor = self.find(session)
        if visitor is None:
            with self._lock:
                seat = _Seat(visitor=Visitor(), address=address, seen=self._clock())
                visitor = self._known.setdefault(session, seat).visitor
        self._make_room(session)
        self._sweep_later()
        return visitor

    def _make_room(self, newcomer: str) -> None:
        while (leaver := self._leaver(newcomer)) is not None:
            self.drop(leaver)

    def _leaver(self, newcomer: str) -> str | None:
        """Who has to go for a newcomer, or None where there is room for all."""
        with self._lock:
            photos = (seat.visitor.staged for seat in self._known.values())
            taken = sum(staged.photo.pixels.nbytes for staged in photos if staged is not None)
            if len(self._known) <= self._limit and taken <= self._photo_bytes:
                return None
            address = self._known[newcomer].address
            others = [session for session in self._known if session != newcomer]
            neighbours = [session for session in others if self._known[session].address == address]
            return next(iter(neighbours or others), None)

    def drop(self, session: str) -> None:
        """Forget a visitor and all that is theirs."""
        with self._lock:
            seat = self._known.pop(session, None)
        if seat is not None:
            seat.visitor.forget()

    def sweep(self) -> None:
        """Forget everyone who has been silent for too long."""
        with self._lock:
            latest = self._clock() - self._kept_seconds
            silent = [session for session, seat in self._known.items() if seat.seen <= latest]
        for session in silent:
            self.drop(session)

    def _sweep_later(self) -> None:
        """Without further visits nobody would sweep, so a timer does while anyone is known."""
        with self._lock:
            if self._timer is None and self._known:
                self._timer = threading.Timer(self._kept_seconds / 12, self._sweep_again)
                self._timer.daemon = True
                self._timer.start()

    def _sweep_again(self) -> None:
        with self._lock:
            self._timer = None
        self.sweep()
        self._sweep_later()
