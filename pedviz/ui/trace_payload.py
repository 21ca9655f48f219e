"""A trace of one image through one detector, as JSON for lesson 7."""

from typing import TYPE_CHECKING

import numpy as np

from pedviz.models.specs import ModelSpec
from pedviz.packed import base64_of
from pedviz.theory.resizing import resize_scale
from pedviz.types import THRESHOLDS
from pedviz.ui.payload import photo_payload, result_payload
from pedviz.ui.payload_types import ChannelPayload, LevelPayload, TracePayload
from pedviz.ui.session import Picture
from pedviz.ui.variants import describe

if TYPE_CHECKING:  # it imports torch, which stays out of the page's start
    from pedviz.trace import FeatureMap, Trace

LARGEST = 255


def _channel(level: "FeatureMap", channel: int) -> ChannelPayload:
    """One channel in 8 bits, with the values that 0 and 255 stand for."""
    values = level.values[channel]
    low, high = float(values.min()), float(values.max())
    grey = np.round((values - low) * (LARGEST / ((high - low) or 1.0)))
    return {"channel": channel, "low": low, "high": high, "pixels": base64_of(grey, "u1")}


def _level(level: "FeatureMap", sides: tuple[int, ...]) -> LevelPayload:
    channels, rows, columns = level.values.shape
    return {
        "stride": level.stride,
        "rows": rows,
        "columns": columns,
        "channels": channels,
        "grid": list(level.grid),
        "sides": list(sides),
        "shown": [_channel(level, channel) for channel in level.shown],
    }


def trace_payload(trace: "Trace", *, picture: Picture, spec: ModelSpec) -> TracePayload:
    """Everything that the lesson shows of one image.

    Args:
        trace: of `picture`, by the detector of `spec`.
        picture: a sample or a visitor's photo.
        spec: the variant.
    """
    model = describe(spec)
    height, width = picture.photo.pixels.shape[:2]
    return {
        "photo": photo_payload(picture),
        "sample": picture.sample_id,
        "scale": resize_scale(height, width, min_size=spec.min_size, max_size=spec.max_size),
        "resized": list(trace.resized_size),
        "padded": list(trace.padded_size),
        "ratios": list(spec.aspect_ratios),
        "levels": [_level(*pair) for pair in zip(trace.levels, spec.anchor_sizes, strict=True)],
        "proposals": {
            "count": len(trace.proposals_xyxy),
            "boxes": base64_of(trace.proposals_xyxy, "<f4"),
            "scores": base64_of(trace.proposal_scores, "<f4"),
        },
        "detections": result_payload(trace.detections, photo_id=picture.photo.id, model=model, cached=False),
        "kept": trace.kept.tolist(),
        "shown": trace.detections.view().ids.tolist(),
        "thresholds": THRESHOLDS,
    }
