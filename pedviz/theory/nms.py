"""Non-maximum suppression: of boxes that overlap too much, the best score stays. N counts boxes."""

import numpy as np

from pedviz.theory.boxes import box_iou


def suppress(
    boxes_xyxy: np.ndarray, scores: np.ndarray, labels: np.ndarray | None = None, *, threshold: float
) -> np.ndarray:
    """Greedy suppression, within each label.

    The best box is kept and every later one with IoU > `threshold` (strictly) to it goes; then the
    next one that is left, and so on. Equal scores keep their order. The IoU is taken in float32 and
    compared as it is, so that torchvision and a browser give the same answer to the last bit.

    Args:
        boxes_xyxy: (N, 4), pixels.
        scores: (N,).
        labels: (N,) int; boxes of different labels do not suppress each other. None: all the same.
        threshold: IoU in [0, 1].

    Returns:
        (P,) int64 places of the boxes that stay, best score first.

    Source: Girshick et al., R-CNN, CVPR 2014; the conventions are those of torchvision.ops.nms.

    >>> boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 9], [20, 0, 30, 10]], dtype=np.float32)
    >>> suppress(boxes, np.array([0.9, 0.8, 0.7]), threshold=0.5)
    array([0, 2])
    """
    boxes = np.asarray(boxes_xyxy, dtype=np.float32)
    order = np.argsort(-np.asarray(scores), kind="stable")
    too_close = box_iou(boxes, boxes).astype(np.float64) > threshold  # (N, N)
    if labels is not None:
        too_close &= np.asarray(labels)[:, None] == np.asarray(labels)[None, :]
    gone = np.zeros(len(boxes), dtype=bool)
    kept = []
    for place in order:
        if not gone[place]:
            kept.append(place)
            gone |= too_close[place]
    return np.array(kept, dtype=np.int64)
