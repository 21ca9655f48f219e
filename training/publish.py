"""Put finished weights into the repository: python -m training.publish RUN_FOLDER [--note TEXT]."""

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from pedviz.cli.terminal import guarded
from pedviz.download import sha256_of
from pedviz.errors import CheckpointError, PedvizError
from pedviz.models.build import build
from pedviz.models.compact import save_compact
from pedviz.models.manifest import CheckpointEntry, available, write_manifest
from pedviz.models.specs import ModelSpec, get_spec
from pedviz.paths import checkpoints_folder, results_folder
from training.provenance import FINAL, LOG, finished_run

LARGEST_FILE = 50 * 2**20
# Two layers of the 1280-channel variants hold nine tenths of their weights; a backbone does not bear 4 bits.
FOUR_BIT_LAYERS = ("roi_heads.box_head.fc6.weight", "rpn.head.conv.0.0.weight")
LICENCE = "Under the terms of what it started from and of the images that it learned from."


def four_bit_layers(spec: ModelSpec) -> tuple[str, ...]:
    """The layers of `spec` that are stored with 4 bits so that its file stays under 50 MiB."""
    wide = spec.backbone == "mobilenet_v2" and spec.neck == "single"
    return FOUR_BIT_LAYERS if wide else ()


def publish(run_folder: Path, *, note: str = "", licence: str = LICENCE) -> CheckpointEntry:
    """Compact a run's final weights into the checkpoints folder, list them, and keep the run's log.

    Args:
        run_folder: holds final.safetensors.
        note: one sentence for the visitor.
        licence: what may be done with the weights, one sentence.

    Raises:
        CheckpointError: there are no final weights, they do not fit, or the file would be too large.
    """
    state, facts = finished_run(run_folder)
    spec = get_spec(str(facts["spec_id"]))
    try:
        build(spec, norm=facts["norm"], hidden=facts["hidden"]).load_state_dict(state)
    except RuntimeError as error:
        raise CheckpointError(f"{run_folder} does not fit '{spec.id}': {str(error)[:200]}") from error
    folder = checkpoints_folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{spec.id}.safetensors"
    kept = {name: facts[name] for name in ("spec_id", "run_id", "norm", "hidden")}
    made = folder / f"{spec.id}.new"  # beside the file in use, which stays if this one is refused
    save_compact(state, made, metadata=kept, four_bit=four_bit_layers(spec))
    if (size := made.stat().st_size) > LARGEST_FILE:
        made.unlink()
        raise CheckpointError(f"{path.name} would have {size} bytes, more than {LARGEST_FILE}")
    entry = CheckpointEntry(
        run_id=str(facts["run_id"]), spec_id=spec.id, file=path.name, sha256=sha256_of(made), bytes=size,
        recipe={**facts["recipe"], "seed": facts["seed"], "data": facts["data"]},
        start=str(facts["init"]), licence=licence,
        note=note, norm=facts["norm"], hidden=facts["hidden"], source_sha256=sha256_of(run_folder / FINAL),
        options=facts.get("options", {}),
    )  # fmt: skip
    made.replace(path)  # both at once: in between the manifest speaks of another file
    write_manifest({**available(), spec.id: entry})
    log = run_folder / LOG
    if log.exists():
        stored = results_folder() / "training" / f"{entry.run_id}.jsonl"
        stored.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(log, stored)
    return entry


def main(arguments: Sequence[str] | None = None) -> int:
    """Publish from the command line; the exit status."""
    options = argparse.ArgumentParser(prog="python -m training.publish", description=__doc__)
    options.add_argument("run_folder", type=Path)
    options.add_argument("--note", default="", help="one sentence for the visitor")
    options.add_argument("--licence", default=LICENCE, help="one sentence on what may be done with them")
    parsed = options.parse_args(arguments)
    try:
        entry = publish(parsed.run_folder, note=parsed.note, licence=parsed.licence)
    except (PedvizError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{entry.file}: {entry.bytes / 2**20:.1f} MiB, sha256 {entry.sha256}")
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
