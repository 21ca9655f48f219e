"""IoU, GIoU, DIoU and CIoU as losses: their values, their gradients and their kinks.

Boxes are (x1, y1, x2, y2) with x1 <= x2 and y1 <= y2, in any one unit (pixels below). N counts predicted
boxes, M counts targets, D counts directions in which a predicted box may move; a direction is four
numbers, the speed of each edge.

Where this differs from torchvision.ops.*_iou_loss: torchvision adds 1e-7 to every denominator; here a
denominator of 0 gives the quotient 0. So a box without area has an IoU of 0, and CIoU, which torchvision
answers with NaN there, leaves the shape out for a box that is a single point.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from pedviz.theory.checks import checked_boxes
from pedviz.theory.duals import Dual, angle, constant, larger, positive_part, smaller

Kind = Literal["iou", "giou", "diou", "ciou"]
EDGES = np.eye(4)  # one direction an edge: x1, y1, x2, y2


@dataclass(frozen=True, kw_only=True, eq=False)
class PairTerms:
    """The parts that the four losses are made of, each a dual of shape (N, M).

    Attributes:
        predicted_area, target_area, intersection, union: pixels squared.
        iou: intersection / union, in [0, 1].
        enclosing_area: area of the smallest box around both, pixels squared.
        centre_distance_squared: between the two centres, pixels squared.
        diagonal_squared: of the enclosing box, pixels squared.
        shape: CIoU's v in [0, 1], 0 for equal aspect ratios.
        shape_weight: CIoU's alpha in [0, 1], a constant to every derivative.
    """

    predicted_area: Dual
    target_area: Dual
    intersection: Dual
    union: Dual
    iou: Dual
    enclosing_area: Dual
    centre_distance_squared: Dual
    diagonal_squared: Dual
    shape: Dual
    shape_weight: Dual


def _squared(length: Dual) -> Dual:
    return length * length


def _shape_difference(sides: tuple[Dual, Dual], target_sides: tuple[Dual, Dual]) -> Dual:
    """CIoU's v: the squared difference of the two aspect angles, scaled to [0, 1]."""
    has_shape = (sum(sides, constant(0.0)).value > 0) & (sum(target_sides, constant(0.0)).value > 0)
    return constant(4 / np.pi**2 * has_shape) * _squared(angle(*target_sides) - angle(*sides))


def pair_terms(
    predicted_xyxy: np.ndarray,
    target_xyxy: np.ndarray,
    *,
    directions: np.ndarray = EDGES,
    one_sided: bool = False,
) -> PairTerms:
    """Everything that the four losses need, for every predicted box with every target.

    Args:
        predicted_xyxy: (N, 4).
        target_xyxy: (M, 4).
        directions: (D, 4), how the predicted edges move; slopes are taken along these.
        one_sided: the rule at kinks, see `duals.larger`.

    Returns:
        Duals of shape (N, M), their gradients (N, M, D) after broadcasting.

    Raises:
        ValueError: boxes are not (N, 4), not finite, or reversed.

    Source: Rezatofighi et al., GIoU, CVPR 2019; Zheng et al., DIoU and CIoU, AAAI 2020.

    >>> terms = pair_terms(np.array([[0.0, 0, 2, 2]]), np.array([[1.0, 1, 3, 3]]))
    >>> terms.union.value, terms.union.slope  # x2 further out by 1: 2 more of A, 1 of it shared
    (array([[7.]]), array([[[-2., -2.,  1.,  1.]]]))
    """
    predicted, target = (
        checked_boxes("predicted_xyxy", predicted_xyxy),
        checked_boxes("target_xyxy", target_xyxy),
    )
    x1, y1, x2, y2 = (Dual(predicted[:, None, edge], directions[:, edge]) for edge in range(4))  # (N, 1)
    u1, v1, u2, v2 = (constant(target[None, :, edge]) for edge in range(4))  # (1, M)
    low, high = partial(smaller, one_sided=one_sided), partial(larger, one_sided=one_sided)
    shared = partial(positive_part, one_sided=one_sided)

    # `boxes.box_iou` gives the same values to the last bit; here they carry their gradients.
    predicted_area, target_area = (x2 - x1) * (y2 - y1), (u2 - u1) * (v2 - v1)
    intersection = shared(low(x2, u2) - high(x1, u1)) * shared(low(y2, v2) - high(y1, v1))  # (N, M)
    union = predicted_area + target_area - intersection
    iou = intersection / union
    enclosing_width, enclosing_height = high(x2, u2) - low(x1, u1), high(y2, v2) - low(y1, v1)
    twice_apart = (x1 + x2 - u1 - u2, y1 + y2 - v1 - v2)
    shape = _shape_difference((x2 - x1, y2 - y1), (u2 - u1, v2 - v1))
    return PairTerms(
        predicted_area=predicted_area,
        target_area=target_area,
        intersection=intersection,
        union=union,
        iou=iou,
        enclosing_area=enclosing_width * enclosing_height,
        centre_distance_squared=constant(0.25) * (_squared(twice_apart[0]) + _squared(twice_apart[1])),
        diagonal_squared=_squared(enclosing_width) + _squared(enclosing_height),
        shape=shape,
        shape_weight=constant((shape / (constant(1.0) - iou + shape)).value),
    )


