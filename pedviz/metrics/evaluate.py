"""The twelve COCO numbers, through pycocotools and again from stored predictions.

Where this agrees with COCO:
- matching, the 101 recall points, ten IoU thresholds .50 to .95, at most 1, 10 or 100 detections an image,
  size classes split at 32 x 32 and 96 x 96 pixels (a border area belongs to both classes), detections
  inside a crowd counted neither way, the mean over categories that have objects.
Where the stored predictions of this project depart, or where COCO leaves a choice (COCO files are measured as
they are, by the `area` of their annotations):
- boxes are (xmin, ymin, xmax + 1, ymax + 1) of a person's mask: right and lower edges are exclusive;
- the size class comes from the area of the **box**, for masks too, of people and of detections. Plain COCO
  files take the mask's area for segm;
- a size class without people is None, where COCO prints -1;
- detections are cut at a score of .05 before calibration and suppressed at IoU .5, as the detectors do; a
  higher cut lowers AP;
- annotation ids start at 1, because pycocotools reads a match with id 0 as no match.

The numbers from stored predictions equal pycocotools' to 1e-9.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType

import numpy as np

from pedviz.errors import PedvizError
from pedviz.metrics.outcomes import AREA_RANGES, Outcomes, Size, judge
from pedviz.metrics.overlaps import Overlaps, overlaps_of_record
from pedviz.metrics.records import Kind, PredictionRecord
from pedviz.theory.boxes import box_area
from pedviz.theory.masks import paste_masks
from pedviz.theory.precision_recall import coco_average_precision
from pedviz.types import DETECTION_LIMIT, Detections, GroundTruth

Stats = dict[str, float | None]
STAT_KEYS = ("AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl")
PERSON_CATEGORY = 1


def category_precisions(outcomes: Outcomes) -> np.ndarray:
    """COCO's average precision of each category at each threshold, (C, T) in [0, 1]; NaN without objects."""
    found = np.full((len(outcomes.positives), len(outcomes.thresholds)), np.nan)
    for category in np.flatnonzero(outcomes.positives).tolist():
        some = outcomes.of_category(category)
        for place in range(len(outcomes.thresholds)):
            hits = np.flatnonzero(outcomes.hits[place, some])
            ranked = np.cumsum(outcomes.counted[place, some])[hits]  # counted detections up to each hit
            right = np.arange(1, len(hits) + 1)
            found[category, place] = coco_average_precision(
                right / ranked, right / outcomes.positives[category]
            )
    return found


def average_precision(outcomes: Outcomes) -> np.ndarray | None:
    """COCO's average precision at each threshold, (T,) in [0, 1], the mean over categories with objects."""
    return _mean_of_known(category_precisions(outcomes)) if outcomes.positives.any() else None


def category_recalls(outcomes: Outcomes, *, limit: int = DETECTION_LIMIT) -> np.ndarray:
    """The share of each category's objects that is found, mean over thresholds, (C,); NaN without objects.

    Args:
        outcomes: judged detections.
        limit: how many detections an image and category may have.
    """
    overlaps, positives = outcomes.overlaps, outcomes.positives
    times_found = outcomes.hits.sum(axis=0) * (overlaps.ranks < limit)  # (D,)
    found = np.bincount(overlaps.categories, weights=times_found, minlength=len(positives))
    shares = found / len(outcomes.thresholds)
    return np.divide(shares, positives, out=np.full(len(positives), np.nan), where=positives > 0)


def category_numbers(overlaps: Overlaps) -> np.ndarray:
    """The twelve COCO numbers of each category, (C, 12) in [0, 1]; NaN where there are no objects."""
    by_size = {size: judge(overlaps, size=size) for size in AREA_RANGES}
    return np.stack([of(by_size) for of in _TWELVE.values()], axis=1)


_SizedOutcomes = dict[Size, Outcomes]


def _precision_of(size: Size, place: int | None = None) -> Callable[[_SizedOutcomes], np.ndarray]:
    def compute(by_size: _SizedOutcomes) -> np.ndarray:
        precisions = category_precisions(by_size[size])
        return precisions.mean(axis=1) if place is None else precisions[:, place]

    return compute


def _recall_of(size: Size, limit: int = DETECTION_LIMIT) -> Callable[[_SizedOutcomes], np.ndarray]:
    return lambda by_size: category_recalls(by_size[size], limit=limit)


_TWELVE: dict[str, Callable[[_SizedOutcomes], np.ndarray]] = {
    "AP": _precision_of("all"), "AP50": _precision_of("all", 0), "AP75": _precision_of("all", 5),
    "APs": _precision_of("small"), "APm": _precision_of("medium"), "APl": _precision_of("large"),
    "AR1": _recall_of("all", 1), "AR10": _recall_of("all", 10), "AR100": _recall_of("all"),
    "ARs": _recall_of("small"), "ARm": _recall_of("medium"), "ARl": _recall_of("large"),
}  # fmt: skip


def _mean_of_known(values: np.ndarray) -> np.ndarray:
    """The mean down the first axis over what is not NaN; NaN where nothing is known."""
    known = ~np.isnan(values)
    counts = known.sum(axis=0)
    sums = np.where(known, values, 0).sum(axis=0)
    return np.divide(sums, counts, out=np.full(counts.shape, np.nan), where=counts > 0)


