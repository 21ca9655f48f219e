"""COCO's files: what is understood, what is refused with file, entry and field, and nothing else."""

import json
import zipfile
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools import mask as mask_tools

from pedviz.data.coco import parse_truth, read_truth, truth_of_bytes
from pedviz.data.coco_results import parse_results, read_results, results_of_bytes
from pedviz.data.json_fields import identity
from pedviz.data.segmentation import compressed
from pedviz.errors import DatasetError


def _truth(**changes) -> dict:
    """Two images with a person each and a car."""
    box = {"bbox": [10, 20, 30, 40], "area": 1000, "iscrowd": 0}
    return {
        "images": [
            {"id": 7, "file_name": "street/a.jpg", "width": 100, "height": 80},
            {"id": 3, "file_name": "b.png", "width": 100, "height": 80},
        ],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 1, **box},
            {"id": 2, "image_id": 3, "category_id": 1, **box},
            {"id": 3, "image_id": 3, "category_id": 5, **box},
        ],
        "categories": [{"id": 5, "name": "car"}, {"id": 1, "name": "person"}],
        **changes,
    }


def _changed(place: int, **fields) -> dict:
    content = _truth()
    content["annotations"][place].update(fields)
    return content


def _read(content: dict):
    return truth_of_bytes(json.dumps(content).encode(), file="truth.json")


def _found(**fields) -> dict:
    return {"image_id": 7, "category_id": 1, "bbox": [10, 20, 30, 40], "score": 0.5, **fields}


def test_objects_keep_their_order_and_images_are_sorted():
    truth = _read(_truth())
    assert [image.id for image in truth.images] == [3, 7]
    assert truth.images[1].size == (80, 100)
    assert truth.image_places.tolist() == [1, 0, 0]
    assert [truth.categories[place].name for place in truth.category_places] == ["person", "person", "car"]
    assert truth.areas.tolist() == [1000] * 3
    assert truth.notices == ()


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_marks_in_front_and_other_encodings_are_read(bom):
    content = json.dumps(_truth())
    assert len(truth_of_bytes(bom + content.encode(), file="t")) == 3
    assert len(truth_of_bytes(content.encode("utf-16"), file="t")) == 3


@pytest.mark.parametrize(
    ("crowd", "is_one"),
    [
        (0, False),
        (1, True),
        ("0", False),
        ("1", True),
        (False, False),
        (True, True),
        (None, False),
        ("", False),
    ],
)
def test_crowds_are_understood_in_every_form(crowd, is_one):
    assert _read(_changed(0, iscrowd=crowd)).are_crowds.tolist() == [is_one, False, False]


@pytest.mark.parametrize(("value", "meant"), [("1", 1), (1.0, 1), (" 1 ", 1), ("01", "01"), ("a", "a")])
def test_ids_are_numbers_where_they_can_be(value, meant):
    assert identity(value) == meant


def test_a_box_of_negative_size_is_turned_round_and_named():
    truth = _read(_changed(1, bbox=[40, 60, -30, -40]))
    assert truth.boxes_xywh[1].tolist() == [10, 20, 30, 40]
    assert truth.notices == (
        "truth.json: annotations[1], bbox: width or height is negative; it is taken from its other corner.",
    )


def test_a_missing_area_is_that_of_the_box():
    content = _changed(2, area=None)
    truth = _read(content)
    assert truth.areas.tolist() == [1000, 1000, 1200]
    assert "annotations[2]: there is no area" in truth.notices[0]


