"""The size of the input against torchvision's own transform."""

import numpy as np
import pytest
import torch
from torchvision.models.detection.transform import GeneralizedRCNNTransform

from pedviz.theory.resizing import padded_size, resize_scale, resized_size

LIMITS = ((400, 800), (640, 1066), (800, 1333))


@pytest.mark.parametrize("limits", LIMITS, ids=lambda limits: f"{limits[0]}-{limits[1]}")
def test_sizes_are_those_of_torchvision(limits):
    random = np.random.default_rng(0)
    transform = GeneralizedRCNNTransform(*limits, [0, 0, 0], [1, 1, 1]).eval()
    for _ in range(40):
        height, width = (int(side) for side in random.integers(16, 1334, 2))
        batch, _ = transform([torch.zeros(3, height, width)])
        resized = resized_size(height, width, min_size=limits[0], max_size=limits[1])
        assert resized == tuple(batch.image_sizes[0])
        assert padded_size(*resized) == tuple(batch.tensors.shape[-2:])


def test_the_longer_side_wins_where_both_cannot_be_had():
    assert resize_scale(100, 1000, min_size=400, max_size=800) == pytest.approx(0.8)
