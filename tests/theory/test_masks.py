"""Pasting and mask overlap against torchvision and pycocotools."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask as coco_mask
from torchvision.models.detection.roi_heads import paste_masks_in_image

from pedviz.theory.masks import mask_iou, paste_map, paste_masks, paste_person
from pedviz.types import Detections

HEIGHT, WIDTH = 90, 120


def _pasted(map_28: np.ndarray, box: np.ndarray, height: int = HEIGHT, width: int = WIDTH) -> np.ndarray:
    canvas = np.zeros((height, width), np.float32)
    window, (x1, y1, x2, y2) = paste_map(map_28, box, height=height, width=width)
    canvas[y1:y2, x1:x2] = window
    return canvas


def _torchvision(map_28: np.ndarray, box: np.ndarray, height: int = HEIGHT, width: int = WIDTH) -> np.ndarray:
    maps = torch.from_numpy(map_28)[None, None]
    return paste_masks_in_image(maps, torch.from_numpy(box)[None], (height, width))[0, 0].numpy()


def _map(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random((28, 28), dtype=np.float32)


@pytest.mark.parametrize(
    "box",
    [
        pytest.param((10, 20, 38, 76), id="inside"),
        pytest.param((10.3, 20.7, 37.9, 75.1), id="fractional"),
        pytest.param((-15.5, -20.25, 40, 50), id="outside-left-and-top"),
        pytest.param((90, 70, 150.5, 130.75), id="outside-right-and-bottom"),
        pytest.param((-30, -30, 160, 140), id="larger-than-the-picture"),
        pytest.param((0, 0, WIDTH, HEIGHT), id="whole-picture"),
        pytest.param((50, 50, 50.02, 50.02), id="smallest-kept"),
        pytest.param((60.9, 40.9, 62.1, 42.1), id="two-pixels"),
        pytest.param((0, 0, 0.4, 0.4), id="corner-pixel"),
        pytest.param((5, 44.99, 115, 45.01), id="flat"),
    ],
)
def test_pasted_map_equals_torchvision(box):
    box = np.array(box, np.float32)
    np.testing.assert_allclose(_pasted(_map(0), box), _torchvision(_map(0), box), atol=1e-5)


coordinate = st.floats(-40, 160, width=32)


@given(coordinate, coordinate, st.floats(0.015625, 200, width=32), st.floats(0.015625, 200, width=32))
def test_any_box_that_touches_the_picture_is_pasted_as_torchvision_does(x1, y1, width, height):
    box = np.array([x1, y1, x1 + width, y1 + height], np.float32)
    pasted = _pasted(_map(1), box)
    if box[0] >= WIDTH or box[1] >= HEIGHT or box[2] <= 0 or box[3] <= 0:
        return  # torchvision refuses some of these; the detector clips boxes to the image
    np.testing.assert_allclose(pasted, _torchvision(_map(1), box), atol=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_pixels_above_one_half_equal_torchvision(seed):
    generator = np.random.default_rng(seed)
    corner = generator.uniform(-20, 80, 2)
    box = np.concatenate([corner, corner + generator.uniform(5, 70, 2)]).astype(np.float32)
    stored = (_map(seed) * 255).round().astype(np.uint8)
    expected = _torchvision(stored.astype(np.float32) / 255, box)
    clear = np.abs(expected - 0.5) > 1e-5
    np.testing.assert_array_equal((_pasted(stored, box) > 0.5)[clear], (expected > 0.5)[clear])


def test_stored_map_is_read_as_probability():
    stored = np.full((28, 28), 255, np.uint8)
    assert _pasted(stored, np.array([10, 10, 60, 60])).max() == 1.0


@pytest.mark.parametrize(
    "box",
    [
        pytest.param((WIDTH + 5, 10, WIDTH + 40, 50), id="right"),
        pytest.param((10, -60, 40, -20), id="above"),
    ],
)
def test_box_outside_the_picture_gives_an_empty_window(box):
    window, place = paste_map(_map(0), np.array(box), height=HEIGHT, width=WIDTH)
    assert window.size == 0
    assert place == (0, 0, 0, 0)


def _people(boxes: np.ndarray, map_rows: list[int]) -> Detections:
    count = len(boxes)
    maps = np.stack([(_map(seed) * 255).astype(np.uint8) for seed in range(2)])
    return Detections(
        image_size=(HEIGHT, WIDTH),
        boxes_xyxy=boxes,
        scores=np.linspace(0.9, 0.5, count, dtype=np.float32),
        labels=np.ones(count, np.int64),
        ids=np.arange(count),
        map_rows=np.array(map_rows, np.int64),
        mask_maps=maps,
    )


@pytest.mark.parametrize("threshold", [0.3, 0.7])
def test_everyone_is_pasted_with_their_own_map(threshold):
    boxes = np.array([[10, 10, 50, 70], [30, 20, 90, 80], [0, 0, 9, 9]], np.float32)
    masks = paste_masks(_people(boxes, [1, 0, -1]), mask_threshold=threshold)
    for mask, seed, box in zip(masks, (1, 0), boxes, strict=False):
        stored = (_map(seed) * 255).astype(np.uint8).astype(np.float32) / 255
        expected = _torchvision(stored, box)
        clear = np.abs(expected - threshold) > 1e-5
        np.testing.assert_array_equal(mask[clear], expected[clear] > threshold)
    assert masks.shape == (3, HEIGHT, WIDTH)
    assert not masks[2].any()


def test_people_are_pasted_into_a_larger_original():
    box = np.array([[10, 10, 50, 70]], np.float32)
    large = paste_masks(_people(box, [0]), image_size=(3 * HEIGHT, 2 * WIDTH), scale_xy=(2, 3))[0]
    stored = (_map(0) * 255).astype(np.uint8).astype(np.float32) / 255
    expected = _torchvision(stored, box[0] * np.array([2, 3, 2, 3], np.float32), 3 * HEIGHT, 2 * WIDTH)
    clear = np.abs(expected - 0.5) > 1e-5
    np.testing.assert_array_equal(large[clear], expected[clear] > 0.5)


def test_nobody_gives_no_masks():
    assert paste_masks(_people(np.zeros((0, 4), np.float32), [])).shape == (0, HEIGHT, WIDTH)


def test_a_person_without_a_map_has_an_empty_window():
    mask, window = paste_person(_people(np.array([[0, 0, 9, 9]], np.float32), [-1]), 0)
    assert mask.size == 0
    assert window == (0, 0, 0, 0)


def test_mask_overlap_equals_pycocotools():
    generator = np.random.default_rng(0)
    first, second = generator.random((4, 30, 40)) > 0.4, generator.random((3, 30, 40)) > 0.7
    encoded = [
        coco_mask.encode(np.asfortranarray(masks.transpose(1, 2, 0).astype(np.uint8)))
        for masks in (first, second)
    ]
    np.testing.assert_allclose(mask_iou(first, second), coco_mask.iou(*encoded, [0] * 3), rtol=1e-12)


def test_mask_overlap_of_two_empty_masks_is_zero():
    nobody = np.zeros((1, 5, 5), bool)
    assert mask_iou(nobody, nobody).tolist() == [[0.0]]


@pytest.mark.parametrize("counts", [(0, 2), (2, 0), (0, 0)], ids=str)
def test_mask_overlap_without_masks_has_no_entries(counts):
    first, second = (np.ones((count, 5, 5), bool) for count in counts)
    assert mask_iou(first, second).shape == counts


def test_masks_of_different_pictures_are_refused():
    with pytest.raises(ValueError, match=r"expected equal sizes, got \(1, 5, 5\) and \(1, 5, 6\)"):
        mask_iou(np.ones((1, 5, 5), bool), np.ones((1, 5, 6), bool))
