"""One setting changed at a time: what the reports found and what was measured here."""

from dataclasses import asdict
from typing import Any

from pedviz.dashboard.rows import ap_by_kind, label_of
from pedviz.dashboard.stored import Stored
from pedviz.metrics.store import BASE_EXPERIMENT, MeasuredResult
from pedviz.models.manifest import UNNAMED_OPTIMISER
from pedviz.models.specs import SPECS

NECKS = {spec.id: spec.neck for spec in SPECS}
FACTORS = {
    "hidden": "Channels of the last mask layer",
    "lr": "Peak learning rate",
    "optimiser": "Optimiser",
    "epochs": "Epochs",
    "norm": "Batch norm",
    "neck": "Neck",
    "start": "Start",
}
SMALL, LARGE = "maskrcnn_mobilenet_v2_fpn", "maskrcnn_resnet50_fpn"


def build_ablations(stored: Stored) -> dict[str, Any]:
    """`measured` and `reported` by factor, the reported scores of single people, corrections, headline."""
    reported = stored.reported
    return {
        "factors": FACTORS,
        "measured": _measured(stored.measured),
        "common": _common(stored.measured),
        "reported": [asdict(entry) for entry in reported.ablations] if reported else [],
        "person_scores": asdict(reported.person_scores) if reported else None,
        "corrections": [asdict(entry) for entry in reported.corrections] if reported else [],
        "caveats": reported.caveats if reported else {},
        "headline": _headline(stored),
    }


def _measured(results: tuple[MeasuredResult, ...]) -> dict[str, list[dict[str, Any]]]:
    """Factor to its trials; the unchanged base is a trial of every factor that was tried."""
    base = [result for result in results if result.experiment == BASE_EXPERIMENT]
    groups: dict[str, list[dict[str, Any]]] = {}
    for factor in FACTORS:
        tried = [result for result in results if result.experiment.startswith(f"{factor}=")]
        if tried:
            groups[factor] = [_trial(factor, result) for result in (*base, *tried)]
    return groups


def _trial(factor: str, result: MeasuredResult) -> dict[str, Any]:
    value = result.experiment.partition("=")[2] or _base_value(factor, result)
    return {
        "value": str(value), "base": result.experiment == BASE_EXPERIMENT, "seed": result.seed,
        "spec_id": result.spec_id,
        "ap": ap_by_kind(result),
        "intervals": result.intervals,
    }  # fmt: skip


def _base_value(factor: str, result: MeasuredResult) -> object:
    if factor == "neck":
        return NECKS.get(result.spec_id, "fpn")
    unrecorded = {"start": "imagenet", "optimiser": UNNAMED_OPTIMISER}
    return result.recipe.get(factor, unrecorded.get(factor, "unknown"))


def _common(results: tuple[MeasuredResult, ...]) -> dict[str, Any]:
    """What all trials share: the variant and recipe of the base."""
    base = next((result for result in results if result.experiment == BASE_EXPERIMENT), None)
    if base is None:
        return {}
    kept = ("epochs", "batch", "lr", "sizes", "hidden", "norm", "frozen_stages")
    return {
        "label": label_of(base.spec_id), "pictures": base.pictures, "people": base.people,
        "medium": base.people_by_size.get("medium"),
        "tested_at": _tested_at(results),
        "recipe": {key: base.recipe[key] for key in kept if key in base.recipe},
    }  # fmt: skip


def _tested_at(results: tuple[MeasuredResult, ...]) -> dict[str, list[str]]:
    """Shorter side in pixels to the necks whose trials were tested at it."""
    sides: dict[str, list[str]] = {}
    for result in (result for result in results if result.experiment):
        necks = sides.setdefault(f"{result.settings['min_size']:.0f}", [])
        if (neck := NECKS.get(result.spec_id, "fpn")) not in necks:
            necks.append(neck)
    return sides


def _headline(stored: Stored) -> dict[str, Any] | None:
    """The two pyramids beside each other, from measured rows; None until both are measured."""
    rows = [stored.shipped[spec_id] for spec_id in (SMALL, LARGE) if spec_id in stored.shipped]
    if len(rows) < 2:
        return None
    return {
        name: {
            "label": label_of(row.spec_id), "spec_id": row.spec_id, "parameters": row.parameters,
            "ap": ap_by_kind(row),
        }
        for name, row in zip(("small", "large"), rows, strict=True)
    }  # fmt: skip
