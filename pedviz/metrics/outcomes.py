"""Which detections are right, from how they overlap the objects.

The rules are COCO's. In each image and category the detections choose in order of score; each takes the
unmatched object that it overlaps most, if the IoU reaches the threshold, and of two equal overlaps the later
object. Under a size class the objects outside it are "ignored": they are chosen only where no other object is
left, and a detection that took one of them, or took nothing and is itself outside the class, counts neither
way. A crowd is ignored under every class, and is there for any number of detections.

Letters in shapes: T IoU thresholds, D detections, K objects, C categories, P overlapping pairs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np

from pedviz.metrics.overlaps import MINIMUM_IOU, NOTHING, Overlaps
from pedviz.metrics.records import PredictionRecord
from pedviz.theory.precision_recall import precision_recall

Size = Literal["all", "small", "medium", "large"]
# Areas in square pixels, both ends included, so that 32 x 32 is small and medium at once, as in COCO.
AREA_RANGES: dict[Size, tuple[float, float]] = {
    "all": (0, 1e5**2),
    "small": (0, 32**2),
    "medium": (32**2, 96**2),
    "large": (96**2, 1e5**2),
}
COCO_IOU_THRESHOLDS = tuple(np.linspace(0.5, 0.95, 10).tolist())
_NEARLY_ONE = 1 - 1e-10  # pycocotools' highest threshold


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcomes:
    """Every detection of a detector, judged at T thresholds, in the order of `overlaps`.

    Attributes:
        overlaps: what was judged.
        thresholds: (T,) float64 IoU.
        matches: (T, D) int64, the object it took, NOTHING for none.
        counted: (T, D) bool, False where a detection counts neither as right nor as wrong.
        to_find: (K,) bool, the objects that count.
    """

    overlaps: Overlaps
    thresholds: np.ndarray
    matches: np.ndarray
    counted: np.ndarray
    to_find: np.ndarray

    @cached_property
    def hits(self) -> np.ndarray:
        """(T, D) bool, the right detections among those counted."""
        return self.counted & (self.matches != NOTHING)

    @cached_property
    def positives(self) -> np.ndarray:
        """(C,) int64, how many objects of each category there are to find."""
        places = self.overlaps.objects.categories[self.to_find]
        return np.bincount(places, minlength=len(self.overlaps.category_names))

    def of_category(self, category: int) -> slice:
        """The detections of one category."""
        starts = self.overlaps.category_starts
        return slice(int(starts[category]), int(starts[category + 1]))

    @cached_property
    def pooled(self) -> np.ndarray:
        """(D,) int64: all detections by falling score, whatever their category."""
        return np.argsort(-self.overlaps.scores, kind="stable")

    def curve(self, place: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Precision and recall after each counted detection, at the threshold in `place`, categories pooled.

        Raises:
            ValueError: there is nothing to find.
        """
        order = self.pooled[self.counted[place, self.pooled]]
        return precision_recall(self.hits[place, order], people=int(self.positives.sum()))


def judge(
    overlaps: Overlaps,
    *,
    iou_thresholds: tuple[float, ...] = COCO_IOU_THRESHOLDS,
    size: Size = "all",
) -> Outcomes:
    """Judge every detection of a detector.

    Args:
        overlaps: of boxes or of masks.
        iou_thresholds: what counts as found, each in [MINIMUM_IOU, 1].
        size: the class of areas to look at.
    """
    thresholds = np.asarray(iou_thresholds, np.float64)
    objects = overlaps.objects
    ignored = _outside(objects.areas, size) | objects.are_crowds  # (K,)
    matches = match(overlaps, thresholds=thresholds, ignored=ignored)
    took_ignored = np.append(ignored, False)[matches]  # (T, D); NOTHING reads the appended False
    outside = _outside(overlaps.areas, size)  # (D,)
    return Outcomes(
        overlaps=overlaps,
        thresholds=thresholds,
        matches=matches,
        counted=~took_ignored & ~((matches == NOTHING) & outside),
        to_find=~ignored,
    )


def _outside(areas: np.ndarray, size: Size) -> np.ndarray:
    smallest, largest = AREA_RANGES[size]
    return (areas < smallest) | (areas > largest)


def match(overlaps: Overlaps, *, thresholds: np.ndarray, ignored: np.ndarray) -> np.ndarray:
    """The object that each detection takes.

    The choices in one image and category do not touch those in another, so the first detections of all of
    them choose together, then the second, and so on.

    Args:
        overlaps: of boxes or of masks.
        thresholds: (T,) float64.
        ignored: (K,) bool, objects taken only as a last resort.

    Returns:
        (T, D) int64 places of objects, NOTHING for none.

    Raises:
        ValueError: a threshold is below MINIMUM_IOU, beneath which overlaps are not kept.
    """
    if (thresholds < MINIMUM_IOU).any():
        raise ValueError(f"expected IoU thresholds from {MINIMUM_IOU}, got {thresholds.min()}")
    needed = np.minimum(thresholds, _NEARLY_ONE)[:, None]  # (T, 1)
    matches = np.full((len(thresholds), len(overlaps)), NOTHING, np.int64)
    free = np.ones((len(thresholds), len(overlaps.objects)), bool)
    reusable = overlaps.objects.are_crowds
    for detections, starts, objects, ious in _rounds(overlaps, needed.min(), ignored):
        possible = free[:, objects] & (ious >= needed)  # (T, p)
        places = np.where(possible, np.arange(len(objects)), len(objects))
        best = np.minimum.reduceat(places, starts, axis=1)  # (T, d): the first possible of each detection
        rows, columns = np.nonzero(best < len(objects))
        taken = objects[best[rows, columns]]
        matches[rows, detections[columns]] = taken
        free[rows, taken] = reusable[taken]
    return matches


def _rounds(
    overlaps: Overlaps, lowest: float, ignored: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """For each round the detections that choose, where their pairs start, and the pairs, the best first."""
    pairs = np.flatnonzero(overlaps.pair_ious >= lowest)
    detections, objects = overlaps.pair_detections[pairs], overlaps.pair_objects[pairs]
    ious = overlaps.pair_ious[pairs]
    rounds = overlaps.ranks[detections]
    order = np.lexsort((-objects, -ious, ignored[objects], detections, rounds))
    detections, objects, ious, rounds = detections[order], objects[order], ious[order], rounds[order]
    edges = np.flatnonzero(np.diff(rounds, prepend=-1)).tolist()
    for start, stop in pairwise([*edges, len(order)]):
        some = detections[start:stop]
        starts = np.flatnonzero(np.diff(some, prepend=-1))
        yield some[starts], starts, objects[start:stop], ious[start:stop]


def count_people_by_size(run: PredictionRecord) -> dict[str, int]:
    """How many people each size class holds, by the area of their boxes; a border area counts in both."""
    areas = np.concatenate([image.people_areas[~image.are_crowds] for image in run.images])
    return {size: int((~_outside(areas, size)).sum()) for size in AREA_RANGES if size != "all"}
