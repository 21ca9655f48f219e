"""Lesson 6, counting parameters: VGG16 with numbers to change, and every variant of this project by part."""

from collections.abc import Iterable
from typing import Any

from pedviz.lessons.lesson import Claim, Lesson, Preset
from pedviz.lessons.settings import Choice, Count, Flag, Numbers
from pedviz.models.specs import SPECS, ModelSpec
from pedviz.theory.detector_parameters import detector_layers
from pedviz.theory.parameters import Layer

BACKBONE = "backbone"  # the part that variants share
VGG16_CONVOLUTIONS = 13
LAYERS = 16
FIRST_CONNECTED = VGG16_CONVOLUTIONS + 1
WIDTHS = (64.0, 128.0, 256.0, 512.0, 512.0)
HIDDEN = 4096
SINGLE_CHANNELS = 1280

PRESETS = (
    Preset(
        key="vgg16",
        label="VGG16",
        note="138,357,544 parameters. Thirteen convolutions hold a tenth of them; one fully connected layer "
        "holds three quarters.",
        state={"layer": FIRST_CONNECTED},
    ),
    Preset(
        key="two",
        label="Two classes",
        note="Person or not instead of a thousand classes: only the last layer shrinks, by 3 % of the whole.",
        state={"classes": 2, "layer": LAYERS},
    ),
    Preset(
        key="large",
        label="Twice the image",
        note="No convolution has more weights. The first fully connected layer sees 14 × 14 cells instead "
        "of 7 × 7, and is four times as large.",
        state={"side": 448, "layer": FIRST_CONNECTED},
    ),
    Preset(
        key="kernel",
        label="Kernels of 5 × 5",
        note="25 weights instead of 9 for each pair of channels: the convolutions nearly triple, and are "
        "still the smaller part.",
        state={"k": 5, "layer": VGG16_CONVOLUTIONS},
    ),
    Preset(
        key="grey",
        label="Grey images",
        note="One channel instead of three: 1,152 weights fewer, of 138 million.",
        state={"ch": 1, "layer": 1},
    ),
    Preset(
        key="thin",
        label="Small hidden layers",
        note="256 outputs of fc6 and fc7 instead of 4,096, and most of the network is gone.",
        state={"hid": 256, "layer": FIRST_CONNECTED},
    ),
)

SETTINGS = (
    Count(key="layer", label="Layer", default=FIRST_CONNECTED, low=1, high=LAYERS),
    Count(key="k", label="Kernel side", default=3, low=1, high=11),
    Count(key="ch", label="Channels of the image", default=3, low=1, high=16),
    Count(key="side", label="Side of the image, pixels", default=224, low=32, high=1024),
    Count(key="classes", label="Classes", default=1000, low=1, high=22000),
    Count(key="hid", label="Outputs of fc6 and fc7", default=HIDDEN, low=1, high=8192),
    Numbers(
        key="w", label="Channels of the five blocks", default=WIDTHS, low=1, high=2048, step=1, whole=True,
        names=("1", "2", "3", "4", "5"),
    ),
    Count(
        key="c", label="Input channels of the box head", default=SINGLE_CHANNELS, low=1, high=2048,
    ),
    Choice(
        key="model", label="Variant", default="maskrcnn_mobilenet_v2",
        options=tuple((spec.id, spec.label) for spec in SPECS),
    ),
    Count(key="mask", label="Channels of the last mask layer", default=256, low=1, high=1024),
    Flag(key="norm", label="trainable BatchNorm (two parameters per channel)"),
)  # fmt: skip

CLAIMS = (
    Claim(
        source="The reports",
        says="VGG16 has 138,357,544 parameters.",
        verdict="right",
        answer="14,714,688 in convolutions and 123,642,856 in fully connected layers.",
        state={"layer": FIRST_CONNECTED},
    ),
    Claim(
        source="The reports",
        says="The first fully connected layer has 102,760,192 weights.",
        verdict="wrong",
        answer="25,088 × 4,096 = 102,760,448. The report's own total with biases, 102,764,544, needs this "
        "one: a slip of 256 in print.",
        state={"layer": FIRST_CONNECTED},
    ),
    Claim(
        source="The reports",
        says="MobileNetV2 makes the detector lightweight.",
        verdict="incomplete",
        answer="It makes the backbone light: 2.2 million parameters. With its 1,280 channels handed on as "
        "they are, the first layer of the box head alone has 64 million, and the whole is twice the "
        "ResNet-50 detector.",
        state={"model": "maskrcnn_mobilenet_v2", "c": SINGLE_CHANNELS},
        at="detectors",
    ),
    Claim(
        source="Report B",
        says="A 1 × 1 convolution to 256 channels may follow MobileNetV2 (its second method).",
        verdict="right",
        answer="It is what makes that detector small: the box head's first layer shrinks to a fifth, 12.8 "
        "million instead of 64.2.",
        state={"model": "maskrcnn_mobilenet_v2_proj256", "c": 256},
        at="detectors",
    ),
)


def _layers(spec: ModelSpec) -> tuple[Layer, ...]:
    """Every layer of a variant, each batch norm with its two parameters a channel."""
    return detector_layers(
        spec.backbone, spec.neck, anchors=spec.anchors, masks=spec.masks, num_classes=spec.num_classes,
        mask_hidden=spec.mask_hidden, norm="batch",
    )  # fmt: skip


def _rows(layers: Iterable[Layer], *, backbone: bool) -> list[list[Any]]:
    """[name, part, weights, biases] of the layers in the backbone, or of all others."""
    return [
        [layer.name, layer.part, layer.weights, layer.biases]
        for layer in layers
        if (layer.part == BACKBONE) == backbone
    ]


def _layer_table() -> dict[str, Any]:
    """The layers of every backbone, once, and those behind it of every variant."""
    layers = {spec: _layers(spec) for spec in SPECS}
    return {
        "backbones": {spec.backbone: _rows(found, backbone=True) for spec, found in layers.items()},
        "variants": [
            {
                "id": spec.id, "label": spec.label, "backbone": spec.backbone, "hidden": spec.mask_hidden,
                "layers": _rows(found, backbone=False),
            }
            for spec, found in layers.items()
        ],
    }  # fmt: skip


LESSON = Lesson(
    slug="parameters",
    number=6,
    title="Counting parameters",
    question="Where are the parameters of a network, and why is a small backbone not enough?",
    settings=SETTINGS,
    presets=PRESETS,
    claims=CLAIMS,
    data=_layer_table,
    minutes=30,
    needs="what convolutions and fully connected layers compute",
    core=("layers", "detectors", "head"),
)
