"""The manifest: which weights are shipped and where each comes from. Read without torch."""

import json
import math
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from pedviz.errors import CheckpointError, reason_of
from pedviz.models.specs import Norm, get_spec
from pedviz.paths import checkpoints_folder, write_whole

MANIFEST = "manifest.json"
_KINDS = {
    "recipe": dict, "options": dict, "bytes": int, "hidden": int, "score_slope": float, "score_offset": float,
}  # fmt: skip
UNNAMED_OPTIMISER = "sgd"  # of recipes that are older than the choice


@dataclass(frozen=True, kw_only=True)
class CheckpointEntry:
    """One entry of the manifest: a weight file and where it comes from. No metrics: those are results.

    Attributes:
        run_id: the training run, spec id + seed + recipe hash.
        spec_id: the variant.
        file: name inside the checkpoints folder.
        sha256: of the file, hexadecimal.
        bytes: size of the file.
        recipe: the settings that trained it.
        start: what the training started from.
        options: what the training command said beside the recipe, by name; empty where it was not recorded.
        licence: what may be done with it.
        note: one sentence for the visitor.
        norm, hidden: the options that change layers.
        source_sha256: of the float32 weights that were compacted.
        score_slope, score_offset: what makes its scores mean what they say, see `pedviz.models.calibration`.

    Raises:
        ValueError: a field is of another type; the message names it.
    """

    run_id: str
    spec_id: str
    file: str
    sha256: str
    bytes: int
    recipe: dict[str, Any]
    start: str
    licence: str
    note: str
    norm: Norm = "frozen"
    hidden: int = 256
    source_sha256: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    score_slope: float = 1.0
    score_offset: float = 0.0

    def __post_init__(self) -> None:
        for entry in fields(self):
            expected = _KINDS.get(entry.name, str)
            if not isinstance(value := getattr(self, entry.name), expected):
                raise ValueError(f"{entry.name}: expected {expected.__name__}, got {type(value).__name__}")
        if not self.file or set(self.file) & set("/\\:\0") or self.file in (".", ".."):
            raise ValueError("file: expected the name of a file beside the manifest")
        if not (0 < self.score_slope < math.inf and math.isfinite(self.score_offset)):
            raise ValueError("score_slope, score_offset: expected a finite slope above 0 and a finite offset")

    @property
    def scores_from(self) -> str:
        """What its scores come from: the file's sha256, the side that the network sees, any calibration."""
        line = f"{self.score_slope:g}, {self.score_offset:g}"
        weights = f"{self.sha256}, {get_spec(self.spec_id).min_size} px"
        return weights if line == "1, 0" else f"{weights}, calibrated by {line}"


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
    except (OSError, ValueError, TypeError) as error:
        raise CheckpointError(
            f"{path.name} cannot be read: {reason_of(error)}; restore it from the repository"
        ) from error
    return {entry.spec_id: entry for entry in entries}


def write_manifest(entries: dict[str, CheckpointEntry]) -> None:
    """Replace the manifest, one entry a spec id, in one step."""
    listed = [asdict(entries[spec_id]) for spec_id in sorted(entries)]
    write_whole(checkpoints_folder() / MANIFEST, json.dumps(listed, indent=2) + "\n")
