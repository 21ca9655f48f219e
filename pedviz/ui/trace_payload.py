"""A detector's pass over one image, as JSON for lessons 3 and 7."""

from dataclasses import dataclass
from typing import Any

from pedviz.data.sample_results import load_sample_pass
from pedviz.models.manifest import available
from pedviz.models.specs import ModelSpec
from pedviz.packed import PackedPass, unpack
from pedviz.theory.nms import suppress
from pedviz.theory.resizing import resize_scale
from pedviz.types import DEFAULT_NMS_THRESHOLD, THRESHOLDS
from pedviz.ui.payload import photo_payload, result_payload
from pedviz.ui.payload_types import LevelPayload, MapsPayload, TracePayload
from pedviz.ui.sample_routes import find_sample, sample_url
from pedviz.ui.session import StagePhoto
from pedviz.ui.variants import describe


@dataclass(frozen=True, kw_only=True)
class SampleTrace:
    """The answer for a sample image.

    Attributes:
        trace: without maps.
        maps: of each level, finest first: most of the bytes, and shown to those who choose that level.
    """

    trace: TracePayload
    maps: tuple[MapsPayload, ...]


def trace_payload(
    found: PackedPass, *, staged: StagePhoto, spec: ModelSpec, url: str | None = None
) -> TracePayload:
    """Everything that the lessons show of one image.

    Args:
        found: the pass over `staged` by the detector of `spec`.
        staged: a sample or a visitor's photo.
        spec: the variant.
        url: see `photo_payload`.
    """
    detections = unpack(found["detections"])
    height, width = staged.photo.pixels.shape[:2]
    kept = suppress(detections.boxes_xyxy, detections.scores, threshold=DEFAULT_NMS_THRESHOLD)
    levels: list[LevelPayload] = [
        {**level, "sides": list(sides), "maps": {"pixels": pixels}}
        for level, sides, pixels in zip(found["levels"], spec.anchor_sizes, found["pixels"], strict=True)
    ]
    return {
        "photo": photo_payload(staged, url=url),
        "sample": staged.sample_id,
        "scale": resize_scale(height, width, min_size=spec.min_size, max_size=spec.max_size),
        "resized": found["resized"],
        "padded": found["padded"],
        "ratios": list(spec.aspect_ratios),
        "levels": levels,
        "proposals": found["proposals"],
        "detections": result_payload(
            detections, photo_id=staged.photo.id, model=describe(spec), cached=False
        ),
        "kept": kept.tolist(),
        "shown": detections.view().ids.tolist(),
        "thresholds": THRESHOLDS,
    }


def sample_trace(found: PackedPass, *, staged: StagePhoto, spec: ModelSpec) -> SampleTrace:
    """As `trace_payload`, with the maps apart and the photo as the file that the site serves anyway."""
    whole = trace_payload(found, staged=staged, spec=spec, url=sample_url(staged.sample_id))
    maps = tuple(level["maps"] for level in whole["levels"] if level["maps"])
    bare: list[Any] = [{**level, "maps": None} for level in whole["levels"]]
    return SampleTrace(trace={**whole, "levels": bare}, maps=maps)


def stored_pass(sample_id: str, spec: ModelSpec) -> PackedPass | None:
    """The pass over a sample image that is stored of the released weights; None where there is none.

    Raises:
        CheckpointError, ResultsError: the manifest, or what is stored, cannot be read.
    """
    sample, entry = find_sample(sample_id), available().get(spec.id)
    if sample is None or entry is None:
        return None
    return load_sample_pass(sample, spec.id, scores_from=entry.scores_from)
