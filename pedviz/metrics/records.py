"""What a detector said about each test image, kept so that every metric can be computed again.

A record holds scores, boxes, how large the people are and how much every detection overlaps every person.
It holds no image, no mask and no annotation of the data set. One run is one JSON file, one image a line.
Scores and boxes come back to the last bit of their float32; overlaps are kept to nine decimals, far below
the distance between any threshold and the next fraction that two masks of this size can have.

Crowds stand after the people; their overlap is the share of a detection that lies inside, as in COCO.

Letters in shapes: N detections of an image, best first; K people in it, crowds among them.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np

from pedviz.errors import ResultsError, reason_of
from pedviz.paths import results_folder, write_whole
from pedviz.theory.boxes import box_area, box_intersection, box_iou
from pedviz.theory.masks import paste_person
from pedviz.types import Detections, GroundTruth

Kind = Literal["bbox", "segm"]
KINDS: tuple[Kind, ...] = ("bbox", "segm")
SCHEMA = 1
IOU_DECIMALS = 9


@dataclass(frozen=True, kw_only=True, eq=False)
class ImageRecord:
    """The detections of one image and how they overlap its people.

    Attributes:
        name: the image's id in its data set.
        image_size: (height, width), pixels.
        scores: (N,) float32, best first.
        boxes_xyxy: (N, 4) float32, pixels.
        people_areas: (K,) float64, the area of each person's box, square pixels.
        box_ious: (N, K) float64 in [0, 1].
        mask_ious: (N, K) float64 in [0, 1]; None where the detector makes no masks.
        crowds: how many of the last of the K are crowds, in [0, K].

    Raises:
        ValueError: the arrays do not fit each other.
    """

    name: str
    image_size: tuple[int, int]
    scores: np.ndarray
    boxes_xyxy: np.ndarray
    people_areas: np.ndarray
    box_ious: np.ndarray
    mask_ious: np.ndarray | None = None
    crowds: int = 0

    def __post_init__(self) -> None:
        expected = (len(self.scores), len(self.people_areas))
        if not 0 <= self.crowds <= expected[1]:
            raise ValueError(f"{self.name}: expected 0 to {expected[1]} crowds, got {self.crowds}")
        if self.boxes_xyxy.shape != (len(self.scores), 4):
            raise ValueError(f"{self.name}: {len(self.scores)} scores, but boxes {self.boxes_xyxy.shape}")
        for kind, ious in (("bbox", self.box_ious), ("segm", self.mask_ious)):
            if ious is not None and ious.shape != expected:
                raise ValueError(f"{self.name}: expected {kind} overlaps {expected}, got {ious.shape}")
        if (np.diff(self.scores) > 0).any():
            raise ValueError(f"{self.name}: expected scores best first, got {self.scores[:5].tolist()} ...")

    @property
    def are_crowds(self) -> np.ndarray:
        """(K,) bool."""
        return np.arange(len(self.people_areas)) >= len(self.people_areas) - self.crowds

    @property
    def areas(self) -> np.ndarray:
        """(N,) float64, the area of each detection's box, square pixels."""
        return box_area(self.boxes_xyxy.astype(np.float64))

    def ious(self, kind: Kind) -> np.ndarray:
        """(N, K) overlaps of boxes or of masks.

        Raises:
            ValueError: masks are asked for and there are none.
        """
        ious = {"bbox": self.box_ious, "segm": self.mask_ious}[kind]
        if ious is None:
            raise ValueError(f"{self.name} has no masks: expected kind 'bbox', got '{kind}'")
        return ious


