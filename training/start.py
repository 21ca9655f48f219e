"""What a training run starts from: published weights, a file, or nothing."""

import lzma
from http.client import HTTPException
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchvision
from safetensors import SafetensorError
from safetensors.torch import load as load_bytes
from torch import Tensor
from torchvision.models import WeightsEnum
from torchvision.models.detection import FasterRCNN, MaskRCNN_ResNet50_FPN_Weights

from pedviz.download import sha256_of
from pedviz.errors import CheckpointError, reason_of
from pedviz.models.build import copy_matching_weights
from pedviz.models.coco import fold_eps
from pedviz.models.compact import load_state
from pedviz.models.specs import ModelSpec

BACKBONE = "backbone.body."
# Of ImageNet's colours in [0, 1]: what published networks take off their input, and divide it by.
MEAN, STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
MOST_UNPACKED = 2**30  # bytes; a ResNeXt-101 in float32 has 0.4 GB


def _from_file(path: Path) -> dict[str, Tensor]:
    if path.suffix != ".xz":
        return load_state(path)[0]
    try:
        with lzma.open(path) as file:
            content = file.read(MOST_UNPACKED + 1)
        if len(content) > MOST_UNPACKED:
            raise CheckpointError(f"{path.name} is larger than {MOST_UNPACKED // 2**20} MB once unpacked")
        state = load_bytes(content)
    except (OSError, EOFError, lzma.LZMAError, SafetensorError) as error:
        raise CheckpointError(
            f"{path.name} is no readable safetensors.xz file: {reason_of(error)}"
        ) from error
    return {name: tensor.float() for name, tensor in state.items()}


def _fetched(weights: WeightsEnum) -> dict[str, Tensor]:
    """Published weights, from torchvision's cache or over the network."""
    try:
        return weights.get_state_dict(progress=True, check_hash=True, weights_only=True)
    except (OSError, HTTPException, RuntimeError) as error:  # the last for a file of another hash
        raise CheckpointError(
            f"{weights} could not be downloaded: {reason_of(error)}; try again, or see --init FILE"
        ) from error


def _imagenet(spec: ModelSpec) -> dict[str, Tensor]:
    state = _fetched(torchvision.models.get_model_weights(spec.backbone).DEFAULT)
    return {name.removeprefix("features."): tensor for name, tensor in state.items()}


def _coco(_: ModelSpec) -> dict[str, Tensor]:
    return fold_eps(_fetched(MaskRCNN_ResNet50_FPN_Weights.COCO_V1))


PUBLISHED = {"imagenet": _imagenet, "coco": _coco}


def initialise(network: FasterRCNN, spec: ModelSpec, *, init: str, needs_backbone: bool = True) -> str:
    """Copy what `init` has into `network`; layers that it does not have keep their random numbers.

    Args:
        network: fresh from `build`.
        spec: its variant.
        init: "imagenet", "coco", "none", or the path of a safetensors file (.xz too) that holds a backbone
            or a whole network, perhaps of another variant.
        needs_backbone: refuse a start without weights for the backbone; after another start heads will do.

    Returns:
        What was used, for the run's record.

    Raises:
        CheckpointError: it cannot be read or downloaded, or has nothing that fits.
    """
    if init == "none":
        return "none"
    if init in PUBLISHED:
        state, source = PUBLISHED[init](spec), init
    else:
        state, source = _from_file(Path(init)), f"{Path(init).name} sha256 {sha256_of(Path(init))[:12]}"
    whole = any(name.startswith("backbone.") for name in state)
    named = state if whole else {BACKBONE + name: tensor for name, tensor in state.items()}
    copied = copy_matching_weights(named, network)
    if needs_backbone and not any(name.startswith(BACKBONE) for name in copied):
        raise CheckpointError(f"{source} has no weights for the backbone of '{spec.id}' ({spec.backbone})")
    if not copied:
        raise CheckpointError(f"{source} has no weights that fit '{spec.id}'")
    return f"{source} ({len(copied)} of {len(network.state_dict())} tensors)"


def reestimate_norm(network: FasterRCNN, images: list[Tensor]) -> None:
    """Give trainable batch norm its true statistics before training, without changing what it computes.

    Published backbones may come with their statistics folded into scale and offset (mean 0, variance 1). Then
    the first batches of training-mode normalisation would compute something else than the backbone learned.

    Args:
        network: with BatchNorm2d layers.
        images: a few images, each (3, H, W) float32 in [0, 1].
    """
    layers: list[Any] = [module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    seen: dict[torch.nn.Module, list[Tensor]] = {layer: [] for layer in layers}

    def record(layer: torch.nn.Module, inputs: tuple[Tensor]) -> None:
        seen[layer].append(torch.stack([inputs[0].mean((0, 2, 3)), inputs[0].square().mean((0, 2, 3))]))

    hooks = [layer.register_forward_pre_hook(record) for layer in layers]
    with torch.no_grad():
        for image in images:
            network.backbone(network.transform([image])[0].tensors)
        for layer, hook in zip(layers, hooks, strict=True):
            hook.remove()
            mean, square = torch.stack(seen[layer]).mean(0)
            variance = (square - mean.square()).clamp(min=layer.eps)
            scale = layer.weight / (layer.running_var + layer.eps).sqrt()
            layer.bias.add_(scale * (mean - layer.running_mean))
            layer.weight.copy_(scale * (variance + layer.eps).sqrt())
            layer.running_mean.copy_(mean)
            layer.running_var.copy_(variance)
