"""A card for every released weight: what it is, how good, where it fails, and how it was made.

All of it is read from the manifest, the specs and the stored results; a card is added automatically.
"""

from collections.abc import Iterable

from pedviz.about.payload_types import Card, CardMeasured, Failures, MeasuredRow, SizeFound
from pedviz.about.recipe import as_text, commands, in_words
from pedviz.errors import ResultsError
from pedviz.metrics.columns import METRICS
from pedviz.metrics.outcomes import AREA_RANGES, judge
from pedviz.metrics.overlaps import overlaps_of_record
from pedviz.metrics.records import Kind, PredictionRecord
from pedviz.metrics.store import MeasuredResult, predictions_of
from pedviz.models.manifest import CheckpointEntry
from pedviz.models.specs import SPECS_BY_ID
from pedviz.types import DEFAULT_SCORE_THRESHOLD

FOUND_AT_IOU = 0.5
KIND_LABELS: dict[Kind, str] = {"bbox": "Boxes", "segm": "Masks"}
NUMBERS = ("AP", "AP50", "AP75", "APs", "APm", "APl")


def card(entry: CheckpointEntry, *, results: Iterable[MeasuredResult]) -> tuple[Card, list[ResultsError]]:
    """Everything the page says of one weight, and what could not be read for it.

    Args:
        entry: the manifest's.
        results: every stored evaluation; those of this very file, by its sha256, are taken.

    Returns:
        A card as plain data. `measured` is None where this file has no evaluation, `failures` where its
        predictions cannot be read.
    """
    spec = SPECS_BY_ID.get(entry.spec_id)
    results = tuple(results)
    result = _latest(results, sha256=entry.sha256, shipped=True)
    failures, problems = _failures(result)
    made: Card = {
        "id": entry.spec_id,
        "label": spec.label if spec else entry.spec_id,
        "summary": spec.summary if spec else "",
        "parameters": spec.parameters if spec else None,
        "file": entry.file,
        "bytes": entry.bytes,
        "sha256": entry.sha256,
        "run_id": entry.run_id,
        "start": entry.start,
        "data": as_text(entry.recipe.get("data", "")),
        "licence": entry.licence,
        "note": entry.note,
        "recipe": in_words(entry.recipe),
        "settings": {key: as_text(value) for key, value in entry.recipe.items()},
        "measured": None if result is None else _measured(result),
        "before_compacting": _scores(_latest(results, sha256=entry.source_sha256, shipped=False)),
        "failures": failures,
        "commands": commands(entry),
    }
    return made, problems


def _latest(results: tuple[MeasuredResult, ...], *, sha256: str, shipped: bool) -> MeasuredResult | None:
    """The newest evaluation of a weight file; one at another input size does not count as shipped."""
    of_file = [r for r in results if r.checkpoint_sha256 == sha256 and r.shipped == shipped]
    return of_file[-1] if of_file else None


def _measured(result: MeasuredResult) -> CardMeasured:
    return {
        "rows": [_row(result, kind) for kind in KIND_LABELS if result.stats[kind]],
        "columns": [
            {"label": column.label.removeprefix("bbox "), "meaning": column.tooltip}
            for column in METRICS
            if column.group == "bbox" and column.label.removeprefix("bbox ") in NUMBERS
        ],
        "images": result.images,
        "people": result.people,
        "split": result.split_sha256,
        "seconds_per_image": result.seconds_per_image,
        "hardware": ", ".join(
            f"{key} {value}" for key, value in result.hardware.items() if value is not None
        ),
        "versions": ", ".join(f"{name} {version}" for name, version in result.versions.items()),
        "settings": ", ".join(f"{key} {value}" for key, value in result.settings.items()),
        "at": result.measured_at,
    }


def _row(result: MeasuredResult, kind: Kind) -> MeasuredRow:
    columns = [c for c in METRICS if c.group == kind and c.label.removeprefix(f"{kind} ") in NUMBERS]
    interval = result.intervals[kind]
    digits = columns[0].decimals
    return {
        "label": KIND_LABELS[kind],
        "values": [column.text(result) for column in columns],
        "interval": None if interval is None else [f"{end:.{digits}f}" for end in interval],
    }


def _scores(result: MeasuredResult | None) -> dict[str, str] | None:
    """The AP of each kind as text, or None."""
    if result is None:
        return None
    return {
        label: column.text(result)
        for kind, label in KIND_LABELS.items()
        for column in METRICS
        if column.group == kind and column.label == f"{kind} AP" and result.stats[kind]
    }


def _failures(result: MeasuredResult | None) -> tuple[Failures | None, list[ResultsError]]:
    if result is None:
        return None, []
    try:
        return failures(predictions_of(result)), []
    except ResultsError as error:
        return None, [error]


def failures(record: PredictionRecord) -> Failures:
    """Whom a run's boxes miss and how often they are wrong, at the thresholds that the page opens with.

    Returns:
        `score` and `iou`, the thresholds; `sizes`, {size, found, people} of each size class that has people;
        `shown` detections and how many of them are `wrong`: of nobody, or of somebody already found.
    """
    overlaps = overlaps_of_record(record, kind="bbox")
    shown = overlaps.scores >= DEFAULT_SCORE_THRESHOLD  # (D,)
    sizes: list[SizeFound] = []
    hits = {}
    for size in AREA_RANGES:
        outcomes = judge(overlaps, iou_thresholds=(FOUND_AT_IOU,), size=size)
        hits[size] = outcomes.hits[0] & shown
        people = int(outcomes.positives.sum())
        if people:
            sizes.append({"size": size, "found": int(hits[size].sum()), "people": people})
    return {
        "score": DEFAULT_SCORE_THRESHOLD, "iou": FOUND_AT_IOU, "sizes": sizes,
        "shown": int(shown.sum()), "wrong": int((shown & ~hits["all"]).sum()),
    }  # fmt: skip
