"""Where images with people come from: Penn-Fudan, or any folder or zip in COCO's detection format.

K people, H x W pixels.
"""

import hashlib
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

import numpy as np

from pedviz.data.coco import truth_of_bytes
from pedviz.data.decoding import MIN_SIDE
from pedviz.data.pennfudan import PennFudan
from pedviz.data.photos import full_size
from pedviz.data.segmentation import decode
from pedviz.errors import DatasetError, PhotoError
from training.source_files import ANNOTATIONS, UNREADABLE, SourceFiles

PERSON = "person"
THINNEST = 40  # times as long as wide: longer, nothing is left across once an image is resized
NAMED = 5  # of the images that are missing


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample:
    """One image: `pixels` (H, W, 3) uint8, `boxes` (K, 4) float32, `masks` (K, H, W) bool or None.

    The last `crowds` of the K are crowds; `areas` (K,) are those of the annotations, where there are any.
    """

    id: str
    pixels: np.ndarray
    boxes: np.ndarray
    masks: np.ndarray | None
    crowds: int = 0
    areas: np.ndarray | None = None


class PennFudanSamples:
    """The images of Penn-Fudan with the given names."""

    def __init__(self, archive: PennFudan, names: tuple[str, ...]) -> None:
        self.archive = archive
        self.ids = names

    def has_masks(self, sample_id: str) -> bool:
        """Every person of Penn-Fudan has one."""
        return True

    def load(self, sample_id: str) -> Sample:
        """Read one image with its people."""
        truth = self.archive.ground_truth(sample_id)
        return Sample(
            id=sample_id, pixels=self.archive.image(sample_id), boxes=truth.boxes_xyxy, masks=truth.masks
        )


