"""Oracle: torchvision's BoxCoder."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.models.detection._utils import BoxCoder

from pedviz.theory.box_coding import BOX_HEAD_WEIGHTS, PLAIN_WEIGHTS, decode_boxes, encode_boxes

BOTH_WEIGHTS = pytest.mark.parametrize(
    "weights", [pytest.param(PLAIN_WEIGHTS, id="rpn"), pytest.param(BOX_HEAD_WEIGHTS, id="box-head")]
)


def _boxes(count: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    corner = random.uniform(-100, 500, (count, 2))
    return np.hstack([corner, corner + random.uniform(0.5, 300, (count, 2))])


@BOTH_WEIGHTS
def test_encoding_equals_torchvision(weights):
    boxes, anchors = _boxes(500, 1), _boxes(500, 2)
    expected = BoxCoder(weights).encode_single(torch.tensor(boxes), torch.tensor(anchors))
    np.testing.assert_allclose(encode_boxes(boxes, anchors, weights=weights), expected.numpy(), atol=1e-9)


@BOTH_WEIGHTS
def test_decoding_equals_torchvision_even_for_absurd_codes(weights):
    anchors = _boxes(500, 3)
    codes = np.random.default_rng(4).normal(scale=[2, 2, 8, 8], size=(500, 4)) * weights
    expected = BoxCoder(weights).decode_single(torch.tensor(codes), torch.tensor(anchors))
    np.testing.assert_allclose(decode_boxes(codes, anchors, weights=weights), expected.numpy(), rtol=1e-9)


corners = st.tuples(st.integers(-50, 50), st.integers(-50, 50), st.integers(1, 60), st.integers(1, 60))
boxes_with_area = corners.map(lambda box: np.array([[box[0], box[1], box[0] + box[2], box[1] + box[3]]]))


@given(boxes_with_area, boxes_with_area)
def test_decoding_undoes_encoding(box, anchor):
    np.testing.assert_allclose(decode_boxes(encode_boxes(box, anchor), anchor), box, atol=1e-9)


def test_a_box_without_width_has_no_code():
    with pytest.raises(ValueError, match="only boxes and anchors with an area"):
        encode_boxes(np.array([[3, 0, 3, 9]]), np.array([[0, 0, 5, 5]]))


def test_a_reversed_anchor_is_named():
    with pytest.raises(ValueError, match="anchors_xyxy: expected finite x1 <= x2"):
        decode_boxes(np.zeros((1, 4)), np.array([[5, 0, 3, 9]]))