def _diou(terms: PairTerms) -> Dual:
    return terms.iou - terms.centre_distance_squared / terms.diagonal_squared


_SIMILARITIES: dict[Kind, Callable[[PairTerms], Dual]] = {
    "iou": lambda terms: terms.iou,
    "giou": lambda terms: terms.iou - (terms.enclosing_area - terms.union) / terms.enclosing_area,
    "diou": _diou,
    "ciou": lambda terms: _diou(terms) - terms.shape_weight * terms.shape,
}
LOSS_KINDS: tuple[Kind, ...] = tuple(_SIMILARITIES)


def _similarity(kind: Kind, terms: PairTerms) -> Dual:
    if kind not in _SIMILARITIES:
        raise ValueError(f"kind: expected one of {', '.join(LOSS_KINDS)}, got '{kind}'")
    return _SIMILARITIES[kind](terms)


def _loss(kind: Kind, terms: PairTerms) -> Dual:
    return constant(1.0) - _similarity(kind, terms)


def _slopes(loss: Dual, directions: int) -> np.ndarray:
    return np.broadcast_to(loss.slope, (*loss.value.shape, directions))  # (N, M, D)


def box_similarity(predicted_xyxy: np.ndarray, target_xyxy: np.ndarray, *, kind: Kind) -> np.ndarray:
    """IoU, GIoU, DIoU or CIoU of every predicted box with every target.

    Args: predicted_xyxy, (N, 4); target_xyxy, (M, 4); kind, which of the four.
    Returns: (N, M) float64; IoU in [0, 1], GIoU and DIoU in [-1, 1], CIoU in (-2, 1]; 1 for equal boxes
        that have an area.
    Raises: ValueError if boxes are not (N, 4), not finite, or reversed, or the kind is unknown.
    Source: Rezatofighi et al., GIoU, CVPR 2019; Zheng et al., DIoU and CIoU, AAAI 2020.

    >>> box_similarity(np.array([[0.0, 0, 10, 10]]), np.array([[20.0, 0, 30, 10]]), kind="giou")
    array([[-0.33333333]])
    """
    return _similarity(kind, pair_terms(predicted_xyxy, target_xyxy)).value


def box_loss(predicted_xyxy: np.ndarray, target_xyxy: np.ndarray, *, kind: Kind) -> np.ndarray:
    """What a network pays for a box: 1 - similarity.

    Args: predicted_xyxy, (N, 4); target_xyxy, (M, 4); kind, which of the four.
    Returns: (N, M) float64; IoU in [0, 1], GIoU and DIoU in [0, 2], CIoU in [0, 3).
    Raises: ValueError if boxes are not (N, 4), not finite, or reversed, or the kind is unknown.
    Source: torchvision.ops.generalized_box_iou_loss and its two sisters.

    >>> apart = np.array([[0.0, 0, 10, 10]]), np.array([[20.0, 0, 30, 10]])
    >>> [round(float(box_loss(*apart, kind=kind)[0, 0]), 4) for kind in LOSS_KINDS]
    [1.0, 1.3333, 1.4, 1.4]
    """
    return _loss(kind, pair_terms(predicted_xyxy, target_xyxy)).value


