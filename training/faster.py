"""Parts of a network in forms that train faster on a processor, and are the same functions.

N regions, P x P bins of each, C channels, H x W places of a map.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models.detection.mask_rcnn import MaskRCNNPredictor
from torchvision.ops import MultiScaleRoIAlign
from torchvision.ops.poolers import _filter_input, _setup_scales


def pool_regions(
    pool: MultiScaleRoIAlign, maps: dict[str, Tensor], boxes: list[Tensor], sizes: list[tuple[int, int]]
) -> Tensor:
    """What `pool(maps, boxes, sizes)` gives, (N, C, P, P), laid out with the channels last.

    As weighted sums of rows of C: torchvision's gradient goes through every bin, sample and channel one by
    one, and takes six times as long.

    Args:
        pool: with a sampling ratio above 0.
        maps: (B, C, H, W) each.
        boxes: of each image, (n, 4) in its pixels, N in all.
        sizes: height and width of each image.

    Source: He et al., Mask R-CNN, ICCV 2017, section 3; torchvision.ops.roi_align.
    """
    levels = _filter_input(maps, pool.featmap_names)
    if levels[0].device.type != "cpu":
        return pool(maps, boxes, sizes)
    if pool.scales is None or pool.map_levels is None:
        scales = (pool.canonical_scale, pool.canonical_level)
        pool.scales, pool.map_levels = _setup_scales(levels, sizes, *scales)
    level_of = pool.map_levels(boxes)
    shapes = torch.tensor([level.shape[-2:] for level in levels])
    heights, widths = shapes[level_of].unbind(dim=1)
    image_of = torch.repeat_interleave(torch.tensor([len(box) for box in boxes]))
    places = shapes.prod(dim=1)
    starts = len(levels[0]) * (places.cumsum(0) - places)
    first = starts[level_of] + image_of * places[level_of]
    scaled = torch.cat(boxes) * torch.tensor(pool.scales)[level_of, None]
    rows, columns = (
        _samples(scaled[:, axis], scaled[:, axis + 2], extent, bins=bins, samples=pool.sampling_ratio)
        for axis, extent, bins in ((1, heights, pool.output_size[0]), (0, widths, pool.output_size[1]))
    )
    # Every pair of a row and a column that a bin reads, with the product of their weights: (N, P, P, K, K).
    row_at = (first[:, None, None] + rows[0] * widths[:, None, None])[:, :, None, :, None]
    index = row_at + columns[0][:, None, :, None, :]
    weight = rows[1][:, :, None, :, None] * columns[1][:, None, :, None, :]
    index, weight = (part.flatten(0, 2).flatten(1) for part in (index, weight))
    flat = torch.cat([level.permute(0, 2, 3, 1).flatten(0, 2) for level in levels])
    bins = functional.embedding_bag(index, flat.float(), per_sample_weights=weight, mode="sum")
    return bins.view(len(level_of), *pool.output_size, -1).permute(0, 3, 1, 2).to(flat.dtype)


def _samples(low: Tensor, high: Tensor, extent: Tensor, *, bins: int, samples: int) -> tuple[Tensor, Tensor]:
    """Places along an axis that a region's bins read, and their weights, (N, bins, 2 samples) each.

    Args:
        low, high: the region's ends in places of its map, (N,).
        extent: places of its map along the axis, (N,).
    """
    length = (high - low).clamp(min=1.0)[:, None, None] / bins
    steps = torch.arange(bins, device=low.device)[:, None] + (
        (torch.arange(samples, device=low.device) + 0.5) / samples
    )
    at = low[:, None, None] + steps * length
    last = (extent - 1)[:, None, None]
    inside = (at >= -1) & (at <= last + 1)
    at = at.clamp(min=0.0)
    before = at.long().clamp(max=last)
    after = (before + 1).clamp(max=last)
    share = torch.where(before == last, 0.0, at - before)
    weights = torch.stack([1 - share, share], dim=-1) * (inside[..., None] / samples)
    return torch.stack([before, after], dim=-1).flatten(2), weights.flatten(2)


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
