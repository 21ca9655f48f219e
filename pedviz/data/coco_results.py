"""What a detector found, in COCO's results format and in the forms that other tools give it.

Understood are a list of results; an object that holds one as `predictions`, `annotations`, `results` or
`detections`; one entry per image with `boxes` (two corners), `scores` and `labels` as torchmetrics has them;
Ultralytics' `predictions.json`, whose images go by file name and whose categories may count from 0; and this
project's own export.

Letters in shapes: D detections of all images.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from pedviz.data.coco import CocoTruth, all_there, turned_round
from pedviz.data.json_fields import (
    Id,
    Table,
    anything,
    box,
    describe,
    identity,
    load_json,
    number,
    read_json,
    same_text,
)
from pedviz.errors import DatasetError

LISTS = ("predictions", "annotations", "results", "detections")
UNKNOWN = -1


@dataclass(frozen=True, kw_only=True, eq=False)
class CocoResults:
    """Every detection of a file whose image and category the ground truth has, in the file's order.

    Attributes:
        file: name of the file.
        image_places, category_places: (D,) int64, places in the ground truth.
        boxes_xywh: (D, 4) float64, pixels; None where the file has masks alone.
        scores: (D,) float64.
        segmentations: D masks as written, None for none.
        notices: one sentence for everything that was understood rather than read.
    """

    file: str
    image_places: np.ndarray
    category_places: np.ndarray
    boxes_xywh: np.ndarray | None
    scores: np.ndarray
    segmentations: tuple[object, ...]
    notices: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.scores)

    @property
    def has_masks(self) -> bool:
        """Whether every detection has a mask; a file without detections has none."""
        return all_there(self.segmentations)


def read_results(path: Path, truth: CocoTruth) -> CocoResults:
    """Read the results of a detector on the images of `truth`.

    Raises:
        DatasetError: it cannot be read, is of none of the forms, or is about other images or categories; the
            message names file, entry and field.
    """
    return parse_results(read_json(path), truth, file=path.name)


def results_of_bytes(content: bytes, truth: CocoTruth, *, file: str) -> CocoResults:
    """As `read_results`, of the content of a file."""
    return parse_results(load_json(content, file=file), truth, file=file)


def parse_results(content: object, truth: CocoTruth, *, file: str) -> CocoResults:
    """As `read_results`, of a JSON value."""
    notices: list[str] = []
    name, listed = _list_in(content, file)
    if listed and all(isinstance(entry, dict) and "boxes" in entry for entry in listed):
        listed, name = _one_by_one(Table(file=file, name=name, entries=listed), truth, notices), name
    table = Table(file=file, name=name, entries=listed)
    images = _image_places(table, truth, notices)
    categories = _category_places(table, truth, notices)
    scores = np.array(table.column("score", number), np.float64)
    boxed = [bool(entry.get("bbox")) for entry in table.entries]
    boxes = turned_round(table, table.column("bbox", box), notices=notices) if all(boxed) else None
    segmentations = table.column("segmentation", anything, missing=None)
    if boxes is None and (bare := _first_without(boxed, segmentations)) is not None:
        raise table.problem(bare, "bbox", said="there is neither a box nor a segmentation")
    kept = np.flatnonzero((images != UNKNOWN) & (categories != UNKNOWN))
    if len(table) and not kept.size:
        raise DatasetError(f"{file}: no detection is of an image and a category of {truth.file}")
    return CocoResults(
        file=file, image_places=images[kept], category_places=categories[kept],
        boxes_xywh=None if boxes is None else boxes[kept], scores=scores[kept],
        segmentations=tuple(segmentations[place] for place in kept), notices=tuple(notices),
    )  # fmt: skip


def _first_without(boxed: Sequence[bool], segmentations: Sequence[object]) -> int | None:
    """The first entry without a mask, of a file in which not every entry has a box."""
    if all(segmentations):
        return None
    return next(place for place, mask in enumerate(segmentations) if not mask or not boxed[place])


def _list_in(content: object, file: str) -> tuple[str, list]:
    """The list of results and what the file calls it."""
    if isinstance(content, list):
        return "", content
    if not isinstance(content, dict):
        raise DatasetError(f"{file}: it holds {describe(content)}, expected a list of detections")
    found = content.get("results")
    if isinstance(found, dict):  # our own export: a variant to its lists
        return _own_export(found, file)
    for name in LISTS:
        if isinstance(content.get(name), list):
            return name, content[name]
    there = ", ".join(map(describe, list(content)[:8])) or "nothing"
    raise DatasetError(f"{file}: it has none of the lists {', '.join(LISTS)}; it has {there}")


def _own_export(found: dict, file: str) -> tuple[str, list]:
    if len(found) != 1:
        raise DatasetError(
            f"{file}: it holds the results of {len(found)} detectors ({', '.join(map(str, found))}); "
            "save the list of one of them as a file of its own"
        )
    model, lists = next(iter(found.items()))
    if not isinstance(lists, dict) or not isinstance(lists.get("bbox"), list):
        raise DatasetError(f"{file}: results.{model} is {describe(lists)}, expected the lists bbox and segm")
    boxes, masks = lists["bbox"], lists.get("segm")
    if isinstance(masks, list) and len(masks) == len(boxes):
        pairs = zip(boxes, masks, strict=True)
        return f"results.{model}.bbox", [{**mask, **person} for person, mask in pairs]
    return f"results.{model}.bbox", boxes


def _one_by_one(images: Table, truth: CocoTruth, notices: list[str]) -> list[dict]:
    """Detections of entries that hold those of a whole image each."""
    by_order = not any("image_id" in entry or "file_name" in entry for entry in images.entries)
    if by_order and len(images) != len(truth.images):
        raise DatasetError(
            f"{images.file}: its {len(images)} entries name no image_id, and {truth.file} has "
            f"{len(truth.images)} images; add image_id to each"
        )
    if by_order:
        notices.append(f"{images.file} names no images; its entries are taken in the order of their ids.")
    found = []
    for place, entry in enumerate(images.entries):
        of = {"image_id": truth.images[place].id} if by_order else {
            key: entry[key] for key in ("image_id", "file_name") if key in entry
        }  # fmt: skip
        columns = [entry.get(key) for key in ("boxes", "scores", "labels")]
        lengths = {len(values) if isinstance(values, list) else None for values in columns}
        if None in lengths or len(lengths) > 1:
            raise images.problem(
                place, "boxes", said="expected boxes, scores and labels, three lists of one length"
            )
        for corners, score, label in zip(*columns, strict=True):
            try:
                x1, y1, x2, y2 = box(corners)
            except ValueError as error:
                raise images.problem(place, "boxes", said=error) from error
            found.append({**of, "bbox": [x1, y1, x2 - x1, y2 - y1], "score": score, "category_id": label})
    return found


def _image_places(table: Table, truth: CocoTruth, notices: list[str]) -> np.ndarray:
    """The image of each detection: by id, or by file name, path or stem, where these are unique."""
    by_id = {image.id: place for place, image in enumerate(truth.images)}
    by_name = _names_of(truth)
    field = "image_id" if not table.entries or "image_id" in table.entries[0] else "file_name"
    ids = table.column(field, identity)
    used_names = False
    places = np.full(len(ids), UNKNOWN, np.int64)
    for place, id_ in enumerate(ids):
        found = by_id.get(id_) if field == "image_id" else None
        if found is None and (found := by_name.get(str(id_).replace("\\", "/"))) is not None:
            used_names = True
        places[place] = UNKNOWN if found is None else found
    if used_names:
        notices.append(f"{table.file} names images by their files instead of their ids.")
    _note_unknown(table, ids, places, said=(field, "image"), notices=notices)
    return places


def _names_of(truth: CocoTruth) -> dict[str, int]:
    """File names, with and without their folders and endings, to the place of the only image they fit."""
    forms: tuple[Callable[[PurePosixPath], str], ...] = (str, lambda path: path.name, lambda path: path.stem)
    found: dict[str, int | None] = {}
    for form in forms:
        for place, image in enumerate(truth.images):
            name = form(PurePosixPath(same_text(image.file_name).replace("\\", "/")))
            found[name] = place if found.get(name, place) == place else None
    return {name: place for name, place in found.items() if place is not None and name}


def _category_places(table: Table, truth: CocoTruth, notices: list[str]) -> np.ndarray:
    """The category of each detection; ids that count from 0 where the truth's count from 1 are moved."""
    places = {category.id: place for place, category in enumerate(truth.categories)}
    places |= {alias: places[id_] for alias, id_ in truth.aliases.items()}
    missing = {"missing": truth.categories[0].id} if len(truth.categories) == 1 else {}
    ids = table.column("category_id", identity, **missing)
    used = set(ids)
    moved: dict[Id, Id] = {id_: id_ + 1 for id_ in used if isinstance(id_, int)}
    known = len(moved) == len(used) and all(id_ in places for id_ in moved.values())
    if 0 in used and 0 not in places and known:
        ids = [moved[id_] for id_ in ids]
        notices.append(f"{table.file} counts categories from 0, {truth.file} from 1; they are moved by one.")
    found = np.array([places.get(id_, UNKNOWN) for id_ in ids], np.int64)
    _note_unknown(table, ids, found, said=("category_id", "category"), notices=notices)
    return found


def _note_unknown(
    table: Table, ids: Sequence[Id], places: np.ndarray, *, said: tuple[str, str], notices: list[str]
) -> None:
    unknown = np.flatnonzero(places == UNKNOWN)
    if unknown.size:
        field, what = said
        notices.append(
            f"{table.at(int(unknown[0]))}, {field}: the ground truth has no {what} "
            f"{describe(ids[unknown[0]])}; {unknown.size} of {len(ids)} detections are left out."
        )
