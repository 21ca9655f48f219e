"""How far chance alone could move COCO's numbers, and whether two detectors can be told apart.

The images are a sample. Drawing as many images from them again, with replacement, many times, shows how much
AP depends on which images happened to be in it. Two detectors on the same images are compared under the same
draws, which removes what is hard or easy about the images themselves.

Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, percentile intervals.
"""

from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from pedviz.errors import ResultsError
from pedviz.metrics.evaluate import STAT_KEYS
from pedviz.metrics.outcomes import judge
from pedviz.metrics.overlaps import overlaps_of_record
from pedviz.metrics.records import Kind, PredictionRecord
from pedviz.metrics.resampling import DRAWS, SEED, draw_images, weighted_average_precision

PERCENTILES = (2.5, 97.5)


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A number with its 95 % interval, all in the unit of the number.

    Attributes:
        value: over the images as they are.
        low, high: the 2.5th and 97.5th percentile over draws.
        images, objects: what the value rests on.
    """

    value: float
    low: float
    high: float
    images: int
    objects: int


def interval_of(values: np.ndarray, *, images: int, objects: int) -> Interval | None:
    """Summarise (1 + B,) values, the first over the images as they are; None where that is NaN."""
    if np.isnan(values[0]):
        return None
    drawn = values[1:][~np.isnan(values[1:])]
    low, high = np.percentile(drawn, PERCENTILES) if len(drawn) else (values[0], values[0])
    return Interval(value=float(values[0]), low=float(low), high=float(high), images=images, objects=objects)


@lru_cache(maxsize=64)  # records are told apart by identity; a run is compared with several others
def drawn_average_precision(
    run: PredictionRecord, *, kind: Kind, draws: int = DRAWS, seed: int = SEED
) -> np.ndarray:
    """AP of a run over its images as they are, and over each draw of them.

    Returns:
        (1 + B,) in [0, 1], the images as they are first; NaN for a draw without people.

    Raises:
        ValueError: masks are asked for and the run has none.
    """
    outcomes = judge(overlaps_of_record(run, kind=kind))
    images = len(run.images)
    all_weights = [np.ones((1, images)), *draw_images(images, draws=draws, seed=seed)]
    return np.concatenate([weighted_average_precision(outcomes, weights) for weights in all_weights])


def interval(run: PredictionRecord, *, kind: Kind, draws: int = DRAWS, seed: int = SEED) -> Interval:
    """AP of a run with its 95 % interval over images, in [0, 1].

    Raises:
        ValueError: masks are asked for and the run has none, or there is nobody to find.
    """
    return _interval_of_run(drawn_average_precision(run, kind=kind, draws=draws, seed=seed), run)


def paired_difference(
    first: PredictionRecord, second: PredictionRecord, *, kind: Kind, draws: int = DRAWS, seed: int = SEED
) -> Interval:
    """AP of `second` minus AP of `first` with its 95 % interval, both under the same draws, in [-1, 1].

    A run against itself gives exactly 0 throughout.

    Raises:
        ResultsError: the two were not measured on the same images.
        ValueError: masks are asked for and a run has none, or there is nobody to find.
    """
    require_same_images(first, second)
    drawn = partial(drawn_average_precision, kind=kind, draws=draws, seed=seed)
    return _interval_of_run(drawn(second) - drawn(first), first)


def require_same_images(first: PredictionRecord, second: PredictionRecord) -> None:
    """Refuse to compare runs on different images.

    Raises:
        ResultsError: the two were not measured on the same images.
    """
    if _measured_on(first) != _measured_on(second):
        raise ResultsError(
            f"{first.run_id} and {second.run_id} were measured on different images; "
            "only runs on one split can be compared"
        )


def _measured_on(run: PredictionRecord) -> tuple[str, list[str]]:
    return run.split_sha256, [image.name for image in run.images]


def _interval_of_run(values: np.ndarray, run: PredictionRecord) -> Interval:
    found = interval_of(values, images=len(run.images), objects=run.people)
    if found is None:
        raise ValueError(f"{run.run_id}: expected somebody to find in {len(run.images)} images, got nobody")
    return found


def verdict(difference: Interval, *, first: str, second: str, number: str = STAT_KEYS[0]) -> str:
    """One plain sentence about a paired difference, in points (0 to 100).

    >>> found = Interval(value=0.031, low=0.012, high=0.05, images=50, objects=124)
    >>> verdict(found, first="A", second="B")
    'B is better by 3.1 AP [1.2, 5.0] on these 50 images.'
    """
    value, low, high = (100 * share for share in (difference.value, difference.low, difference.high))
    where = f"on these {difference.images:,} images"
    if value == low == high == 0:
        return f"{first} and {second} score alike: their difference is exactly 0 {where}."
    if low > 0:
        return f"{second} is better by {value:.1f} {number} [{low:.1f}, {high:.1f}] {where}."
    if high < 0:
        return f"{first} is better by {-value:.1f} {number} [{-high:.1f}, {-low:.1f}] {where}."
    return (
        f"{first} and {second} cannot be told apart {where}: "
        f"the difference is {value:+.1f} {number} [{low:+.1f}, {high:+.1f}]."
    )
