"""Which weights are here, whether they are what the manifest says, and how they become a network."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from torchvision.models.detection import FasterRCNN

from pedviz.download import sha256_of
from pedviz.errors import CheckpointError, MissingCheckpointError
from pedviz.models import coco
from pedviz.models.build import build
from pedviz.models.compact import load_state
from pedviz.models.specs import ModelSpec, Norm
from pedviz.paths import checkpoints_folder

MANIFEST = "manifest.json"


@dataclass(frozen=True, kw_only=True)
class CheckpointEntry:
    """One line of the manifest: a weight file and where it comes from. No metrics: those are results.

    Attributes:
        run_id: the training run, spec id + seed + recipe hash.
        spec_id: the variant.
        file: name inside the checkpoints folder.
        sha256: of the file, hexadecimal.
        bytes: size of the file.
        recipe: the settings that trained it.
        start: what the training started from.
        licence: what may be done with it.
        note: one sentence for the visitor.
        norm, hidden: the options that change layers.
        source_sha256: of the float32 weights that were compacted.
    """

    run_id: str
    spec_id: str
    file: str
    sha256: str
    bytes: int
    recipe: dict[str, object]
    start: str
    licence: str
    note: str
    norm: Norm = "frozen"
    hidden: int = 256
    source_sha256: str = ""


def available() -> dict[str, CheckpointEntry]:
    """The manifest's entries by spec id; empty where there is no manifest.

    Raises:
        CheckpointError: the manifest cannot be read.
    """
    path = checkpoints_folder() / MANIFEST
    if not path.exists():
        return {}
    try:
        entries = [CheckpointEntry(**entry) for entry in json.loads(path.read_text("utf-8"))]
    except (ValueError, TypeError) as error:
        raise CheckpointError(
            f"{path.name} cannot be read: {error}; restore it from the repository"
        ) from error
    return {entry.spec_id: entry for entry in entries}


def write_manifest(entries: dict[str, CheckpointEntry]) -> None:
    """Replace the manifest, one entry a spec id, in one step."""
    path = checkpoints_folder() / MANIFEST
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    listed = [asdict(entries[spec_id]) for spec_id in sorted(entries)]
    partial.write_text(json.dumps(listed, indent=2) + "\n", "utf-8")
    partial.replace(path)


def verify(entry: CheckpointEntry) -> Path:
    """The path of an entry's file, once its size and sha256 are what the manifest says.

    Raises:
        MissingCheckpointError: the file is not there.
        CheckpointError: it is another file.
    """
    path = checkpoints_folder() / entry.file
    if not path.exists():
        raise MissingCheckpointError(
            f"{entry.file} is missing; run: python -m training.train {entry.spec_id}"
        )
    if path.stat().st_size != entry.bytes or sha256_of(path) != entry.sha256:
        raise CheckpointError(
            f"{entry.file} is not the file of the manifest (expected {entry.bytes} bytes, sha256 "
            f"{entry.sha256[:12]}...; it has {path.stat().st_size}); restore it from the repository"
        )
    return path


def load_network(spec: ModelSpec) -> FasterRCNN:
    """The network of `spec` in evaluation mode, with its verified weights.

    They are those of the manifest, or for a variant on demand those that were downloaded. Nothing is
    downloaded here: `pedviz.models.coco.ensure_downloaded` does that, and can be watched and cancelled.

    Raises:
        MissingCheckpointError: there are none.
        CheckpointError: they are damaged or of another network.
    """
    if spec.on_demand:
        return load_network_file(spec, coco.downloaded())
    entry = available().get(spec.id)
    if entry is None:
        raise MissingCheckpointError(
            f"no weights for '{spec.id}' here; train them with: python -m training.train {spec.id}"
        )
    return load_network_file(spec, verify(entry))


def load_network_file(spec: ModelSpec, path: Path) -> FasterRCNN:
    """The network of `spec` with the weights of one file, compact or plain, in evaluation mode.

    Raises:
        CheckpointError: the file cannot be read or does not fit.
    """
    state, facts = load_state(path)
    network = build(spec, norm=facts.get("norm", "frozen"), hidden=facts.get("hidden"))
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        raise CheckpointError(f"{path.name} does not fit '{spec.id}': {str(error)[:200]}") from error
    return network
