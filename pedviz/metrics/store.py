"""The results folder: what was measured here, one line an evaluation, and what the run's log says.

    metrics.jsonl          one line an evaluation, full precision, with where it came from
    predictions/<name>.json   what a run said about each test image, see records.py
    training/<run>.jsonl   one line a training epoch
    reported.json          the two source reports, see reported.py

Only the evaluation command writes. A line that cannot be read is reported and skipped, never fatal.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pedviz.errors import ResultsError
from pedviz.metrics.evaluate import Stats
from pedviz.metrics.parsing import from_json, parse_json, read_lines, require_kinds, require_stats
from pedviz.metrics.records import Kind, PredictionRecord, predictions_file, read_predictions
from pedviz.paths import results_folder

METRICS = "metrics.jsonl"
BASE_EXPERIMENT = "base"  # of a trial that changes nothing; others are "factor=value"
SCHEMA = 1


@dataclass(frozen=True, kw_only=True)
class MeasuredResult:
    """One evaluation of one weight file on one split.

    Attributes:
        spec_id: the variant.
        run_id: the training run, spec id + seed + recipe hash.
        shipped: whether these are the weights of the manifest, which the page runs.
        weights: "compact" for 8-bit files, "float32" for weights as training left them.
        checkpoint_sha256, checkpoint_bytes: of the weight file.
        split_sha256: of the split; only results on one split compare.
        seed: of the training; None where unknown.
        recipe: the settings of the training.
        start: what the training started from.
        experiment: the ablation that the run belongs to, "" for none.
        parameters: weights and biases of the network.
        stats: kind to the twelve numbers; None for masks where there are none.
        intervals: kind to the 95 % interval of AP, [low, high], or None.
        images, people: what was tested on; people_by_size counts small, medium and large people.
        predictions: name of the stored predictions, without ".json".
        settings: thresholds, limits and input size.
        versions: of Python and the libraries.
        hardware: processor, cores, threads, device, and the load by everything running (1-minute average).
        wall_seconds: the whole evaluation.
        seconds_per_image: detecting alone, mean.
        outside_network_share: the part of the wall time that is not detecting, in [0, 1].
        measured_at: UTC, ISO 8601.
        schema: of this line.
    """

    spec_id: str
    run_id: str
    shipped: bool
    weights: Literal["compact", "float32"]
    checkpoint_sha256: str
    checkpoint_bytes: int
    split_sha256: str
    seed: int | None
    parameters: int
    stats: dict[Kind, Stats | None]
    intervals: dict[Kind, tuple[float, ...] | None]
    images: int
    people: int
    people_by_size: dict[str, int]
    predictions: str
    settings: dict[str, float]
    versions: dict[str, str]
    hardware: dict[str, str | int | float | None]
    wall_seconds: float
    seconds_per_image: float
    outside_network_share: float
    measured_at: str
    recipe: dict[str, Any] = field(default_factory=dict)
    start: str = ""
    experiment: str = ""
    schema: int = SCHEMA

    def __post_init__(self) -> None:
        if self.schema != SCHEMA:
            raise ValueError(f"expected schema {SCHEMA}, got {self.schema}")
        require_stats(self.stats)
        require_kinds("intervals", self.intervals)


def load_measured(
    path: Path | None = None, *, required: bool = False
) -> tuple[list[MeasuredResult], list[ResultsError]]:
    """Every evaluation stored, oldest first, and an error for each line that cannot be read.

    Args:
        path: the file; None takes the project's.
        required: whether a missing file is an error too, instead of an empty list.
    """
    path = path or results_folder() / METRICS
    results, problems = read_lines(path, _measured)
    if required and not path.exists():
        problems.append(ResultsError(f"{path.name} is missing; restore it from the repository"))
    return results, problems


@lru_cache(maxsize=1024)  # every detection tells its variant's AP
def _measured(line: str) -> MeasuredResult:
    return from_json(MeasuredResult, parse_json(line))


def measured_results(path: Path | None = None) -> list[MeasuredResult]:
    """Every evaluation stored that can be read, oldest first; see `load_measured` for the others."""
    return load_measured(path)[0]


def latest_by_spec(path: Path | None = None) -> dict[str, MeasuredResult]:
    """The newest evaluation of each variant's released weights, by spec id."""
    return shipped_by_spec(measured_results(path))


def shipped_by_spec(results: Iterable[MeasuredResult]) -> dict[str, MeasuredResult]:
    """The last of `results` of each variant's released weights, by spec id."""
    return {result.spec_id: result for result in results if result.shipped}


def append_measured(result: MeasuredResult, *, path: Path | None = None) -> None:
    """Add one line to the measured results, in one write.

    A line torn by a crash stays a line of its own: what follows it starts on a new one.
    """
    path = path or results_folder() / METRICS
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(asdict(result), allow_nan=False) + "\n"
    with path.open("ab+", buffering=0) as file:
        if file.tell():
            file.seek(-1, 2)
            line = line if file.read(1) == b"\n" else "\n" + line
        file.write(line.encode())


def predictions_of(result: MeasuredResult) -> PredictionRecord:
    """The stored predictions that a result was computed from.

    Raises:
        ResultsError: they are missing, damaged, or were made by other weights.
    """
    record = read_predictions(predictions_file(result.predictions))
    if record.checkpoint_sha256 != result.checkpoint_sha256:
        raise ResultsError(
            f"{result.predictions}.json was made by other weights ({record.checkpoint_sha256[:12]}...) than "
            f"its result ({result.checkpoint_sha256[:12]}...); evaluate {result.spec_id} again"
        )
    return record


def training_log(run_id: str) -> tuple[list[dict], list[ResultsError]]:
    """A training run's epochs, in order, and an error for each line that cannot be read."""
    values, problems = read_lines(results_folder() / "training" / f"{run_id}.jsonl", parse_json)
    return [value for value in values if isinstance(value, dict)], problems
