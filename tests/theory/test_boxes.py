"""Areas and overlaps against torchvision."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torchvision.ops import box_area as torch_area
from torchvision.ops import box_iou as torch_iou

from pedviz.theory.boxes import box_area, box_intersection, box_iou

A_BOX = np.array([[0, 0, 4, 4]], np.float32)
corners = arrays(np.float32, st.tuples(st.integers(0, 8), st.just(2)), elements=st.floats(-50, 900, width=32))
sides = st.floats(0, 500, width=32)


@st.composite
def many_boxes(draw) -> np.ndarray:
    near = draw(corners)
    far = near + draw(arrays(np.float32, near.shape, elements=sides))
    return np.concatenate([near, far], axis=1).astype(np.float32)


@given(many_boxes(), many_boxes())
def test_overlap_equals_torchvision(first, second):
    expected = torch_iou(torch.from_numpy(first), torch.from_numpy(second)).nan_to_num(0).numpy()
    np.testing.assert_allclose(box_iou(first, second), expected, atol=1e-6)


@given(many_boxes())
def test_area_equals_torchvision(boxes):
    np.testing.assert_array_equal(box_area(boxes), torch_area(torch.from_numpy(boxes)).numpy())


@given(many_boxes(), many_boxes())
def test_overlap_lies_between_zero_and_one_and_is_symmetric(first, second):
    ious = box_iou(first.astype(np.float64), second.astype(np.float64))
    assert ((ious >= 0) & (ious <= 1 + 1e-12)).all()
    np.testing.assert_array_equal(ious, box_iou(second.astype(np.float64), first.astype(np.float64)).T)


@pytest.mark.parametrize(
    ("other", "shared", "iou"),
    [
        pytest.param((0, 0, 4, 4), 16, 1, id="same"),
        pytest.param((4, 0, 8, 4), 0, 0, id="touching"),
        pytest.param((9, 9, 12, 12), 0, 0, id="apart"),
        pytest.param((1, 1, 3, 3), 4, 0.25, id="inside"),
        pytest.param((2, 2, 2, 2), 0, 0, id="point"),
    ],
)
def test_overlap_of_known_pairs(other, shared, iou):
    other = np.array([other], np.float32)
    assert box_intersection(A_BOX, other).tolist() == [[shared]]
    assert box_iou(A_BOX, other).tolist() == [[iou]]


def test_overlap_of_two_points_is_zero():
    point = np.array([[3, 3, 3, 3]], np.float32)
    assert box_iou(point, point).tolist() == [[0.0]]


def test_overlap_keeps_the_precision_of_its_input():
    assert box_iou(A_BOX, A_BOX).dtype == np.float32
