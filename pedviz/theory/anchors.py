"""Anchors: the fixed boxes that a region proposal network judges, and how training labels them.

K counts people, N counts anchors, A counts anchors at one place, H x W are cells of a feature map.
"""

from dataclasses import dataclass

import numpy as np

HIGH_OVERLAP = 0.7
LOW_OVERLAP = 0.3
PERSON, BACKGROUND, IGNORED = 1, 0, -1


def anchor_grid(
    feature_size: tuple[int, int],
    *,
    stride: tuple[int, int],
    sides: tuple[float, ...],
    ratios: tuple[float, ...] = (0.5, 1.0, 2.0),
) -> np.ndarray:
    """The anchors of one feature map.

    Args:
        feature_size: (H, W) cells.
        stride: (rows, columns) of pixels from one cell to the next.
        sides: square roots of the anchors' areas, pixels.
        ratios: heights over widths.

    Returns:
        (H W A, 4) float64 pixels with A = sides x ratios: for each cell in reading order, for each ratio,
        each side. Corners are on whole pixels, centred on the cell's upper left corner.

    Source: Ren et al., Faster R-CNN, NIPS 2015; torchvision's AnchorGenerator.

    >>> anchor_grid((1, 2), stride=(8, 8), sides=(16,), ratios=(1.0,))
    array([[-8., -8.,  8.,  8.],
           [ 0., -8., 16.,  8.]])
    """
    tall = np.sqrt(np.asarray(ratios, dtype=np.float64))
    heights, widths = (np.outer(factor, sides).ravel() for factor in (tall, 1 / tall))  # (A,)
    shapes = np.round(np.stack([-widths, -heights, widths, heights], axis=1) / 2)  # (A, 4)
    y, x = np.meshgrid(*(np.arange(n) * step for n, step in zip(feature_size, stride, strict=True)),
                       indexing="ij")  # fmt: skip
    places = np.stack([x, y, x, y], axis=-1).reshape(-1, 1, 4)  # (H W, 1, 4)
    return (places + shapes).reshape(-1, 4)


@dataclass(frozen=True, kw_only=True, eq=False)
class AnchorLabels:
    """What each anchor is trained to say.

    Attributes:
        labels: (N,) int64: 1 a person, 0 background, -1 ignored.
        people: (N,) int64, the person whose box a positive anchor learns, -1 for the others.
        best_overlap: (N,) IoU with the person it overlaps most, in [0, 1].
        rescued: (N,) bool, positive only because no anchor overlaps some person more.
    """

    labels: np.ndarray
    people: np.ndarray
    best_overlap: np.ndarray
    rescued: np.ndarray


def label_anchors(
    overlaps: np.ndarray, *, high: float = HIGH_OVERLAP, low: float = LOW_OVERLAP
) -> AnchorLabels:
    """Label anchors by their IoU with the people in an image.

    IoU >= `high` with anybody: positive. IoU < `low` with everybody: background. Between: ignored.
    So that nobody is left without an anchor, the anchors that overlap a person most (ties included) are
    positive whatever their IoU. As in torchvision, such an anchor learns the person that *it* overlaps
    most, who may be another one; and a person whom no anchor touches makes every anchor positive that
    does not touch them.

    Args: overlaps, (K, N) IoU; high and low, IoU with low <= high.
    Returns: labels, (N,) each; all background where nobody is in the image.
    Raises: ValueError if low > high.
    Source: Ren et al., Faster R-CNN, NIPS 2015, 3.1.2; torchvision's Matcher with low-quality matches.

    >>> found = label_anchors(np.array([[0.8, 0.5, 0.1, 0.0], [0.0, 0.2, 0.0, 0.4]]))
    >>> found.labels, found.people, found.rescued
    (array([ 1, -1,  0,  1]), array([ 0, -1, -1,  1]), array([False, False, False,  True]))
    """
    if low > high:
        raise ValueError(f"expected low <= high, got low {low} and high {high}")
    overlaps = np.asarray(overlaps)
    count = overlaps.shape[1]
    if not overlaps.size:
        nothing = np.zeros(count, np.int64)
        return AnchorLabels(
            labels=nothing, people=nothing - 1, best_overlap=nothing + 0.0, rescued=nothing > 0
        )
    best = overlaps.max(axis=0)  # (N,)
    rescuing = (overlaps == overlaps.max(axis=1, keepdims=True)).any(axis=0)  # (N,)
    positive = (best >= high) | rescuing
    labels = np.where(positive, PERSON, np.where(best < low, BACKGROUND, IGNORED))
    people = np.where(positive, overlaps.argmax(axis=0), -1)
    return AnchorLabels(labels=labels, people=people, best_overlap=best, rescued=rescuing & (best < high))


def sample_anchors(
    labels: np.ndarray, keys: np.ndarray, *, size: int = 256, positive_share: float = 0.5
) -> np.ndarray:
    """The few anchors that one training step learns from.

    Args:
        labels: (N,) int: 1, 0 or -1.
        keys: (N,) random numbers; within each label the anchors with the smallest keys are taken.
        size: how many anchors, if there are as many.
        positive_share: the largest part of them that may be positive; background fills up the rest.

    Returns:
        (n,) int64 places, rising, n <= size.

    Source: Ren et al., Faster R-CNN, NIPS 2015, 3.1.3; torchvision's BalancedPositiveNegativeSampler.

    >>> sample_anchors(np.array([1, 1, 1, 0, 0, -1]), np.array([3, 1, 2, 9, 8, 7]), size=4)
    array([1, 2, 3, 4])
    """
    labels, keys = np.asarray(labels), np.asarray(keys)

    def take(label: int, at_most: int) -> np.ndarray:
        places = np.flatnonzero(labels == label)
        return places[np.argsort(keys[places], kind="stable")][:at_most]

    positive = take(PERSON, int(size * positive_share))
    return np.sort(np.concatenate([positive, take(BACKGROUND, size - len(positive))]))
