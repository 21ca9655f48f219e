"""Suppression against torchvision.ops.nms, to the last bit."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchvision.ops import batched_nms, nms

from pedviz.theory.boxes import box_iou
from pedviz.theory.nms import explain_suppression, suppress

THRESHOLDS = st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0])


def _torchvision(boxes: np.ndarray, scores: np.ndarray, threshold: float) -> list[int]:
    return nms(torch.from_numpy(boxes), torch.from_numpy(scores), threshold).tolist()


def _crowd(seed: int, count: int, *, whole: bool, ties: bool) -> tuple[np.ndarray, np.ndarray]:
    """Boxes around four centres, so that many overlap, far enough from 0 to have positive corners."""
    generator = np.random.default_rng(seed)
    centres = generator.uniform(100, 300, (4, 2))[generator.integers(0, 4, count)]
    centres = centres + generator.normal(0, 8, (count, 2))
    half = generator.uniform(0, 40, (count, 2))
    boxes = np.concatenate([centres - half, centres + half], axis=1)
    boxes = (boxes.round() if whole else boxes).astype(np.float32)
    scores = generator.integers(1, 6, count) / 5 if ties else generator.random(count)
    return boxes, scores.astype(np.float32)


@settings(max_examples=2000)
@given(st.integers(0, 2**32 - 1), st.integers(0, 60), st.booleans(), st.booleans(), THRESHOLDS)
def test_what_stays_equals_torchvision(seed, count, whole, ties, threshold):
    boxes, scores = _crowd(seed, count, whole=whole, ties=ties)
    assert suppress(boxes, scores, threshold=threshold).tolist() == _torchvision(boxes, scores, threshold)


@settings(max_examples=500)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), THRESHOLDS)
def test_labels_are_suppressed_apart_as_in_torchvision(seed, count, threshold):
    # torchvision moves the labels apart by an offset, exact only for whole, positive pixels
    boxes, scores = _crowd(seed, count, whole=True, ties=False)
    labels = np.random.default_rng(seed).integers(1, 4, count)
    expected = batched_nms(*(torch.from_numpy(array) for array in (boxes, scores, labels)), threshold)
    assert suppress(boxes, scores, threshold=threshold, labels=labels).tolist() == expected.tolist()


@pytest.mark.parametrize(
    "boxes",
    [
        pytest.param(np.zeros((0, 4)), id="nobody"),
        pytest.param([[0, 0, 9, 9]], id="one"),
        pytest.param([[0, 0, 9, 9]] * 5, id="five-times-the-same"),
        pytest.param([[3, 3, 3, 3]] * 3, id="points"),
        pytest.param([[0, 0, 9, 0], [0, 0, 9, 0], [0, 0, 9, 9]], id="lines"),
        pytest.param([[0, 0, 1e6, 1e6], [0, 0, 1e6, 9.99e5]], id="huge"),
    ],
)
@pytest.mark.parametrize("threshold", [0.0, 0.5, 1.0])
def test_degenerate_boxes_as_in_torchvision(boxes, threshold):
    boxes = np.array(boxes, np.float32)
    scores = np.full(len(boxes), 0.5, np.float32)
    assert suppress(boxes, scores, threshold=threshold).tolist() == _torchvision(boxes, scores, threshold)


@pytest.mark.parametrize(
    ("threshold", "kept"),
    [pytest.param(0.5, [0, 1], id="at"), pytest.param(np.nextafter(0.5, 0), [0], id="just-below")],
)
def test_overlap_at_the_threshold_stays(threshold, kept):
    boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 5]], np.float32)
    assert suppress(boxes, np.array([0.9, 0.8]), threshold=threshold).tolist() == kept


def test_a_suppressed_box_suppresses_nobody():
    row = np.array([[0, 0, 10, 10], [4, 0, 14, 10], [8, 0, 18, 10]], np.float32)
    assert suppress(row, np.array([0.9, 0.8, 0.7]), threshold=0.4).tolist() == [0, 2]


@given(st.integers(0, 2**32 - 1), st.integers(0, 40), THRESHOLDS)
def test_each_reason_names_the_first_kept_box_that_is_too_close(seed, count, threshold):
    boxes, scores = _crowd(seed, count, whole=False, ties=True)
    kept, reasons = explain_suppression(boxes, scores, threshold=threshold)
    ious = box_iou(boxes, boxes).astype(np.float64)
    for reason in reasons:
        too_close = [place for place in kept.tolist() if ious[place, reason.place] > threshold]
        assert reason.by == too_close[0]
        assert reason.iou == ious[reason.by, reason.place]
    assert sorted([*kept.tolist(), *(reason.place for reason in reasons)]) == list(range(count))
