"""Why each shipped variant loses AP: counts, what a fix would give back, and the images concerned."""

from dataclasses import asdict
from typing import Any

from pedviz.dashboard.stored import Stored
from pedviz.metrics.error_types import BACKGROUND_IOU, ERROR_TYPES, FOREGROUND_IOU, Diagnosis, diagnose
from pedviz.metrics.overlaps import overlaps_of_record

TYPES = tuple(entry for entry in ERROR_TYPES if not entry.needs_categories)  # people are the only category


def build_errors(stored: Stored) -> dict[str, Any]:
    """For each variant and kind: AP at the threshold, and per error type its count, gain and images."""
    return {
        "types": [asdict(entry) for entry in TYPES],
        "foreground_iou": FOREGROUND_IOU,
        "background_iou": BACKGROUND_IOU,
        "variants": {
            spec_id: {
                kind: _summary(diagnose(overlaps_of_record(stored.records[result.predictions], kind=kind)))
                for kind in stored.records[result.predictions].kinds
            }
            for spec_id, result in stored.shipped.items()
            if result.predictions in stored.records
        },
    }


def _summary(found: Diagnosis) -> dict[str, Any]:
    return {
        "ap": found.average_precision(),
        "errors": {
            entry.key: {
                "count": found.count(entry.key),
                "gain": found.gain(entry.key),
                "pictures": found.count_by_image(entry.key),
            }
            for entry in TYPES
        },
    }
