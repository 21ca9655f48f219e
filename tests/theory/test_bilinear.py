"""Oracles: exact fractions, torch's grid_sample."""

from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from pedviz.theory.bilinear import bilinear_point, interpolation_matrix

MAP = np.random.default_rng(0).normal(size=(5, 7))


def test_readings_equal_torch_grid_sample():
    random = np.random.default_rng(1)
    xs, ys = random.uniform(-0.999, 6.999, 400), random.uniform(-0.999, 4.999, 400)
    grid = torch.tensor(np.stack([2 * xs / 6 - 1, 2 * ys / 4 - 1], axis=-1))[None, None]
    expected = functional.grid_sample(
        torch.tensor(MAP)[None, None], grid, padding_mode="border", align_corners=True
    )
    ours = [bilinear_point(MAP, x=x, y=y).value for x, y in zip(xs, ys, strict=True)]
    np.testing.assert_allclose(ours, expected[0, 0, 0].numpy(), atol=1e-12)


@given(st.fractions(0, 3, max_denominator=64), st.fractions(0, 2, max_denominator=64))
def test_both_orders_agree_with_exact_fractions(x, y):
    cells = [[Fraction(4 * row**2 - 3 * column * row + column) for column in range(4)] for row in range(3)]
    point = bilinear_point(np.array(cells, dtype=float), x=float(x), y=float(y))
    left, top = min(int(x), 2), min(int(y), 1)
    share_x, share_y = x - left, y - top
    upper, lower = (
        (1 - share_x) * cells[row][left] + share_x * cells[row][left + 1] for row in (top, top + 1)
    )
    assert point.value == pytest.approx(float((1 - share_y) * upper + share_y * lower), abs=1e-12)
    assert (point.weights * point.cells).sum() == pytest.approx(point.value, abs=1e-12)
    x_of_right = x - point.columns[0]
    y_first = (1 - x_of_right) * Fraction(point.along_y[0]) + x_of_right * Fraction(point.along_y[1])
    assert float(y_first) == pytest.approx(point.value, abs=1e-12)


@pytest.mark.parametrize(
    ("position", "shares"),
    [
        pytest.param(-1.0, [1, 0, 0], id="one-cell-outside-reads-the-edge"),
        pytest.param(-1.01, [0, 0, 0], id="further-outside-reads-nothing"),
        pytest.param(2.5, [0, 0, 1], id="past-the-last-centre"),
        pytest.param(3.0, [0, 0, 1], id="at-the-far-border"),
        pytest.param(3.01, [0, 0, 0], id="past-the-far-border"),
        pytest.param(1.75, [0, 0.25, 0.75], id="between"),
    ],
)
def test_shares_at_the_edges(position, shares):
    np.testing.assert_allclose(interpolation_matrix(np.array([position]), length=3), [shares])


def test_a_map_one_cell_wide_is_read_everywhere_inside():
    assert bilinear_point(np.array([[7.0]]), x=0.4, y=-0.6).value == 7.0
