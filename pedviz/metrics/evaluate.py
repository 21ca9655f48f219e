"""The twelve COCO numbers, through pycocotools and again from stored predictions.

Where this agrees with COCO:
- matching, the 101 recall points, ten IoU thresholds .50 to .95, at most 1, 10 or 100 detections a picture,
  size classes split at 32 x 32 and 96 x 96 pixels (a border area belongs to both classes), detections
  inside a crowd counted neither way.
Where it departs, or where COCO leaves a choice:
- boxes are (xmin, ymin, xmax + 1, ymax + 1) of a person's mask: right and lower edges are exclusive;
- the size class comes from the area of the **box**, for masks too, of people and of detections. Plain COCO
  files take the mask's area for segm;
- a size class without people is None, where COCO prints -1;
- detections are cut at score > .05 and suppressed at IoU .5, as the detectors do; a higher cut lowers AP;
- annotation ids start at 1, because pycocotools reads a match with id 0 as no match.

The numbers from stored predictions equal pycocotools' to 1e-9.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType

import numpy as np

from pedviz.errors import PedvizError
from pedviz.metrics.outcomes import Outcomes, Size, judge
from pedviz.metrics.records import Kind, PredictionRecord
from pedviz.theory.boxes import box_area
from pedviz.theory.masks import paste_masks
from pedviz.theory.precision_recall import coco_average_precision
from pedviz.types import DETECTION_LIMIT, Detections, GroundTruth

Stats = dict[str, float | None]
STAT_KEYS = ("AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl")
SIZES: dict[str, Size] = {"s": "small", "m": "medium", "l": "large"}
PERSON_CATEGORY = 1


def average_precision(outcomes: Outcomes) -> np.ndarray | None:
    """COCO's average precision at each threshold, (T,) in [0, 1]; None where there is nobody to find."""
    if not outcomes.people.sum():
        return None
    return np.array(
        [coco_average_precision(*outcomes.curve(place)) for place in range(len(outcomes.thresholds))]
    )


def average_recall(outcomes: Outcomes) -> float | None:
    """The share of people found, averaged over thresholds, in [0, 1]; None where there is nobody."""
    people = outcomes.people.sum()
    return float(outcomes.hits.sum(axis=1).mean() / people) if people else None


def stats_from_predictions(run: PredictionRecord, kind: Kind) -> Stats:
    """The twelve COCO numbers of a run, from its stored overlaps alone.

    Returns:
        `STAT_KEYS` to a number in [0, 1], or None for a size class without people.

    Raises:
        ValueError: masks are asked for and the run has none.
    """
    whole = judge(run, kind=kind)
    by_size = {letter: judge(run, kind=kind, size=size) for letter, size in SIZES.items()}
    precisions = average_precision(whole)  # (10,) at .50, .55, ...
    stats: Stats = dict.fromkeys(STAT_KEYS)
    if precisions is not None:
        stats |= {"AP": precisions.mean(), "AP50": precisions[0], "AP75": precisions[5]}
    for letter, outcomes in by_size.items():
        sized = average_precision(outcomes)
        stats[f"AP{letter}"] = None if sized is None else sized.mean()
        stats[f"AR{letter}"] = average_recall(outcomes)
    for limit in (1, 10, DETECTION_LIMIT):
        stats[f"AR{limit}"] = average_recall(judge(run, kind=kind, limit=limit))
    return {key: None if value is None else float(value) for key, value in stats.items()}


def coco_stats(
    detections: Sequence[Detections], truths: Sequence[GroundTruth], *, masks: bool
) -> dict[Kind, Stats | None]:
    """The twelve COCO numbers for boxes and for masks, by pycocotools.

    For offline use. pycocotools is imported here, late, so that everything else runs without it.

    Args:
        detections: the view of each picture to evaluate, in the order of `truths`; with maps if `masks`.
        truths: the people of each picture, with masks if `masks`.
        masks: whether the detector makes masks; if not, "segm" is None.

    Returns:
        Kind to `STAT_KEYS` to a number in [0, 1], None for a size class without people.

    Raises:
        PedvizError: pycocotools is not installed.
        ValueError: there is not one list of detections a picture.
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
        module.print = _say_nothing
    try:
        yield
    finally:
        for module in modules:
            del module.print


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
    """COCO annotations of one picture, with run-length masks where there are masks (K, H, W)."""
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
