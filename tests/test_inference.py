"""The predictor against torchvision's own Mask R-CNN on the same weights and real images."""

import threading
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch
from torchvision.ops import nms

from pedviz.data.pennfudan import open_pennfudan, split
from pedviz.detectors import detect_people
from pedviz.errors import Cancelled, MissingCheckpointError, UnknownModelError
from pedviz.inference import Predictor, load_predictor
from pedviz.metrics.matching import score_against_truth
from pedviz.models.build import build
from pedviz.models.checkpoints import load_network
from pedviz.models.manifest import available
from pedviz.models.specs import SPECS, get_spec
from pedviz.theory.masks import paste_map
from pedviz.types import SCORE_FLOOR, Detections, GroundTruth

IMAGES, COMPARED = 2, 1
SHIPPED = [spec.id for spec in SPECS if spec.id in available()]


def _noise(height: int = 120, width: int = 160) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def random_predictor() -> Predictor:
    torch.manual_seed(0)
    return Predictor(get_spec("maskrcnn_mobilenet_v2_lite"), build(get_spec("maskrcnn_mobilenet_v2_lite")))


@cache
def _seen(model_id: str) -> list[tuple[np.ndarray, GroundTruth, Detections]]:
    """The first test images, the people in them and what a variant finds, for several tests."""
    archive, predictor = open_pennfudan(), load_predictor(model_id, dtype=torch.float32)
    images = {name: archive.image(name) for name in split().test[:IMAGES]}
    return [(image, archive.ground_truth(name), predictor.detect(image)) for name, image in images.items()]


@pytest.mark.data
@pytest.mark.network
@pytest.mark.parametrize("model_id", SHIPPED)
def test_default_view_equals_torchvision_on_real_pictures(model_id):
    network = load_network(get_spec(model_id))  # the predictor's is folded, this one is not
    for image, _, detections in _seen(model_id)[:COMPARED]:
        view = detections.view(0.0)
        with torch.inference_mode():
            stock = network([torch.from_numpy(image.copy()).permute(2, 0, 1).float() / 255])[0]
        assert len(view)
        np.testing.assert_allclose(view.boxes_xyxy, stock["boxes"], atol=0.01)
        np.testing.assert_allclose(view.scores, stock["scores"], atol=1e-5)
        if get_spec(model_id).masks:
            _assert_masks_agree(view, stock)


def _assert_masks_agree(view, stock) -> None:
    """Every pixel's probability, within the half of a 255th that a map's rounding may cost."""
    height, width = view.image_size
    for place, (box, expected) in enumerate(zip(stock["boxes"], stock["masks"][:, 0], strict=True)):
        pasted = np.zeros((height, width), np.float32)
        window, (x1, y1, x2, y2) = paste_map(
            view.mask_maps[view.map_rows[place]], box.numpy(), height=height, width=width
        )
        pasted[y1:y2, x1:x2] = window
        np.testing.assert_allclose(pasted, expected, atol=0.5 / 255 + 1e-4)


@pytest.mark.data
@pytest.mark.network
@pytest.mark.parametrize("model_id", SHIPPED)
def test_shipped_weights_find_most_people_at_the_default_thresholds(model_id):
    found = people = 0
    for _, truth, detections in _seen(model_id):
        found += score_against_truth(detections.view(), truth, iou_threshold=0.5).tp
        people += len(truth)
    assert found >= 0.6 * people


@pytest.fixture(scope="module")
def noise_detections(random_predictor) -> Detections:
    return random_predictor.detect(_noise())


@pytest.mark.parametrize("nms_threshold", [0.1, 0.3, 0.5, 0.7, 0.95])
def test_suppression_at_any_threshold_equals_torchvision(noise_detections, nms_threshold):
    detections = noise_detections
    assert len(detections) > 20
    boxes, scores = torch.from_numpy(detections.boxes_xyxy), torch.from_numpy(detections.scores)
    kept = detections.view(0.0, nms_threshold=nms_threshold, limit=len(detections)).ids
    assert kept.tolist() == nms(boxes, scores, nms_threshold).tolist()


def test_a_looser_suppression_gets_its_missing_maps(random_predictor, noise_detections):
    image, detections = _noise(), noise_detections
    loose = detections.view(SCORE_FLOOR, nms_threshold=0.8)
    missing = loose.ids[loose.map_rows < 0]
    assert len(missing)
    completed = random_predictor.add_maps(image, detections, ids=loose.ids)
    assert (completed.map_rows[loose.ids] >= 0).all()
    before = detections.mask_maps[detections.map_rows[detections.view(SCORE_FLOOR).ids]]
    after = completed.mask_maps[completed.map_rows[detections.view(SCORE_FLOOR).ids]]
    np.testing.assert_array_equal(after, before)
    np.testing.assert_array_equal(completed.boxes_xyxy, detections.boxes_xyxy)


