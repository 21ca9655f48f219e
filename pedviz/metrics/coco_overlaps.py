"""The overlaps of a COCO results file with a COCO ground truth, as pycocotools computes them.

Size classes go by the field `area` of the annotations. The area of a detection is that of its box, for masks
too if the file has boxes beside them, and else that of its mask; pycocotools' loadRes does the same.

Letters in shapes: D detections, K objects.
"""

from collections.abc import Callable, Sequence
from types import ModuleType

import numpy as np

from pedviz.data.coco import CocoTruth
from pedviz.data.coco_results import CocoResults
from pedviz.data.segmentation import compressed, mask_tools
from pedviz.errors import DatasetError
from pedviz.metrics.overlaps import (
    MINIMUM_IOU,
    Arrangement,
    Objects,
    Overlaps,
    Pairs,
    arrange,
    box_pairs,
    joined,
    split_by_category,
)
from pedviz.metrics.records import KINDS, Kind

Progress = Callable[[float], None]


def kinds_of(truth: CocoTruth, results: Sequence[CocoResults]) -> tuple[Kind, ...]:
    """What can be compared: boxes, and masks where every object and every detection has one."""
    masks = truth.has_masks and all(found.has_masks or not len(found) for found in results)
    return KINDS if masks and any(len(found) for found in results) else KINDS[:1]


def overlaps_of_coco(
    truth: CocoTruth,
    results: CocoResults,
    *,
    kind: Kind,
    categories: Sequence[int] | None = None,
    progress: Progress = lambda share: None,
) -> Overlaps:
    """Measure results against a ground truth.

    Args:
        truth: what there is to find.
        results: what a detector found in the same images.
        kind: whether boxes or masks overlap.
        categories: places of those to look at; None for all.
        progress: is told the share that is done, in [0, 1]; it may raise to stop.

    Raises:
        DatasetError: masks are asked for, and one cannot be read or its image has no size.
        PedvizError: masks are asked for and pycocotools is not installed.
    """
    chosen = np.arange(len(truth.categories)) if categories is None else np.asarray(categories)
    new_category = np.full(len(truth.categories), -1)
    new_category[chosen] = np.arange(len(chosen))
    there = np.flatnonzero(new_category[truth.category_places] >= 0)
    objects = Objects(
        images=truth.image_places[there], categories=new_category[truth.category_places[there]],
        areas=truth.areas[there], are_crowds=truth.are_crowds[there],
    )  # fmt: skip
    given = np.flatnonzero(new_category[results.category_places] >= 0)
    arranged = arrange(
        results.image_places[given], results.category_places[given], scores=results.scores[given]
    )
    arranged = Arrangement(places=given[arranged.places], ranks=arranged.ranks)
    if kind == "bbox":
        boxes = boxes_of(results)[arranged.places]
        areas = boxes[:, 2] * boxes[:, 3]
        images = results.image_places[arranged.places]
        pairs = box_pairs(boxes, images, truth_xywh=truth.boxes_xywh[there], objects=objects)
    else:
        areas, pairs = _mask_pairs(truth, results, arranged, there=there, progress=progress)
    own_categories = new_category[results.category_places[arranged.places]]
    pairs, other_ious, other_objects = split_by_category(pairs, own_categories, objects=objects)
    return Overlaps(
        image_names=tuple(image.file_name or str(image.id) for image in truth.images),
        category_names=tuple(truth.categories[place].name for place in chosen), objects=objects,
        scores=results.scores[arranged.places], images=results.image_places[arranged.places],
        categories=own_categories, ranks=arranged.ranks, areas=areas, sources=arranged.places,
        pair_detections=pairs.detections, pair_objects=pairs.objects, pair_ious=pairs.ious,
        other_ious=other_ious, other_objects=other_objects,
    )  # fmt: skip


def boxes_of(results: CocoResults) -> np.ndarray:
    """(D, 4) [x, y, width, height] of every detection, where there are masks alone the boxes around them.

    Raises:
        DatasetError: a mask cannot be read.
    """
    if results.boxes_xywh is not None:
        return results.boxes_xywh
    masks = [_run_lengths(mask, None, where=results.file) for mask in results.segmentations]
    return mask_tools().toBbox(masks).reshape(-1, 4) if masks else np.zeros((0, 4))


def _mask_pairs(
    truth: CocoTruth, results: CocoResults, arranged: Arrangement, *, there: np.ndarray, progress: Progress
) -> tuple[np.ndarray, Pairs]:
    """(D,) areas of the detections, and every pair that overlaps, whatever its categories."""
    tools = mask_tools()
    areas = np.zeros(len(arranged.places))
    boxes = results.boxes_xywh
    if boxes is not None:
        areas = boxes[arranged.places, 2] * boxes[arranged.places, 3]
    by_image = [_groups(places, len(truth.images)) for places in (
        results.image_places[arranged.places], truth.image_places[there]
    )]  # fmt: skip
    found = []
    for image, (detections, objects) in enumerate(zip(*by_image, strict=True)):
        if not len(detections):
            continue
        size = truth.images[image].size
        masks = [
            _run_lengths(results.segmentations[arranged.places[place]], size, where=f"{results.file}: a mask")
            for place in detections
        ]
        if boxes is None:
            areas[detections] = tools.area(masks)
        found.append(_pairs_in_image(tools, truth, masks, detections, objects, there))
        progress((image + 1) / len(truth.images))
    return areas, joined(found)


def _pairs_in_image(
    tools: ModuleType, truth: CocoTruth, masks: list, detections: np.ndarray, objects: np.ndarray,
    there: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    if not len(objects):
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    image = truth.images[truth.image_places[there[objects[0]]]]
    others = [
        _run_lengths(
            truth.segmentations[there[place]], image.size, where=f"{truth.file}: annotations[{there[place]}]"
        )
        for place in objects
    ]
    if len({tuple(mask["size"]) for mask in (*masks, *others)}) > 1:
        raise DatasetError(f"{truth.file}: the masks of image {image.id} are of different sizes")
    ious = tools.iou(masks, others, truth.are_crowds[there[objects]].astype(np.uint8).tolist())
    rows, columns = np.nonzero(ious >= MINIMUM_IOU)
    return detections[rows], objects[columns], ious[rows, columns]


def _groups(images: np.ndarray, count: int) -> list[np.ndarray]:
    """For each of `count` images the places that belong to it, in their order."""
    order = np.argsort(images, kind="stable")
    return np.split(order, np.searchsorted(images[order], np.arange(1, count)))


def _run_lengths(segmentation: object, size: tuple[int, int] | None, *, where: str) -> dict:
    """A mask as pycocotools takes it; its own size counts where the image has none."""
    if size is None and isinstance(segmentation, dict):
        given = segmentation.get("size")
        if isinstance(given, list) and len(given) == 2 and all(type(side) is int for side in given):
            size = (given[0], given[1])
    if size is None:
        raise DatasetError(f"{where}, segmentation: its image has no width and height, which polygons need")
    try:
        return compressed(segmentation, size=size)
    except (ValueError, TypeError) as error:
        raise DatasetError(f"{where}, segmentation: {error}") from error
