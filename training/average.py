"""Average a run with the run that it began from: python -m training.average FIRST SECOND [--share .5].

Fine-tuning on few images forgets some of what the network knew before. The mean of the weights before it and
after it keeps most of both. Source: Wortsman et al., Robust fine-tuning of zero-shot models, CVPR 2022.
"""

import argparse
import hashlib
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from torch import Tensor

from pedviz.cli.terminal import guarded
from pedviz.errors import CheckpointError
from pedviz.models.compact import load_state, write_state
from pedviz.paths import runs_folder
from training.provenance import FINAL, LOG, finished_run


def mean_of(first: dict[str, Tensor], second: dict[str, Tensor], *, share: float) -> dict[str, Tensor]:
    """Every tensor between `first` and `second`, `share` of the way.

    Raises:
        CheckpointError: the two are not of one network.
    """
    if {name: t.shape for name, t in first.items()} != {name: t.shape for name, t in second.items()}:
        raise CheckpointError("the two runs are not of one network: their tensors differ in name or shape")
    return {name: first[name].lerp(tensor, share) for name, tensor in second.items()}


def average(first: Path, second: Path, *, share: float, out: Path) -> Path:
    """Write the mean of two runs as a run of its own, with the second one's recipe and log.

    Args:
        first: folder of the run that came before.
        second: folder of the run that began from it.
        share: of the second, in [0, 1].
        out: folder for runs.

    Returns:
        The new run's folder.

    Raises:
        CheckpointError: a run has no final weights, or they are not of one network.
    """
    (before, old), (after, facts) = load_state(first / FINAL), finished_run(second)
    parts = f"{old.get('run_id', first.name)} and {facts.get('run_id', second.name)}"
    digits = hashlib.sha256(f"{parts} {share}".encode()).hexdigest()[:8]
    run_id = f"{facts['spec_id']}-s{facts['seed']}-{digits}"
    recipe = {**facts["recipe"], "averaged": share}
    start = f"{facts['init']}; then {share:.0%} of it with {1 - share:.0%} of what it began from"
    folder = out / run_id
    folder.mkdir(parents=True, exist_ok=True)
    known = {**facts, "run_id": run_id, "recipe": recipe, "init": start, "averaged": parts}
    write_state(mean_of(before, after, share=share), folder / FINAL, facts=known)
    if (second / LOG).exists():
        shutil.copyfile(second / LOG, folder / LOG)
    return folder


def main(arguments: Sequence[str] | None = None) -> int:
    """Average from the command line; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m training.average", description="Average a run with the run that it began from."
    )
    parser.add_argument("first", type=Path, help="folder of the run before")
    parser.add_argument("second", type=Path, help="folder of the run that began from it")
    parser.add_argument("--share", type=float, default=0.5, help="of the second run, 0 to 1 (default .5)")
    parser.add_argument("--out", type=Path, default=runs_folder(), help="folder for runs")
    options = parser.parse_args(arguments)
    if not 0 <= options.share <= 1:
        parser.error(f"--share is from 0 to 1, got {options.share}")
    print(average(options.first, options.second, share=options.share, out=options.out))
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
