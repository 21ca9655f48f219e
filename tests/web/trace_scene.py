"""A made-up trace, as the server would answer: three people, of whom two have several boxes."""

import json
from dataclasses import replace
from functools import cache

import numpy as np

from pedviz.data.photos import MAX_BYTES, load
from pedviz.models.specs import get_spec
from pedviz.theory.nms import explain_suppression
from pedviz.theory.resizing import padded_size, resized_size
from pedviz.trace import FeatureMap, Trace, pack_trace
from pedviz.types import MAP_SIZE, Detections
from pedviz.ui.session import StagePhoto
from pedviz.ui.trace_payload import trace_payload
from pedviz.ui.variants import choices
from tests.ui.conftest import photo_file

MODEL = "maskrcnn_mobilenet_v2_fpn"
# A size of its own: what tests say of cells and pixels does not follow the product's.
SPEC = replace(get_spec(MODEL), min_size=400, max_size=800)
SIZE = (240, 320)  # height, width of the picture
STRIDES = (4, 8, 16, 32, 64)
BOXES = np.array(
    [[20, 30, 100, 220], [24, 34, 104, 222], [180, 40, 260, 230], [30, 40, 90, 200], [176, 60, 250, 228],
     [130, 90, 170, 200]], np.float32,
)  # fmt: skip
SCORES = np.array([0.98, 0.91, 0.85, 0.7, 0.6, 0.3], np.float32)
SAMPLES = ("three-people", "opera")


def detections() -> Detections:
    """Six candidates; those that stay have maps, each with a disc of its own size."""
    kept, _ = explain_suppression(BOXES, SCORES, threshold=0.5)
    rows, columns = np.mgrid[:MAP_SIZE, :MAP_SIZE] - (MAP_SIZE - 1) / 2
    maps = np.stack([np.clip(255 - (18 + place) * np.hypot(rows, columns), 0, 255) for place in kept])
    map_rows = np.full(len(BOXES), -1, np.int64)
    map_rows[kept] = np.arange(len(kept))
    return Detections(
        image_size=SIZE, boxes_xyxy=BOXES, scores=SCORES, labels=np.ones(len(BOXES), np.int64),
        ids=np.arange(len(BOXES)), map_rows=map_rows, mask_maps=maps.astype(np.uint8),
    )  # fmt: skip


def _level(place: int, resized: tuple[int, int], padded: tuple[int, int]) -> FeatureMap:
    stride = STRIDES[place]
    rows, columns = (-(-side // stride) for side in resized)
    values = np.random.default_rng(place).normal(size=(8, rows, columns)).astype(np.float32)
    grid = tuple(-(-side // stride) for side in padded)
    return FeatureMap(name=str(place), stride=stride, values=values, grid=grid, shown=(3, 1, 4, 0, 5, 2))


def made_up_trace() -> Trace:
    """A trace whose parts fit together, without a network."""
    found = detections()
    resized = resized_size(*SIZE, min_size=SPEC.min_size, max_size=SPEC.max_size)
    padded = padded_size(*resized)
    kept, reasons = explain_suppression(BOXES, SCORES, threshold=0.5)
    return Trace(
        resized_size=resized, padded_size=padded,
        levels=tuple(_level(place, resized, padded) for place in range(len(STRIDES))),
        proposals_xyxy=np.repeat(BOXES, 7, axis=0), proposal_scores=np.linspace(0.99, 0.1, 42, dtype="f4"),
        detections=found, suppressions=reasons, kept=kept,
    )  # fmt: skip


def made_up_picture(sample_id: str | None) -> StagePhoto:
    """What the trace is of."""
    photo = load(photo_file(size=SIZE[::-1]), name=f"Made up {sample_id}")
    return StagePhoto(photo=photo, sample_id=sample_id)


@cache
def _answer(sample_id: str | None, level: int | None = None) -> str:
    """A sample's answer has its maps apart; its photo comes along, since no sample has its size."""
    whole = trace_payload(pack_trace(made_up_trace()), staged=made_up_picture(sample_id), spec=SPEC)
    if level is not None:
        return json.dumps(whole["levels"][level]["maps"])
    apart = {} if sample_id is None else {"maps": None}
    return json.dumps({**whole, "levels": [{**one, **apart} for one in whole["levels"]]})


@cache
def _offer() -> str:
    sample = {"alt": "nobody", "credit": "nobody", "licence": "none", "thumbnail": "mark.svg"}
    listed = [{"id": name, "title": name} | sample for name in SAMPLES]
    return json.dumps({"samples": listed, "models": choices(), "max_bytes": MAX_BYTES})


def answer(path: str) -> str | None:
    """What the server would answer at trace.json and below trace/, as JSON; None for any other path."""
    match path.removesuffix(".json").strip("/").split("/"):
        case ["trace"]:
            return _offer()
        case ["trace", sample_id, _]:
            return _answer(sample_id)
        case ["trace", sample_id, _, level]:
            return _answer(sample_id, int(level))
    return None


def answer_photo() -> str:
    """What the server would answer to a visitor's own photo."""
    return _answer(None)
