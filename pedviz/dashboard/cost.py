"""What a detector costs: time, size and what each component takes of both, beside how good it is."""

import json
from typing import Any

from pedviz.dashboard.payload_types import CostData, CostParts, CostPoint
from pedviz.dashboard.rows import ap_by_kind
from pedviz.dashboard.stored import Stored
from pedviz.errors import ResultsError, reason_of
from pedviz.metrics.store import MeasuredResult
from pedviz.models.specs import SPECS_BY_ID, ModelSpec
from pedviz.paths import results_folder
from pedviz.theory.detector_parameters import detector_layers
from pedviz.theory.parameters import count_by_part

COMPONENTS = "components.json"
MEASURES = ("milliseconds", "gmacs")


def build_cost(stored: Stored) -> CostData:
    """`measured`: a point for each released variant; `parts`: what each component of it takes; `components`:
    how many images the components were timed on, and on which processor, or None.
    """
    timed = read_components()
    variants = timed["variants"] if timed else {}
    return {
        "measured": [_point(result, variants.get(spec_id)) for spec_id, result in stored.shipped.items()],
        "parts": [
            _parts(SPECS_BY_ID[spec_id], variants.get(spec_id))
            for spec_id in stored.shipped
            if spec_id in SPECS_BY_ID
        ],
        "components": {"images": timed["images"], "cpu": timed["hardware"]["cpu"]} if timed else None,
    }


def read_components() -> dict[str, Any] | None:
    """What python -m training.components wrote; None where it has not run.

    Raises:
        ResultsError: the file cannot be read.
    """
    path = results_folder() / COMPONENTS
    if not path.exists():
        return None
    try:
        content = json.loads(path.read_text("utf-8"))
        for parts in content["variants"].values():
            for what in MEASURES:
                sum(parts[what].values())
        return {key: content[key] for key in ("images", "hardware", "variants")}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ResultsError(
            f"{COMPONENTS} cannot be read ({reason_of(error)}); run: python -m training.components"
        ) from error


def _point(result: MeasuredResult, timed: dict[str, Any] | None) -> CostPoint:
    return {
        "spec_id": result.spec_id, "seconds": result.seconds_per_image,
        "megabytes": result.checkpoint_bytes / 1e6, "parameters": result.parameters / 1e6,
        "ap": ap_by_kind(result), "intervals": result.intervals,
        "cpu": result.hardware.get("cpu"), "threads": result.hardware.get("threads"),
        "milliseconds": sum(timed["milliseconds"].values()) if timed else None,
        "gmacs": sum(timed["gmacs"].values()) if timed else None,
    }  # fmt: skip


def _parts(spec: ModelSpec, timed: dict[str, Any] | None) -> CostParts:
    layers = detector_layers(
        spec.backbone, spec.neck, anchors=spec.anchors, masks=spec.masks, num_classes=spec.num_classes,
        mask_hidden=spec.mask_hidden,
    )  # fmt: skip
    largest = max(layers, key=lambda layer: layer.parameters)
    return {
        "spec_id": spec.id,
        "amounts": {
            "parameters": {**count_by_part(layers)},
            **{what: timed[what] for what in MEASURES if timed},
        },
        "largest": {"part": largest.part, "name": largest.name, "parameters": largest.parameters},
    }
