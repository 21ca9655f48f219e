"""From a ranked list of detections to one number, average precision.

A detector returns its detections with scores. Sorted best first, each is a hit (it found a person whom no
better detection had found) or not. Everything here follows from that list of hits and from how many people
there are to find; true negatives do not exist, because nobody counts the people who were not there.

Letters in shapes: D ranked detections, R recall points. `...` stands for any leading axes, so a thousand
resampled lists are computed as easily as one.

The worked example of all that follows: five people, ten detections.

>>> precision, recall = precision_recall(EXAMPLE_HITS, people=EXAMPLE_PEOPLE)
>>> print(precision.round(2))
[1.   1.   0.67 0.5  0.4  0.5  0.57 0.5  0.44 0.5 ]
>>> print(recall)
[0.2 0.4 0.4 0.4 0.4 0.6 0.8 0.8 0.8 1. ]
"""

import numpy as np

EXAMPLE_HITS = np.array([True, True, False, False, False, True, True, False, False, True])
EXAMPLE_PEOPLE = 5

# COCO's grid as pycocotools builds it: i * 0.01 in floats, of which ten lie just above i / 100. A recall of
# 35/100 therefore misses point 35. A second implementation agrees only if it multiplies too.
COCO_RECALL_POINTS = np.linspace(0.0, 1.0, 101)
VOC_RECALL_POINTS = np.arange(11) / 10


