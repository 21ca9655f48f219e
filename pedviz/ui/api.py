"""The public endpoint /detect: the same detections as the page's, for programs."""

from typing import Any

import gradio as gr
from gradio import FileData

from pedviz.data.photos import Photo, load
from pedviz.errors import PedvizError
from pedviz.export import to_coco
from pedviz.types import DEFAULT_MASK_THRESHOLD, DEFAULT_NMS_THRESHOLD, DEFAULT_SCORE_THRESHOLD
from pedviz.ui.payload import sentence
from pedviz.ui.service import DEFAULT_MODELS, LoadPredictor
from pedviz.ui.uploads import Uploads
from pedviz.ui.waiting import client_is_gone

INFERENCE = "infer"  # Gradio's name for the group of events of which one runs at a time


def add_detect_endpoint(load_predictor: LoadPredictor, *, uploads: Uploads) -> None:
    """Add /detect to the app whose Blocks context is open.

    Args:
        load_predictor: gives the predictor of a variant.
        uploads: files that arrived and wait to be read.
    """

    def detect(
        photo: FileData,
        models: list[str] = list(DEFAULT_MODELS),  # noqa: B006 - Gradio shows the default in the API's page
        score_threshold: float = DEFAULT_SCORE_THRESHOLD,
        nms_threshold: float = DEFAULT_NMS_THRESHOLD,
        mask_threshold: float = DEFAULT_MASK_THRESHOLD,
    ) -> dict[str, Any]:
        """Find people in an uploaded photo with one or more detectors.

        The photo is deleted from the server once it is read. The answer is COCO JSON in pixels of the
        upright original: {images, annotations, categories, results: {model: {bbox: [...], segm: [...]}}}.
        """
        from pedviz.inference import detect_people  # imports torch, which stays out of the page's start

        thresholds = {"score_threshold": score_threshold, "nms_threshold": nms_threshold}
        gone = client_is_gone()
        try:
            original = _read(photo, uploads)
            _check({**thresholds, "mask_threshold": mask_threshold})
            views = []
            for model_id in dict.fromkeys(models):
                predictor = load_predictor(model_id)
                _, people = detect_people(predictor, original.pixels, **thresholds, cancelled=gone)
                views.append((model_id, people))
        except PedvizError as error:
            raise gr.Error(sentence(error), print_exception=False) from error
        return to_coco(
            original.name, views, original_size=original.original_size, scale_xy=original.scale_xy,
            mask_threshold=mask_threshold,
        )  # fmt: skip

    gr.api(detect, api_name="detect", concurrency_limit=1, concurrency_id=INFERENCE)


def _read(photo: object, uploads: Uploads) -> Photo:
    """The uploaded photo, which is deleted. `photo` is what a program sent, ideally Gradio's FileData."""
    fields = photo if isinstance(photo, dict) else {}
    path, name = fields.get("path"), fields.get("orig_name")
    content = uploads.take(path if isinstance(path, str) else "")
    return load(content, name=name if isinstance(name, str) else None)


def _check(thresholds: dict[str, object]) -> None:
    for name, value in thresholds.items():
        if not isinstance(value, int | float) or not 0 <= value <= 1:
            raise PedvizError(f"{name}: expected a number from 0 to 1, got {value!r:.40}")
