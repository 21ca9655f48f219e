"""Boxes and how much they overlap.

Boxes are (x1, y1, x2, y2) with x1 <= x2 and y1 <= y2. N and M count boxes.
"""

import numpy as np


def box_area(boxes_xyxy: np.ndarray) -> np.ndarray:
    """Area of every box.

    Args: boxes_xyxy, (N, 4) in any one unit.
    Returns: (N,) in that unit squared; a reversed box gives a negative or wrong area, so check first.
    Source: elementary geometry.

    >>> box_area(np.array([[0.0, 0.0, 4.0, 2.0]]))
    array([8.])
    """
    return (boxes_xyxy[:, 2] - boxes_xyxy[:, 0]) * (boxes_xyxy[:, 3] - boxes_xyxy[:, 1])


def box_intersection(first_xyxy: np.ndarray, second_xyxy: np.ndarray) -> np.ndarray:
    """Area that every box of `first_xyxy` shares with every box of `second_xyxy`.

    Args: first_xyxy, (N, 4); second_xyxy, (M, 4), same unit.
    Returns: (N, M); 0 where boxes are apart or only touch.
    Source: the larger of the left edges to the smaller of the right ones, never below zero.
    """
    left_top = np.maximum(first_xyxy[:, None, :2], second_xyxy[None, :, :2])  # (N, M, 2)
    right_bottom = np.minimum(first_xyxy[:, None, 2:], second_xyxy[None, :, 2:])  # (N, M, 2)
    width_height = np.clip(right_bottom - left_top, 0, None)  # (N, M, 2)
    return width_height[..., 0] * width_height[..., 1]  # (N, M)


def box_iou(first_xyxy: np.ndarray, second_xyxy: np.ndarray) -> np.ndarray:
    """Intersection over union of every box of `first_xyxy` with every box of `second_xyxy`.

    Args: first_xyxy, (N, 4); second_xyxy, (M, 4), same unit.
    Returns: (N, M) in [0, 1], in the precision of the input; 0.0 where the union has no area.
    Source: Jaccard, 1901; Everingham et al., PASCAL VOC, IJCV 2010.

    >>> box_iou(np.array([[0.0, 0.0, 2.0, 2.0]]), np.array([[1.0, 1.0, 3.0, 3.0]]))
    array([[0.14285714]])
    """
    intersection = box_intersection(first_xyxy, second_xyxy)  # (N, M)
    union = box_area(first_xyxy)[:, None] + box_area(second_xyxy)[None, :] - intersection  # (N, M)
    return np.divide(intersection, union, out=np.zeros_like(union), where=union > 0)
