"""Stored detections of the sample images: known at once, without a network and without torch.

They lie beside the images, one file for an image and a variant; `python -m training.sample_results` makes
them. A result counts only for the weights, their calibration and the image that it was made with.
Every candidate has its mask map, so that no setting of the page needs the network again.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from pedviz.data.samples import FileSample
from pedviz.download import sha256_of
from pedviz.errors import ResultsError
from pedviz.packed import pack, unpack
from pedviz.paths import samples_folder
from pedviz.types import Detections

FOLDER = "detections"


def load_sample_result(sample: FileSample, model_id: str, *, scores_from: str) -> Detections | None:
    """All candidates that a variant finds in a sample image, each with its mask map.

    Args:
        sample: one of `pedviz.data.samples.samples()`.
        model_id: the variant.
        scores_from: its weights and their calibration now, as the manifest says.

    Returns:
        None where nothing is stored, or only the result of other weights or of another image.

    Raises:
        ResultsError: the file cannot be read.
    """
    path = _path(sample.id, model_id)
    if not path.is_file():
        return None
    try:
        stored = json.loads(path.read_text("utf-8"))
        return unpack(stored) if _origin(stored) == (sha256_of(sample.path), scores_from) else None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultsError(
            f"{path.name} of {model_id} cannot be read; run: python -m training.sample_results"
        ) from error


def save_sample_result(
    sample: FileSample, model_id: str, *, scores_from: str, detections: Detections
) -> Path:
    """Store what a variant finds, in one step.

    Args:
        sample: the image.
        model_id: the variant.
        scores_from: the weights that found it, and their calibration.
        detections: all candidates.

    Returns:
        The file.
    """
    path = _path(sample.id, model_id)
    origin = {"photo_sha256": sha256_of(sample.path), "scores_from": scores_from}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps(origin | pack(detections), indent=0) + "\n", "utf-8")
    partial.replace(path)
    return path


def _path(sample_id: str, model_id: str) -> Path:
    return samples_folder() / FOLDER / model_id / f"{sample_id}.json"


def _origin(stored: Mapping[str, object]) -> tuple[object, object]:
    return stored["photo_sha256"], stored["scores_from"]
