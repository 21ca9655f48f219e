"""Tiles cover a photo, find whom the small photo hides, and show nobody twice."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pedviz.tiles import OVERLAP, detect_with_tiles, tile_windows
from pedviz.types import Detections
from tests.metrics.scenes import make_detections

SIDES = (200, 100)


@settings(max_examples=25)
@given(st.integers(16, 900), st.integers(16, 900), st.integers(64, 500))
def test_every_small_box_is_whole_in_some_tile(height, width, side):
    windows = tile_windows((height, width), side)
    if max(height, width) <= side:
        assert windows == []
        return
    size = int(side * OVERLAP) - 2
    for x in range(0, max(width - size, 1), max(size // 2, 1)):
        for y in range(0, max(height - size, 1), max(size // 2, 1)):
            right, bottom = min(x + size, width), min(y + size, height)
            assert any(a <= x and b <= y and right <= c and bottom <= d for a, b, c, d in windows)
    assert all(0 <= a < c <= width and 0 <= b < d <= height for a, b, c, d in windows)


class _Squares:
    """Finds every square of at least .075 of what it sees, as a network that resizes its input does."""

    def __init__(self, *people: tuple[int, int, int]) -> None:
        self.people = people
        self.original = np.zeros((600, 900, 3), np.uint8)
        for place, (x, y, size) in enumerate(people, start=1):
            self.original[y : y + size, x : x + size] = place
        self.image = self.original[::3, ::3]

    def detect(self, image: np.ndarray) -> Detections:
        boxes, scores = [], []
        for place in range(1, len(self.people) + 1):
            rows, columns = np.nonzero(image[:, :, 0] == place)
            if len(rows) and min(np.ptp(rows), np.ptp(columns)) >= 0.075 * max(image.shape[:2]):
                boxes.append([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])
                scores.append(0.9)
        maps = np.full((len(boxes), 28, 28), 200, np.uint8)
        boxes = np.array(boxes, np.float64).reshape(-1, 4)
        return make_detections(boxes, scores, maps=maps, size=image.shape[:2])


def _found(*people: tuple[int, int, int]) -> Detections:
    scene = _Squares(*people)
    return detect_with_tiles(scene.detect, scene.image, original=scene.original, sides=SIDES).view()


@pytest.mark.parametrize("place", [(9, 9), (141, 96), (831, 540), (429, 300)])
def test_a_small_person_is_found_once_in_pixels_of_the_small_photo(place):
    found = _found((*place, 30))
    x, y = place[0] / 3, place[1] / 3
    np.testing.assert_allclose(found.boxes_xyxy, [[x, y, x + 10, y + 10]])
    assert (found.map_rows >= 0).all()
    assert found.image_size == (200, 300)


def test_the_smallest_are_found_in_smaller_tiles():
    np.testing.assert_allclose(_found((141, 96, 12)).boxes_xyxy, [[47, 32, 51, 36]])


def test_a_large_person_whom_tiles_cut_stays_one():
    found = _found((90, 60, 420))
    np.testing.assert_allclose(found.boxes_xyxy, [[30, 20, 170, 160]])


def test_progress_counts_the_tiles():
    scene, seen = _Squares(), []
    detect_with_tiles(
        scene.detect, scene.image, original=scene.original, sides=SIDES, progress=lambda *at: seen.append(at)
    )
    count = sum(len(tile_windows((600, 900), side)) for side in SIDES)
    assert seen == [(done, count) for done in range(1, count + 1)]
