import json

import numpy as np
import pytest
from PIL import Image

from pedviz.data.segmentation import decode
from pedviz.errors import DatasetError
from training.add_masks import add_masks, check
from training.mosaic import SIDE
from training.sources import CocoSamples

SIZES = ((400, 260), (260, 400), (300, 300), (390, 250), (61, 400), (400, 300), (399, 301))  # width, height


class Segmenter:
    """In place of the network: a box holds what is red in it, and the network is sure where it is large."""

    def __init__(self) -> None:
        self.passes = 0

    def __call__(self, pixels: np.ndarray, boxes_xyxy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        self.passes += 1
        assert pixels.shape == (SIDE, SIDE, 3)
        red = pixels[..., 0].astype(np.float32) - 128
        places = np.arange(SIDE) + 0.5
        fields = []
        for x1, y1, x2, y2 in boxes_xyxy:
            inside = ((places > y1) & (places < y2))[:, None] & ((places > x1) & (places < x2))
            field = np.where(inside, red, -128)
            fields.append(field.reshape(256, 4, 256, 4).mean((1, 3)))
        return np.array(fields), np.array([field.max() / 128 for field in fields])


@pytest.fixture
def folder(tmp_path):
    """Photos of every shape; in each a red ellipse, in the middle one of the first also a grey one."""
    (tmp_path / "images").mkdir()
    images, people = [], []
    for number, (width, height) in enumerate(SIZES, start=1):
        pixels = np.zeros((height, width, 3), np.uint8)
        pixels[_ellipse(width, height)] = (255, 30, 30)
        name = f"{number}.png"
        Image.fromarray(pixels).save(tmp_path / "images" / name)
        image = {"id": number, "file_name": name, "width": width, "height": height}
        images.append({**image, "kind": f"k{number % 2}"})
        box = [width * 0.2, height * 0.1, width * 0.5, height * 0.7]
        people.append({"id": number, "image_id": number, "category_id": 1, "bbox": box, "area": 9})
    people.append({"id": 99, "image_id": 1, "category_id": 1, "bbox": [300, 200, 40, 50], "area": 2000})
    listed = {"images": images, "annotations": people, "categories": [{"id": 1, "name": "person"}]}
    (tmp_path / "annotations.json").write_text(json.dumps(listed))
    return tmp_path


def _ellipse(width: int, height: int) -> np.ndarray:
    """What fills the box of the photo's person."""
    y, x = np.mgrid[:height, :width] + 0.5
    return ((x / width - 0.45) / 0.25) ** 2 + ((y / height - 0.45) / 0.35) ** 2 < 1


def _masks(folder) -> dict[int, np.ndarray | None]:
    listed = json.loads((folder / "annotations.json").read_text())
    sizes = {image["id"]: (image["height"], image["width"]) for image in listed["images"]}
    return {
        person["id"]: decode(person["segmentation"], size=sizes[person["image_id"]])
        if "segmentation" in person
        else None
        for person in listed["annotations"]
    }


def test_a_mask_lies_where_the_person_is_whatever_the_shape_of_the_photo(folder):
    assert add_masks(folder, Segmenter()) == len(SIZES)
    masks = _masks(folder)
    for number, (width, height) in enumerate(SIZES, start=1):
        truth = _ellipse(width, height)
        iou = (masks[number] & truth).sum() / (masks[number] | truth).sum()
        assert iou > 0.9, (number, iou)
    assert masks[99] is None, "nothing red: the network is not sure"
    samples = CocoSamples(folder)
    assert [samples.has_masks(name) for name in samples.ids] == [False] + [True] * (len(SIZES) - 1)
    assert samples.load("2.png").masks.shape == (1, 400, 260)


def test_whoever_has_a_mask_keeps_it(folder):
    assert add_masks(folder, Segmenter(), kinds=["k0"]) == 3
    before = _masks(folder)
    assert {number for number, mask in before.items() if mask is not None} == {2, 4, 6}
    later = Segmenter()
    assert add_masks(folder, later) == 4
    assert later.passes == 3, "of wide, high and square photos"
    after = _masks(folder)
    for number in (2, 4, 6):
        np.testing.assert_array_equal(after[number], before[number])


def test_a_photo_is_as_large_in_the_mosaic_as_its_cell_allows(folder):
    sizes = []

    def watching(pixels, boxes):
        sizes.append(boxes[:, 2:] - boxes[:, :2])
        return np.full((len(boxes), 256, 256), -1.0), np.zeros(len(boxes))

    assert add_masks(folder, watching) == 0
    widths = np.concatenate(sizes).max(axis=0)
    np.testing.assert_allclose(widths, [512 * 0.5, 512 * 0.7], rtol=0.02)


def test_masks_that_are_there_say_how_good_the_others_are(folder):
    with pytest.raises(DatasetError, match="nobody in"):
        check(folder, Segmenter())
    add_masks(folder, Segmenter(), kinds=["k1"])
    before = (folder / "annotations.json").read_bytes()
    assert check(folder, Segmenter()) == [1.0] * 4

    def half(pixels, boxes):
        middle = boxes[:, [0, 2]].mean(axis=1) / 4
        fields, expected = Segmenter()(pixels, boxes)
        fields[np.arange(256)[None, None] > middle[:, None, None].repeat(256, axis=1)] = -1
        return fields, expected

    np.testing.assert_allclose(check(folder, half), 0.5, atol=0.11)  # one is 61 pixels wide
    assert (folder / "annotations.json").read_bytes() == before
