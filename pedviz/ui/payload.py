"""What Python sends to the browser, as JSON: photos, detections and the list of variants."""

import base64
import io
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from pedviz.models.specs import ModelSpec
from pedviz.packed import pack
from pedviz.paths import ROOT, cache_folder, checkpoints_folder, data_source
from pedviz.types import Detections, GroundTruth
from pedviz.ui.payload_types import ModelPayload, PhotoPayload, ResultPayload, TruthPayload
from pedviz.ui.session import StagePhoto

if TYPE_CHECKING:  # their module imports torch, which stays out of the page's start
    from pedviz.metrics.store import MeasuredResult
    from pedviz.models.manifest import CheckpointEntry

PHOTO_QUALITY = 90  # JPEG; the detector has seen the pixels, this copy is for eyes


def jpeg(pixels: np.ndarray) -> bytes:
    """An (H, W, 3) uint8 image as a JPEG file."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=PHOTO_QUALITY)
    return buffer.getvalue()


def _truth(ground_truth: GroundTruth | None) -> TruthPayload | None:
    return None if ground_truth is None else {"boxes": ground_truth.boxes_xyxy.tolist()}


def photo_payload(staged: StagePhoto, *, url: str | None = None) -> PhotoPayload:
    """The photo on the stage.

    Args:
        staged: a visitor's photo or a sample.
        url: of its file below the site's root; None sends its pixels as a data: URL, so that no file is
            ever served for a visitor's photo.
    """
    photo = staged.photo
    height, width = photo.pixels.shape[:2]
    original_height, original_width = photo.original_size
    return {
        "id": photo.id,
        "url": url or "data:image/jpeg;base64," + base64.b64encode(jpeg(photo.pixels)).decode("ascii"),
        "width": width,
        "height": height,
        "original_width": original_width,
        "original_height": original_height,
        "name": photo.name,
        "notice": photo.notice,
        "ground_truth": _truth(staged.ground_truth),
    }


def model_payload(
    spec: ModelSpec, *, entry: "CheckpointEntry | None", measured: "MeasuredResult | None"
) -> ModelPayload:
    """What is told of a variant below its pane; None where something is not known."""
    stats = measured.stats if measured else {}
    ap = {kind: (stats.get(kind) or {}).get("AP") for kind in ("bbox", "segm")}
    return {
        "id": spec.id,
        "label": spec.label,
        "summary": spec.summary,
        "parameters": spec.parameters,
        "checkpoint_bytes": entry.bytes if entry else None,
        "min_size": spec.min_size,
        "max_size": spec.max_size,
        "masks": spec.masks,
        "box_ap": ap["bbox"],
        "mask_ap": ap["segm"],
        "note": entry.note if entry else "",
    }


def result_payload(
    detections: Detections, *, photo_id: str, model: ModelPayload, cached: bool, tiles: bool = False
) -> ResultPayload:
    """All candidates of one detection, with what made them; `tiles`, whether those were looked at too."""
    timings = detections.timings
    return {
        "photo_id": photo_id,
        "model_id": model["id"],
        **pack(detections),
        "timings": {
            "prepare": timings.prepare_seconds,
            "network": timings.network_seconds,
            "finish": timings.finish_seconds,
        },
        "cached": cached,
        "tiles": tiles,
        "model": model,
    }


# Folders before a file name, of Unix or Windows, but not the addresses of the web.
_FOLDERS = re.compile(r"(?<![\w:/.\\])(?:[A-Za-z]:)?[/\\](?=[^\s/])(?:[^\s/\\:;,'\"]+[/\\])*")


def without_folders(text: str) -> str:
    """A message as visitors may see it: files and folders of the server by their last name only.

    >>> without_folders("/srv/pedviz/data/a.zip is damaged")
    'a.zip is damaged'
    """
    ours = (data_source(), checkpoints_folder(), cache_folder(), ROOT)
    for folder in (*ours, Path(tempfile.gettempdir()), Path.home()):
        if len(folder.parts) > 1:
            text = text.replace(str(folder), folder.name)
    return _FOLDERS.sub("", text)


def sentence(error: Exception) -> str:
    """What visitors are told of an error: with a full stop, and a capital unless a file name begins it."""
    text = without_folders(str(error))
    begins_with_a_word = text.partition(" ")[0].isalpha()
    start = text[:1].upper() if begins_with_a_word else text[:1]
    return start + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
