"""Every variant of the detector, as data, in the order in which they are shown.

Adding a variant is adding one `ModelSpec` here (and a recipe in training/recipes.py if it needs its own).
"""

from dataclasses import dataclass
from typing import Literal

from pedviz.errors import UnknownModelError

Backbone = Literal["resnet18", "resnet50", "resnext101_32x8d", "mobilenet_v2"]
Neck = Literal["fpn", "lite", "single", "proj256"]
Norm = Literal["frozen", "batch"]

PYRAMID_ANCHOR_SIZES = ((32,), (64,), (128,), (256,), (512,))
LITE_ANCHOR_SIZES = ((32, 48), (64, 96), (128, 192), (256, 384))
SINGLE_LEVEL_ANCHOR_SIZES = ((32, 64, 128, 256, 512),)
ANCHOR_SIZES: dict[Neck, tuple[tuple[int, ...], ...]] = {
    "fpn": PYRAMID_ANCHOR_SIZES,
    "lite": LITE_ANCHOR_SIZES,
    "single": SINGLE_LEVEL_ANCHOR_SIZES,
    "proj256": SINGLE_LEVEL_ANCHOR_SIZES,
}
ASPECT_RATIOS = (0.5, 1.0, 2.0)  # height / width
UPRIGHT_RATIOS = (1.0, 2.0, 3.0)  # people stand more often than they lie


@dataclass(frozen=True, kw_only=True)
class ModelSpec:
    """One variant.

    Attributes:
        id: names the checkpoint, the results row and the test case.
        label: what the visitor reads.
        summary: one sentence for the chooser.
        backbone: the network that turns the image into feature maps.
        neck: how the backbone's maps reach the heads: a feature pyramid of 256 channels on strides 4 to 64;
            "lite", one of 128 channels on strides 8 to 64 with narrower heads; the last map alone; or the
            last map squeezed to 256 channels.
        masks: whether there is a mask head.
        parameters: weights that inference needs, batch-norm statistics apart; tested against the network.
        anchor_sizes: side lengths in pixels of the resized image, one tuple a pyramid level.
        num_classes: background included.
        person_class: the output that means "person".
        min_size, max_size: the shorter side that an image is resized to, and the cap on the longer, pixels.
        proposals: boxes that the region proposal network hands on.
        mask_hidden: channels of the last mask layer.
        on_demand: its weights are others' and are fetched when somebody wants them, never trained here.
    """

    id: str
    label: str
    summary: str
    backbone: Backbone
    neck: Neck
    parameters: int
    masks: bool = True
    num_classes: int = 2
    person_class: int = 1
    min_size: int = 440
    max_size: int = 880
    proposals: int = 200
    mask_hidden: int = 256
    on_demand: bool = False

    @property
    def anchor_sizes(self) -> tuple[tuple[int, ...], ...]:
        """Anchor side lengths in pixels, one tuple a level."""
        return ANCHOR_SIZES[self.neck]

    @property
    def aspect_ratios(self) -> tuple[float, ...]:
        """Height over width of the anchors."""
        return UPRIGHT_RATIOS if self.neck == "lite" else ASPECT_RATIOS

    @property
    def anchors(self) -> int:
        """Anchors at each place of a map."""
        return len(self.anchor_sizes[0]) * len(self.aspect_ratios)


SPECS: tuple[ModelSpec, ...] = (
    ModelSpec(
        id="maskrcnn_resnet50_fpn", label="ResNet-50 FPN", parameters=43_922_395,
        summary="Mask R-CNN on a ResNet-50 with a feature pyramid: the larger model of the course reports.",
        backbone="resnet50", neck="fpn", min_size=352, max_size=704,
    ),
    ModelSpec(
        id="maskrcnn_mobilenet_v2_fpn", label="MobileNetV2 FPN", parameters=22_040_795,
        summary="The small backbone with a feature pyramid: half the parameters, a fairer comparison.",
        backbone="mobilenet_v2", neck="fpn", min_size=400, max_size=800,
    ),
    ModelSpec(
        id="maskrcnn_mobilenet_v2_lite", label="MobileNetV2 lite", parameters=7_166_314,
        summary="A slim feature pyramid and narrow heads on MobileNetV2: the smallest and fastest.",
        backbone="mobilenet_v2", neck="lite", min_size=352, max_size=704, proposals=100,
    ),
    ModelSpec(
        id="maskrcnn_mobilenet_v2_proj256", label="MobileNetV2 256", parameters=19_655_959,
        summary="The small backbone's last map projected to 256 channels: method two of course report B.",
        backbone="mobilenet_v2", neck="proj256", min_size=640, max_size=1066,
    ),
    ModelSpec(
        id="maskrcnn_mobilenet_v2", label="MobileNetV2 1280", parameters=87_301_399,
        summary="The small backbone's last map as it is, 1280 channels: twice the weights of ResNet-50.",
        backbone="mobilenet_v2", neck="single", min_size=640, max_size=1066,
    ),
    ModelSpec(
        id="fasterrcnn_mobilenet_v2", label="MobileNetV2 1280, boxes only", parameters=82_318_869,
        summary="The 1280-channel detector without masks: the reports' first lightweight model.",
        backbone="mobilenet_v2", neck="single", masks=False, min_size=640, max_size=1066,
    ),
    ModelSpec(
        id="maskrcnn_resnet18_fpn", label="ResNet-18 FPN", parameters=30_897_115,
        summary="A smaller ResNet with a feature pyramid: suggested by course report B.",
        backbone="resnet18", neck="fpn",
    ),
    ModelSpec(
        id="maskrcnn_resnext101_32x8d_fpn", label="ResNeXt-101 FPN", parameters=107_006_939,
        summary="A far larger backbone with a feature pyramid: suggested by course report B.",
        backbone="resnext101_32x8d", neck="fpn",
    ),
    ModelSpec(
        id="fasterrcnn_resnet50_fpn", label="ResNet-50 FPN, boxes only", parameters=41_299_161,
        summary="Faster R-CNN on a ResNet-50 with a feature pyramid: report A's first listing.",
        backbone="resnet50", neck="fpn", masks=False,
    ),
    ModelSpec(
        id="maskrcnn_resnet50_fpn_coco", label="ResNet-50 FPN, COCO zero-shot", parameters=44_401_393,
        summary="Torchvision's weights for 90 everyday classes, never shown a Penn-Fudan image.",
        backbone="resnet50", neck="fpn", num_classes=91, min_size=800, max_size=1333, proposals=1000,
        on_demand=True,
    ),
)  # fmt: skip

SPECS_BY_ID: dict[str, ModelSpec] = {spec.id: spec for spec in SPECS}
if len(SPECS_BY_ID) != len(SPECS):
    raise ValueError(f"two specs share an id: {sorted(spec.id for spec in SPECS)}")


def get_spec(model_id: str) -> ModelSpec:
    """The spec with this id.

    Raises:
        UnknownModelError: there is none; the message lists those there are.
    """
    try:
        return SPECS_BY_ID[model_id]
    except KeyError:
        raise UnknownModelError(f"no model '{model_id}'; known: {', '.join(SPECS_BY_ID)}") from None
