"""Better ResNet-50 weights on your own machine, from torchvision's COCO start: python -m training.weights.

Fetches the published COCO weights (178 MB), fine-tunes them on Penn-Fudan, evaluates the released weights and
the new ones on the 50 test images, and puts the new file in place only if its box AP is higher. The file
before is kept in the folder `before` beside it, and the dashboard shows both. Minutes on a GPU, about half an
hour on a laptop; when stopped, the same command goes on where it was.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import cast

from pedviz.cli.bars import byte_bar
from pedviz.cli.terminal import guarded
from pedviz.metrics.bootstrap import Interval, paired_difference, verdict
from pedviz.metrics.evaluate import import_pycocotools
from pedviz.metrics.records import PredictionRecord
from pedviz.metrics.store import latest_by_spec
from pedviz.models import coco
from pedviz.models.manifest import CheckpointEntry, available
from pedviz.paths import checkpoints_folder, runs_folder, write_whole
from training.evaluate import measure
from training.evaluate import parser as evaluation_parser
from training.options import parser as training_parser
from training.provenance import FINAL, LAST
from training.publish import publish
from training.train import run

MODEL = "maskrcnn_resnet50_fpn"
BEFORE = "before"
STOPPED = "stopped; the same command goes on from here"
NOTE = "Fine-tuned on this machine from torchvision's COCO weights."


def fetch() -> Path:
    """The COCO weights, downloaded with a bar unless they are here; a broken download goes on.

    Raises:
        PedvizError: they cannot be fetched or do not fit.
    """
    with byte_bar("COCO weights") as show:
        return coco.ensure_downloaded(progress=show)


def fine_tune(start: Path, options: argparse.Namespace) -> Path:
    """The folder of the finished run that began from `start`, gone on with where it was stopped.

    Raises:
        PedvizError: Penn-Fudan is missing, or the run cannot go on.
    """
    out = options.out / "weights"
    if finished := sorted(out.glob(f"*/{FINAL}")):
        return finished[-1].parent
    given = [MODEL, "--init", str(start), "--out", str(out)]
    for name in ("data", "device", "threads", "epochs"):
        if (value := getattr(options, name)) is not None:
            given += [f"--{name}", str(value)]
    if any(out.glob(f"*/{LAST}")):
        given.append("--resume")
    final = run(training_parser().parse_args(given))
    return cast(Path, final).parent  # --stop-after alone, which is not given, leaves none


def compare(run_folder: Path, options: argparse.Namespace) -> Interval:
    """Box AP of the new weights minus that of the released ones, on the test images.

    Raises:
        PedvizError: a weight file or Penn-Fudan is missing.
    """
    before = evaluate(options)
    after = evaluate(options, "--checkpoint", str(run_folder / FINAL))
    return paired_difference(before, after, kind="bbox")


def evaluate(options: argparse.Namespace, *which: str) -> PredictionRecord:
    """What `training.evaluate` stores of the released weights, or of those that `which` names."""
    shared = [] if options.data is None else ["--data", str(options.data)]
    ((_, record),) = measure(evaluation_parser().parse_args([MODEL, *which, *shared]))
    return record


def keep(entry: CheckpointEntry) -> Path:
    """Copy a released file and what the manifest says of it into the folder `before`."""
    folder = checkpoints_folder() / BEFORE
    folder.mkdir(exist_ok=True)
    shutil.copy2(checkpoints_folder() / entry.file, folder / entry.file)
    write_whole(folder / f"{entry.spec_id}.json", json.dumps(asdict(entry), indent=1) + "\n")
    return folder / entry.file


def make_weights(options: argparse.Namespace) -> str:
    """Do all of it; a sentence on what came out.

    Raises:
        PedvizError: something is missing or does not fit; nothing of the released weights has changed.
        OSError: a file cannot be written.
    """
    import_pycocotools()  # before half an hour of training, not after
    run_folder = fine_tune(fetch(), options)
    if available()[MODEL].run_id == run_folder.name:  # and the file in `before` stays the one before
        if latest_by_spec()[MODEL].run_id != run_folder.name:
            evaluate(options)
        return f"The weights of {run_folder} are in place already."
    difference = compare(run_folder, options)
    said = verdict(difference, first="the released file", second="the new one")
    if difference.value <= 0:
        return f"{said}\nThe new weights are no better on these images: the released file stays as it is."
    kept = keep(available()[MODEL])
    publish(run_folder, note=NOTE)
    evaluate(options)  # the file as it is released, in 8 bits
    return f"{said}\nThe new weights are in place; the file before is {kept}."


def main(arguments: Sequence[str] | None = None) -> int:
    """Make weights from the command line; the exit status."""
    options = argparse.ArgumentParser(
        prog="python -m training.weights", description=__doc__.partition("\n")[0]
    )
    options.add_argument("--data", type=Path, help="Penn-Fudan archive or folder (default: PEDVIZ_DATA)")
    options.add_argument("--device", help="cpu, cuda or mps (default: cuda where there is one)")
    options.add_argument("--threads", type=int, help="processor threads")
    options.add_argument("--epochs", type=int, help="passes over the training images (default: the recipe's)")
    options.add_argument("--out", type=Path, default=runs_folder(), help="folder for the run")
    print(make_weights(options.parse_args(arguments)))
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main, stopped=STOPPED))
