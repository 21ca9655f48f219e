"""A pyramid that is shown another variant's pyramid: every place of every map says what it should be.

Boxes teach a backbone at the few places where people stand; a teacher does at all of them. That is how a
variant whose backbone knows little of people learns from one whose backbone knows more.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from pedviz.models.checkpoints import load_network
from pedviz.models.fold import fold_norms
from pedviz.models.specs import get_spec

LEAST_SPREAD = 1e-3  # a channel of the teacher that hardly varies is not stretched


def teaching_pyramid(spec_id: str) -> nn.Module:
    """The released backbone and pyramid of a variant, which learn nothing any more.

    Raises:
        PedvizError: there are no weights, or they are damaged.
    """
    network: Any = fold_norms(load_network(get_spec(spec_id)))
    return network.backbone.requires_grad_(False).eval()


def unsmoothed_maps(backbone: nn.Module, images: Tensor) -> dict[str, Tensor]:
    """What a pyramid's output convolutions get, by level: most of its cost comes after that.

    Two pyramids with the same output convolutions and the same unsmoothed maps are the same.

    Args:
        backbone: a torchvision BackboneWithFPN of C channels.
        images: (B, 3, H, W), normalised.

    Returns:
        (B, C, H / s, W / s) for every stride s, the coarsest level first.

    Source: torchvision.ops.FeaturePyramidNetwork, whose sums these are.
    """
    pyramid: Any = backbone
    features = list(pyramid.body(images).items())
    maps: dict[str, Tensor] = {}
    above = None
    for (level, feature), lateral in reversed(list(zip(features, pyramid.fpn.inner_blocks, strict=True))):
        own = lateral(feature)
        above = own if above is None else own + interpolate(above, size=own.shape[-2:], mode="nearest")
        maps[level] = above
    return maps


def imitation_loss(maps: Mapping[str, Tensor], taught: Mapping[str, Tensor]) -> Tensor:
    """Mean squared difference of two pyramids in units of the spread of each of the teacher's channels.

    Args:
        maps: of the student, by level, each (B, C, H, W).
        taught: of the teacher, in the same shapes.

    Returns:
        A scalar, summed over the levels; about 1 a level for a student that knows nothing.

    Source: after Cao et al., PKD: General distillation framework for object detectors via Pearson correlation
    coefficient, NeurIPS 2022, without the student's own mean and spread, so that the teacher's heads fit it.
    """
    total = torch.zeros((), device=next(iter(maps.values())).device)
    for level, wanted in taught.items():
        wanted = wanted.float()
        spread = wanted.std(dim=(0, 2, 3), keepdim=True).clamp(min=LEAST_SPREAD)
        total = total + (((maps[level].float() - wanted) / spread) ** 2).mean()
    return total
