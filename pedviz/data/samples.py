"""Images to try without a photo of one's own: ours, and Penn-Fudan's test images where they are.

Ours lie in assets/samples with credits.json, which says who made each one and on which terms. Their
people were boxed by hand for this project; Penn-Fudan's come from its masks.
"""

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pedviz.data import photos
from pedviz.data.pennfudan import PennFudan, open_pennfudan, split
from pedviz.data.photos import Photo
from pedviz.errors import DatasetError, ResultsError
from pedviz.paths import samples_folder
from pedviz.types import GroundTruth

CREDITS = "credits.json"
PENNFUDAN_CREDIT = "Penn-Fudan Database for Pedestrian Detection (Wang, Shi, Song and Shen, 2007)"
PENNFUDAN_LICENCE = "For research; read from your own copy, never distributed with this project"


@dataclass(frozen=True, kw_only=True)
class Sample(ABC):
    """One image of the gallery, not yet read.

    Attributes:
        id: names it in the page's address: lower case, digits, hyphens; Penn-Fudan's keep their names.
        title: a few words.
        alt: what is to be seen, for those who do not see it.
        credit: who made it.
        licence: on which terms.
    """

    id: str
    title: str
    alt: str
    credit: str
    licence: str

    @abstractmethod
    def load(self) -> Photo:
        """Read the image, with the reader that a visitor's photos go through.

        Raises:
            PhotoError: its file is damaged.
            DatasetError: it is missing from the data set.
        """

    @abstractmethod
    def ground_truth(self) -> GroundTruth:
        """The people in it, in pixels of `load()`."""


@dataclass(frozen=True, kw_only=True)
class FileSample(Sample):
    """An image of the project.

    Attributes:
        path: its file, no longer on any side than a detector's image may be.
        people: boxes (x1, y1, x2, y2) in pixels, drawn by hand.
    """

    path: Path
    people: tuple[tuple[float, float, float, float], ...]

    def load(self) -> Photo:
        """Read the image."""
        return photos.load(self.path)

    def ground_truth(self) -> GroundTruth:
        """The people as boxes without masks."""
        boxes = np.array(self.people, np.float32).reshape(-1, 4)
        return GroundTruth(image_size=self.load().pixels.shape[:2], boxes_xyxy=boxes)


@dataclass(frozen=True, kw_only=True)
class PennFudanSample(Sample):
    """A test image of Penn-Fudan; all are smaller than the cap, so its pixels are the photo's."""

    data: PennFudan

    def load(self) -> Photo:
        """Read the image."""
        return photos.load(self.data.image_file(self.id), name=f"{self.id}.png")

    def ground_truth(self) -> GroundTruth:
        """The people with boxes and masks."""
        return self.data.ground_truth(self.id)


def samples() -> tuple[FileSample, ...]:
    """The project's own images, the most telling one first.

    Raises:
        ResultsError: credits.json is missing or lacks something.
    """
    path = samples_folder() / CREDITS
    try:
        return tuple(_from_credit(entry) for entry in json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultsError(f"{path.name} cannot be read: {error}; restore it from the repository") from error


def _from_credit(entry: dict[str, Any]) -> FileSample:
    said = {key: str(entry[key]) for key in ("id", "title", "alt", "credit", "licence")}
    people = tuple((float(x1), float(y1), float(x2), float(y2)) for x1, y1, x2, y2 in entry["people"])
    return FileSample(**said, path=samples_folder() / str(entry["file"]), people=people)


def pennfudan_samples() -> tuple[PennFudanSample, ...]:
    """Penn-Fudan's 50 test images, none of which taught a detector here; () where it is not found."""
    try:
        data = open_pennfudan()
    except DatasetError:
        return ()
    return tuple(
        PennFudanSample(
            id=name, title=name, alt=f"Street image {name} of Penn-Fudan", credit=PENNFUDAN_CREDIT,
            licence=PENNFUDAN_LICENCE, data=data,
        )
        for name in split().test
    )  # fmt: skip
