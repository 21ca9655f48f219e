"""What is stored of the sample images: known at once, without a network and without torch.

Detections of every released variant, and for the lessons one variant's passes opened up. They lie beside
the images, one file for an image and a variant; `python -m training.sample_results` makes them. A result
counts only for the weights, their calibration and the image that it was made with. Every candidate of a
detection has its mask map, so that no setting of the page needs the network again.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

from pedviz.data.samples import FileSample
from pedviz.download import sha256_of
from pedviz.errors import ResultsError
from pedviz.packed import PackedPass, pack, unpack
from pedviz.paths import samples_folder, write_whole
from pedviz.types import Detections

FOLDER, PASSES = "detections", "passes"
PASS_FIELDS = tuple(PackedPass.__annotations__)
Read = TypeVar("Read")


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
    return _load(_path(FOLDER, sample, model_id), sample, scores_from, unpack)


def load_sample_pass(sample: FileSample, model_id: str, *, scores_from: str) -> PackedPass | None:
    """A variant's pass over a sample image, opened up.

    Args and Raises: as for `load_sample_result`.
    Returns: as there, but what `pedviz.trace.pack_trace` made.
    """
    return _load(_path(PASSES, sample, model_id), sample, scores_from, _pass)


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
    return _save(_path(FOLDER, sample, model_id), sample, scores_from, pack(detections))


def save_sample_pass(sample: FileSample, model_id: str, *, scores_from: str, found: PackedPass) -> Path:
    """Store a variant's pass, as `save_sample_result` stores its detections."""
    return _save(_path(PASSES, sample, model_id), sample, scores_from, found)


def _path(folder: str, sample: FileSample, model_id: str) -> Path:
    return samples_folder() / folder / model_id / f"{sample.id}.json"


def _pass(stored: Mapping[str, Any]) -> PackedPass:
    unpack(stored["detections"])
    return cast(PackedPass, {name: stored[name] for name in PASS_FIELDS})


def _load(
    path: Path, sample: FileSample, scores_from: str, read: Callable[[Mapping[str, Any]], Read]
) -> Read | None:
    if not path.is_file():
        return None
    try:
        stored = json.loads(path.read_text("utf-8"))
        origin = stored["photo_sha256"], stored["scores_from"]
        return read(stored) if origin == (sha256_of(sample.path), scores_from) else None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultsError(
            f"{path.name} of {path.parent.name} cannot be read; run: python -m training.sample_results"
        ) from error


def _save(path: Path, sample: FileSample, scores_from: str, content: Mapping[str, Any]) -> Path:
    origin = {"photo_sha256": sha256_of(sample.path), "scores_from": scores_from}
    write_whole(path, json.dumps({**origin, **content}, indent=0) + "\n")
    return path
