"""The values that cross every boundary of PedViz: frozen, NumPy only, validated once.

Letters in shapes: N candidates, M candidates with a mask map, K people in the ground truth, H x W pixels.
Boxes are (x1, y1, x2, y2) in pixels of the image that was given to the detector, x to the right and
y down, with x2 and y2 exclusive edges: a box that covers the whole image is (0, 0, W, H).
"""

from dataclasses import dataclass, field, replace
from typing import TypedDict

import numpy as np

from pedviz.theory.masks import MASK_THRESHOLD
from pedviz.theory.nms import suppress

MAP_SIZE = 28
PERSON_LABEL = 1
SCORE_FLOOR = 0.05
DEFAULT_SCORE_THRESHOLD = 0.5  # scores are calibrated: above it a person is likelier than not
DEFAULT_NMS_THRESHOLD = 0.5
DEFAULT_MASK_THRESHOLD = MASK_THRESHOLD
DETECTION_LIMIT = 100
SAME_PERSON_IOU = 0.5  # two boxes that overlap so much are of one person, until a visitor asks for more
LOWEST_THRESHOLD, HIGHEST_THRESHOLD = 0.05, 0.95  # of masks and overlaps: beyond, all or nothing counts


class Thresholds(TypedDict):
    """The score from which detections are kept, thresholds at first, and how far they go; in [0, 1]."""

    floor: float
    score: float
    nms: float
    mask: float
    iou: float
    low: float
    high: float


# The browser is sent these and writes none of them a second time.
THRESHOLDS: Thresholds = {
    "floor": SCORE_FLOOR,
    "score": DEFAULT_SCORE_THRESHOLD,
    "nms": DEFAULT_NMS_THRESHOLD,
    "mask": DEFAULT_MASK_THRESHOLD,
    "iou": SAME_PERSON_IOU,
    "low": LOWEST_THRESHOLD,
    "high": HIGHEST_THRESHOLD,
}


@dataclass(frozen=True, kw_only=True)
class Timings:
    """Seconds that one detection took, by stage. Zero where a stage did not run."""

    prepare_seconds: float = 0.0
    network_seconds: float = 0.0
    finish_seconds: float = 0.0

    @property
    def total_seconds(self) -> float:
        """All three stages together."""
        return self.prepare_seconds + self.network_seconds + self.finish_seconds


def _require(name: str, array: np.ndarray, shape: tuple[int | None, ...], dtype: type) -> None:
    """Raise ValueError unless `array` has this dtype and this shape (None: any length)."""
    fits = len(array.shape) == len(shape) and all(
        want is None or want == have for want, have in zip(shape, array.shape, strict=True)
    )
    if not fits or array.dtype != np.dtype(dtype):
        wanted = tuple("any" if want is None else want for want in shape)
        raise ValueError(f"{name}: expected {np.dtype(dtype).name} {wanted}, got {array.dtype} {array.shape}")