def coco_numbers(by_category: np.ndarray) -> Stats:
    """The twelve COCO numbers over all categories, from those of each as `category_numbers` gives them.

    Returns:
        `STAT_KEYS` to a number in [0, 1], or None for a size class without objects.
    """
    means = _mean_of_known(by_category)
    return {
        key: None if np.isnan(value) else float(value) for key, value in zip(STAT_KEYS, means, strict=True)
    }


def stats_from_predictions(run: PredictionRecord, kind: Kind) -> Stats:
    """The twelve COCO numbers of a run, from its stored overlaps alone.

    Raises:
        ValueError: masks are asked for and the run has none.
    """
    return coco_numbers(category_numbers(overlaps_of_record(run, kind=kind)))


def coco_stats(
    detections: Sequence[Detections], truths: Sequence[GroundTruth], *, masks: bool
) -> dict[Kind, Stats | None]:
    """The twelve COCO numbers for boxes and for masks, by pycocotools.

    For offline use. pycocotools is imported here, late, so that everything else runs without it.

    Args:
        detections: the view of each image to evaluate, in the order of `truths`; with maps if `masks`.
        truths: the people of each image, with masks if `masks`.
        masks: whether the detector makes masks; if not, "segm" is None.

    Returns:
        Kind to `STAT_KEYS` to a number in [0, 1], None for a size class without people.

    Raises:
        PedvizError: pycocotools is not installed.
        ValueError: there is not one list of detections an image.
    """
    coco, cocoeval = import_pycocotools()
    with _quiet(coco, cocoeval):
        truth = _index(coco, truths, _truth_annotations(truths, masks=masks))
        found = _index(coco, truths, _result_annotations(detections, truths, masks=masks))
        boxes = _summary(cocoeval, truth, found, "bbox")
        return {"bbox": boxes, "segm": _summary(cocoeval, truth, found, "segm") if masks else None}


def import_pycocotools() -> tuple[ModuleType, ModuleType]:
    """The modules pycocotools.coco and pycocotools.cocoeval.

    Raises:
        PedvizError: they are not installed; the message says how.
    """
    try:
        from pycocotools import coco, cocoeval
    except ImportError as error:
        raise PedvizError("COCO numbers need pycocotools; run: pip install pycocotools") from error
    return coco, cocoeval


def _say_nothing(*_: object) -> None:
    pass


@contextmanager
def _quiet(*modules: ModuleType) -> Iterator[None]:
    """Shadow `print` inside these modules alone; every other thread keeps its output."""
    for module in modules:
        vars(module)["print"] = _say_nothing
    try:
        yield
    finally:
        for module in modules:
            del vars(module)["print"]


def _index(coco: ModuleType, truths: Sequence[GroundTruth], annotations: list[dict]) -> object:
    indexed = coco.COCO()
    indexed.dataset = {
        "images": [
            {"id": image_id, "height": truth.image_size[0], "width": truth.image_size[1]}
            for image_id, truth in enumerate(truths, start=1)
        ],
        "categories": [{"id": PERSON_CATEGORY, "name": "person"}],
        "annotations": annotations,
    }
    indexed.createIndex()
    return indexed


def _summary(cocoeval: ModuleType, truth: object, found: object, kind: Kind) -> Stats:
    evaluation = cocoeval.COCOeval(truth, found, kind)
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    return {
        key: None if value < 0 else float(value)
        for key, value in zip(STAT_KEYS, evaluation.stats, strict=True)
    }


def _truth_annotations(truths: Sequence[GroundTruth], *, masks: bool) -> list[dict]:
    annotations: list[dict] = []
    for image_id, truth in enumerate(truths, start=1):
        pasted = truth.masks if masks else None
        entries = _annotations(image_id, truth.boxes_xyxy, pasted, first_id=len(annotations) + 1)
        annotations += [
            {**entry, "iscrowd": int(crowd)} for entry, crowd in zip(entries, truth.are_crowds, strict=True)
        ]
    return annotations


def _result_annotations(
    detections: Sequence[Detections], truths: Sequence[GroundTruth], *, masks: bool
) -> list[dict]:
    annotations: list[dict] = []
    for image_id, (found, _) in enumerate(zip(detections, truths, strict=True), start=1):
        pasted = paste_masks(found) if masks else None
        entries = _annotations(image_id, found.boxes_xyxy, pasted, first_id=len(annotations) + 1)
        annotations += [
            {**entry, "score": float(score)} for entry, score in zip(entries, found.scores, strict=True)
        ]
    return annotations


def _annotations(
    image_id: int, boxes_xyxy: np.ndarray, masks: np.ndarray | None, *, first_id: int
) -> list[dict]:
    """COCO annotations of one image, with run-length masks where there are masks (K, H, W)."""
    boxes = boxes_xyxy.astype(np.float64)
    runs = _encode(masks) if masks is not None else [None] * len(boxes)
    return [
        {
            "id": first_id + place, "image_id": image_id, "category_id": PERSON_CATEGORY,
            "bbox": [x1, y1, x2 - x1, y2 - y1], "area": area, "segmentation": run,
        }
        for place, ((x1, y1, x2, y2), area, run) in enumerate(
            zip(boxes.tolist(), box_area(boxes).tolist(), runs, strict=True)
        )
    ]  # fmt: skip


def _encode(masks: np.ndarray) -> list[dict]:
    from pycocotools import mask as mask_tools

    return mask_tools.encode(np.asfortranarray(masks.transpose(1, 2, 0).astype(np.uint8)))
