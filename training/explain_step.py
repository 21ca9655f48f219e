"""Store the five losses of one real training step: python -m training.explain_step ID [--init START].

The same two images go through the network twice, as training starts and with the released weights, with the
same random numbers. Losses and counts are kept in assets/results/training_step.json, which lesson 4 shows;
no image is.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection._utils import BalancedPositiveNegativeSampler

from pedviz.cli.terminal import guarded
from pedviz.data.pennfudan import open_pennfudan, split
from pedviz.errors import PedvizError
from pedviz.models.build import build
from pedviz.models.checkpoints import load_network
from pedviz.models.specs import get_spec
from pedviz.paths import results_folder, write_whole
from training.datasets import TrainingImages
from training.loop import collate
from training.provenance import library_versions, utc_now
from training.recipes import default_recipe
from training.sources import PennFudanSamples
from training.start import initialise
from training.step import LOSS_NAMES, TrainingStep

FILE = "training_step.json"


class CountingSampler:
    """A sampler that remembers, of all images together, what it chose from and what it chose."""

    def __init__(self, sampler: BalancedPositiveNegativeSampler) -> None:
        self.sampler = sampler
        self.counts: dict[str, int] = {}

    def __call__(self, labels: list[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """As `sampler`: masks of the positives and of the negatives that are learned from, one an image."""
        positive, negative = self.sampler(labels)
        joined = torch.cat(labels)
        self.counts = {
            "positive": int((joined >= 1).sum()),
            "background": int((joined == 0).sum()),
            "ignored": int((joined < 0).sum()),
            "positive_sampled": sum(int(mask.sum()) for mask in positive),
            "background_sampled": sum(int(mask.sum()) for mask in negative),
        }
        return positive, negative


def losses_of(
    network: FasterRCNN, batch: tuple[list[Tensor], list[dict]], *, spec_id: str, seed: int
) -> dict[str, object]:
    """The five losses of one step on `batch`, and how many anchors and regions they come from."""
    step = TrainingStep(network, default_recipe(get_spec(spec_id))).train()
    network.rpn.fg_bg_sampler = anchors = CountingSampler(network.rpn.fg_bg_sampler)
    network.roi_heads.fg_bg_sampler = regions = CountingSampler(network.roi_heads.fg_bg_sampler)
    torch.manual_seed(seed)
    with torch.no_grad():
        losses = {name: float(loss) for name, loss in step(*batch).items()}
    return {"losses": losses, "anchors": anchors.counts, "regions": regions.counts}


def explain(spec_id: str, *, init: Sequence[str], data: Path | None, seed: int) -> dict[str, Any]:
    """What `training_step.json` holds.

    Args:
        spec_id: a variant with released weights.
        init: what a fresh run would start from; a later start wins.
        data: Penn-Fudan, or None for PEDVIZ_DATA.
        seed: of the images and of what is sampled.

    Raises:
        PedvizError: the data, the start or the weights are not usable.
    """
    spec = get_spec(spec_id)
    recipe = default_recipe(spec)
    source = PennFudanSamples(open_pennfudan(data), split().train)
    images = TrainingImages([source], recipe, seed=seed)
    places = images.order(0)[: recipe.batch]
    batch = collate([images[0, place] for place in places])
    torch.manual_seed(seed)
    fresh = build(spec, norm=recipe.norm, hidden=recipe.hidden)
    start = ", then ".join(initialise(fresh, spec, init=one) for one in init)
    targets: list[dict[str, Any]] = batch[1]
    return {
        "schema": 1, "spec_id": spec_id, "seed": seed, "start": start, "made": utc_now(),
        "images": [target["id"] for target in targets],
        "people": sum(len(target["boxes"]) for target in targets),
        "sizes": [list(image.shape[-2:]) for image in batch[0]],
        "steps": {
            "first": losses_of(fresh, batch, spec_id=spec_id, seed=seed),
            "shipped": losses_of(load_network(spec), batch, spec_id=spec_id, seed=seed),
        },
        "versions": library_versions(),
    }  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Store the step from the command line; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m training.explain_step", description="Store the losses of one training step."
    )
    parser.add_argument("model_id", metavar="ID")
    parser.add_argument("--init", action="append", metavar="START", help="as for training.train")
    parser.add_argument("--data", type=Path, help="Penn-Fudan archive or folder (default: PEDVIZ_DATA)")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    try:
        found = explain(
            options.model_id, init=options.init or ["imagenet"], data=options.data, seed=options.seed
        )
    except PedvizError as error:
        print(error, file=sys.stderr)
        return 1
    write_whole(results_folder() / FILE, json.dumps(found, indent=1) + "\n")
    for name, step in found["steps"].items():
        values = ", ".join(f"{key.removeprefix('loss_')} {step['losses'][key]:.3f}" for key in LOSS_NAMES)
        print(f"{name}: {values}")
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
