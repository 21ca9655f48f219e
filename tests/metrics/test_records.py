"""Oracles: pycocotools' overlaps, and the file itself."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pycocotools import mask as mask_tools

from pedviz.errors import ResultsError
from pedviz.metrics.records import (
    ImageRecord,
    PredictionRecord,
    mask_ious,
    read_predictions,
    write_predictions,
)
from pedviz.theory.masks import paste_masks
from tests.metrics.scenes import make_detections, make_truth, random_scenes, record_scenes, with_crowds


def encode(masks):
    return mask_tools.encode(np.asfortranarray(masks.transpose(1, 2, 0).astype(np.uint8)))


@pytest.mark.parametrize("seed", range(6))
def test_overlaps_equal_pycocotools(seed):
    for found, truth in with_crowds(random_scenes(seed), seed):
        if not len(found) or not len(truth):
            continue
        are_crowds = [0] * (len(truth) - truth.crowds) + [1] * truth.crowds
        record = record_scenes([(found, truth)]).images[0]
        masks = mask_tools.iou(encode(paste_masks(found)), encode(truth.masks), are_crowds)
        np.testing.assert_allclose(record.mask_ious, masks, atol=5e-10)
        sides = [
            np.c_[b[:, :2], b[:, 2:] - b[:, :2]].astype(float) for b in (found.boxes_xyxy, truth.boxes_xyxy)
        ]
        np.testing.assert_allclose(record.box_ious, mask_tools.iou(*sides, are_crowds), atol=5e-10)


def test_file_gives_back_every_bit(tmp_path):
    record = record_scenes(with_crowds(random_scenes(4), 4))
    write_predictions(record, tmp_path / "run.json")
    again = read_predictions(tmp_path / "run.json")
    assert (again.run_id, again.split_sha256, again.settings) == (record.run_id, "5" * 64, {})
    for ours, theirs in zip(record.images, again.images, strict=True):
        assert (ours.name, ours.image_size, ours.crowds) == (theirs.name, theirs.image_size, theirs.crowds)
        for name in ("scores", "boxes_xyxy", "people_areas", "box_ious", "mask_ious"):
            np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name), err_msg=name)
            assert getattr(ours, name).dtype == getattr(theirs, name).dtype


@settings(max_examples=50, deadline=None, derandomize=True)
@given(values=arrays(np.float32, 40, elements=st.floats(0, 1, width=32)))
def test_scores_come_back_to_the_last_bit(values, tmp_path_factory):
    scores = np.sort(values)[::-1]
    picture = ImageRecord(
        name="p", image_size=(9, 9), scores=scores, boxes_xyxy=np.stack([scores] * 4, axis=1),
        people_areas=np.zeros(0), box_ious=np.zeros((40, 0)),
    )  # fmt: skip
    path = tmp_path_factory.mktemp("records") / "run.json"
    write_predictions(
        PredictionRecord(run_id="r", spec_id="s", checkpoint_sha256="", split_sha256="", images=(picture,)),
        path,
    )
    again = read_predictions(path).images[0]
    np.testing.assert_array_equal(again.scores, scores)
    np.testing.assert_array_equal(again.boxes_xyxy, picture.boxes_xyxy)


def test_run_of_a_hundred_detections_a_picture_stays_below_a_megabyte(tmp_path):
    generator = np.random.default_rng(0)
    boxes = generator.uniform(0, 150, (100, 4)).astype(np.float32)
    boxes[:, 2:] += boxes[:, :2] + 1
    found = make_detections(boxes, generator.uniform(0.05, 1, 100))
    truth = make_truth(generator.integers(0, 100, (3, 4)) + np.array([0, 0, 110, 110]))
    record = record_scenes([(found, truth)])
    write_predictions(replace(record, images=record.images * 50), tmp_path / "run.json")
    assert (tmp_path / "run.json").stat().st_size < 1e6


def test_file_holds_no_mask_and_no_annotation_coordinates(tmp_path):
    write_predictions(record_scenes(random_scenes(5)), tmp_path / "run.json")
    content = json.loads((tmp_path / "run.json").read_text())
    assert set(content["pictures"][0]) == {
        "name", "size", "scores", "boxes", "people_areas", "box_ious", "mask_ious",
    }  # fmt: skip


def test_empty_run_is_a_file_too(tmp_path):
    scenes = [
        (make_detections([], []), make_truth([])),
        (make_detections([], []), make_truth([[1, 1, 9, 9]])),
    ]
    write_predictions(record_scenes(scenes), tmp_path / "run.json")
    again = read_predictions(tmp_path / "run.json")
    assert [picture.box_ious.shape for picture in again.images] == [(0, 0), (0, 1)]
    assert again.people == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(
            None, "run.json cannot be read .FileNotFoundError.*evaluate the run again", id="missing"
        ),
        pytest.param("{", "run.json cannot be read .JSONDecodeError.*line 1", id="not JSON"),
        pytest.param('{"schema": 2}', "expected schema 1, got 2", id="other schema"),
        pytest.param('{"schema": 1}', "KeyError: 'pictures'", id="field missing"),
    ],
)
def test_damaged_file_is_a_results_error(content, message, tmp_path):
    if content is not None:
        (tmp_path / "run.json").write_text(content)
    with pytest.raises(ResultsError, match=message):
        read_predictions(tmp_path / "run.json")


def test_matrix_of_another_picture_is_refused(tmp_path):
    write_predictions(record_scenes(random_scenes(4)), tmp_path / "run.json")
    content = json.loads((tmp_path / "run.json").read_text())
    filled = next(picture for picture in content["pictures"] if picture["scores"] and picture["people_areas"])
    filled["scores"].pop()
    (tmp_path / "run.json").write_text(json.dumps(content))
    with pytest.raises(ResultsError, match="cannot reshape"):
        read_predictions(tmp_path / "run.json")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"scores": np.float32([0.5, 0.9])}, "expected scores best first", id="order"),
        pytest.param(
            {"boxes_xyxy": np.zeros((3, 4), np.float32)}, r"2 scores, but boxes \(3, 4\)", id="boxes"
        ),
        pytest.param(
            {"box_ious": np.zeros((2, 3))}, r"expected bbox overlaps \(2, 1\), got \(2, 3\)", id="ious"
        ),
    ],
)
def test_arrays_that_do_not_fit_are_refused(change, message):
    fitting = {
        "scores": np.float32([0.9, 0.5]), "boxes_xyxy": np.zeros((2, 4), np.float32),
        "people_areas": np.zeros(1), "box_ious": np.zeros((2, 1)),
    }  # fmt: skip
    with pytest.raises(ValueError, match=message):
        ImageRecord(name="p", image_size=(9, 9), **(fitting | change))


def test_mask_overlap_needs_a_map_for_every_detection():
    found = make_detections([[1, 1, 9, 9]], [0.9])
    object.__setattr__(found, "map_rows", np.array([-1]))
    with pytest.raises(ValueError, match="a map for every detection"):
        mask_ious(found, make_truth([[1, 1, 9, 9]]))
