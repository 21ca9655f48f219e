"""Exports are read back by the programs they are meant for: pycocotools and a CSV reader."""

import csv
import io
import json
import sys
from dataclasses import replace

import numpy as np
import pytest
from pycocotools import mask as mask_tools
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from pedviz.errors import PedvizError
from pedviz.export import CSV_HEADER, safe_cell, to_coco, to_csv
from pedviz.theory.masks import paste_masks
from pedviz.types import MAP_SIZE
from tests.metrics.scenes import make_detections

SIZE = (120, 160)
BOXES = [[10.5, 20.25, 60, 100], [80, 30, 150, 119]]
SAME = {"original_size": SIZE}
LARGER = {"original_size": (241, 479), "scale_xy": (479 / 160, 241 / 120)}


def _with_masks():
    ramp = np.linspace(0, 255, MAP_SIZE).astype(np.uint8)
    return make_detections(BOXES, [0.91, 0.62], maps=np.tile(ramp, (2, MAP_SIZE, 1)), size=SIZE)


def _boxes_only():
    return replace(
        _with_masks(), map_rows=np.full(2, -1), mask_maps=np.zeros((0, MAP_SIZE, MAP_SIZE), np.uint8)
    )


def _nobody():
    return _with_masks().view(0.99)


def _loaded(tmp_path, export: dict, *, model: str = "a", kind: str) -> tuple[COCO, COCO]:
    """What pycocotools makes of the file."""
    path = tmp_path / "export.json"
    path.write_text(json.dumps(export), "utf-8")
    truth = COCO(str(path))
    return truth, truth.loadRes(json.loads(path.read_text("utf-8"))["results"][model][kind])


def _scale(original: dict) -> tuple[float, float]:
    return original.get("scale_xy", (1, 1))


@pytest.mark.parametrize("original", [SAME, LARGER], ids=["same-size", "larger-original"])
@pytest.mark.parametrize("model", ["a", "b"])
def test_coco_reads_every_box_back(tmp_path, original, model):
    results = [("a", _with_masks()), ("b", _boxes_only())]
    export = to_coco("street.jpg", results, **original)
    truth, found = _loaded(tmp_path, export, model=model, kind="bbox")
    height, width = original["original_size"]
    assert truth.loadImgs(1) == [{"id": 1, "file_name": "street.jpg", "height": height, "width": width}]
    read = found.loadAnns(found.getAnnIds(imgIds=[1], catIds=truth.getCatIds(["person"])))
    assert [np.float32(entry["score"]) for entry in read] == _with_masks().scores.tolist()
    across, down = _scale(original)
    for entry, (x1, y1, x2, y2) in zip(read, BOXES, strict=True):
        bbox = [x1 * across, y1 * down, (x2 - x1) * across, (y2 - y1) * down]
        np.testing.assert_allclose(entry["bbox"], bbox, rtol=1e-12)


@pytest.mark.parametrize("original", [SAME, LARGER], ids=["same-size", "larger-original"])
@pytest.mark.parametrize("threshold", [0.3, 0.7])
def test_coco_reads_every_mask_back(tmp_path, original, threshold):
    export = to_coco("x", [("a", _with_masks())], **original, mask_threshold=threshold)
    _, found = _loaded(tmp_path, export, kind="segm")
    expected = paste_masks(
        _with_masks(),
        mask_threshold=threshold,
        image_size=original["original_size"],
        scale_xy=_scale(original),
    )
    for entry, mask in zip(found.loadAnns(found.getAnnIds()), expected, strict=True):
        assert mask.any()
        assert entry["area"] == mask.sum()
        np.testing.assert_array_equal(found.annToMask(entry), mask)


@pytest.mark.parametrize("kind", ["bbox", "segm"])
def test_coco_scores_an_export_against_itself_as_perfect(tmp_path, kind):
    export = to_coco("x", [("a", _with_masks())], **SAME)
    export["annotations"] = [
        {**person, "id": place, "iscrowd": 0, "area": 4000}
        for place, person in enumerate(export["results"]["a"][kind], start=1)
    ]
    evaluation = COCOeval(*_loaded(tmp_path, export, kind=kind), kind)
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    assert evaluation.stats[0] == pytest.approx(1.0)


def test_only_people_with_a_map_have_a_segmentation():
    mixed = replace(_with_masks(), map_rows=np.array([-1, 0]))
    lists = to_coco("x", [("a", mixed)], **SAME)["results"]["a"]
    assert [len(lists["bbox"]), len(lists["segm"])] == [2, 1]
    assert lists["segm"][0]["score"] == lists["bbox"][1]["score"]


def test_nobody_exports_as_an_empty_list(tmp_path):
    export = to_coco("x", [("a", _nobody())], **SAME, image_id=7)
    assert set(export) == {"images", "annotations", "categories", "results"}
    assert export["results"] == {"a": {"bbox": [], "segm": []}}
    path = tmp_path / "nobody.json"
    path.write_text(json.dumps(export), "utf-8")
    assert COCO(str(path)).getImgIds() == [7]


def test_a_mask_that_is_empty_at_the_threshold_can_be_exported():
    person = to_coco("x", [("a", _with_masks())], **SAME, mask_threshold=1.0)["results"]["a"]["segm"][0]
    assert mask_tools.area(person["segmentation"]) == 0


def test_masks_without_pycocotools_say_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pycocotools", None)
    with pytest.raises(PedvizError, match="pip install pycocotools"):
        to_coco("x", [("a", _with_masks())], **SAME)
    assert len(to_coco("x", [("a", _boxes_only())], **SAME)["results"]["a"]["bbox"]) == 2


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_holds_the_same_people_as_the_coco_file():
    results = [("a", _with_masks()), ("b", _boxes_only())]
    lists = to_coco("x", results, **LARGER)["results"]
    rows = _rows(to_csv("x", results, **LARGER))
    assert [(row["model"], row["person"]) for row in rows] == [("a", "1"), ("a", "2"), ("b", "1"), ("b", "2")]
    for row, person in zip(rows, lists["a"]["bbox"] + lists["b"]["bbox"], strict=True):
        x, y, width, height = person["bbox"]
        assert float(row["score"]) == person["score"]
        corners = [float(row[name]) for name in ("x1", "y1", "x2", "y2")]
        np.testing.assert_allclose(corners, [x, y, x + width, y + height])
        assert float(row["box_area"]) == pytest.approx(width * height)
    areas = [str(mask_tools.area(person["segmentation"])) for person in lists["a"]["segm"]]
    assert [row["mask_area"] for row in rows] == [*areas, "", ""]


def test_csv_of_nobody_is_its_header():
    assert to_csv("x", [("a", _nobody())], **SAME) == ",".join(CSV_HEADER) + "\r\n"
    assert to_csv("x", [], **SAME, header=False) == ""


@pytest.mark.parametrize(
    "name",
    [
        'two "quotes", a comma.jpg',
        "line\nbreak.jpg",
        "carriage\rreturn.jpg",
        "Straße ☂ 通り.jpg",
        "",
        "plain.jpg",
    ],
    ids=ascii,
)
def test_csv_gives_any_name_back(name):
    rows = _rows(to_csv(name, [("a", _boxes_only())], **SAME))
    assert [row["photo"] for row in rows] == [name, name]


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1", '=HYPERLINK("http://x")'],
    ids=ascii,
)
def test_no_name_is_run_as_a_formula(name):
    (row, _) = _rows(to_csv(name, [(name, _boxes_only())], **SAME))
    assert row["photo"] == row["model"] == "'" + name == safe_cell(name)
