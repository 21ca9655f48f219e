from pathlib import Path

import pytest

from pedviz.errors import PhotoError
from pedviz.ui.requests import PhotoRequest, RunRequest, read_upload

RUN = {"ticket": 1, "photo_id": "abc", "model_id": "m", "ids": None}


def test_a_sample_request_has_no_path():
    request = PhotoRequest.read({"ticket": 1, "sample": "street", "path": "/etc/passwd"})
    assert (request.sample_id, request.path) == ("street", None)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"ticket": "1"}, "ticket: expected a whole number", id="ticket-is-text"),
        pytest.param({"ticket": -1}, "ticket: expected a whole number", id="negative-ticket"),
        pytest.param({"ticket": True}, "ticket: expected a whole number", id="ticket-is-bool"),
        pytest.param({"photo_id": None}, "photo_id: expected a text", id="no-photo"),
        pytest.param({"model_id": ["m"]}, "model_id: expected a text", id="model-is-list"),
        pytest.param({"ids": "0"}, "ids: expected a list", id="ids-are-text"),
        pytest.param({"ids": list(range(101))}, "at most 100", id="too-many-ids"),
        pytest.param({"ids": [0, -1]}, "ids: expected a whole number", id="negative-id"),
    ],
)
def test_a_malformed_run_request_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        RunRequest.read(RUN | changes)


@pytest.mark.parametrize(
    "content", [{"ticket": 1}, {"ticket": 1, "path": 3, "name": "a"}], ids=["none", "number"]
)
def test_a_photo_request_without_sample_or_path_is_refused(content):
    with pytest.raises(ValueError, match="path: expected a text"):
        PhotoRequest.read(content)


def test_an_upload_is_read_once_and_leaves_nothing(uploads, upload):
    path = upload(b"content")
    assert read_upload(path, folder=uploads) == b"content"
    assert list(uploads.rglob("*")) == []
    with pytest.raises(PhotoError, match="no longer on the server"):
        read_upload(path, folder=uploads)


def outside(uploads: Path) -> Path:
    secret = uploads.parent / "secret.txt"
    secret.write_text("secret")
    return secret


@pytest.mark.parametrize(
    "path_to",
    [
        pytest.param(lambda folder: str(outside(folder)), id="absolute"),
        pytest.param(lambda folder: f"{folder}/../{outside(folder).name}", id="dots"),
        pytest.param(lambda folder: f"{folder}-other/secret.txt", id="sibling-with-the-same-start"),
        pytest.param(lambda folder: str(folder), id="the-folder-itself"),
        pytest.param(lambda _: "", id="empty"),
        pytest.param(lambda _: "a\0b", id="null-character"),
        pytest.param(lambda _: "x" * 5000, id="endless"),
    ],
)
def test_a_path_that_is_no_upload_is_refused_and_untouched(uploads, path_to):
    with pytest.raises(PhotoError, match="no longer on the server"):
        read_upload(path_to(uploads), folder=uploads)
    assert outside(uploads).read_text() == "secret"


def test_a_link_out_of_the_upload_folder_is_refused(uploads):
    secret = outside(uploads)
    (uploads / "link.png").symlink_to(secret)
    with pytest.raises(PhotoError, match="no longer on the server"):
        read_upload(str(uploads / "link.png"), folder=uploads)
    assert secret.exists()
