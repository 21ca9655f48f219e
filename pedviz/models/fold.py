"""Frozen batch norms, folded into the convolutions before them: the same function in fewer passes.

A frozen norm multiplies each channel by a constant and adds another. Both can move into the weights of the
convolution in front, which then has a bias, and the norm disappears. C counts channels.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torchvision.ops import FrozenBatchNorm2d

from pedviz.models.build import NORM_EPS


class FoldedNorm(nn.Identity):
    """Stands where a norm was, so that every other layer keeps its name."""


@torch.no_grad()
def fold_norms(network: nn.Module) -> nn.Module:
    """Fold every frozen norm of `network` into the convolution that is registered before it, in place.

    The convolutions keep their names, gain a bias, and can be trained on. Trainable norms stay.

    Args:
        network: from `pedviz.models.build.build`; a network that is folded already stays as it is.

    Returns:
        `network`, whose outputs change by rounding alone.
    """
    for parent, convolution, name, norm in _pairs(network, FrozenBatchNorm2d):
        scale = norm.weight * (norm.running_var + norm.eps).rsqrt()  # (C,)
        offset = norm.bias - norm.running_mean * scale
        if convolution.bias is not None:
            offset += convolution.bias * scale
        convolution.weight.mul_(scale[:, None, None, None])
        convolution.bias = nn.Parameter(offset, requires_grad=convolution.weight.requires_grad)
        setattr(parent, name, FoldedNorm())
    return network


def unfolded_state(network: nn.Module) -> dict[str, Tensor]:
    """The state dict of a folded network under the names of `build`, with norms that only add the bias.

    Weights are stored this way, so that a file does not tell whether its network was folded.

    Args:
        network: a network, folded or not.
    """
    state = dict(network.state_dict())
    prefixes = {module: name for name, module in network.named_modules()}
    for parent, convolution, name, _ in _pairs(network, FoldedNorm):
        norm = ".".join(filter(None, (prefixes[parent], name)))
        bias = state.pop(f"{prefixes[convolution]}.bias")
        ones = torch.ones_like(bias)
        state |= {
            f"{norm}.weight": ones, f"{norm}.bias": bias,
            f"{norm}.running_mean": torch.zeros_like(bias), f"{norm}.running_var": ones - NORM_EPS,
        }  # fmt: skip
    return state


def load_unfolded(network: nn.Module, state: dict[str, Tensor]) -> None:
    """Put what `unfolded_state` gave back into a network that is folded the same way, to the bit.

    Raises:
        RuntimeError: `state` is of another network.
    """
    prefixes = {module: name for name, module in network.named_modules()}
    named = dict(state)
    for parent, convolution, name, _ in _pairs(network, FoldedNorm):
        norm = ".".join(filter(None, (prefixes[parent], name)))
        for part in ("weight", "running_mean", "running_var"):
            named.pop(f"{norm}.{part}", None)
        if (bias := named.pop(f"{norm}.bias", None)) is not None:
            named[f"{prefixes[convolution]}.bias"] = bias
    network.load_state_dict(named)


def _pairs(
    network: nn.Module, kind: type[nn.Module]
) -> Iterator[tuple[nn.Module, nn.Conv2d, str, Any]]:
    """Every (parent, convolution, name, norm) whose norm is of `kind` and follows its convolution."""
    for parent in list(network.modules()):
        for (_, convolution), (name, norm) in pairwise(list(parent.named_children())):
            if isinstance(convolution, nn.Conv2d) and isinstance(norm, kind):
                yield parent, convolution, name, norm
