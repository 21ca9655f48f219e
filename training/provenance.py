"""Where a measured number comes from: the weights, the libraries and the machine."""

import os
import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from pedviz.download import sha256_of
from pedviz.errors import CheckpointError, MissingCheckpointError
from pedviz.models import coco
from pedviz.models.checkpoints import verify
from pedviz.models.compact import load_state
from pedviz.models.manifest import available
from pedviz.models.specs import ModelSpec

LAST, FINAL, LOG = "last.safetensors", "final.safetensors", "log.jsonl"  # the files of a run
# What the final weights of a run say of it.
RUN_FACTS = ("run_id", "spec_id", "seed", "recipe", "init", "data", "norm", "hidden")
LIBRARIES = ("torch", "torchvision", "numpy", "pycocotools")


@dataclass(frozen=True, kw_only=True)
class Weights:
    """One weight file and what is known of its training.

    Attributes:
        spec_id: the variant.
        path: the file.
        run_id: the training run.
        sha256: of the file.
        form: "compact" for 8-bit weights, "float32" as training leaves them.
        shipped: whether the manifest lists this file.
        recipe: the settings of the training.
        start: what the training started from.
        calibration: slope and offset of its scores by name; empty where they are as they were learned.
    """

    spec_id: str
    path: Path
    run_id: str
    sha256: str
    form: Literal["compact", "float32"]
    shipped: bool
    recipe: dict[str, Any] = field(default_factory=dict)
    start: str = ""
    calibration: dict[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Names the stored predictions: the run, and the form where it is not what is shipped."""
        return self.run_id if self.shipped else f"{self.run_id}-{self.form}"

    @property
    def seed(self) -> int | None:
        """Of the training; None where unknown."""
        return self.recipe.get("seed")


def shipped_weights(spec: ModelSpec) -> Weights:
    """The weights that the manifest lists for a variant, verified; for one on demand those downloaded.

    Raises:
        MissingCheckpointError: there are none.
        CheckpointError: they are damaged.
    """
    if spec.on_demand:
        path = coco.downloaded()
        return Weights(
            spec_id=spec.id, path=path, run_id=spec.id, sha256=sha256_of(path), form="float32", shipped=False,
            start=coco.URL,
        )  # fmt: skip
    entry = available().get(spec.id)
    if entry is None:
        raise MissingCheckpointError(
            f"no weights for '{spec.id}' here; train them with: python -m training.train {spec.id}, "
            "or name a file with --checkpoint"
        )
    return Weights(
        spec_id=spec.id, path=verify(entry), run_id=entry.run_id, sha256=entry.sha256, form="compact",
        shipped=True, recipe=entry.recipe, start=entry.start,
        calibration={"score_slope": entry.score_slope, "score_offset": entry.score_offset},
    )  # fmt: skip


def file_weights(spec: ModelSpec, path: Path) -> Weights:
    """Any weight file that training or compacting wrote.

    Raises:
        CheckpointError: it cannot be read or says that it belongs to another variant.
    """
    facts = load_state(path)[1]
    if facts.get("spec_id", spec.id) != spec.id:
        raise CheckpointError(f"{path.name} belongs to '{facts['spec_id']}', not to '{spec.id}'")
    known: dict[str, object] = {name: facts[name] for name in ("seed", "data") if name in facts}
    return Weights(
        spec_id=spec.id, path=path, run_id=str(facts.get("run_id", path.stem)), sha256=sha256_of(path),
        form="compact" if "shapes" in facts else "float32", shipped=False,
        recipe={**facts.get("recipe", {}), **known}, start=str(facts.get("init", "")),
    )  # fmt: skip


def finished_run(folder: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The final weights of a training run, and what they say of it.

    Raises:
        CheckpointError: there are none, or they are not a training's.
    """
    final = folder / FINAL
    if not final.exists():
        raise CheckpointError(f"{final} not found; finish the run: python -m training.train ... --resume")
    state, facts = load_state(final)
    if lacking := [name for name in RUN_FACTS if name not in facts]:
        raise CheckpointError(f"{final} is not of training.train: it does not say {', '.join(lacking)}")
    return state, facts


def library_versions() -> dict[str, str]:
    """Of Python and of what the numbers depend on; "absent" for what is not installed."""
    return {"python": platform.python_version(), **{name: _version(name) for name in LIBRARIES}}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def describe_hardware() -> dict[str, str | float | None]:
    """The processor, how much of it is used and how busy it is; never the machine's name."""
    return {
        "device": "cpu", "cpu": _processor(), "cores": os.cpu_count(), "threads": torch.get_num_threads(),
        "load_average": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }  # fmt: skip


def _processor() -> str:
    listing = Path("/proc/cpuinfo")  # Linux; elsewhere the standard library knows
    lines = listing.read_text().splitlines() if listing.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()


def utc_now() -> str:
    """The time, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