def box_loss_gradient(predicted_xyxy: np.ndarray, target_xyxy: np.ndarray, *, kind: Kind) -> np.ndarray:
    """How the loss changes with each edge of the predicted box.

    At a kink, where the two one-sided slopes differ, this is what torchvision's losses give: half the
    slope of either side where two edges coincide, and none from boxes that only touch.

    Args: predicted_xyxy, (N, 4); target_xyxy, (M, 4); kind, which of the four.
    Returns: (N, M, 4) float64, loss per pixel, for x1, y1, x2, y2. Zero for the IoU of boxes apart.
    Raises: ValueError if boxes are not (N, 4), not finite, or reversed, or the kind is unknown.
    Source: the quotient rule on each definition; torch.autograd is the test.

    >>> apart = np.array([[0.0, 0, 10, 10]]), np.array([[20.0, 0, 30, 10]])
    >>> box_loss_gradient(*apart, kind="iou").any()
    np.False_
    >>> box_loss_gradient(*apart, kind="giou").round(4)[0, 0].tolist()
    [0.0111, 0.0, -0.0333, 0.0]
    """
    return _slopes(_loss(kind, pair_terms(predicted_xyxy, target_xyxy)), len(EDGES))


def directional_slopes(
    predicted_xyxy: np.ndarray, target_xyxy: np.ndarray, *, directions: np.ndarray, kind: Kind
) -> np.ndarray:
    """The exact slope of the loss when a predicted box sets off along a direction, at kinks too.

    Args:
        predicted_xyxy: (N, 4).
        target_xyxy: (M, 4).
        directions: (D, 4), pixels that each edge moves in one unit of time.
        kind: which of the four losses.

    Returns:
        (N, M, D) float64, loss per unit of time, just after setting off.

    Raises:
        ValueError: boxes are not (N, 4), not finite, or reversed, or the kind is unknown.

    Source: one-sided derivatives of max and min, see `duals.larger`.

    >>> box = np.array([[0.0, 0, 10, 10]])
    >>> shift = np.array([[1.0, 0, 1, 0]])  # one pixel to the right; identical boxes sit on a kink
    >>> directional_slopes(box, box, directions=np.vstack([shift, -shift]), kind="iou")
    array([[[0.2, 0.2]]])
    """
    terms = pair_terms(predicted_xyxy, target_xyxy, directions=directions, one_sided=True)
    return _slopes(_loss(kind, terms), len(directions))


def one_sided_slopes(predicted_xyxy: np.ndarray, target_xyxy: np.ndarray, *, kind: Kind) -> np.ndarray:
    """The slope of the loss to either side of where each edge is; they differ exactly at a kink.

    Args: predicted_xyxy, (N, 4); target_xyxy, (M, 4); kind, which of the four.
    Returns: (N, M, 4, 2) float64, loss per pixel: [..., 0] from the side of smaller coordinates (the left
        derivative), [..., 1] from the side of larger ones.
    Raises: ValueError if boxes are not (N, 4), not finite, or reversed, or the kind is unknown.
    Source: left derivative along +e = minus the forward derivative along -e.

    >>> touching = np.array([[0.0, 0, 10, 10]]), np.array([[10.0, 0, 20, 10]])
    >>> one_sided_slopes(*touching, kind="iou")[0, 0, 2]  # x2: flat before, falling after
    array([ 0.  , -0.05])
    """
    both = directional_slopes(predicted_xyxy, target_xyxy, directions=np.vstack([-EDGES, EDGES]), kind=kind)
    return np.stack([0.0 - both[..., :4], both[..., 4:]], axis=-1)  # (N, M, 4, 2); no minus zero
