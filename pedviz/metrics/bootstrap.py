"""How far chance alone could move an average precision, and whether two runs can be told apart.

The test pictures are a sample. Drawing as many pictures from them again, with replacement, many times, shows
how much AP depends on which pictures happened to be in it. Two runs on the same pictures are compared under
the same draws, which removes what is hard or easy about the pictures themselves.

Everything is exact: the weighted formula below gives each draw the AP that pycocotools would give a data set
with those pictures repeated. Letters in shapes: B draws, I pictures, T IoU thresholds, H hits.

Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, percentile intervals.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from pedviz.errors import ResultsError
from pedviz.metrics.outcomes import COCO_IOU_THRESHOLDS, Outcomes, judge
from pedviz.metrics.records import Kind, PredictionRecord
from pedviz.theory.precision_recall import coco_average_precision

DRAWS = 1000
SEED = 0
PERCENTILES = (2.5, 97.5)
DRAWS_AT_ONCE = 50  # bounds the memory, which grows with the detections alone


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A number with its 95 % interval, all in the unit of the number.

    Attributes:
        value: over the pictures as they are.
        low, high: the 2.5th and 97.5th percentile over draws.
        pictures, people: what the value rests on.
    """

    value: float
    low: float
    high: float
    pictures: int
    people: int


def draw_pictures(pictures: int, *, draws: int = DRAWS, seed: int = SEED) -> np.ndarray:
    """How often each picture occurs in each draw of `pictures` pictures with replacement.

    Returns:
        (B, I) float64 whole numbers; the same for the same arguments.
    """
    generator = np.random.default_rng(seed)
    return generator.multinomial(pictures, np.full(pictures, 1 / pictures), size=draws).astype(np.float64)


def weighted_average_precision(outcomes: Outcomes, weights: np.ndarray) -> np.ndarray:
    """AP of a run in which each picture occurs as often as its weight says.

    Repeating a picture repeats its detections beside each other in the ranking. Precision peaks and recall
    grows at hits only, so it is enough to count, for each hit, the detections that rank up to it.

    Args:
        outcomes: judged detections.
        weights: (B, I) how often each picture occurs.

    Returns:
        (B,) mean over thresholds; NaN for a draw without people.
    """
    people = weights @ outcomes.people  # (B,)
    precisions = [
        _average_precision_at(place, outcomes, weights=weights, people=np.maximum(people, 1))
        for place in range(len(outcomes.thresholds))
    ]
    return np.where(people > 0, np.mean(precisions, axis=0), np.nan)


def _average_precision_at(
    place: int, outcomes: Outcomes, *, weights: np.ndarray, people: np.ndarray
) -> np.ndarray:
    """(B,) AP at the threshold in `place`; D detections count there."""
    counted = outcomes.counted[place]
    pictures, hits = outcomes.pictures[counted], outcomes.hits[place, counted]  # (D,)
    at_hits = np.flatnonzero(hits)  # (H,)
    drawn = []
    for first in range(0, len(weights), DRAWS_AT_ONCE):
        some = slice(first, first + DRAWS_AT_ONCE)  # b of the draws
        times = weights[some, pictures]  # (b, D) how often each detection occurs
        ranked = np.cumsum(times, axis=1)[:, at_hits]  # (b, H) detections up to each hit
        found = np.cumsum(times[:, at_hits], axis=1)  # (b, H) of them right
        precision = np.divide(found, ranked, out=np.zeros_like(found), where=ranked > 0)
        drawn.append(coco_average_precision(precision, found / people[some, None]))
    return np.concatenate(drawn)


