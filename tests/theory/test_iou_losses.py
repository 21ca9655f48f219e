"""Oracles: torchvision's losses and autograd, exact fractions, difference quotients."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision import ops

from pedviz.theory.boxes import box_iou
from pedviz.theory.iou_losses import (
    EDGES,
    LOSS_KINDS,
    box_loss,
    box_loss_gradient,
    box_similarity,
    directional_slopes,
    one_sided_slopes,
    pair_terms,
)

SQUARE = np.array([[0.0, 0.0, 10.0, 10.0]])


def _torch_iou_loss(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    return 1 - ops.box_iou(first, second).diagonal()


TORCH_LOSSES: dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
    "iou": _torch_iou_loss,
    "giou": ops.generalized_box_iou_loss,
    "diou": ops.distance_box_iou_loss,
    "ciou": ops.complete_box_iou_loss,
}


def _random_boxes(count: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    corner = random.uniform(-30, 30, (count, 2))
    return np.hstack([corner, corner + random.uniform(1, 50, (count, 2))])


def _torch_values_and_gradients(
    kind: str, predicted: np.ndarray, target: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    moving = torch.tensor(predicted, requires_grad=True)
    losses = TORCH_LOSSES[kind](moving, torch.tensor(target))
    losses.sum().backward()
    return losses.detach().numpy(), moving.grad.numpy()


@pytest.mark.parametrize("kind", LOSS_KINDS)
def test_losses_and_gradients_equal_torchvision_and_its_autograd(kind):
    predicted, target = _random_boxes(3000, seed=1), _random_boxes(3000, seed=2)
    for start in range(0, 3000, 100):
        some = slice(start, start + 100)
        values, gradients = _torch_values_and_gradients(kind, predicted[some], target[some])
        ours = np.diagonal(box_loss(predicted[some], target[some], kind=kind))
        slopes = np.diagonal(box_loss_gradient(predicted[some], target[some], kind=kind)).T
        np.testing.assert_allclose(ours, values, rtol=0, atol=1e-6)
        np.testing.assert_allclose(slopes, gradients, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("kind", "oracle"),
    [
        pytest.param("iou", ops.box_iou, id="iou"),
        pytest.param("giou", ops.generalized_box_iou, id="giou"),
        pytest.param("diou", ops.distance_box_iou, id="diou"),
        pytest.param("ciou", ops.complete_box_iou, id="ciou"),
    ],
)
def test_similarities_of_every_pair_equal_torchvision(kind, oracle):
    first, second = _random_boxes(40, seed=3), _random_boxes(25, seed=4)
    expected = oracle(torch.tensor(first), torch.tensor(second)).numpy()
    np.testing.assert_allclose(box_similarity(first, second, kind=kind), expected, rtol=0, atol=1e-6)


def test_iou_equals_the_plain_box_iou_to_the_last_bit():
    first, second = _random_boxes(200, seed=5), _random_boxes(200, seed=6)
    np.testing.assert_array_equal(box_similarity(first, second, kind="iou"), box_iou(first, second))


corners = st.integers(-20, 20)
integer_boxes = st.tuples(corners, corners, st.integers(0, 20), st.integers(0, 20)).map(
    lambda box: (box[0], box[1], box[0] + box[2], box[1] + box[3])
)


def _exact(first: tuple[int, ...], second: tuple[int, ...]) -> dict[str, Fraction]:
    """IoU, GIoU and DIoU by counting whole pixels: nothing is rounded."""
    inside = [
        {(x, y) for x in range(box[0], box[2]) for y in range(box[1], box[3])} for box in (first, second)
    ]
    union = len(inside[0] | inside[1])
    iou = Fraction(len(inside[0] & inside[1]), union) if union else Fraction(0)
    width = max(first[2], second[2]) - min(first[0], second[0])
    height = max(first[3], second[3]) - min(first[1], second[1])
    hull, diagonal = width * height, width**2 + height**2
    twice = [first[axis] + first[axis + 2] - second[axis] - second[axis + 2] for axis in (0, 1)]
    return {
        "iou": iou,
        "giou": iou - (Fraction(hull - union, hull) if hull else 0),
        "diou": iou - (Fraction(twice[0] ** 2 + twice[1] ** 2, 4 * diagonal) if diagonal else 0),
    }


@given(integer_boxes, integer_boxes)
def test_similarities_of_whole_pixel_boxes_equal_counted_pixels(first, second):
    for kind, expected in _exact(first, second).items():
        ours = box_similarity(np.array([first]), np.array([second]), kind=kind)[0, 0]
        assert ours == pytest.approx(float(expected), abs=1e-12), kind


@given(integer_boxes, integer_boxes)
def test_no_pair_of_boxes_gives_nan_or_leaves_the_range(first, second):
    upper = {"iou": 1, "giou": 2, "diou": 2, "ciou": 3}
    for kind in LOSS_KINDS:
        pair = np.array([first]), np.array([second])
        assert 0 <= box_loss(*pair, kind=kind)[0, 0] <= upper[kind] + 1e-12, kind
        assert np.isfinite(box_loss_gradient(*pair, kind=kind)).all(), kind
        assert np.isfinite(one_sided_slopes(*pair, kind=kind)).all(), kind


def test_intersection_never_exceeds_the_smaller_area_nor_the_larger_area_the_union():
    terms = pair_terms(_random_boxes(100, seed=7), _random_boxes(100, seed=8))
    areas = np.broadcast_arrays(terms.predicted_area.value, terms.target_area.value)
    assert (terms.intersection.value <= np.minimum(*areas) + 1e-9).all()
    assert (np.maximum(*areas) <= terms.union.value + 1e-9).all()


@pytest.mark.parametrize("kind", LOSS_KINDS)
def test_one_sided_slopes_equal_difference_quotients_at_kinks(kind):
    small = np.random.default_rng(9).integers(0, 4, (300, 8)).astype(float)  # edges coincide all the time
    boxes = np.sort(small.reshape(300, 2, 2, 2), axis=2).reshape(300, 2, 4)
    boxes = boxes[(boxes[..., 2:] > boxes[..., :2]).all((1, 2))]
    step, checked = 1e-7, 0
    for first, second in boxes:
        slopes = one_sided_slopes(first[None], second[None], kind=kind)[0, 0]
        if kind == "ciou":
            slopes = slopes - _alpha_correction(first, second)
        here = box_loss(first[None], second[None], kind=kind)[0, 0]
        before = box_loss(first - step * EDGES, second[None], kind=kind)[:, 0]
        after = box_loss(first + step * EDGES, second[None], kind=kind)[:, 0]
        np.testing.assert_allclose(slopes[:, 0], (here - before) / step, atol=1e-5)
        np.testing.assert_allclose(slopes[:, 1], (after - here) / step, atol=1e-5)
        checked += 1
    assert checked > 100


def _alpha_correction(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """(4, 2) what CIoU's slopes leave out by taking alpha = v / (1 - IoU + v) for a constant."""
    how = {"directions": np.vstack([-EDGES, EDGES]), "one_sided": True}
    terms = pair_terms(first[None], second[None], **how)
    iou, shape = terms.iou.value[0, 0], terms.shape.value[0, 0]
    if shape == 0:
        return np.zeros((4, 2))
    base = 1 - iou + shape
    iou_slope, shape_slope = terms.iou.slope[0, 0], terms.shape.slope[0, 0]
    alpha_slope = (shape_slope * base - shape * (shape_slope - iou_slope)) / base**2
    loss_slope = -shape * alpha_slope
    return np.stack([-loss_slope[:4], loss_slope[4:]], axis=-1)


