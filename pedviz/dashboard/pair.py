"""The released weights of two variants compared, as `pedviz.comparison` compares anybody's files."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from pedviz.dashboard.rows import label_of
from pedviz.dashboard.stored import Stored, read_stored
from pedviz.errors import PedvizError, ResultsError
from pedviz.metrics.bootstrap import require_same_images
from pedviz.metrics.disagreement import Disagreement, Shown
from pedviz.metrics.overlaps import overlaps_of_record
from pedviz.metrics.pairs import SCHEMA, Describe, MeasuredRun, compare_runs, measure, shown_boxes
from pedviz.metrics.records import KINDS, Kind, PredictionRecord
from pedviz.metrics.resampling import DRAWS, SEED, draw_numbers
from pedviz.metrics.result_types import DescribedImage, KindComparison, RunSummary, TruthSummary
from pedviz.viz.palette import ComparisonPayload, chart_inks


def compare(stored: Stored, *, first: str, second: str) -> ComparisonPayload:
    """All that there is to say about two variants, in boxes and, where both have them, in masks.

    Raises:
        ResultsError: a variant has no stored predictions, or the two are of different images.
    """
    records = [_record(stored, spec_id) for spec_id in (first, second)]
    require_same_images(*records)
    return {
        "schema": SCHEMA,
        "truth": _truth(records[0]),
        "runs": [_run(record) for record in records],
        "settings": {"draws": DRAWS, "seed": SEED, "category": None, "size_by": "boxes"},
        "by_kind": {
            kind: _compare_kind(records, kind)
            for kind in KINDS
            if all(kind in record.kinds for record in records)
        },
        "inks": chart_inks(),
    }


def _record(stored: Stored, spec_id: str) -> PredictionRecord:
    record = stored.record_of(spec_id)
    if not record:
        raise ResultsError(
            f"no predictions of '{spec_id[:60]}' are stored; run: python -m training.evaluate with its id"
        )
    return record


def _truth(record: PredictionRecord) -> TruthSummary:
    crowds = sum(image.crowds for image in record.images)
    return {
        "file": "Penn-Fudan, test images", "images": len(record.images), "objects": record.people,
        "crowds": crowds, "categories": 1, "notices": [],
    }  # fmt: skip


def _run(record: PredictionRecord) -> RunSummary:
    name = label_of(record.spec_id)
    detections = sum(len(image.scores) for image in record.images)
    notices = [] if "segm" in record.kinds else [f"{name} makes no masks: only boxes are compared."]
    return {"name": name, "file": record.run_id, "detections": detections, "notices": notices}


def _compare_kind(records: Sequence[PredictionRecord], kind: Kind) -> KindComparison:
    return compare_runs(
        [measured_run(record, kind) for record in records],
        names=[label_of(record.spec_id) for record in records],
        describe=_describer(records),
    )


@lru_cache(maxsize=64)
def measured_run(record: PredictionRecord, kind: Kind) -> MeasuredRun:
    """A run, resampled; it takes a tenth of a second and serves every comparison."""
    overlaps = overlaps_of_record(record, kind=kind)  # records are told apart by identity
    return measure(overlaps, draw_numbers(overlaps))


def _describer(records: Sequence[PredictionRecord]) -> Describe:
    """Describes an image with both detectors' boxes; where the people are is not stored."""
    boxes = [np.concatenate([image.boxes_xyxy for image in record.images]) for record in records]
    for corners in boxes:
        corners[:, 2:] -= corners[:, :2]

    def describe(one: Disagreement, shown: Sequence[Shown]) -> DescribedImage:
        image = records[0].images[one.image]
        return {
            "image": f"{image.name}.png", "size": list(image.image_size[::-1]), "objects": [],
            "detections": [
                shown_boxes(each, boxes_xywh, image=one.image)
                for each, boxes_xywh in zip(shown, boxes, strict=True)
            ],
        }  # fmt: skip

    return describe


def example_pair() -> list[dict[str, str]]:
    """`id` and `label` of the first two variants that can be compared; fewer where fewer are stored."""
    stored = read_stored()
    known = [spec_id for spec_id in stored.shipped if stored.record_of(spec_id)]
    return [{"id": spec_id, "label": label_of(spec_id)} for spec_id in known[:2]]


def answer(stored: Stored, *, first: str, second: str) -> tuple[ComparisonPayload | dict[str, str], int]:
    """`compare` for the page, with an HTTP status; a failure is one sentence under "problem"."""
    try:
        return compare(stored, first=first, second=second), 200
    except PedvizError as error:
        return {"problem": str(error)}, 404