def test_maps_are_made_of_those_alone_who_were_asked_for(random_predictor, noise_detections):
    score = float(np.median(noise_detections.view(0.0).scores))
    found = random_predictor.detect(_noise(), maps_from=score)
    np.testing.assert_array_equal(found.boxes_xyxy, noise_detections.boxes_xyxy)
    shown = found.view(score).ids
    assert 0 < len(shown) < len(noise_detections.view(0.0))
    assert sorted(np.flatnonzero(found.map_rows >= 0)) == sorted(shown)
    same = noise_detections.mask_maps[noise_detections.map_rows[shown]]
    np.testing.assert_allclose(found.mask_maps[found.map_rows[shown]], same, atol=2)  # other batches round


@pytest.mark.parametrize("nms_threshold", [0.3, 0.5, 0.95])
def test_everyone_at_any_thresholds_has_a_mask(random_predictor, nms_threshold):
    image = np.random.default_rng(3).integers(0, 255, (120, 160, 3), dtype=np.uint8)
    thresholds = {"score_threshold": SCORE_FLOOR, "nms_threshold": nms_threshold}
    candidates, people = detect_people(random_predictor, image, **thresholds)
    kept = nms(torch.tensor(candidates.boxes_xyxy), torch.tensor(candidates.scores), nms_threshold)
    np.testing.assert_array_equal(people.ids, kept[: len(people)])
    assert (people.map_rows >= 0).all()
    assert len(people)


def test_added_maps_are_those_the_first_pass_would_have_made(random_predictor, noise_detections):
    image, detections = _noise(), noise_detections
    ids = detections.view(SCORE_FLOOR).ids[:5]
    bare = Predictor.add_maps(random_predictor, image, _without_maps(detections), ids=ids)
    difference = np.abs(
        bare.mask_maps[bare.map_rows[ids]].astype(int)
        - detections.mask_maps[detections.map_rows[ids]].astype(int)
    )
    assert difference.max() <= 1


def _without_maps(detections):
    return replace(
        detections, map_rows=np.full(len(detections), -1, np.int64), mask_maps=detections.mask_maps[:0]
    )


@pytest.mark.parametrize("stage", [1, 2, 3, 4])
def test_a_cancelled_detection_stops_at_the_next_stage(random_predictor, stage):
    asked = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) == stage

    with pytest.raises(Cancelled, match="stopped"):
        random_predictor.detect(_noise(), cancelled=cancelled)
    assert len(asked) == stage


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(np.zeros((8, 8), np.uint8), id="grey"),
        pytest.param(np.zeros((8, 8, 3), np.float32), id="float"),
        pytest.param(np.zeros((8, 8, 4), np.uint8), id="alpha"),
    ],
)
def test_a_picture_of_another_form_is_refused(random_predictor, image):
    with pytest.raises(ValueError, match=r"expected an \(H, W, 3\) uint8 image, got"):
        random_predictor.detect(image)


def test_threads_get_the_answers_to_their_own_pictures(random_predictor):
    images = [_noise(90 + 10 * i, 130) for i in range(4)]
    expected = [random_predictor.detect(image).scores for image in images]
    answers: dict[int, np.ndarray] = {}

    def work(place: int) -> None:
        answers[place] = random_predictor.detect(images[place]).scores

    threads = [threading.Thread(target=work, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for place, scores in enumerate(expected):
        np.testing.assert_array_equal(answers[place], scores)


def test_boxes_only_variant_gives_no_maps():
    spec = get_spec("fasterrcnn_resnet50_fpn")
    torch.manual_seed(0)
    detections = Predictor(spec, build(spec)).detect(_noise())
    assert len(detections)
    assert (detections.map_rows == -1).all()


def test_unknown_and_untrained_variants_say_so(tmp_path, monkeypatch):
    with pytest.raises(UnknownModelError, match="no model 'nothing'"):
        load_predictor("nothing")
    monkeypatch.setenv("PEDVIZ_CHECKPOINTS", str(tmp_path))
    with pytest.raises(
        MissingCheckpointError, match=r"python -m training.train maskrcnn_resnext101_32x8d_fpn"
    ):
        load_predictor("maskrcnn_resnext101_32x8d_fpn")
