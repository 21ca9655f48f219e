"""Oracle: torchvision's own level mapper and poolings."""

import numpy as np
import pytest
import torch
from torchvision import ops
from torchvision.ops.poolers import initLevelMapper

from pedviz.theory.roi import pooling_drift, pyramid_levels

RAMP = np.arange(64.0).reshape(8, 8)


def test_levels_equal_torchvisions_mapper():
    random = np.random.default_rng(0)
    corner = random.uniform(0, 500, (3000, 2))
    boxes = np.hstack([corner, corner + 2 ** random.uniform(-2, 11, (3000, 2))])
    expected = initLevelMapper(2, 5)([torch.tensor(boxes)]).numpy() + 2
    assert set(expected) == {2, 3, 4, 5}
    np.testing.assert_array_equal(pyramid_levels(boxes), expected)


@pytest.mark.parametrize(
    ("side", "level"),
    [
        pytest.param(0, 2, id="no-area"),
        pytest.param(111.9, 2, id="just-below"),
        pytest.param(112, 3, id="exactly-half-of-224"),
        pytest.param(224, 4, id="exactly-224"),
        pytest.param(5000, 5, id="huge"),
    ],
)
def test_levels_at_their_borders(side, level):
    assert pyramid_levels(np.array([[0, 0, side, side]])).tolist() == [level]


def test_drift_equals_torchvision_at_every_shift():
    features = np.random.default_rng(1).normal(size=(8, 8))
    shifts = np.array([[dx / 4, dy / 4] for dx in range(-4, 5) for dy in range(-4, 5)])
    box = np.array([2.0, 1.0, 6.0, 5.0])
    pooled, aligned = pooling_drift(features, box, shifts_xy=shifts, output_size=(2, 2))
    for row, (dx, dy) in enumerate(shifts):
        tensor = torch.tensor(features[None, None])
        region = [torch.tensor((box + np.array([dx, dy, dx, dy]))[None])]
        np.testing.assert_allclose(pooled[row], ops.roi_pool(tensor, region, 2)[0, 0])
        np.testing.assert_allclose(aligned[row], ops.roi_align(tensor, region, 2, 1.0, 2)[0, 0])


def test_on_a_ramp_align_follows_every_quarter_and_pool_jumps_once():
    shifts = np.array([[quarter / 4, 0] for quarter in range(5)])
    pooled, aligned = pooling_drift(RAMP, np.array([2.0, 2, 5, 5]), shifts_xy=shifts, output_size=(1, 1))
    np.testing.assert_allclose(np.diff(aligned.ravel()), 0.25)
    assert np.diff(pooled.ravel()).tolist() == [0, 1, 0, 0]
