"""What the two course reports say: every ablation, score and loss as printed, with what limits each."""

from pedviz.dashboard.experiment_types import ReportLosses, ReportsData, ScoresTable
from pedviz.dashboard.rows import label_of
from pedviz.dashboard.stored import Stored
from pedviz.metrics.reported import PersonScoreTable, ReportedLoss


def build_reports(stored: Stored) -> ReportsData | None:
    """`ablations` with settings in numerical order, `person_scores`, `losses`, `corrections` and `caveats`.
    The COCO tables of the reports are rows of the results table. None where they cannot be read.
    """
    reported = stored.reported
    if reported is None:
        return None
    return {
        "ablations": [
            {
                "report": entry.report, "label": entry.label, "number": f"{entry.kind} {entry.key}",
                "step": entry.step, "caveats": list(entry.caveats),
                "first": entry.values[0],
                "points": sorted(zip(entry.settings, entry.values, strict=True)),
            }
            for entry in reported.ablations
        ],
        "person_scores": _scores(reported.person_scores),
        "losses": [_losses(entry) for entry in reported.losses],
        "corrections": [
            {"report": entry.report, "says": entry.says, "but": entry.but} for entry in reported.corrections
        ],
        "caveats": reported.caveats,
    }  # fmt: skip


def _scores(table: PersonScoreTable) -> ScoresTable:
    return {
        "report": table.report, "image": table.image, "caveats": list(table.caveats),
        "rows": [
            {"setting": row.setting, "scores": list(row.scores), "caveats": list(row.caveats)}
            for row in table.rows
        ],
    }  # fmt: skip


def _losses(entry: ReportedLoss) -> ReportLosses:
    return {
        "report": entry.report, "label": label_of(entry.spec_id), "epoch": entry.epoch,
        "iteration": entry.iteration, "total": entry.total, "classifier": entry.classifier, "box": entry.box,
        "mask": entry.mask, "objectness": entry.objectness, "rpn_box": entry.rpn_box,
        "caveats": list(entry.caveats),
    }  # fmt: skip
