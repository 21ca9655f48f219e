"""Ground truth in COCO's detection format: the one reader for training, evaluation and comparison.

What other tools write in their own way is understood where it has one meaning, and said in a notice; what
would lose or invent objects is refused with one sentence that names file, entry and field.

Letters in shapes: G annotated objects of all images, crowds among them.
Source: https://cocodataset.org/#format-data
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pedviz.data.json_fields import (
    REQUIRED,
    Id,
    Table,
    anything,
    box,
    describe,
    identity,
    is_crowd,
    load_json,
    number,
    read_json,
    side,
    text,
)
from pedviz.errors import DatasetError

NAMED = 3  # of the entries that a notice is about


@dataclass(frozen=True, kw_only=True)
class CocoImage:
    """One image as the file lists it.

    Attributes:
        id: unique; a number where it can be read as one.
        file_name: as written; empty where there is none.
        size: (height, width) in pixels; None where it is not given.
        kind: a field of our own sets, None elsewhere.
    """

    id: Id
    file_name: str
    size: tuple[int, int] | None
    kind: str | None = None


@dataclass(frozen=True, kw_only=True)
class CocoCategory:
    """One category: its id, unique, and its name."""

    id: Id
    name: str


@dataclass(frozen=True, kw_only=True, eq=False)
class CocoTruth:
    """Every annotated object of a file, in the file's order.

    Attributes:
        file: name of the file, for messages.
        images: by rising id, as pycocotools goes through them.
        categories: by rising id.
        image_places: (G,) int64, the place of each object's image.
        category_places: (G,) int64, the place of its category.
        boxes_xywh: (G, 4) float64, pixels, no negative sizes.
        areas: (G,) float64, square pixels: the field `area`, by which COCO sorts objects into sizes; the
            area of the box where the field is missing.
        are_crowds: (G,) bool.
        segmentations: G polygons or run lengths as written, None where there are none.
        lists_categories: whether the file does; else they are named by the ids of the objects.
        aliases: ids of categories that are not listed to the id that they stand for.
        notices: one sentence for everything that was understood rather than read.
    """

    file: str
    images: tuple[CocoImage, ...]
    categories: tuple[CocoCategory, ...]
    image_places: np.ndarray
    category_places: np.ndarray
    boxes_xywh: np.ndarray
    areas: np.ndarray
    are_crowds: np.ndarray
    segmentations: tuple[object, ...]
    lists_categories: bool
    aliases: dict[Id, Id]
    notices: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.image_places)

    @property
    def has_masks(self) -> bool:
        """Whether there are objects and each has a segmentation."""
        return all_there(self.segmentations)


def all_there(segmentations: Sequence[object]) -> bool:
    """Whether there are masks, and none of them is missing."""
    return len(segmentations) > 0 and all(segmentations)


def read_truth(path: Path) -> CocoTruth:
    """Read a ground truth file; in a zip, the only JSON file in it.

    Raises:
        DatasetError: it cannot be read, or does not say one thing; the message names file, entry and field.
    """
    return parse_truth(read_json(path), file=path.name)


def truth_of_bytes(content: bytes, *, file: str) -> CocoTruth:
    """As `read_truth`, of the content of a file."""
    return parse_truth(load_json(content, file=file), file=file)


def parse_truth(content: object, *, file: str) -> CocoTruth:
    """As `read_truth`, of a JSON value."""
    if not isinstance(content, dict):
        found = "a list" if isinstance(content, list) else describe(content)
        raise DatasetError(
            f"{file}: it holds {found}; ground truth is an object with images, annotations and categories"
        )
    for name in ("images", "annotations"):
        if name not in content:
            raise DatasetError(f"{file}: it has no list '{name}'; it has {_listed(content)}")
    notices: list[str] = []
    images = _images(Table(file=file, name="images", entries=content["images"]))
    objects = Table(file=file, name="annotations", entries=content["annotations"])
    categories, aliases, of_objects = _categories(content.get("categories"), objects, notices=notices)
    boxes = turned_round(objects, objects.column("bbox", box), notices=notices)
    _note_repeated(objects, notices)
    places = {category.id: place for place, category in enumerate(categories)}
    places |= {alias: places[id_] for alias, id_ in aliases.items()}
    return CocoTruth(
        file=file, images=images, categories=categories, boxes_xywh=boxes,
        image_places=_image_places(objects, images),
        category_places=np.array([places[id_] for id_ in of_objects], np.int64),
        areas=_areas(objects, boxes, notices),
        are_crowds=np.array(objects.column("iscrowd", is_crowd, missing=0), bool),
        segmentations=tuple(objects.column("segmentation", anything, missing=None)),
        lists_categories=bool(content.get("categories")), aliases=aliases, notices=tuple(notices),
    )  # fmt: skip


def _listed(content: dict) -> str:
    return ", ".join(describe(name) for name in list(content)[:8]) or "nothing"


def _images(listed: Table) -> tuple[CocoImage, ...]:
    ids = listed.column("id", identity)
    _refuse_repeated(listed, "id", ids)
    names = listed.column("file_name", lambda name: "" if name is None else text(name), missing=None)
    widths, heights = (listed.column(name, side, missing=None) for name in ("width", "height"))
    kinds = listed.column("kind", anything, missing=None)
    images = [
        CocoImage(
            id=id_, file_name=name,
            size=(height, width) if height and width else None, kind=None if kind is None else str(kind),
        )
        for id_, name, width, height, kind in zip(ids, names, widths, heights, kinds, strict=True)
    ]  # fmt: skip
    return tuple(sorted(images, key=lambda image: order_of(image.id)))


def order_of(id_: Id) -> tuple[bool, Id]:
    """What ids sort by: numbers before names."""
    return isinstance(id_, str), id_


def _refuse_repeated(table: Table, field: str, values: Sequence[Id]) -> None:
    """Refuse a field that two entries share."""
    first: dict[Id, int] = {}
    for place, value in enumerate(values):
        if (earlier := first.setdefault(value, place)) != place:
            raise DatasetError(
                f"{table.at(place)}, {field}: {describe(value)} is also that of {table.name}[{earlier}]; "
                "what belongs to which cannot be told, give each its own"
            )


def _categories(
    listed: Any, objects: Table, *, notices: list[str]
) -> tuple[tuple[CocoCategory, ...], dict[Id, Id], list[Id]]:
    """The categories, which ids of objects stand for one of them, and the id of each object."""
    table = Table(file=objects.file, name="categories", entries=listed or [])
    ids = table.column("id", identity)
    _refuse_repeated(table, "id", ids)
    names = [str(name) for name in table.column("name", anything, missing="")]
    only = ids[0] if len(ids) == 1 else None
    used = objects.column("category_id", identity, missing=REQUIRED if len(ids) > 1 else [*ids, 1][0])
    unknown = sorted(set(used) - set(ids), key=order_of)
    if not ids:
        notices.append(f"{objects.file} lists no categories; they are named by their ids.")
        ids, names, unknown = unknown, [f"category {id_}" for id_ in unknown], []
    elif unknown and only is not None:
        notices.append(
            f"{objects.file} lists one category, {names[0]}; objects of category_id "
            f"{', '.join(map(describe, unknown[:NAMED]))} count as it."
        )
    elif unknown:
        place = used.index(unknown[0])
        raise objects.problem(
            place, "category_id", said=f"{describe(unknown[0])} is no id of the {len(ids)} categories"
        )
    found = [
        CocoCategory(id=id_, name=name or f"category {id_}") for id_, name in zip(ids, names, strict=True)
    ]
    found.sort(key=lambda category: order_of(category.id))
    return tuple(found), dict.fromkeys(unknown, only) if only is not None else {}, used


def _image_places(objects: Table, images: Sequence[CocoImage]) -> np.ndarray:
    places = {image.id: place for place, image in enumerate(images)}
    ids = objects.column("image_id", identity)
    for place, id_ in enumerate(ids):
        if id_ not in places:
            raise objects.problem(place, "image_id", said=f"{describe(id_)} is the id of no image")
    return np.array([places[id_] for id_ in ids], np.int64)


def turned_round(
    table: Table, boxes: Sequence[tuple[float, float, float, float]], *, notices: list[str]
) -> np.ndarray:
    """Boxes as (N, 4) float64 [x, y, width, height]; those drawn from the far corner are turned round."""
    found = np.array(boxes, np.float64).reshape(-1, 4)
    negative = found[:, 2:] < 0  # (N, 2)
    found[:, :2] += np.where(negative, found[:, 2:], 0)
    found[:, 2:] = np.abs(found[:, 2:])
    if (rows := np.flatnonzero(negative.any(axis=1))).size:
        notices.append(
            f"{_some(table, rows)}, bbox: width or height is negative; it is taken from its other corner."
        )
    return found


def _some(table: Table, rows: np.ndarray) -> str:
    """The entries that a notice is about, the first of them by place."""
    more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
    return f"{table.at(int(rows[0]))}{more}"


def _note_repeated(objects: Table, notices: list[str]) -> None:
    ids = [entry["id"] for entry in objects.entries if isinstance(entry.get("id"), int | str)]
    if repeated := [id_ for id_, times in Counter(ids).items() if times > 1]:
        notices.append(
            f"{objects.file}: {len(repeated)} ids of annotations occur more than once, such as "
            f"{describe(repeated[0])}; every entry counts as an object of its own."
        )


def _areas(objects: Table, boxes: np.ndarray, notices: list[str]) -> np.ndarray:
    given = objects.column("area", lambda value: None if value is None else number(value), missing=None)
    areas = np.array([np.nan if area is None else area for area in given], np.float64)
    missing = np.flatnonzero(np.isnan(areas))
    areas[missing] = boxes[missing, 2] * boxes[missing, 3]
    if missing.size:
        notices.append(f"{_some(objects, missing)}: there is no area; the size class comes from the box.")
    return areas
