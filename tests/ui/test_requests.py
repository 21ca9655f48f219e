import pytest

from pedviz.errors import ArgumentError
from pedviz.ui.requests import PhotoRequest, RunRequest

RUN = {"ticket": 1, "photo_id": "abc", "model_id": "m", "ids": None}


def test_a_sample_request_has_no_path():
    request = PhotoRequest.read({"ticket": 1, "sample": "street", "path": "/etc/passwd"})
    assert (request.sample_id, request.upload) == ("street", "")


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
    with pytest.raises(ArgumentError, match=message):
        RunRequest.read(RUN | changes)


@pytest.mark.parametrize(
    "content", [{"ticket": 1}, {"ticket": 1, "path": 3, "name": "a"}], ids=["none", "number"]
)
def test_a_photo_request_without_sample_or_path_is_refused(content):
    with pytest.raises(ArgumentError, match="path: expected a text"):
        PhotoRequest.read(content)
