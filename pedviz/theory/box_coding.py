"""Boxes as a network speaks of them: shifts and stretches of an anchor.

Boxes and anchors are (x1, y1, x2, y2) in pixels. N counts boxes. The four numbers of a code are
(dx, dy, dw, dh): the centre's shift in widths and heights of the anchor, and the logarithm of the stretch.
"""

import numpy as np

from pedviz.theory.checks import checked_boxes

PLAIN_WEIGHTS = (1.0, 1.0, 1.0, 1.0)  # the region proposal network
BOX_HEAD_WEIGHTS = (10.0, 10.0, 5.0, 5.0)  # brings the box head's targets to about one standard deviation
LARGEST_STRETCH = np.log(1000 / 16)  # an untrained network must not make exp overflow


def _centres_and_sides(boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    sides = boxes[:, 2:] - boxes[:, :2]  # (N, 2)
    return boxes[:, :2] + 0.5 * sides, sides


def encode_boxes(
    boxes_xyxy: np.ndarray,
    anchors_xyxy: np.ndarray,
    *,
    weights: tuple[float, float, float, float] = PLAIN_WEIGHTS,
) -> np.ndarray:
    """The codes that turn anchors into boxes: what the network is trained to say.

    Args:
        boxes_xyxy: (N, 4) pixels.
        anchors_xyxy: (N, 4) pixels, one for each box.
        weights: factors on dx, dy, dw, dh.

    Returns:
        (N, 4) float64, no unit; 0 where box and anchor are equal.

    Raises:
        ValueError: a box or an anchor is reversed or has no area, so that a logarithm does not exist.

    Source: Girshick et al., R-CNN, CVPR 2014, appendix C; torchvision's BoxCoder.

    >>> encode_boxes(np.array([[10, 0, 30, 20]]), np.array([[0, 0, 20, 10]])).round(4)
    array([[0.5   , 0.5   , 0.    , 0.6931]])
    """
    (centre, sides), (anchor_centre, anchor_sides) = (
        _centres_and_sides(checked_boxes(name, boxes))
        for name, boxes in (("boxes_xyxy", boxes_xyxy), ("anchors_xyxy", anchors_xyxy))
    )
    if not ((sides > 0).all() and (anchor_sides > 0).all()):
        raise ValueError("only boxes and anchors with an area can be encoded; one has a side of 0")
    shift = (centre - anchor_centre) / anchor_sides  # (N, 2)
    stretch = np.log(sides / anchor_sides)  # (N, 2)
    return np.hstack([shift, stretch]) * np.asarray(weights)


def decode_boxes(
    codes: np.ndarray,
    anchors_xyxy: np.ndarray,
    *,
    weights: tuple[float, float, float, float] = PLAIN_WEIGHTS,
) -> np.ndarray:
    """The boxes that codes make of anchors: what the network means.

    Args:
        codes: (N, 4), no unit.
        anchors_xyxy: (N, 4) pixels, one for each code.
        weights: the factors that the codes were made with.

    Returns:
        (N, 4) float64, pixels, not clipped to any image; a stretch is at most 1000 / 16 times.

    Raises:
        ValueError: an anchor is reversed.

    Source: the inverse of `encode_boxes`; torchvision's BoxCoder.

    >>> decode_boxes(np.array([[0.5, 0.5, 0.0, np.log(2)]]), np.array([[0, 0, 20, 10]]))
    array([[10.,  0., 30., 20.]])
    """
    anchor_centre, anchor_sides = _centres_and_sides(checked_boxes("anchors_xyxy", anchors_xyxy))
    codes = np.asarray(codes, dtype=np.float64) / np.asarray(weights)
    centre = anchor_centre + codes[:, :2] * anchor_sides  # (N, 2)
    sides = anchor_sides * np.exp(np.minimum(codes[:, 2:], LARGEST_STRETCH))  # (N, 2)
    return np.hstack([centre - sides / 2, centre + sides / 2])
