"""What lesson 7 receives is enough to replay the last steps, and gives what torchvision's model returns."""

import base64
import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from pedviz.data.photos import load
from pedviz.inference import Predictor
from pedviz.models.build import build
from pedviz.models.specs import get_spec
from pedviz.theory.masks import paste_map
from pedviz.theory.nms import explain_suppression
from pedviz.trace import pack_trace, trace
from pedviz.types import DEFAULT_SCORE_THRESHOLD, DETECTION_LIMIT, MAP_SIZE
from pedviz.ui.session import StagePhoto
from pedviz.ui.trace_payload import trace_payload
from tests.ui.conftest import photo_file

MODEL = "maskrcnn_mobilenet_v2_fpn"


def _array(text: str, dtype: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype)


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    torch.manual_seed(0)
    spec = replace(get_spec(MODEL), min_size=440, max_size=880)  # the size at which no two boxes are a tie
    return Predictor(spec, build(spec), dtype=torch.float32)


@pytest.fixture(scope="module")
def picture() -> StagePhoto:
    photo = load(photo_file(size=(210, 150)))
    noise = np.random.default_rng(1).integers(0, 256, (150, 210, 3), dtype=np.uint8)
    return StagePhoto(photo=type(photo)(pixels=noise, original_size=(150, 210), name="noise", id="n"))


@pytest.fixture(scope="module")
def traced(predictor, picture):
    return trace(predictor, picture.photo.pixels)


@pytest.fixture(scope="module")
def payload(traced, predictor, picture) -> dict:
    found = trace_payload(pack_trace(traced), staged=picture, spec=predictor.spec)
    text = json.dumps(found, allow_nan=False)
    return json.loads(text)


def test_replaying_the_last_steps_gives_what_torchvision_returns(payload, predictor, picture):
    tensor = torch.from_numpy(picture.photo.pixels.copy()).permute(2, 0, 1).float() / 255
    predictor.network.eval()
    with torch.inference_mode():
        (returned,) = predictor.network([tensor])
    found = payload["detections"]
    boxes, scores = _array(found["boxes"], "<f4").reshape(-1, 4), _array(found["scores"], "<f4")
    kept, _ = explain_suppression(boxes, scores, threshold=0.5)
    assert 0 < len(returned["boxes"]) < len(boxes)
    kept = kept[: len(returned["boxes"])]
    np.testing.assert_allclose(boxes[kept], returned["boxes"].numpy(), atol=1e-3)
    np.testing.assert_allclose(scores[kept], returned["scores"].numpy(), atol=1e-6)
    rows = _array(found["map_rows"], "<i4")
    maps = _array(found["maps"], "u1").reshape(-1, MAP_SIZE, MAP_SIZE)
    for place, mask in zip(kept, returned["masks"].numpy()[:, 0], strict=True):
        window, (x1, y1, x2, y2) = paste_map(maps[rows[place]], boxes[place], height=150, width=210)
        np.testing.assert_allclose(window, mask[y1:y2, x1:x2], atol=0.5 / 255 + 1e-4)
        assert mask.sum() == pytest.approx(mask[y1:y2, x1:x2].sum())


def test_what_stays_and_what_is_shown_are_the_detectors(payload, predictor, picture):
    expected = predictor.detect(picture.photo.pixels)
    assert payload["shown"] == expected.view().ids.tolist()
    scores = _array(payload["detections"]["scores"], "<f4")
    above = [id_ for id_ in payload["kept"] if scores[id_] > DEFAULT_SCORE_THRESHOLD]
    assert above[:DETECTION_LIMIT] == payload["shown"]


def test_a_channel_in_8_bits_is_its_map_to_half_a_step(payload, traced):
    for sent, level in zip(payload["levels"], traced.levels, strict=True):
        assert (sent["channels"], sent["rows"], sent["columns"]) == level.values.shape
        size = len(sent["shown"]), sent["rows"], sent["columns"]
        grey = _array(sent["maps"]["pixels"], "u1").reshape(size)
        for channel, pixels in zip(sent["shown"], grey, strict=True):
            values = level.values[channel["channel"]]
            step = (channel["high"] - channel["low"]) / 255
            read = pixels * step + channel["low"]
            np.testing.assert_allclose(read, values, atol=step * 0.51 + 1e-6)


def test_proposals_arrive_bit_for_bit(payload, traced):
    sent = payload["proposals"]
    np.testing.assert_array_equal(_array(sent["boxes"], "<f4").reshape(-1, 4), traced.proposals_xyxy)
    np.testing.assert_array_equal(_array(sent["scores"], "<f4"), traced.proposal_scores)
    assert sent["count"] == len(traced.proposals_xyxy)
