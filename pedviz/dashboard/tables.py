"""The results tables: one row a run, reported or measured, with every column of `pedviz.metrics.columns`."""

from dataclasses import asdict

from pedviz.dashboard.payload_types import CellData, ColumnData, RowData, TablesData, What
from pedviz.dashboard.rows import label_of, place_of
from pedviz.dashboard.stored import Stored
from pedviz.metrics.columns import METRICS, MetricColumn, ResultRow
from pedviz.metrics.reported import Reported, ReportedRun
from pedviz.metrics.store import MeasuredResult
from pedviz.models.specs import SPECS


def build_tables(stored: Stored) -> TablesData:
    """Columns and rows of the tables: released weights in the variants' order, other measured runs with the
    newest on top, then the reports'.

    Returns:
        `columns`: key, label, group, unit and tooltip of each. `rows`: id, source, what it is of,
        its cells (value in full, None where there is none; text as shown), intervals, caveats, provenance.
    """
    reported = (
        [_reported_row(run, stored.reported) for run in stored.reported.runs] if stored.reported else []
    )
    rows = [_measured_row(result, _what(result, stored)) for result in reversed(stored.measured)]
    measured = sorted(rows, key=_variant_of_shipped)
    return {"columns": list(map(_column, METRICS)), "rows": measured + reported}


def _variant_of_shipped(row: RowData) -> int:
    """The place of a released weight's variant among all variants; every other row comes after them."""
    return place_of(row["spec_id"]) if row["what"] == "shipped" else len(SPECS)


def _column(column: MetricColumn) -> ColumnData:
    return {
        "key": column.key, "label": column.label, "group": column.group, "unit": column.unit,
        "better": column.better, "tooltip": column.tooltip,
    }  # fmt: skip


def _cells(row: ResultRow) -> dict[str, CellData]:
    return {column.key: {"value": column.compute(row), "text": column.text(row)} for column in METRICS}


def _what(result: MeasuredResult, stored: Stored) -> What:
    """The kind of a measured row: the visitor filters by it."""
    if result.experiment:
        return "experiment"
    replaced = {one.run_id for one in stored.measured if one.shipped} - {
        one.run_id for one in stored.shipped.values()
    }
    if result.run_id in replaced:
        return "earlier"
    return "shipped" if result.shipped else "float32"


def _measured_row(result: MeasuredResult, what: What) -> RowData:
    provenance = {key: value for key, value in asdict(result).items() if key not in ("stats", "intervals")}
    return {
        "id": result.predictions, "source": "measured", "what": what, "spec_id": result.spec_id,
        "label": label_of(result.spec_id), "detail": _detail(result, what),
        "split": result.split_sha256, "cells": _cells(result), "intervals": result.intervals,
        "images": result.images, "people": result.people, "caveats": [], "provenance": provenance,
    }  # fmt: skip


def _detail(result: MeasuredResult, what: What) -> str:
    if result.shipped:
        return "released weights" if what == "shipped" else "earlier release"
    weights = "8-bit weights" if result.weights == "compact" else "float32, before quantisation"
    seed = "" if result.seed is None else f", seed {result.seed}"
    return f"experiment {result.experiment}{seed}" if result.experiment else weights


def _reported_row(run: ReportedRun, reported: Reported) -> RowData:
    source = reported.reports[run.report]
    caveats = [reported.caveats[key] for key in dict.fromkeys((*run.caveats, *run.timing.caveats))]
    epochs = "" if run.epochs is None else f", {run.epochs} epochs"
    return {
        "id": f"reported:{run.id}", "source": "reported", "what": "reported", "spec_id": run.spec_id,
        "label": run.label, "detail": f"Report {run.report}{epochs}", "split": f"report {run.report}",
        "cells": _cells(run), "intervals": {}, "images": None, "people": None,
        "caveats": caveats, "provenance": asdict(source) | {"timing": asdict(run.timing)},
    }  # fmt: skip
