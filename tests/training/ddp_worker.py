"""One of several gloo processes that take the same training step on their share of a fixed batch."""

import os
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, distributed
from torch.nn.parallel import DistributedDataParallel
from torchvision.models.detection import FasterRCNN

from pedviz.models.build import build
from pedviz.models.specs import get_spec
from training.recipes import Recipe
from training.step import TrainingStep

SIDE, REGIONS = 64, 16
RECIPE = Recipe(regions=REGIONS, proposals=REGIONS, frozen_stages=2)


class FixedProposals(torch.nn.Module):
    """Stands in for the region proposal network: the same regions each time, and no losses of its own."""

    def forward(self, images: object, maps: dict[str, Tensor], targets: list) -> tuple[list[Tensor], dict]:
        """Half of the regions lie on the person, half on nothing."""
        near = torch.tensor([[8.0, 8.0, 40.0, 56.0]]).repeat(REGIONS // 4 - 1, 1)
        far = torch.tensor([[44.0, 2.0, 60.0, 20.0]]).repeat(3 * REGIONS // 4, 1)
        nothing = next(iter(maps.values())).sum() * 0.0
        return [torch.cat([near, far]) for _ in targets], {"loss_objectness": nothing}


def fixed_batch() -> tuple[list[Tensor], list[dict[str, object]]]:
    """Two different pictures of one size, each with one person in the same place."""
    generator = torch.Generator().manual_seed(7)
    images = [torch.rand(3, SIDE, SIDE, generator=generator) for _ in range(2)]
    mask = torch.zeros(1, SIDE, SIDE, dtype=torch.uint8)
    mask[0, 8:56, 8:40] = 1
    target = {
        "boxes": torch.tensor([[8.0, 8.0, 40.0, 56.0]]),
        "labels": torch.ones(1, dtype=torch.int64),
        "masks": mask,
        "has_masks": True,
        "id": "made",
    }
    return images, [dict(target) for _ in images]


def fixed_network() -> FasterRCNN:
    """The same weights in every process, with fixed proposals."""
    torch.manual_seed(0)
    network = build(get_spec("maskrcnn_mobilenet_v2_fpn"))
    network.rpn = torch.nn.Module()
    network.rpn._pre_nms_top_n, network.rpn._post_nms_top_n = {}, {}
    return network


def gradients(model: torch.nn.Module, step: TrainingStep, share: slice) -> dict[str, Tensor]:
    """Gradients of the weights after one backward pass over this share of the batch."""
    images, targets = fixed_batch()
    losses = model(images[share], targets[share])
    sum(losses.values()).backward()
    return {n: w.grad for n, w in step.network.named_parameters() if w.grad is not None}


def make_step() -> TrainingStep:
    """A training step whose proposals are fixed."""
    step = TrainingStep(fixed_network(), RECIPE).train()
    step.network.rpn = FixedProposals()
    return step


def main(out: Path) -> None:
    """Take the step as one of several processes and let the first write the averaged gradients."""
    torch.set_num_threads(1)
    distributed.init_process_group("gloo")
    rank = int(os.environ["RANK"])
    step = make_step()
    averaged = gradients(DistributedDataParallel(step), step, slice(rank, rank + 1))
    if rank == 0:
        save_file({name: gradient.contiguous() for name, gradient in averaged.items()}, out)
    distributed.destroy_process_group()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
