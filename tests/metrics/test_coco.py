"""Oracle: pycocotools, through its own files and its own code."""

import builtins
import json
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools import coco, cocoeval

from pedviz.errors import PedvizError
from pedviz.metrics.evaluate import STAT_KEYS, average_precision, coco_stats, stats_from_predictions
from pedviz.metrics.outcomes import judge
from pedviz.metrics.overlaps import overlaps_of_record
from pedviz.metrics.records import KINDS
from tests.metrics.scenes import (
    HEIGHT,
    WIDTH,
    make_detections,
    make_truth,
    random_scenes,
    record_scenes,
    with_crowds,
)


def through_pycocotools(scenes, **options):
    detections, truths = zip(*scenes, strict=True)
    return coco_stats(detections, truths, **{"masks": True, **options})


@pytest.fixture
def plain_evaluation(tmp_path):
    """The whole oracle, for boxes: a file on disk, COCO(file), loadRes, default COCOeval."""

    def prepare(scenes):
        annotations, results = [], []
        for image_id, (found, truth) in enumerate(scenes, start=1):
            for place, box in enumerate(_corner_and_size(truth.boxes_xyxy)):
                person = {"id": len(annotations) + 1, "image_id": image_id, "category_id": 1}
                person["iscrowd"] = int(place >= len(truth) - truth.crowds)
                annotations.append(person | {"bbox": box, "area": box[2] * box[3]})
            for box, score in zip(_corner_and_size(found.boxes_xyxy), found.scores.tolist(), strict=True):
                results.append({"image_id": image_id, "category_id": 1, "bbox": box, "score": score})
        images = [{"id": place, "height": HEIGHT, "width": WIDTH} for place in range(1, len(scenes) + 1)]
        file = tmp_path / "truth.json"
        categories = [{"id": 1, "name": "person"}]
        file.write_text(json.dumps({"images": images, "annotations": annotations, "categories": categories}))
        truth = coco.COCO(str(file))
        return cocoeval.COCOeval(truth, truth.loadRes(results), "bbox")

    return prepare


def _corner_and_size(boxes_xyxy):
    return [[x1, y1, x2 - x1, y2 - y1] for x1, y1, x2, y2 in boxes_xyxy.astype(float).tolist()]


def assert_same_stats(ours, oracle):
    assert {key: value is None for key, value in ours.items()} == {k: v is None for k, v in oracle.items()}
    for key, value in ours.items():
        if value is not None:
            assert value == pytest.approx(oracle[key], abs=1e-9), key


@pytest.mark.parametrize("seed", range(12))
def test_stored_predictions_give_pycocotools_numbers(seed):
    scenes = random_scenes(seed)
    oracle, record = through_pycocotools(scenes), record_scenes(scenes)
    for kind in KINDS:
        assert_same_stats(stats_from_predictions(record, kind), oracle[kind])


@pytest.mark.parametrize("seed", range(12))
def test_crowds_give_pycocotools_numbers(seed):
    scenes = with_crowds(random_scenes(seed), seed)
    oracle, record = through_pycocotools(scenes), record_scenes(scenes)
    assert sum(picture.crowds for picture in record.images)
    for kind in KINDS:
        assert_same_stats(stats_from_predictions(record, kind), oracle[kind])


@settings(max_examples=30, deadline=None, derandomize=True)
@given(seed=st.integers(1000, 2**32 - 1), images=st.integers(1, 4))
def test_stored_boxes_give_pycocotools_numbers(seed, images):
    scenes = random_scenes(seed, count=images)
    oracle = through_pycocotools(scenes, masks=False)
    assert_same_stats(stats_from_predictions(record_scenes(scenes, masks=False), "bbox"), oracle["bbox"])


@pytest.mark.parametrize("scenes", [random_scenes(7), with_crowds(random_scenes(7), 7)])
def test_numbers_equal_those_of_a_plain_coco_file(plain_evaluation, scenes):
    evaluation = plain_evaluation(scenes)
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    expected = [None if value == -1 else value for value in evaluation.stats]
    assert list(through_pycocotools(scenes)["bbox"].values()) == expected


