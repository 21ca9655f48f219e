"""Oracles: torch's layers, torchvision's VGG16, report B's list."""

import pytest
import torch
import torchvision
from torch import nn

from pedviz.theory.parameters import (
    conv_layer,
    count_by_part,
    count_parameters,
    linear_layer,
    norm_layer,
    vgg16_layers,
)


def _count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


@pytest.mark.parametrize(
    ("inputs", "outputs", "kernel", "bias", "groups"),
    [
        pytest.param(3, 64, 7, False, 1, id="stem"),
        pytest.param(256, 256, 3, True, 1, id="with-bias"),
        pytest.param(96, 96, 3, False, 96, id="depthwise"),
        pytest.param(256, 512, 3, False, 32, id="grouped"),
        pytest.param(1280, 256, 1, False, 1, id="one-by-one"),
    ],
)
def test_convolutions_count_as_torchs(inputs, outputs, kernel, bias, groups):
    expected = nn.Conv2d(inputs, outputs, kernel, bias=bias, groups=groups)
    layer = conv_layer(inputs, outputs, kernel=kernel, bias=bias, groups=groups)
    assert (layer.weights, layer.parameters) == (expected.weight.numel(), _count(expected))


def test_other_layers_count_as_torchs():
    assert linear_layer(30, 7).parameters == _count(nn.Linear(30, 7))
    assert norm_layer(9).parameters == _count(nn.BatchNorm2d(9))
    assert conv_layer(8, 6, kernel=2).parameters == _count(nn.ConvTranspose2d(8, 6, 2))


def test_channels_that_do_not_divide_into_groups_are_refused():
    with pytest.raises(ValueError, match="10 and 20 channels do not divide into 4 groups"):
        conv_layer(10, 20, kernel=3, groups=4)


def test_vgg16_equals_torchvision_layer_by_layer():
    network = torchvision.models.vgg16(weights=None, init_weights=False)
    expected = [
        (module.weight.numel(), module.bias.numel())
        for module in network.modules()
        if isinstance(module, nn.Conv2d | nn.Linear)
    ]
    layers = vgg16_layers()
    assert [(layer.weights, layer.biases) for layer in layers] == expected
    assert count_parameters(layers) == _count(network) == 138_357_544


def test_vgg16_equals_the_reports_list():
    layers = vgg16_layers()
    assert [layer.parameters for layer in layers] == [
        1_792, 36_928, 73_856, 147_584, 295_168, 590_080, 590_080, 1_180_160,
        2_359_808, 2_359_808, 2_359_808, 2_359_808, 2_359_808, 102_764_544, 16_781_312, 4_097_000,
    ]  # fmt: skip
    assert [layer.weights for layer in layers[:2]] == [1_728, 36_864]
    assert [layer.weights for layer in layers[-2:]] == [16_777_216, 4_096_000]
    assert count_by_part(layers) == {"convolutions": 14_714_688, "fully connected": 123_642_856}
    assert layers[12].output == (512, 14, 14)


def test_the_reports_102760192_weights_of_the_first_connected_layer_contradict_its_own_total():
    first_connected = vgg16_layers()[13]
    assert first_connected.parameters == 102_764_544, "the report's own total, which is right"
    assert first_connected.weights - 102_760_192 == 256, "a slip: 25,088 x 4,096 is 102,760,448"


def _network(channels: int, side: int, classes: int, kernel: int) -> nn.Module:
    """VGG16 with other numbers, of torch's own layers; what is left to flatten is found by running it."""
    modules: list[nn.Module] = []
    for widths in ((64, 64), (128, 128), (256,) * 3, (512,) * 3, (512,) * 3):
        for width in widths:
            modules.append(nn.Conv2d(channels, width, kernel, padding="same"))
            channels = width
        modules.append(nn.MaxPool2d(2))
    body = nn.Sequential(*modules, nn.Flatten())
    numbers = body(torch.zeros(1, modules[0].in_channels, side, side)).shape[1]
    return nn.Sequential(body, nn.Linear(numbers, 4096), nn.Linear(4096, 4096), nn.Linear(4096, classes))


@pytest.mark.parametrize(
    ("channels", "side", "classes", "kernel"),
    [
        pytest.param(1, 224, 10, 3, id="grey-ten-classes"),
        pytest.param(3, 100, 1000, 3, id="odd-side"),
        pytest.param(3, 32, 2, 5, id="smallest-side-larger-kernel"),
    ],
)
def test_edited_vgg16_equals_torchs_shapes(channels, side, classes, kernel):
    layers = vgg16_layers(channels=channels, side=side, classes=classes, kernel=kernel)
    with torch.device("meta"):
        expected = _count(_network(channels, side, classes, kernel))
    assert count_parameters(layers) == expected


def test_a_picture_too_small_for_five_halvings_is_refused():
    with pytest.raises(ValueError, match="nothing is left of the image after 5 halvings"):
        vgg16_layers(side=31)
