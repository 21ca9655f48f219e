"""The only place that constructs a network and says how its tensors lie.

The layers depend on the spec alone, never on the weights.
"""

from collections import OrderedDict
from functools import partial

import torch
import torchvision
from torch import Tensor, nn
from torchvision.models.detection import FasterRCNN, MaskRCNN
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.backbone_utils import BackboneWithFPN, resnet_fpn_backbone
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.models.detection.mask_rcnn import MaskRCNNHeads, MaskRCNNPredictor
from torchvision.models.detection.rpn import RPNHead
from torchvision.ops import FrozenBatchNorm2d, MultiScaleRoIAlign

from pedviz.models.specs import ModelSpec, Norm
from pedviz.types import DEFAULT_NMS_THRESHOLD, DETECTION_LIMIT, SCORE_FLOOR

NORM_EPS = 1e-5  # one value for every backbone; loaders fold a file's own eps into its scale
PYRAMID_CHANNELS = 256
LITE_CHANNELS, LITE_BOX_HIDDEN, MASK_DEPTH = 128, 512, 4
BOX_RESOLUTION, MASK_RESOLUTION, SAMPLING_RATIO = 7, 14, 2
# MobileNetV2's last maps at strides 4, 8, 16 and 32, with their channels. Torchvision's own helper
# would tap two maps at stride 32 instead.
MOBILENET_TAPS = {"3": 24, "6": 32, "13": 96, "18": 1280}
# Without stride 4, which takes three quarters of a pyramid's time.
LITE_TAPS = {tap: MOBILENET_TAPS[tap] for tap in ("6", "13", "18")}


class SingleLevel(nn.Module):
    """A backbone whose last map is the only pyramid level, squeezed by a 1x1 convolution where asked."""

    def __init__(self, body: nn.Module, *, channels: int, projected: int | None) -> None:
        super().__init__()
        self.body = body
        self.projection = nn.Conv2d(channels, projected, 1, bias=False) if projected else nn.Identity()
        self.out_channels = projected or channels

    def forward(self, images: Tensor) -> OrderedDict[str, Tensor]:
        """(B, 3, H, W) -> {"0": (B, out_channels, H / 32, W / 32)}."""
        return OrderedDict([("0", self.projection(self.body(images)))])


def _norm_layer(norm: Norm) -> partial:
    return partial({"frozen": FrozenBatchNorm2d, "batch": nn.BatchNorm2d}[norm], eps=NORM_EPS)


def _mobilenet_backbone(spec: ModelSpec, norm_layer: partial) -> nn.Module:
    body = torchvision.models.mobilenet_v2(weights=None, norm_layer=norm_layer).features
    if spec.neck in ("fpn", "lite"):
        taps = MOBILENET_TAPS if spec.neck == "fpn" else LITE_TAPS
        channels = PYRAMID_CHANNELS if spec.neck == "fpn" else LITE_CHANNELS
        return_layers = {tap: str(level) for level, tap in enumerate(taps)}
        return BackboneWithFPN(body, return_layers, list(taps.values()), channels)
    projected = PYRAMID_CHANNELS if spec.neck == "proj256" else None
    return SingleLevel(body, channels=MOBILENET_TAPS["18"], projected=projected)


def _backbone(spec: ModelSpec, norm: Norm) -> nn.Module:
    norm_layer = _norm_layer(norm)
    if spec.backbone == "mobilenet_v2":
        return _mobilenet_backbone(spec, norm_layer)
    return resnet_fpn_backbone(
        backbone_name=spec.backbone, weights=None, norm_layer=norm_layer, trainable_layers=5
    )


