"""Calibrated scores are the line over the logit that was fitted, and the fit is the best one."""

import copy

import numpy as np
import pytest
import torch

from pedviz.errors import DatasetError
from pedviz.inference import Predictor
from pedviz.metrics.people import people_predictions_file, people_results
from pedviz.metrics.records import read_predictions
from pedviz.models.build import build
from pedviz.models.calibration import calibrate
from pedviz.models.manifest import CheckpointEntry, available
from pedviz.models.specs import get_spec
from training.calibrate import fit_line

SPEC = get_spec("maskrcnn_mobilenet_v2_lite")
ENTRY = dict.fromkeys(("run_id", "file", "sha256", "start", "licence", "note"), "x") | {"spec_id": SPEC.id}
LARGEST_ERROR = 0.05


def _logits(scores: np.ndarray) -> np.ndarray:
    return np.log(scores / (1 - scores))


@pytest.mark.network
def test_scores_move_along_the_line_and_boxes_stay():
    image = np.random.default_rng(0).integers(0, 255, (80, 120, 3), np.uint8)
    torch.manual_seed(0)
    network = build(SPEC)
    calibrated = copy.deepcopy(network)
    calibrate(calibrated, SPEC, slope=0.7, offset=0.4)
    plain, moved = (Predictor(SPEC, either).detect(image) for either in (network, calibrated))
    assert len(plain) == len(moved) > 20
    # Nearly equal scores may change places, so both are put in the order of their boxes.
    here, there = (np.lexsort(found.boxes_xyxy.T) for found in (plain, moved))
    np.testing.assert_array_equal(plain.boxes_xyxy[here], moved.boxes_xyxy[there])
    expected = 0.7 * _logits(plain.scores[here]) + 0.4
    np.testing.assert_allclose(_logits(moved.scores[there]), expected, atol=1e-4)


def test_a_falling_line_and_other_classes_are_refused():
    with pytest.raises(ValueError, match="slope above 0"):
        calibrate(torch.nn.Module(), SPEC, slope=0.0, offset=0.0)
    with pytest.raises(ValueError, match="2 classes"):
        calibrate(torch.nn.Module(), get_spec("maskrcnn_resnet50_fpn_coco"), slope=1.0, offset=0.0)


@pytest.mark.parametrize(("slope", "offset"), [(0.5, -0.7), (1.0, 0.0), (1.8, 0.4)])
def test_the_fit_finds_the_line_and_leaves_no_slope_in_the_loss(slope, offset):
    drawn = np.random.default_rng(1)
    scores = drawn.uniform(0.05, 0.999, 20_000)
    logits = _logits(scores)
    hits = drawn.random(len(scores)) < 1 / (1 + np.exp(-(slope * logits + offset)))
    found = fit_line(scores, hits)
    assert found == pytest.approx((slope, offset), abs=0.06)
    left = 1 / (1 + np.exp(-(found[0] * logits + found[1]))) - hits
    assert abs(left.mean()) < 1e-4
    assert abs((left * logits).mean()) < 1e-4


@pytest.mark.parametrize("hits", [[True, True], [False, False], [False, True]])
def test_photos_that_show_no_line_are_refused(hits):
    with pytest.raises(DatasetError):
        fit_line(np.array([0.9, 0.4]), np.array(hits))


@pytest.mark.parametrize("field", [{"score_slope": 0.0}, {"score_slope": np.inf}, {"score_offset": "x"}])
def test_a_manifest_with_a_line_that_is_none_is_refused(field):
    with pytest.raises(ValueError, match=r"score_slope|score_offset"):
        CheckpointEntry(**ENTRY, bytes=1, recipe={}, **field)


def test_another_line_or_size_makes_other_scores():
    plain = CheckpointEntry(**ENTRY, bytes=1, recipe={})
    assert plain.scores_from == f"x, {SPEC.min_size} px"
    calibrated = CheckpointEntry(**ENTRY, bytes=1, recipe={}, score_slope=0.5)
    assert calibrated.scores_from == f"x, {SPEC.min_size} px, calibrated by 0.5, 0"


@pytest.mark.parametrize("model_id", available())
def test_released_scores_mean_what_they_say_on_other_people(model_id):
    entry, result = available()[model_id], people_results()[model_id]
    settings = read_predictions(people_predictions_file(model_id)).settings
    assert result.checkpoint_sha256 == entry.sha256
    assert (settings["score_slope"], settings["score_offset"]) == (entry.score_slope, entry.score_offset)
    assert result.calibration_error <= LARGEST_ERROR
