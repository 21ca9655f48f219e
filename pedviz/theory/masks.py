"""Masks: from the small map that a network makes to pixels, and how much two masks overlap.

A map is (S, S), the probability of "person" over the person's box, S = 28 in Mask R-CNN.
Letters in shapes: N and M count masks, H x W pixels of the image, h x w pixels of a window of it.
"""

from typing import Protocol

import numpy as np

from pedviz.theory.bilinear import neighbours

MAP_PADDING = 1
MASK_THRESHOLD = 0.5


class MappedBoxes(Protocol):
    """Boxes of one image, some of them with a map; `pedviz.types.Detections` is one.

    Attributes:
        image_size: (height, width) of the image, pixels.
        boxes_xyxy: (N, 4), pixels.
        map_rows: (N,) int, the row of `mask_maps` that belongs to a box, -1 for none.
        mask_maps: (M, S, S) uint8, probability x 255.
    """

    @property
    def image_size(self) -> tuple[int, int]:
        """Height and width of the image, pixels."""

    @property
    def boxes_xyxy(self) -> np.ndarray:
        """(N, 4) corners, pixels."""

    @property
    def map_rows(self) -> np.ndarray:
        """(N,) row of `mask_maps` for each box, -1 for none."""

    @property
    def mask_maps(self) -> np.ndarray:
        """(M, S, S) uint8, probability x 255."""


def expanded_box(box_xyxy: np.ndarray, *, map_size: int) -> tuple[int, int, int, int]:
    """The whole pixels that a map covers once a ring of zeros is put around it.

    The box grows about its centre by (S + 2) / S, as the map does, and is truncated towards zero, in
    float32, so that the last bit falls as in torchvision.

    Args: box_xyxy, (4,) pixels; map_size, S.
    Returns: (x1, y1, x2, y2), the first and the last pixel, both covered; may lie outside the image.
    Source: torchvision.models.detection.roi_heads.expand_boxes.

    >>> expanded_box(np.array([10, 10, 38, 66]), map_size=28)
    (9, 8, 39, 68)
    """
    box = np.asarray(box_xyxy, dtype=np.float32)
    half = (box[2:] - box[:2]) * np.float32(0.5) * np.float32((map_size + 2 * MAP_PADDING) / map_size)
    centre = (box[2:] + box[:2]) * np.float32(0.5)
    x1, y1, x2, y2 = (int(edge) for edge in np.concatenate([centre - half, centre + half]))
    return x1, y1, x2, y2


