"""Reading a map between its cells: bilinear interpolation.

A map is (H, W); the value of row i and column j sits at y = i and x = j. Positions up to one cell outside
read the nearest edge, positions further out read 0, as in torchvision's roi_align.
K counts positions.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True, eq=False)
class Neighbours:
    """The two cells that a position lies between, along one axis.

    Attributes:
        low, high: (K,) int64 cells; equal at the far edge.
        low_weight, high_weight: (K,) float64 in [0, 1], their shares; both 0 for a position outside.
    """

    low: np.ndarray
    high: np.ndarray
    low_weight: np.ndarray
    high_weight: np.ndarray


def neighbours(positions: np.ndarray, *, length: int) -> Neighbours:
    """The cells that each position lies between along one axis, and their shares.

    Args: positions, (K,) in cells; length, cells along the axis.
    Returns: cells and shares; the shares sum to 1 for positions in [-1, length], else to 0.
    Source: He et al., Mask R-CNN, ICCV 2017; the edges as in torchvision.ops.roi_align.

    >>> found = neighbours(np.array([2.25]), length=8)
    >>> found.low, found.high, found.low_weight, found.high_weight
    (array([2]), array([3]), array([0.75]), array([0.25]))
    """
    positions = np.asarray(positions, dtype=np.float64)
    inside = (positions >= -1) & (positions <= length)
    clipped = np.where(inside, np.clip(positions, 0, length - 1), 0.0)
    low = np.floor(clipped).astype(np.int64)
    high_weight = clipped - low
    return Neighbours(
        low=low,
        high=np.minimum(low + 1, length - 1),
        low_weight=np.where(inside, 1 - high_weight, 0.0),
        high_weight=np.where(inside, high_weight, 0.0),
    )


def interpolation_matrix(positions: np.ndarray, *, length: int) -> np.ndarray:
    """The matrix that reads a row of cells at the given positions.

    With R for rows and C for columns, the whole of a bilinear grid is R @ map @ C.T. Matrix products may
    be bracketed either way, and that is why "x first" and "y first" agree.

    Args: positions, (K,) in cells; length, cells along the axis.
    Returns: (K, length) float64; each row holds at most two shares that sum to 1, or nothing.
    Source: bilinear interpolation is linear in the map.

    >>> interpolation_matrix(np.array([0.5, 9.0]), length=3)
    array([[0.5, 0.5, 0. ],
           [0. , 0. , 0. ]])
    """
    found = neighbours(positions, length=length)
    matrix = np.zeros((len(found.low), length))
    place = np.arange(len(found.low))
    matrix[place, found.low] += found.low_weight
    matrix[place, found.high] += found.high_weight
    return matrix


@dataclass(frozen=True, kw_only=True, eq=False)
class BilinearPoint:
    """One reading, step by step, in both orders.

    Attributes:
        rows, columns: the two cells on each axis, (low, high).
        cells: (2, 2) map values, [row][column]: Q11 and Q21 in the upper row, Q12 and Q22 in the lower.
        weights: (2, 2) shares of those four in the result.
        along_x: (2,) the upper and the lower row read at x ("x first").
        along_y: (2,) the left and the right column read at y ("y first").
        value: the result, the same either way.
    """

    rows: tuple[int, int]
    columns: tuple[int, int]
    cells: np.ndarray
    weights: np.ndarray
    along_x: np.ndarray
    along_y: np.ndarray
    value: float


def bilinear_point(feature_map: np.ndarray, *, x: float, y: float) -> BilinearPoint:
    """Read a map at one position.

    Args: feature_map, (H, W); x, y in cells.
    Returns: the result with every intermediate number; all weights 0 more than one cell outside.
    Source: interpolate along one axis, then along the other.

    >>> ramp = np.arange(9.0).reshape(3, 3)  # 3 y + x
    >>> point = bilinear_point(ramp, x=0.5, y=1.25)
    >>> point.along_x, point.along_y, point.value
    (array([3.5, 6.5]), array([3.75, 4.75]), 4.25)
    """
    vertical = neighbours(np.array([y]), length=feature_map.shape[0])
    horizontal = neighbours(np.array([x]), length=feature_map.shape[1])
    rows, columns = ((int(found.low[0]), int(found.high[0])) for found in (vertical, horizontal))
    cells = np.asarray(feature_map, dtype=np.float64)[np.ix_(rows, columns)]  # (2, 2)
    y_shares = np.concatenate([vertical.low_weight, vertical.high_weight])
    x_shares = np.concatenate([horizontal.low_weight, horizontal.high_weight])
    along_x, along_y = cells @ x_shares, y_shares @ cells
    return BilinearPoint(
        rows=rows,
        columns=columns,
        cells=cells,
        weights=np.outer(y_shares, x_shares),
        along_x=along_x,
        along_y=along_y,
        value=float(y_shares @ along_x),
    )
