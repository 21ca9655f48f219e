"""COCO's segmentations as masks of H x W pixels: run lengths by NumPy, polygons by pycocotools."""

from types import ModuleType

import numpy as np

from pedviz.errors import PedvizError

POINTS = 3  # fewer make no area
LONGEST_RUN_BITS = 35  # far more than any image has pixels


def decode(segmentation: object, *, size: tuple[int, int]) -> np.ndarray:
    """A COCO segmentation as a mask.

    pycocotools fills what run lengths leave out with whatever the memory holds, and does not come back from
    points that are no numbers or far away; so both are looked at before anything is drawn.

    Args:
        segmentation: polygons [[x1, y1, x2, y2, ...], ...], or {"size": [H, W], "counts": run lengths}, the
            run lengths as a list or compressed to text.
        size: (height, width) of the image.

    Returns:
        (H, W) bool.

    Raises:
        ValueError, TypeError: it is nothing of that kind, or of an image of another size.
        PedvizError: it is polygons, and pycocotools is not installed.
    """
    if isinstance(segmentation, list) and segmentation:
        return mask_tools().decode(_drawn(segmentation, size)).astype(bool)
    return _runs(_counts_of(segmentation, size), size)


def compressed(segmentation: object, *, size: tuple[int, int]) -> dict[str, object]:
    """A COCO segmentation as the compressed run lengths that pycocotools measures, checked as in `decode`.

    Args, Raises: as for `decode`; run lengths need pycocotools here too.
    """
    if isinstance(segmentation, list) and segmentation:
        return _drawn(segmentation, size)
    counts = _counts_of(segmentation, size)
    lengths = _checked_runs(counts, size)
    if isinstance(counts, str):
        return {"size": list(size), "counts": counts.encode()}
    return mask_tools().frPyObjects({"size": list(size), "counts": lengths.tolist()}, *size)


def _counts_of(segmentation: object, size: tuple[int, int]) -> object:
    if not isinstance(segmentation, dict) or "counts" not in segmentation:
        raise ValueError("expected polygons or run lengths")
    given = segmentation.get("size")
    if not isinstance(given, list) or list(map(str, given)) != list(map(str, size)):  # also as text
        raise ValueError(f"its size is {segmentation.get('size')}, the image's [height, width] {list(size)}")
    return segmentation["counts"]


def _runs(counts: object, size: tuple[int, int]) -> np.ndarray:
    """Run lengths, column by column, outside first."""
    lengths = _checked_runs(counts, size)
    inside = np.arange(len(lengths)) % 2 == 1
    return np.repeat(inside, lengths).reshape(size[::-1]).T


def _checked_runs(counts: object, size: tuple[int, int]) -> np.ndarray:
    lengths = np.asarray(_uncompressed(counts) if isinstance(counts, str) else counts)
    pixels = size[0] * size[1]
    whole = lengths.ndim == 1 and lengths.dtype.kind in "iu" and ((lengths >= 0) & (lengths <= pixels)).all()
    if not whole or lengths.sum() != pixels:
        raise ValueError(f"its run lengths do not add up to {size[0]} x {size[1]} pixels")
    return lengths


def _uncompressed(counts: str) -> np.ndarray:
    """Run lengths from COCO's text; empty where it is no such text.

    Five bits a character, the lowest first, and a sixth that says whether more follow. From the fourth on
    each is the difference from the one before the last.

    Source: rleFrString in pycocotools' maskApi.c.
    """
    codes = np.frombuffer(counts.encode(), np.uint8).astype(np.int64) - ord("0")
    ends = np.flatnonzero(codes & 32 == 0)
    if not ends.size or ends[-1] != len(codes) - 1 or codes.min() < 0 or codes.max() > 63:
        return np.zeros(0, np.int64)
    starts = np.concatenate([[0], ends[:-1] + 1])
    bits = 5 * (np.arange(len(codes)) - np.repeat(starts, ends - starts + 1))
    if bits.max() > LONGEST_RUN_BITS:
        return np.zeros(0, np.int64)
    lengths = np.add.reduceat((codes & 31) << bits, starts)
    lengths -= np.where(codes[ends] & 16, 32 << bits[ends], 0)
    lengths[1::2] = np.cumsum(lengths[1::2])
    lengths[2::2] = np.cumsum(lengths[2::2])
    return lengths


def _polygon(points: object, size: tuple[int, int]) -> list[float]:
    """A polygon that can be drawn; it may leave the image by as much as the image is wide and high."""
    try:
        edges = np.asarray(points, np.float64)
    except OverflowError as error:
        raise ValueError("a polygon holds a number that no coordinate can be") from error
    if edges.ndim != 1 or len(edges) % 2 or len(edges) < 2 * POINTS:
        raise ValueError(f"a polygon has {POINTS} points or more, as [x1, y1, x2, y2, ...]")
    limits = np.array(size[::-1])  # (2,) as the points: x, y
    if not (np.abs(edges.reshape(-1, 2) - limits / 2) <= 1.5 * limits).all():
        raise ValueError(f"a polygon lies outside the image of {size[0]} x {size[1]} pixels (height x width)")
    return edges.tolist()


def _drawn(polygons: list, size: tuple[int, int]) -> dict[str, object]:
    checked = [_polygon(points, size) for points in polygons]
    return mask_tools().merge(mask_tools().frPyObjects(checked, *size))


def mask_tools() -> ModuleType:
    """The module pycocotools.mask.

    Raises:
        PedvizError: it is not installed; the message says how.
    """
    try:
        from pycocotools import mask  # late: machines that only train on Penn-Fudan do not need it
    except ImportError as error:
        raise PedvizError(
            "polygons and masks of COCO files need pycocotools; run: pip install pycocotools"
        ) from error
    return mask