def paste_map(
    map_28: np.ndarray, box_xyxy: np.ndarray, *, height: int, width: int
) -> tuple[np.ndarray, tuple[int, int, int, int]]:
    """Stretch a map over its box, and cut off what falls outside the image.

    Args:
        map_28: (S, S), either float probabilities in [0, 1] or uint8 probabilities x 255.
        box_xyxy: (4,) pixels of the image.
        height, width: of the image, pixels.

    Returns:
        (h, w) float32 probabilities in [0, 1], and their window (x1, y1, x2, y2) in whole pixels, right
        and lower edges exclusive. The window is empty where the box lies outside the image.

    Source: torchvision.models.detection.roi_heads.paste_masks_in_image, with its bilinear interpolation
        that takes pixels as areas (align_corners=False).

    >>> window, place = paste_map(np.ones((28, 28)), np.array([10, 10, 38, 66]), height=100, width=24)
    >>> place, window.shape, float(window[30, 7])
    ((9, 8, 24, 69), (61, 15), 1.0)
    """
    size = len(map_28)
    scale = 255.0 if map_28.dtype == np.uint8 else 1.0
    padded = np.pad(map_28 / scale, MAP_PADDING)  # (S + 2, S + 2)
    x1, y1, x2, y2 = expanded_box(box_xyxy, map_size=size)
    columns = np.arange(max(x1, 0), min(x2 + 1, width))  # (w,)
    rows = np.arange(max(y1, 0), min(y2 + 1, height))  # (h,)
    if not len(columns) or not len(rows):
        return np.zeros((0, 0), np.float32), (0, 0, 0, 0)
    across = _stretched(padded.T, columns - x1, length=x2 - x1 + 1)  # (w, S + 2)
    window = _stretched(across.T, rows - y1, length=y2 - y1 + 1).astype(np.float32)  # (h, w)
    return window, (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def _stretched(cells: np.ndarray, pixels: np.ndarray, *, length: int) -> np.ndarray:
    """The rows of `cells` (S, C), stretched over max(`length`, 1) pixels and read at `pixels` (P,): (P, C).

    Two weighted rows a pixel: a product with the whole interpolation matrix takes several times as long.
    """
    positions = (pixels + 0.5) * (len(cells) / max(length, 1)) - 0.5
    found = neighbours(np.clip(positions, 0, len(cells) - 1), length=len(cells))
    return cells[found.low] * found.low_weight[:, None] + cells[found.high] * found.high_weight[:, None]


def paste_person(
    people: MappedBoxes,
    place: int,
    *,
    mask_threshold: float = MASK_THRESHOLD,
    image_size: tuple[int, int] | None = None,
    scale_xy: tuple[float, float] = (1.0, 1.0),
) -> tuple[np.ndarray, tuple[int, int, int, int]]:
    """The mask of one person and where it stands.

    Args:
        people: boxes and maps.
        place: which of them.
        mask_threshold: a pixel belongs to the person where its probability is > this, in [0, 1].
        image_size: (height, width) of the image to paste into; that of `people` by default.
        scale_xy: pixels of that image for one pixel of the boxes, along x and along y.

    Returns:
        (h, w) bool and its window (x1, y1, x2, y2) as in `paste_map`; empty for a person without a map.

    Source: as for `paste_map`.
    """
    row = people.map_rows[place]
    if row < 0:
        return np.zeros((0, 0), bool), (0, 0, 0, 0)
    height, width = image_size or people.image_size
    box = people.boxes_xyxy[place] * np.array([*scale_xy, *scale_xy])  # (4,) float64
    window, edges = paste_map(people.mask_maps[row], box, height=height, width=width)
    return window > mask_threshold, edges


def paste_masks(
    people: MappedBoxes,
    *,
    mask_threshold: float = MASK_THRESHOLD,
    image_size: tuple[int, int] | None = None,
    scale_xy: tuple[float, float] = (1.0, 1.0),
) -> np.ndarray:
    """The masks of everyone, as large as the image: one byte a pixel and a person.

    Args: as for `paste_person`.
    Returns: (N, H, W) bool; all False for a person without a map.
    Source: as for `paste_map`.
    """
    masks = np.zeros((len(people.boxes_xyxy), *(image_size or people.image_size)), bool)
    for place, mask in enumerate(masks):
        pasted, (x1, y1, x2, y2) = paste_person(
            people, place, mask_threshold=mask_threshold, image_size=image_size, scale_xy=scale_xy
        )
        mask[y1:y2, x1:x2] = pasted
    return masks


def mask_iou(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Overlap of every mask in `first` with every mask in `second`.

    Args: first, (N, H, W) bool; second, (M, H, W) bool.
    Returns: (N, M) float64 in [0, 1]; 0.0 where both masks are empty.
    Raises: ValueError if H or W differ.
    Source: Everingham et al., PASCAL VOC, IJCV 2010.

    >>> left = np.array([[[True, True, False]]])
    >>> mask_iou(left, np.array([[[False, True, True]]]))
    array([[0.33333333]])
    """
    if first.shape[1:] != second.shape[1:]:
        raise ValueError(f"masks of one image: expected equal sizes, got {first.shape} and {second.shape}")
    shared = np.zeros((len(first), len(second)))  # (N, M)
    for place, mask in enumerate(first):
        shared[place] = np.count_nonzero(mask & second, axis=(1, 2))
    union = first.sum(axis=(1, 2))[:, None] + second.sum(axis=(1, 2))[None, :] - shared  # (N, M)
    return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
