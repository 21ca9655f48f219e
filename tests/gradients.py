"""A result beside its gradients, to compare two ways to compute it."""

import torch
from torch import Tensor


def with_gradients(result: Tensor, inputs: list[Tensor]) -> tuple[Tensor, tuple[Tensor, ...]]:
    """`result`, and what `inputs` get of a gradient that differs in each of its values."""
    weights = torch.linspace(-1, 1, result.numel(), dtype=result.dtype).view(result.shape)
    return result, torch.autograd.grad((result * weights).sum(), inputs, materialize_grads=True)
