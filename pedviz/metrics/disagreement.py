"""Where two detectors disagree: the objects that one found and the other missed, image by image.

Each detector shows what it would show at its own best score threshold, where its F1 is highest, so that
neither is helped by a habit of high or low scores.

Letters in shapes: I images, K objects.
"""

from dataclasses import dataclass

import numpy as np

from pedviz.metrics.curves import operating_points
from pedviz.metrics.outcomes import Outcomes


@dataclass(frozen=True, kw_only=True, eq=False)
class Shown:
    """What a detector shows at its score threshold.

    Attributes:
        outcomes: its judged detections, at one IoU threshold.
        score: the threshold; detections with at least this score are shown.
        found: (K,) bool, the objects that a shown detection took.
        false_positives: (I,) int64, shown detections that are wrong.
    """

    outcomes: Outcomes
    score: float
    found: np.ndarray
    false_positives: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """One image: how many objects only the first or only the second found, and how often each was wrong."""

    image: int
    only_first: int
    only_second: int
    first_wrong: int
    second_wrong: int


def shown_at_best(outcomes: Outcomes) -> Shown:
    """What a detector shows at the score threshold with the highest F1; nothing where it found nothing."""
    points = operating_points(outcomes) if outcomes.positives.any() else None
    score = float(points.scores[points.best]) if points and len(points.scores) else float("inf")
    overlaps = outcomes.overlaps
    shown = outcomes.counted[0] & (overlaps.scores >= score)
    hits = shown & outcomes.hits[0]
    found = np.zeros(len(overlaps.objects), bool)
    found[outcomes.matches[0, hits]] = True
    wrong = np.bincount(overlaps.images[shown & ~hits], minlength=len(overlaps.image_names))
    return Shown(outcomes=outcomes, score=score, found=found, false_positives=wrong)


def rank_disagreements(first: Shown, second: Shown) -> list[Disagreement]:
    """The images in which the two differ, those with most objects that only one found first."""
    images = first.outcomes.overlaps.objects.images
    count = len(first.outcomes.overlaps.image_names)
    only_first = np.bincount(images[first.found & ~second.found], minlength=count)
    only_second = np.bincount(images[second.found & ~first.found], minlength=count)
    wrong = np.abs(first.false_positives - second.false_positives)
    order = np.lexsort((-wrong, -(only_first + only_second)))
    kept = order[(only_first + only_second + wrong)[order] > 0]
    return [
        Disagreement(
            image=int(place), only_first=int(only_first[place]), only_second=int(only_second[place]),
            first_wrong=int(first.false_positives[place]), second_wrong=int(second.false_positives[place]),
        )
        for place in kept
    ]  # fmt: skip
