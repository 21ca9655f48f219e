"""Regions of interest as a whole: which pyramid level reads one, and how far the two poolings drift.

N counts boxes, K counts shifts, P x Q output bins.
"""

import numpy as np

from pedviz.theory.boxes import box_area
from pedviz.theory.roi_align import roi_align
from pedviz.theory.roi_pool import roi_pool

CANONICAL_SIDE = 224  # pixels: an ImageNet photo, which the backbone was made for, is read at level 4
CANONICAL_LEVEL = 4
ROUNDING = 1e-6  # levels; keeps a box of exactly 112 x 112 at level 3


def pyramid_levels(boxes_xyxy: np.ndarray, *, lowest: int = 2, highest: int = 5) -> np.ndarray:
    """The pyramid level that each box is read at: large boxes coarsely, small ones finely.

    Args: boxes_xyxy, (N, 4) pixels of the resized image; lowest and highest, levels that there are.
    Returns: (N,) int64 in [lowest, highest]; level k has one cell for 2^k pixels.
    Source: Lin et al., Feature Pyramid Networks, CVPR 2017, equation 1; torchvision's LevelMapper.

    >>> pyramid_levels(np.array([[0, 0, 56, 56], [0, 0, 112, 112], [0, 0, 223, 223], [0, 0, 224, 224]]))
    array([2, 3, 3, 4])
    """
    side = np.sqrt(box_area(np.asarray(boxes_xyxy, dtype=np.float64)))  # (N,)
    with np.errstate(divide="ignore"):  # a box without area belongs to the lowest level
        level = np.floor(CANONICAL_LEVEL + np.log2(side / CANONICAL_SIDE) + ROUNDING)
    return np.clip(level, lowest, highest).astype(np.int64)


def pooling_drift(
    features: np.ndarray, box_xyxy: np.ndarray, *, shifts_xy: np.ndarray, output_size: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """What RoIPool and RoIAlign answer while a region moves.

    Args:
        features: (H, W).
        box_xyxy: (4,) cells.
        shifts_xy: (K, 2) cells to the right and down.
        output_size: (P, Q).

    Returns:
        Two (K, P, Q): `roi_pool` jumps when a corner rounds over and is constant between, `roi_align`
        follows.

    Raises:
        ValueError: the box is reversed or not finite.

    Source: He et al., Mask R-CNN, ICCV 2017, section 3.

    >>> ramp = np.arange(64.0).reshape(8, 8)
    >>> quarters = np.array([[0, 0], [0.25, 0], [0.5, 0]])
    >>> pool, align = pooling_drift(ramp, np.array([2, 2, 5, 5]), shifts_xy=quarters, output_size=(1, 1))
    >>> pool.ravel(), align.ravel()
    (array([45., 45., 46.]), array([31.5 , 31.75, 32.  ]))
    """
    moved = np.asarray(box_xyxy, dtype=np.float64) + np.tile(shifts_xy, 2)  # (K, 4)
    pooled = [roi_pool(features, box, output_size=output_size).values for box in moved]
    aligned = [roi_align(features, box, output_size=output_size).values for box in moved]
    return np.stack(pooled), np.stack(aligned)
