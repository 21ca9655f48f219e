"""The masks of the IoU lesson: pairs of 28 x 28 cells whose box IoU and mask IoU differ, or must not."""

from dataclasses import dataclass

import numpy as np

from pedviz.lessons.cells import EMPTY, SIDE, pack_cells
from pedviz.lessons.lesson import Preset, State
from pedviz.theory.boxes import box_iou
from pedviz.theory.masks import mask_iou

HALF_STROKE = 2  # cells to either side of a diagonal


def _disc(column: float, row: float, *, radius: float) -> np.ndarray:
    rows, columns = np.mgrid[:SIDE, :SIDE]
    return (columns - column) ** 2 + (rows - row) ** 2 <= radius**2


def _block(left: int, top: int, *, right: int, bottom: int) -> np.ndarray:
    mask = EMPTY.copy()
    mask[top:bottom, left:right] = True
    return mask


def _person(column: int, *, stride: int) -> np.ndarray:
    """A head, a body with arms and two legs, `stride` cells to either side at the feet."""
    mask = _disc(column, 3, radius=2.3) | _block(column - 2, 6, right=column + 3, bottom=16)
    mask |= _block(column - 4, 7, right=column + 5, bottom=8)
    for arm in (column - 4, column + 4):
        mask |= _block(arm, 7, right=arm + 1, bottom=13)
    for row in range(16, 26):
        spread = round(stride * (row - 15) / 10)
        for foot in (column - spread, column + spread):
            mask[row, foot - 1 : foot + 2] = True
    return mask


def _diagonal(*, rising: bool) -> np.ndarray:
    rows, columns = np.mgrid[:SIDE, :SIDE]
    across = SIDE - 1 - columns if rising else columns
    return np.abs(rows - across) <= HALF_STROKE


@dataclass(frozen=True, kw_only=True, eq=False)
class MaskPair:
    """Two masks worth comparing: key, label and note as for `Preset`, masks (28, 28) bool."""

    key: str
    label: str
    note: str
    first: np.ndarray
    second: np.ndarray

    def preset(self) -> Preset:
        """The pair as a preset of the lesson."""
        state: State = {"m1": pack_cells(self.first), "m2": pack_cells(self.second)}
        return Preset(key=self.key, label=self.label, note=self.note, state=state, group="masks")


_CENTRE = (SIDE - 1) / 2
_SQUARE = _block(4, 4, right=14, bottom=14)
MASK_PAIRS = (
    MaskPair(
        key="people",
        label="Two people",
        note="Two walkers side by side: their boxes share the gap between the legs, the people share little.",
        first=_person(9, stride=5),
        second=_person(17, stride=5),
    ),
    MaskPair(
        key="cross",
        label="Crossed diagonals",
        note="The same box, so the boxes agree perfectly. The masks meet only in the middle.",
        first=_diagonal(rising=False),
        second=_diagonal(rising=True),
    ),
    MaskPair(
        key="ring",
        label="Ring and disc",
        note="One mask lies in the hole of the other: not one cell is shared, though the boxes overlap.",
        first=_disc(_CENTRE, _CENTRE, radius=12.5) & ~_disc(_CENTRE, _CENTRE, radius=8.5),
        second=_disc(_CENTRE, _CENTRE, radius=7.5),
    ),
    MaskPair(
        key="stray",
        label="One stray cell",
        note="The other way round: the masks are equal but for one cell far off, which stretches the box "
        "of B.",
        first=_SQUARE,
        second=_SQUARE | _block(26, 26, right=27, bottom=27),
    ),
    MaskPair(
        key="blocks",
        label="Rectangles",
        note="Masks that fill their boxes: only then must both numbers be the same.",
        first=_block(3, 4, right=15, bottom=20),
        second=_block(9, 8, right=25, bottom=20),
    ),
    MaskPair(
        key="empty",
        label="Nothing painted",
        note="Two empty masks: 0 / 0 is undefined, and counts as 0. Paint.",
        first=EMPTY,
        second=EMPTY,
    ),
)
MASK_PRESETS = tuple(pair.preset() for pair in MASK_PAIRS)


def mask_box(mask: np.ndarray) -> np.ndarray:
    """The smallest box around a mask.

    Args: mask, (H, W) bool.
    Returns: (4,) float64, x1, y1, x2, y2 in cells, right and lower edges exclusive; zeros if it is empty.
    """
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return np.zeros(4)
    return np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1], dtype=np.float64)


def mask_numbers() -> dict[str, dict[str, float]]:
    """Mask IoU and box IoU of every pair, by its key."""
    return {
        pair.key: {
            "mask": float(mask_iou(pair.first[None], pair.second[None])[0, 0]),
            "box": float(box_iou(mask_box(pair.first)[None], mask_box(pair.second)[None])[0, 0]),
        }
        for pair in MASK_PAIRS
    }
