"""A run in many parts leaves its slot of the queue to others, and takes it back."""

from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from gradio.context import LocalContext
from gradio.queueing import EventQueue

from pedviz.ui.waiting import MOST_LENT, lent_slot

GROUP = "infer"


@pytest.fixture
def line():
    line = EventQueue(GROUP, 1)
    line.current_concurrency = 1  # the run itself
    queue = SimpleNamespace(event_queue_per_concurrency_id={GROUP: line})
    token = LocalContext.blocks.set(SimpleNamespace(_queue=queue))
    yield line
    LocalContext.blocks.reset(token)


def test_one_more_event_may_run_while_the_slot_is_lent(line):
    with lent_slot(GROUP):
        assert line.current_concurrency == 0
        line.concurrency_limit = 1  # what Gradio does when an event joins
    assert (line.current_concurrency, line.concurrency_limit) == (1, 1)


def test_a_run_that_fails_takes_its_slot_back(line):
    def fail() -> None:
        with lent_slot(GROUP):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert line.current_concurrency == 1


def test_only_so_many_slots_are_lent_at_a_time(line):
    line.current_concurrency = MOST_LENT + 1
    with ExitStack() as lent:
        for _ in range(MOST_LENT):
            lent.enter_context(lent_slot(GROUP))
        with lent_slot(GROUP):
            assert line.current_concurrency == 1
    assert line.current_concurrency == MOST_LENT + 1
