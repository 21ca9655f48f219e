"""Train a variant: python -m training.train ID [options]. See --help and training/README.md."""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

from pedviz.cli.terminal import guarded
from pedviz.data.pennfudan import open_pennfudan, split
from pedviz.errors import PedvizError, reason_of
from pedviz.models.build import build, fastest_layout
from pedviz.models.fold import fold_norms
from pedviz.models.specs import ModelSpec, get_spec
from training.datasets import Rehearsal, TrainingImages
from training.loop import RunSettings, describe, train
from training.options import OptionError, check, name_of, options_of, parser, recipe_from, with_preset
from training.provenance import FINAL, LAST, shipped_weights
from training.recipes import Recipe, recipe_hash
from training.sources import PennFudanSamples, coco_sources, kinds_in
from training.start import initialise, reestimate_norm
from training.step import TrainingStep
from training.watch import EpochMeasure

NORM_IMAGES = 16  # enough for stable means of every channel


class RunExistsError(PedvizError):
    """A run that would be overwritten."""


def images_from(arguments: argparse.Namespace, recipe: Recipe) -> tuple[TrainingImages, str]:
    """What to learn from, and what the run's record says of it."""
    kinds = kinds_in(arguments.kinds)
    others = coco_sources(arguments.coco, kinds=kinds)
    names = ", ".join(
        f"{name_of(source.source)} ({len(source.ids)} images, {source.digest[:12]})" for source in others
    )
    if kinds:
        names += f", of kind {', '.join(kinds)}"
    if others and not arguments.rehearse:
        return TrainingImages(others, recipe, seed=arguments.seed), names
    train_names = split().train
    source = PennFudanSamples(open_pennfudan(arguments.data), train_names)
    data = f"Penn-Fudan, {len(train_names)} images of split {split().sha256[:12]}"
    if not arguments.rehearse:
        return TrainingImages([source], recipe, seed=arguments.seed), data
    if not any(other.ids for other in others):
        raise OptionError(f"{names} has no image with people to rehearse; see --kinds")
    rehearsal = Rehearsal(sources=tuple(others), count=arguments.rehearse, size=arguments.rehearse_size)
    images = TrainingImages([source], recipe, seed=arguments.seed, rehearsal=rehearsal)
    side = f" at {rehearsal.size} px" if rehearsal.size else ""
    return images, f"{data}; in every epoch {len(images) - len(train_names)} of {names}{side}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """A run as it is asked for: built once and checked, before any network is.

    Attributes:
        options: of the command line, with those of the preset.
        spec: the variant.
        recipe: how it is trained.
        images: what it learns from.
        data: what the run's record says of those.
        rank: of this process among `world`, which torchrun starts together.
    """

    options: argparse.Namespace
    spec: ModelSpec
    recipe: Recipe
    images: TrainingImages
    data: str
    rank: int
    world: int


def plan_of(options: argparse.Namespace) -> Plan:
    """What the options ask for.

    Raises:
        PedvizError: options contradict each other, or the data is missing or too little.
    """
    options = with_preset(options)
    check(options)
    recipe = recipe_from(options)
    images, data = images_from(options, recipe)
    plan = Plan(
        options=options, spec=get_spec(options.model_id), recipe=recipe, images=images, data=data,
        rank=int(os.environ.get("RANK", 0)), world=int(os.environ.get("WORLD_SIZE", 1)),
    )  # fmt: skip
    if len(images) < recipe.batch:
        raise OptionError(
            f"{len(images)} images of {data} make no batch of {recipe.batch}; "
            "see --coco, --kinds and --batch"
        )
    if recipe.batch % plan.world:
        raise OptionError(
            f"{plan.world} processes cannot share {recipe.batch} images a step equally; see --batch"
        )
    return plan


def _network(plan: Plan) -> tuple[Any, str]:
    """The network before its first step, and what it starts from."""
    options, recipe = plan.options, plan.recipe
    torch.manual_seed(options.seed)
    network = build(plan.spec, norm=recipe.norm, hidden=recipe.hidden)
    inits = options.init or ["imagenet"]
    start = ", then ".join(
        initialise(network, plan.spec, init=init, needs_backbone=place == 0)
        for place, init in enumerate(inits)
    )
    if recipe.teacher:
        taught_by = shipped_weights(get_spec(recipe.teacher))
        start += f"; imitating {recipe.teacher} sha256 {taught_by.sha256[:12]}"
    if recipe.norm == "batch":
        places = range(min(NORM_IMAGES, len(plan.images)))
        reestimate_norm(network, [plan.images[0, place][0] for place in places])
    if recipe.fold:
        fold_norms(network)
    return network, start


def _settings(plan: Plan, *, start: str) -> RunSettings:
    options, recipe = plan.options, plan.recipe
    details = {"spec_id": plan.spec.id, "init": start, "data": plan.data}
    identity = recipe_hash(recipe, **details, amp=options.amp)
    run_id = f"{plan.spec.id}-s{options.seed}-{identity}"
    folder = options.out / run_id
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OptionError(f"--out {options.out} cannot hold a run: {reason_of(error)}") from error
    begun, finished = ((folder / name).exists() for name in (LAST, FINAL))
    if (begun or finished) and not (begun and options.resume):
        way = "add --resume to go on, or" if begun else "it is finished; give"
        raise RunExistsError(f"{folder} holds this run already; {way} --out for another folder")
    facts = {
        **details, "run_id": run_id, "seed": options.seed, "recipe": describe(recipe), "amp": options.amp,
        "norm": recipe.norm, "hidden": recipe.hidden, "torch": torch.__version__,
        "options": options_of(options),
    }  # fmt: skip
    return RunSettings(
        folder=folder, seed=options.seed, device=options.device, amp=options.amp, facts=facts,
        workers=options.workers, rank=plan.rank, world=plan.world, stop_after=options.stop_after,
    )  # fmt: skip


def run(options: argparse.Namespace) -> Path | None:
    """Train as the options say; the path of the final weights, None where `--stop-after` ended it before.

    Raises:
        PedvizError: the data, the start or the run's folder is not usable, or a loss is not finite.
    """
    if options.threads:
        torch.set_num_threads(options.threads)
    plan = plan_of(options)
    network, start = _network(plan)
    settings = _settings(plan, start=start)
    options, images = plan.options, plan.images
    if plan.world > 1 and options.device == "cuda":
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))  # a graphics card each
    network.to(options.device, memory_format=fastest_layout(options.device))
    step_model: nn.Module = TrainingStep(network, plan.recipe)
    if plan.world > 1:
        distributed.init_process_group("nccl" if options.device == "cuda" else "gloo")
        step_model = DistributedDataParallel(step_model)
    measure = None
    if plan.rank == 0:
        print(f"{settings.folder.name}: {len(images)} images of {plan.data}; start: {start}")
        if options.watch:
            measure = EpochMeasure(plan.spec, plan.recipe, open_pennfudan(options.data), split().test)
    final = train(step_model, network, images, plan.recipe, settings, measure=measure)
    if plan.world > 1:
        distributed.destroy_process_group()
    return final


def _sentence(error: Exception) -> str:
    """What an error says; one from a process that loads images has its traceback before that."""
    return str(error).rpartition(f"{type(error).__name__}: ")[2].rstrip()


def main(arguments: Sequence[str] | None = None) -> int:
    """Train from the command line; the exit status."""
    try:
        final = run(parser().parse_args(arguments))
        print(f"final weights: {final}" if final else "stopped as asked; --resume goes on")
    except (PedvizError, OSError) as error:
        print(_sentence(error), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
