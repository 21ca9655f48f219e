"""What a detector costs: time, size and where its weights sit, beside how good it is."""

from typing import Any

from pedviz.dashboard.rows import ap_by_kind
from pedviz.dashboard.stored import Stored
from pedviz.models.specs import SPECS, ModelSpec
from pedviz.theory.detector_parameters import detector_layers
from pedviz.theory.parameters import count_by_part


def build_cost(stored: Stored) -> dict[str, Any]:
    """`measured`: a point a shipped variant; `reported`: the reports' timings; `parts`: weights by part."""
    measured = [
        {
            "spec_id": spec_id, "seconds": result.seconds_per_image,
            "megabytes": result.checkpoint_bytes / 1e6,
            "ap": ap_by_kind(result),
            "cpu": result.hardware.get("cpu"), "threads": result.hardware.get("threads"),
        }
        for spec_id, result in stored.shipped.items()
    ]  # fmt: skip
    runs = stored.reported.runs if stored.reported else ()
    reported = [
        {
            "spec_id": run.spec_id, "report": run.report, "seconds": run.seconds_per_image,
            "ap": ap_by_kind(run),
        }
        for run in runs
        if run.seconds_per_image is not None
    ]  # fmt: skip
    return {"measured": measured, "reported": reported, "parts": [_parts(spec) for spec in SPECS]}


def _parts(spec: ModelSpec) -> dict[str, Any]:
    layers = detector_layers(
        spec.backbone, spec.neck, anchors=spec.anchors, masks=spec.masks, num_classes=spec.num_classes,
        mask_hidden=spec.mask_hidden,
    )  # fmt: skip
    largest = max(layers, key=lambda layer: layer.parameters)
    return {
        "spec_id": spec.id, "parts": count_by_part(layers),
        "largest": {"part": largest.part, "name": largest.name, "parameters": largest.parameters},
    }  # fmt: skip
