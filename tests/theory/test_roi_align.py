"""Oracle: torchvision.ops.roi_align, forward and backward, in float64; the maximum by max_pool2d."""

import numpy as np
import pytest
import torch
from torch.nn import functional
from torchvision import ops

from pedviz.theory.roi_align import align_backward, roi_align, sample_grid

RAMP = np.arange(64.0).reshape(8, 8)
SETTINGS = [
    pytest.param(aligned, ratio, id=f"{'aligned' if aligned else 'not-aligned'}-sampling-{ratio}")
    for aligned in (False, True)
    for ratio in (-1, 0, 1, 2, 3)
]


def _boxes(count: int, size: int) -> np.ndarray:
    """(count, 4) boxes inside, over the edges, on whole cells, without area and outside."""
    random = np.random.default_rng(3)
    corner = random.uniform(-4, size, (count, 2))
    boxes = np.hstack([corner, corner + random.uniform(0, size, (count, 2))])
    boxes[::3] = np.round(boxes[::3])
    boxes[::7, 2:] = boxes[::7, :2]
    return boxes


@pytest.mark.parametrize(("aligned", "ratio"), SETTINGS)
@pytest.mark.parametrize("scale", [pytest.param(1.0, id="cells"), pytest.param(0.25, id="quarter-scale")])
def test_average_equals_torchvision_forward_and_backward(aligned, ratio, scale):
    random = np.random.default_rng(4)
    for box in _boxes(60, size=12) / scale:
        features = random.normal(size=(2, *random.integers(1, 13, 2)))
        output_size = tuple(map(int, random.integers(1, 6, 2)))
        upstream = random.normal(size=(2, *output_size))
        tensor = torch.tensor(features[None], requires_grad=True)
        region = torch.tensor(np.concatenate([[0.0], box])[None])
        expected = ops.roi_align(tensor, region, output_size, scale, ratio, aligned)
        expected.backward(torch.tensor(upstream[None]))
        found = roi_align(
            features, box, output_size=output_size, spatial_scale=scale, sampling_ratio=ratio, aligned=aligned
        )
        gradient = align_backward(found, upstream, feature_size=features.shape[-2:])
        np.testing.assert_allclose(found.values, expected.detach().numpy()[0], atol=1e-10)
        np.testing.assert_allclose(gradient, tensor.grad.numpy()[0], atol=1e-10)


@pytest.mark.parametrize("aligned", [pytest.param(False, id="not-aligned"), pytest.param(True, id="aligned")])
def test_maximum_equals_max_pooling_of_torchvisions_single_samples(aligned):
    random = np.random.default_rng(5)
    for box in _boxes(80, size=10):
        features, upstream = random.normal(size=(2, 10, 9)), random.normal(size=(2, 3, 2))
        tensor = torch.tensor(features[None], requires_grad=True)
        region = torch.tensor(np.concatenate([[0.0], box])[None])
        samples = ops.roi_align(tensor, region, (6, 4), 1.0, 1, aligned)  # 3 x 2 bins of 2 x 2 samples
        expected = functional.max_pool2d(samples, 2)
        expected.backward(torch.tensor(upstream[None]))
        found = roi_align(features, box, output_size=(3, 2), aligned=aligned, take="maximum")
        gradient = align_backward(found, upstream, feature_size=(10, 9))
        np.testing.assert_allclose(found.values, expected.detach().numpy()[0], atol=1e-10)
        np.testing.assert_allclose(gradient, tensor.grad.numpy()[0], atol=1e-10)


@pytest.mark.parametrize(
    ("aligned", "expected"),
    [
        pytest.param(False, [24.75, 26.25, 36.75, 38.25], id="not-aligned"),
        pytest.param(True, [20.25, 21.75, 32.25, 33.75], id="aligned-is-half-a-cell-up-and-left"),
    ],
)
def test_known_answer_on_a_ramp(aligned, expected):
    found = roi_align(RAMP, np.array([2, 2, 5, 5]), output_size=(2, 2), aligned=aligned)
    np.testing.assert_allclose(found.values.ravel(), expected)


def test_the_average_of_a_ramp_is_the_ramp_at_the_middle_of_each_bin():
    found = roi_align(RAMP, np.array([2, 0, 7, 6]), output_size=(2, 2))
    middle_x, middle_y = found.grid.xs.mean(1), found.grid.ys.mean(1)
    np.testing.assert_allclose(found.values, 8 * middle_y[:, None] + middle_x[None])


def test_the_gradient_touches_sixteen_cells_where_pooling_touches_four():
    found = roi_align(RAMP, np.array([2, 2, 5, 5]), output_size=(2, 2))
    gradient = align_backward(found, np.ones((2, 2)), feature_size=(8, 8))
    assert (gradient > 0).sum() == 16
    assert gradient.sum() == pytest.approx(4)


def test_samples_lie_evenly_inside_their_bins():
    grid = sample_grid(np.array([2.0, 0, 7, 6]), output_size=(2, 2), sampling_ratio=4)
    steps = np.diff(grid.xs.ravel())
    np.testing.assert_allclose(steps, 5 / 8)
    assert grid.xs.min() == pytest.approx(2 + 5 / 16)
    assert grid.region.tolist() == [2, 0, 7, 6]


def test_a_region_thinner_than_a_cell_is_widened_only_without_alignment():
    thin = np.array([3.0, 3, 3.25, 3.25])
    assert sample_grid(thin, output_size=(1, 1)).region.tolist() == [3, 3, 4, 4]
    assert sample_grid(thin, output_size=(1, 1), aligned=True).region.tolist() == [2.5, 2.5, 2.75, 2.75]


def test_a_reversed_box_is_refused():
    with pytest.raises(ValueError, match="box_xyxy: expected finite x1 <= x2 and y1 <= y2"):
        roi_align(RAMP, np.array([5, 0, 3, 9]), output_size=(2, 2))
