"""What theory refuses, said in one sentence."""

import numpy as np


def checked_boxes(name: str, boxes_xyxy: np.ndarray) -> np.ndarray:
    """`boxes_xyxy` as float64, once it is known that they are boxes. Boxes without area are.

    Args: name, what the caller calls them; boxes_xyxy, (N, 4).
    Returns: (N, 4) float64.
    Raises: ValueError if the shape is another, a number is not finite, or corners are reversed.
    Source: x1 <= x2 and y1 <= y2, the convention of `boxes`.

    >>> checked_boxes("prediction", np.array([[5, 0, 3, 9]]))
    Traceback (most recent call last):
    ValueError: prediction: expected finite x1 <= x2 and y1 <= y2, got [5.0, 0.0, 3.0, 9.0]
    """
    boxes = np.asarray(boxes_xyxy, dtype=np.float64)
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError(f"{name}: expected boxes (N, 4), got shape {boxes.shape}")
    wrong = ~(np.isfinite(boxes).all(1) & (boxes[:, :2] <= boxes[:, 2:]).all(1))
    if wrong.any():
        raise ValueError(f"{name}: expected finite x1 <= x2 and y1 <= y2, got {boxes[wrong][0].tolist()}")
    return boxes


def checked_box(name: str, box_xyxy: np.ndarray) -> np.ndarray:
    """`box_xyxy` as float64, once it is known to be one box.

    Args: name, what the caller calls it; box_xyxy, (4,).
    Returns: (4,) float64.
    Raises: ValueError if the shape is another, a number is not finite, or corners are reversed.
    Source: `checked_boxes`.

    >>> checked_box("region", np.array([2, 0, 7, 6]))
    array([2., 0., 7., 6.])
    """
    return checked_boxes(name, np.asarray(box_xyxy)[None])[0]