def test_repeated_annotation_ids_are_objects_of_their_own():
    truth = _read(_changed(1, id=1))
    assert len(truth) == 3
    assert "1 ids of annotations occur more than once, such as 1" in truth.notices[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(
            _changed(1, bbox=[1, 2, 3]), r"annotations\[1\] \(id 2\), bbox: expected four", id="three"
        ),
        pytest.param(_changed(1, bbox=[1, 2, float("nan"), 4]), r"\[1\] \(id 2\), bbox", id="nan"),
        pytest.param(_changed(1, bbox=[1, 2, 10**400, 4]), r"\[1\] \(id 2\), bbox", id="huge"),
        pytest.param(_changed(1, bbox=None), r"\[1\] \(id 2\), bbox: .* got nothing", id="no box"),
        pytest.param(_changed(1, image_id=99), r"image_id: 99 is the id of no image", id="no such image"),
        pytest.param(
            _changed(1, category_id=9), "category_id: 9 is no id of the 2 categories", id="category"
        ),
        pytest.param(
            _changed(1, iscrowd="maybe"), r"iscrowd: expected 0 or 1, got the text 'maybe'", id="crowd"
        ),
        pytest.param(_changed(1, area="big"), r"area: expected a number, got the text 'big'", id="area"),
        pytest.param(_truth(images={}), "images is {}, expected a list", id="images"),
        pytest.param(_truth(annotations=[3]), r"annotations\[0\] is 3, expected an object", id="a number"),
        pytest.param(_truth(images=[{"id": 1}, {"id": "1"}]), "is also that of", id="doubled images"),
        pytest.param({"images": []}, "has no list 'annotations'; it has the text 'images'", id="no list"),
    ],
)
def test_what_would_lose_objects_is_refused_with_its_place(content, said):
    with pytest.raises(DatasetError, match=said) as raised:
        _read(content)
    assert str(raised.value).startswith("truth.json: ")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe\xfd", b"[" * 100_000, b"1" * 5000, b"null", b"[1]"]
)
def test_what_is_no_json_of_that_kind_is_one_sentence(content):
    with pytest.raises(DatasetError, match=r"^truth\.json: it "):
        truth_of_bytes(content, file="truth.json")


def test_a_file_may_be_the_only_one_in_a_zip(tmp_path):
    with zipfile.ZipFile(tmp_path / "truth.zip", "w") as archive:
        archive.writestr("people/annotations.json", json.dumps(_truth()))
        archive.writestr("__MACOSX/people/._annotations.json", "")
    assert len(read_truth(tmp_path / "truth.zip")) == 3


LIST = [_found(), _found(image_id=3, category_id=5, score=0.25)]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(LIST, id="a list"),
        pytest.param({"predictions": LIST}, id="predictions"),
        pytest.param({"annotations": LIST, "images": []}, id="annotations"),
        pytest.param({"results": {"some_model": {"bbox": LIST, "segm": []}}}, id="own export"),
        pytest.param([{**one, "image_id": str(one["image_id"])} for one in LIST], id="text"),
        pytest.param([{**LIST[0], "image_id": "a"}, {**LIST[1], "image_id": "b.png"}], id="stems"),
        pytest.param([{**LIST[0], "image_id": "street\\a.jpg"}, LIST[1]], id="backslashes"),
        pytest.param([{**LIST[0], "category_id": 1.0}, {**LIST[1], "bbox": ["10", 20, 30, 40]}], id="forms"),
        pytest.param(
            [
                {"image_id": 7, "boxes": [[10, 20, 40, 60]], "scores": [0.5], "labels": [1]},
                {"image_id": 3, "boxes": [[10, 20, 40, 60]], "scores": [0.25], "labels": [5]},
            ],
            id="torchmetrics",
        ),
        pytest.param(
            [
                {"boxes": [[10, 20, 40, 60]], "scores": [0.25], "labels": [5]},
                {"boxes": [[10, 20, 40, 60]], "scores": [0.5], "labels": [1]},
            ],
            id="torchmetrics in order",
        ),
    ],
)  # fmt: skip
def test_results_are_understood_in_every_form(content):
    found = results_of_bytes(json.dumps(content).encode(), _read(_truth()), file="a.json")
    order = np.argsort(-found.scores)
    assert found.scores[order].tolist() == [0.5, 0.25]
    assert found.image_places[order].tolist() == [1, 0]
    assert found.category_places[order].tolist() == [0, 1]
    assert found.boxes_xywh.tolist() == [[10, 20, 30, 40]] * 2


def test_categories_that_count_from_zero_are_moved():
    truth = _read(_truth(categories=[{"id": 1, "name": "person"}, {"id": 5, "name": "car"}]))
    found = parse_results([_found(category_id=0), _found(category_id=4)], truth, file="a.json")
    assert found.category_places.tolist() == [0, 1]
    assert "counts categories from 0" in found.notices[0]