@pytest.mark.parametrize("kind", LOSS_KINDS)
def test_gradient_at_kinks_equals_torch_autograd(kind):
    predicted = np.array([[0, 0, 10, 10], [0, 0, 10, 10], [0, 0, 10, 10], [2, 2, 8, 8]], float)
    target = np.array([[0, 0, 10, 10], [10, 0, 20, 10], [0, 3, 10, 20], [0, 2, 10, 12]], float)
    for first, second in zip(predicted, target, strict=True):
        _, expected = _torch_values_and_gradients(kind, first[None], second[None])
        ours = box_loss_gradient(first[None], second[None], kind=kind)[0]
        np.testing.assert_allclose(ours, expected, atol=1e-6)


def test_identical_boxes_have_gradient_zero_between_slopes_of_a_fifth():
    shift = np.array([[1.0, 0, 1, 0]])
    slopes = directional_slopes(SQUARE, SQUARE, directions=np.vstack([shift, -shift]), kind="iou")
    np.testing.assert_allclose(slopes[0, 0], [0.2, 0.2])
    assert not box_loss_gradient(SQUARE, SQUARE, kind="iou").any()


@pytest.mark.parametrize(
    ("target", "kind", "loss", "gradient"),
    [
        pytest.param([20, 0, 30, 10], "iou", 1, [0, 0, 0, 0], id="iou-apart-is-flat"),
        pytest.param([20, 0, 30, 10], "giou", 4 / 3, [1 / 90, 0, -1 / 30, 0], id="giou-apart"),
        pytest.param([20, 0, 30, 10], "diou", 1.4, [0.004, 0.004, -0.02, -0.004], id="diou-apart"),
        pytest.param([20, 0, 30, 10], "ciou", 1.4, [0.004, 0.004, -0.02, -0.004], id="ciou-apart"),
        pytest.param([10, 0, 20, 10], "iou", 1, [0, 0, 0, 0], id="iou-touching"),
        pytest.param([10, 0, 20, 10], "giou", 1, [0, 0, -0.05, 0], id="giou-touching-moves-x2-only"),
    ],
)
def test_known_losses_and_gradients(target, kind, loss, gradient):
    target = np.array([target], float)
    assert box_loss(SQUARE, target, kind=kind)[0, 0] == pytest.approx(loss)
    np.testing.assert_allclose(box_loss_gradient(SQUARE, target, kind=kind)[0, 0], gradient, atol=1e-12)


