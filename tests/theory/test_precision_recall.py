"""Oracles: the ten-detection example worked by hand, and pycocotools' own accumulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools.cocoeval import Params

from pedviz.theory import precision_recall as theory

LISTS = st.lists(st.booleans(), min_size=1, max_size=60)


def accumulate_as_pycocotools(hits: np.ndarray, people: int, points: np.ndarray) -> np.ndarray:
    """The inner loop of COCOeval.accumulate for one class and one threshold, as published."""
    tp, fp = np.cumsum(hits).astype(float), np.cumsum(~hits).astype(float)
    recall = tp / people
    precision = (tp / (fp + tp + np.spacing(1))).tolist()
    for i in range(len(hits) - 1, 0, -1):
        precision[i - 1] = max(precision[i - 1], precision[i])
    sampled = np.zeros(len(points))
    for point, place in enumerate(np.searchsorted(recall, points, side="left")):
        if place < len(precision):
            sampled[point] = precision[place]
    return sampled


def test_worked_example_counts():
    found, wrong, missed = theory.running_counts(theory.EXAMPLE_HITS, people=5)
    assert found.tolist() == [1, 2, 2, 2, 2, 3, 4, 4, 4, 5]
    assert wrong.tolist() == [0, 0, 1, 2, 3, 3, 3, 4, 5, 5]
    assert missed.tolist() == [4, 3, 3, 3, 3, 2, 1, 1, 1, 0]


def test_worked_example_precision_and_recall():
    precision, recall = theory.precision_recall(theory.EXAMPLE_HITS, people=5)
    assert precision.round(2).tolist() == [1.0, 1.0, 0.67, 0.5, 0.4, 0.5, 0.57, 0.5, 0.44, 0.5]
    assert recall.tolist() == [0.2, 0.4, 0.4, 0.4, 0.4, 0.6, 0.8, 0.8, 0.8, 1.0]


@pytest.mark.parametrize(
    ("average", "expected"),
    [
        # hits at ranks 1, 2, 6, 7, 10: precisions 1, 1, 3/6, 4/7, 5/10, each worth a fifth of the recall
        pytest.param(theory.raw_average_precision, (1 + 1 + 3 / 6 + 4 / 7 + 5 / 10) / 5, id="raw"),
        pytest.param(theory.all_point_average_precision, (2 + 2 * 4 / 7 + 0.5) / 5, id="all-point"),
        # recalls 0 to .4, .5 to .8, .9 and 1.0
        pytest.param(theory.voc_2007_average_precision, (5 * 1 + 4 * 4 / 7 + 2 * 0.5) / 11, id="11-point"),
        # recalls 0 to .40, .41 to .80, .81 to 1.00
        pytest.param(theory.coco_average_precision, (41 + 40 * 4 / 7 + 20 * 0.5) / 101, id="101-point"),
    ],
)
def test_worked_example_average_precision(average, expected):
    precision, recall = theory.precision_recall(theory.EXAMPLE_HITS, people=5)
    assert average(precision, recall) == pytest.approx(expected, abs=1e-12)


def test_recall_points_are_those_of_pycocotools():
    np.testing.assert_array_equal(theory.COCO_RECALL_POINTS, Params("bbox").recThrs)


@given(hits=LISTS, missed=st.integers(0, 40))
def test_sampled_curve_equals_pycocotools(hits, missed):
    people = max(sum(hits) + missed, 1)
    curve = theory.sample_precision(*theory.precision_recall(np.array(hits), people=people))
    expected = accumulate_as_pycocotools(np.array(hits), people, Params("bbox").recThrs)
    np.testing.assert_allclose(curve, expected, atol=1e-12)


@given(hits=LISTS, missed=st.integers(0, 40))
def test_coco_average_precision_is_the_mean_of_the_sampled_curve(hits, missed):
    precision, recall = theory.precision_recall(np.array(hits), people=max(sum(hits) + missed, 1))
    sampled = theory.sample_precision(precision, recall)
    assert theory.coco_average_precision(precision, recall) == pytest.approx(sampled.mean(), abs=1e-12)


@given(hits=LISTS)
def test_smoothing_never_lowers_the_integral(hits):
    precision, recall = theory.precision_recall(np.array(hits), people=len(hits))
    assert theory.all_point_average_precision(precision, recall) >= theory.raw_average_precision(
        precision, recall
    )


def test_leading_axes_are_independent_lists():
    lists = np.array([[True, False, True], [False, True, True]])
    curves = [theory.precision_recall(hits, people=4) for hits in lists]
    precision, recall = (np.stack(values) for values in zip(*curves, strict=True))
    separate = [theory.coco_average_precision(*curve) for curve in curves]
    assert theory.coco_average_precision(precision, recall).tolist() == separate


def test_empty_list_finds_nobody():
    curve = theory.precision_recall(np.zeros(0, bool), people=3)
    assert theory.coco_average_precision(*curve) == 0
    assert theory.sample_precision(*curve).tolist() == [0] * 101


def test_nobody_to_find_is_an_error():
    with pytest.raises(ValueError, match="expected at least 1 person, got 0"):
        theory.precision_recall(np.array([True]), people=0)


def test_more_hits_than_people_is_an_error():
    with pytest.raises(ValueError, match="expected at most 1 hits, got 2"):
        theory.running_counts(np.array([True, True]), people=1)