@pytest.mark.parametrize("threshold", [0.5, 0.62, 0.775, 0.95, 1.0])
def test_average_precision_at_any_threshold_equals_pycocotools(threshold, plain_evaluation):
    scenes = random_scenes(11)
    evaluation = plain_evaluation(scenes)
    evaluation.params.iouThrs = np.array([threshold])
    evaluation.evaluate()
    evaluation.accumulate()
    ours = average_precision(
        judge(overlaps_of_record(record_scenes(scenes), kind="bbox"), iou_thresholds=(threshold,))
    )
    assert ours[0] == pytest.approx(evaluation.eval["precision"][0, :, 0, 0, 2].mean(), abs=1e-9)


@pytest.mark.parametrize("second", [0, 1], ids=["then the first person", "then the second person"])
def test_equal_overlaps_go_to_the_later_person(second):
    """The best detection stands in the middle of two people; whom it takes decides what is left."""
    people = [[10, 10, 50, 110], [14, 10, 54, 110]]
    scenes = [(make_detections([[12, 10, 52, 110], people[second]], [0.9, 0.8]), make_truth(people))]
    oracle = through_pycocotools(scenes, masks=False)["bbox"]
    assert_same_stats(stats_from_predictions(record_scenes(scenes), "bbox"), oracle)


def test_size_class_of_masks_comes_from_the_box():
    """A thin person: the mask covers 800 square pixels (small), its box 40 x 40 (medium)."""
    truth = make_truth([[10, 10, 50, 50]])
    truth.masks[0, :, 30:] = False
    stats = through_pycocotools([(make_detections([[10, 10, 50, 50]], [0.9]), truth)])["segm"]
    assert stats["APs"] is None
    assert stats["APm"] is not None


def test_perfect_detections_score_one():
    """Fails where annotation ids start at 0: pycocotools reads that id as "no match"."""
    boxes = [[10, 10, 60, 110], [100, 20, 150, 120]]
    stats = through_pycocotools([(make_detections(boxes, [0.9, 0.8]), make_truth(boxes))], masks=False)
    assert stats["bbox"]["AP"] == pytest.approx(1)
    assert stats["bbox"]["AP"] == stats["bbox"]["APm"]


def test_no_detection_at_all_scores_zero():
    scenes = [(make_detections([], []), make_truth([[10, 10, 60, 110]]))]
    assert through_pycocotools(scenes)["segm"]["AP"] == 0
    assert stats_from_predictions(record_scenes(scenes), "segm")["AP"] == 0


def test_nobody_in_any_picture_leaves_every_number_out():
    scenes = [(make_detections([[0, 0, 9, 9]], [0.9]), make_truth([]))]
    assert set(through_pycocotools(scenes)["bbox"].values()) == {None}
    assert set(stats_from_predictions(record_scenes(scenes), "bbox").values()) == {None}


def test_detector_without_masks_has_no_mask_numbers():
    scenes = random_scenes(3)
    assert through_pycocotools(scenes, masks=False)["segm"] is None
    record = record_scenes(scenes, masks=False)
    assert record.kinds == ("bbox",)
    with pytest.raises(ValueError, match="expected kind 'bbox', got 'segm'"):
        stats_from_predictions(record, "segm")


def test_numbers_come_in_the_order_of_coco():
    assert tuple(through_pycocotools(random_scenes(1))["bbox"]) == STAT_KEYS


def test_pycocotools_is_silent_and_print_comes_back(capsys):
    through_pycocotools(random_scenes(2), masks=False)
    assert capsys.readouterr().out == ""
    assert not hasattr(coco, "print")
    assert not hasattr(cocoeval, "print")


def test_missing_pycocotools_names_the_command(monkeypatch):
    importing = builtins.__import__

    def refuse(name, *rest):
        if name.startswith("pycocotools"):
            raise ImportError(name)
        return importing(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    monkeypatch.delitem(sys.modules, "pycocotools.coco")
    with pytest.raises(PedvizError, match="pip install pycocotools"):
        through_pycocotools(random_scenes(2), masks=False)
