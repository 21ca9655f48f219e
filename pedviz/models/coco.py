"""Torchvision's published COCO weights, in our layers."""

from torch import Tensor

from pedviz.models.build import NORM_EPS


def fold_eps(state: dict[str, Tensor], *, file_eps: float = 0.0) -> dict[str, Tensor]:
    """Make a state dict trained with another batch-norm eps compute the same with ours.

    A frozen norm layer multiplies by weight / sqrt(variance + eps), so the weight takes up the change.

    Args:
        state: a network's tensors; each norm layer has `weight` and `running_var`.
        file_eps: the eps the file was trained with.
    """
    folded = dict(state)
    for name, variance in state.items():
        if name.endswith("running_var"):
            weight = name.removesuffix("running_var") + "weight"
            folded[weight] = state[weight] * ((variance + NORM_EPS) / (variance + file_eps)).sqrt()
    return folded
