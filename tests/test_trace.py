"""Replaying the stages of the pass gives what the detector returns."""

import numpy as np
import pytest
import torch
from torchvision.models.detection.image_list import ImageList

from pedviz.errors import Cancelled
from pedviz.inference import Predictor
from pedviz.models.build import build
from pedviz.models.specs import get_spec
from pedviz.trace import Trace, trace
from pedviz.types import DEFAULT_NMS_THRESHOLD, SCORE_FLOOR

STRIDES = {"fpn": [4, 8, 16, 32, 64], "lite": [8, 16, 32, 64], "single": [32], "proj256": [32]}


@pytest.fixture(scope="module", params=["fpn", "lite", "proj256"])
def predictor(request) -> Predictor:
    torch.manual_seed(0)
    spec = get_spec(f"maskrcnn_mobilenet_v2_{request.param}")
    return Predictor(spec, build(spec))


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (150, 210, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def traced(predictor, image) -> Trace:
    return trace(predictor, image)


def test_detections_are_those_of_the_detector(predictor, image, traced):
    expected = predictor.detect(image)
    np.testing.assert_array_equal(traced.detections.boxes_xyxy, expected.boxes_xyxy)
    np.testing.assert_array_equal(traced.detections.mask_maps, expected.mask_maps)


def test_the_backbone_runs_once(predictor, image):
    passes = []
    hook = predictor.network.backbone.register_forward_hook(lambda *_: passes.append(1))
    trace(predictor, image)
    hook.remove()
    assert len(passes) == 1


def test_proposals_are_those_that_the_heads_got(predictor, image, traced):
    features = predictor.features(image)
    expected, _ = predictor.proposals(features)
    scale = np.tile(np.array(image.shape[1::-1]) / features.resized[::-1], 2)
    np.testing.assert_allclose(traced.proposals_xyxy, expected.numpy() * scale, rtol=1e-4, atol=1e-3)
    assert (np.diff(traced.proposal_scores) <= 0).all()


def test_every_candidate_is_kept_or_has_a_reason(traced):
    gone = [suppression.place for suppression in traced.suppressions]
    assert sorted([*gone, *traced.kept]) == list(range(len(traced.detections)))
    for suppression in traced.suppressions:
        assert suppression.by in traced.kept
        assert suppression.by < suppression.place
        assert suppression.iou > DEFAULT_NMS_THRESHOLD
    np.testing.assert_array_equal(traced.kept[:100], traced.detections.view(SCORE_FLOOR).ids)


def test_levels_cover_the_resized_picture(predictor, traced):
    strides = [level.stride for level in traced.levels]
    assert strides == STRIDES[predictor.spec.neck]
    for level in traced.levels:
        rows, columns = level.values.shape[1:]
        assert (rows - 1) * level.stride < traced.resized_size[0] <= rows * level.stride
        assert (columns - 1) * level.stride < traced.resized_size[1] <= columns * level.stride
        spread = level.values.std(axis=(1, 2))
        assert set(level.shown) == set(np.argsort(-spread, kind="stable")[: len(level.shown)])


def test_strides_are_powers_of_two_in_a_long_picture_too(predictor):
    wide = trace(predictor, np.zeros((150, 370, 3), np.uint8))
    assert [level.stride for level in wide.levels] == STRIDES[predictor.spec.neck]


def test_every_anchor_stands_on_a_cell_of_a_grid(predictor, image, traced):
    features = predictor.features(image)
    images = ImageList(features.tensors, [features.resized])
    anchors = predictor.network.rpn.anchor_generator(images, list(features.maps.values()))
    shapes = predictor.network.rpn.anchor_generator.num_anchors_per_location()
    cells = [rows * columns for rows, columns in (level.grid for level in traced.levels)]
    assert sum(np.multiply(cells, shapes)) == len(anchors[0])


def test_a_pass_that_nobody_waits_for_stops(predictor, image):
    with pytest.raises(Cancelled, match="stopped"):
        trace(predictor, image, cancelled=lambda: True)
