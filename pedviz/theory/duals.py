"""Numbers that know how fast they change: forward differentiation, small enough to read.

A `Dual` is a value with its derivatives along D directions. Adding, multiplying and dividing duals
follows the rules of calculus, so a formula that is written once gives its value and its exact slope.
Shapes that broadcast may be mixed; a constant has slope 0.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Dual:
    """A value and its gradients.

    Attributes:
        value: (...) float64.
        slope: (..., D) float64, the derivative of `value` along each direction.

    Source: Wengert, A simple automatic derivative evaluation program, CACM 1964.

    >>> x = Dual(np.array(3.0), np.array([1.0]))
    >>> (x * x / (x + x)).slope  # x / 2 grows by one half
    array([0.5])
    """

    value: np.ndarray
    slope: np.ndarray

    def __neg__(self) -> "Dual":
        return Dual(-self.value, -self.slope)

    def __add__(self, other: "Dual") -> "Dual":
        return Dual(self.value + other.value, self.slope + other.slope)

    def __sub__(self, other: "Dual") -> "Dual":
        return Dual(self.value - other.value, self.slope - other.slope)

    def __mul__(self, other: "Dual") -> "Dual":
        slope = self.slope * other.value[..., None] + self.value[..., None] * other.slope
        return Dual(self.value * other.value, slope)

    def __truediv__(self, other: "Dual") -> "Dual":
        """The quotient; 0 with slope 0 where the denominator is 0."""
        divisor = np.where(other.value == 0, np.inf, other.value)
        value = self.value / divisor
        slope = (self.slope - value[..., None] * other.slope) / divisor[..., None]
        return Dual(value, slope)


def constant(value: np.ndarray | float) -> Dual:
    """`value` as a dual that nothing changes.

    Args: value, (...).
    Returns: the same numbers with slope 0 along every direction.
    Source: the derivative of a constant.

    >>> (constant(2.0) * Dual(np.array(5.0), np.array([1.0]))).slope
    array([2.])
    """
    value = np.asarray(value, dtype=np.float64)
    return Dual(value, np.zeros((*value.shape, 1)))


def larger(first: Dual, second: Dual, *, one_sided: bool = False) -> Dual:
    """The larger of two duals; at a tie the function has a kink, and the slope needs a rule.

    Args:
        first, second: duals that broadcast.
        one_sided: what to do at a tie. False: the mean of both slopes, as torch.maximum does. True: the
            larger slope, which is the exact derivative when moving forward along a direction.

    Returns:
        A dual of the common shape.

    Source: Griewank, Walther, Evaluating Derivatives, SIAM 2008, chapter 14.

    >>> here = np.array(1.0)
    >>> rising, falling = Dual(here, np.array([1.0])), Dual(here, np.array([-1.0]))
    >>> larger(rising, falling).slope, larger(rising, falling, one_sided=True).slope
    (array([0.]), array([1.]))
    """
    lead = (first.value - second.value)[..., None]
    at_tie = np.maximum(first.slope, second.slope) if one_sided else (first.slope + second.slope) / 2
    slope = np.where(lead > 0, first.slope, np.where(lead < 0, second.slope, at_tie))
    return Dual(np.maximum(first.value, second.value), slope)


def smaller(first: Dual, second: Dual, *, one_sided: bool = False) -> Dual:
    """The smaller of two duals, with the rule of `larger` at a tie.

    Args: first, second, duals that broadcast; one_sided as for `larger`.
    Returns: a dual of the common shape.
    Source: min(a, b) = -max(-a, -b).

    >>> smaller(constant(1.0), constant(2.0)).value
    np.float64(1.0)
    """
    return -larger(-first, -second, one_sided=one_sided)


def positive_part(length: Dual, *, one_sided: bool = False) -> Dual:
    """`length` where it is above 0, else 0: the width that two intervals share.

    Args:
        length: dual, any unit.
        one_sided: the slope at exactly 0. False: 0, as in torchvision's losses. True: the exact
            derivative when moving forward, which is the slope if it is upward.

    Returns:
        A dual of the same shape, value >= 0.

    Source: the clipping in torchvision.ops.generalized_box_iou_loss.

    >>> touching = Dual(np.array(0.0), np.array([1.0, -1.0]))
    >>> positive_part(touching).slope, positive_part(touching, one_sided=True).slope
    (array([0., 0.]), array([1., 0.]))
    """
    if one_sided:
        return larger(length, constant(0.0), one_sided=True)
    above = length.value > 0
    return Dual(np.where(above, length.value, 0.0), np.where(above[..., None], length.slope, 0.0))


def angle(opposite: Dual, adjacent: Dual) -> Dual:
    """The angle whose tangent is opposite / adjacent, safe where `adjacent` is 0.

    Args: opposite, adjacent, duals that broadcast, same unit, each >= 0.
    Returns: radians in [0, pi / 2]; 0 with slope 0 where both are 0.
    Source: d atan2(a, b) = (b da - a db) / (a^2 + b^2).

    >>> float(angle(constant(1.0), constant(0.0)).value) == np.pi / 2
    True
    """
    squared = opposite.value**2 + adjacent.value**2
    divisor = np.where(squared == 0, np.inf, squared)[..., None]
    slope = (
        opposite.slope * adjacent.value[..., None] - opposite.value[..., None] * adjacent.slope
    ) / divisor
    return Dual(np.arctan2(opposite.value, adjacent.value), slope)
