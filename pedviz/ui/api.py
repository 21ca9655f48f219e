"""The public endpoint /detect: the same detections as the page's, for programs."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from gradio import FileData
from gradio.events import api

from pedviz.data.photos import full_size, load
from pedviz.detectors import LoadDetector, at_once, detect_people
from pedviz.errors import ArgumentError, PedvizError
from pedviz.export import to_coco
from pedviz.models.specs import get_spec
from pedviz.tiles import detect_with_tiles, tile_sides
from pedviz.types import DEFAULT_MASK_THRESHOLD, DEFAULT_NMS_THRESHOLD, DEFAULT_SCORE_THRESHOLD
from pedviz.ui.answers import refusal
from pedviz.ui.memory import scrub_soon
from pedviz.ui.service import DEFAULT_MODELS
from pedviz.ui.uploads import Uploads
from pedviz.ui.waiting import client_is_gone, lent_slot

INFERENCE = "infer"  # Gradio's name for the group of events that are detections, of which `at_once` run
_SHOWN = 40  # characters of a wrong value that are repeated


def add_detect_endpoint(load_predictor: LoadDetector, *, uploads: Uploads) -> None:
    """Add /detect to the app whose Blocks context is open.

    Args:
        load_predictor: gives the detector of a variant.
        uploads: files that arrived and wait to be read.
    """

    def detect(
        photo: FileData,
        models: list[str] = list(DEFAULT_MODELS),  # noqa: B006 - Gradio shows the default in the API's page
        score_threshold: float = DEFAULT_SCORE_THRESHOLD,
        nms_threshold: float = DEFAULT_NMS_THRESHOLD,
        mask_threshold: float = DEFAULT_MASK_THRESHOLD,
        tiles: bool = False,
    ) -> dict[str, Any]:
        """Find people in an uploaded photo with one or more detectors.

        The photo is deleted from the server once it is read. `tiles` looks at overlapping parts of it as
        well, which finds small people and takes many times as long. The answer is COCO JSON in pixels of
        the upright original: {images, annotations, categories, results: {model: {bbox: [...],
        segm: [...]}}}. A refusal is one sentence, and its title a code such as "argument" or "photo".
        """
        thresholds = {"score_threshold": score_threshold, "nms_threshold": nms_threshold}
        gone = client_is_gone()
        try:
            content, name = _read(photo, uploads)
            _require_shares({**thresholds, "mask_threshold": mask_threshold})
            if not isinstance(tiles, bool):
                raise ArgumentError(f"tiles: expected true or false, got {_short(tiles)}")
            specs = [get_spec(model_id) for model_id in _model_ids(models)]
            small = load(content, name=name)
            original = full_size(content, name=small.name, whole=False) if tiles else small.pixels
            views = []
            for spec in specs:
                predictor = load_predictor(spec.id)
                if tiles:
                    with lent_slot(INFERENCE):
                        found = detect_with_tiles(
                            partial(predictor.detect, cancelled=gone), small.pixels, original=original,
                            sides=tile_sides(spec),
                        )  # fmt: skip
                    shown = found.view(score_threshold, nms_threshold=nms_threshold)
                    found = predictor.add_maps(small.pixels, found, ids=shown.ids, cancelled=gone)
                    people = found.view(score_threshold, nms_threshold=nms_threshold)
                else:
                    _, people = detect_people(predictor, small.pixels, **thresholds, cancelled=gone)
                views.append((spec.id, people))
        except PedvizError as error:
            raise refusal(error) from error
        finally:
            scrub_soon()
        return to_coco(
            small.name, views, original_size=small.original_size, scale_xy=small.scale_xy,
            mask_threshold=mask_threshold,
        )  # fmt: skip

    api(detect, api_name="detect", concurrency_limit=at_once(), concurrency_id=INFERENCE)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _read(photo: object, uploads: Uploads) -> tuple[bytes, str | None]:
    """The uploaded photo, which is deleted, and its name. `photo` is what a program sent."""
    if not isinstance(photo, dict) or not isinstance(path := photo.get("path"), str):
        raise ArgumentError(
            f"photo: expected an uploaded file such as gradio_client.handle_file gives, got {_short(photo)}"
        )
    name = photo.get("orig_name")
    return uploads.take(path), name if isinstance(name, str) else None


def _model_ids(models: object) -> Sequence[str]:
    """The ids of a list, each once."""
    if not isinstance(models, list) or not models or not all(isinstance(name, str) for name in models):
        raise ArgumentError(
            f'models: expected a list of ids such as ["{DEFAULT_MODELS[0]}"], got {_short(models)}'
        )
    return list(dict.fromkeys(models))


def _require_shares(thresholds: dict[str, object]) -> None:
    for name, value in thresholds.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise ArgumentError(f"{name}: expected a number from 0 to 1, got {_short(value)}")
