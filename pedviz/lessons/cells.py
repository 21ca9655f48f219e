"""Painted masks as letters that an address keeps: six cells a letter, the first in the highest bit."""

import numpy as np

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
CELLS_A_LETTER = 6
SIDE = 28  # the network's mask maps are so wide
EMPTY = np.zeros((SIDE, SIDE), dtype=bool)
PATTERN = f"[A-Za-z0-9_-]{{{-(-SIDE * SIDE // CELLS_A_LETTER)}}}"


def pack_cells(mask: np.ndarray) -> str:
    """The letters of a mask, row by row; the page reads them back with `unpackCells` of lessons/kit/cells.js.

    Args:
        mask: (28, 28) bool.

    Returns:
        131 letters; the bits after the last cell are 0.
    """
    cells = mask.ravel().astype(np.int64)
    padded = np.pad(cells, (0, -len(cells) % CELLS_A_LETTER)).reshape(-1, CELLS_A_LETTER)
    weights = 2 ** np.arange(CELLS_A_LETTER)[::-1]
    return "".join(LETTERS[place] for place in padded @ weights)
