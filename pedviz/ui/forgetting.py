"""Gradio keeps what passes through it; here it is made to forget.

By itself Gradio holds each session's last answers for an hour and more, answers that nobody fetched until
2,000 other sessions have come, and a table of all events for its statistics, which are switched off here.
"""

import asyncio
import time
from asyncio import Queue as AsyncQueue
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from gradio.queueing import Event, Queue
from gradio.routes import App
from gradio.server_messages import EventMessage
from gradio.state_holder import SessionState, StateHolder
from gradio.utils import LRUCache
from uvicorn.config import LOOP_FACTORIES

from pedviz.ui.memory import scrub_soon
from pedviz.ui.waiting import make_fair, texts_of_waiting

UNREAD_SECONDS = 120.0  # an answer that nobody fetches for so long is dropped
READ_SECONDS = 1.0  # that a page takes at most to fetch the next thing it is told
SWEEP_SECONDS = 15.0


def use_forgetful_loop() -> None:
    """Have the server run on asyncio's own event loop; called before it starts.

    Where uvloop is installed, as Ray does, uvicorn would take that: it receives everything into one buffer,
    which keeps whatever a shorter message after it does not overwrite.
    """
    LOOP_FACTORIES["auto"] = LOOP_FACTORIES["asyncio"]


class Forgetful(StateHolder):
    """A state holder that holds nothing: every event begins with the page as it was built.

    The page has no state of Gradio's kind; what a visitor's components showed is not needed twice.
    """

    def __getitem__(self, session_id: str) -> SessionState:
        """A fresh state, whoever asks."""
        return SessionState(self.blocks)


class Events(dict[str, Event]):
    """Gradio's events by their id, emptied when they leave: its loop holds the last one until the next."""

    def pop(  # type: ignore[override]
        self, event_id: str, default: Event | None = None
    ) -> Event | None:
        """Take an event that is over out of the table."""
        event = super().pop(event_id, default)
        if event is not None:
            event.data = event.request = None  # type: ignore[assignment]
        return event


class Messages(LRUCache[str, AsyncQueue[EventMessage]]):
    """What each session is yet to be told. What is said to a session that is gone is said to nobody.

    Gradio forgets a session before its events have left the line: without this, the first of them that is
    called ends the loop that calls, for every visitor and for ever.
    """

    def __missing__(self, session: str) -> AsyncQueue[EventMessage]:
        """A queue that nobody reads."""
        return AsyncQueue()

    def __delitem__(self, session: str) -> None:
        """Forget a session, whether or not it is known: its events are cleaned after this."""
        self.pop(session, None)


class UnreadAnswers:
    """Answers that wait in Gradio's queue to be fetched. Used in the server's own thread.

    Args:
        queue: Gradio's.
        clock: seconds that never go back.
    """

    def __init__(self, queue: Queue, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._queue = queue
        self._clock = clock
        self._since: dict[str, tuple[EventMessage | None, float]] = {}

    def _first(self, session: str) -> EventMessage | None:
        """What a session would be told next, if it asked."""
        messages = self._queue.pending_messages_per_session.get(session)
        return None if messages is None or messages.empty() else messages._queue[0]

    def drop_soon(self, session: str) -> None:
        """Forget the answers to what a session has asked until now, unless it is fetching them."""
        asked = frozenset(self._queue.pending_event_ids_session.get(session, ()))
        asyncio.get_running_loop().call_later(READ_SECONDS, self._look, session, asked)

    def _look(self, session: str, asked: frozenset[str]) -> None:
        first = self._first(session)
        if first is not None and first.event_id in asked:
            asyncio.get_running_loop().call_later(READ_SECONDS, self._drop_unmoved, session, asked, first)

    def _drop_unmoved(self, session: str, asked: frozenset[str], first: EventMessage) -> None:
        if self._first(session) is not first:
            return
        for event_id in asked & self._queue.event_ids_to_events.keys():
            self._queue.event_ids_to_events[event_id].alive = False  # says nothing more
        waiting = self._queue.pending_event_ids_session.get(session, set())
        if waiting <= asked:
            self._drop(session)
            return
        waiting -= asked
        messages = self._queue.pending_messages_per_session[session]
        for message in [messages.get_nowait() for _ in range(messages.qsize())]:
            if message.event_id not in asked:
                messages.put_nowait(message)

    def _drop(self, session: str) -> None:
        self._queue.pending_messages_per_session.pop(session, None)
        self._queue.pending_event_ids_session.pop(session, None)

    def sweep(self) -> None:
        """Forget every answer that waits for too long."""
        now, before = self._clock(), self._since
        self._since = {}
        for session in list(self._queue.pending_messages_per_session):
            first = self._first(session)
            since = before.get(session, (None, now))
            if first is None:
                continue
            self._since[session] = since if since[0] is first else (first, now)
            if now - self._since[session][1] >= UNREAD_SECONDS:
                self._drop(session)


class Forgetting:
    """Makes a site's Gradio app forget, from when it starts until it ends.

    Args:
        sweeps: called every few seconds, to remove what waits for too long.
        keep: called before them with every text sent with an event that waits, such as an upload's token.
    """

    def __init__(self, sweeps: Sequence[Callable[[], None]], *, keep: Callable[[str], None]) -> None:
        self._sweeps = list(sweeps)
        self._keep = keep
        self._unread: UnreadAnswers | None = None

    @asynccontextmanager
    async def lifespan(self, app: App) -> AsyncIterator[None]:
        """What the server does beside answering, for as long as it runs."""
        blocks = app.get_blocks()
        app.state_holder = Forgetful()
        app.state_holder.set_blocks(blocks)
        queue = blocks._queue
        queue.ANALYTICS_MAX_EVENTS = 1
        # A pandas table for every event, shown nowhere.
        queue.compute_analytics_summary = lambda _: {}  # type: ignore[method-assign]
        queue.event_ids_to_events = Events()
        queue.pending_messages_per_session = Messages(queue.pending_messages_per_session.max_size)
        make_fair(queue)
        self._unread = UnreadAnswers(queue)
        sweeping = asyncio.create_task(self._sweep(queue, [*self._sweeps, self._unread.sweep]))
        try:
            yield
        finally:
            sweeping.cancel()

    async def _sweep(self, queue: Queue, sweeps: Sequence[Callable[[], None]]) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            for text in texts_of_waiting(queue):
                self._keep(text)
            for sweep in sweeps:
                sweep()

    def forgotten(self, session: str) -> None:
        """A visitor's photo was dropped; so is what is left of it. Called in the server's own thread."""
        if self._unread is not None:
            self._unread.drop_soon(session)
        scrub_soon()
