"""How the detections of one detector overlap the annotated objects: all that any metric is computed from.

Detections stand by category, best score first; of equal scores the earlier image comes first, as in COCO. In
each image and category only the best DETECTION_LIMIT count. Overlaps are kept where they reach MINIMUM_IOU,
which no metric looks below, so that memory grows with what was found and not with its square.

With a crowd the overlap is the share of the detection that lies inside, as COCO has it.

Letters in shapes: D detections, K objects, P overlapping pairs, C categories.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pedviz.metrics.records import Kind, PredictionRecord
from pedviz.types import DETECTION_LIMIT

MINIMUM_IOU = 0.1
PAIRS_AT_ONCE = 2_000_000  # bounds the memory
NOTHING = -1


@dataclass(frozen=True, kw_only=True, eq=False)
class Objects:
    """What there is to find, in the order of the ground truth.

    Attributes:
        images, categories: (K,) int64, places.
        areas: (K,) float64, square pixels; they decide the size class.
        are_crowds: (K,) bool.
    """

    images: np.ndarray
    categories: np.ndarray
    areas: np.ndarray
    are_crowds: np.ndarray

    def __len__(self) -> int:
        return len(self.images)


@dataclass(frozen=True, kw_only=True, eq=False)
class Overlaps:
    """Detections, objects and how much they overlap.

    Attributes:
        image_names, category_names: of every image and category there is.
        objects: what there is to find.
        scores: (D,) float64; within a category never increasing.
        images, categories: (D,) int64, places.
        ranks: (D,) int64, the place of a detection among those of its image and category, best first.
        areas: (D,) float64, square pixels.
        sources: (D,) int64, the place of a detection in the file that it came from.
        pair_detections, pair_objects: (P,) int64, places of what overlaps and is of one category.
        pair_ious: (P,) float64 from MINIMUM_IOU to 1.
        other_ious, other_objects: (D,) the best overlap with an object of another category, and which; 0 and
            NOTHING where there is none.
    """

    image_names: tuple[str, ...]
    category_names: tuple[str, ...]
    objects: Objects
    scores: np.ndarray
    images: np.ndarray
    categories: np.ndarray
    ranks: np.ndarray
    areas: np.ndarray
    sources: np.ndarray
    pair_detections: np.ndarray
    pair_objects: np.ndarray
    pair_ious: np.ndarray
    other_ious: np.ndarray
    other_objects: np.ndarray

    def __len__(self) -> int:
        return len(self.scores)

    @property
    def category_starts(self) -> np.ndarray:
        """(C + 1,) int64: the detections of category c are those from [c] up to [c + 1]."""
        return np.searchsorted(self.categories, np.arange(len(self.category_names) + 1))


@dataclass(frozen=True, kw_only=True, eq=False)
class Arrangement:
    """Which detections of a file count, and in which order: `places` and `ranks`, (D,) int64 each."""

    places: np.ndarray
    ranks: np.ndarray


def arrange(
    images: np.ndarray, categories: np.ndarray, *, scores: np.ndarray, limit: int = DETECTION_LIMIT
) -> Arrangement:
    """The best detections of each image and category, by category and falling score.

    Args:
        images, categories: (N,) int64, of every detection of the file.
        scores: (N,) float64.
        limit: how many an image and category keeps.
    """
    order = np.lexsort((-scores, images, categories))  # stable: of equal scores the earlier in the file
    starts_cell = np.ones(len(order), bool)
    starts_cell[1:] = (np.diff(images[order]) != 0) | (np.diff(categories[order]) != 0)
    firsts = np.flatnonzero(starts_cell)
    ranks = np.arange(len(order)) - np.repeat(firsts, np.diff(np.append(firsts, len(order))))
    order, ranks = order[ranks < limit], ranks[ranks < limit]
    ranked = np.lexsort((ranks, images[order], -scores[order], categories[order]))
    return Arrangement(places=order[ranked], ranks=ranks[ranked])


@dataclass(frozen=True, kw_only=True, eq=False)
class Pairs:
    """Overlapping pairs, all of them (P,): detection, object and IoU."""

    detections: np.ndarray
    objects: np.ndarray
    ious: np.ndarray


def candidates(det_images: np.ndarray, objects: Objects) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Every detection with every object of its image, some millions at a time: two (n,) arrays of places."""
    by_image = np.argsort(objects.images, kind="stable")
    images = objects.images[by_image]
    first = np.searchsorted(images, det_images, side="left")
    counts = np.searchsorted(images, det_images, side="right") - first
    ends = np.cumsum(counts)
    start = 0
    while start < len(det_images):
        before = ends[start] - counts[start]
        stop = max(start + 1, int(np.searchsorted(ends, before + PAIRS_AT_ONCE, side="right")))
        some = counts[start:stop]
        within = np.arange(some.sum()) - np.repeat(np.cumsum(some) - some, some)
        found = by_image[np.repeat(first[start:stop], some) + within]
        yield np.repeat(np.arange(start, stop), some), found
        start = stop


