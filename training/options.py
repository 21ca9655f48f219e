"""The options of a training run: what the command line knows, what presets stand for, what is refused."""

import argparse
from dataclasses import fields, replace
from pathlib import Path
from typing import get_args

import torch

from pedviz.errors import PedvizError
from pedviz.models.compact import load_state
from pedviz.models.specs import SPECS_BY_ID, get_spec
from pedviz.paths import people_source, runs_folder
from training.measuring import positive
from training.provenance import FINAL
from training.recipes import (
    PRESETS,
    REHEARSED,
    REHEARSED_SIZE,
    Optimiser,
    Recipe,
    at_size,
    default_recipe,
    preset_recipe,
    with_optimiser,
)

DESCRIPTION = "Train a variant: python -m training.train ID [options]. See training/README.md."
FIRST_STAGES = ("people", "imitate")
STAGES = (*FIRST_STAGES, "pennfudan")
TRAINED = [spec.id for spec in SPECS_BY_ID.values() if not spec.on_demand]
DEVICES = ("cpu", "cuda", "mps")
# Options beside the recipe's own that change what is learned, in the order in which a command gives them.
RECORDED = ("preset", "init", "coco", "kinds", "rehearse", "rehearse_size", "size", "threads", "amp")


class OptionError(PedvizError):
    """Options that do not go together, or a value that trains nothing."""


def parser() -> argparse.ArgumentParser:
    """Every option, with what it does."""
    options = argparse.ArgumentParser(prog="python -m training.train", description=DESCRIPTION)
    options.add_argument("model_id", choices=TRAINED, metavar="ID", help=", ".join(TRAINED))
    options.add_argument("--preset", choices=list(PRESETS), help="a whole recipe; later options change parts")
    options.add_argument(
        "--init", action="append", default=[], metavar="START",
        help="imagenet (the default), coco, none, or a safetensors FILE; may be repeated, a later one wins",
    )  # fmt: skip
    options.add_argument("--data", type=Path, help="Penn-Fudan archive or folder (default: PEDVIZ_DATA)")
    options.add_argument(
        "--coco", type=Path, action="append", default=[], metavar="PATH",
        help="train on a folder or zip in COCO's format instead; may be repeated",
    )  # fmt: skip
    options.add_argument(
        "--kinds", default="", help="with --coco: only images of these kinds, comma separated"
    )
    options.add_argument(
        "--rehearse", type=positive, metavar="N",
        help="with --coco: train on Penn-Fudan all the same, with N of those images in every epoch",
    )  # fmt: skip
    options.add_argument(
        "--rehearse-size", type=positive, help="shorter side of those N in pixels (default: as the others)"
    )
    options.add_argument("--epochs", type=positive)
    options.add_argument("--optimiser", choices=get_args(Optimiser))
    options.add_argument("--lr", type=float, help="peak learning rate (default: the recipe's or optimiser's)")
    options.add_argument("--batch", type=positive, help="images a step over all processes")
    options.add_argument(
        "--size", type=positive, action="append",
        help="shorter side in pixels, instead of the recipe's several; repeat it to draw one an image",
    )  # fmt: skip
    options.add_argument("--hidden", type=positive, help="channels of the last mask layer")
    options.add_argument("--norm", choices=["frozen", "batch"])
    options.add_argument("--warmup", type=int, help="steps of rising learning rate")
    options.add_argument("--regions", type=positive, help="boxes an image that the box head learns from")
    options.add_argument("--frozen-stages", type=int, help="stages of the backbone that do not learn, 0 to 5")
    options.add_argument(
        "--teacher", choices=TRAINED, metavar="ID",
        help="imitate the pyramid of this variant's released weights as well",
    )  # fmt: skip
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--device", choices=DEVICES, default="cuda" if torch.cuda.is_available() else "cpu")
    options.add_argument("--amp", action="store_true", help="compute in bfloat16 where that is safe")
    options.add_argument("--workers", type=int, default=0, help="processes that load images")
    options.add_argument("--threads", type=positive, help="processor threads")
    options.add_argument("--out", type=Path, default=runs_folder(), help="folder for runs")
    options.add_argument(
        "--watch",
        action="store_true",
        help="log AP on the test images after every epoch; nothing is chosen by it",
    )
    options.add_argument(
        "--stop-after", type=positive, default=0, metavar="SECONDS",
        help="save and stop after so long; --resume goes on",
    )  # fmt: skip
    options.add_argument("--resume", action="store_true", help="go on from the run's last checkpoint")
    return options


