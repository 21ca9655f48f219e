"""Region proposals as torchvision makes them, without work on boxes that cannot be among them."""

from typing import Any

import torch
from torch import Tensor
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.rpn import RegionProposalNetwork
from torchvision.ops import boxes as box_ops


def propose(rpn: RegionProposalNetwork, maps: list[Tensor], *, images: ImageList) -> tuple[Tensor, Tensor]:
    """The regions that `rpn(images, maps)` hands on, and their scores, best first.

    Torchvision decodes every anchor and suppresses among thousands of boxes. Here only the best of each
    level are decoded, and suppression stops as soon as enough stay: none depends on a worse one.

    Args:
        rpn: in evaluation mode.
        images: one image.
        maps: of its levels, (1, C, h, w) each.

    Returns:
        (P, 4) boxes in pixels of the resized image and (P,) probabilities.

    Source: Ren et al., Faster R-CNN, NeurIPS 2015; torchvision.models.detection.rpn.
    """
    head: Any = rpn.head
    logits, deltas = head(maps)
    anchors = rpn.anchor_generator(images, maps)[0].split([level.numel() for level in logits])
    best = [
        _best_of_level(rpn, anchors=boxes, logits=scores, deltas=moves)
        for boxes, scores, moves in zip(anchors, logits, deltas, strict=True)
    ]
    boxes, scores = (torch.cat(parts) for parts in zip(*best, strict=True))
    level_of = torch.repeat_interleave(torch.tensor([len(part) for _, part in best], device=boxes.device))
    boxes = box_ops.clip_boxes_to_image(boxes, images.image_sizes[0])
    kept = box_ops.remove_small_boxes(boxes, rpn.min_size)
    order = kept[scores[kept].sort(descending=True, stable=True).indices]
    kept = order[_suppressed(boxes[order], scores[order], level_of=level_of[order], rpn=rpn)]
    return boxes[kept], scores[kept]


def _best_of_level(
    rpn: RegionProposalNetwork, *, anchors: Tensor, logits: Tensor, deltas: Tensor
) -> tuple[Tensor, Tensor]:
    """Boxes and scores of a level's best anchors: the head's maps are (1, A, h, w) and (1, 4 A, h, w)."""
    logits = logits[0].permute(1, 2, 0).flatten()
    top = logits.topk(min(rpn.pre_nms_top_n(), len(logits))).indices
    deltas = deltas[0].permute(1, 2, 0).reshape(-1, 4)[top]
    return rpn.box_coder.decode(deltas, [anchors[top]])[:, 0], logits[top].sigmoid()


def _suppressed(boxes: Tensor, scores: Tensor, *, level_of: Tensor, rpn: RegionProposalNetwork) -> Tensor:
    """Places of the boxes that stay; the boxes are sorted, best first, and suppress within their level."""
    wanted = rpn.post_nms_top_n()
    looked_at = 2 * wanted
    while True:
        kept = []
        for level in level_of[:looked_at].unique():
            here = torch.where(level_of[:looked_at] == level)[0]
            kept.append(here[box_ops.nms(boxes[here], scores[here], rpn.nms_thresh)])
        places = torch.cat(kept).sort().values if kept else level_of.new_zeros(0)
        if len(places) >= wanted or looked_at >= len(boxes):
            return places[:wanted]
        looked_at *= 2
