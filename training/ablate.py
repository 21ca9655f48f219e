"""Change one setting at a time and measure: python -m training.ablate [FACTOR...] [options].

Every trial is a training run of its own, short enough for a processor: 3 epochs of the 120 images at
320 pixels, from a base that has none of the parts of the two stages. That is far from converged, so only
differences within these trials mean something. What is measured already is skipped, so the command may be
stopped and started again.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pedviz.cli.terminal import guarded
from pedviz.errors import PedvizError
from pedviz.metrics.store import BASE_EXPERIMENT, measured_results
from pedviz.paths import runs_folder
from training import evaluate, train
from training.options import parser as train_parser
from training.recipes import PENNFUDAN

BASE_MODEL = "maskrcnn_mobilenet_v2_fpn"
COMMON = ("--epochs", "3", "--size", "320")
BASE = {"fold": False}  # of the recipe, as it was when the base was measured
# A trial has 180 steps: this decay averages over as large a part of it as .999 does of the second stage.
SHORT_EMA = 0.96


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One setting changed.

    Attributes:
        factor, value: what is changed and to what; the factor alone for the unchanged base.
        changes: of the recipe, by field.
        model_id: the variant.
        init: what to start from, instead of what the other trials start from.
        tested_at: shorter side in pixels, the same for all trials of a neck whatever its variants use now.
    """

    factor: str
    value: str = ""
    changes: Mapping[str, object] = field(default_factory=dict)
    model_id: str = BASE_MODEL
    init: str = ""
    tested_at: int = 400

    @property
    def experiment(self) -> str:
        """Names the trial in the results, as "lr=0.003"; "base" for the one without a change."""
        return f"{self.factor}={self.value}" if self.value else self.factor


def trials(*, pretrained: Path | None) -> tuple[Trial, ...]:
    """Every trial, the base first; the one that starts from other people only if its weights are given."""
    one_field = {
        "norm": ("batch",),
        "optimiser": ("adamw",),  # at its own usual learning rate
        "hidden": (64, 128, 512),
        "lr": (0.0005, 0.001, 0.003, 0.005, 0.007),
        "epochs": (1, 6),
        "copy_paste": (PENNFUDAN.copy_paste,),
        "box_loss": (PENNFUDAN.box_loss,),
        "ema": (SHORT_EMA,),
        "teacher": (BASE_MODEL,),  # its released weights, which have seen more than these trials may
    }
    changed = [
        Trial(factor=factor, value=str(value), changes={factor: value})
        for factor, values in one_field.items()
        for value in values
    ]
    layer_wise = {"optimiser": "adamw", "layer_decay": PENNFUDAN.layer_decay}
    parts = [
        Trial(factor="optimiser", value="adamw, layer-wise", changes=layer_wise),
        Trial(factor="jitter", value="0.6 to 1.6", changes={"jitter": PENNFUDAN.jitter}),
        Trial(factor="fold", value="yes", changes={"fold": True}),
    ]
    necks = [
        Trial(factor="neck", value="proj256", model_id="maskrcnn_mobilenet_v2_proj256", tested_at=640),
        Trial(factor="neck", value="single", model_id="maskrcnn_mobilenet_v2", tested_at=640),
    ]
    people = [Trial(factor="start", value="people", init=str(pretrained))] if pretrained else []
    return (
        Trial(factor=BASE_EXPERIMENT),
        *people,
        Trial(factor="start", value="none", init="none"),
        *changed,
        *parts,
        *necks,
    )


def run_trial(trial: Trial, *, seed: int, init: Sequence[str], options: argparse.Namespace) -> None:
    """Train, measure and store one trial.

    Raises:
        PedvizError: training or evaluation cannot go on.
    """
    starts = [trial.init] if trial.init else list(init)
    given = {"threads": options.threads, "data": options.data}
    shared = [f"--{name}={value}" for name, value in given.items() if value]
    asked = [trial.model_id, *COMMON, *(f"--init={start}" for start in starts)]
    asked += [f"--seed={seed}", f"--out={options.out}", "--resume", *shared]
    training = train_parser().parse_args(asked + (["--amp"] if options.amp else []))
    vars(training).update(BASE | dict(trial.changes))
    final = train.run(training)
    asked = [f"--checkpoint={final}", f"--experiment={trial.experiment}", f"--size={trial.tested_at}"]
    print(f"{trial.experiment}, seed {seed}")
    evaluate.measure(evaluate.parser().parse_args([trial.model_id, *asked, *shared]))


def measured(trial: Trial, *, seed: int) -> bool:
    """Whether the results hold this trial already."""
    return any(result.experiment == trial.experiment and result.seed == seed for result in measured_results())


def parser() -> argparse.ArgumentParser:
    """Every option, with what it does."""
    options = argparse.ArgumentParser(prog="python -m training.ablate", description=__doc__)
    options.add_argument("factors", nargs="*", help="only these: base, or what stands before a = in --list")
    options.add_argument("--init", action="append", default=[], help="what every trial starts from: imagenet")
    options.add_argument("--pretrained", type=Path, help="weights that saw other people, for start=people")
    options.add_argument("--seeds", type=int, nargs="+", default=[0])
    options.add_argument("--data", type=Path, help="Penn-Fudan archive or folder (default: PEDVIZ_DATA)")
    options.add_argument("--amp", action="store_true", help="compute in bfloat16 where that is safe")
    options.add_argument("--threads", type=int, help="processor threads")
    options.add_argument("--out", type=Path, default=runs_folder(), help="folder for runs")
    options.add_argument("--list", action="store_true", help="say what is measured and what is not, no more")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the trials from the command line; the exit status."""
    options = parser().parse_args(arguments)
    chosen = [t for t in trials(pretrained=options.pretrained) if t.factor in (options.factors or [t.factor])]
    if unknown := set(options.factors) - {trial.factor for trial in chosen}:
        parser().error(f"no trial changes {', '.join(sorted(unknown))}; start needs --pretrained for people")
    for seed in options.seeds:
        for trial in chosen:
            done = measured(trial, seed=seed)
            if options.list:
                print(f"{trial.experiment:27} seed {seed}: {'measured' if done else 'not measured'}")
            elif not done:
                try:
                    run_trial(trial, seed=seed, init=options.init or ["imagenet"], options=options)
                except (PedvizError, OSError) as error:
                    print(f"{trial.experiment}, seed {seed}: {error}", file=sys.stderr)
                    return 1
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
