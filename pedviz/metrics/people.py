"""How a detector does on photos of people whom it never saw, by kind of photo.

Penn-Fudan is two campuses; visitors bring streets, crowds and portraits. The predictions on 160 photos that
were left out of training are stored with the kind of each photo, and so is the table that comes from them.
"""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pedviz.errors import ResultsError, reason_of
from pedviz.metrics.bootstrap import Interval, interval_of
from pedviz.metrics.curves import equal_count_bins
from pedviz.metrics.error_types import FOREGROUND_IOU
from pedviz.metrics.evaluate import STAT_KEYS
from pedviz.metrics.outcomes import judge
from pedviz.metrics.overlaps import overlaps_of_record
from pedviz.metrics.records import PredictionRecord
from pedviz.metrics.resampling import draw_numbers
from pedviz.paths import results_folder, write_whole

ALL = "all"
# The kinds of the archives that the photos come from, to what they are called here.
KIND_OF = {
    "street_crosswalk": "crosswalk", "street_pedestrian": "street", "street_fashion": "fashion",
    "coco": "everyday",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class PeopleRow:
    """Box AP at IoU 0.5 and COCO's AP, each with its interval, in [0, 1], on photos of one kind."""

    ap50: Interval
    ap: Interval


@dataclass(frozen=True, kw_only=True)
class PeopleResult:
    """One variant on the photos of other people.

    Attributes:
        spec_id, run_id, checkpoint_sha256: what was measured.
        photos_sha256: of the annotations of the photos.
        calibration_error: expected calibration error of the scores at IoU 0.5, equal-count bins, in [0, 1].
        kinds: "all" first, then the kinds of photos, by name.
    """

    spec_id: str
    run_id: str
    checkpoint_sha256: str
    photos_sha256: str
    calibration_error: float
    kinds: dict[str, PeopleRow]


def people_predictions_file(spec_id: str) -> Path:
    """Where the predictions of a variant on the photos are kept."""
    return results_folder() / "people" / f"{spec_id}.json"


def people_file() -> Path:
    """Where the table is kept."""
    return results_folder() / "people.json"


def measure_people(record: PredictionRecord) -> PeopleResult:
    """The table of one variant from its predictions, whose names are kind/file name.

    Raises:
        ResultsError: there is nobody to find.
    """
    kinds = dict.fromkeys(image.name.partition("/")[0] for image in record.images)
    rows = {ALL: _row(record)}
    for kind in sorted(kinds):
        some = tuple(image for image in record.images if image.name.startswith(f"{kind}/"))
        rows[kind] = _row(replace(record, images=some))
    outcomes = judge(overlaps_of_record(record, kind="bbox"), iou_thresholds=(FOREGROUND_IOU,))
    return PeopleResult(
        spec_id=record.spec_id, run_id=record.run_id, checkpoint_sha256=record.checkpoint_sha256,
        photos_sha256=record.split_sha256, kinds=rows,
        calibration_error=equal_count_bins(outcomes).expected_calibration_error,
    )  # fmt: skip


def _row(record: PredictionRecord) -> PeopleRow:
    numbers = draw_numbers(overlaps_of_record(record, kind="bbox")).numbers
    ap50, ap = (
        interval_of(numbers[:, STAT_KEYS.index(key)], images=len(record.images), objects=record.people)
        for key in ("AP50", "AP")
    )
    if ap50 is None or ap is None:
        raise ResultsError("there is nobody to find in these photos")
    return PeopleRow(ap50=ap50, ap=ap)


def people_results() -> dict[str, PeopleResult]:
    """The stored table by spec id; empty where nothing was measured.

    Raises:
        ResultsError: it cannot be read.
    """
    path = people_file()
    if not path.exists():
        return {}
    try:
        return {entry["spec_id"]: _from_json(entry) for entry in json.loads(path.read_text("utf-8"))}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ResultsError(
            f"{path.name} cannot be read ({type(error).__name__}: {reason_of(error)}); "
            "restore it, or measure again: python -m training.evaluate_people"
        ) from error


def _from_json(entry: dict) -> PeopleResult:
    rows = {
        kind: PeopleRow(ap50=Interval(**row["ap50"]), ap=Interval(**row["ap"]))
        for kind, row in entry["kinds"].items()
    }
    return PeopleResult(**{**entry, "kinds": rows})


def store_people(result: PeopleResult) -> None:
    """Put the row of a variant into the table, in place of the one that is there."""
    kept = {**people_results(), result.spec_id: result}
    write_whole(people_file(), json.dumps([asdict(row) for row in kept.values()], indent=1) + "\n")