def running_counts(hits: np.ndarray, *, people: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True positives, false positives and false negatives after each detection of a ranked list.

    Args:
        hits: (D,) bool, best score first.
        people: how many there are to find.

    Returns:
        Three (D,) int64 arrays; the first and the third always sum to `people`.

    Raises:
        ValueError: there are more hits than people.

    Source: Everingham et al., PASCAL VOC, IJCV 2010.

    >>> found, wrong, missed = running_counts(np.array([True, False, True]), people=5)
    >>> print(found, wrong, missed)
    [1 1 2] [0 1 1] [4 4 3]
    """
    true_positives = np.cumsum(hits, dtype=np.int64)  # (D,)
    if len(true_positives) and true_positives[-1] > people:
        raise ValueError(f"a person is found once: expected at most {people} hits, got {true_positives[-1]}")
    false_positives = np.arange(1, len(true_positives) + 1) - true_positives  # (D,)
    return true_positives, false_positives, people - true_positives


def precision_recall(hits: np.ndarray, *, people: int) -> tuple[np.ndarray, np.ndarray]:
    """Precision and recall after each detection of a ranked list.

    Precision is the share of detections so far that are hits; recall the share of people found so far.

    Args:
        hits: (D,) bool, best score first.
        people: how many there are to find, at least 1.

    Returns:
        Precision and recall, each (D,) float64 in [0, 1]; recall never falls.

    Raises:
        ValueError: there is nobody to find, or more hits than people.

    Source: Everingham et al., PASCAL VOC, IJCV 2010.

    One right detection alone is perfectly precise and finds little; returning everything finds all:

    >>> precision_recall(np.array([True]), people=5)
    (array([1.]), array([0.2]))
    >>> precision, recall = precision_recall(np.array([True] * 5 + [False] * 45), people=5)
    >>> print(precision[-1], recall[-1])
    0.1 1.0
    """
    if people < 1:
        raise ValueError(f"recall needs someone to find: expected at least 1 person, got {people}")
    true_positives, false_positives, _ = running_counts(hits, people=people)
    return true_positives / (true_positives + false_positives), true_positives / people


def interpolate_precision(precision: np.ndarray) -> np.ndarray:
    """The best precision at this recall or any higher one: each value becomes the maximum to its right.

    Args: precision, (..., D).
    Returns: (..., D), never rising.
    Source: Everingham et al., PASCAL VOC, IJCV 2010, section 4.2.

    >>> precision, recall = precision_recall(EXAMPLE_HITS, people=EXAMPLE_PEOPLE)
    >>> print(interpolate_precision(precision).round(2))
    [1.   1.   0.67 0.57 0.57 0.57 0.57 0.5  0.5  0.5 ]
    """
    return np.maximum.accumulate(precision[..., ::-1], axis=-1)[..., ::-1]


def raw_average_precision(precision: np.ndarray, recall: np.ndarray) -> np.ndarray:
    """The integral of p(r) dr over the steps of the uninterpolated curve, with its dips.

    Args: precision and recall, (..., D), after each detection.
    Returns: (...) in [0, 1]; 0 for an empty list.
    Source: the sum of precision x gain in recall, as scikit-learn's average_precision_score.

    >>> precision, recall = precision_recall(EXAMPLE_HITS, people=EXAMPLE_PEOPLE)
    >>> print(raw_average_precision(precision, recall).round(4))
    0.7143
    """
    return (precision * np.diff(recall, axis=-1, prepend=0)).sum(axis=-1)


def all_point_average_precision(precision: np.ndarray, recall: np.ndarray) -> np.ndarray:
    """The integral under the interpolated curve: PASCAL VOC since 2010.

    Args: precision and recall, (..., D), after each detection.
    Returns: (...) in [0, 1]; never below the raw integral.
    Source: the PASCAL VOC 2010 development kit.

    >>> precision, recall = precision_recall(EXAMPLE_HITS, people=EXAMPLE_PEOPLE)
    >>> print(all_point_average_precision(precision, recall).round(4))
    0.7286
    """
    return raw_average_precision(interpolate_precision(precision), recall)


def _points_reached(recall: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(..., D): how many recall points each detection is the first to reach."""
    reached = np.searchsorted(points, recall, side="right")  # (..., D)
    return np.diff(reached, axis=-1, prepend=0)


def sample_precision(
    precision: np.ndarray, recall: np.ndarray, *, points: np.ndarray = COCO_RECALL_POINTS
) -> np.ndarray:
    """The interpolated precision at each recall point: the curve that evaluators draw.

    Args:
        precision, recall: (D,) after each detection.
        points: (R,) rising recalls, the first of them 0.

    Returns:
        (R,); 0.0 where no detection reaches that recall.

    Source: Lin et al., COCO, ECCV 2014; the evaluation code of pycocotools.

    >>> precision, recall = precision_recall(EXAMPLE_HITS, people=EXAMPLE_PEOPLE)
    >>> print(sample_precision(precision, recall, points=VOC_RECALL_POINTS).round(2))
    [1.   1.   1.   1.   1.   0.57 0.57 0.57 0.57 0.5  0.5 ]
    """
    sampled = np.zeros(len(points))
    reached = np.repeat(interpolate_precision(precision), _points_reached(recall, points))
    sampled[: len(reached)] = reached
    return sampled


def average_precision_at(precision: np.ndarray, recall: np.ndarray, *, points: np.ndarray) -> np.ndarray:
    """The mean of the interpolated precision at the recall points.

    Args:
        precision, recall: (..., D) after each detection.
        points: (R,) rising recalls, the first of them 0.

    Returns:
        (...) in [0, 1].

    Source: Lin et al., COCO, ECCV 2014.
    """
    weights = _points_reached(recall, points)  # (..., D)
    return (interpolate_precision(precision) * weights).sum(axis=-1) / len(points)


def voc_2007_average_precision(precision: np.ndarray, recall: np.ndarray) -> np.ndarray:
    """The mean of the interpolated precision at recalls 0, 0.1, ..., 1: PASCAL VOC 2007.

    Args: precision and recall, (..., D), after each detection.
    Returns: (...) in [0, 1].
    Source: Everingham et al., PASCAL VOC, IJCV 2010, section 4.2.

    >>> precision, recall = precision_recall(EXAMPLE_HITS, people=EXAMPLE_PEOPLE)
    >>> print(voc_2007_average_precision(precision, recall).round(4))
    0.7532
    """
    return average_precision_at(precision, recall, points=VOC_RECALL_POINTS)


def coco_average_precision(precision: np.ndarray, recall: np.ndarray) -> np.ndarray:
    """The mean of the interpolated precision at recalls 0, 0.01, ..., 1: COCO, at one IoU threshold.

    Args: precision and recall, (..., D), after each detection.
    Returns: (...) in [0, 1].
    Source: Lin et al., COCO, ECCV 2014; the evaluation code of pycocotools.

    >>> precision, recall = precision_recall(EXAMPLE_HITS, people=EXAMPLE_PEOPLE)
    >>> print(coco_average_precision(precision, recall).round(4))
    0.7313
    """
    return average_precision_at(precision, recall, points=COCO_RECALL_POINTS)
