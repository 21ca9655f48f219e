"""Which detections are right, from the overlaps that a prediction record keeps.

The rules are COCO's. In each picture the detections choose in order of score; each takes the unmatched
person whom it overlaps most, if the IoU reaches the threshold, and of two equal overlaps the later person.
Under a size class the people outside it are "ignored": they are chosen only where no other person is left,
and a detection that took one of them, or took nobody and is itself outside the class, counts neither way.
A crowd is ignored under every class, and is there for any number of detections.

Letters in shapes: T IoU thresholds, D detections of all pictures, N of one picture, I pictures, K people.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pedviz.metrics.records import Kind, PictureRecord, PredictionRecord
from pedviz.theory.precision_recall import precision_recall
from pedviz.types import DETECTION_LIMIT

Size = Literal["all", "small", "medium", "large"]
# Areas in square pixels, both ends included, so that 32 x 32 is small and medium at once, as in COCO.
AREA_RANGES: dict[Size, tuple[float, float]] = {
    "all": (0, 1e5**2),
    "small": (0, 32**2),
    "medium": (32**2, 96**2),
    "large": (96**2, 1e5**2),
}
COCO_IOU_THRESHOLDS = tuple(np.linspace(0.5, 0.95, 10).tolist())


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcomes:
    """Every detection of a run, best score first over all pictures, judged at T thresholds.

    Attributes:
        thresholds: (T,) float64 IoU.
        scores: (D,) float32, never increasing.
        pictures: (D,) int64, the place of the picture that a detection belongs to.
        places: (D,) int64, its place among that picture's detections.
        matches: (T, D) int64, the person it took in that picture, -1 for none.
        counted: (T, D) bool, False where a detection counts neither as right nor as wrong.
        people: (I,) int64, the people to find in each picture.
    """

    thresholds: np.ndarray
    scores: np.ndarray
    pictures: np.ndarray
    places: np.ndarray
    matches: np.ndarray
    counted: np.ndarray
    people: np.ndarray

    @property
    def hits(self) -> np.ndarray:
        """(T, D) bool, the right detections among those counted."""
        return self.counted & (self.matches >= 0)

    def curve(self, place: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Precision and recall after each counted detection, at the threshold in `place`.

        Raises:
            ValueError: there is nobody to find.
        """
        counted = self.counted[place]
        return precision_recall(self.hits[place, counted], people=int(self.people.sum()))


def judge(
    run: PredictionRecord,
    *,
    kind: Kind,
    iou_thresholds: tuple[float, ...] = COCO_IOU_THRESHOLDS,
    size: Size = "all",
    limit: int = DETECTION_LIMIT,
) -> Outcomes:
    """Judge every detection of a run.

    Args:
        run: stored predictions.
        kind: overlaps of boxes ("bbox") or of masks ("segm").
        iou_thresholds: what counts as found, each in (0, 1].
        size: the class of box areas to look at.
        limit: at most this many detections a picture, best first.

    Raises:
        ValueError: masks are asked for and the run has none.
    """
    thresholds = np.asarray(iou_thresholds, np.float64)
    judged = [_judge_picture(picture, kind, thresholds, size, limit) for picture in run.pictures]
    counts = [matches.shape[1] for matches, _, _ in judged]
    scores = np.concatenate([picture.scores[:limit] for picture in run.pictures])
    order = np.argsort(-scores, kind="stable")  # (D,)
    return Outcomes(
        thresholds=thresholds,
        scores=scores[order],
        pictures=np.repeat(np.arange(len(counts)), counts)[order],
        places=np.concatenate([np.arange(count) for count in counts])[order],
        matches=np.concatenate([matches for matches, _, _ in judged], axis=1)[:, order],
        counted=np.concatenate([counted for _, counted, _ in judged], axis=1)[:, order],
        people=np.array([people for _, _, people in judged], np.int64),
    )


def _judge_picture(
    picture: PictureRecord, kind: Kind, thresholds: np.ndarray, size: Size, limit: int
) -> tuple[np.ndarray, np.ndarray, int]:
    """Matches (T, N), counted (T, N) and the number of people to find in one picture."""
    ignored = _outside(picture.people_areas, size) | picture.are_crowds  # (K,)
    matches = match(
        picture.ious(kind)[:limit], thresholds=thresholds, ignored=ignored, crowds=picture.crowds
    )  # (T, N)
    took_ignored = np.append(ignored, False)[matches]  # (T, N); -1 reads the appended False
    outside = _outside(picture.areas[:limit], size)  # (N,)
    counted = ~took_ignored & ~((matches < 0) & outside)
    return matches, counted, int((~ignored).sum())


def _outside(areas: np.ndarray, size: Size) -> np.ndarray:
    smallest, largest = AREA_RANGES[size]
    return (areas < smallest) | (areas > largest)


def match(ious: np.ndarray, *, thresholds: np.ndarray, ignored: np.ndarray, crowds: int = 0) -> np.ndarray:
    """The person that each detection of one picture takes.

    Args:
        ious: (N, K) float64, detections best first.
        thresholds: (T,) float64.
        ignored: (K,) bool, people taken only as a last resort.
        crowds: how many of the last of the K may be taken again and again.

    Returns:
        (T, N) int64 places of people, -1 for none.
    """
    detections, people = ious.shape
    matches = np.full((len(thresholds), detections), -1, np.int64)
    if not people:
        return matches
    needed = thresholds[:, None]  # (T, 1)
    later_first = np.broadcast_to(-np.arange(people), ious.shape)
    preferred = np.lexsort((later_first, -ious, np.broadcast_to(ignored, ious.shape)))  # (N, K)
    free = np.ones((len(thresholds), people), bool)
    for place in np.flatnonzero(ious.max(axis=1) >= needed.min()):
        choice = preferred[place]  # (K,)
        possible = free[:, choice] & (ious[place, choice] >= needed)  # (T, K)
        rows = np.flatnonzero(possible.any(axis=1))
        taken = choice[possible[rows].argmax(axis=1)]
        matches[rows, place] = taken
        free[rows, taken] = taken >= people - crowds
    return matches


def count_people_by_size(run: PredictionRecord) -> dict[str, int]:
    """How many people each size class holds, by the area of their boxes; a border area counts in both."""
    areas = np.concatenate([picture.people_areas[~picture.are_crowds] for picture in run.pictures])
    return {size: int((~_outside(areas, size)).sum()) for size in AREA_RANGES if size != "all"}
