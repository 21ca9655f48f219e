"""Boxes on the move: straight paths past a target, where the loss bends on the way, and descent.

Boxes are (x1, y1, x2, y2) in pixels. P counts boxes on a path.
"""

from dataclasses import dataclass

import numpy as np

from pedviz.theory.iou_losses import Kind, box_loss_gradient, directional_slopes

SNAP = 1e-9  # pixels per pixel of coordinate: rounding that separates two edges that coincide on paper
SAME_PLACE = 1e-9  # parts of a path: meetings closer than this are one, apart by rounding
BEND = 1e-9  # loss per path: smaller differences of slope are rounding


def straight_path(start_xyxy: np.ndarray, end_xyxy: np.ndarray, *, points: int) -> np.ndarray:
    """Boxes evenly spaced on the straight line between two boxes, both included.

    Args: start_xyxy, (4,); end_xyxy, (4,); points, at least 2.
    Returns: (points, 4) float64.
    Source: linear interpolation of each edge.

    >>> straight_path(np.array([0, 0, 2, 2]), np.array([4, 0, 6, 2]), points=3)[1]
    array([2., 0., 4., 2.])
    """
    return np.linspace(np.asarray(start_xyxy, float), np.asarray(end_xyxy, float), points)


@dataclass(frozen=True, kw_only=True, eq=False)
class Kinks:
    """Where a loss bends on the way from one box to another.

    Attributes:
        at: (K,) rising, in (0, 1): the part of the way gone.
        boxes_xyxy: (K, 4) the moving box there, pixels.
        slope_before, slope_after: (K,) loss per whole way, to either side.
    """

    at: np.ndarray
    boxes_xyxy: np.ndarray
    slope_before: np.ndarray
    slope_after: np.ndarray


def _meetings(start: np.ndarray, step: np.ndarray, target: np.ndarray) -> np.ndarray:
    """(K,) parts of the way at which an edge of the moving box is level with an edge of the target."""
    edges, others = np.array([(i, j) for i in range(4) for j in (i % 2, i % 2 + 2)]).T
    moving = step[edges] != 0
    edges, others = edges[moving], others[moving]
    at = np.unique((target[others] - start[edges]) / step[edges])
    at = at[(at > 0) & (at < 1)]
    return at[np.diff(at, prepend=-np.inf) > SAME_PLACE]


def _snapped(boxes: np.ndarray, target: np.ndarray) -> np.ndarray:
    """`boxes` (K, 4) with edges that are level with the target's but for rounding made exactly so."""
    for edge in range(4):
        for other in (edge % 2, edge % 2 + 2):
            near = np.abs(boxes[:, edge] - target[other]) <= SNAP * (1 + np.abs(target[other]))
            boxes[near, edge] = target[other]
    return boxes


def kinks_along(
    start_xyxy: np.ndarray, end_xyxy: np.ndarray, *, target_xyxy: np.ndarray, kind: Kind
) -> Kinks:
    """Where the loss bends while a box travels on a straight line past a target.

    The losses are made of smooth pieces that meet where an edge of the box is level with an edge of the
    target; of those places, these are the ones at which the slope really jumps.

    Args:
        start_xyxy, end_xyxy: (4,) where the box sets off and arrives.
        target_xyxy: (4,).
        kind: which of the four losses.

    Returns:
        The kinks strictly between start and end.

    Raises:
        ValueError: a box is not finite or reversed, or the kind is unknown.

    Source: `iou_losses.directional_slopes` along the path, forwards and backwards.

    >>> target = np.array([20.0, 0, 30, 10])
    >>> kinks = kinks_along(target - [20, 0, 20, 0], target, target_xyxy=target, kind="iou")
    >>> kinks.at, kinks.slope_before, kinks.slope_after  # flat until they touch
    (array([0.5]), array([0.]), array([-1.]))
    """
    start, end, target = (np.asarray(box, dtype=np.float64) for box in (start_xyxy, end_xyxy, target_xyxy))
    step = end - start
    at = _meetings(start, step, target)
    boxes = _snapped(start + at[:, None] * step, target)  # (K, 4)
    slopes = directional_slopes(boxes, target[None], directions=np.stack([-step, step]), kind=kind)[:, 0]
    before, after = 0.0 - slopes[:, 0], slopes[:, 1]  # no minus zero
    bends = np.abs(after - before) > BEND
    return Kinks(at=at[bends], boxes_xyxy=boxes[bends], slope_before=before[bends], slope_after=after[bends])


def _uncrossed(box: np.ndarray) -> np.ndarray:
    """`box` (4,) with edges that have passed each other put where they met, in the middle."""
    middle = (box[:2] + box[2:]) / 2
    return np.concatenate([np.minimum(box[:2], middle), np.maximum(box[2:], middle)])


def descend(
    start_xyxy: np.ndarray, target_xyxy: np.ndarray, *, kind: Kind, steps: int, rate: float
) -> np.ndarray:
    """Gradient descent of one box towards a target.

    Args:
        start_xyxy: (4,).
        target_xyxy: (4,).
        kind: which of the four losses.
        steps: how many, at least 0.
        rate: pixels squared; each edge moves by rate x loss per pixel in a step.

    Returns:
        (steps + 1, 4) float64, the box before each step and after the last. With the IoU loss a box
        that is apart from the target stays where it is.

    Raises:
        ValueError: a box is not finite or reversed, or the kind is unknown.

    Source: Cauchy, 1847.

    >>> start, target = np.array([0.0, 0, 10, 10]), np.array([20.0, 0, 30, 10])
    >>> descend(start, target, kind="iou", steps=3, rate=30.0)[-1]
    array([ 0.,  0., 10., 10.])
    >>> descend(start, target, kind="giou", steps=1, rate=30.0)[-1].round(3)
    array([-0.333,  0.   , 11.   , 10.   ])
    """
    path = [np.asarray(start_xyxy, dtype=np.float64)]
    target = np.asarray(target_xyxy, dtype=np.float64)[None]
    for _ in range(steps):
        slope = box_loss_gradient(path[-1][None], target, kind=kind)[0, 0]
        path.append(_uncrossed(path[-1] - rate * slope))
    return np.stack(path)