def build(spec: ModelSpec, *, norm: Norm = "frozen", hidden: int | None = None) -> FasterRCNN:
    """Assemble the network of `spec` with random weights, in evaluation mode.

    Args:
        spec: the variant.
        norm: "frozen" keeps batch-norm statistics fixed; "batch" trains them, as both reports did.
        hidden: channels of the last mask layer; None takes the spec's own.

    Returns:
        A torchvision FasterRCNN, or MaskRCNN where the spec has masks. No file is read or downloaded.
    """
    backbone = _backbone(spec, norm)
    levels = [str(level) for level in range(max(1, len(spec.anchor_sizes) - 1))]  # not the pooled one
    ratios = (spec.aspect_ratios,) * len(spec.anchor_sizes)
    options: dict[str, object] = {
        "rpn_anchor_generator": AnchorGenerator(spec.anchor_sizes, ratios),
        "box_roi_pool": MultiScaleRoIAlign(levels, BOX_RESOLUTION, SAMPLING_RATIO),
        "min_size": spec.min_size, "max_size": spec.max_size,
        "rpn_pre_nms_top_n_test": max(spec.proposals, 1000), "rpn_post_nms_top_n_test": spec.proposals,
        "box_score_thresh": SCORE_FLOOR, "box_nms_thresh": DEFAULT_NMS_THRESHOLD,
        "box_detections_per_img": DETECTION_LIMIT,
    }  # fmt: skip
    if spec.neck == "lite":
        options |= _lite_heads(spec)
    if not spec.masks:
        return FasterRCNN(backbone, num_classes=spec.num_classes, **options).eval()
    options["mask_roi_pool"] = MultiScaleRoIAlign(levels, MASK_RESOLUTION, SAMPLING_RATIO)
    num_classes = None if "box_predictor" in options else spec.num_classes
    model = MaskRCNN(backbone, num_classes=num_classes, **options)
    mask_channels = model.roi_heads.mask_predictor.conv5_mask.in_channels
    model.roi_heads.mask_predictor = MaskRCNNPredictor(
        mask_channels, hidden or spec.mask_hidden, spec.num_classes
    )
    return model.eval()


def _lite_heads(spec: ModelSpec) -> dict[str, nn.Module]:
    """Proposal, box and mask heads as narrow as the lite pyramid; the last where there are masks."""
    heads: dict[str, nn.Module] = {
        "rpn_head": RPNHead(LITE_CHANNELS, spec.anchors),
        "box_head": TwoMLPHead(LITE_CHANNELS * BOX_RESOLUTION**2, LITE_BOX_HIDDEN),
        "box_predictor": FastRCNNPredictor(LITE_BOX_HIDDEN, spec.num_classes),
    }
    if spec.masks:
        heads["mask_head"] = MaskRCNNHeads(LITE_CHANNELS, [LITE_CHANNELS] * MASK_DEPTH, dilation=1)
        heads["mask_predictor"] = MaskRCNNPredictor(LITE_CHANNELS, spec.mask_hidden, spec.num_classes)
    return heads


def fastest_layout(device: str = "cpu") -> torch.memory_format:
    """The memory format in which convolutions run fastest on `device`.

    Graphics cards and processors with AVX-512 want channels last. On others oneDNN's gradient of a 3 x 3
    convolution's weights takes six times as long that way (4 against 25 GFLOP/s on one core of an AVX2
    processor), and a whole training step twice as long.
    """
    if device.startswith("cuda") or has_avx512():
        return torch.channels_last
    return torch.contiguous_format


def has_avx512() -> bool:
    """Whether the processor computes 512 bits at once, and with that bfloat16 without a detour."""
    return torch.backends.cpu.get_cpu_capability().startswith("AVX512")


def count_parameters(model: nn.Module) -> int:
    """Weights and biases of `model`, frozen ones included, batch-norm statistics and buffers apart."""
    return sum(parameter.numel() for parameter in model.parameters())


def count_parameters_by_part(model: FasterRCNN) -> dict[str, int]:
    """Parameters of the backbone, neck, region proposal network, box head and mask head of `model`."""
    heads = model.roi_heads
    backbone = count_parameters(model.backbone.body)
    return {
        "backbone": backbone,
        "neck": count_parameters(model.backbone) - backbone,
        "rpn": count_parameters(model.rpn),
        "box_head": count_parameters(heads.box_head) + count_parameters(heads.box_predictor),
        "mask_head": count_parameters(heads) - count_parameters(heads.box_head)
        - count_parameters(heads.box_predictor),
    }  # fmt: skip


@torch.no_grad()
def copy_matching_weights(source: dict[str, Tensor], model: nn.Module) -> list[str]:
    """Copy every tensor of `source` that `model` has under the same name and shape.

    Returns:
        The names copied, so that a caller can refuse a file that fits nowhere.
    """
    target = model.state_dict()
    copied = [
        name for name, tensor in source.items() if name in target and target[name].shape == tensor.shape
    ]
    for name in copied:
        target[name].copy_(source[name])
    return copied
