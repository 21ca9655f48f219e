"""Made-up pictures with people and detections, for the tests of metrics."""

from dataclasses import replace

import numpy as np

from pedviz.metrics.records import PredictionRecord, record_image
from pedviz.types import MAP_SIZE, Detections, GroundTruth

HEIGHT, WIDTH = 240, 320
Scene = tuple[Detections, GroundTruth]


def make_detections(boxes, scores, *, maps=None, size=(HEIGHT, WIDTH)) -> Detections:
    """Detections from boxes and scores in any order; full maps unless given."""
    boxes = np.array(boxes, np.float32).reshape(-1, 4)
    scores = np.array(scores, np.float32)
    order = np.argsort(-scores, kind="stable")
    count = len(scores)
    maps = np.full((count, MAP_SIZE, MAP_SIZE), 255, np.uint8) if maps is None else maps
    return Detections(
        image_size=size, boxes_xyxy=boxes[order], scores=scores[order], labels=np.ones(count, np.int64),
        ids=np.arange(count), map_rows=np.arange(count), mask_maps=maps[order],
    )  # fmt: skip


def make_truth(boxes, *, size=(HEIGHT, WIDTH), ellipses=False) -> GroundTruth:
    """People who fill their (whole-pixel) boxes, or the ellipse inside."""
    boxes = np.array(boxes, np.float32).reshape(-1, 4)
    rows, columns = np.mgrid[: size[0], : size[1]] + 0.5
    masks = np.zeros((len(boxes), *size), bool)
    for mask, (x1, y1, x2, y2) in zip(masks, boxes, strict=True):
        if ellipses:
            mask[:] = ((columns - (x1 + x2) / 2) / ((x2 - x1) / 2)) ** 2 + (
                (rows - (y1 + y2) / 2) / ((y2 - y1) / 2)
            ) ** 2 <= 1
        else:
            mask[int(y1) : int(y2), int(x1) : int(x2)] = True
    return GroundTruth(image_size=size, boxes_xyxy=boxes, masks=masks)


def _random_boxes(generator: np.random.Generator, count: int) -> np.ndarray:
    corners = generator.integers(0, (WIDTH - 24, HEIGHT - 24), size=(count, 2))
    # from tiny to large, so that every size class has somebody
    sizes = np.rint(2 ** generator.uniform(3, 7.6, size=(count, 2)))
    far = np.minimum(corners + sizes, (WIDTH, HEIGHT))
    return np.concatenate([corners, far], axis=1).astype(np.float32)


def random_scene(generator: np.random.Generator) -> Scene:
    """0 to 5 people; near copies of them, duplicates and boxes on nothing, some with equal scores."""
    people = _random_boxes(generator, int(generator.integers(0, 6)))
    copies = np.repeat(people, generator.integers(0, 4, size=len(people)), axis=0)
    moved = generator.integers(0, 2, size=(len(copies), 1))  # the others are perfect
    shaken = copies + moved * generator.normal(0, 4, size=copies.shape)
    noise = _random_boxes(generator, int(generator.integers(0, 8)))
    boxes = np.concatenate([shaken, noise]).clip(0, (WIDTH, HEIGHT, WIDTH, HEIGHT))
    boxes[:, 2:] = np.maximum(boxes[:, 2:], boxes[:, :2] + 1)
    scores = generator.integers(6, 100, size=len(boxes)) / 100  # two digits: ties happen
    maps = generator.integers(90, 256, size=(len(boxes), MAP_SIZE, MAP_SIZE)).astype(np.uint8)
    return make_detections(boxes, scores, maps=maps), make_truth(people, ellipses=True)


def random_scenes(seed: int, count: int = 6) -> list[Scene]:
    """`count` scenes; the same for the same seed."""
    generator = np.random.default_rng(seed)
    return [random_scene(generator) for _ in range(count)]


def with_crowds(scenes: list[Scene], seed: int) -> list[Scene]:
    """The scenes with some of the last people of each turned into crowds."""
    generator = np.random.default_rng(seed)
    return [
        (found, replace(truth, crowds=int(generator.integers(0, len(truth) + 1)))) for found, truth in scenes
    ]


def record_scenes(scenes: list[Scene], *, run_id: str = "made-up", masks: bool = True) -> PredictionRecord:
    """The stored form of scenes."""
    return PredictionRecord(
        run_id=run_id, spec_id="maskrcnn_resnet50_fpn", checkpoint_sha256="c" * 64, split_sha256="5" * 64,
        images=tuple(
            record_image(f"picture-{place}", found, truth=truth, masks=masks)
            for place, (found, truth) in enumerate(scenes)
        ),
    )  # fmt: skip