def interval(
    run: PredictionRecord,
    *,
    kind: Kind,
    iou_thresholds: tuple[float, ...] = COCO_IOU_THRESHOLDS,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Interval:
    """AP of a run with its 95 % interval over pictures, in [0, 1].

    Raises:
        ValueError: masks are asked for and the run has none, or there is nobody to find.
    """
    return _interval(
        drawn_average_precision(run, kind=kind, iou_thresholds=iou_thresholds, draws=draws, seed=seed), run
    )


def drawn_average_precision(
    run: PredictionRecord,
    *,
    kind: Kind,
    iou_thresholds: tuple[float, ...] = COCO_IOU_THRESHOLDS,
    draws: int = DRAWS,
    seed: int = SEED,
) -> np.ndarray:
    """AP of a run over its pictures as they are, and over each draw of them.

    Returns:
        (1 + B,) in [0, 1], the pictures as they are first; NaN for a draw without people.

    Raises:
        ValueError: masks are asked for and the run has none.
    """
    outcomes = judge(run, kind=kind, iou_thresholds=iou_thresholds)
    return weighted_average_precision(outcomes, _weights(run, draws, seed))


def paired_difference(
    first: PredictionRecord,
    second: PredictionRecord,
    *,
    kind: Kind,
    iou_thresholds: tuple[float, ...] = COCO_IOU_THRESHOLDS,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Interval:
    """AP of `second` minus AP of `first` with its 95 % interval, both under the same draws, in [-1, 1].

    A run against itself gives exactly 0 throughout.

    Raises:
        ResultsError: the two were not measured on the same pictures.
        ValueError: masks are asked for and a run has none, or there is nobody to find.
    """
    drawn = partial(drawn_average_precision, kind=kind, iou_thresholds=iou_thresholds, draws=draws, seed=seed)
    return difference_of(first, second, drawn=drawn)


def difference_of(
    first: PredictionRecord, second: PredictionRecord, *, drawn: Callable[[PredictionRecord], np.ndarray]
) -> Interval:
    """As `paired_difference`, with the draws of each run from `drawn`, which may remember them.

    Args:
        first, second: two runs.
        drawn: `drawn_average_precision` with its settings; the same draws for both runs.

    Raises:
        ResultsError, ValueError: as for `paired_difference`.
    """
    if _measured_on(first) != _measured_on(second):
        raise ResultsError(
            f"{first.run_id} and {second.run_id} were measured on different pictures; "
            "only runs on one split can be compared"
        )
    return _interval(drawn(second) - drawn(first), first)


def verdict(difference: Interval, *, first: str, second: str) -> str:
    """One plain sentence about a paired difference, in AP points (0 to 100).

    >>> found = Interval(value=0.031, low=0.012, high=0.05, pictures=50, people=124)
    >>> verdict(found, first="A", second="B")
    'B is better by 3.1 AP [1.2, 5.0] on these 50 pictures.'
    """
    value, low, high = (100 * number for number in (difference.value, difference.low, difference.high))
    where = f"on these {difference.pictures} pictures"
    if value == low == high == 0:
        return f"{first} and {second} answer alike: their difference is exactly 0 {where}."
    if low > 0:
        return f"{second} is better by {value:.1f} AP [{low:.1f}, {high:.1f}] {where}."
    if high < 0:
        return f"{first} is better by {-value:.1f} AP [{-high:.1f}, {-low:.1f}] {where}."
    return (
        f"{first} and {second} cannot be told apart {where}: "
        f"the difference is {value:+.1f} AP [{low:+.1f}, {high:+.1f}]."
    )


def _measured_on(run: PredictionRecord) -> tuple[str, list[str]]:
    return run.split_sha256, [picture.name for picture in run.pictures]


def _weights(run: PredictionRecord, draws: int, seed: int) -> np.ndarray:
    """(1 + B, I): the pictures as they are, once each, and then the draws."""
    drawn = draw_pictures(len(run.pictures), draws=draws, seed=seed)
    return np.concatenate([np.ones((1, len(run.pictures))), drawn])


def _interval(values: np.ndarray, run: PredictionRecord) -> Interval:
    """Summarise (1 + B,) values, the first over the pictures as they are."""
    if np.isnan(values[0]):
        raise ValueError(
            f"{run.run_id}: expected somebody to find in {len(run.pictures)} pictures, got nobody"
        )
    low, high = np.nanpercentile(values[1:], PERCENTILES)
    return Interval(
        value=float(values[0]),
        low=float(low),
        high=float(high),
        pictures=len(run.pictures),
        people=run.people,
    )
