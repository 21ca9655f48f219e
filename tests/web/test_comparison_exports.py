"""What the comparison offers for download, read again by other programs and by Python's own export."""

import csv
import io
import json

import numpy as np
from PIL import Image
from playwright.sync_api import Page
from pycocotools.coco import COCO

from pedviz.export import to_coco, to_csv
from pedviz.theory.masks import paste_masks
from tests.drawing import wait_for_drawing
from tests.web.comparison_page import start
from tests.web.comparison_scene import HEIGHT, SCALE, TRUTH, WIDTH, A, B


def _download(stage: Page, name: str) -> bytes:
    with stage.expect_download() as info:
        stage.get_by_role("button", name=name, exact=True).click()
    return info.value.path().read_bytes()


def test_coco_export_loads_and_its_masks_are_pythons(stage: Page, tmp_path):
    content = _download(stage, "COCO JSON")
    (tmp_path / "export.json").write_bytes(content)
    exported = json.loads(content)
    truth = COCO(str(tmp_path / "export.json"))
    assert exported["images"][0]["width"] == WIDTH * SCALE
    assert [a["bbox"] for a in exported["annotations"]] == [
        [x1 * SCALE, y1 * SCALE, (x2 - x1) * SCALE, (y2 - y1) * SCALE] for x1, y1, x2, y2 in TRUTH
    ]
    for model, found_people in (("model_a", A), ("model_b", B)):
        view = found_people.view()
        boxes = truth.loadRes(exported["results"][model]["bbox"])
        got = np.array([boxes.anns[i]["bbox"] for i in sorted(boxes.anns)])
        np.testing.assert_allclose(got[:, :2], view.boxes_xyxy[:, :2] * SCALE, rtol=1e-6)
        masks = truth.loadRes(exported["results"][model]["segm"])
        expected = paste_masks(view, image_size=(HEIGHT * SCALE, WIDTH * SCALE), scale_xy=(SCALE, SCALE))
        for annotation, mask in zip(sorted(masks.anns), expected, strict=True):
            decoded = masks.annToMask(masks.anns[annotation]).astype(bool)
            assert (decoded & mask).sum() / (decoded | mask).sum() > 0.999


def test_csv_export_has_a_row_for_everyone_and_runs_nothing(page: Page):
    stage = start(page, name='=cmd|"calc"!A1.png')
    rows = list(csv.DictReader(io.StringIO(_download(stage, "CSV").decode())))
    assert [row["model"] for row in rows] == ["model_a"] * 2 + ["model_b"] * 3
    assert float(rows[0]["x2"]) == 90 * SCALE
    assert rows[0]["photo"].startswith("'=cmd")


def test_editor_table_and_exports_speak_of_the_same_pixels(stage: Page):
    stage.get_by_role("button", name="Ground truth").click()
    stage.get_by_label("x2 of person 1").fill("187")
    stage.get_by_label("x2 of person 1").press("Tab")
    (first, _) = json.loads(_download(stage, "COCO JSON"))["annotations"]
    assert first["bbox"] == [20 * SCALE, 60 * SCALE, 187 - 20 * SCALE, 200 * SCALE]
    rows = list(csv.DictReader(io.StringIO(_download(stage, "CSV").decode())))
    wait_for_drawing(stage, after_ms=150)
    column = stage.locator("thead th").all_inner_texts().index("Mask area")
    cells = stage.locator(f"tbody td:nth-child({column + 1})").all_inner_texts()
    assert [cell.replace(",", "") for cell in cells] == [row["mask_area"] for row in rows]


def test_picture_export_has_the_size_of_the_original(stage: Page):
    picture = Image.open(io.BytesIO(_download(stage, "Image A")))
    assert picture.size == (WIDTH * SCALE, HEIGHT * SCALE)
    pixels = np.asarray(picture.convert("RGB")).astype(int)
    assert np.ptp(pixels[200 * SCALE, 55 * SCALE]) > 20  # a mask's colour over a grey photo


def test_json_and_csv_say_the_same_as_pythons_export(stage: Page):
    placed = {"original_size": (HEIGHT * SCALE, WIDTH * SCALE), "scale_xy": (SCALE, SCALE)}
    views = [("model_a", A.view()), ("model_b", B.view())]
    exported = json.loads(_download(stage, "COCO JSON"))
    expected = to_coco("made.png", views, **placed)
    assert exported["results"] == expected["results"]
    assert {key: exported[key] for key in ("images", "categories")} == {
        key: expected[key] for key in ("images", "categories")
    }
    rows = list(csv.reader(io.StringIO(_download(stage, "CSV").decode())))
    theirs = list(csv.reader(io.StringIO(to_csv("made.png", views, **placed))))
    width = len(theirs[0])
    assert rows[0][:width] == theirs[0]
    for row, their_row in zip(rows[1:], theirs[1:], strict=True):
        assert row[:3] == their_row[:3]
        assert [float(cell) for cell in row[3:width]] == [float(cell) for cell in their_row[3:]]
