"""What a detector gets wrong, and how much AP each kind of mistake costs.

Every wrong detection and every person who was not found has one cause (TIDE, for one class):
- localisation: the best overlap with anyone is .1 or more but below .5, near but not good enough;
- duplicate: the overlap is .5 or more, but a better detection already found that person;
- background: no overlap of .1 with anyone;
- missed: a person not found, whom no localisation mistake points at either.

To fix a kind is to undo all its mistakes and nothing else: the best localisation mistake of each person not
found becomes right and the others of that kind go; duplicates and background go; missed people are no longer
asked for. The gain is the AP at IoU .5 after the fix, less the AP before. Gains do not add up to 1 - AP,
because one mistake can hide another; with all four fixed together AP is exactly 1.

Letters in shapes: D detections of all pictures that count, best first; K people of all pictures.
Source: Bolya et al., TIDE, ECCV 2020.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from pedviz.metrics.outcomes import Outcomes, judge
from pedviz.metrics.records import Kind, PredictionRecord
from pedviz.theory.precision_recall import coco_average_precision, precision_recall

FOREGROUND_IOU = 0.5
BACKGROUND_IOU = 0.1


@dataclass(frozen=True, kw_only=True)
class ErrorType:
    """One kind of mistake, as the page names it."""

    key: str
    label: str
    meaning: str


LOCALISATION = ErrorType(
    key="localisation",
    label="Localisation",
    meaning="Someone is there, but the overlap is below the threshold.",
)
DUPLICATE = ErrorType(
    key="duplicate", label="Duplicate", meaning="A better detection had already found this person."
)
BACKGROUND = ErrorType(key="background", label="Background", meaning="Nobody is there.")
MISSED = ErrorType(key="missed", label="Missed", meaning="A person whom no detection comes near.")
ERROR_TYPES = (LOCALISATION, DUPLICATE, BACKGROUND, MISSED)
HIT = "hit"


@dataclass(frozen=True, kw_only=True, eq=False)
class Diagnosis:
    """The cause of every mistake of a run, at one IoU threshold.

    Attributes:
        names: the pictures.
        causes: (D,) str, `HIT` or the key of an error type.
        pictures: (D,) int64, the picture that a detection is in.
        repairable: (D,) bool, localisation mistakes that a fix makes right, one for each person not found.
        missed: (K,) bool.
        person_pictures: (K,) int64, the picture that a person is in.
    """

    names: tuple[str, ...]
    causes: np.ndarray
    pictures: np.ndarray
    repairable: np.ndarray
    missed: np.ndarray
    person_pictures: np.ndarray

    def average_precision(self, fixed: Collection[str] = ()) -> float:
        """AP in [0, 1] at this threshold with the error types `fixed` (keys) undone."""
        hits = self.causes == HIT
        if LOCALISATION.key in fixed:
            hits = hits | self.repairable
        kept = hits | ~np.isin(self.causes, list(fixed))
        people = len(self.missed) - (int(self.missed.sum()) if MISSED.key in fixed else 0)
        if not people:
            return float(not kept.any())  # nobody is left to find: right only if nothing is claimed
        return float(coco_average_precision(*precision_recall(hits[kept], people=people)))

    def gain(self, key: str) -> float:
        """The AP, in [0, 1], that undoing one error type would give back."""
        return self.average_precision([key]) - self.average_precision()

    def count_by_picture(self, key: str) -> dict[str, int]:
        """The pictures with mistakes of this type, most first, and how many each has."""
        places = self.person_pictures[self.missed] if key == MISSED.key else self.pictures[self.causes == key]
        return {self.names[place]: count for place, count in Counter(places.tolist()).most_common()}

    def count(self, key: str) -> int:
        """How many mistakes of this type there are."""
        return sum(self.count_by_picture(key).values())


def diagnose(
    run: PredictionRecord,
    *,
    kind: Kind,
    foreground_iou: float = FOREGROUND_IOU,
    background_iou: float = BACKGROUND_IOU,
) -> Diagnosis:
    """Find the cause of every mistake of a run.

    Args:
        run: stored predictions.
        kind: overlaps of boxes ("bbox") or of masks ("segm").
        foreground_iou: the overlap from which a person counts as found.
        background_iou: the overlap below which nobody is there.

    Raises:
        ValueError: masks are asked for and the run has none.
    """
    outcomes = judge(run, kind=kind, iou_thresholds=(foreground_iou,))
    counted = outcomes.counted[0]  # all but those in a crowd
    overlap, nearest = (found[counted] for found in _nearest_people(run, kind, outcomes))  # (D,) each
    causes = np.select(
        [outcomes.hits[0, counted], overlap >= foreground_iou, overlap >= background_iou],
        [HIT, DUPLICATE.key, LOCALISATION.key],
        default=BACKGROUND.key,
    )
    found = _found_people(outcomes)  # (K,)
    near = np.flatnonzero(causes == LOCALISATION.key)
    near = near[~found[nearest[near]]]  # the people these point at are still to be found
    pointed_at, best = np.unique(nearest[near], return_index=True)
    return Diagnosis(
        names=tuple(picture.name for picture in run.pictures),
        causes=causes,
        pictures=outcomes.pictures[counted],
        repairable=np.isin(np.arange(len(causes)), near[best]),
        missed=~found & ~np.isin(np.arange(len(found)), pointed_at),
        person_pictures=np.repeat(np.arange(len(run.pictures)), outcomes.people),
    )


def _starts(counts: list[int] | np.ndarray) -> np.ndarray:
    """Where each group begins when groups of these sizes lie one after the other."""
    return np.cumsum([0, *counts], dtype=np.int64)[:-1]


def _found_people(outcomes: Outcomes) -> np.ndarray:
    """(K,) bool: the people whom a detection took."""
    found = np.zeros(outcomes.people.sum(), bool)
    first_person = _starts(outcomes.people)[outcomes.pictures]  # (D,)
    found[(first_person + outcomes.matches[0])[outcomes.hits[0]]] = True
    return found


def _nearest_people(run: PredictionRecord, kind: Kind, outcomes: Outcomes) -> tuple[np.ndarray, np.ndarray]:
    """Best overlap of each ranked detection, counted or not, and with whom; 0 and -1 for nobody."""
    overlaps, people = [], []
    for first, picture in zip(_starts(outcomes.people), run.pictures, strict=True):
        ious = picture.ious(kind)[:, ~picture.are_crowds]
        anyone = ious.shape[1] > 0
        overlaps.append(ious.max(axis=1) if anyone else np.zeros(len(ious)))
        people.append(first + ious.argmax(axis=1) if anyone else np.full(len(ious), -1))
    ranked = _starts([len(picture.scores) for picture in run.pictures])[outcomes.pictures] + outcomes.places
    return np.concatenate(overlaps)[ranked], np.concatenate(people)[ranked]