def box_overlap(first_xywh: np.ndarray, second_xywh: np.ndarray, *, crowds: np.ndarray) -> np.ndarray:
    """IoU of boxes one by one, as COCO computes it; with crowds the share of the first inside the second.

    Args: first_xywh and second_xywh, (n, 4) float64 pixels; crowds, (n,) bool.
    Returns: (n,) float64 in [0, 1]; 0 for boxes without area.
    """
    (x1, y1, w1, h1), (x2, y2, w2, h2) = first_xywh.T, second_xywh.T
    width = np.minimum(x1 + w1, x2 + w2) - np.maximum(x1, x2)
    height = np.minimum(y1 + h1, y2 + h2) - np.maximum(y1, y2)
    shared = np.maximum(width, 0) * np.maximum(height, 0)
    area = w1 * h1
    union = np.where(crowds, area, area + w2 * h2 - shared)
    return np.divide(shared, union, out=np.zeros_like(shared), where=(shared > 0) & (union > 0))


def box_pairs(
    boxes_xywh: np.ndarray, images: np.ndarray, *, truth_xywh: np.ndarray, objects: Objects
) -> Pairs:
    """Every detection's box with every object's of its image, whatever their categories.

    Args: boxes_xywh and images, (D, 4) and (D,), of detections; truth_xywh, (K, 4), of `objects`.
    """
    found = []
    for detections, others in candidates(images, objects):
        ious = box_overlap(boxes_xywh[detections], truth_xywh[others], crowds=objects.are_crowds[others])
        kept = np.flatnonzero(ious >= MINIMUM_IOU)
        found.append((detections[kept], others[kept], ious[kept]))
    return joined(found)


def joined(parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> Pairs:
    """Pairs that were found in parts."""
    none = np.zeros(0, np.int64)
    detections, objects, ious = zip((none, none, none.astype(float)), *parts, strict=True)
    return Pairs(
        detections=np.concatenate(detections), objects=np.concatenate(objects), ious=np.concatenate(ious)
    )


def split_by_category(
    pairs: Pairs, categories: np.ndarray, *, objects: Objects
) -> tuple[Pairs, np.ndarray, np.ndarray]:
    """Pairs of one category, and the best overlap of each detection with an object of another, and which.

    Args:
        pairs: of any categories.
        categories: (D,) int64, of the detections.
        objects: the objects.
    """
    same = categories[pairs.detections] == objects.categories[pairs.objects]
    other = np.flatnonzero(~same & ~objects.are_crowds[pairs.objects])
    order = other[np.lexsort((pairs.objects[other], -pairs.ious[other], pairs.detections[other]))]
    detections, first = np.unique(pairs.detections[order], return_index=True)
    best_ious = np.zeros(len(categories))
    best_objects = np.full(len(categories), NOTHING)
    best_ious[detections], best_objects[detections] = pairs.ious[order[first]], pairs.objects[order[first]]
    kept = Pairs(detections=pairs.detections[same], objects=pairs.objects[same], ious=pairs.ious[same])
    return kept, best_ious, best_objects


def overlaps_of_record(record: PredictionRecord, *, kind: Kind) -> Overlaps:
    """The overlaps of stored predictions: one category, size classes by the area of boxes.

    Raises:
        ValueError: masks are asked for and the record has none.
    """
    records = record.images
    people = [len(image.people_areas) for image in records]
    counts = [len(image.scores) for image in records]
    objects = Objects(
        images=np.repeat(np.arange(len(records)), people),
        categories=np.zeros(sum(people), np.int64),
        areas=np.concatenate([image.people_areas for image in records]),
        are_crowds=np.concatenate([image.are_crowds for image in records]),
    )
    images = np.repeat(np.arange(len(records)), counts)
    scores = np.concatenate([image.scores for image in records]).astype(np.float64)
    nowhere = np.zeros(len(scores), np.int64)
    arranged = arrange(images, nowhere, scores=scores)
    pairs = _pairs_of_record(record, kind, arranged, first_people=np.cumsum([0, *people]))
    return Overlaps(
        image_names=tuple(image.name for image in records), category_names=("person",), objects=objects,
        scores=scores[arranged.places], images=images[arranged.places], categories=nowhere[arranged.places],
        ranks=arranged.ranks, sources=arranged.places,
        areas=np.concatenate([image.areas for image in records])[arranged.places],
        pair_detections=pairs.detections, pair_objects=pairs.objects, pair_ious=pairs.ious,
        other_ious=np.zeros(len(arranged.places)), other_objects=np.full(len(arranged.places), NOTHING),
    )  # fmt: skip


def _pairs_of_record(
    record: PredictionRecord, kind: Kind, arranged: Arrangement, *, first_people: np.ndarray
) -> Pairs:
    new_places = np.full(sum(len(image.scores) for image in record.images), NOTHING)
    new_places[arranged.places] = np.arange(len(arranged.places))
    found, start = [], 0
    for first, image in zip(first_people, record.images, strict=False):
        ious = image.ious(kind)
        detections, people = np.nonzero(ious >= MINIMUM_IOU)
        kept = new_places[start + detections] != NOTHING
        detections, people = detections[kept], people[kept]
        found.append((new_places[start + detections], first + people, ious[detections, people]))
        start += len(image.scores)
    return joined(found)
