"""Non-maximum suppression: of boxes that overlap too much, the best score stays. N counts boxes."""

from dataclasses import dataclass

import numpy as np

from pedviz.theory.boxes import box_iou


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """One box that went: its `place`, the place of the kept box `by` which, and their `iou` in (0, 1]."""

    place: int
    by: int
    iou: float


def suppress(
    boxes_xyxy: np.ndarray, scores: np.ndarray, *, threshold: float, labels: np.ndarray | None = None
) -> np.ndarray:
    """Greedy suppression, within each label.

    The best box is kept and every later one with IoU > `threshold` (strictly) to it goes; then the
    next one that is left, and so on. Equal scores keep their order. The IoU is taken in float32 and
    compared as it is, so that torchvision and a browser give the same answer to the last bit.

    Args:
        boxes_xyxy: (N, 4), pixels.
        scores: (N,).
        threshold: IoU in [0, 1].
        labels: (N,) int; boxes of different labels do not suppress each other. None: all the same.

    Returns:
        (P,) int64 places of the boxes that stay, best score first.

    Source: Girshick et al., R-CNN, CVPR 2014; the conventions are those of torchvision.ops.nms.

    >>> boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 9], [20, 0, 30, 10]], dtype=np.float32)
    >>> suppress(boxes, np.array([0.9, 0.8, 0.7]), threshold=0.5)
    array([0, 2])
    """
    return explain_suppression(boxes_xyxy, scores, threshold=threshold, labels=labels)[0]


def explain_suppression(
    boxes_xyxy: np.ndarray, scores: np.ndarray, *, threshold: float, labels: np.ndarray | None = None
) -> tuple[np.ndarray, tuple[Suppression, ...]]:
    """As `suppress`, and for each box that goes, which kept box it was too close to.

    Args: as for `suppress`.
    Returns: the (P,) int64 places that stay, and one `Suppression` for each that goes, in order of place.
    Source: as for `suppress`.

    >>> boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 9]], dtype=np.float32)
    >>> explain_suppression(boxes, np.array([0.9, 0.8]), threshold=0.5)[1]
    (Suppression(place=1, by=0, iou=0.8999999761581421),)
    """
    boxes = np.asarray(boxes_xyxy, dtype=np.float32)
    order = np.argsort(-np.asarray(scores), kind="stable")
    overlap = box_iou(boxes, boxes).astype(np.float64)  # (N, N)
    too_close = overlap > threshold  # (N, N)
    if labels is not None:
        too_close &= np.asarray(labels)[:, None] == np.asarray(labels)[None, :]
    suppressor = np.full(len(boxes), -1)
    kept = []
    for place in order:
        if suppressor[place] < 0:
            kept.append(place)
            suppressor[too_close[place] & (suppressor < 0)] = place
    gone = np.setdiff1d(np.arange(len(boxes)), kept)
    reasons = tuple(
        Suppression(place=int(place), by=int(by), iou=float(overlap[by, place]))
        for place, by in zip(gone, suppressor[gone], strict=True)
    )
    return np.array(kept, dtype=np.int64), reasons
