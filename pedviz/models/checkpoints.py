"""Which weights are here, whether they are what the manifest says, and how they become a network."""

from pathlib import Path
from typing import get_args

from torchvision.models.detection import FasterRCNN

from pedviz.download import sha256_of
from pedviz.errors import CheckpointError, MissingCheckpointError, reason_of
from pedviz.models import coco
from pedviz.models.build import build
from pedviz.models.calibration import calibrate
from pedviz.models.compact import load_state
from pedviz.models.manifest import CheckpointEntry, available
from pedviz.models.specs import ModelSpec, Norm
from pedviz.paths import checkpoints_folder

NORMS = get_args(Norm)
MOST_HIDDEN = 4096  # channels


def verify(entry: CheckpointEntry) -> Path:
    """The path of an entry's file, once its size and sha256 are what the manifest says.

    Raises:
        MissingCheckpointError: the file is not there.
        CheckpointError: it is another file, or cannot be read.
    """
    path = checkpoints_folder() / entry.file
    if not path.exists():
        raise MissingCheckpointError(
            f"{entry.file} is missing; run: python -m training.train {entry.spec_id}"
        )
    try:
        size = path.stat().st_size
        intact = size == entry.bytes and sha256_of(path) == entry.sha256
    except OSError as error:
        raise CheckpointError(f"{entry.file} cannot be read: {reason_of(error)}") from error
    if not intact:
        raise CheckpointError(
            f"{entry.file} is not the file of the manifest (expected {entry.bytes} bytes, sha256 "
            f"{entry.sha256[:12]}...; it has {size}); restore it from the repository"
        )
    return path


def load_network(spec: ModelSpec) -> FasterRCNN:
    """The network of `spec` in evaluation mode, with its verified weights and calibrated scores.

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
    network = load_network_file(spec, verify(entry))
    calibrate(network, spec, slope=entry.score_slope, offset=entry.score_offset)
    return network


def load_network_file(spec: ModelSpec, path: Path) -> FasterRCNN:
    """The network of `spec` with the weights of one file, compact or plain, its scores as they were learned.

    Raises:
        CheckpointError: the file cannot be read or does not fit.
    """
    state, facts = load_state(path)
    norm, hidden = facts.get("norm", "frozen"), facts.get("hidden")
    if norm not in NORMS or not (hidden is None or (type(hidden) is int and 1 <= hidden <= MOST_HIDDEN)):
        raise CheckpointError(
            f"{path.name} does not fit '{spec.id}': expected a norm of {', '.join(NORMS)} and 1 to "
            f"{MOST_HIDDEN} hidden channels, got {norm!r:.40} and {hidden!r:.40}"
        )
    network = build(spec, norm=norm, hidden=hidden)
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        said = " ".join(str(error).split())[:200]
        raise CheckpointError(f"{path.name} does not fit '{spec.id}': {said}") from error
    return network
