"""RoIPool: a region of a feature map rounded to whole cells, cut into bins, the maximum of each kept.

Feature maps are (..., H, W): one map, or any number of channels. A box is (x1, y1, x2, y2) in pixels of
the image; times `spatial_scale` (1/4 to 1/32) it is in cells of the map. The output has P x Q bins.
One region at a time: for many, the gradients add up.

Two readings of it exist, and both are here. `floor_bins` cuts a region of whole cells into bins that do
not overlap, as report B does by hand. `rounded_bins` is torchvision's roi_pool, whose bins share a row or
a column where the division leaves a remainder.
"""

from dataclasses import dataclass

import numpy as np

from pedviz.theory.checks import checked_box


@dataclass(frozen=True, kw_only=True, eq=False)
class Bins:
    """A region in whole cells, cut into P x Q bins.

    Attributes:
        region: first column, first row, one past the last column, one past the last row.
        rows: (P, 2) int64, each bin's first row and one past its last, within the map.
        columns: (Q, 2) int64, likewise.
    """

    region: tuple[int, int, int, int]
    rows: np.ndarray
    columns: np.ndarray


def floor_bins(region: tuple[int, int, int, int], *, output_size: tuple[int, int]) -> Bins:
    """Cut whole cells into bins that do not overlap, rounding each cut down.

    Args:
        region: first column, first row, one past the last column, one past the last row, inside the map.
        output_size: (P, Q).

    Returns:
        The bins; cut i of n cells into P is at floor(i n / P), so 7 rows in 2 are 3 and 4.

    Source: Report B's worked example; Girshick, Fast R-CNN, ICCV 2015.

    >>> bins = floor_bins((2, 0, 7, 7), output_size=(2, 2))  # 5 wide and 7 high
    >>> bins.rows.tolist(), bins.columns.tolist()
    ([[0, 3], [3, 7]], [[2, 4], [4, 7]])
    """
    x1, y1, x2, y2 = region

    def cut(start: int, stop: int, parts: int) -> np.ndarray:
        cuts = start + np.arange(parts + 1) * (stop - start) // parts  # (parts + 1,)
        return np.stack([cuts[:-1], cuts[1:]], axis=1)

    return Bins(region=region, rows=cut(y1, y2, output_size[0]), columns=cut(x1, x2, output_size[1]))


def _rounded(position: float) -> int:
    """The nearest whole number, halves away from zero as in C; Python rounds them to even."""
    whole = int(position)
    return whole + int(np.sign(position)) * (abs(position - whole) >= 0.5)


