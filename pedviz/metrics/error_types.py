"""What a detector gets wrong, and how much AP each type of error costs.

Every wrong detection and every object that was not found has one cause, the first of these that fits (TIDE):
- localisation: the best overlap with an object of its category is .1 or more but below .5;
- classification: the overlap with an object of another category is .5 or more;
- duplicate: the overlap is .5 or more, but a better detection already found that object;
- background: no overlap of .1 with any object;
- both: what is left, near an object of another category and not well localised either;
- missed: an object not found, at which no localisation or classification error points either.

To fix a type is to undo all its errors and nothing else: of the localisation or classification errors that
point at an object not found the best becomes right, in the object's category, and the others go; duplicates,
background and both go; missed objects no longer count. The gain is the AP at IoU .5 after the fix, less that
before. Gains do not add up to 1 - AP, because one error can hide another; with all fixed together AP is 1.

Letters in shapes: D detections, K objects, C categories.
Source: Bolya et al., TIDE, ECCV 2020.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from pedviz.metrics.outcomes import Outcomes, judge
from pedviz.metrics.overlaps import NOTHING, Overlaps
from pedviz.theory.precision_recall import coco_average_precision

FOREGROUND_IOU = 0.5
BACKGROUND_IOU = 0.1


@dataclass(frozen=True, kw_only=True)
class ErrorType:
    """One type of error, as pages and reports name it.

    Attributes:
        key, label, meaning: its name, its heading and one sentence.
        needs_categories: whether it takes several categories to make it.
    """

    key: str
    label: str
    meaning: str
    needs_categories: bool = False


LOCALISATION = ErrorType(
    key="localisation",
    label="Localisation",
    meaning="An object is there, but the overlap is below the threshold.",
)
CLASSIFICATION = ErrorType(
    key="classification",
    label="Classification",
    meaning="Well localised, but an object of another category.",
    needs_categories=True,
)
BOTH = ErrorType(
    key="both",
    label="Both",
    meaning="Near an object of another category, and not well localised.",
    needs_categories=True,
)
DUPLICATE = ErrorType(
    key="duplicate", label="Duplicate", meaning="A better detection had already found this object."
)
BACKGROUND = ErrorType(key="background", label="Background", meaning="No object is there.")
MISSED = ErrorType(key="missed", label="Missed", meaning="An object that no detection comes near.")
ERROR_TYPES = (LOCALISATION, CLASSIFICATION, BOTH, DUPLICATE, BACKGROUND, MISSED)
HIT, IGNORED = "hit", "ignored"
_CLAIMING = (LOCALISATION.key, CLASSIFICATION.key)


@dataclass(frozen=True, kw_only=True, eq=False)
class Diagnosis:
    """The cause of every error of a detector, at one IoU threshold.

    Attributes:
        outcomes: the judged detections.
        causes: (D,) str, `HIT`, `IGNORED` (in a crowd) or the key of an error type.
        claims: (D,) int64, the object not found that a localisation or classification error points at,
            NOTHING for none.
        missed: (K,) bool.
    """

    outcomes: Outcomes
    causes: np.ndarray
    claims: np.ndarray
    missed: np.ndarray

    def average_precision(self, fixed: Collection[str] = ()) -> float:
        """AP in [0, 1] at this threshold, the mean over categories, with the error types `fixed` undone."""
        overlaps = self.outcomes.overlaps
        repaired = self.repaired(fixed)
        hits = (self.causes == HIT) | repaired
        kept = hits | ~np.isin(self.causes, [*fixed, IGNORED])
        categories = overlaps.categories.copy()
        categories[repaired] = overlaps.objects.categories[self.claims[repaired]]
        places = np.flatnonzero(kept)
        ranked = places[np.lexsort((-overlaps.scores[places], categories[places]))]
        edges = np.searchsorted(categories[ranked], np.arange(len(overlaps.category_names) + 1))
        left = self.outcomes.positives - self._missed_by_category() * (MISSED.key in fixed)
        values = [
            _average(hits[ranked[edges[category] : edges[category + 1]]], int(left[category]))
            for category in np.flatnonzero(self.outcomes.positives)
        ]
        return float(np.mean(values)) if values else 0.0

    def repaired(self, fixed: Collection[str]) -> np.ndarray:
        """(D,) bool: the errors of the types `fixed` that a fix makes right, the best for each object."""
        claiming = np.isin(self.causes, [key for key in fixed if key in _CLAIMING]) & (self.claims != NOTHING)
        places = np.flatnonzero(claiming)
        places = places[np.argsort(-self.outcomes.overlaps.scores[places], kind="stable")]
        _, best = np.unique(self.claims[places], return_index=True)
        repaired = np.zeros(len(self.causes), bool)
        repaired[places[best]] = True
        return repaired

    def _missed_by_category(self) -> np.ndarray:
        categories = self.outcomes.overlaps.objects.categories[self.missed]
        return np.bincount(categories, minlength=len(self.outcomes.positives))

    def gain(self, key: str) -> float:
        """The AP, in [0, 1], that undoing one error type would give back."""
        return self.average_precision([key]) - self.average_precision()

    def count_by_image(self, key: str) -> dict[str, int]:
        """The images with errors of this type, most first, and how many each has."""
        overlaps = self.outcomes.overlaps
        is_missed = key == MISSED.key
        images = overlaps.objects.images[self.missed] if is_missed else overlaps.images[self.causes == key]
        names = overlaps.image_names
        return {names[place]: count for place, count in Counter(images.tolist()).most_common()}

    def count(self, key: str) -> int:
        """How many errors of this type there are."""
        return int(self.missed.sum() if key == MISSED.key else (self.causes == key).sum())


def _average(hits: np.ndarray, objects: int) -> float:
    if not objects:
        return float(not len(hits))  # nothing is left to find: right only if nothing is claimed
    at_hits = np.flatnonzero(hits)
    right = np.arange(1, len(at_hits) + 1)
    return float(coco_average_precision(right / (at_hits + 1), right / objects))


def diagnose(
    overlaps: Overlaps,
    *,
    foreground_iou: float = FOREGROUND_IOU,
    background_iou: float = BACKGROUND_IOU,
) -> Diagnosis:
    """Find the cause of every error of a detector.

    Args:
        overlaps: of boxes or of masks.
        foreground_iou: the overlap from which an object counts as found.
        background_iou: the overlap below which nothing is there.
    """
    outcomes = judge(overlaps, iou_thresholds=(foreground_iou,))
    best_iou, best_object = _best_of_category(overlaps)  # (D,) each
    causes = np.select(
        [
            ~outcomes.counted[0],
            outcomes.hits[0],
            (best_iou >= background_iou) & (best_iou < foreground_iou),
            overlaps.other_ious >= foreground_iou,
            best_iou >= foreground_iou,
            overlaps.other_ious < background_iou,
        ],
        [IGNORED, HIT, LOCALISATION.key, CLASSIFICATION.key, DUPLICATE.key, BACKGROUND.key],
        default=BOTH.key,
    )
    found = np.zeros(len(overlaps.objects), bool)
    found[outcomes.matches[0, outcomes.hits[0]]] = True
    claims = np.select(
        [causes == LOCALISATION.key, causes == CLASSIFICATION.key],
        [best_object, overlaps.other_objects],
        default=NOTHING,
    )
    claims = np.where(np.append(found, False)[claims], NOTHING, claims)
    pointed_at = np.zeros(len(found), bool)
    pointed_at[claims[claims != NOTHING]] = True
    return Diagnosis(
        outcomes=outcomes, causes=causes, claims=claims, missed=outcomes.to_find & ~found & ~pointed_at
    )


def _best_of_category(overlaps: Overlaps) -> tuple[np.ndarray, np.ndarray]:
    """The best overlap of each detection within its category, and with which; 0 and NOTHING for none."""
    pairs = np.flatnonzero(~overlaps.objects.are_crowds[overlaps.pair_objects])
    detections, objects = overlaps.pair_detections[pairs], overlaps.pair_objects[pairs]
    ious = overlaps.pair_ious[pairs]
    order = np.lexsort((objects, -ious, detections))
    with_any, first = np.unique(detections[order], return_index=True)
    best_iou, best_object = np.zeros(len(overlaps)), np.full(len(overlaps), NOTHING)
    best_iou[with_any], best_object[with_any] = ious[order[first]], objects[order[first]]
    return best_iou, best_object
