"""One training step: images in, the five losses of Mask R-CNN out."""

from typing import Any

import torch
from torch import Tensor, nn
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection._utils import BalancedPositiveNegativeSampler, BoxCoder
from torchvision.models.detection.roi_heads import fastrcnn_loss, maskrcnn_loss
from torchvision.models.detection.transform import GeneralizedRCNNTransform
from torchvision.ops import generalized_box_iou_loss

from pedviz.models.build import fastest_layout
from pedviz.models.pooling import pool_regions
from training.faster import mask_logits, strided_in_float32
from training.recipes import Recipe
from training.teacher import imitation_loss, teaching_pyramid, unsmoothed_maps

POSITIVE_FRACTION = 0.25
GIOU_WEIGHT = 10.0  # as MMDetection's Faster R-CNN with GIoU: a loss below 2 against sums of four shifts
LOSS_NAMES = ("loss_classifier", "loss_box_reg", "loss_mask", "loss_objectness", "loss_rpn_box_reg")
IMITATION = "loss_imitation"  # a sixth, where a teacher's pyramid is imitated
# The layers of each backbone that make one halving of the image, in order.
BACKBONE_STAGES: dict[str, tuple[tuple[str, ...], ...]] = {
    "resnet": (("conv1", "bn1"), ("layer1",), ("layer2",), ("layer3",), ("layer4",)),
    "mobilenet_v2": (
        ("0", "1"),
        ("2", "3"),
        ("4", "5", "6"),
        tuple(map(str, range(7, 14))),
        tuple(map(str, range(14, 19))),
    ),
}


def _stages(model: nn.Module) -> list[list[nn.Module]]:
    """The layers of the backbone's five stages."""
    network: Any = getattr(model, "network", model)  # of a TrainingStep too
    body = network.backbone.body
    stages = BACKBONE_STAGES["resnet" if hasattr(body, "layer1") else "mobilenet_v2"]
    return [[getattr(body, name) for name in stage] for stage in stages]


def freeze_stages(network: FasterRCNN, count: int) -> None:
    """Stop the first `count` of the backbone's five stages from learning."""
    for stage in _stages(network)[:count]:
        for layer in stage:
            layer.requires_grad_(False)


def freeze_heads(network: FasterRCNN) -> None:
    """Stop all from learning that comes after the sums of the pyramid."""
    for part in (network.backbone.fpn.layer_blocks, network.rpn, network.roi_heads):
        part.requires_grad_(False)


def learning_rate_factors(network: nn.Module, decay: float) -> dict[str, float]:
    """The name of every weight that learns, to its factor in the learning rate, in the network's order.

    Args:
        network: with some stages frozen, or a TrainingStep around it.
        decay: factor from one stage of the backbone to the one before it; the heads have 1.

    Source: layer-wise rates as in Clark et al., ELECTRA, ICLR 2020.
    """
    stages = _stages(network) if decay != 1 else []
    factor_of = {
        id(weight): decay ** (len(stages) - place)
        for place, stage in enumerate(stages)
        for layer in stage
        for weight in layer.parameters()
    }
    learning = ((name, weight) for name, weight in network.named_parameters() if weight.requires_grad)
    return {name: factor_of.get(id(weight), 1.0) for name, weight in learning}


def giou_loss(
    shifts: Tensor, regions: list[Tensor], labels: list[Tensor], targets: list[Tensor], *, coder: BoxCoder
) -> Tensor:
    """1 - GIoU of the people's boxes, summed over N regions and divided by N, times GIOU_WEIGHT.

    Args:
        shifts: (N, 4 C) coded shifts for C classes.
        regions: an image's boxes each, (n, 4), N in all.
        labels: their classes, 0 the background.
        targets: the coded shifts that would be right, (n, 4) each.
        coder: of the box head.

    Source: Rezatofighi et al., Generalized intersection over union, CVPR 2019.
    """
    boxes, classes, wanted = (torch.cat(parts) for parts in (regions, labels, targets))
    people = torch.where(classes > 0)[0]
    chosen = shifts.view(len(classes), -1, 4)[people, classes[people]]
    found, truth = (coder.decode_single(code, boxes[people]) for code in (chosen, wanted[people]))
    return GIOU_WEIGHT * generalized_box_iou_loss(found, truth, reduction="sum") / len(classes)


