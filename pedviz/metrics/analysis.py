"""Everything that is shown of one detector, as plain data: numbers, curves, calibration and error types.

Our own variants and anybody's COCO files go through here; charts, tables, reports and figures only draw it.
"""

import numpy as np

from pedviz.metrics.bootstrap import interval_of
from pedviz.metrics.curves import equal_count_bins, mean_precision_curve, operating_points, score_bins
from pedviz.metrics.error_types import ERROR_TYPES, FOREGROUND_IOU, diagnose
from pedviz.metrics.evaluate import STAT_KEYS, category_numbers, category_precisions, coco_numbers
from pedviz.metrics.outcomes import COCO_IOU_THRESHOLDS, Outcomes, judge
from pedviz.metrics.overlaps import Overlaps
from pedviz.metrics.resampling import Draws
from pedviz.metrics.result_types import (
    Analysis,
    Calibration,
    CategoryRow,
    Curves,
    Errors,
    Estimate,
    ScoreHistogram,
    ThresholdCurve,
)

DECIMALS = 4  # of what is drawn; numbers are kept in full
POINTS = 120  # of a curve over scores, far more than can be told apart
HISTOGRAM_BINS = 20


def analyse(overlaps: Overlaps, *, draws: Draws | None = None) -> Analysis:
    """What is shown of one detector.

    Args:
        overlaps: of boxes or of masks.
        draws: COCO's numbers under resampling, for intervals.

    Returns:
        Plain data; its type says what is in it.
    """
    by_category = category_numbers(overlaps)
    outcomes = judge(overlaps)
    return {
        "detections": len(overlaps),
        "objects": int(outcomes.positives.sum()),
        "numbers": _numbers(by_category, draws, outcomes),
        "categories": _categories(by_category, draws, outcomes),
        "curves": _curves(outcomes) if outcomes.positives.any() else None,
        "errors": _errors(overlaps),
    }


def _numbers(by_category: np.ndarray, draws: Draws | None, outcomes: Outcomes) -> dict[str, Estimate | None]:
    numbers: dict[str, Estimate | None] = {}
    for place, (key, value) in enumerate(coco_numbers(by_category).items()):
        drawn = None if draws is None else draws.numbers[:, place]
        numbers[key] = None if value is None else _estimate(value, drawn, outcomes)
    return numbers


def _estimate(value: float, drawn: np.ndarray | None, outcomes: Outcomes) -> Estimate:
    images, objects = len(outcomes.overlaps.image_names), int(outcomes.positives.sum())
    found = None if drawn is None else interval_of(drawn, images=images, objects=objects)
    return {"value": value, "low": found.low if found else None, "high": found.high if found else None}


def _categories(by_category: np.ndarray, draws: Draws | None, outcomes: Outcomes) -> list[CategoryRow]:
    """A row for each category with objects or detections, by falling number of objects."""
    detections = np.diff(outcomes.overlaps.category_starts)
    rows: list[CategoryRow] = []
    for place in np.argsort(-outcomes.positives, kind="stable"):
        if not outcomes.positives[place] and not detections[place]:
            continue
        values = by_category[place]
        drawn = None if draws is None else draws.category_ap[:, place]
        rows.append(
            {
                "name": outcomes.overlaps.category_names[place],
                "objects": int(outcomes.positives[place]),
                "detections": int(detections[place]),
                "numbers": {
                    key: None if np.isnan(value) else float(value)
                    for key, value in zip(STAT_KEYS, values, strict=True)
                },
                "ap": None if np.isnan(values[0]) else _estimate(float(values[0]), drawn, outcomes),
            }
        )
    return rows


def _rounded(values: np.ndarray) -> list[float]:
    return [round(float(value), DECIMALS) for value in values]


def _known(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(value) else round(float(value), DECIMALS) for value in values]


def _curves(outcomes: Outcomes) -> Curves:
    half = judge(outcomes.overlaps, iou_thresholds=(FOREGROUND_IOU,))
    by_iou = category_precisions(outcomes)[outcomes.positives > 0].mean(axis=0)
    return {
        "iou": [round(value, 2) for value in COCO_IOU_THRESHOLDS],
        "precision": [
            _rounded(curve)
            for place in range(len(COCO_IOU_THRESHOLDS))
            if (curve := mean_precision_curve(outcomes, place)) is not None
        ],
        "ap": _rounded(by_iou),
        "thresholds": _thresholds(half),
        "histogram": _histogram(half),
        "calibration": _calibration(half),
    }


def _thresholds(half: Outcomes) -> ThresholdCurve | None:
    points = operating_points(half)
    if not len(points.scores):
        return None
    some = np.unique(np.linspace(0, len(points.scores) - 1, POINTS).round().astype(int))
    some = np.union1d(some, [points.best])
    return {
        "score": _rounded(points.scores[some]), "precision": _rounded(points.precision[some]),
        "recall": _rounded(points.recall[some]), "f1": _rounded(points.f1[some]),
        "best": {
            "score": float(points.scores[points.best]), "f1": float(points.f1[points.best]),
            "precision": float(points.precision[points.best]), "recall": float(points.recall[points.best]),
        },
    }  # fmt: skip


def _in_unit_range(half: Outcomes) -> bool:
    scores = half.overlaps.scores
    return bool(len(scores)) and scores.min() >= 0 and scores.max() <= 1


def _histogram(half: Outcomes) -> ScoreHistogram | None:
    if not _in_unit_range(half):
        return None
    bins = score_bins(half, bins=HISTOGRAM_BINS)
    return {"edges": _rounded(bins.edges), "right": bins.right.tolist(), "wrong": bins.wrong.tolist()}


def _calibration(half: Outcomes) -> Calibration | None:
    """Bins with as many detections each; None where scores are no probabilities."""
    if not _in_unit_range(half):
        return None
    bins = equal_count_bins(half)
    low, high = bins.intervals.T
    return {
        "score": _known(bins.mean_scores), "fraction": _known(bins.precision), "low": _known(low),
        "high": _known(high), "right": bins.right.tolist(), "wrong": bins.wrong.tolist(),
        "ece": round(bins.expected_calibration_error, DECIMALS),
    }  # fmt: skip


def _errors(overlaps: Overlaps) -> Errors:
    found = diagnose(overlaps)
    several = len(overlaps.category_names) > 1
    types = [entry for entry in ERROR_TYPES if several or not entry.needs_categories]
    return {
        "ap": found.average_precision(),
        "types": {
            entry.key: {
                "key": entry.key,
                "label": entry.label,
                "meaning": entry.meaning,
                "needs_categories": entry.needs_categories,
                "count": found.count(entry.key),
                "gain": found.gain(entry.key),
                "images": dict(list(found.count_by_image(entry.key).items())[:10]),
            }
            for entry in types
        },
    }
