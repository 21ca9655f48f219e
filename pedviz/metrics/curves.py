"""The curves behind the numbers, from judged detections: what a score threshold buys and what scores mean.

All take `Outcomes` of one IoU threshold, as `judge(overlaps, iou_thresholds=(.5,))` gives them, with the
categories pooled unless said otherwise.
Letters in shapes: D counted detections, S distinct scores, B bins of scores.
"""

from dataclasses import dataclass

import numpy as np

from pedviz.metrics.outcomes import Outcomes
from pedviz.theory.precision_recall import sample_precision

BINS = 10
_Z = 1.959963984540054  # of a 95 % interval


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
        ValueError: there is nothing to find.
    """
    precision, recall = outcomes.curve()
    scores = outcomes.overlaps.scores[outcomes.pooled]
    scores = scores[outcomes.counted[0, outcomes.pooled]]
    last_of_equals = np.flatnonzero(np.append(np.diff(scores) != 0, True))[: len(scores)]
    precision, recall = precision[last_of_equals], recall[last_of_equals]
    total = precision + recall
    f1 = np.divide(2 * precision * recall, total, out=np.zeros_like(total), where=total > 0)
    return OperatingPoints(scores=scores[last_of_equals], precision=precision, recall=recall, f1=f1)


def mean_precision_curve(outcomes: Outcomes, place: int = 0) -> np.ndarray | None:
    """Interpolated precision at COCO's 101 recall points, (101,), the mean over categories with objects.

    Args:
        outcomes: judged detections.
        place: which of their thresholds.

    Returns:
        None where there is nothing to find.
    """
    curves = []
    for category in np.flatnonzero(outcomes.positives).tolist():
        some = outcomes.of_category(category)
        hits = np.flatnonzero(outcomes.hits[place, some])
        ranked = np.cumsum(outcomes.counted[place, some])[hits]
        right = np.arange(1, len(hits) + 1)
        curves.append(sample_precision(right / ranked, right / outcomes.positives[category]))
    return np.mean(curves, axis=0) if curves else None


@dataclass(frozen=True, kw_only=True, eq=False)
class ScoreBins:
    """How many detections of each score are right.

    Attributes:
        edges: (B + 1,) rising scores.
        right, wrong: (B,) int64.
        mean_scores: (B,) of the detections in each bin, NaN in an empty one.
    """

    edges: np.ndarray
    right: np.ndarray
    wrong: np.ndarray
    mean_scores: np.ndarray

    @property
    def precision(self) -> np.ndarray:
        """(B,) fraction correct, NaN in an empty bin: what a calibrated score would say."""
        total = self.right + self.wrong
        return np.divide(self.right, total, out=np.full(len(total), np.nan), where=total > 0)

    @property
    def intervals(self) -> np.ndarray:
        """(B, 2) 95 % interval of the fraction correct, NaN in an empty bin.

        Source: Wilson, Probable inference, JASA 1927.
        """
        total = np.where(self.right + self.wrong > 0, self.right + self.wrong, np.nan)
        middle = (self.right + _Z**2 / 2) / (total + _Z**2)
        spread = _Z * np.sqrt(self.right * self.wrong / total + _Z**2 / 4) / (total + _Z**2)
        return np.stack([middle - spread, middle + spread], axis=1)

    @property
    def expected_calibration_error(self) -> float:
        """The mean distance between score and fraction correct, in [0, 1]; NaN without detections.

        Source: Naeini et al., Obtaining well calibrated probabilities, AAAI 2015.
        """
        total = self.right + self.wrong
        if not total.sum():
            return float("nan")
        return float(np.nansum(np.abs(self.precision - self.mean_scores) * total) / total.sum())


def score_bins(outcomes: Outcomes, *, bins: int = BINS) -> ScoreBins:
    """Sort the counted detections into equal bins of score; a score on an edge belongs to the bin above."""
    counted = outcomes.counted[0]
    scores = outcomes.overlaps.scores[counted].astype(np.float32)
    edges = np.linspace(0, 1, bins + 1, dtype=np.float32)  # as the scores, or .9 would fall below its edge
    return _binned(outcomes, np.clip(np.searchsorted(edges, scores, side="right") - 1, 0, bins - 1), edges)


def equal_count_bins(outcomes: Outcomes, *, bins: int = BINS) -> ScoreBins:
    """Sort the counted detections into bins that hold as many each, as nearly as equal scores allow."""
    scores = outcomes.overlaps.scores[outcomes.counted[0]]
    if not len(scores):
        return _binned(outcomes, np.zeros(0, np.int64), np.array([0.0, 1.0]))
    edges = np.unique(np.quantile(scores, np.linspace(0, 1, bins + 1), method="nearest"))
    edges = edges if len(edges) > 1 else np.array([edges[0], edges[0]])
    place = np.clip(np.searchsorted(edges, scores, side="right") - 1, 0, len(edges) - 2)
    return _binned(outcomes, place, edges)


def _binned(outcomes: Outcomes, place: np.ndarray, edges: np.ndarray) -> ScoreBins:
    counted, bins = outcomes.counted[0], len(edges) - 1
    scores, hits = outcomes.overlaps.scores[counted], outcomes.hits[0, counted]
    total = np.bincount(place, minlength=bins)
    right = np.bincount(place[hits], minlength=bins)
    sums = np.bincount(place, weights=scores, minlength=bins)
    means = np.divide(sums, total, out=np.full(bins, np.nan), where=total > 0)
    return ScoreBins(edges=edges, right=right, wrong=total - right, mean_scores=means)
