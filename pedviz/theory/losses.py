"""The losses that a detector is trained with. Each gives its value and its gradient.

N counts boxes or anchors, K counts classes, m x m is the size of a mask map (28). `...` stands for any
axes. Logarithms are natural.
"""

from dataclasses import dataclass

import numpy as np

from pedviz.theory.activations import sigmoid, softmax
from pedviz.theory.anchors import PERSON

DETECTOR_BETA = 1 / 9  # torchvision's smooth L1 in both box losses


def l1(residual: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The absolute error and its gradient: the same pull however small the error.

    Args: residual, (...), prediction - target.
    Returns: (...) loss >= 0, and (...) slope in {-1, 0, 1}, 0 at the kink.
    Source: |x|.

    >>> l1(np.array([-2.0, 0.0, 0.5]))
    (array([2. , 0. , 0.5]), array([-1.,  0.,  1.]))
    """
    residual = np.asarray(residual, dtype=np.float64)
    return np.abs(residual), np.sign(residual)


def l2(residual: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Half the squared error and its gradient: an outlier pulls as hard as it is far.

    Args: residual, (...), prediction - target.
    Returns: (...) loss >= 0, and (...) slope. Twice this is torch's mse_loss.
    Source: x^2 / 2.

    >>> l2(np.array([-2.0, 0.0, 0.5]))
    (array([2.   , 0.   , 0.125]), array([-2. ,  0. ,  0.5]))
    """
    residual = np.asarray(residual, dtype=np.float64)
    return residual**2 / 2, residual.copy()


def smooth_l1(residual: np.ndarray, *, beta: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """A parabola within `beta`, straight beyond: no kink at 0, and outliers pull no harder than 1.

    Args: residual, (...), prediction - target; beta >= 0, where the pieces meet; 0 is `l1`.
    Returns: (...) loss >= 0, and (...) slope in [-1, 1].
    Raises: ValueError if beta < 0.
    Source: Girshick, Fast R-CNN, ICCV 2015, equation 3 (beta = 1); torch's smooth_l1_loss.

    >>> smooth_l1(np.array([-2.0, 0.0, 0.5]))
    (array([1.5  , 0.   , 0.125]), array([-1. ,  0. ,  0.5]))
    """
    if beta < 0:
        raise ValueError(f"beta: expected at least 0, got {beta}")
    size, sign = l1(residual)
    if beta == 0:
        return size, sign
    near = size < beta
    return np.where(near, size**2 / (2 * beta), size - beta / 2), np.where(near, sign * size / beta, sign)


def log_loss(probability: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What a probability costs once the truth is known: -log of what was given to the truth.

    Args: probability, (...) in [0, 1], of "person"; target, (...) in {0, 1}.
    Returns: (...) loss in [0, inf], and (...) slope by the probability; infinite where the truth was
        called impossible.
    Raises: ValueError if a probability is outside [0, 1].
    Source: Girshick, Fast R-CNN, ICCV 2015; -log[p p* + (1 - p*)(1 - p)].

    >>> loss, slope = log_loss(np.array([0.5, 0.99]), np.array([1, 0]))
    >>> loss.round(4), slope.round(4)
    (array([0.6931, 4.6052]), array([ -2., 100.]))
    """
    probability, target = np.asarray(probability, dtype=np.float64), np.asarray(target)
    if not ((probability >= 0) & (probability <= 1)).all():
        raise ValueError(f"probability: expected [0, 1], got {probability.min()} to {probability.max()}")
    given_to_truth = probability * target + (1 - target) * (1 - probability)
    with np.errstate(divide="ignore"):
        return -np.log(given_to_truth), (1 - 2 * target) / given_to_truth


def binary_cross_entropy(logits: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Binary cross-entropy of sigmoid(logits), computed from the logits so that nothing overflows.

    Args: logits, (...), any real; targets, (...) in [0, 1], soft targets welcome.
    Returns: (...) loss >= 0, and (...) slope by the logit, sigmoid - target.
    Source: torch's binary_cross_entropy_with_logits.

    >>> binary_cross_entropy(np.array([0.0, 1000.0]), np.array([1.0, 0.0]))[0].round(4)
    array([6.931e-01, 1.000e+03])
    """
    logits, targets = np.asarray(logits, dtype=np.float64), np.asarray(targets, dtype=np.float64)
    loss = np.maximum(logits, 0) - logits * targets + np.log1p(np.exp(-np.abs(logits)))
    return loss, sigmoid(logits) - targets


def cross_entropy(logits: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cross-entropy of softmax(logits): the classes share one probability, so they compete.

    Args: logits, (..., K); labels, (...) int, the true classes.
    Returns: (...) loss >= 0, and (..., K) slope by each logit, softmax - one-hot.
    Source: torch's cross_entropy.

    >>> loss, slope = cross_entropy(np.array([[0.0, np.log(3)]]), np.array([1]))
    >>> loss.round(4), slope.round(4)
    (array([0.2877]), array([[ 0.25, -0.25]]))
    """
    logits = np.asarray(logits, dtype=np.float64)
    one_hot = np.arange(logits.shape[-1]) == np.asarray(labels)[..., None]  # (..., K)
    largest = logits.max(axis=-1)
    log_sum = largest + np.log(np.exp(logits - largest[..., None]).sum(axis=-1))
    return log_sum - (logits * one_hot).sum(axis=-1), softmax(logits) - one_hot


@dataclass(frozen=True, kw_only=True)
class RpnLoss:
    """The two losses of a region proposal network; `total` is what is minimised."""

    objectness: float
    boxes: float

    @property
    def total(self) -> float:
        """Their sum."""
        return self.objectness + self.boxes


def rpn_loss(
    logits: np.ndarray,
    codes: np.ndarray,
    *,
    labels: np.ndarray,
    target_codes: np.ndarray,
    balance: float = 1.0,
    box_count: int | None = None,
    beta: float = DETECTOR_BETA,
) -> RpnLoss:
    """The multi-task loss of the sampled anchors: is it a person, and where exactly.

    Args:
        logits: (N,) objectness.
        codes: (N, 4) predicted, as `box_coding.encode_boxes` makes them.
        labels: (N,) int: 1 a person, 0 background; ignored anchors are not sampled.
        target_codes: (N, 4); those of background anchors do not count.
        balance: lambda, the weight of the box term.
        box_count: N_reg, what the box term is divided by; None takes N, as torchvision does. The paper
            takes the number of places (about 2,400) and lambda = 10.
        beta: of the smooth L1.

    Returns:
        Both terms, >= 0.

    Raises:
        ValueError: no anchor is given, or one is labelled neither person nor background.

    Source: Ren et al., Faster R-CNN, NIPS 2015, equation 1.

    >>> loss = rpn_loss(np.zeros(2), np.array([[1.0, 0, 0, 0], [9, 9, 9, 9]]),
    ...                 labels=np.array([1, 0]), target_codes=np.zeros((2, 4)), beta=1.0)
    >>> round(loss.objectness, 4), loss.boxes
    (0.6931, 0.25)
    """
    labels = np.asarray(labels)
    if not len(labels) or not np.isin(labels, (0, 1)).all():
        raise ValueError(f"labels: expected anchors labelled 0 or 1, got {np.unique(labels).tolist()}")
    positive = labels == PERSON
    errors, _ = smooth_l1(np.asarray(codes)[positive] - np.asarray(target_codes)[positive], beta=beta)
    return RpnLoss(
        objectness=float(binary_cross_entropy(logits, labels)[0].mean()),
        boxes=float(balance * errors.sum() / (box_count or len(labels))),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class MaskLoss:
    """The loss of one person's mask.

    Attributes:
        value: the mean over the map, >= 0.
        cells: (m, m) the loss of each cell.
        slopes: (K, m, m) slope of `value` by each logit.
    """

    value: float
    cells: np.ndarray
    slopes: np.ndarray


def mask_loss(logits: np.ndarray, target: np.ndarray, *, true_class: int) -> MaskLoss:
    """Mask R-CNN's mask loss: a yes or no for each cell, on the true class's map alone.

    Args: logits, (K, m, m); target, (m, m) in [0, 1]; true_class, the map that the ground truth names.
    Returns: the loss; the slopes of every other class are 0, so classes do not compete.
    Source: He et al., Mask R-CNN, ICCV 2017, section 3; torchvision's maskrcnn_loss.

    >>> loss = mask_loss(np.zeros((2, 1, 1)), np.ones((1, 1)), true_class=1)
    >>> round(loss.value, 4), loss.slopes.ravel()
    (0.6931, array([ 0. , -0.5]))
    """
    cells, cell_slopes = binary_cross_entropy(np.asarray(logits)[true_class], target)
    slopes = np.zeros(np.shape(logits))
    slopes[true_class] = cell_slopes / cells.size
    return MaskLoss(value=float(cells.mean()), cells=cells, slopes=slopes)


def competing_mask_loss(logits: np.ndarray, target: np.ndarray, *, true_class: int) -> MaskLoss:
    """The alternative that Mask R-CNN argues against: one softmax over the classes in each cell.

    Args: logits, (K, m, m), class 0 the background; target, (m, m) in {0, 1}; true_class, not 0.
    Returns: the loss; every class has a slope, so a person's map suffers from a confident dog's.
    Source: He et al., Mask R-CNN, ICCV 2017, table 2b; torch's cross_entropy.

    >>> loss = competing_mask_loss(np.zeros((2, 1, 1)), np.ones((1, 1)), true_class=1)
    >>> round(loss.value, 4), loss.slopes.ravel()
    (0.6931, array([ 0.5, -0.5]))
    """
    labels = np.where(np.asarray(target) > 0, true_class, 0)  # (m, m)
    cells, cell_slopes = cross_entropy(np.moveaxis(np.asarray(logits), 0, -1), labels)
    return MaskLoss(
        value=float(cells.mean()), cells=cells, slopes=np.moveaxis(cell_slopes, -1, 0) / cells.size
    )
