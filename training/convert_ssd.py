"""A MobileNetV2 that has seen COCO, as a start: python -m training.convert_ssd MODEL.JSON --out FILE.

TensorFlow's SSDLite detector, trained on COCO, is published as a TensorFlow.js graph (coco-ssd). Its backbone
becomes a safetensors file of torchvision's names for `--init`; boxes and classes are left behind.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

from pedviz.cli.terminal import guarded
from pedviz.errors import CheckpointError, reason_of
from training.start import MEAN, STD

SCOPE = "FeatureExtractor/MobilenetV2/"
BLOCKS = 17
Layer = tuple[np.ndarray, np.ndarray]


def read_graph(model: Path) -> dict[str, np.ndarray]:
    """The weights of a TensorFlow.js graph by name; their files lie beside `model`.

    Raises:
        CheckpointError: it is no such graph, or a file of it is missing or cut off.
    """
    weights = {}
    try:
        for group in json.loads(model.read_text("utf-8"))["weightsManifest"]:
            content = b"".join((model.parent / Path(path).name).read_bytes() for path in group["paths"])
            start = 0
            for weight in group["weights"]:
                kind, shape = np.dtype(weight["dtype"]), weight["shape"]
                array = np.frombuffer(content, kind, int(np.prod(shape)), start)
                weights[weight["name"]] = array.reshape(shape)
                start += array.nbytes
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(f"{model} is no readable TensorFlow.js graph: {reason_of(error)}") from error
    return weights


def to_torchvision(weights: dict[str, np.ndarray]) -> dict[str, Tensor]:
    """The backbone of coco-ssd under the names of torchvision's `mobilenet_v2().features`.

    Norms are folded into the weights, as they are in the graph: theirs are 1, 0, 0 and 1 but for the bias.
    TensorFlow's input lies in [-1, 1]; the first layer takes torchvision's normalised one instead. At a
    stride of 2 TensorFlow pads right and below alone: maps lie a place further, which nothing depends on.

    Raises:
        CheckpointError: a layer is missing.
    """
    try:
        layers = _layers(weights)
    except KeyError as error:
        raise CheckpointError(f"the graph has no {error}: it is no SSDLite MobileNetV2") from error
    state: dict[str, np.ndarray] = {}
    for (convolution, norm), (kernel, bias) in layers.items():
        state[f"{convolution}.weight"] = kernel
        ones, zeros = np.ones_like(bias), np.zeros_like(bias)
        state |= {f"{norm}.weight": ones, f"{norm}.bias": bias}
        state |= {f"{norm}.running_mean": zeros, f"{norm}.running_var": ones}
    return {name: torch.tensor(np.ascontiguousarray(array, np.float32)) for name, array in state.items()}


def _layers(weights: dict[str, np.ndarray]) -> dict[tuple[str, str], Layer]:
    """Kernels as PyTorch has them and biases, by the names of convolution and norm."""

    def full(name: str) -> Layer:
        kernel = weights[f"{SCOPE}{name}/Conv2D/merged_input"].transpose(3, 2, 0, 1)
        return kernel, weights[f"{SCOPE}{name}/BatchNorm/batchnorm/sub"]

    def depthwise(name: str) -> Layer:
        kernel = weights[f"{SCOPE}{name}/depthwise_weights"].transpose(2, 3, 0, 1)
        scale = weights[f"{SCOPE}{name}/BatchNorm/batchnorm/mul"].reshape(-1, 1, 1, 1)
        return kernel * scale, weights[f"{SCOPE}{name}/BatchNorm/batchnorm/sub"]

    kernel, bias = full("Conv")
    bias = bias + (kernel * (2 * MEAN - 1)[:, None, None]).sum(axis=(1, 2, 3))
    layers = {("0.0", "0.1"): (kernel * (2 * STD)[:, None, None], bias)}
    for number in range(BLOCKS):
        name, block = f"expanded_conv_{number}" if number else "expanded_conv", f"{number + 1}.conv"
        later = int(number > 0)  # the first block does not expand
        if later:
            layers[f"{block}.0.0", f"{block}.0.1"] = full(f"{name}/expand")
        layers[f"{block}.{later}.0", f"{block}.{later}.1"] = depthwise(f"{name}/depthwise")
        layers[f"{block}.{later + 1}", f"{block}.{later + 2}"] = full(f"{name}/project")
    return layers | {("18.0", "18.1"): full("Conv_1")}


def main(arguments: Sequence[str] | None = None) -> int:
    """Convert from the command line; the exit status."""
    options = argparse.ArgumentParser(
        prog="python -m training.convert_ssd", description=__doc__.partition("\n")[0]
    )
    options.add_argument("model", type=Path, help="model.json, its weights beside it")
    options.add_argument("--out", type=Path, required=True, help="safetensors file")
    given = options.parse_args(arguments)
    save_file(to_torchvision(read_graph(given.model)), given.out)
    print(f"{given.out}: start with it by --init {given.out}")
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
