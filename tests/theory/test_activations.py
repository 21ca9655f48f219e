"""Oracle: torch."""

import numpy as np
import torch

from pedviz.theory.activations import sigmoid, softmax

LOGITS = np.concatenate([np.random.default_rng(0).normal(scale=20, size=500), [-800.0, 800.0, 0.0]])


def test_sigmoid_equals_torch_to_relative_precision():
    np.testing.assert_allclose(sigmoid(LOGITS), torch.sigmoid(torch.tensor(LOGITS)).numpy(), rtol=1e-12)


def test_softmax_equals_torch_along_the_last_axis():
    scores = LOGITS[:480].reshape(8, 10, 6)
    expected = torch.softmax(torch.tensor(scores), -1).numpy()
    np.testing.assert_allclose(softmax(scores), expected, rtol=1e-12)