def test_results_of_other_images_are_left_out_with_a_notice():
    found = parse_results([_found(), _found(image_id=99)], _read(_truth()), file="a.json")
    assert len(found) == 1
    assert found.notices == (
        "a.json: entry [1], image_id: the ground truth has no image 99; 1 of 2 detections are left out.",
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(
            [_found(score=None)], r"entry \[0\], score: expected a number, got nothing", id="no score"
        ),
        pytest.param([_found(score=float("inf"))], r"entry \[0\], score", id="infinite"),
        pytest.param([_found(bbox=[1, 2])], r"entry \[0\], bbox: expected four numbers", id="two edges"),
        pytest.param(
            [{"image_id": 7, "category_id": 1, "score": 1}], "neither a box nor a segm", id="no box"
        ),
        pytest.param([_found(image_id=99)], "no detection is of an image and a category", id="other images"),
        pytest.param({"model": 1}, "has none of the lists predictions", id="no list"),
        pytest.param({"results": {"a": {}, "b": {}}}, "holds the results of 2 detectors", id="two detectors"),
        pytest.param([{"boxes": [], "scores": [], "labels": []}], "name no image_id", id="one of two"),
        pytest.param(
            [{"image_id": 7, "boxes": [1], "scores": [1], "labels": [1]}], "boxes: expected four", id="xy"
        ),
        pytest.param(
            [{"image_id": 7, "boxes": [[1, 2, 3, 4]], "scores": [], "labels": [1]}], "of one", id="short"
        ),
    ],
)
def test_results_of_no_form_are_one_sentence(content, said):
    with pytest.raises(DatasetError, match=said) as raised:
        parse_results(content, _read(_truth()), file="a.json")
    assert str(raised.value).startswith("a.json: ")


def test_no_detection_at_all_is_a_result(tmp_path):
    (tmp_path / "none.json").write_text("[]")
    found = read_results(tmp_path / "none.json", _read(_truth()))
    assert (len(found), found.has_masks) == (0, False)


@given(seed=st.integers(0, 999), share=st.floats(0, 1))
def test_masks_come_back_in_pycocotools_form(seed, share):
    mask = np.random.default_rng(seed).random((9, 13)) < share
    known = mask_tools.encode(np.asfortranarray(mask.astype(np.uint8)))
    lengths = np.diff([0, *np.flatnonzero(np.diff(mask.T.ravel(), prepend=False)), mask.size]).tolist()
    for counts in (known["counts"].decode(), lengths):
        assert compressed({"size": [9, 13], "counts": counts}, size=(9, 13))["counts"] == known["counts"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.just(10**30),
    lambda part: st.lists(part, max_size=5) | st.dictionaries(st.text(max_size=3), part, max_size=3),
    max_leaves=6,
)
FIELDS = ("id", "image_id", "category_id", "bbox", "score", "segmentation", "area", "iscrowd", "file_name",
          "width", "height", "name", "boxes", "labels", "scores", "images", "annotations")  # fmt: skip


@settings(max_examples=150)
@given(data=st.data())
def test_any_field_of_any_type_gives_an_answer_or_one_sentence(data):
    """One field of one entry is replaced by anything; a `DatasetError` is the only way out."""
    content, results = _truth(), [_found(), _found(score=0.1)]
    target = data.draw(st.sampled_from([content, *content["images"], *content["annotations"], *results]))
    target[data.draw(st.sampled_from(FIELDS))] = data.draw(JSON)
    with suppress(DatasetError):
        truth = parse_truth(content, file="t.json")
        found = parse_results(results, truth, file="a.json")
        assert np.isfinite(truth.boxes_xywh).all()
        assert np.isfinite(found.scores).all()


@settings(max_examples=100)
@given(content=st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_give_an_answer_or_one_sentence(content):
    truth = _read(_truth())
    for read in (
        lambda: truth_of_bytes(content, file="t"),
        lambda: results_of_bytes(content, truth, file="a"),
    ):
        with suppress(DatasetError):
            read()
