"""What the two course reports say: every ablation, score and loss as printed, with what limits each."""

from dataclasses import asdict
from typing import Any

from pedviz.dashboard.rows import label_of
from pedviz.dashboard.stored import Stored


def build_reports(stored: Stored) -> dict[str, Any]:
    """`ablations` with settings in numerical order, `person_scores`, `losses`, `corrections` and `caveats`.
    The COCO tables of the reports are rows of the results table.
    """
    reported = stored.reported
    if reported is None:
        return {}
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
        "person_scores": asdict(reported.person_scores),
        "losses": [asdict(entry) | {"label": label_of(entry.spec_id)} for entry in reported.losses],
        "corrections": [asdict(entry) for entry in reported.corrections],
        "caveats": reported.caveats,
    }  # fmt: skip
