"""The curves behind the numbers, from judged detections: what a score threshold buys and what scores mean.

All take `Outcomes` of one IoU threshold, as `judge(run, kind=..., iou_thresholds=(.5,))` gives them.
Letters in shapes: D counted detections, S distinct scores, B bins of scores.
"""

from dataclasses import dataclass, replace

import numpy as np

from pedviz.metrics.outcomes import Outcomes
from pedviz.metrics.records import PictureRecord, PredictionRecord

BINS = 10


@dataclass(frozen=True, kw_only=True, eq=False)
class OperatingPoints:
    """What keeping every detection with at least some score gives, for each score that occurs.

    Attributes:
        scores: (S,) falling.
        precision, recall, f1: (S,) float64 in [0, 1].
    """

    scores: np.ndarray
    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray

    @property
    def best(self) -> int:
        """The place with the highest F1, the higher score of equals.

        Raises:
            ValueError: there are no detections.
        """
        if not len(self.scores):
            raise ValueError("no detection, so no best score threshold")
        return int(self.f1.argmax())


def operating_points(outcomes: Outcomes) -> OperatingPoints:
    """Precision, recall and F1 at every score threshold that makes a difference.

    Raises:
        ValueError: there is nobody to find.
    """
    precision, recall = outcomes.curve()
    scores = outcomes.scores[outcomes.counted[0]]
    last_of_equals = np.flatnonzero(np.append(np.diff(scores) != 0, True))[: len(scores)]
    precision, recall = precision[last_of_equals], recall[last_of_equals]
    total = precision + recall
    f1 = np.divide(2 * precision * recall, total, out=np.zeros_like(total), where=total > 0)
    return OperatingPoints(scores=scores[last_of_equals], precision=precision, recall=recall, f1=f1)


@dataclass(frozen=True, kw_only=True, eq=False)
class ScoreBins:
    """How many detections of each score are right.

    Attributes:
        edges: (B + 1,) float32 from 0 to 1.
        right, wrong: (B,) int64.
        mean_scores: (B,) of the detections in each bin, NaN in an empty one.
    """

    edges: np.ndarray
    right: np.ndarray
    wrong: np.ndarray
    mean_scores: np.ndarray

    @property
    def precision(self) -> np.ndarray:
        """(B,) share of right ones, NaN in an empty bin: what a calibrated score would say."""
        total = self.right + self.wrong
        return np.divide(self.right, total, out=np.full(len(total), np.nan), where=total > 0)


def score_bins(outcomes: Outcomes, *, bins: int = BINS) -> ScoreBins:
    """Sort the counted detections into equal bins of score; a score on an edge belongs to the bin above."""
    counted = outcomes.counted[0]
    scores, hits = outcomes.scores[counted], outcomes.hits[0, counted]
    edges = np.linspace(0, 1, bins + 1, dtype=np.float32)  # as the scores, or .9 would fall below its edge
    place = np.clip(np.searchsorted(edges, scores, side="right") - 1, 0, bins - 1)  # (D,)
    total = np.bincount(place, minlength=bins)
    right = np.bincount(place[hits], minlength=bins)
    sums = np.bincount(place, weights=scores, minlength=bins)
    means = np.divide(sums, total, out=np.full(bins, np.nan), where=total > 0)
    return ScoreBins(edges=edges, right=right, wrong=total - right, mean_scores=means)


def cut_scores(run: PredictionRecord, score_threshold: float) -> PredictionRecord:
    """The run with only its detections of score > `score_threshold`, as the page's slider shows it."""
    return replace(run, pictures=tuple(_cut(picture, score_threshold) for picture in run.pictures))


def _cut(picture: PictureRecord, score_threshold: float) -> PictureRecord:
    kept = int((picture.scores > np.float32(score_threshold)).sum())  # scores fall, so these come first
    return replace(
        picture,
        scores=picture.scores[:kept],
        boxes_xyxy=picture.boxes_xyxy[:kept],
        box_ious=picture.box_ious[:kept],
        mask_ious=None if picture.mask_ious is None else picture.mask_ious[:kept],
    )