def rounded_bins(
    box_xyxy: np.ndarray,
    *,
    output_size: tuple[int, int],
    feature_size: tuple[int, int],
    spatial_scale: float = 1.0,
) -> Bins:
    """Round a box to whole cells and cut it, rounding each bin outwards: torchvision's roi_pool.

    Args:
        box_xyxy: (4,) pixels of the image.
        output_size: (P, Q).
        feature_size: (H, W) cells; bins are clipped to it.
        spatial_scale: cells per pixel.

    Returns:
        The bins. Both rounded corners belong to the region, so it is at least one cell; bins share a
        row or column where the division leaves a remainder, and are empty outside the map.

    Raises:
        ValueError: the box is reversed or not finite.

    Source: torchvision.ops.roi_pool.

    >>> bins = rounded_bins(np.array([2, 0, 7, 6]), output_size=(2, 2), feature_size=(8, 8))
    >>> bins.rows.tolist(), bins.columns.tolist()
    ([[0, 4], [3, 7]], [[2, 5], [5, 8]])
    """
    x1, y1, x2, y2 = (_rounded(edge) for edge in checked_box("box_xyxy", box_xyxy) * spatial_scale)

    def cut(first: int, last: int, parts: int, length: int) -> np.ndarray:
        side = (last - first + 1) / parts
        part = np.arange(parts)
        edges = np.stack([np.floor(part * side), np.ceil((part + 1) * side)], axis=1)
        return np.clip(edges.astype(np.int64) + first, 0, length)  # (parts, 2)

    return Bins(
        region=(x1, y1, x2 + 1, y2 + 1),
        rows=cut(y1, y2, output_size[0], feature_size[0]),
        columns=cut(x1, x2, output_size[1], feature_size[1]),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Pooled:
    """What RoIPool keeps of a region.

    Attributes:
        values: (..., P, Q) the maximum of each bin, 0 for an empty bin.
        cells: (..., P, Q) int64, where it stood: row x W + column, -1 for an empty bin.
        bins: how the region was cut.
    """

    values: np.ndarray
    cells: np.ndarray
    bins: Bins


def pool_maximum(features: np.ndarray, bins: Bins) -> Pooled:
    """The maximum of every bin, and where it stood. Of equal values the first in reading order counts.

    Args: features, (..., H, W); bins, within that map.
    Returns: values and places, (..., P, Q).
    Source: Girshick, Fast R-CNN, ICCV 2015.

    >>> ramp = np.arange(64.0).reshape(8, 8)
    >>> pool_maximum(ramp, floor_bins((2, 0, 7, 7), output_size=(2, 2))).values
    array([[19., 22.],
           [51., 54.]])
    """
    features = np.asarray(features, dtype=np.float64)
    shape = (*features.shape[:-2], len(bins.rows), len(bins.columns))
    values, cells = np.zeros(shape), np.full(shape, -1, np.int64)
    for p, (top, bottom) in enumerate(bins.rows):
        for q, (left, right) in enumerate(bins.columns):
            window = features[..., top:bottom, left:right]
            if window.shape[-2] and window.shape[-1]:
                flat = window.reshape(*window.shape[:-2], -1)
                row, column = np.divmod(flat.argmax(-1), right - left)
                values[..., p, q] = flat.max(-1)
                cells[..., p, q] = (top + row) * features.shape[-1] + left + column
    return Pooled(values=values, cells=cells, bins=bins)


def roi_pool(
    features: np.ndarray,
    box_xyxy: np.ndarray,
    *,
    output_size: tuple[int, int],
    spatial_scale: float = 1.0,
) -> Pooled:
    """RoIPool of one box as torchvision does it.

    Args:
        features: (..., H, W).
        box_xyxy: (4,) pixels of the image.
        output_size: (P, Q).
        spatial_scale: cells per pixel.

    Returns:
        The maximum of each bin, and where it stood.

    Raises:
        ValueError: the box is reversed or not finite.

    Source: torchvision.ops.roi_pool.

    >>> ramp = np.arange(64.0).reshape(8, 8)
    >>> roi_pool(ramp, np.array([2, 2, 5, 5]), output_size=(2, 2)).values
    array([[27., 29.],
           [43., 45.]])
    """
    bins = rounded_bins(
        box_xyxy, output_size=output_size, feature_size=features.shape[-2:], spatial_scale=spatial_scale
    )
    return pool_maximum(features, bins)


def pool_backward(pooled: Pooled, upstream: np.ndarray, *, feature_size: tuple[int, int]) -> np.ndarray:
    """The gradient of the map: each bin's share goes to the one cell that was its maximum.

    Args:
        pooled: from `pool_maximum` or `roi_pool`.
        upstream: (..., P, Q) gradient of the output.
        feature_size: (H, W).

    Returns:
        (..., H, W); a cell that is the maximum of several bins gets their sum, most cells get 0.

    Source: Girshick, Fast R-CNN, ICCV 2015, equation 4.

    >>> ramp = np.arange(64.0).reshape(8, 8)
    >>> pooled = roi_pool(ramp, np.array([2, 2, 5, 5]), output_size=(2, 2))
    >>> int((pool_backward(pooled, np.ones((2, 2)), feature_size=(8, 8)) > 0).sum())
    4
    """
    size = feature_size[0] * feature_size[1]
    cells = pooled.cells.reshape(-1, pooled.cells.shape[-2] * pooled.cells.shape[-1])  # (C, P Q)
    upstream = np.broadcast_to(upstream, pooled.cells.shape).reshape(cells.shape)
    channel, bin_ = np.nonzero(cells >= 0)
    target = channel * size + cells[channel, bin_]
    gradient = np.bincount(target, weights=upstream[channel, bin_], minlength=len(cells) * size)
    return gradient.reshape(*pooled.cells.shape[:-2], *feature_size)
