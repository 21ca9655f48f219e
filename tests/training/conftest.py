"""A small data set in COCO's format, made of coloured rectangles, half of it with masks."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

PICTURES, HEIGHT, WIDTH = 6, 64, 80


@pytest.fixture(scope="session")
def coco_folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("coco")
    (folder / "images").mkdir()
    generator = np.random.default_rng(0)
    images, annotations = [], []
    for number in range(1, PICTURES + 1):
        pixels = generator.integers(0, 60, (HEIGHT, WIDTH, 3), dtype=np.uint8)
        name = f"picture_{number}.png"
        images.append(
            {"id": number, "file_name": name, "width": WIDTH, "height": HEIGHT, "kind": f"k{number % 2}"}
        )
        for left in (8, 44):
            pixels[10:54, left : left + 22] = generator.integers(120, 255, 3)
            person = {"id": len(annotations) + 1, "image_id": number, "category_id": 1, "iscrowd": 0}
            person |= {"bbox": [left, 10, 22, 44], "area": 22 * 44}
            if number % 2:
                person["segmentation"] = [[left, 10, left + 22, 10, left + 22, 54, left, 54]]
            annotations.append(person)
        Image.fromarray(pixels).save(folder / "images" / name)
    listed = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "person"}]}
    (folder / "annotations.json").write_text(json.dumps(listed))
    return folder
