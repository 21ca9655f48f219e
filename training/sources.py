"""Where pictures with people come from: Penn-Fudan, or any folder or zip in COCO's detection format.

K people, H x W pixels.
"""

import hashlib
import io
import json
import math
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

import numpy as np
from PIL import Image, ImageOps

from pedviz.data.pennfudan import PennFudan
from pedviz.data.photos import FORMATS, MIN_SIDE, READER_ERRORS
from pedviz.errors import DatasetError, reason_of
from training.segmentation import decode

ANNOTATIONS, PERSON = "annotations.json", "person"
THINNEST = 40  # times as long as wide: longer, nothing is left across once a picture is resized
NAMED = 5  # of the pictures that are missing
# What reading a file out of a folder or a zip raises.
_UNREADABLE = (
    OSError, KeyError, EOFError, NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample:
    """One picture: `pixels` (H, W, 3) uint8, `boxes` (K, 4) float32, `masks` (K, H, W) bool or None.

    The last `crowds` of the K are crowds.
    """

    id: str
    pixels: np.ndarray
    boxes: np.ndarray
    masks: np.ndarray | None
    crowds: int = 0


class PennFudanSamples:
    """The pictures of Penn-Fudan with the given names."""

    def __init__(self, archive: PennFudan, names: tuple[str, ...]) -> None:
        self.archive = archive
        self.ids = names

    def load(self, sample_id: str) -> Sample:
        """Read one picture with its people."""
        truth = self.archive.ground_truth(sample_id)
        return Sample(
            id=sample_id, pixels=self.archive.image(sample_id), boxes=truth.boxes_xyxy, masks=truth.masks
        )


class CocoSamples:
    """A folder or zip with `images/` and `annotations.json` in COCO's detection format.

    Boxes are required, masks (polygons or RLE) are used where a picture's every person has one. Of several
    categories the one named "person" counts, a single one whatever its name. `kinds` keeps only pictures
    whose `kind` is listed, where pictures have kinds. Crowds and pictures with nobody teach nothing and are
    left out, unless `measuring`: a detection in either would otherwise count as something else than it is.

    Raises:
        DatasetError: annotations.json is missing or is not of that format, none of its categories is a
            person, people would be lost, or a picture with people is missing or lies outside `images/`.
    """

    def __init__(self, source: Path, *, kinds: tuple[str, ...] = (), measuring: bool = False) -> None:
        self.source = source
        try:
            content = self._read(ANNOTATIONS)
            listed = json.loads(content)
            categories = self._categories(listed)
            people = _people(listed["annotations"], categories=categories, measuring=measuring)
            self._require_one_picture_each(listed["images"], people)
            pictures = [p for p in listed["images"] if measuring or p["id"] in people]
            kept = [p for p in pictures if not kinds or p.get("kind") in kinds]
            self._people = {self._inside(p["file_name"]): people.get(p["id"], []) for p in kept}
            sized = [p for p in kept if p.get("width") and p.get("height")]
            self._sizes = {p["file_name"]: (p["width"], p["height"]) for p in sized}
            self.kinds = {kind for p in listed["images"] if (kind := p.get("kind")) is not None}
        except (*_UNREADABLE, ValueError, TypeError, AttributeError) as error:
            raise DatasetError(
                f"{source}: no COCO {ANNOTATIONS} could be read: {type(error).__name__}: {reason_of(error)}"
            ) from error
        self.digest = hashlib.sha256(content).hexdigest()
        self.ids = tuple(sorted(self._people))
        self._require_pictures()

    def _read(self, name: str) -> bytes:
        if self.source.is_dir():
            return (self.source / name).read_bytes()
        with zipfile.ZipFile(self.source) as archive:
            return archive.read(name)

    def _categories(self, listed: dict) -> set[Hashable] | None:
        """The ids that mean a person; None where everything is one."""
        categories = listed.get("categories") or []
        if len(categories) <= 1:
            return None
        names = {category["id"]: str(category["name"]) for category in categories}
        if found := {key for key, name in names.items() if name.casefold() == PERSON}:
            return found
        raise DatasetError(
            f"{self.source}: none of the {len(names)} categories of {ANNOTATIONS} is '{PERSON}': it has "
            f"{', '.join(names.values())}; name the one that means people '{PERSON}'"
        )

    def _require_one_picture_each(self, pictures: list[dict], people: dict[Hashable, list[dict]]) -> None:
        """Refuse people whom two pictures of one name, or none, would lose."""
        names = Counter(picture["file_name"] for picture in pictures)
        if twice := [name for name, times in names.items() if times > 1]:
            raise DatasetError(
                f"{self.source}: {ANNOTATIONS} lists {twice[0]} more than once; list it once, with all "
                "of its people"
            )
        if strangers := set(people) - {picture["id"] for picture in pictures}:
            raise DatasetError(
                f"{self.source}: {ANNOTATIONS} has people of image_id {strangers.pop()!r}, which is no "
                "picture's id (a number and its text differ)"
            )

    def _inside(self, file_name: str) -> str:
        path = PureWindowsPath(file_name)  # it knows / and \ and drives
        if not path.parts or path.anchor or ".." in path.parts:
            raise DatasetError(
                f"{self.source}: '{file_name}' of {ANNOTATIONS} is no picture inside images/; "
                "name it by its path from there"
            )
        return file_name

    def _require_pictures(self) -> None:
        if self.source.is_dir():
            missing = [name for name in self.ids if not _is_file(self.source / "images" / name)]
        else:
            with zipfile.ZipFile(self.source) as archive:
                members = set(archive.namelist())
            missing = [name for name in self.ids if f"images/{name}" not in members]
        if missing:
            more = ", ..." if len(missing) > NAMED else ""
            raise DatasetError(
                f"{self.source}: {len(missing)} of {len(self.ids)} pictures of {ANNOTATIONS} are not in "
                f"images/: {', '.join(missing[:NAMED])}{more}; add them, or take them out of {ANNOTATIONS}"
            )

    @property
    def people(self) -> int:
        """How many there are in all pictures together."""
        return sum(not _is_crowd(person) for people in self._people.values() for person in people)

    def has_masks(self, sample_id: str) -> bool:
        """Whether a picture's every person has a mask."""
        return all(person.get("segmentation") for person in self._people[sample_id])

    def load(self, sample_id: str) -> Sample:
        """Read one picture with its people.

        Raises:
            DatasetError: the picture or a mask of it cannot be decoded, the two or what is said of them
                differ in size, or a person lies outside the picture.
        """
        pixels = self._pixels(sample_id)
        height, width = pixels.shape[:2]
        if min(height, width) < max(MIN_SIDE, max(height, width) / THINNEST):
            raise DatasetError(
                f"{self.source}: images/{sample_id} is {width} x {height} pixels, too small or too thin; "
                f"take it out of {ANNOTATIONS}"
            )
        boxes = self._boxes(sample_id, (height, width))
        masks = self._masks(sample_id, (height, width)) if self.has_masks(sample_id) else None
        crowds = sum(map(_is_crowd, self._people[sample_id]))
        return Sample(id=sample_id, pixels=pixels, boxes=boxes, masks=masks, crowds=crowds)

    def _pixels(self, sample_id: str) -> np.ndarray:
        try:
            picture = Image.open(io.BytesIO(self._read(f"images/{sample_id}")), formats=FORMATS)
            seen = ImageOps.exif_transpose(picture)  # as its camera was held
            listed = self._sizes.get(sample_id, seen.size)
            if picture.size != listed or seen.size == listed:
                picture = seen  # else it was annotated as it is stored
            pixels = np.array(picture.convert("RGB"))
        except (*_UNREADABLE, *READER_ERRORS, Image.DecompressionBombError) as error:
            raise DatasetError(
                f"{self.source}: images/{sample_id} is damaged or no picture that can be opened; "
                f"replace it, or take it out of {ANNOTATIONS}"
            ) from error
        if picture.size != listed:
            raise DatasetError(
                f"{self.source}: images/{sample_id} is {picture.width} x {picture.height} pixels, "
                f"{ANNOTATIONS} says {listed[0]} x {listed[1]}; its people would be elsewhere: put the "
                "picture there that was annotated"
            )
        return pixels

    def _boxes(self, sample_id: str, size: tuple[int, int]) -> np.ndarray:
        """(K, 4) float32: [x, y, width, height] as corners, cut at the picture's edge."""
        listed = [person["bbox"] for person in self._people[sample_id]]
        boxes = np.array(listed, np.float32).reshape(-1, 4)
        boxes[:, 2:] += boxes[:, :2]
        boxes = boxes.clip(0, np.array(size[::-1] * 2, np.float32))
        outside = np.flatnonzero((boxes[:, 2:] <= boxes[:, :2]).any(axis=1))
        if len(outside):
            number = outside[0] + 1
            raise DatasetError(
                f"{self.source}: the box of person {number} of images/{sample_id} lies outside the picture, "
                f"which is {size[1]} x {size[0]} pixels; mend it, or take it out of {ANNOTATIONS}"
            )
        return boxes

    def _masks(self, sample_id: str, size: tuple[int, int]) -> np.ndarray:
        masks = [np.zeros((0, *size), bool)]
        for number, person in enumerate(self._people[sample_id], start=1):
            try:
                masks.append(decode(person["segmentation"], size=size)[None])
            except (ValueError, TypeError) as error:
                raise DatasetError(
                    f"{self.source}: the segmentation of person {number} of images/{sample_id} cannot be "
                    f"used: {error}; mend it, or take it out of {ANNOTATIONS}"
                ) from error
        return np.concatenate(masks)


def kinds_in(text: str) -> list[str]:
    """The kinds that `--kinds` names, separated by commas."""
    return [kind for kind in text.split(",") if kind]


def coco_sources(
    paths: Sequence[Path], *, kinds: Sequence[str] = (), measuring: bool = False
) -> list[CocoSamples]:
    """The folders and zips at `paths`.

    Raises:
        DatasetError: one cannot be used, or none of them has a picture of one of the `kinds`.
    """
    sources = [CocoSamples(path, kinds=tuple(kinds), measuring=measuring) for path in paths]
    known = set[str]().union(*(source.kinds for source in sources))
    if unknown := [kind for kind in kinds if kind not in known]:
        there = f"there are {', '.join(sorted(known))}" if known else "no picture has a kind"
        raise DatasetError(f"no picture is of the kind {', '.join(unknown)}: {there}; see --kinds")
    return sources


def _is_crowd(annotation: dict) -> bool:
    return bool(annotation.get("iscrowd"))


def _people(
    annotations: list[dict], *, categories: set[Hashable] | None, measuring: bool
) -> dict[Hashable, list[dict]]:
    """The annotations that are a person each, by picture; to measure the thin ones too, and crowds last.

    Raises:
        ValueError: a box is not four numbers, or none of them can be in pixels.
    """
    people, widest = defaultdict(list), None
    for person in sorted(annotations, key=_is_crowd):
        unwanted = _is_crowd(person) and not measuring
        if unwanted or not (categories is None or person["category_id"] in categories):
            continue
        box = person["bbox"]
        if len(box) != 4 or not all(map(math.isfinite, box)):
            raise ValueError(
                f"annotation {person.get('id')} has the box {box}, expected [x, y, width, height]"
            )
        widest = max(widest or 0, *box[2:])
        if min(box[2:]) >= 1 or (measuring and min(box[2:]) > 0):
            people[person["image_id"]].append(person)
    if widest is not None and widest <= 1:
        raise ValueError(f"no box is larger than {widest}: expected [x, y, width, height] in pixels")
    return people


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long, or a folder that may not be searched
        return False
