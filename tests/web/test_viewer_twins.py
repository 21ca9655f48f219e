"""The viewer's JavaScript in a real Chromium against Python, torchvision and pycocotools, on random cases."""

import base64
import json

import numpy as np
import pytest
import torch
from playwright.sync_api import Page
from pycocotools import mask as coco_mask
from torchvision.models.detection.roi_heads import paste_masks_in_image
from torchvision.ops import nms

from pedviz.metrics.matching import match_people, score_against_truth
from pedviz.theory.masks import mask_iou, paste_map
from pedviz.theory.nms import suppress
from pedviz.types import Detections, GroundTruth

THRESHOLDS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.95, 1.0)
SCENES = 40


def _base64(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array)).decode()


def _scene(seed: int, *, count: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Crowded boxes with equal scores, equal boxes and boxes without area among them."""
    random = np.random.default_rng(seed)
    corner = random.uniform(0, 60, (count, 2))
    boxes = np.hstack([corner, corner + random.uniform(0, 50, (count, 2))])
    if seed % 2:
        boxes = boxes.round(-1)
    scores = random.uniform(0.05, 1, count).round(2 if seed % 3 else 1)
    order = np.argsort(-scores, kind="stable")
    return boxes[order].astype(np.float32), scores[order].astype(np.float32)


def _detections(boxes: np.ndarray, scores: np.ndarray) -> Detections:
    none = np.full(len(boxes), -1, np.int64)
    return Detections(
        image_size=(120, 120), boxes_xyxy=boxes, scores=scores, labels=np.ones(len(boxes), np.int64),
        ids=np.arange(len(boxes)), map_rows=none, mask_maps=np.zeros((0, 28, 28), np.uint8),
    )  # fmt: skip


VIEW = """async ({boxes, scores, count, cases}) => {
  const { decode } = await import("/base/decode.js");
  const { view } = await import("/maths/nms.js");
  const detections = decode({boxes, scores, count, map_rows: "", maps: ""});
  return cases.map(([score, nms]) => view(detections, {score, nms}));
}"""


@pytest.mark.parametrize("seed", range(SCENES))
def test_suppression_keeps_what_python_and_torchvision_keep(functions: Page, seed):
    boxes, scores = _scene(seed)
    cases = [[score, threshold] for score in (0.05, 0.3, 0.5, float(scores[10])) for threshold in THRESHOLDS]
    payload = {"boxes": _base64(boxes), "scores": _base64(scores), "count": len(boxes), "cases": cases}
    for (score, threshold), got in zip(cases, functions.evaluate(VIEW, payload), strict=True):
        assert got == _detections(boxes, scores).view(score, nms_threshold=threshold).ids.tolist()
        above = scores > np.float32(score)
        assert got == suppress(boxes[above], scores[above], threshold=threshold).tolist()
        assert got == nms(torch.from_numpy(boxes[above]), torch.from_numpy(scores[above]), threshold).tolist()


PASTE = """async ({maps, boxes, width, height}) => {
  const { pasteMap } = await import("/maths/masks.js");
  const bytes = Uint8Array.from(atob(maps), (c) => c.charCodeAt(0));
  return JSON.stringify(boxes.map((box, i) => {
    const w = pasteMap(bytes.subarray(784 * i, 784 * i + 784), Float32Array.from(box), width, height);
    return { window: [w.x, w.y, w.x + w.width, w.y + w.height], values: Array.from(w.values) };
  }));
}"""


@pytest.mark.parametrize("seed", range(4))
def test_pasting_gives_the_pixels_of_python_and_torchvision(functions: Page, seed):
    random = np.random.default_rng(seed)
    height, width, count = 90, 130, 60
    corner = random.uniform(-40, 120, (count, 2))
    boxes = np.hstack([corner, corner + random.uniform(0.01, 90, (count, 2))]).astype(np.float32)
    maps = random.integers(0, 256, (count, 28, 28), dtype=np.uint8)
    payload = {"maps": _base64(maps), "boxes": boxes.tolist(), "width": width, "height": height}
    pasted = json.loads(functions.evaluate(PASTE, payload))
    for place, got in enumerate(pasted):
        window, (x1, y1, x2, y2) = paste_map(maps[place], boxes[place], height=height, width=width)
        values = np.array(got["values"]) / 255
        if not window.size:
            assert not values.size
            continue
        assert got["window"] == [x1, y1, x2, y2]
        np.testing.assert_allclose(values, window.ravel(), atol=2e-6)
        theirs = _paste_by_torchvision(maps[place], boxes[place], (height, width))
        np.testing.assert_allclose(values, theirs[y1:y2, x1:x2].ravel(), atol=1e-5)


def _paste_by_torchvision(map_28: np.ndarray, box: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    probabilities = torch.from_numpy(map_28).double()[None, None] / 255
    return paste_masks_in_image(probabilities, torch.from_numpy(box)[None], size)[0, 0].numpy()


MATCH = """async ({first, second, thresholds}) => {
  const { matchPeople, scoreAgainstTruth } = await import("/maths/matching.js");
  const [a, b] = [first, second].map((boxes) => Float32Array.from(boxes.flat()));
  return thresholds.map((t) => ({ match: matchPeople(a, b, t), counts: scoreAgainstTruth(a, b, t) }));
}"""


@pytest.mark.parametrize("seed", range(SCENES))
def test_matching_pairs_the_people_that_python_pairs(functions: Page, seed):
    (first, scores), (second, _) = _scene(seed, count=14), _scene(seed + 1000, count=11)
    if seed % 4 == 0:
        second[:5] = first[:5]
    thresholds = [0.05, 0.25, 0.5, 0.75, 0.95]
    payload = {"first": first.tolist(), "second": second.tolist(), "thresholds": thresholds}
    for threshold, got in zip(thresholds, functions.evaluate(MATCH, payload), strict=True):
        expected = match_people(first, second, iou_threshold=threshold)
        assert [[p["first"], p["second"]] for p in got["match"]["pairs"]] == expected.pairs.tolist()
        assert [p["iou"] for p in got["match"]["pairs"]] == expected.ious.tolist()
        assert got["match"]["onlyFirst"] == expected.only_first.tolist()
        assert got["match"]["onlySecond"] == expected.only_second.tolist()
        truth = GroundTruth(image_size=(120, 120), boxes_xyxy=second)
        counts = score_against_truth(_detections(first, scores), truth, iou_threshold=threshold)
        names = ("tp", "fp", "fn", "precision", "recall", "f1")
        assert {n: got["counts"][n] for n in names} == {n: getattr(counts, n) for n in names}


RLE = """async ({windows, height, width}) => {
  const { runs, compress } = await import("/detect/rle.js");
  return windows.map(({place, bits}) => compress(runs(place, Uint8Array.from(bits), height, width)));
}"""


def test_run_lengths_are_those_of_pycocotools(functions: Page):
    random = np.random.default_rng(0)
    height, width = 61, 83
    masks, windows = [], []
    for case in range(60):
        x1, y1 = random.integers(0, width - 1), random.integers(0, height - 1)
        x2, y2 = random.integers(x1, width + 1), random.integers(y1, height + 1)
        bits = random.random((y2 - y1, x2 - x1)) < (0, 0.02, 0.5, 0.98, 1)[case % 5]
        mask = np.zeros((height, width), np.uint8)
        mask[y1:y2, x1:x2] = bits
        masks.append(mask)
        place = {"x": int(x1), "y": int(y1), "width": int(x2 - x1), "height": int(y2 - y1)}
        windows.append({"place": place, "bits": bits.astype(int).ravel().tolist()})
    texts = functions.evaluate(RLE, {"windows": windows, "height": height, "width": width})
    for mask, text in zip(masks, texts, strict=True):
        assert text.encode() == coco_mask.encode(np.asfortranarray(mask))["counts"]


MASK_IOU = """async (pairs) => {
  const { maskIou } = await import("/maths/masks.js");
  return pairs.map(([[a, x], [b, y]]) => maskIou(a, Uint8Array.from(x), b, Uint8Array.from(y)));
}"""


def test_mask_iou_of_windows_is_that_of_whole_masks(functions: Page):
    random = np.random.default_rng(0)
    pairs, expected = [], []
    for _ in range(200):
        both, wholes = [], []
        for _ in range(2):
            x, y, width, height = (int(n) for n in random.integers(0, 12, 4))
            bits = random.random((height, width)) < 0.6
            whole = np.zeros((24, 24), bool)
            whole[y : y + height, x : x + width] = bits
            both.append(
                [{"x": x, "y": y, "width": width, "height": height}, bits.astype(int).ravel().tolist()]
            )
            wholes.append(whole)
        pairs.append(both)
        expected.append(mask_iou(wholes[0][None], wholes[1][None])[0, 0])
    np.testing.assert_allclose(functions.evaluate(MASK_IOU, pairs), expected, atol=1e-12)