def test_contained_off_centre_is_told_from_centred_by_diou_alone():
    target = np.array([[0.0, 0, 20, 20]])
    centred, off_centre = np.array([[6.0, 6, 14, 14]]), np.array([[4.0, 6, 12, 14]])
    for kind in ("iou", "giou"):
        assert box_loss(centred, target, kind=kind) == pytest.approx(0.84)
        assert box_loss(off_centre, target, kind=kind) == pytest.approx(0.84)
    assert box_loss(centred, target, kind="diou") == pytest.approx(0.84)
    assert box_loss(off_centre, target, kind="diou") == pytest.approx(0.84 + 4 / 800)


@pytest.mark.parametrize(
    "flat",
    [
        pytest.param([3, 3, 3, 3], id="point"),
        pytest.param([3, 3, 3, 8], id="vertical-line"),
        pytest.param([3, 3, 8, 3], id="horizontal-line"),
    ],
)
@pytest.mark.parametrize("kind", LOSS_KINDS)
def test_a_box_without_area_costs_a_finite_loss_of_at_least_one(kind, flat):
    loss = box_loss(np.array([flat], float), SQUARE, kind=kind)[0, 0]
    assert 1 <= loss < 3
    assert np.isfinite(box_loss_gradient(np.array([flat], float), SQUARE, kind=kind)).all()


@pytest.mark.parametrize(
    ("boxes", "message"),
    [
        pytest.param([[5, 0, 3, 9]], r"predicted_xyxy: .* x1 <= x2 .*5\.0, 0\.0, 3\.0", id="reversed"),
        pytest.param([[0, 0, np.nan, 9]], "predicted_xyxy: expected finite", id="nan"),
        pytest.param([[0, 0, 9]], r"expected boxes \(N, 4\), got shape \(1, 3\)", id="three-numbers"),
    ],
)  # fmt: skip
def test_a_wrong_box_is_named(boxes, message):
    with pytest.raises(ValueError, match=message):
        box_loss(np.array(boxes, float), SQUARE, kind="iou")


def test_an_unknown_loss_is_named():
    with pytest.raises(ValueError, match="expected one of iou, giou, diou, ciou, got 'eiou'"):
        box_loss(SQUARE, SQUARE, kind="eiou")
