"""Detections and passes as JSON for the browser: numbers row by row, as base64 of little-endian arrays."""

import base64
from collections.abc import Mapping
from typing import Any, TypedDict

import numpy as np

from pedviz.types import MAP_SIZE, PERSON_LABEL, Detections


def base64_of(array: np.ndarray, dtype: str) -> str:
    """The numbers of an array, row by row, as `dtype` (such as "<f4") in base64."""
    return base64.b64encode(array.astype(dtype).tobytes()).decode("ascii")


class Packed(TypedDict):
    """All candidates of one detection.

    image_size [height, width]; count N; boxes (N, 4) and scores (N,) float32; map_rows (N,) int32; maps
    (M, 28, 28) uint8; arrays in base64.
    """

    image_size: list[int]
    count: int
    boxes: str
    scores: str
    map_rows: str
    maps: str


class ChannelPayload(TypedDict):
    """One channel of a feature map, with the values that 0 and 255 of its pixels stand for."""

    channel: int
    low: float
    high: float


class PackedLevel(TypedDict):
    """One level of the pyramid without its maps; its anchors stand on `grid` [rows, columns]."""

    stride: int
    rows: int
    columns: int
    channels: int
    grid: list[int]
    shown: list[ChannelPayload]


class ProposalsPayload(TypedDict):
    """Proposals, best first: boxes (count, 4) and scores (count,) float32 in base64."""

    count: int
    boxes: str
    scores: str


class PackedPass(TypedDict):
    """What only the network knows of one image's way through a detector; sizes are [height, width].

    pixels: of each level, finest first, the shown channels (channels, rows, columns) in 8 bits and base64.
    """

    resized: list[int]
    padded: list[int]
    levels: list[PackedLevel]
    pixels: list[str]
    proposals: ProposalsPayload
    detections: Packed


def pack(detections: Detections) -> Packed:
    """All candidates of one detection."""
    return {
        "image_size": list(detections.image_size),
        "count": len(detections),
        "boxes": base64_of(detections.boxes_xyxy, "<f4"),
        "scores": base64_of(detections.scores, "<f4"),
        "map_rows": base64_of(detections.map_rows, "<i4"),
        "maps": base64_of(detections.mask_maps, "u1"),
    }


def unpack(packed: Mapping[str, Any]) -> Detections:
    """What `pack` was given, without its timings: the full list of a detector that finds people.

    Raises:
        ValueError, KeyError, TypeError: these are not such numbers.
    """
    height, width = packed["image_size"]
    scores = _array(packed["scores"], "<f4")
    return Detections(
        image_size=(int(height), int(width)),
        boxes_xyxy=_array(packed["boxes"], "<f4").reshape(-1, 4),
        scores=scores,
        labels=np.full(len(scores), PERSON_LABEL, np.int64),
        ids=np.arange(len(scores)),
        map_rows=_array(packed["map_rows"], "<i4").astype(np.int64),
        mask_maps=_array(packed["maps"], "u1").reshape(-1, MAP_SIZE, MAP_SIZE),
    )


def _array(text: str, dtype: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text, validate=True), dtype)
