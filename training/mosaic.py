"""Several photos in one square image, for a network whose input is much larger than they are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

SIDE = 1024  # pixels, of SAM 2's input
WIDE = 1.2  # times as wide as high: above, two columns show a photo larger than three do


def columns_and_rows(*, width: int, height: int) -> tuple[int, int]:
    """The cells in which a photo of this shape is best seen."""
    return (2, 3) if width > WIDE * height else (3, 2) if height > WIDE * width else (3, 3)


@dataclass(frozen=True, kw_only=True, eq=False)
class Mosaic:
    """Photos of one shape of cell, each as large as its cell allows.

    Attributes:
        pixels: (SIDE, SIDE, 3) uint8, black where no photo is.
        corners: of each photo in it, (n, 4): x1, y1, x2, y2 in pixels.
        sizes: of each photo itself, (n, 2): width and height.
    """

    pixels: np.ndarray
    corners: np.ndarray
    sizes: np.ndarray

    @classmethod
    def of(cls, photos: Sequence[np.ndarray], *, columns: int, rows: int) -> "Mosaic":
        """Put at most `columns` times `rows` photos, (H, W, 3) uint8 each, into one image."""
        pixels = np.zeros((SIDE, SIDE, 3), np.uint8)
        corners = np.zeros((len(photos), 4), int)
        sizes = np.array([photo.shape[1::-1] for photo in photos])
        for place, (photo, size) in enumerate(zip(photos, sizes, strict=True)):
            scale = min(SIDE // columns / size[0], SIDE // rows / size[1])
            width, height = np.maximum((size * scale).astype(int), 1)
            x, y = place % columns * (SIDE // columns), place // columns * (SIDE // rows)
            shown = Image.fromarray(photo).resize((width, height), Image.Resampling.BICUBIC)
            pixels[y : y + height, x : x + width] = np.asarray(shown)
            corners[place] = x, y, x + width, y + height
        return cls(pixels=pixels, corners=corners, sizes=sizes)

    def boxes(self, places: Sequence[int], boxes_xyxy: np.ndarray) -> np.ndarray:
        """Boxes of the photos at `places`, (K, 4) in their own pixels, as boxes of the mosaic."""
        corners = self.corners[places]
        scale = (corners[:, 2:] - corners[:, :2]) / self.sizes[places]
        return (boxes_xyxy.reshape(-1, 2, 2) * scale[:, None] + corners[:, None, :2]).reshape(-1, 4)

    def cut(self, place: int, field: np.ndarray) -> np.ndarray:
        """The part of `field`, (h, w) float over the whole mosaic, that the photo at `place` has, (H, W)."""
        box = tuple(self.corners[place] * field.shape[0] / SIDE)
        part = Image.fromarray(field.astype(np.float32)).resize(
            tuple(self.sizes[place]), Image.Resampling.BILINEAR, box=box
        )
        return np.asarray(part)
