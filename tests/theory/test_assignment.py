"""The best matching against every matching there is."""

from itertools import permutations

import numpy as np
import pytest

from pedviz.theory.assignment import best_assignment


def _best_of_all(gains: np.ndarray) -> float:
    """The largest total over all one-to-one matchings, by trying each."""
    if gains.shape[0] > gains.shape[1]:
        gains = gains.T
    rows = np.arange(gains.shape[0])
    orders = np.array(list(permutations(range(gains.shape[1]), gains.shape[0])), int).reshape(-1, len(rows))
    return float(gains[rows, orders].sum(axis=1).max())


def _total(gains: np.ndarray, columns: np.ndarray) -> float:
    rows = np.flatnonzero(columns >= 0)
    assert len(set(columns[rows].tolist())) == len(rows)  # nobody is matched twice
    return float(gains[rows, columns[rows]].sum())


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (5, 5), (2, 6), (6, 2), (4, 5), (6, 6)])
def test_no_matching_gains_more(shape: tuple[int, int]):
    generator = np.random.default_rng(0)
    for case in range(60):
        gains = generator.random(shape)
        if case % 2:  # ties and pairs that gain nothing
            gains = (gains * 5).round() / 5 * (generator.random(shape) < 0.6)
        found = best_assignment(gains)
        assert _total(gains, found) == pytest.approx(_best_of_all(gains))
        assert all(gains[row, column] > 0 for row, column in enumerate(found) if column >= 0)


def test_the_greedy_choice_is_not_always_the_best():
    assert best_assignment(np.array([[0.7, 0.6], [0.6, 0.0]])).tolist() == [1, 0]


def test_nobody_and_nothing():
    assert best_assignment(np.zeros((2, 0))).tolist() == [-1, -1]
    assert best_assignment(np.zeros((0, 3))).tolist() == []
    assert best_assignment(np.zeros((2, 2))).tolist() == [-1, -1]


@pytest.mark.parametrize("gains", [np.zeros(3), np.array([[-0.1]]), np.array([[np.nan]])])
def test_gains_that_are_none_are_refused(gains: np.ndarray):
    with pytest.raises(ValueError, match="finite numbers >= 0"):
        best_assignment(gains)
