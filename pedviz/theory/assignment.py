"""The best one-to-one matching of detections with people: the assignment problem.

Detectors such as DETR are trained with it (Carion et al., 2020); COCO's evaluation matches greedily instead.
"""

import numpy as np

UNMATCHED = -1


def best_assignment(gains: np.ndarray) -> np.ndarray:
    """Which column each row is matched with, so that all gains together are as large as possible.

    The Hungarian method (Kuhn, 1955; Munkres, 1957) with shortest augmenting paths: rows are added one after
    another, and prices of rows and columns keep every pair's reduced cost at 0 or above.

    Args:
        gains: (rows, columns), at least 0; a pair that gains nothing is no pair.

    Returns:
        (rows,) integers, the column of each row or -1.

    Raises:
        ValueError: `gains` is not a matrix of finite numbers that are at least 0.
    """
    gains = np.asarray(gains, np.float64)
    if gains.ndim != 2 or not np.isfinite(gains).all() or (gains < 0).any():
        raise ValueError(f"gains must be a matrix of finite numbers >= 0, got shape {gains.shape}")
    if gains.shape[0] > gains.shape[1]:
        return _inverse(best_assignment(gains.T), rows=gains.shape[0])
    columns = _augment(-gains)
    paired = gains[np.arange(len(columns)), columns] > 0
    return np.where(paired, columns, UNMATCHED)


def _inverse(row_of_column: np.ndarray, *, rows: int) -> np.ndarray:
    columns = np.full(rows, UNMATCHED)
    for column, row in enumerate(row_of_column):
        if row >= 0:
            columns[row] = column
    return columns


def _augment(costs: np.ndarray) -> np.ndarray:
    """The column of each row at the least cost; no more rows than columns."""
    rows, columns = costs.shape
    row_prices, column_prices = np.zeros(rows), np.zeros(columns + 1)
    owner = np.full(columns + 1, UNMATCHED)  # the row of each column; the last holds the row to be placed
    for row in range(rows):
        owner[columns] = row
        column, came_from = columns, np.full(columns, columns)
        distances, reached = np.full(columns, np.inf), np.zeros(columns + 1, bool)
        while owner[column] != UNMATCHED:
            reached[column] = True
            here = owner[column]
            reduced = costs[here] - row_prices[here] - column_prices[:columns]
            nearer = (reduced < distances) & ~reached[:columns]
            distances[nearer], came_from[nearer] = reduced[nearer], column
            nearest = int(np.where(reached[:columns], np.inf, distances).argmin())
            step = distances[nearest]
            row_prices[owner[reached]] += step
            column_prices[reached] -= step
            distances[~reached[:columns]] -= step
            column = nearest
        while column != columns:
            before = came_from[column]
            owner[column] = owner[before]
            column = before
    found = np.empty(rows, np.int64)
    placed = owner[:columns] >= 0
    found[owner[:columns][placed]] = np.flatnonzero(placed)
    return found
