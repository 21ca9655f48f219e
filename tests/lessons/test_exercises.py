"""Every exercise's answer is what the theory modules compute."""

import numpy as np
import pytest

from pedviz.lessons.exercises import EXERCISES
from pedviz.lessons.registry import LESSONS
from pedviz.theory.activations import softmax
from pedviz.theory.attention import gram
from pedviz.theory.bilinear import bilinear_point
from pedviz.theory.box_coding import encode_boxes
from pedviz.theory.boxes import box_iou
from pedviz.theory.iou_losses import box_similarity
from pedviz.theory.losses import log_loss, smooth_l1
from pedviz.theory.nms import suppress
from pedviz.theory.parameters import conv_layer, linear_layer
from pedviz.theory.precision_recall import all_point_average_precision, precision_recall
from pedviz.theory.roi_align import sample_grid


def _boxes(*boxes: tuple[float, ...]) -> np.ndarray:
    return np.array(boxes, dtype=np.float64)


def _iou(first: tuple[float, ...], second: tuple[float, ...]) -> float:
    return float(box_iou(_boxes(first), _boxes(second))[0, 0])


def _shift_to_half() -> float:
    """The largest shift of a box of 20 x 10 that leaves an IoU of 0.5, by bisection."""
    low, high = 0.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        reached = _iou((middle, 0, middle + 20, 10), (0, 0, 20, 10)) >= 0.5
        low, high = (middle, high) if reached else (low, middle)
    return low


def _average(marks: str, people: int) -> float:
    return float(all_point_average_precision(*precision_recall(_hits(marks), people=people)))


def _hits(marks: str) -> np.ndarray:
    return np.array([mark == "T" for mark in marks])


def _cell_reads() -> int:
    grid = sample_grid(np.array([0.0, 0.0, 14.0, 14.0]), output_size=(7, 7), sampling_ratio=2)
    return grid.ys.size * grid.xs.size * 4


def _share_of_the_person() -> float:
    losses = log_loss(np.array([0.5] + [0.01] * 999), np.array([1.0] + [0.0] * 999))[0]
    return float(losses[0] / losses.sum())


def _deviation(d: int) -> float:
    """Of dot products of vectors whose coordinates are 1 or -1, each as often: exact over all pairs for one
    coordinate, and variances of independent coordinates add."""
    products = np.outer([1, -1], [1, -1]).ravel()
    return float(np.sqrt(d * products.var()))


def _kept() -> int:
    """Boxes of width 10 in a row, with IoU .6, .6 and about .3."""
    boxes = _boxes((0, 0, 10, 10), (2.5, 0, 12.5, 10), (5, 0, 15, 10))
    assert [round(_iou(tuple(boxes[0]), tuple(boxes[place])), 1) for place in (1, 2)] == [0.6, 0.3]
    return len(suppress(boxes.astype(np.float32), np.array([0.9, 0.8, 0.7]), threshold=0.5))


GRIDS = ((272, 200), (136, 100), (68, 50), (34, 25), (17, 13))
COMPUTED = {
    "iou": (
        _iou((0, 0, 10, 10), (5, 0, 15, 10)),
        _shift_to_half(),
        float(box_similarity(_boxes((0, 0, 2, 2)), _boxes((6, 0, 8, 2)), kind="giou")[0, 0]),
    ),
    "ap": (precision_recall(_hits("TFT"), people=2)[0][-1], _average("TFT", 2), _average("TTTTFFFF", 4)),
    "roi": (
        100 - 16 * round(100 / 16),
        bilinear_point(np.array([[0, 0, 0], [0, 0, 0], [0, 10, 20], [0, 30, 40]]), x=1.25, y=2.5).value,
        _cell_reads(),
    ),
    "losses": (
        encode_boxes(_boxes((60, 0, 160, 10)), _boxes((75, 0, 125, 10)))[0, 0],
        smooth_l1(np.array([3.0]), beta=1.0)[0][0],
        _share_of_the_person(),
    ),
    "attention": (
        gram(np.array([[1, 2], [2, 0]]))[0, 1],
        softmax(np.log(np.array([[1.0, 3.0]])))[0, 1],
        _deviation(64),
    ),
    "parameters": (
        conv_layer(64, 128, kernel=3).parameters,
        linear_layer(7 * 7 * 256, 1024).parameters,
        conv_layer(256, 256, kernel=3, bias=False, groups=256).parameters
        + conv_layer(256, 256, kernel=1, bias=False).parameters,
    ),
    "photo": (
        min(800 / 500, 1333 / 1000),
        3 * sum(wide * high for wide, high in GRIDS),
        _kept(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_every_answer_is_what_the_theory_computes(lesson):
    values = [exercise.value for exercise in EXERCISES[lesson.slug]]
    assert values == pytest.approx(list(COMPUTED[lesson.slug]), rel=1e-3)
    assert lesson.page_data()["exercises"] == [
        {"asks": exercise.asks, "answer": exercise.answer} for exercise in EXERCISES[lesson.slug]
    ]