class TrainingStep(nn.Module):
    """A network together with how it is trained; calling it gives the losses.

    Images arrive resized. The box head learns from `recipe.regions` boxes an image, the mask head
    from those of them that are people in images whose masks are known, and the pyramid from that of
    `recipe.teacher`, where there is one; without `recipe.heads` the pyramid alone.
    """

    def __init__(self, network: FasterRCNN, recipe: Recipe) -> None:
        super().__init__()
        self.network = network
        self.box_loss = recipe.box_loss
        normalise = network.transform
        network.transform = GeneralizedRCNNTransform(
            normalise.min_size,
            normalise.max_size,
            normalise.image_mean,
            normalise.image_std,
            _skip_resize=True,
        )
        network.rpn._pre_nms_top_n["training"] = 2 * recipe.proposals
        network.rpn._post_nms_top_n["training"] = recipe.proposals
        network.roi_heads.fg_bg_sampler = BalancedPositiveNegativeSampler(recipe.regions, POSITIVE_FRACTION)
        freeze_stages(network, recipe.frozen_stages)
        self.heads = recipe.heads
        if not self.heads:
            freeze_heads(network)
        strided_in_float32(network)
        self.teacher: Any = None
        if recipe.teacher:
            device = next(network.parameters()).device
            self.teacher = teaching_pyramid(recipe.teacher).to(device)
            self.teacher.to(memory_format=fastest_layout(device.type))

    def forward(self, images: list[Tensor], targets: list[dict[str, object]]) -> dict[str, Tensor]:
        """The losses by name, each a scalar averaged over the batch: the five, or IMITATION, or all six.

        Args:
            images: each (3, H, W) float32 in [0, 1].
            targets: see `training.datasets.TrainingImages`.
        """
        network = self.network
        batch, _ = network.transform(images)
        batch.tensors = batch.tensors.contiguous(memory_format=fastest_layout(batch.tensors.device.type))
        maps = self._maps(network.backbone, batch.tensors)
        imitation = {IMITATION: imitation_loss(maps, self._taught(batch.tensors))} if self.teacher else {}
        if not self.heads:
            return imitation
        proposals, losses = network.rpn(batch, maps, targets)
        proposals = [boxes.detach() for boxes in proposals]
        heads = network.roi_heads
        regions, matched, labels, box_targets = heads.select_training_samples(proposals, targets)
        pooled = pool_regions(heads.box_roi_pool, maps, boxes=regions, sizes=batch.image_sizes)
        logits, deltas = heads.box_predictor(heads.box_head(pooled))
        classifier, box = fastrcnn_loss(logits.float(), deltas.float(), labels, box_targets)
        if self.box_loss == "giou":
            box = giou_loss(deltas.float(), regions, labels, box_targets, coder=heads.box_coder)
        losses |= {"loss_classifier": classifier, "loss_box_reg": box}
        if heads.has_mask():
            losses["loss_mask"] = self._mask_loss(maps, batch.image_sizes, regions, matched, labels, targets)
        return losses | imitation

    def _maps(self, backbone: nn.Module, images: Tensor) -> dict[str, Tensor]:
        """What the heads get of a normalised batch; where those do not learn, what comes just before."""
        return backbone(images) if self.heads else unsmoothed_maps(backbone, images)

    @torch.no_grad()
    def _taught(self, images: Tensor) -> dict[str, Tensor]:
        """The teacher's maps of a normalised batch. The pooled level says nothing new."""
        return {level: maps for level, maps in self._maps(self.teacher, images).items() if level != "pool"}

    def _mask_loss(
        self, maps: dict[str, Tensor], sizes: list[tuple[int, int]], regions: list[Tensor],
        matched: list[Tensor], labels: list[Tensor], targets: list[dict[str, object]],
    ) -> Tensor:  # fmt: skip
        """Binary cross-entropy of the people whose masks are known; others must not teach "nothing here"."""
        heads = self.network.roi_heads
        people = [
            torch.where(label > 0)[0] if target["has_masks"] else label.new_zeros(0)
            for label, target in zip(labels, targets, strict=True)
        ]
        boxes = [region[place] for region, place in zip(regions, people, strict=True)]
        if not sum(len(place) for place in people):
            # Touch every mask weight all the same: with several processes each must have a gradient.
            head = [*heads.mask_head.parameters(), *heads.mask_predictor.parameters()]
            return sum(weight.sum() for weight in head) * 0.0
        pooled = pool_regions(heads.mask_roi_pool, maps, boxes=boxes, sizes=sizes)
        logits = mask_logits(heads.mask_predictor, heads.mask_head(pooled)).float()
        known = [i for i, place in enumerate(people) if len(place)]
        return maskrcnn_loss(
            logits,
            [boxes[i] for i in known],
            [targets[i]["masks"] for i in known],
            [targets[i]["labels"] for i in known],
            [matched[i][people[i]] for i in known],
        )
