"""Pairing people, against a search through all pairings and against COCO's own matching."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from pedviz.metrics.matching import Counts, match_people, score_against_truth
from pedviz.theory.boxes import box_iou
from pedviz.types import GroundTruth
from tests.metrics.scenes import make_detections

SIZE = (100, 100)


def _truth(boxes) -> GroundTruth:
    return GroundTruth(image_size=SIZE, boxes_xyxy=np.array(boxes, np.float32).reshape(-1, 4))


def _random_boxes(generator: np.random.Generator, count: int) -> np.ndarray:
    corner = generator.integers(0, 60, (count, 2))
    return np.concatenate([corner, corner + generator.integers(5, 40, (count, 2))], axis=1).astype(np.float32)


def test_the_better_overlap_is_paired_first():
    first = np.array([[0, 0, 10, 10], [2, 0, 12, 10]], np.float32)
    second = np.array([[2, 0, 12, 10], [40, 40, 50, 50]], np.float32)
    matching = match_people(first, second, iou_threshold=0.5)
    assert matching.pairs.tolist() == [[1, 0]]
    assert matching.only_first.tolist() == [0]
    assert matching.only_second.tolist() == [1]
    assert matching.ious.tolist() == [1.0]


def test_equal_overlaps_go_to_the_lower_places():
    same = np.tile(np.array([0, 0, 10, 10], np.float32), (3, 1))
    assert match_people(same, same[:2], iou_threshold=0.5).pairs.tolist() == [[0, 0], [1, 1]]


@pytest.mark.parametrize(
    ("threshold", "pairs"),
    [pytest.param(0.5, 1, id="at"), pytest.param(np.nextafter(0.5, 1), 0, id="just-above")],
)
def test_overlap_at_the_threshold_is_a_match(threshold, pairs):
    first, second = np.array([[0, 0, 10, 10]], np.float32), np.array([[0, 0, 10, 5]], np.float32)
    assert len(match_people(first, second, iou_threshold=threshold).pairs) == pairs


@pytest.mark.parametrize("counts", [(0, 0), (0, 3), (3, 0)], ids=str)
def test_an_empty_side_leaves_everyone_alone(counts):
    boxes = np.array([[0, 0, 9, 9]] * 3, np.float32)
    matching = match_people(boxes[: counts[0]], boxes[: counts[1]], iou_threshold=0.5)
    assert matching.pairs.shape == (0, 2)
    assert (len(matching.only_first), len(matching.only_second)) == counts


@settings(deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.integers(0, 7), st.integers(0, 7), st.sampled_from([0.1, 0.3, 0.5]))
def test_no_pair_could_be_swapped_for_a_better_one(seed, first_count, second_count, threshold):
    generator = np.random.default_rng(seed)
    first, second = _random_boxes(generator, first_count), _random_boxes(generator, second_count)
    matching = match_people(first, second, iou_threshold=threshold)
    ious = box_iou(first, second)
    rank = {tuple(pair): place for place, pair in enumerate(matching.pairs.tolist())}
    for i, j in itertools.product(range(first_count), range(second_count)):
        better = [iou for (a, b), place in rank.items() if a == i or b == j for iou in [matching.ious[place]]]
        assert (i, j) in rank or ious[i, j] < threshold or max(better) >= ious[i, j]
    everyone = sorted(matching.pairs[:, 0].tolist() + matching.only_first.tolist())
    assert everyone == list(range(first_count))


@pytest.mark.parametrize("seed", range(20))
def test_hits_equal_cocos_own_matching(seed):
    generator = np.random.default_rng(seed)
    people, found = _random_boxes(generator, 8), _random_boxes(generator, 12)
    found[:5] = people[:5] + generator.integers(-2, 3, (5, 4))
    scores = np.sort(generator.random(12).astype(np.float32))[::-1].copy()
    counts = score_against_truth(make_detections(found, scores, size=SIZE), _truth(people), iou_threshold=0.5)
    assert counts.tp == _coco_hits(people, found, scores)
    assert (counts.fp, counts.fn) == (12 - counts.tp, 8 - counts.tp)


def _coco_hits(people: np.ndarray, found: np.ndarray, scores: np.ndarray) -> int:
    """Detections that pycocotools matches at IoU 0.5, all sizes, 100 detections."""

    def sized(boxes):
        return np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1).astype(float).tolist()

    truth = COCO()
    truth.dataset = {
        "images": [{"id": 1}],
        "categories": [{"id": 1}],
        "annotations": [
            {"id": i + 1, "image_id": 1, "category_id": 1, "bbox": b, "area": b[2] * b[3], "iscrowd": 0}
            for i, b in enumerate(sized(people))
        ],
    }
    truth.createIndex()
    results = truth.loadRes(
        [
            {"image_id": 1, "category_id": 1, "bbox": b, "score": float(s)}
            for b, s in zip(sized(found), scores, strict=True)
        ]
    )
    evaluation = COCOeval(truth, results, "bbox")
    evaluation.evaluate()
    return int((evaluation.evalImgs[0]["dtMatches"][0] > 0).sum())


def test_a_second_detection_of_one_person_is_a_false_alarm():
    found = make_detections([[0, 0, 10, 10], [0, 0, 10, 9]], [0.9, 0.8], size=SIZE)
    counts = score_against_truth(found, _truth([[0, 0, 10, 10]]), iou_threshold=0.5)
    assert counts == Counts(tp=1, fp=1, fn=0)
    assert (counts.precision, counts.recall, counts.f1) == (0.5, 1.0, 2 / 3)


def test_a_detection_takes_the_best_person_still_free():
    people = _truth([[0, 0, 10, 10], [0, 2, 10, 12]])
    found = make_detections([[0, 2, 10, 12], [0, 1, 10, 11]], [0.9, 0.8], size=SIZE)
    assert score_against_truth(found, people, iou_threshold=0.5) == Counts(tp=2, fp=0, fn=0)


@pytest.mark.parametrize(
    ("found", "people", "expected"),
    [
        pytest.param(0, 0, (None, None, None), id="nobody-and-nothing"),
        pytest.param(1, 0, (0.0, None, 0.0), id="nobody-there"),
        pytest.param(0, 1, (None, 0.0, 0.0), id="nothing-found"),
    ],
)
def test_a_share_of_nothing_is_undefined(found, people, expected):
    box = [[0, 0, 10, 10]]
    counts = score_against_truth(
        make_detections(box * found, [0.9] * found, size=SIZE), _truth(box * people), iou_threshold=0.5
    )
    assert (counts.precision, counts.recall, counts.f1) == expected
