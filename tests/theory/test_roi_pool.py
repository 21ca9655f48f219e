"""Oracle: torchvision.ops.roi_pool, forward and backward, in float64."""

import numpy as np
import pytest
import torch
from torchvision import ops

from pedviz.theory.roi_pool import floor_bins, pool_backward, pool_maximum, roi_pool, rounded_bins

RAMP = np.arange(64.0).reshape(8, 8)


def _torch_pool(
    features: np.ndarray, box: np.ndarray, output_size: tuple[int, int], scale: float, upstream: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    tensor = torch.tensor(features[None], requires_grad=True)
    region = torch.tensor(np.concatenate([[0.0], box])[None])
    output = ops.roi_pool(tensor, region, output_size, scale)
    output.backward(torch.tensor(upstream[None]))
    return output.detach().numpy()[0], tensor.grad.numpy()[0]


def _cases(count: int) -> list[tuple[np.ndarray, np.ndarray, tuple[int, int], float]]:
    """Random maps and boxes: inside, on halves of cells, over the edges, tiny and outside."""
    random = np.random.default_rng(0)
    cases = []
    for number in range(count):
        height, width = random.integers(1, 13, 2)
        scale = float(random.choice([1.0, 0.5, 0.25, 1 / 32]))
        corner = random.uniform(-4, 12, 2) / scale
        box = np.concatenate([corner, corner + random.uniform(0, 12, 2) / scale])
        if number % 3 == 0:
            box = np.round(box * scale * 2) / 2 / scale  # halves: where rounding rules differ
        features = random.integers(-5, 5, (2, height, width)) + random.choice([0.0, 0.5])
        cases.append((features, box, tuple(map(int, random.integers(1, 8, 2))), scale))
    return cases


def test_pooling_equals_torchvision_forward_and_backward():
    random = np.random.default_rng(1)
    for features, box, output_size, scale in _cases(600):
        upstream = random.normal(size=(2, *output_size))
        expected, gradient = _torch_pool(features, box, output_size, scale, upstream)
        pooled = roi_pool(features, box, output_size=output_size, spatial_scale=scale)
        ours = pool_backward(pooled, upstream, feature_size=features.shape[-2:])
        np.testing.assert_allclose(pooled.values, expected, atol=1e-12)
        np.testing.assert_allclose(ours, gradient, atol=1e-12)


def test_the_gradient_of_many_regions_is_the_sum_of_theirs():
    features = np.random.default_rng(2).normal(size=(3, 9, 9))
    boxes = np.array([[0, 0, 5, 5], [2, 2, 8, 8], [4, 1, 6, 7]], float)
    tensor = torch.tensor(features[None], requires_grad=True)
    ops.roi_pool(tensor, [torch.tensor(boxes)], (3, 3)).sum().backward()
    parts = [
        pool_backward(roi_pool(features, box, output_size=(3, 3)), np.ones((3, 3)), feature_size=(9, 9))
        for box in boxes
    ]
    np.testing.assert_allclose(sum(parts), tensor.grad.numpy()[0], atol=1e-12)


def test_a_cell_that_is_the_maximum_of_several_bins_gets_their_sum():
    features = np.zeros((8, 8))
    features[3, 4] = 1.0
    pooled = roi_pool(features, np.array([2, 0, 6, 6]), output_size=(2, 2))
    gradient = pool_backward(pooled, np.full((2, 2), 0.25), feature_size=(8, 8))
    assert gradient[3, 4] == 1.0 == gradient.sum()


def test_report_b_cuts_seven_rows_into_three_and_four_and_five_columns_into_two_and_three():
    bins = floor_bins((2, 0, 7, 7), output_size=(2, 2))
    assert np.diff(bins.rows).ravel().tolist() == [3, 4]
    assert np.diff(bins.columns).ravel().tolist() == [2, 3]
    np.testing.assert_array_equal(pool_maximum(RAMP, bins).values, [[19, 22], [51, 54]])


def test_floor_bins_cover_every_cell_once():
    for size in range(1, 20):
        for parts in range(1, 9):
            bins = floor_bins((3, 0, 3 + size, 1), output_size=(1, parts))
            covered = [cell for start, end in bins.columns for cell in range(start, end)]
            assert covered == list(range(3, 3 + size))


def test_torchvisions_bins_overlap_in_the_same_region():
    bins = rounded_bins(np.array([2, 0, 7, 6]), output_size=(2, 2), feature_size=(8, 8))
    assert bins.region == (2, 0, 8, 7)
    assert bins.rows.tolist() == [[0, 4], [3, 7]], "rows 0-3 and 3-6"
    assert bins.columns.tolist() == [[2, 5], [5, 8]], "columns 2-4 and 5-7"


def test_known_answer_on_a_ramp():
    pooled = roi_pool(RAMP, np.array([2, 2, 5, 5]), output_size=(2, 2))
    assert pooled.values.ravel().tolist() == [27, 29, 43, 45]
    assert pooled.cells.ravel().tolist() == [27, 29, 43, 45]


def test_a_region_outside_the_map_pools_nothing():
    pooled = roi_pool(RAMP, np.array([20, 20, 30, 30]), output_size=(2, 2))
    assert not pooled.values.any()
    assert (pooled.cells == -1).all()
    assert not pool_backward(pooled, np.ones((2, 2)), feature_size=(8, 8)).any()


def test_a_reversed_box_is_refused():
    with pytest.raises(ValueError, match=r"x1 <= x2 and y1 <= y2, got \[5\.0, 0\.0, 3\.0, 9\.0\]"):
        roi_pool(RAMP, np.array([5, 0, 3, 9]), output_size=(2, 2))