@dataclass(frozen=True, kw_only=True, eq=False)
class PredictionRecord:
    """Everything one run said about a split.

    Attributes:
        run_id: the training run, spec id + seed + recipe hash.
        spec_id: the variant.
        checkpoint_sha256: of the weights that were evaluated.
        split_sha256: of the split; only runs on one split may be compared.
        settings: thresholds and limits that made the detections.
        images: one record an image, in the split's order.
    """

    run_id: str
    spec_id: str
    checkpoint_sha256: str
    split_sha256: str
    settings: dict[str, float] = field(default_factory=dict)
    images: tuple[ImageRecord, ...]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What can be evaluated: boxes, and masks where every image has them."""
        has_masks = all(image.mask_ious is not None for image in self.images)
        return KINDS if has_masks else KINDS[:1]

    @property
    def people(self) -> int:
        """How many people there are to find."""
        return sum(len(image.people_areas) - image.crowds for image in self.images)


def record_image(name: str, detections: Detections, *, truth: GroundTruth, masks: bool) -> ImageRecord:
    """Measure the detections of one image against its people.

    Args:
        name: the image's id.
        detections: the view to evaluate, in pixels of `truth`.
        truth: the people that are there; with masks where `masks` is set.
        masks: whether the detector makes masks.
    """
    return ImageRecord(
        name=name,
        image_size=truth.image_size,
        scores=detections.scores,
        boxes_xyxy=detections.boxes_xyxy,
        people_areas=box_area(truth.boxes_xyxy.astype(np.float64)),
        box_ious=box_ious(detections, truth).round(IOU_DECIMALS),
        mask_ious=mask_ious(detections, truth).round(IOU_DECIMALS) if masks else None,
        crowds=truth.crowds,
    )


def box_ious(detections: Detections, truth: GroundTruth) -> np.ndarray:
    """Overlap of every detection's box with every person's.

    Returns: (N, K) float64 in [0, 1].
    """
    found, there = detections.boxes_xyxy.astype(np.float64), truth.boxes_xyxy.astype(np.float64)
    ious = box_iou(found, there)
    crowds = truth.are_crowds
    ious[:, crowds] = _share(box_intersection(found, there[crowds]), box_area(found)[:, None])
    return ious


def mask_ious(detections: Detections, truth: GroundTruth) -> np.ndarray:
    """Overlap of every detection's mask with every person's, pasted at the standard threshold.

    Only the window of a detection's box is looked at, because its mask is empty elsewhere.

    Args: detections with a map each; truth with masks (K, H, W).
    Returns: (N, K) float64 in [0, 1].
    Raises: ValueError if a detection has no map or the people have no masks.
    """
    if truth.masks is None or (detections.map_rows < 0).any():
        raise ValueError("mask overlaps need a map for every detection and a mask for every person")
    areas = np.array([np.count_nonzero(person) for person in truth.masks])  # (K,)
    ious = np.zeros((len(detections), len(truth)))  # (N, K)
    for place in range(len(detections)):
        mask, (x1, y1, x2, y2) = paste_person(detections, place)  # (h, w)
        shared = np.array([np.count_nonzero(person[y1:y2, x1:x2] & mask) for person in truth.masks])  # (K,)
        ious[place] = _share(shared, np.count_nonzero(mask) + ~truth.are_crowds * (areas - shared))
    return ious


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """The quotient; 0 where there is no part, whatever the whole."""
    return part / np.where(part > 0, whole, 1)


def predictions_file(run_id: str) -> Path:
    """Where the predictions of a run are kept."""
    return results_folder() / "predictions" / f"{run_id}.json"


def write_predictions(record: PredictionRecord, path: Path) -> None:
    """Write a run's predictions as JSON in one step, one image a line."""
    facts = {"schema": SCHEMA, **{name: getattr(record, name) for name in _FACTS}}
    images = ",\n".join(_dump(_image_to_json(image)) for image in record.images)
    write_whole(path, f'{_dump(facts)[:-1]},"pictures":[\n{images}\n]}}\n')


def read_predictions(path: Path) -> PredictionRecord:
    """Read a run's predictions. The same text gives the same record, so that what was computed of it is kept.

    Raises:
        ResultsError: the file is missing, damaged or of another schema; the message names the place.
    """
    try:
        return _record_from_json(path.read_text("utf-8"))
    except (OSError, ValueError, LookupError, TypeError, ArithmeticError, RecursionError) as error:
        raise ResultsError(
            f"{path.name} cannot be read ({type(error).__name__}: {reason_of(error)}); "
            "restore it from the repository or evaluate the run again"
        ) from error


@lru_cache(maxsize=128)
def _record_from_json(text: str) -> PredictionRecord:
    content = json.loads(text)
    if content["schema"] != SCHEMA:
        raise ValueError(f"expected schema {SCHEMA}, got {content['schema']}")
    with np.errstate(over="raise"):  # a number that float32 does not hold
        images = tuple(_image_from_json(image) for image in content["pictures"])
    if not images:
        raise ValueError("it holds no images")
    return PredictionRecord(images=images, **{name: content[name] for name in _FACTS})


_FACTS = ("run_id", "spec_id", "checkpoint_sha256", "split_sha256", "settings")


def _dump(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def _shortest(values: Iterable[np.float32]) -> list[float]:
    """The shortest decimals that give these float32 values back."""
    return [float(str(value)) for value in values]


def _ious_to_json(ious: np.ndarray | None) -> list[list[float]] | None:
    if ious is None:
        return None
    return [[value or 0 for value in row] for row in ious.tolist()]  # "0" is shorter than "0.0"


def _image_to_json(image: ImageRecord) -> dict[str, object]:
    crowds = {"crowds": image.crowds} if image.crowds else {}
    return {
        "name": image.name,
        "size": list(image.image_size),
        "people_areas": image.people_areas.tolist(),
        "scores": _shortest(image.scores),
        "boxes": [_shortest(box) for box in image.boxes_xyxy],
        "box_ious": _ious_to_json(image.box_ious),
        "mask_ious": _ious_to_json(image.mask_ious),
        **crowds,
    }


def _image_from_json(content: dict) -> ImageRecord:
    shape = (len(content["scores"]), len(content["people_areas"]))
    masks = content["mask_ious"]
    height, width = content["size"]
    return ImageRecord(
        name=content["name"],
        image_size=(height, width),
        scores=np.array(content["scores"], np.float32),
        boxes_xyxy=np.array(content["boxes"], np.float32).reshape(-1, 4),
        people_areas=np.array(content["people_areas"], np.float64),
        box_ious=np.array(content["box_ious"], np.float64).reshape(shape),
        mask_ious=None if masks is None else np.array(masks, np.float64).reshape(shape),
        crowds=content.get("crowds", 0),
    )
