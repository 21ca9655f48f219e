import base64
import io

import numpy as np
import pytest
from PIL import Image

from pedviz.data.photos import load
from pedviz.models.specs import SPECS
from pedviz.types import GroundTruth
from pedviz.ui.payload import photo_payload, result_payload, sentence
from pedviz.ui.session import StagePhoto
from pedviz.ui.variants import choices, describe
from tests.ui.conftest import FakePredictors, photo_file


def decode(text: str, dtype: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype)


@pytest.fixture
def detections():
    return FakePredictors()(SPECS[0].id).detect(np.zeros((240, 320, 3), np.uint8))


def test_a_result_comes_back_bit_for_bit(detections):
    payload = result_payload(detections, photo_id="p", model=describe(SPECS[0]), cached=True)
    assert payload["count"] == 2
    assert payload["image_size"] == [240, 320]
    assert payload["cached"] is True
    np.testing.assert_array_equal(decode(payload["boxes"], "<f4").reshape(-1, 4), detections.boxes_xyxy)
    np.testing.assert_array_equal(decode(payload["scores"], "<f4"), detections.scores)
    np.testing.assert_array_equal(decode(payload["map_rows"], "<i4"), detections.map_rows)
    np.testing.assert_array_equal(decode(payload["maps"], "u1").reshape(-1, 28, 28), detections.mask_maps)


def test_a_result_tells_the_seconds_of_each_stage(detections):
    payload = result_payload(detections, photo_id="p", model=describe(SPECS[0]), cached=False)
    assert payload["timings"] == {"prepare": 0.01, "network": 0.2, "finish": 0.03}


def test_a_photo_travels_as_a_data_url_of_the_capped_size():
    photo = load(photo_file(size=(2666, 1000)), name="wide.png")
    payload = photo_payload(StagePhoto(photo=photo))
    head, data = payload["url"].split(",")
    assert head == "data:image/jpeg;base64"
    with Image.open(io.BytesIO(base64.b64decode(data))) as shown:
        assert shown.size == (payload["width"], payload["height"]) == (1333, 500)
    assert (payload["original_width"], payload["original_height"]) == (2666, 1000)
    assert (payload["name"], payload["id"], payload["ground_truth"]) == ("wide.png", photo.id, None)


def test_ground_truth_travels_with_its_photo():
    boxes = np.array([[1, 2, 30, 40]], np.float32)
    truth = GroundTruth(image_size=(240, 320), boxes_xyxy=boxes)
    payload = photo_payload(StagePhoto(photo=load(photo_file()), ground_truth=truth))
    assert payload["ground_truth"] == {"boxes": [[1.0, 2.0, 30.0, 40.0]]}


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.id)
def test_every_variant_can_be_described(spec):
    described = describe(spec)
    assert (described["id"], described["parameters"], described["masks"]) == (
        spec.id,
        spec.parameters,
        spec.masks,
    )


def test_a_variant_without_weights_names_its_training_command(monkeypatch, tmp_path):
    monkeypatch.setenv("PEDVIZ_CHECKPOINTS", str(tmp_path))
    by_id = {choice["id"]: choice for choice in choices()}
    assert list(by_id) == [spec.id for spec in SPECS]
    missing = by_id["maskrcnn_resnet18_fpn"]["missing"]
    assert missing["command"] == "python -m training.train maskrcnn_resnet18_fpn"
    assert by_id["maskrcnn_resnet50_fpn_coco"]["missing"]["command"] is None


def test_a_damaged_manifest_does_not_stop_the_page(monkeypatch, tmp_path):
    monkeypatch.setenv("PEDVIZ_CHECKPOINTS", str(tmp_path))
    (tmp_path / "manifest.json").write_text("{]")
    assert all(choice["missing"] for choice in choices())


@pytest.mark.parametrize(
    ("message", "said"),
    [("no such file", "No such file."), ("Done.", "Done."), ("cat.png is empty", "cat.png is empty.")],
    ids=["plain", "finished", "file-name-first"],
)
def test_an_error_is_shown_as_a_sentence(message, said):
    assert sentence(ValueError(message)) == said


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("{data}/PennFudanPed.zip is damaged", "data/PennFudanPed.zip is damaged."),
        ("no room in {data}: the disk is full", "No room in data: the disk is full."),
        ("C:\\Users\\me\\x.png is empty", "x.png is empty."),
        ("3 / 4 of it came from https://host/a/b", "3 / 4 of it came from https://host/a/b."),
    ],
)
def test_a_sentence_names_no_folder_of_the_server(message, said, monkeypatch, tmp_path):
    monkeypatch.setenv("PEDVIZ_DATA", str(tmp_path / "data"))
    assert sentence(ValueError(message.format(data=tmp_path / "data"))) == said
