"""Nobody can keep the others waiting, send them away, or have work done for nobody."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from types import SimpleNamespace

import numpy as np
import pytest

from pedviz.data.photos import Photo
from pedviz.ui import forgetting
from pedviz.ui.app import build_app
from pedviz.ui.receiving import RefusedError
from pedviz.ui.session import MAX_VISITORS, StagePhoto, Visitors
from pedviz.ui.uploads import KEPT_SECONDS
from pedviz.ui.waiting import (
    EVENTS_A_SECOND,
    EVENTS_AT_ONCE,
    LONGEST_PAUSE,
    MOST_OF_SESSION,
    FairLine,
    Pace,
)
from tests.serving import launched
from tests.ui.conftest import FakePredictors, photo_file, wait_until
from tests.ui.visiting import MODEL, Visit


@pytest.fixture(scope="module")
def crowded():
    """A site of its own, whose detectors wait until they are told."""
    predictors = FakePredictors()
    site = build_app(load_predictor=predictors)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forgetting, "SWEEP_SECONDS", 0.05)
        address = launched(site)
        yield site, address, predictors(MODEL)
    site.blocks.close(verbose=False)


@pytest.fixture
def gate(crowded):
    """What the detectors wait for, once it is cleared; open again after the test, whatever happened."""
    gate = crowded[2].gate
    yield gate
    gate.set()


@contextmanager
def opened_again(gate: Event):
    """Whatever fails in the block: who waits for the gate in a thread would wait for ever."""
    try:
        yield
    finally:
        gate.set()


def event(address: str, name: str) -> SimpleNamespace:
    return SimpleNamespace(request=SimpleNamespace(client=SimpleNamespace(host=address)), name=name)


def test_network_addresses_take_turns():
    line = FairLine()
    for name in ("a1", "a2", "a3", "b1", "a4", "b2", "c1"):
        line.append(event(name[0], name))
    assert [waiting.name for waiting in line] == ["a1", "b1", "c1", "a2", "b2", "a3", "a4"]


def test_an_address_that_brings_too_much_is_slowed_down_and_then_refused():
    now = 1000.0
    pace = Pace(clock=lambda: now)
    assert [pace.pause("crowd") for _ in range(EVENTS_AT_ONCE)] == [0] * EVENTS_AT_ONCE
    pauses = [pace.pause("crowd") for _ in range(int(LONGEST_PAUSE * EVENTS_A_SECOND))]
    assert np.allclose(pauses, np.arange(len(pauses)) / EVENTS_A_SECOND, atol=1e-6)
    pace.pause("crowd")
    with pytest.raises(RefusedError, match="try again in a moment"):
        pace.pause("crowd")
    assert pace.pause("honest") == 0
    now += 2 * LONGEST_PAUSE
    assert pace.pause("crowd") == 0


def test_a_lecture_hall_has_seats():
    visitors = Visitors()
    seats = [visitors.of(f"student {number}", address="campus") for number in range(300)]
    assert all(visitors.find(f"student {number}") is seat for number, seat in enumerate(seats))


def test_who_comes_again_and_again_sends_away_nobody_but_their_own():
    visitors = Visitors()
    honest = [visitors.of(f"student {number}", address="campus") for number in range(200)]
    for number in range(2 * MAX_VISITORS):
        visitors.of(f"crowd {number}", address="elsewhere")
    assert len(visitors) == MAX_VISITORS
    assert all(visitors.find(f"student {number}") is seat for number, seat in enumerate(honest))


def test_photos_are_bounded_in_bytes():
    visitors, pixels = Visitors(photo_bytes=3000), np.zeros((10, 100, 1), np.uint8)
    photo = Photo(pixels=pixels, original_size=(10, 100), name="a", id="a")
    for number in range(5):
        visitors.of(f"{number}").show(StagePhoto(photo=photo), ticket=1)
    visitors.of("last")
    assert len(visitors) == 4  # three photos, and the newcomer


def test_a_stranger_takes_no_seat(crowded):
    site, address, _ = crowded
    visit, before = Visit(address), len(site.service.visitors)
    assert visit.direct("stop_a", {"stop_a": {"until": 5}}).status_code == 200
    assert visit.direct("forget").status_code == 200
    assert "no longer on the server" in visit.run("0123456789abcdef")["error"]
    assert len(site.service.visitors) == before


def test_a_session_waits_for_so_much_and_no_more(crowded, gate):
    _, address, _ = crowded
    visit, other = Visit(address), Visit(address)
    photo_id = visit.choose(photo_file((3, 3, 3)))["photo"]["id"]
    gate.clear()
    request = visit.run_request(photo_id)
    answers = [visit.join("run_a", request).status_code for _ in range(MOST_OF_SESSION + 3)]
    gate.set()
    assert answers == [200] * MOST_OF_SESSION + [503] * 3
    assert "photo" in other.choose(photo_file((4, 4, 4)))


def test_no_work_is_done_for_who_has_left(crowded, gate):
    _, address, detector = crowded
    gate.clear()
    detector.started.clear()
    visit = Visit(address)
    photo_id = visit.choose(photo_file((5, 5, 5)))["photo"]["id"]
    visit.join("run_a", visit.run_request(photo_id))
    answers = visit.answers()
    assert next(answers)["msg"] == "estimation"
    assert detector.started.wait(10)
    assert detector.looking == 1
    answers.close()  # the connection breaks off; the gate stays shut
    visit.client.close()
    wait_until(lambda: detector.looking == 0)


def test_who_is_forgotten_while_waiting_stops_nobody(crowded, gate):
    site, address, _ = crowded
    queue = site.blocks._queue
    first, second, gone = Visit(address), Visit(address), Visit(address)
    photo_ids = [visit.choose(photo_file((8, 8, 8)))["photo"]["id"] for visit in (first, second, gone)]
    gate.clear()
    for visit, photo_id in zip((first, second, gone), photo_ids, strict=True):
        visit.join("run_a", visit.run_request(photo_id)).raise_for_status()
    del queue.pending_messages_per_session[gone.session]
    gate.set()
    wait_until(lambda: len(queue) == 0)  # nobody waits for a turn
    for visit in (first, second):
        assert "process_completed" in [message["msg"] for message in visit.answers()]
    assert "result" in first.run(photo_ids[0], ticket=3)


def test_sixty_vanish_and_one_is_answered(crowded):
    site, address, _ = crowded

    def vanish(number: int) -> int:
        visit = Visit(address)
        visit.session = f"vanished {number}"
        return visit.join("run_a", visit.run_request("none")).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(vanish, range(60))) <= {200, 503}
    visit = Visit(address)
    assert "result" in visit.run(visit.choose(photo_file((6, 6, 6)))["photo"]["id"])
    assert site.service.visitors.find(visit.session) is not None


def test_a_photo_is_kept_while_its_request_waits_in_line(crowded, gate, monkeypatch):
    site, address, predictor = crowded
    uploads, clock = site.service.uploads, SimpleNamespace(now=0.0)
    monkeypatch.setattr(uploads, "_clock", lambda: clock.now)
    first, second, nobody = Visit(address), Visit(address), Visit(address)
    gate.clear()
    predictor.started.clear()
    with ThreadPoolExecutor(2) as pool, opened_again(gate):
        running = pool.submit(first.call, photo_file((1, 2, 3)), name="first.png")
        assert predictor.started.wait(10)
        waiting = pool.submit(second.call, photo_file((3, 2, 1)), name="second.png")
        wait_until(lambda: len(uploads) == 1 and len(site.blocks._queue.event_ids_to_events) == 2)
        forgotten = nobody.upload(photo_file((2, 2, 2)))
        for clock.now in (0.7 * KEPT_SECONDS, 1.4 * KEPT_SECONDS):
            wait_until(lambda: clock.now in [upload.touched for upload in uploads._waiting.values()])
        wait_until(lambda: forgotten not in uploads._waiting)
        gate.set()
        assert "second.png" in waiting.result()
        assert "first.png" in running.result()


VISITORS, WITH_ONE_PHOTO, LEAVING = 20, 4, 3


def test_all_who_stay_are_answered_and_nobody_sees_anothers_photo(crowded, gate):
    _, address, predictor = crowded
    predictor.started.clear()
    gate.clear()

    def size_of(number: int) -> tuple[int, int]:
        return (300 + max(number, WITH_ONE_PHOTO), 200)  # the first few have one and the same photo

    def choose(number: int) -> tuple[Visit, str]:
        visit = Visit(address)
        return visit, visit.choose(photo_file(size=size_of(number)))["photo"]["id"]

    def leave(visit: Visit, photo_id: str) -> None:
        visit.join("run_a", visit.run_request(photo_id))
        answers = visit.answers()
        next(answers)
        answers.close()

    with ThreadPoolExecutor(VISITORS) as pool:
        arrived = list(pool.map(choose, range(VISITORS)))
        staying = arrived[:-LEAVING]
        runs = [pool.submit(visit.run, photo_id) for visit, photo_id in staying]
        for visit, photo_id in arrived[-LEAVING:]:
            leave(visit, photo_id)
        assert predictor.started.wait(10)
        gate.set()
        results = [run.result()["result"] for run in runs]
    assert [result["photo_id"] for result in results] == [photo_id for _, photo_id in staying]
    assert [tuple(result["image_size"][::-1]) for result in results] == [*map(size_of, range(len(staying)))]
