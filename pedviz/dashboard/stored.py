"""Everything in the results folder, read once and checked; what cannot be read is a sentence."""

from dataclasses import dataclass
from functools import lru_cache

from pedviz.dashboard.rows import place_of
from pedviz.errors import ResultsError
from pedviz.metrics.records import PredictionRecord
from pedviz.metrics.reported import Reported, load_reported
from pedviz.metrics.store import (
    MeasuredResult,
    load_measured,
    predictions_of,
    shipped_by_spec,
    training_log,
)
from pedviz.paths import results_folder


@dataclass(frozen=True, kw_only=True, eq=False)
class Stored:
    """What the results folder holds.

    Attributes:
        measured: the newest evaluation of every weight file and setting, oldest first.
        reported: the source reports' figures; None where they cannot be read.
        records: stored predictions by `MeasuredResult.predictions`, of those that can be read.
        logs: epochs of the shipped runs by run id.
        problems: a sentence for every file and line that is wrong.
    """

    measured: tuple[MeasuredResult, ...]
    reported: Reported | None
    records: dict[str, PredictionRecord]
    logs: dict[str, list[dict]]
    problems: tuple[str, ...]

    @property
    def shipped(self) -> dict[str, MeasuredResult]:
        """The newest evaluation of each variant's released weights, by spec id in the registry's order."""
        found = shipped_by_spec(self.measured)
        return {spec_id: found[spec_id] for spec_id in sorted(found, key=place_of)}

    def record_of(self, spec_id: str) -> PredictionRecord | None:
        """The stored predictions of a variant's released weights; None where there are none."""
        result = self.shipped.get(spec_id)
        return self.records.get(result.predictions) if result else None


def read_stored() -> Stored:
    """Read the results folder; never raises for what is in it, or for what is missing."""
    return _read(_signature())


def _signature() -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of all result files: another signature means that something changed."""
    files = sorted(path for path in results_folder().rglob("*") if path.is_file())
    return tuple((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files)


@lru_cache(maxsize=1)
def _read(_: tuple) -> Stored:
    problems: list[ResultsError] = []
    every, unread = load_measured(required=True)
    problems += unread
    newest: dict[str, MeasuredResult] = {}
    for result in every:  # oldest first, and what was measured again takes its later place
        newest.pop(result.predictions, None)
        newest[result.predictions] = result
    measured = tuple(newest.values())
    return Stored(
        measured=measured,
        reported=_reported(problems),
        records=_records(measured, problems),
        logs=_logs(measured, problems),
        problems=tuple(map(str, problems)),
    )


def _reported(problems: list[ResultsError]) -> Reported | None:
    try:
        return load_reported()
    except ResultsError as error:
        problems.append(error)
        return None


def _records(
    measured: tuple[MeasuredResult, ...], problems: list[ResultsError]
) -> dict[str, PredictionRecord]:
    records = {}
    for result in measured:
        try:
            records[result.predictions] = predictions_of(result)
        except ResultsError as error:
            problems.append(error)
    return records


def _logs(measured: tuple[MeasuredResult, ...], problems: list[ResultsError]) -> dict[str, list[dict]]:
    logs = {}
    for run_id in dict.fromkeys(result.run_id for result in measured if result.shipped):
        logs[run_id], unread = training_log(run_id)
        problems += unread
    return logs
