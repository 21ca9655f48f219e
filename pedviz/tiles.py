"""Small people in large photos: the detector looks at overlapping tiles of the original as well.

A photo is made smaller before a network sees it, and people who are small in it vanish. Each tile goes
through the network at about its own size, then, for the smallest, each of smaller tiles enlarged. What a tile
cuts in two, and what a larger view shows better, is left out; overlapping tiles then find the same person
twice, which the usual suppression settles.

Source: Akyon et al., Slicing Aided Hyper Inference, ICIP 2022. N candidates, H x W pixels.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from pedviz.models.specs import ModelSpec
from pedviz.theory.boxes import box_area, box_intersection
from pedviz.types import DEFAULT_SCORE_THRESHOLD, Detections, Timings

OVERLAP = 0.25  # of a tile's side, so that a person of up to a quarter of it is whole in one of them
ENLARGED = 1.5  # how much larger than it is the network sees a small tile
EDGE = 2.0  # pixels of the original: a box this close to a cut is of a person who goes on beyond it
PART = 0.7  # of a box inside a larger person whom a larger view shows: a part of that person
GIVE_WAY_SECONDS = 0.02  # between tiles, in which somebody who waits for the network gets it
Detect = Callable[[np.ndarray], Detections]
Progress = Callable[[int, int], object]


def tile_sides(spec: ModelSpec) -> tuple[int, ...]:
    """Pixels of the original that tiles have on each side, largest first.

    Those that the network sees without resizing, and those that it sees enlarged by a half: of 37 people who
    are 40 to 59 pixels tall the first alone show 17, both 30 (`python -m training.measure_small`).
    """
    return spec.min_size, round(spec.min_size / ENLARGED)


def tile_windows(size: tuple[int, int], side: int) -> list[tuple[int, int, int, int]]:
    """Tiles (x1, y1, x2, y2) that cover an image of `size` (height, width); none where it is one tile."""
    height, width = size
    if max(size) <= side:
        return []

    def starts(length: int) -> list[int]:
        tile = min(side, length)
        count = 1 + int(np.ceil((length - tile) / (tile * (1 - OVERLAP))))
        return np.linspace(0, length - tile, count).round().astype(int).tolist()

    return [
        (x, y, x + min(side, width), y + min(side, height)) for y, x in product(starts(height), starts(width))
    ]


def detect_with_tiles(
    detect: Detect,
    image: np.ndarray,
    *,
    original: np.ndarray,
    sides: Sequence[int],
    progress: Progress = lambda done, total: None,
) -> Detections:
    """Detect in the whole photo and in tiles of its original.

    Args:
        detect: a detector's `detect`.
        image: (h, w, 3) uint8, the photo as it is usually detected in.
        original: (H, W, 3) uint8, the same photo at its own size.
        sides: of tiles, in pixels of the original, largest first; see `tile_sides`.
        progress: called with the tiles done and the tiles in all.

    Returns:
        Every candidate of all passes in pixels of `image`, before suppression.
    """
    levels = [tile_windows(original.shape[:2], side) for side in sides]
    done, total = 0, sum(map(len, levels))
    found = [detect(image)]
    scale = np.array(image.shape[1::-1] * 2, np.float32) / np.array(original.shape[1::-1] * 2, np.float32)
    for windows in levels:
        people = _merged(found).view(DEFAULT_SCORE_THRESHOLD).boxes_xyxy
        for window in windows:
            x1, y1, x2, y2 = window
            tile = detect(original[y1:y2, x1:x2])
            whole = _whole(tile.boxes_xyxy, window, original.shape[:2])
            boxes = (tile.boxes_xyxy + np.array([x1, y1, x1, y1], np.float32)) * scale
            kept = np.flatnonzero(whole & ~_part_of(boxes, people))
            found.append(_only(tile, kept, boxes=boxes, image_size=found[0].image_size))
            done += 1
            progress(done, total)
            time.sleep(GIVE_WAY_SECONDS)
    return _merged(found)


def _whole(boxes_xyxy: np.ndarray, window: tuple[int, int, int, int], size: tuple[int, int]) -> np.ndarray:
    """(N,) whether a box of a tile keeps away from the edges where the tile was cut out of the photo."""
    x1, y1, x2, y2 = window
    height, width = size
    cut = np.array([x1 > 0, y1 > 0, x2 < width, y2 < height])
    distance = np.abs(boxes_xyxy - np.array([0, 0, x2 - x1, y2 - y1]))
    return ~((distance <= EDGE) & cut).any(axis=1)


def _part_of(boxes_xyxy: np.ndarray, people_xyxy: np.ndarray) -> np.ndarray:
    """(N,) whether a box is mostly inside a person twice its size."""
    inside = box_intersection(boxes_xyxy, people_xyxy) > PART * box_area(boxes_xyxy)[:, None]
    larger = box_area(people_xyxy)[None] > 2 * box_area(boxes_xyxy)[:, None]
    return np.any(inside & larger, axis=1)


def _only(
    detections: Detections, kept: np.ndarray, *, boxes: np.ndarray, image_size: tuple[int, int]
) -> Detections:
    """The candidates `kept`, with other boxes."""
    rows = detections.map_rows[kept]
    maps = detections.mask_maps[rows[rows >= 0]]
    return replace(
        detections, image_size=image_size, boxes_xyxy=boxes[kept], scores=detections.scores[kept],
        labels=detections.labels[kept], ids=np.arange(len(kept)), map_rows=_numbered(rows >= 0),
        mask_maps=maps,
    )  # fmt: skip


def _numbered(has_map: np.ndarray) -> np.ndarray:
    return np.where(has_map, np.cumsum(has_map) - 1, -1).astype(np.int64)


def _merged(found: list[Detections]) -> Detections:
    """All candidates of several passes over one photo, best first."""

    def joined(name: str) -> np.ndarray:
        return np.concatenate([getattr(one, name) for one in found])

    offsets = np.cumsum([0, *(len(one.mask_maps) for one in found)])
    rows = np.concatenate(
        [
            np.where(one.map_rows < 0, -1, one.map_rows + offset)
            for one, offset in zip(found, offsets[:-1], strict=True)
        ]
    )
    order = np.argsort(-joined("scores"), kind="stable")
    times = [one.timings for one in found]
    return replace(
        found[0], boxes_xyxy=joined("boxes_xyxy")[order], scores=joined("scores")[order],
        labels=joined("labels")[order], ids=np.arange(len(order)), map_rows=rows[order],
        mask_maps=joined("mask_maps"),
        timings=Timings(
            prepare_seconds=sum(one.prepare_seconds for one in times),
            network_seconds=sum(one.network_seconds for one in times),
            finish_seconds=sum(one.finish_seconds for one in times),
        ),
    )  # fmt: skip
