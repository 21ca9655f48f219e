"""COCO's numbers of data sets in which images are repeated, exactly and a thousand at a time.

The weighted formulas give each draw of images the numbers that pycocotools would give a data set with those
images repeated. Letters in shapes: B draws, b of them at a time, I images, T IoU thresholds, D detections,
H hits, C categories.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from pedviz.metrics.outcomes import AREA_RANGES, Outcomes, judge
from pedviz.metrics.overlaps import Overlaps
from pedviz.theory.precision_recall import COCO_RECALL_POINTS
from pedviz.types import DETECTION_LIMIT

DRAWS = 1000
SEED = 0
DRAWS_AT_ONCE = 50  # bounds the memory, which grows with the detections alone
IMAGES_AT_ONCE = 20_000_000  # of all draws together


@dataclass(frozen=True, kw_only=True, eq=False)
class Draws:
    """COCO's numbers over the images as they are, first, and over each draw of them.

    Attributes:
        numbers: (1 + B, 12) in the order of STAT_KEYS; NaN for a draw without objects of that size.
        category_ap: (1 + B, C) AP of each category.
    """

    numbers: np.ndarray
    category_ap: np.ndarray


def draw_images(images: int, *, draws: int = DRAWS, seed: int = SEED) -> Iterator[np.ndarray]:
    """How often each image occurs in each draw of `images` images with replacement, some draws at a time.

    Yields:
        (b, I) float64 whole numbers; the same for the same arguments.
    """
    generator = np.random.default_rng(seed)
    at_once = max(1, min(DRAWS_AT_ONCE, IMAGES_AT_ONCE // max(images, 1)))
    for first in range(0, draws, at_once):
        some = min(at_once, draws - first)
        yield generator.multinomial(images, np.full(images, 1 / images), size=some).astype(np.float64)


def draw_numbers(
    overlaps: Overlaps,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Callable[[int], None] = lambda done: None,
) -> Draws:
    """COCO's twelve numbers over the images as they are, and over each draw of them.

    Args:
        overlaps: of one detector.
        draws: how many.
        seed: the same seed draws the same images, which pairs two detectors.
        progress: is told how many draws are done; it may raise to stop.
    """
    by_size = [judge(overlaps, size=size) for size in AREA_RANGES]
    as_they_are = np.ones((1, len(overlaps.image_names)))
    found, done = [_numbers(by_size, as_they_are)], 0
    for weights in draw_images(len(overlaps.image_names), draws=draws, seed=seed):
        found.append(_numbers(by_size, weights))
        done += len(weights)
        progress(done)
    numbers, category_ap = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return Draws(numbers=numbers, category_ap=category_ap)


def _numbers(by_size: list[Outcomes], weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(b, 12) numbers and (b, C) AP of each category; `by_size` as in AREA_RANGES."""
    whole, *sized = by_size
    positives = [_weighted_positives(outcomes, weights) for outcomes in by_size]
    precisions = weighted_precisions(whole, weights, positives=positives[0])  # (b, C, T)
    columns = [precisions.mean(axis=2), precisions[:, :, 0], precisions[:, :, 5]]
    columns += [
        weighted_precisions(outcomes, weights, positives=there).mean(axis=2)
        for outcomes, there in zip(sized, positives[1:], strict=True)
    ]
    columns += [_weighted_recalls(whole, weights, positives[0], limit) for limit in (1, 10, DETECTION_LIMIT)]
    columns += [
        _weighted_recalls(outcomes, weights, there, DETECTION_LIMIT)
        for outcomes, there in zip(sized, positives[1:], strict=True)
    ]
    return np.stack([_mean_over_categories(column) for column in columns], axis=1), columns[0]


def _mean_over_categories(values: np.ndarray) -> np.ndarray:
    """(b,) means of (b, C) over what is not NaN."""
    known = ~np.isnan(values)
    counts = known.sum(axis=1)
    sums = np.where(known, values, 0).sum(axis=1)
    return np.divide(sums, counts, out=np.full(len(values), np.nan), where=counts > 0)


def _sums_by_category(
    weights: np.ndarray, images: np.ndarray, categories: np.ndarray, *, values: np.ndarray, count: int
) -> np.ndarray:
    """(b, C): `values` (n,) of each category, each as often as its image occurs."""
    sums = np.zeros((len(weights), count))
    order = np.argsort(categories, kind="stable")
    edges = np.searchsorted(categories[order], np.arange(count + 1))
    for category in np.flatnonzero(np.diff(edges)):
        some = order[edges[category] : edges[category + 1]]
        sums[:, category] = weights[:, images[some]] @ values[some]
    return sums


