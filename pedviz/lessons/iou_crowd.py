"""A crowd in the IoU lesson: people and detections, matched greedily and as an assignment."""

from typing import Any

import numpy as np

from pedviz.lessons.lesson import Preset
from pedviz.lessons.settings import Number, Numbers, Setting
from pedviz.theory.assignment import best_assignment
from pedviz.theory.boxes import box_iou

WIDTH = 120.0  # of the scene, in its own units
PEOPLE = ((10, 12, 34, 66), (22, 14, 46, 68), (62, 10, 84, 64), (90, 12, 114, 66))
SCORES = (0.95, 0.9, 0.8, 0.7)
KEYS = ("k1", "k2", "k3", "k4")
EDGES = ("x1", "y1", "x2", "y2")
THRESHOLD = 0.5


def _preset(key: str, label: str, note: str, *boxes: tuple[float, ...]) -> Preset:
    state = dict(zip(KEYS, boxes, strict=True)) | {"floor": THRESHOLD}
    return Preset(key=f"crowd-{key}", label=label, note=note, state=state, group="crowd")


CROWD_PRESETS = (
    _preset(
        "between", "One between two",
        "Detection 1 lies between P and Q and fits Q a little better. It has the highest score, so it takes "
        "Q, and nothing is left for detection 2. The best assignment gives it P.",
        (17, 13, 41, 67), (25, 14, 49, 68), (64, 10, 86, 64), (88, 14, 112, 68),
    ),
    _preset(
        "apart", "Everyone apart", "Each detection overlaps one person: both rules agree, as they mostly do.",
        (11, 12, 34, 68), (26, 16, 48, 70), (60, 12, 82, 64), (92, 10, 116, 66),
    ),
    _preset(
        "twice", "Found twice",
        "Two detections fit R: under both rules only one of them counts, and P stays a false negative.",
        (62, 12, 84, 66), (24, 14, 46, 66), (64, 10, 85, 62), (91, 12, 114, 68),
    ),
)  # fmt: skip

CROWD_SETTINGS: tuple[Setting, ...] = (
    *(
        Numbers(key=key, label=f"Box of detection {place}", default=CROWD_PRESETS[0].state[key], low=0,
                high=WIDTH, step=1, names=EDGES)
        for place, key in enumerate(KEYS, start=1)
    ),
    Number(key="floor", label="IoU threshold of a pair", default=THRESHOLD, low=0.05, high=0.95, step=0.05),
)  # fmt: skip


def crowd_data() -> dict[str, Any]:
    """The scene, and for each preset the IoU that the best assignment adds up to."""
    people = np.array(PEOPLE, np.float64)
    totals = {}
    for preset in CROWD_PRESETS:
        ious = box_iou(np.array([preset.state[key] for key in KEYS], np.float64), people)  # (4, 4)
        gains = np.where(ious >= THRESHOLD, ious, 0.0)
        columns = best_assignment(gains)
        totals[preset.key] = float(
            sum(gains[row, column] for row, column in enumerate(columns) if column >= 0)
        )
    return {"people": [list(box) for box in PEOPLE], "scores": list(SCORES), "width": WIDTH, "totals": totals}