def with_preset(arguments: argparse.Namespace) -> argparse.Namespace:
    """The options that the presets of STAGES stand for, where they are not given.

    Raises:
        OptionError: the second stage has no first one to start from.
    """
    if arguments.preset not in STAGES:
        return arguments
    chosen = argparse.Namespace(**vars(arguments))
    chosen.coco = chosen.coco or [people_source()]
    if chosen.preset == "pennfudan":
        chosen.rehearse = chosen.rehearse or REHEARSED
        chosen.rehearse_size = chosen.rehearse_size or REHEARSED_SIZE
        chosen.init = chosen.init or [str(first_stage(chosen.out, chosen.model_id))]
    return chosen


def first_stage(out: Path, model_id: str) -> Path:
    """The final weights of the newest run of a first stage in `out`.

    Raises:
        OptionError: there is none.
    """
    runs = sorted(out.glob(f"{model_id}-*/{FINAL}"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in runs:
        if load_state(path)[1].get("options", {}).get("preset") in FIRST_STAGES:
            return path
    raise OptionError(
        f"{out} holds no finished run of the first stage; run: "
        f"python -m training.train {model_id} --preset people, or name a start with --init"
    )


def recipe_from(arguments: argparse.Namespace) -> Recipe:
    """The variant's recipe, or the preset, with what the command line changes."""
    spec = get_spec(arguments.model_id)
    base = preset_recipe(arguments.preset, spec) if arguments.preset else default_recipe(spec)
    if arguments.optimiser:
        base = with_optimiser(base, arguments.optimiser)
    given = {field.name: getattr(arguments, field.name, None) for field in fields(Recipe)}
    changes = {name: value for name, value in given.items() if value is not None}
    recipe = replace(base, **changes)
    return at_size(recipe, *arguments.size) if arguments.size else recipe


def options_of(arguments: argparse.Namespace) -> dict[str, object]:
    """The options of RECORDED that are given, for the run's record; of a path the file's name alone.

    `pedviz.about.recipe` makes a command of them: a list is an option that is repeated, True one without a
    value. The start is always among them.
    """
    given = {name: getattr(arguments, name) for name in RECORDED}
    given["init"] = [Path(start).name for start in arguments.init or ["imagenet"]]
    given["coco"] = [name_of(path) for path in arguments.coco]
    return {name: value for name, value in given.items() if value}


def name_of(path: Path) -> str:
    """Its last part, of "." too."""
    return path.resolve().name


def check(options: argparse.Namespace) -> None:
    """Refuse values that would train nothing, or something else than they say."""
    lr, stages, device = options.lr, options.frozen_stages, options.device
    learner, teacher = options.model_id, options.teacher
    refused = {
        "--rehearse shows images of --coco again, and there is no --coco": (
            options.rehearse and not options.coco
        ),
        "--rehearse-size is the size of the images of --rehearse, and there is no --rehearse": (
            options.rehearse_size and not options.rehearse
        ),
        "--kinds chooses among images of --coco, and there is no --coco": (
            options.kinds and not options.coco
        ),
        "--preset imitate has nobody to imitate; see --teacher": options.preset == "imitate" and not teacher,
        f"--teacher {teacher} has another pyramid than {learner}": (
            teacher and get_spec(teacher).neck != get_spec(learner).neck
        ),
        f"--lr is a number above 0, got {lr}": lr is not None and not lr > 0,
        f"--frozen-stages is 0 to 5, got {stages}": stages is not None and not 0 <= stages <= 5,
        f"--workers is 0 or more, got {options.workers}": options.workers < 0,
        f"--seed has 63 bits at most, got {options.seed}": options.seed.bit_length() > 63,
        f"--device {device} is not available here; see --device cpu": (
            device != "cpu" and not getattr(torch, device).is_available()
        ),
    }
    for sentence, wrong in refused.items():
        if wrong:
            raise OptionError(sentence)
