"""The layers of this project's detectors, from descriptions of their architecture alone.

A detector is a backbone, a neck, a region proposal network, a box head and perhaps a mask head. Every count
follows from a handful of numbers, and so explains why the detector on 1280 channels is twice the size of
the one on a ResNet-50: its box head reads 7 x 7 x 1280 numbers and gives each 1024 weights.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from pedviz.theory.parameters import Layer, conv_layer, linear_layer, norm_layer

Neck = Literal["fpn", "lite", "single", "proj256"]
Norm = Literal["frozen", "batch"]

PYRAMID_CHANNELS, LITE_CHANNELS = 256, 128
BOX_RESOLUTION = 7  # cells that the box head reads along each side
BOX_HIDDEN, LITE_BOX_HIDDEN = 1024, 512
MASK_CHANNELS = 256
MASK_DEPTH = 4


@dataclass(frozen=True, kw_only=True)
class ResNetDescription:
    """A ResNet or ResNeXt: how many blocks each stage has, and what a block is made of."""

    depths: tuple[int, int, int, int]
    bottleneck: bool
    groups: int = 1
    group_width: int = 64


RESNETS: dict[str, ResNetDescription] = {
    "resnet18": ResNetDescription(depths=(2, 2, 2, 2), bottleneck=False),
    "resnet50": ResNetDescription(depths=(3, 4, 6, 3), bottleneck=True),
    "resnext101_32x8d": ResNetDescription(depths=(3, 4, 23, 3), bottleneck=True, groups=32, group_width=8),
}
STAGE_WIDTHS = (64, 128, 256, 512)
MOBILENET_STAGES = (  # expansion, channels, blocks
    (1, 16, 1), (6, 24, 2), (6, 32, 3), (6, 64, 4), (6, 96, 3), (6, 160, 3), (6, 320, 1),
)  # fmt: skip
MOBILENET_CHANNELS = 1280
MOBILENET_TAPS = (24, 32, 96, MOBILENET_CHANNELS)  # what a pyramid on MobileNetV2 is built from


def _backbone_conv(
    inputs: int, outputs: int, *, kernel: int, norm: Norm, name: str, groups: int = 1
) -> list[Layer]:
    """A convolution without bias and the batch norm behind it, which has parameters if it is trained."""
    conv = conv_layer(inputs, outputs, kernel=kernel, groups=groups, bias=False, name=name, part="backbone")
    return [conv, norm_layer(outputs, name=f"{name} norm", part="backbone")] if norm == "batch" else [conv]


def _resnet_block(
    inputs: int, outputs: int, *, width: int, resnet: ResNetDescription, norm: Norm, name: str
) -> list[Layer]:
    conv = partial(_backbone_conv, norm=norm)
    if resnet.bottleneck:
        inner = width * resnet.group_width // 64 * resnet.groups
        layers = conv(inputs, inner, kernel=1, name=f"{name} reduce")
        layers += conv(inner, inner, kernel=3, groups=resnet.groups, name=f"{name} middle")
        layers += conv(inner, outputs, kernel=1, name=f"{name} expand")
    else:
        layers = conv(inputs, outputs, kernel=3, name=f"{name} first")
        layers += conv(outputs, outputs, kernel=3, name=f"{name} second")
    if inputs != outputs:  # the sum needs equal shapes
        layers += conv(inputs, outputs, kernel=1, name=f"{name} shortcut")
    return layers


def _resnet_layers(resnet: ResNetDescription, norm: Norm) -> list[Layer]:
    expansion = 4 if resnet.bottleneck else 1
    layers, channels = _backbone_conv(3, 64, kernel=7, norm=norm, name="stem"), 64
    for stage, (width, depth) in enumerate(zip(STAGE_WIDTHS, resnet.depths, strict=True), start=1):
        for block in range(depth):
            outputs = width * expansion
            name = f"stage {stage} block {block + 1}"
            layers += _resnet_block(channels, outputs, width=width, resnet=resnet, norm=norm, name=name)
            channels = outputs
    return layers


def _mobilenet_layers(norm: Norm) -> list[Layer]:
    conv = partial(_backbone_conv, norm=norm)
    layers, channels, number = conv(3, 32, kernel=3, name="stem"), 32, 0
    for expansion, outputs, blocks in MOBILENET_STAGES:
        for _ in range(blocks):
            number += 1
            inner = channels * expansion
            if expansion > 1:
                layers += conv(channels, inner, kernel=1, name=f"block {number} expand")
            layers += conv(inner, inner, kernel=3, groups=inner, name=f"block {number} depthwise")
            layers += conv(inner, outputs, kernel=1, name=f"block {number} project")
            channels = outputs
    return layers + conv(channels, MOBILENET_CHANNELS, kernel=1, name="last")


_BACKBONE_LAYERS: dict[str, Callable[[Norm], list[Layer]]] = {
    **{name: partial(_resnet_layers, resnet) for name, resnet in RESNETS.items()},
    "mobilenet_v2": _mobilenet_layers,
}
BACKBONES = tuple(_BACKBONE_LAYERS)


def _taps(backbone: str) -> tuple[int, ...]:
    """Channels of the four maps that a pyramid is built from."""
    if backbone in RESNETS:
        expansion = 4 if RESNETS[backbone].bottleneck else 1
        return tuple(width * expansion for width in STAGE_WIDTHS)
    return MOBILENET_TAPS


def _neck_layers(backbone: str, neck: Neck) -> tuple[list[Layer], int]:
    """The neck's layers, and the channels that it hands on."""
    *_, last = taps = _taps(backbone)
    conv = partial(conv_layer, part="neck")
    if neck == "single":
        return [], last
    if neck == "proj256":
        return [conv(last, PYRAMID_CHANNELS, kernel=1, bias=False, name="projection")], PYRAMID_CHANNELS
    width, first = (LITE_CHANNELS, 3) if neck == "lite" else (PYRAMID_CHANNELS, 2)
    layers = [
        layer
        for level, channels in enumerate(taps[first - 2 :], start=first)
        for layer in (
            conv(channels, width, kernel=1, name=f"level {level} lateral"),
            conv(width, width, kernel=3, name=f"level {level} output"),
        )
    ]
    return layers, width


