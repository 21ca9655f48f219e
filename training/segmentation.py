"""COCO's segmentations as masks of H x W pixels: run lengths by NumPy, polygons by pycocotools."""

import numpy as np

from pedviz.errors import PedvizError

POINTS = 3  # fewer make no area


def decode(segmentation: object, *, size: tuple[int, int]) -> np.ndarray:
    """A COCO segmentation as a mask.

    pycocotools fills what run lengths leave out with whatever the memory holds, and does not come back from
    points that are no numbers or far away; so both are looked at before anything is drawn.

    Args:
        segmentation: polygons [[x1, y1, x2, y2, ...], ...], or {"size": [H, W], "counts": run lengths}, the
            run lengths as a list or compressed to text.
        size: (height, width) of the picture.

    Returns:
        (H, W) bool.

    Raises:
        ValueError, TypeError: it is nothing of that kind, or of a picture of another size.
        PedvizError: it is polygons, and pycocotools is not installed.
    """
    if isinstance(segmentation, list) and segmentation:
        return _draw([_polygon(points, size) for points in segmentation], size)
    if not isinstance(segmentation, dict) or "counts" not in segmentation:
        raise ValueError("expected polygons or run lengths")
    if segmentation.get("size") != list(size):
        raise ValueError(
            f"its size is {segmentation.get('size')}, the picture's [height, width] {list(size)}"
        )
    return _runs(segmentation["counts"], size)


def _runs(counts: object, size: tuple[int, int]) -> np.ndarray:
    """Run lengths, column by column, outside first."""
    lengths = np.asarray(_uncompressed(counts) if isinstance(counts, str) else counts)
    pixels = size[0] * size[1]
    whole = lengths.ndim == 1 and lengths.dtype.kind in "iu" and ((lengths >= 0) & (lengths <= pixels)).all()
    if not whole or lengths.sum() != pixels:
        raise ValueError(f"its run lengths do not add up to {size[0]} x {size[1]} pixels")
    inside = np.arange(len(lengths)) % 2 == 1
    return np.repeat(inside, lengths).reshape(size[::-1]).T


def _uncompressed(counts: str) -> list[int]:
    """Run lengths from COCO's text.

    Five bits a character, the lowest first, and a sixth that says whether more follow. From the fourth on
    each is the difference from the one before the last.

    Source: rleFrString in pycocotools' maskApi.c.
    """
    lengths: list[int] = []
    value = shift = 0
    for character in counts.encode():
        code = character - ord("0")
        value |= (code & 31) << shift
        shift += 5
        if not code & 32:
            signed = value - (1 << shift) if code & 16 else value
            lengths.append(signed + (lengths[-2] if len(lengths) > 2 else 0))
            value = shift = 0
    return lengths


def _polygon(points: object, size: tuple[int, int]) -> list[float]:
    """A polygon that can be drawn; it may leave the picture by as much as the picture is wide and high."""
    edges = np.asarray(points, np.float64)
    if edges.ndim != 1 or len(edges) % 2 or len(edges) < 2 * POINTS:
        raise ValueError(f"a polygon has {POINTS} points or more, as [x1, y1, x2, y2, ...]")
    limits = np.array(size[::-1])  # (2,) as the points: x, y
    if not (np.abs(edges.reshape(-1, 2) - limits / 2) <= 1.5 * limits).all():
        raise ValueError(
            f"a polygon lies outside the picture of {size[0]} x {size[1]} pixels (height x width)"
        )
    return edges.tolist()


def _draw(polygons: list[list[float]], size: tuple[int, int]) -> np.ndarray:
    try:
        from pycocotools import mask  # late: machines that only train on Penn-Fudan do not need it
    except ImportError as error:
        raise PedvizError(
            "polygons in COCO's format need pycocotools; run: pip install pycocotools"
        ) from error
    return mask.decode(mask.merge(mask.frPyObjects(polygons, *size))).astype(bool)
