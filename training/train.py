"""Train a variant: python -m training.train ID [options]. See --help and training/README.md."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

from pedviz.cli.terminal import guarded
from pedviz.data.pennfudan import open_pennfudan, split
from pedviz.errors import PedvizError, reason_of
from pedviz.models.build import build, fastest_layout
from pedviz.models.fold import fold_norms
from pedviz.models.specs import get_spec
from training.datasets import Rehearsal, TrainingPictures
from training.loop import RunSettings, describe, train
from training.options import OptionError, check, name_of, options_of, parser, recipe_from, with_preset
from training.provenance import FINAL, LAST
from training.recipes import (
    Recipe,
    recipe_hash,
)
from training.sources import PennFudanSamples, coco_sources, kinds_in
from training.start import initialise, reestimate_norm
from training.step import TrainingStep
from training.watch import EpochMeasure

NORM_PICTURES = 16  # enough for stable means of every channel


class RunExistsError(PedvizError):
    """A run that would be overwritten."""


def pictures_from(arguments: argparse.Namespace, recipe: Recipe) -> tuple[TrainingPictures, str]:
    """What to learn from, and what the run's record says of it."""
    kinds = kinds_in(arguments.kinds)
    others = coco_sources(arguments.coco, kinds=kinds)
    names = ", ".join(
        f"{name_of(source.source)} ({len(source.ids)} pictures, {source.digest[:12]})" for source in others
    )
    if kinds:
        names += f", of kind {', '.join(kinds)}"
    if others and not arguments.rehearse:
        return TrainingPictures(others, recipe, seed=arguments.seed), names
    train_names = split().train
    source = PennFudanSamples(open_pennfudan(arguments.data), train_names)
    data = f"Penn-Fudan, {len(train_names)} pictures of split {split().sha256[:12]}"
    if not arguments.rehearse:
        return TrainingPictures([source], recipe, seed=arguments.seed), data
    if not any(other.ids for other in others):
        raise OptionError(f"{names} has no picture with people to rehearse; see --kinds")
    rehearsal = Rehearsal(sources=tuple(others), count=arguments.rehearse, size=arguments.rehearse_size)
    pictures = TrainingPictures([source], recipe, seed=arguments.seed, rehearsal=rehearsal)
    side = f" at {rehearsal.size} px" if rehearsal.size else ""
    return pictures, f"{data}; in every epoch {len(pictures) - len(train_names)} of {names}{side}"


def _world() -> int:
    """How many processes train together; torchrun says it."""
    return int(os.environ.get("WORLD_SIZE", 1))


def _settings(arguments: argparse.Namespace, recipe: Recipe, *, start: str, data: str) -> RunSettings:
    details = {"spec_id": arguments.model_id, "init": start, "data": data}
    identity = recipe_hash(recipe, **details, amp=arguments.amp)
    run_id = f"{arguments.model_id}-s{arguments.seed}-{identity}"
    folder = arguments.out / run_id
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OptionError(f"--out {arguments.out} cannot hold a run: {reason_of(error)}") from error
    begun, finished = ((folder / name).exists() for name in (LAST, FINAL))
    if (begun or finished) and not (begun and arguments.resume):
        way = "add --resume to go on, or" if begun else "it is finished; give"
        raise RunExistsError(f"{folder} holds this run already; {way} --out for another folder")
    facts = {
        **details, "run_id": run_id, "seed": arguments.seed, "recipe": describe(recipe), "amp": arguments.amp,
        "norm": recipe.norm, "hidden": recipe.hidden, "torch": torch.__version__,
        "options": options_of(arguments),
    }  # fmt: skip
    return RunSettings(
        folder=folder, seed=arguments.seed, device=arguments.device, amp=arguments.amp, facts=facts,
        workers=arguments.workers, rank=int(os.environ.get("RANK", 0)), world=_world(),
        stop_after=arguments.stop_after,
    )  # fmt: skip


def run(options: argparse.Namespace) -> Path | None:
    """Train as the options say; the path of the final weights, None where `--stop-after` ended it before.

    Raises:
        PedvizError: the data, the start or the run's folder is not usable, or a loss is not finite.
    """
    options = with_preset(options)
    check(options)
    if options.threads:
        torch.set_num_threads(options.threads)
    spec, recipe = get_spec(options.model_id), recipe_from(options)
    pictures, data = pictures_from(options, recipe)
    if len(pictures) < recipe.batch:
        raise OptionError(
            f"{len(pictures)} pictures of {data} make no batch of {recipe.batch}; "
            "see --coco, --kinds and --batch"
        )
    if recipe.batch % _world():
        raise OptionError(
            f"{_world()} processes cannot share {recipe.batch} pictures a step equally; see --batch"
        )
    torch.manual_seed(options.seed)
    network = build(spec, norm=recipe.norm, hidden=recipe.hidden)
    start = ", then ".join(initialise(network, spec, init=init) for init in options.init or ["imagenet"])
    if recipe.norm == "batch":
        places = range(min(NORM_PICTURES, len(pictures)))
        reestimate_norm(network, [pictures[0, place][0] for place in places])
    if recipe.fold:
        fold_norms(network)
    settings = _settings(options, recipe, start=start, data=data)
    if settings.world > 1 and options.device == "cuda":
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))  # a graphics card each
    network.to(options.device, memory_format=fastest_layout(options.device))
    step_model = TrainingStep(network, recipe)
    if settings.world > 1:
        distributed.init_process_group("nccl" if options.device == "cuda" else "gloo")
        step_model = DistributedDataParallel(step_model)
    if settings.rank == 0:
        print(f"{settings.folder.name}: {len(pictures)} pictures of {data}; start: {start}")
    measure = (
        EpochMeasure(spec, recipe, open_pennfudan(options.data), split().test)
        if options.watch and settings.rank == 0
        else None
    )
    final = train(step_model, network, pictures, recipe, settings, measure=measure)
    if settings.world > 1:
        distributed.destroy_process_group()
    return final


def _sentence(error: Exception) -> str:
    """What an error says; one from a process that loads pictures has its traceback before that."""
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
