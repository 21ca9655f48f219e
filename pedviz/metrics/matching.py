"""Who is who: pairing the people of two detectors, and detections with the people that really are there.

Both compare the float32 IoU with the threshold as it is (at the threshold is a match), so that the page's
JavaScript gives the same pairs. Letters in shapes: N and M people, P pairs.
"""

from dataclasses import dataclass

import numpy as np

from pedviz.theory.boxes import box_iou
from pedviz.types import Detections, GroundTruth


@dataclass(frozen=True, kw_only=True, eq=False)
class Matching:
    """Two sets of people, paired.

    Attributes:
        pairs: (P, 2) int64, places in the first and the second set, best overlap first.
        only_first: places in the first set that have no partner, ascending int64.
        only_second: the same for the second set.
        ious: (P,) float32 box IoU of each pair.
    """

    pairs: np.ndarray
    only_first: np.ndarray
    only_second: np.ndarray
    ious: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How detections compare with the truth at one IoU threshold. There are no true negatives.

    Attributes:
        tp: detections that took a person.
        fp: detections that took nobody.
        fn: people that nobody took.
    """

    tp: int
    fp: int
    fn: int

    @property
    def precision(self) -> float | None:
        """True share of the detections, tp / (tp + fp), in [0, 1]; None without detections."""
        return _share(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float | None:
        """Found share of the people, tp / (tp + fn), in [0, 1]; None without people."""
        return _share(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both, 2 tp / (2 tp + fp + fn), in [0, 1]; None with nobody found or there."""
        return _share(2 * self.tp, 2 * self.tp + self.fp + self.fn)


def match_people(first_boxes: np.ndarray, second_boxes: np.ndarray, *, iou_threshold: float) -> Matching:
    """Pair the people of two detectors, the best overlap first; nobody is in two pairs.

    Args:
        first_boxes: (N, 4) float32, pixels.
        second_boxes: (M, 4) float32, pixels of the same image.
        iou_threshold: pairs need IoU >= this, in (0, 1].

    Returns:
        The pairs by falling IoU; of equal overlaps the lower place in the first set comes first, then
        the lower place in the second.
    """
    ious = box_iou(first_boxes, second_boxes)  # (N, M)
    first, second = np.nonzero(ious.astype(np.float64) >= iou_threshold)
    order = np.argsort(-ious[first, second], kind="stable")
    pairs = _without_repeats(first[order], second[order])
    return Matching(
        pairs=pairs,
        only_first=np.setdiff1d(np.arange(len(first_boxes)), pairs[:, 0]),
        only_second=np.setdiff1d(np.arange(len(second_boxes)), pairs[:, 1]),
        ious=ious[pairs[:, 0], pairs[:, 1]],
    )


def score_against_truth(detections: Detections, ground_truth: GroundTruth, *, iou_threshold: float) -> Counts:
    """Count hits and misses: each detection, best score first, takes the best person still free.

    Args:
        detections: the view that is shown, in pixels of the truth's image.
        ground_truth: the people that are there.
        iou_threshold: a true positive needs box IoU >= this, in (0, 1].
    """
    ious = box_iou(detections.boxes_xyxy, ground_truth.boxes_xyxy).astype(np.float64)  # (N, K)
    ious[ious < iou_threshold] = 0
    hits = 0
    for row in ious:
        person = row.argmax() if len(row) else None
        if person is not None and row[person] > 0:
            hits += 1
            ious[:, person] = 0
    return Counts(tp=hits, fp=len(detections) - hits, fn=len(ground_truth) - hits)


def _without_repeats(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """(P, 2) int64: the pairs in order, less those of which one is taken already."""
    taken_first, taken_second, pairs = set(), set(), []
    for pair in zip(first.tolist(), second.tolist(), strict=True):
        if pair[0] not in taken_first and pair[1] not in taken_second:
            taken_first.add(pair[0])
            taken_second.add(pair[1])
            pairs.append(pair)
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
