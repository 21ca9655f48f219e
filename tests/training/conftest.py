"""Small data sets in COCO's format, made of coloured rectangles."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

HEIGHT, WIDTH = 64, 80


def _write_folder(folder: Path, *, count: int, masked: Callable[[int], bool]) -> Path:
    (folder / "images").mkdir()
    generator = np.random.default_rng(0)
    images, annotations = [], []
    for number in range(1, count + 1):
        pixels = generator.integers(0, 60, (HEIGHT, WIDTH, 3), dtype=np.uint8)
        name = f"picture_{number}.png"
        images.append(
            {"id": number, "file_name": name, "width": WIDTH, "height": HEIGHT, "kind": f"k{number % 2}"}
        )
        for left in (8, 44):
            pixels[10:54, left : left + 22] = generator.integers(120, 255, 3)
            person = {"id": len(annotations) + 1, "image_id": number, "category_id": 1, "iscrowd": 0}
            person |= {"bbox": [left, 10, 22, 44], "area": 22 * 44}
            if masked(number):
                person["segmentation"] = [[left, 10, left + 22, 10, left + 22, 54, left, 54]]
            annotations.append(person)
        Image.fromarray(pixels).save(folder / "images" / name)
    listed = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "person"}]}
    (folder / "annotations.json").write_text(json.dumps(listed))
    return folder


@pytest.fixture(scope="session")
def coco_folder(tmp_path_factory) -> Path:
    """Six images, every other one with masks."""
    return _write_folder(tmp_path_factory.mktemp("coco"), count=6, masked=lambda number: number % 2 == 1)


@pytest.fixture(scope="session")
def masked_folder(tmp_path_factory) -> Path:
    """Forty images with masks."""
    return _write_folder(tmp_path_factory.mktemp("masked"), count=40, masked=lambda number: True)


@pytest.fixture(scope="session")
def twelve_folder(tmp_path_factory) -> Path:
    """Twelve images with masks."""
    return _write_folder(tmp_path_factory.mktemp("twelve"), count=12, masked=lambda number: True)
