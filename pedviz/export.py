"""Detections for other programs: COCO JSON and CSV. The page, the command line and the API share the schema.

Coordinates are pixels of the upright original, whatever size the detector saw. H x W pixels of it.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pedviz.errors import PedvizError
from pedviz.theory.masks import paste_person
from pedviz.types import DEFAULT_MASK_THRESHOLD, PERSON_LABEL, Detections

Results = Sequence[tuple[str, Detections]]
CSV_HEADER = ("photo", "model", "person", "score", "x1", "y1", "x2", "y2", "box_area", "mask_area")
# What a spreadsheet takes for the start of a formula, in plain and in full-width form.
_FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, kw_only=True, eq=False)
class _Person:
    """One person in pixels of the original; `mask` stands at `window` and is None where there is no map."""

    score: float
    box_xyxy: tuple[float, float, float, float]
    mask: np.ndarray | None
    window: tuple[int, int, int, int]


def to_coco(
    photo_name: str,
    results: Results,
    *,
    original_size: tuple[int, int],
    scale_xy: tuple[float, float] = (1.0, 1.0),
    mask_threshold: float = DEFAULT_MASK_THRESHOLD,
    image_id: int = 1,
) -> dict[str, object]:
    """Detections in COCO's format.

    The file loads with `COCO`, and each list of its results with `COCO.loadRes`, which refuses an empty
    one: look first. A result with a mask has no box, or COCO would take its size class from the box.

    Args:
        photo_name: what the visitor calls the photo.
        results: a variant's id and the view to export, one a detector.
        original_size: (height, width) of the upright original, pixels.
        scale_xy: pixels of the original for one pixel of the detections, along x and along y.
        mask_threshold: a pixel belongs to a person where its probability is > this, in [0, 1].
        image_id: of the photo, from 1.

    Returns:
        {"images": the photo, "annotations": none, because nobody has labelled it, "categories": person,
        "results": {model id: {"bbox": [...], "segm": [...]}}}. Each result has "image_id", "category_id"
        and "score"; then "bbox" [x, y, width, height], or "segmentation" {"size": [H, W], "counts":
        compressed run lengths} for people with a mask map.

    Raises:
        PedvizError: there are masks and pycocotools is not installed.
    """
    height, width = original_size
    listed: dict[str, dict[str, list]] = {}
    for model_id, detections in results:
        lists = listed.setdefault(model_id, {"bbox": [], "segm": []})
        for person in _people(detections, original_size, scale_xy=scale_xy, mask_threshold=mask_threshold):
            x1, y1, x2, y2 = person.box_xyxy
            facts = {"image_id": image_id, "category_id": PERSON_LABEL, "score": person.score}
            lists["bbox"].append({**facts, "bbox": [x1, y1, x2 - x1, y2 - y1]})
            if person.mask is not None:
                encoded = _run_lengths(person.mask, person.window, original_size)
                lists["segm"].append({**facts, "segmentation": encoded})
    return {
        "images": [{"id": image_id, "file_name": photo_name, "width": width, "height": height}],
        "annotations": [],
        "categories": [{"id": PERSON_LABEL, "name": "person", "supercategory": "person"}],
        "results": listed,
    }


def to_csv(
    photo_name: str,
    results: Results,
    *,
    original_size: tuple[int, int],
    scale_xy: tuple[float, float] = (1.0, 1.0),
    mask_threshold: float = DEFAULT_MASK_THRESHOLD,
    header: bool = True,
) -> str:
    """Detections as a table, one row a person, best score first in each detector.

    Args: as for `to_coco`; header, whether the first row names the columns.
    Returns: text by RFC 4180, lines ending in CR LF; mask_area is empty without a mask map. A name that a
        spreadsheet would run as a formula gets an apostrophe in front.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)  # its defaults are RFC 4180
    if header:
        writer.writerow(CSV_HEADER)
    for model_id, detections in results:
        names = safe_cell(photo_name), safe_cell(model_id)
        people = _people(detections, original_size, scale_xy=scale_xy, mask_threshold=mask_threshold)
        for rank, person in enumerate(people, start=1):
            x1, y1, x2, y2 = person.box_xyxy
            mask_area = "" if person.mask is None else np.count_nonzero(person.mask)
            row = (*names, rank, person.score, x1, y1, x2, y2, (x2 - x1) * (y2 - y1), mask_area)
            writer.writerow(row)
    return text.getvalue()


def safe_cell(text: str) -> str:
    """`text` as a spreadsheet cell that is shown and never run.

    Source: OWASP, CSV Injection.

    >>> safe_cell("=1+1.jpg")
    "'=1+1.jpg"
    """
    return f"'{text}" if text.strip().startswith(_FORMULA_STARTS) else text


def _people(
    detections: Detections, size: tuple[int, int], *, scale_xy: tuple[float, float], mask_threshold: float
) -> Iterator[_Person]:
    boxes = detections.boxes_xyxy * np.array([*scale_xy, *scale_xy])  # (N, 4) float64
    for place, (x1, y1, x2, y2) in enumerate(boxes.tolist()):
        mask, window = paste_person(
            detections, place, mask_threshold=mask_threshold, image_size=size, scale_xy=scale_xy
        )
        yield _Person(
            score=float(str(detections.scores[place])),  # the shortest decimals of this float32
            box_xyxy=(x1, y1, x2, y2),
            mask=None if detections.map_rows[place] < 0 else mask,
            window=window,
        )


def _run_lengths(
    mask: np.ndarray, window: tuple[int, int, int, int], size: tuple[int, int]
) -> dict[str, object]:
    """COCO's compressed form of a mask as large as the original, ready for JSON."""
    try:
        from pycocotools import mask as mask_tools
    except ImportError as error:
        raise PedvizError("masks in COCO files need pycocotools; run: pip install pycocotools") from error
    x1, y1, x2, y2 = window
    whole = np.zeros(size, np.uint8, order="F")
    whole[y1:y2, x1:x2] = mask
    encoded = mask_tools.encode(whole)
    return {"size": list(size), "counts": encoded["counts"].decode("ascii")}
