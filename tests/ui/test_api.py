from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from pycocotools import mask as coco_mask

from tests.ui.conftest import photo_file

MODELS = ["maskrcnn_resnet50_fpn", "fasterrcnn_mobilenet_v2"]


@pytest.fixture(scope="module")
def client(running_site):
    _, address = running_site
    return Client(address, verbose=False)


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "street.png"
    path.write_bytes(photo_file((11, 22, 33), size=(2666, 2000)))
    return path


def detect(client: Client, photo: Path, **options) -> dict:
    return client.predict(photo=handle_file(str(photo)), api_name="/detect", **options)


def test_the_answer_is_in_pixels_of_the_original(client, photo):
    answer = detect(client, photo, models=MODELS)
    assert answer["images"] == [{"id": 1, "file_name": "street.png", "width": 2666, "height": 2000}]
    assert list(answer["results"]) == MODELS
    first = answer["results"][MODELS[0]]
    assert first["bbox"][0]["bbox"] == pytest.approx([266.6, 200, 799.8, 1600], abs=0.5)
    assert coco_mask.decode(first["segm"][0]["segmentation"]).shape == (2000, 2666)


def test_a_looser_suppression_brings_masks_for_everyone(client, photo):
    answer = detect(client, photo, models=MODELS[:1], nms_threshold=0.9)
    result = answer["results"][MODELS[0]]
    assert len(result["segm"]) == len(result["bbox"]) == 2


def test_the_score_threshold_holds(client, photo):
    answer = detect(client, photo, models=MODELS[:1], score_threshold=0.9)
    assert [found["score"] for found in answer["results"][MODELS[0]]["bbox"]] == pytest.approx([0.95])


def test_the_upload_is_deleted(running_site, client, photo):
    detect(client, photo, models=MODELS[:1])
    assert len(running_site[0].service.uploads) == 0


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        pytest.param({"models": ["nonsense"]}, "unknown-model", "nonsense", id="unknown-model"),
        pytest.param({"models": "maskrcnn"}, "argument", "expected a list of ids such as", id="models-text"),
        pytest.param({"models": None}, "argument", "expected a list of ids", id="models-none"),
        pytest.param({"models": []}, "argument", "expected a list of ids", id="models-empty"),
        pytest.param({"models": [["a"]]}, "argument", "expected a list of ids", id="models-nested"),
        pytest.param({"score_threshold": 7}, "argument", "from 0 to 1, got 7", id="threshold-too-large"),
        pytest.param({"mask_threshold": "x"}, "argument", "from 0 to 1", id="threshold-text"),
        pytest.param({"nms_threshold": None}, "argument", "from 0 to 1", id="threshold-none"),
        pytest.param({"nms_threshold": [[1]]}, "argument", "from 0 to 1", id="threshold-nested"),
        pytest.param({"score_threshold": True}, "argument", "from 0 to 1", id="threshold-bool"),
        pytest.param({"tiles": "yes"}, "argument", "expected true or false", id="tiles-text"),
        pytest.param({"photo": None}, "argument", "expected an uploaded file", id="photo-none"),
        pytest.param({"photo": "a.jpg"}, "argument", "expected an uploaded file", id="photo-text"),
        pytest.param({"photo": [[]]}, "argument", "expected an uploaded file", id="photo-nested"),
        pytest.param({"photo": {"path": 7}}, "argument", "expected an uploaded file", id="photo-number"),
        pytest.param(
            {"photo": {"path": "http://127.0.0.1:9/a.jpg", "meta": {"_type": "gradio.FileData"}}},
            "photo", "no longer on the server", id="photo-address",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_a_sentence_with_a_code(client, photo, options, code, said):
    sent = {"photo": handle_file(str(photo)), **options}
    with pytest.raises(AppError, match=said) as raised:
        client.predict(api_name="/detect", **sent)
    assert raised.value.title == code


def test_a_fault_of_the_server_is_a_sentence_too(client, photo, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a secret path")

    monkeypatch.setattr("pedviz.ui.api.to_coco", fail)
    with pytest.raises(AppError, match="Something failed on the server") as raised:
        detect(client, photo, models=MODELS[:1])
    assert raised.value.title == "server"


def test_tiles_answer_in_pixels_of_the_original_too(client, tmp_path):
    photo = tmp_path / "wide.png"
    photo.write_bytes(photo_file((11, 22, 33), size=(1400, 300)))
    answer = detect(client, photo, models=MODELS[:1], tiles=True, nms_threshold=0.95)
    assert answer["images"][0]["width"] == 1400
    assert len(answer["results"][MODELS[0]]["bbox"]) > 2


def test_a_file_that_is_no_photo_is_a_sentence(client, tmp_path):
    (tmp_path / "notes.png").write_text("no image")
    with pytest.raises(AppError, match=r"notes\.png is not an image"):
        detect(client, tmp_path / "notes.png")


@pytest.mark.parametrize("path", ["/etc/passwd", "../../etc/passwd", str(Path(__file__))])
def test_a_path_of_the_server_is_refused(client, path):
    with pytest.raises(AppError, match="no longer on the server"):
        client.predict(photo={"path": path}, models=MODELS[:1], api_name="/detect")


def test_two_clients_get_their_own_answers(running_site, tmp_path):
    _, address = running_site
    widths = (320, 640)
    for width in widths:
        (tmp_path / f"{width}.png").write_bytes(photo_file((width % 250, 5, 5), size=(width, 200)))

    def ask(width: int) -> dict:
        return detect(Client(address, verbose=False), tmp_path / f"{width}.png", models=MODELS[:1])

    with ThreadPoolExecutor(len(widths)) as pool:
        answers = list(pool.map(ask, widths))
    assert [answer["images"][0]["width"] for answer in answers] == list(widths)
    assert [answer["images"][0]["file_name"] for answer in answers] == [f"{width}.png" for width in widths]