class CocoSamples:
    """A folder or zip with `images/` and `annotations.json` in COCO's detection format.

    Both may lie in one folder of their own, as most zips have it. Boxes are required, masks (polygons or RLE)
    are used where an image's every person has one. Of several categories the one named "person" counts, a
    single one whatever its name. `kinds` keeps only images whose `kind` is listed, where images have kinds.
    Crowds and images with nobody teach nothing and are left out, unless `measuring`: a detection in either
    would otherwise count as something else than it is. `content` is that of annotations.json, where it
    has been read already.

    Raises:
        DatasetError: annotations.json is missing or is not of that format, none of its categories is a
            person, people would be lost, or an image with people is missing or lies outside `images/`.
    """

    def __init__(
        self,
        source: Path,
        *,
        kinds: tuple[str, ...] = (),
        measuring: bool = False,
        content: bytes | None = None,
    ) -> None:
        self.source = source
        self._files = SourceFiles(source)
        content = self._files.annotations() if content is None else content
        self.digest = hashlib.sha256(content).hexdigest()
        try:
            self.truth = truth_of_bytes(content, file=ANNOTATIONS)
        except DatasetError as error:
            raise DatasetError(f"{source}: {error}") from error
        people = self._people_by_image(measuring=measuring)
        self.kinds = {image.kind for image in self.truth.images if image.kind is not None}
        self._require_one_entry_each()
        self._people: dict[str, np.ndarray] = {}
        self._sizes: dict[str, tuple[int, int] | None] = {}
        for place, image in enumerate(self.truth.images):
            if (measuring or place in people) and (not kinds or image.kind in kinds):
                self._people[self._inside(image.file_name)] = people.get(place, np.zeros(0, np.int64))
                self._sizes[image.file_name] = image.size
        self.ids = tuple(sorted(self._people))
        self._require_images()

    def _people_by_image(self, *, measuring: bool) -> dict[int, np.ndarray]:
        """The place of an image to those of its people, crowds last; to measure the thin ones too."""
        truth = self.truth
        wanted = np.isin(truth.category_places, self._person_places())
        widest = truth.boxes_xywh[wanted, 2:].max(initial=0)
        if wanted.any() and widest <= 1:
            raise DatasetError(
                f"{self.source}: {ANNOTATIONS}: no box is larger than {widest:g}: expected bbox "
                "[x, y, width, height] in pixels"
            )
        thinnest = truth.boxes_xywh[:, 2:].min(axis=1, initial=np.inf)
        wanted &= thinnest > 0 if measuring else (thinnest >= 1) & ~truth.are_crowds
        places = np.flatnonzero(wanted)
        places = places[np.lexsort((truth.are_crowds[places], truth.image_places[places]))]
        images, starts = np.unique(truth.image_places[places], return_index=True)
        return dict(zip(images.tolist(), np.split(places, starts[1:]), strict=True)) if len(images) else {}

    def _person_places(self) -> list[int]:
        """The categories that mean a person; all of them where the file lists one or none."""
        names = [category.name for category in self.truth.categories]
        if len(names) <= 1 or not self.truth.lists_categories:
            return list(range(len(names)))
        if found := [place for place, name in enumerate(names) if name.casefold() == PERSON]:
            return found
        raise DatasetError(
            f"{self.source}: none of the {len(names)} categories of {ANNOTATIONS} is '{PERSON}': it has "
            f"{', '.join(names)}; name the one that means people '{PERSON}'"
        )

    def _require_one_entry_each(self) -> None:
        """Refuse an image that is listed twice, which would lose the people of one entry."""
        names = Counter(image.file_name for image in self.truth.images)
        if twice := [name for name, times in names.items() if times > 1]:
            what = twice[0] or "images without file_name"
            raise DatasetError(
                f"{self.source}: {ANNOTATIONS} lists {what} more than once; list it once, with all its people"
            )

    def _inside(self, file_name: str) -> str:
        path = PureWindowsPath(file_name)  # it knows / and \ and drives
        if not path.parts or path.anchor or ".." in path.parts:
            raise DatasetError(
                f"{self.source}: '{file_name}' of {ANNOTATIONS} is no image inside images/; "
                "name it by its path from there"
            )
        return file_name

    def _require_images(self) -> None:
        missing = [name for name in self.ids if not self._files.has_image(name)]
        if missing:
            more = ", ..." if len(missing) > NAMED else ""
            raise DatasetError(
                f"{self.source}: {len(missing)} of {len(self.ids)} images of {ANNOTATIONS} are not in "
                f"images/: {', '.join(missing[:NAMED])}{more}; add them, or take them out of {ANNOTATIONS}"
            )

    @property
    def people(self) -> int:
        """How many there are in all images together."""
        return sum(int((~self.truth.are_crowds[places]).sum()) for places in self._people.values())

    def has_masks(self, sample_id: str) -> bool:
        """Whether an image's every person has a mask."""
        return all(self.truth.segmentations[place] for place in self._people[sample_id])

    def load(self, sample_id: str) -> Sample:
        """Read one image with its people.

        Raises:
            DatasetError: the image or a mask of it cannot be decoded, the two or what is said of them
                differ in size, or a person lies outside the image.
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
        crowds = int(self.truth.are_crowds[self._people[sample_id]].sum())
        areas = self.truth.areas[self._people[sample_id]]
        return Sample(id=sample_id, pixels=pixels, boxes=boxes, masks=masks, crowds=crowds, areas=areas)

    def _pixels(self, sample_id: str) -> np.ndarray:
        size = self._sizes[sample_id]
        listed = size[::-1] if size else None
        try:
            pixels = full_size(self._files.image(sample_id), name=f"images/{sample_id}", stored_size=listed)
        except (*UNREADABLE, PhotoError) as error:
            said = (
                error
                if isinstance(error, PhotoError)
                else f"images/{sample_id} is damaged and cannot be read"
            )
            raise DatasetError(
                f"{self.source}: {said}; replace it, or take it out of {ANNOTATIONS}"
            ) from error
        height, width = pixels.shape[:2]
        if listed and listed != (width, height):
            raise DatasetError(
                f"{self.source}: images/{sample_id} is {width} x {height} pixels, "
                f"{ANNOTATIONS} says {listed[0]} x {listed[1]}; its people would be elsewhere: put the "
                "image there that was annotated"
            )
        return pixels

    def _boxes(self, sample_id: str, size: tuple[int, int]) -> np.ndarray:
        """(K, 4) float32: [x, y, width, height] as corners, cut at the image's edge."""
        boxes = self.truth.boxes_xywh[self._people[sample_id]].astype(np.float32)
        boxes[:, 2:] += boxes[:, :2]
        boxes = boxes.clip(0, np.array(size[::-1] * 2, np.float32))
        outside = np.flatnonzero((boxes[:, 2:] <= boxes[:, :2]).any(axis=1))
        if len(outside):
            number = outside[0] + 1
            raise DatasetError(
                f"{self.source}: the box of person {number} of images/{sample_id} lies outside the image, "
                f"which is {size[1]} x {size[0]} pixels; fix it, or take it out of {ANNOTATIONS}"
            )
        return boxes

    def _masks(self, sample_id: str, size: tuple[int, int]) -> np.ndarray:
        masks = [np.zeros((0, *size), bool)]
        for number, place in enumerate(self._people[sample_id], start=1):
            try:
                masks.append(decode(self.truth.segmentations[place], size=size)[None])
            except (ValueError, TypeError) as error:
                raise DatasetError(
                    f"{self.source}: the segmentation of person {number} of images/{sample_id} cannot be "
                    f"used: {error}; fix it, or take it out of {ANNOTATIONS}"
                ) from error
        return np.concatenate(masks)


def kinds_in(text: str) -> list[str]:
    """The kinds that `--kinds` names, separated by commas."""
    return [kind for kind in text.split(",") if kind]


def coco_sources(
    paths: Sequence[Path], *, kinds: Sequence[str] = (), measuring: bool = False
) -> list[CocoSamples]:
    """The folders and zips at `paths`; what was understood rather than read is said on stderr.

    Raises:
        DatasetError: one cannot be used, or none of them has an image of one of the `kinds`.
    """
    sources = [CocoSamples(path, kinds=tuple(kinds), measuring=measuring) for path in paths]
    for source in sources:
        for notice in source.truth.notices:
            print(f"{source.source}: {notice}", file=sys.stderr)
    known = set[str]().union(*(source.kinds for source in sources))
    if unknown := [kind for kind in kinds if kind not in known]:
        there = f"there are {', '.join(sorted(known))}" if known else "no image has a kind"
        raise DatasetError(f"no image is of the kind {', '.join(unknown)}: {there}; see --kinds")
    return sources