def _weighted_positives(outcomes: Outcomes, weights: np.ndarray) -> np.ndarray:
    objects, there = outcomes.overlaps.objects, np.flatnonzero(outcomes.to_find)
    return _sums_by_category(
        weights, objects.images[there], objects.categories[there], values=np.ones(len(there)),
        count=len(outcomes.positives),
    )  # fmt: skip


def _weighted_recalls(
    outcomes: Outcomes, weights: np.ndarray, positives: np.ndarray, limit: int
) -> np.ndarray:
    """(b, C) share of objects found, mean over thresholds; NaN without objects."""
    overlaps = outcomes.overlaps
    times = outcomes.hits.sum(axis=0) * (overlaps.ranks < limit) / len(outcomes.thresholds)  # (D,)
    some = np.flatnonzero(times)
    found = _sums_by_category(
        weights, overlaps.images[some], overlaps.categories[some], values=times[some],
        count=positives.shape[1],
    )  # fmt: skip
    return np.divide(found, positives, out=np.full_like(found, np.nan), where=positives > 0)


def weighted_precisions(
    outcomes: Outcomes, weights: np.ndarray, *, positives: np.ndarray | None = None
) -> np.ndarray:
    """AP of a detector on a data set in which each image occurs as often as its weight says.

    Repeating an image repeats its detections beside each other in the ranking. Precision peaks and recall
    grows at hits only, so it is enough to count, for each hit, the detections that rank up to it.

    Args:
        outcomes: judged detections.
        weights: (b, I) how often each image occurs.
        positives: (b, C) objects to find, where they are known already.

    Returns:
        (b, C, T); NaN for a draw without objects of the category.
    """
    positives = _weighted_positives(outcomes, weights) if positives is None else positives
    found = np.full((len(weights), positives.shape[1], len(outcomes.thresholds)), np.nan)
    for category in np.flatnonzero(positives.any(axis=0)).tolist():
        some = outcomes.of_category(category)
        found[:, category] = _weighted_category(outcomes, some, weights, there=positives[:, category])
    return found


def _weighted_category(
    outcomes: Outcomes, some: slice, weights: np.ndarray, *, there: np.ndarray
) -> np.ndarray:
    """(b, T) AP of the category whose detections are `some`; d of them count at any threshold."""
    kept = np.flatnonzero(outcomes.counted[:, some].any(axis=0))
    counted, hits = outcomes.counted[:, some][:, kept], outcomes.hits[:, some][:, kept]  # (T, d)
    times = weights[:, outcomes.overlaps.images[some][kept]]  # (b, d) how often each detection occurs
    ranked_all = np.cumsum(times, axis=1)
    reached = _points_by_count(there)
    found = np.zeros((len(weights), len(counted)))
    for place in range(len(counted)):
        at_hits = np.flatnonzero(hits[place])  # (H,)
        left_out = np.flatnonzero(~counted[place])
        ranked = ranked_all[:, at_hits]  # (b, H) detections up to each hit
        if left_out.size:
            skipped = np.cumsum(times[:, left_out], axis=1)
            before = np.searchsorted(left_out, at_hits)
            ranked = ranked - np.pad(skipped, ((0, 0), (1, 0)))[:, before]
        right = np.cumsum(times[:, at_hits], axis=1)  # (b, H) of them right
        found[:, place] = _average(right, ranked, reached)
    found[there == 0] = np.nan
    return found


def _points_by_count(there: np.ndarray) -> np.ndarray:
    """(b, n + 1): how many recall points are reached when so many of `there` (b,) objects are found."""
    counts = np.arange(int(there.max()) + 1)
    return np.searchsorted(COCO_RECALL_POINTS, counts / np.maximum(there, 1)[:, None], side="right")


def _average(right: np.ndarray, ranked: np.ndarray, reached: np.ndarray) -> np.ndarray:
    """(b,) mean of the interpolated precision at the recall points, from (b, H) counts at hits."""
    if not right.shape[1]:
        return np.zeros(len(right))
    precision = np.divide(right, ranked, out=np.zeros_like(right), where=ranked > 0)
    interpolated = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    points = np.take_along_axis(reached, right.astype(np.int64), axis=1)
    gained = np.diff(points, axis=1, prepend=0)
    return np.einsum("bh,bh->b", interpolated, gained) / len(COCO_RECALL_POINTS)


def weighted_average_precision(outcomes: Outcomes, weights: np.ndarray) -> np.ndarray:
    """(b,) AP, the mean over thresholds and categories; see `weighted_precisions`."""
    return _mean_over_categories(weighted_precisions(outcomes, weights).mean(axis=2))
