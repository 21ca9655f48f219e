"""Who waits in Gradio's queue: so many and no more, in fair turns, and only while they are there."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import gradio as gr
from gradio.context import LocalContext
from gradio.queueing import Event, Queue

from pedviz.ui.receiving import UNAVAILABLE, RefusedError

MOST_IN_ALL = 1024  # events that wait, of everybody
MOST_OF_SESSION = 8  # a page has at most four
MOST_OF_ADDRESS = 640  # a class of 300 may share one network address, each with two detections
# What one network address may bring without a pause; at once so many, as a class that begins together.
EVENTS_A_SECOND, EVENTS_AT_ONCE = 20.0, 100
LONGEST_PAUSE = 10.0  # seconds; who would have to wait longer is refused
MOST_ADDRESSES = 10_000
MOST_LENT = 4  # long runs at a time that leave their slot to others
_LENDING = threading.Lock()
_lent: Counter[str] = Counter()  # long runs that have left their slot, by the name of their group
TOO_MANY = "too many requests of yours are waiting already; try again in a moment"


def _address(event: Event) -> str:
    return event.request.client.host if event.request is not None and event.request.client else ""


class FairLine(list[Event]):
    """Events that wait for one slot. Network addresses take turns, so one cannot keep the others waiting."""

    def append(self, event: Event) -> None:
        """Stand in line: after as many of each other address as are here of the event's own."""
        turn = 1 + sum(_address(other) == _address(event) for other in self)
        seen: Counter[str] = Counter()
        for place, other in enumerate(self):
            seen[_address(other)] += 1
            if seen[_address(other)] > turn:
                self.insert(place, event)
                return
        super().append(event)


def make_fair(queue: Queue) -> None:
    """Have every line of a queue take turns; called before the first event."""
    for fn in queue.blocks.fns.values():
        queue.create_event_queue_for_fn(fn)
    for line in queue.event_queue_per_concurrency_id.values():
        line.queue = FairLine(line.queue)


class Pace:
    """Slows down an address that brings more events than people can. Used in the server's own thread.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due: dict[str, float] = {}  # when an address's next event is due, if it came evenly

    def pause(self, address: str) -> float:
        """Seconds that an event which comes now has to wait.

        Raises:
            RefusedError: longer than anybody waits.
        """
        now = self._clock()
        due = max(self._due.get(address, 0.0), now - EVENTS_AT_ONCE / EVENTS_A_SECOND)
        if due - now > LONGEST_PAUSE:
            raise RefusedError(TOO_MANY, UNAVAILABLE)
        if len(self._due) >= MOST_ADDRESSES:
            self._due = {known: at for known, at in self._due.items() if at > now}
        self._due[address] = due + 1 / EVENTS_A_SECOND
        return max(0.0, due - now)


def check_room(queue: Queue, *, session: str | None, address: str) -> None:
    """Refuse who has enough in the queue.

    Raises:
        RefusedError: so many events of this session or address wait already.
    """
    events = list(queue.event_ids_to_events.values())
    of_session = sum(event.session_hash == session for event in events)
    of_address = sum(_address(event) == address for event in events)
    if of_session >= MOST_OF_SESSION or of_address >= MOST_OF_ADDRESS:
        raise RefusedError(TOO_MANY, UNAVAILABLE)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def texts_of_waiting(queue: Queue) -> Iterator[str]:
    """Every text that was sent with an event somebody still waits for."""
    for event in list(queue.event_ids_to_events.values()):
        if event.alive and event.data is not None:
            yield from _texts(event.data.data)


def session_of(request: gr.Request) -> str:
    """The session that asks; empty for a program that names none."""
    return request.session_hash or ""


def client_is_gone() -> Callable[[], bool]:
    """Whether nobody waits any more for the event that runs here; asked for inside of it."""
    blocks, event_id = LocalContext.blocks.get(), LocalContext.event_id.get()
    event = blocks._queue.event_ids_to_events.get(event_id) if blocks is not None and event_id else None
    return lambda: event is not None and not event.alive


@contextmanager
def lent_slot(concurrency_id: str) -> Iterator[None]:
    """Leave this event's slot of its group to the others for the block, which takes the network part by part.

    The network itself works for one at a time, so short detections come in between the parts of a long one.
    """
    blocks = LocalContext.blocks.get()
    line = blocks._queue.event_queue_per_concurrency_id.get(concurrency_id) if blocks is not None else None
    is_lent = False
    with _LENDING:
        if line is not None and _lent[concurrency_id] < MOST_LENT:
            _lent[concurrency_id] += 1
            # Not the limit: Gradio sets that anew whenever an event joins.
            line.current_concurrency -= 1
            is_lent = True
    try:
        yield
    finally:
        with _LENDING:
            if line is not None and is_lent:
                _lent[concurrency_id] -= 1
                line.current_concurrency += 1