def _rpn_layers(channels: int, anchors: int) -> list[Layer]:
    conv = partial(conv_layer, part="rpn")
    return [
        conv(channels, channels, kernel=3, name="shared"),
        conv(channels, anchors, kernel=1, name="objectness"),
        conv(channels, anchors * 4, kernel=1, name="anchor shifts"),
    ]


def _box_head_layers(channels: int, num_classes: int, *, hidden: int) -> list[Layer]:
    linear = partial(linear_layer, part="box_head")
    return [
        linear(BOX_RESOLUTION**2 * channels, hidden, name="first"),
        linear(hidden, hidden, name="second"),
        linear(hidden, num_classes, name="class"),
        linear(hidden, num_classes * 4, name="box"),
    ]


def _mask_head_layers(channels: int, num_classes: int, *, width: int, hidden: int) -> list[Layer]:
    conv = partial(conv_layer, part="mask_head")
    inputs = (channels, *[width] * (MASK_DEPTH - 1))
    return [
        *(conv(wide, width, kernel=3, name=f"conv {n}") for n, wide in enumerate(inputs, start=1)),
        conv(width, hidden, kernel=2, name="enlarge"),
        conv(hidden, num_classes, kernel=1, name="class maps"),
    ]


def detector_layers(
    backbone: str,
    neck: Neck,
    *,
    anchors: int,
    masks: bool = True,
    num_classes: int = 2,
    mask_hidden: int = 256,
    norm: Norm = "frozen",
) -> tuple[Layer, ...]:
    """Every layer with parameters of a Faster or Mask R-CNN.

    Args:
        backbone: one of `BACKBONES`.
        neck: "fpn" a feature pyramid, "lite" a slim one from stride 8 on with narrow heads, "single" the
            last map alone, "proj256" that map squeezed.
        anchors: at each place of a map; 3 on a pyramid, 6 on the lite one, 15 on a single map.
        masks: whether there is a mask head.
        num_classes: background included.
        mask_hidden: channels of the last mask layer.
        norm: "frozen" batch norm has no parameters, "batch" has two a channel.

    Returns:
        The layers, in parts "backbone", "neck", "rpn", "box_head" and "mask_head".

    Raises:
        ValueError: the backbone is unknown.

    Source: He et al., ResNet, CVPR 2016; Sandler et al., MobileNetV2, CVPR 2018; He et al., Mask R-CNN,
        ICCV 2017; the layers are torchvision's.

    >>> layers = detector_layers("mobilenet_v2", "single", anchors=15)
    >>> largest = max(layers, key=lambda layer: layer.parameters)
    >>> largest.part, largest.name, f"{largest.parameters:,}"
    ('box_head', 'first', '64,226,304')
    """
    if backbone not in _BACKBONE_LAYERS:
        raise ValueError(f"backbone: expected one of {', '.join(BACKBONES)}, got '{backbone}'")
    neck_layers, channels = _neck_layers(backbone, neck)
    layers = [*_BACKBONE_LAYERS[backbone](norm), *neck_layers, *_rpn_layers(channels, anchors)]
    lite = neck == "lite"
    layers += _box_head_layers(channels, num_classes, hidden=LITE_BOX_HIDDEN if lite else BOX_HIDDEN)
    if masks:
        width = LITE_CHANNELS if lite else MASK_CHANNELS
        layers += _mask_head_layers(channels, num_classes, width=width, hidden=mask_hidden)
    return tuple(layers)
