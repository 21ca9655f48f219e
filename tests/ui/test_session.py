import numpy as np
import pytest

from pedviz.data.photos import load
from pedviz.ui.session import BoundedCache, StagePhoto, Visitor, Visitors
from tests.ui.conftest import photo_file, wait_until


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def picture(shade: int) -> StagePhoto:
    return StagePhoto(photo=load(photo_file((shade, shade, shade))))


def test_a_cache_forgets_what_was_used_longest_ago():
    cache = BoundedCache(2)
    cache.put("old", 1)
    cache.put("kept", 2)
    assert cache.get("old") == 1  # now the most recent
    cache.put("new", 3)
    assert (cache.get("kept"), cache.get("old"), cache.get("new"), len(cache)) == (None, 1, 3, 2)


def test_a_newer_photo_is_not_replaced_by_a_late_one():
    visitor, newer, late = Visitor(), picture(1), picture(2)
    assert visitor.show(newer, ticket=5)
    assert not visitor.show(late, ticket=4)
    assert visitor.staged is newer


@pytest.mark.parametrize(
    ("ticket", "photo", "wanted"),
    [
        pytest.param(7, "shown", True, id="newest"),
        pytest.param(3, "shown", False, id="stopped"),
        pytest.param(2, "shown", False, id="older-than-stopped"),
        pytest.param(7, "another", False, id="another-photo"),
    ],
)
def test_a_detection_is_wanted_until_stopped_or_the_photo_changes(ticket, photo, wanted):
    visitor, shown = Visitor(), picture(1)
    visitor.show(shown, ticket=1)
    visitor.stop("a", ticket=3)
    photo_id = shown.photo.id if photo == "shown" else photo
    assert visitor.wants("a", ticket=ticket, photo_id=photo_id) is wanted


def test_stopping_one_pane_leaves_the_other_running():
    visitor, shown = Visitor(), picture(1)
    visitor.show(shown, ticket=1)
    visitor.stop("a", ticket=9)
    assert visitor.wants("b", ticket=2, photo_id=shown.photo.id)


def test_forgetting_drops_photo_and_results():
    visitor, shown = Visitor(), picture(1)
    visitor.show(shown, ticket=1)
    visitor.results.put((shown.photo.id, "model"), np.zeros(1))
    visitor.forget()
    assert visitor.staged is None
    assert len(visitor.results) == 0
    assert not visitor.wants("a", ticket=2, photo_id=shown.photo.id)


def test_visitors_do_not_share_anything():
    visitors = Visitors()
    visitors.of("one").show(picture(1), ticket=1)
    assert visitors.of("two").staged is None
    assert visitors.of("one").staged is not None


def test_only_so_many_visitors_are_remembered_and_the_most_silent_goes():
    visitors = Visitors(limit=2)
    first = visitors.of("first")
    first.show(picture(1), ticket=1)
    visitors.of("second")
    visitors.of("third")
    assert len(visitors) == 2
    assert first.staged is None


def test_a_visitor_who_comes_back_is_not_the_most_silent():
    visitors = Visitors(limit=2)
    first = visitors.of("first")
    visitors.of("second")
    assert visitors.of("first") is first
    visitors.of("third")
    assert visitors.of("first") is first


def test_a_visitor_silent_for_too_long_is_forgotten():
    clock = Clock()
    visitors = Visitors(kept_seconds=3600.0, clock=clock)
    gone = visitors.of("gone")
    gone.show(picture(1), ticket=1)
    clock.now = 3599.0
    assert visitors.of("gone") is gone
    clock.now = 3599.0 + 3600.0
    visitors.sweep()
    assert len(visitors) == 0
    assert gone.staged is None


def test_a_silent_visitor_is_forgotten_even_if_nobody_else_comes():
    visitors = Visitors(kept_seconds=0.1)
    gone = visitors.of("gone")
    gone.show(picture(1), ticket=1)
    wait_until(lambda: gone.staged is None)


def test_dropping_an_unknown_visitor_does_nothing():
    visitors = Visitors()
    visitors.drop("nobody")
    assert len(visitors) == 0
