"""Random ground truths and results of several categories, and what pycocotools makes of them."""

from contextlib import redirect_stdout
from copy import deepcopy
from io import StringIO

import numpy as np
from pycocotools import coco, cocoeval
from pycocotools import mask as mask_tools

SIDE = 200


def _mask(generator: np.random.Generator, box: list[float]) -> dict:
    x, y, width, height = (int(edge) for edge in box)
    mask = np.zeros((SIDE, SIDE), np.uint8, order="F")
    mask[y : y + height + 1, x : x + width + 1] = generator.random() < 0.9
    mask[y : y + max(1, height // 2), x : x + width + 1] = 1
    run = mask_tools.encode(mask)
    return {"size": [SIDE, SIDE], "counts": run["counts"].decode()}


def _boxes(generator: np.random.Generator, count: int) -> np.ndarray:
    sizes = np.round(2 ** generator.uniform(2, 7.2, (count, 2)))
    corners = np.round(generator.uniform(0, SIDE - 1 - sizes))
    return np.concatenate([corners, sizes], axis=1)


def random_files(
    seed: int, *, images: int = 6, categories: int = 4, most: int = 12
) -> tuple[dict, list[dict]]:
    """A ground truth with crowds, empty images, an empty category, areas unlike boxes; results with ties."""
    generator = np.random.default_rng(seed)
    annotations, results = [], []
    for image in range(1, images + 1):
        boxes = _boxes(generator, int(generator.integers(0, 6)))
        for box in boxes.tolist():
            annotations.append(
                {
                    "id": len(annotations) + 1, "image_id": image, "bbox": box,
                    "category_id": int(generator.integers(1, categories)),  # the last one is empty
                    "area": float(np.round(box[2] * box[3] * generator.uniform(0.2, 1))),
                    "iscrowd": int(generator.random() < 0.15), "segmentation": _mask(generator, box),
                }
            )  # fmt: skip
        near = np.repeat(boxes, generator.integers(0, 4, len(boxes)), axis=0)
        near += np.round(generator.normal(0, 3, near.shape)) * generator.integers(0, 2, (len(near), 1))
        found = np.concatenate([near, _boxes(generator, int(generator.integers(0, most)))])
        found[:, 2:] = np.clip(found[:, 2:], 1, SIDE)
        found[:, :2] = np.clip(found[:, :2], 0, SIDE - 2)
        for box in found.tolist():
            results.append(
                {
                    "image_id": image, "category_id": int(generator.integers(1, categories + 1)), "bbox": box,
                    "score": float(generator.integers(1, 20) / 20), "segmentation": _mask(generator, box),
                }
            )  # fmt: skip
    listed = [
        {"id": place, "file_name": f"{place}.jpg", "width": SIDE, "height": SIDE}
        for place in range(1, images + 1)
    ]
    names = [{"id": place, "name": f"c{place}"} for place in range(1, categories + 1)]
    return {"images": listed, "annotations": annotations, "categories": names}, results


def pycocotools_numbers(
    truth: dict, results: list[dict], kind: str, **params
) -> tuple[list[float | None], object]:
    """The twelve numbers and the evaluation itself, printing nothing."""
    with redirect_stdout(StringIO()):
        known = coco.COCO()
        known.dataset = deepcopy(truth)
        known.createIndex()
        evaluation = cocoeval.COCOeval(known, known.loadRes(deepcopy(results)), kind)
        for name, value in params.items():
            setattr(evaluation.params, name, value)
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return [None if value == -1 else value for value in evaluation.stats], evaluation
