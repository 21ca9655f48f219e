import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch.nn import functional
from torchvision.models import mobilenet_v2
from torchvision.ops.misc import FrozenBatchNorm2d

from pedviz.cli.terminal import CANNOT_START, guarded
from training.convert_ssd import BLOCKS, SCOPE, main
from training.start import MEAN, STD

REFERENCE = mobilenet_v2(norm_layer=lambda channels: FrozenBatchNorm2d(channels, eps=0)).features.eval()


def _name(block: int) -> str:
    return f"expanded_conv_{block}" if block else "expanded_conv"


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    """A TensorFlow.js graph with random weights, in two files, and those weights."""
    random = np.random.default_rng(0)
    weights: dict[str, np.ndarray] = {"Postprocessor/shape": np.array([2, 3], np.int32)}

    def add(name, shape, *, scale=1.0):
        weights[SCOPE + name] = random.normal(0, scale, shape).astype(np.float32)

    def full(name, convolution):
        shape = convolution.weight.permute(2, 3, 1, 0).shape
        add(f"{name}/Conv2D/merged_input", shape, scale=np.prod(shape[:3]) ** -0.5)
        add(f"{name}/BatchNorm/batchnorm/sub", shape[3:])

    def depthwise(name, convolution):
        channels = len(convolution.weight)
        add(f"{name}/depthwise_weights", (3, 3, channels, 1), scale=1 / 3)
        add(f"{name}/BatchNorm/batchnorm/mul", (channels,))
        add(f"{name}/BatchNorm/batchnorm/sub", (channels,))

    full("Conv", REFERENCE[0][0])
    for block in range(BLOCKS):
        *expand, middle, project, _ = REFERENCE[block + 1].conv
        for layer in expand:
            full(f"{_name(block)}/expand", layer[0])
        depthwise(f"{_name(block)}/depthwise", middle[0])
        full(f"{_name(block)}/project", project)
    full("Conv_1", REFERENCE[18][0])
    folder = tmp_path_factory.mktemp("graph")
    content = b"".join(array.tobytes() for array in weights.values())
    (folder / "a").write_bytes(content[:1001])
    (folder / "b").write_bytes(content[1001:])
    listed = [{"name": key, "shape": it.shape, "dtype": str(it.dtype)} for key, it in weights.items()]
    manifest = {"weightsManifest": [{"paths": ["a", "b"], "weights": listed}]}
    (folder / "model.json").write_text(json.dumps(manifest))
    return folder / "model.json", {name: torch.tensor(array) for name, array in weights.items()}


def _as_tensorflow(weights, image):
    """The backbone as TensorFlow has it, (1, 3, H, W) in [0, 1] -> (1, 1280, h, w), padded as in PyTorch."""

    def full(name, features, *, stride=1, padding=0):
        kernel = weights[f"{SCOPE}{name}/Conv2D/merged_input"].permute(3, 2, 0, 1)
        bias = weights[f"{SCOPE}{name}/BatchNorm/batchnorm/sub"]
        return functional.conv2d(features, kernel, bias, stride=stride, padding=padding)

    def depthwise(name, features, *, stride):
        kernel = weights[f"{SCOPE}{name}/depthwise_weights"].permute(2, 3, 0, 1)
        scale, bias = (weights[f"{SCOPE}{name}/BatchNorm/batchnorm/{part}"] for part in ("mul", "sub"))
        out = functional.conv2d(features, kernel, stride=stride, padding=1, groups=len(kernel))
        return functional.relu6(out * scale.view(1, -1, 1, 1) + bias.view(1, -1, 1, 1))

    mean = torch.tensor(MEAN, dtype=torch.float32).view(1, 3, 1, 1)  # 0 after torchvision's normalisation
    padded = functional.pad(image - mean, (1, 1, 1, 1)) + mean
    features = functional.relu6(full("Conv", 2 * padded - 1, stride=2))
    for block in range(BLOCKS):
        strided, before = REFERENCE[block + 1].conv[-3][0].stride[0], features
        if block:
            features = functional.relu6(full(f"{_name(block)}/expand", features))
        features = depthwise(f"{_name(block)}/depthwise", features, stride=strided)
        features = full(f"{_name(block)}/project", features)
        features = features + before if before.shape == features.shape else features
    return functional.relu6(full("Conv_1", features))


def test_the_backbone_gives_what_tensorflows_gives(graph, tmp_path):
    model, weights = graph
    assert main([str(model), "--out", str(tmp_path / "start.safetensors")]) == 0
    REFERENCE.load_state_dict(load_file(tmp_path / "start.safetensors"))
    image = torch.rand(1, 3, 96, 64, generator=torch.Generator().manual_seed(0))
    normalised = (image - torch.tensor(MEAN).view(1, 3, 1, 1)) / torch.tensor(STD).view(1, 3, 1, 1)
    with torch.inference_mode():
        expected = _as_tensorflow(weights, image)
        got = REFERENCE(normalised.float())
    assert expected.std() > 0.01
    torch.testing.assert_close(got, expected, rtol=1e-3, atol=1e-3)


OTHERS = ("{", '{"weightsManifest": 3}', '{"weightsManifest": []}', "cut", "missing")


@pytest.mark.parametrize("broken", OTHERS)
def test_what_is_no_such_graph_is_said(graph, tmp_path, broken, capsys):
    model, _ = graph
    listed = model.read_text() if broken in ("cut", "missing") else broken
    (tmp_path / "model.json").write_text(listed)
    if broken == "cut":
        (tmp_path / "a").write_bytes(b"0" * 100)
        (tmp_path / "b").write_bytes(b"")
    arguments = [str(tmp_path / "model.json"), "--out", str(tmp_path / "out")]
    assert guarded(lambda: main(arguments)) == CANNOT_START
    assert "graph" in capsys.readouterr().err
