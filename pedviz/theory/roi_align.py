"""RoIAlign: a region of a feature map read at points between its cells, nothing rounded.

Feature maps are (..., H, W): one map, or any number of channels. A box is (x1, y1, x2, y2) in pixels of
the image; times `spatial_scale` (1/4 to 1/32) it is in cells of the map. The output has P x Q bins, and
S x T samples are read in each. One region at a time: for many, the gradients add up.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pedviz.theory.bilinear import interpolation_matrix
from pedviz.theory.checks import checked_box

Take = Literal["average", "maximum"]


@dataclass(frozen=True, kw_only=True, eq=False)
class SampleGrid:
    """Where RoIAlign reads the map.

    Attributes:
        region: (4,) x1, y1, x2, y2 in cells, not rounded.
        ys: (P, S) rows of the samples of each bin, in cells.
        xs: (Q, T) columns, likewise.
    """

    region: np.ndarray
    ys: np.ndarray
    xs: np.ndarray


def sample_grid(
    box_xyxy: np.ndarray,
    *,
    output_size: tuple[int, int],
    spatial_scale: float = 1.0,
    sampling_ratio: int = 2,
    aligned: bool = False,
) -> SampleGrid:
    """The sample points of RoIAlign.

    Args:
        box_xyxy: (4,) pixels of the image.
        output_size: (P, Q).
        spatial_scale: cells per pixel.
        sampling_ratio: samples per bin along each axis; 0 or less takes one per cell, rounded up.
        aligned: True moves the region by half a cell, so that a cell's value sits at its middle
            (Detectron2). False, torchvision's default and what its Mask R-CNN uses, does not, and
            widens regions thinner than a cell to one cell.

    Returns:
        Evenly spaced points inside each bin.

    Raises:
        ValueError: the box is reversed or not finite.

    Source: He et al., Mask R-CNN, ICCV 2017; torchvision.ops.roi_align.

    >>> grid = sample_grid(np.array([2, 2, 5, 5]), output_size=(2, 2))
    >>> grid.xs  # bins of 1.5 cells, samples at a quarter and three quarters
    array([[2.375, 3.125],
           [3.875, 4.625]])
    """
    start_x, start_y, end_x, end_y = checked_box("box_xyxy", box_xyxy) * spatial_scale - (
        0.5 if aligned else 0.0
    )
    smallest = 0.0 if aligned else 1.0

    def points(start: float, end: float, parts: int) -> np.ndarray:
        side = max(end - start, smallest) / parts
        count = sampling_ratio if sampling_ratio > 0 else int(np.ceil(side))
        within = (np.arange(count) + 0.5) * side / max(count, 1)
        return (start + np.arange(parts) * side)[:, None] + within[None, :]

    width, height = max(end_x - start_x, smallest), max(end_y - start_y, smallest)
    return SampleGrid(
        region=np.array([start_x, start_y, start_x + width, start_y + height]),
        ys=points(start_y, end_y, output_size[0]),
        xs=points(start_x, end_x, output_size[1]),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Aligned:
    """What RoIAlign keeps of a region.

    Attributes:
        values: (..., P, Q).
        samples: (..., P, Q, S, T) the map read at each point of `grid`.
        shares: (..., P, Q, S, T) how much each sample counts in its bin: 1 / (S T) for the average, 1 at
            one sample for the maximum.
        grid: where the map was read.
    """

    values: np.ndarray
    samples: np.ndarray
    shares: np.ndarray
    grid: SampleGrid


def _readers(grid: SampleGrid, feature_size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """The matrices that read rows, (P S, H), and columns, (Q T, W)."""
    return (
        interpolation_matrix(grid.ys.ravel(), length=feature_size[0]),
        interpolation_matrix(grid.xs.ravel(), length=feature_size[1]),
    )


def _shares(samples: np.ndarray, take: Take) -> np.ndarray:
    *bins, rows, columns = samples.shape
    if take == "average" or not rows * columns:
        return np.full(samples.shape, 1 / max(rows * columns, 1))
    flat = samples.reshape(*bins, rows * columns)
    return (np.arange(rows * columns) == flat.argmax(-1)[..., None]).astype(float).reshape(samples.shape)


def roi_align(
    features: np.ndarray,
    box_xyxy: np.ndarray,
    *,
    output_size: tuple[int, int],
    spatial_scale: float = 1.0,
    sampling_ratio: int = 2,
    aligned: bool = False,
    take: Take = "average",
) -> Aligned:
    """RoIAlign of one box: nothing is rounded, every bin is read at sample points.

    Args:
        features: (..., H, W).
        box_xyxy, output_size, spatial_scale, sampling_ratio, aligned: as for `sample_grid`.
        take: "average" of a bin's samples as torchvision does, or their "maximum", which the paper
            reports to do about as well.

    Returns:
        The value of each bin with its samples and their shares.

    Raises:
        ValueError: the box is reversed or not finite.

    Source: He et al., Mask R-CNN, ICCV 2017; torchvision.ops.roi_align.

    >>> ramp = np.arange(64.0).reshape(8, 8)
    >>> roi_align(ramp, np.array([2, 2, 5, 5]), output_size=(2, 2)).values
    array([[24.75, 26.25],
           [36.75, 38.25]])
    """
    features = np.asarray(features, dtype=np.float64)
    grid = sample_grid(
        box_xyxy,
        output_size=output_size,
        spatial_scale=spatial_scale,
        sampling_ratio=sampling_ratio,
        aligned=aligned,
    )
    rows, columns = _readers(grid, features.shape[-2:])
    read = rows @ features @ columns.T  # (..., P S, Q T)
    samples = read.reshape(*features.shape[:-2], *grid.ys.shape, *grid.xs.shape)  # (..., P, S, Q, T)
    samples = np.moveaxis(samples, -2, -3)  # (..., P, Q, S, T)
    shares = _shares(samples, take)
    return Aligned(values=(samples * shares).sum((-2, -1)), samples=samples, shares=shares, grid=grid)


def align_backward(aligned: Aligned, upstream: np.ndarray, *, feature_size: tuple[int, int]) -> np.ndarray:
    """The gradient of the map: each sample hands its share to the four cells around it.

    Args:
        aligned: from `roi_align`.
        upstream: (..., P, Q) gradient of the output.
        feature_size: (H, W).

    Returns:
        (..., H, W), smooth in the box: a small move of the region moves the gradient a little.

    Source: the transpose of the reading matrices; torchvision.ops.roi_align's backward.

    >>> ramp = np.arange(64.0).reshape(8, 8)
    >>> aligned = roi_align(ramp, np.array([2, 2, 5, 5]), output_size=(2, 2))
    >>> gradient = align_backward(aligned, np.ones((2, 2)), feature_size=(8, 8))
    >>> int((gradient > 0).sum()), float(gradient.sum())
    (16, 4.0)
    """
    rows, columns = _readers(aligned.grid, feature_size)
    handed = np.moveaxis(aligned.shares * np.asarray(upstream)[..., None, None], -3, -2)  # (..., P, S, Q, T)
    return rows.T @ handed.reshape(*handed.shape[:-4], len(rows), len(columns)) @ columns