def _require_boxes(boxes_xyxy: np.ndarray) -> None:
    """Raise ValueError unless these are (N, 4) float32 boxes with ordered, finite corners."""
    _require("boxes_xyxy", boxes_xyxy, (None, 4), np.float32)
    wrong = ~(np.isfinite(boxes_xyxy).all(1) & (boxes_xyxy[:, :2] <= boxes_xyxy[:, 2:]).all(1))
    if wrong.any():
        first = boxes_xyxy[wrong][0].tolist()
        raise ValueError(f"boxes_xyxy: expected finite x1 <= x2 and y1 <= y2, got {first}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Detections:
    """What one detector found in one image: candidates, or a view of them.

    A detector returns **every** candidate above its floor, best first, before suppression;
    `view` suppresses and cuts. A candidate's `ids` entry is its place in the full list, so a person
    keeps an identity (and a colour) through every view.

    Attributes:
        image_size: (height, width) in pixels of the image that the boxes refer to.
        boxes_xyxy: (N, 4) float32, pixels, finite, x1 <= x2 and y1 <= y2.
        scores: (N,) float32 in (0, 1], never increasing.
        labels: (N,) int64; 1 is a person.
        ids: (N,) int64, distinct places in the full list of candidates.
        map_rows: (N,) int64, the row of `mask_maps` that belongs to a candidate, -1 for none.
        mask_maps: (M, 28, 28) uint8, probability x 255 over the candidate's box, as the network makes it.
        timings: what the run that made these took.

    Raises:
        ValueError: a shape, dtype, range or order is not the one above.
    """

    image_size: tuple[int, int]
    boxes_xyxy: np.ndarray
    scores: np.ndarray
    labels: np.ndarray
    ids: np.ndarray
    map_rows: np.ndarray
    mask_maps: np.ndarray
    timings: Timings = field(default_factory=Timings)

    def __post_init__(self) -> None:
        _require_boxes(self.boxes_xyxy)
        count = len(self)
        _require("scores", self.scores, (count,), np.float32)
        for name in ("labels", "ids", "map_rows"):
            _require(name, getattr(self, name), (count,), np.int64)
        _require("mask_maps", self.mask_maps, (None, MAP_SIZE, MAP_SIZE), np.uint8)
        if not ((self.scores > 0) & (self.scores <= 1)).all() or (np.diff(self.scores) > 0).any():
            raise ValueError(f"scores: expected (0, 1], best first, got {self.scores[:5].tolist()} ...")
        if len(np.unique(self.ids)) != count or (self.ids < 0).any():
            raise ValueError(f"ids: expected distinct places from 0, got {self.ids[:5].tolist()} ...")
        wrong = self.map_rows[(self.map_rows < -1) | (self.map_rows >= len(self.mask_maps))]
        if len(wrong):
            most = len(self.mask_maps) - 1
            raise ValueError(f"map_rows: expected -1 to {most}, got {wrong[:5].tolist()} ...")

    def __len__(self) -> int:
        return len(self.boxes_xyxy)

    def select(self, places: np.ndarray) -> "Detections":
        """The detections at `places` ((P,) int, ascending), with their maps and identities."""
        rows = self.map_rows[places]
        kept = rows >= 0
        renumbered = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int64)
        return replace(
            self, boxes_xyxy=self.boxes_xyxy[places], scores=self.scores[places], labels=self.labels[places],
            ids=self.ids[places], map_rows=renumbered, mask_maps=self.mask_maps[rows[kept]],
        )  # fmt: skip

    def view(
        self,
        score_threshold: float = DEFAULT_SCORE_THRESHOLD,
        *,
        nms_threshold: float = DEFAULT_NMS_THRESHOLD,
        limit: int = DETECTION_LIMIT,
    ) -> "Detections":
        """What is shown, exported and evaluated at these thresholds.

        Call it on the full list: suppressing an already suppressed list is not the same.

        Args:
            score_threshold: keep score > this, both in float32; in [0, 1].
            nms_threshold: of two boxes with IoU > this, the lower score goes; in [0, 1].
            limit: at most this many people, best first.
        """
        above = np.flatnonzero(self.scores > np.float32(score_threshold))
        kept = suppress(
            self.boxes_xyxy[above], self.scores[above], threshold=nms_threshold, labels=self.labels[above]
        )
        return self.select(above[kept[:limit]])


@dataclass(frozen=True, kw_only=True, eq=False)
class GroundTruth:
    """The people that really are in an image.

    Attributes:
        image_size: (height, width) in pixels.
        boxes_xyxy: (K, 4) float32, pixels, finite, x1 <= x2 and y1 <= y2.
        masks: (K, H, W) bool, or None where only boxes are known.
        crowds: how many of the last boxes are of crowds, in which nobody is counted, in [0, K]. COCO's
            numbers heed it; the images of the site have none.

    Raises:
        ValueError: a shape, dtype or range is not the one above.
    """

    image_size: tuple[int, int]
    boxes_xyxy: np.ndarray
    masks: np.ndarray | None = None
    crowds: int = 0

    def __post_init__(self) -> None:
        _require_boxes(self.boxes_xyxy)
        if not 0 <= self.crowds <= len(self.boxes_xyxy):
            raise ValueError(f"expected 0 to {len(self.boxes_xyxy)} crowds, got {self.crowds}")
        if self.masks is not None:
            _require("masks", self.masks, (len(self.boxes_xyxy), *self.image_size), np.bool_)

    def __len__(self) -> int:
        return len(self.boxes_xyxy)

    @property
    def are_crowds(self) -> np.ndarray:
        """(K,) bool."""
        return np.arange(len(self)) >= len(self) - self.crowds
