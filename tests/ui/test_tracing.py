"""The routes of lesson 7: every answer, every refusal, and that nobody has to wait for another for ever."""

import base64
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pedviz.data.photos import MAX_BYTES
from pedviz.errors import BusyError, Cancelled, MissingCheckpointError, PhotoError
from pedviz.ui.gallery import Gallery
from pedviz.ui.trace_routes import trace_routes
from pedviz.ui.tracing import MOST_WAITING, Slots, Tracer
from pedviz.ui.uploads import Uploads
from tests.ui.conftest import PATIENCE, photo_file, wait_until
from tests.web.trace_scene import MODEL, made_up_trace

QUERY = f"?model={MODEL}"
RUN = "maskrcnn_resnet50_fpn"  # a variant whose passes over samples are not stored


class FakeTraces:
    """Makes the same trace of every image, once the gate is open; counts how often."""

    def __init__(self) -> None:
        self.runs = 0
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, model_id: str, image: np.ndarray, gone) -> object:
        self.runs += 1
        while not self.gate.wait(0.01):
            if gone():
                raise Cancelled("the detection was stopped")
        if model_id == "maskrcnn_resnet18_fpn":
            raise MissingCheckpointError("no weights for it; train them with: python -m training.train x")
        return made_up_trace()


@pytest.fixture
def traces() -> Iterator[FakeTraces]:
    made = FakeTraces()
    yield made
    made.gate.set()


@pytest.fixture
def tracer(traces) -> Tracer:
    return Tracer(Gallery(), make_trace=traces)


@pytest.fixture
def client(tracer) -> TestClient:
    app = Starlette(routes=trace_routes(Gallery(), tracer, uploads=Uploads()))
    return TestClient(app, raise_server_exceptions=True)


def test_a_sample_is_answered_and_then_known(client, traces):
    first, second = (client.get(f"/trace/opera/{RUN}.json") for _ in range(2))
    assert first.json()["sample"] == "opera"
    assert first.content == second.content
    assert traces.runs == 1


def test_a_stored_pass_needs_no_network_and_has_its_maps_apart(client, traces):
    found = client.get(f"/trace/opera/{MODEL}.json").json()
    assert found["photo"]["url"] == "samples/opera.webp"
    for place, level in enumerate(found["levels"]):
        assert level["maps"] is None
        maps = client.get(f"/trace/opera/{MODEL}/{place}.json").json()
        assert len(base64.b64decode(maps["pixels"])) == len(level["shown"]) * level["rows"] * level["columns"]
    assert client.get(f"/trace/opera/{MODEL}/{len(found['levels'])}.json").status_code == 404
    assert traces.runs == 0


def test_of_a_photo_nothing_is_kept(client, traces):
    for _ in range(2):
        answer = client.post(f"/trace{QUERY}", content=photo_file())
        assert answer.json()["sample"] is None
        assert answer.json()["photo"]["width"] == 320
    assert traces.runs == 2


def test_the_offer_lists_samples_variants_and_the_largest_file(client):
    offer = client.get("/trace.json").json()
    assert {"id": "opera"}.items() <= offer["samples"][1].items()
    assert MODEL in [model["id"] for model in offer["models"]]
    assert offer["max_bytes"] == MAX_BYTES


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        pytest.param(f"/trace/none/{MODEL}.json", 404, "There is no such sample image here", id="sample"),
        pytest.param(f"/trace/..%2fopera/{MODEL}.json", 404, "Not Found", id="path"),
        pytest.param("/trace/opera/none.json", 404, "No model 'none'", id="model"),
        pytest.param(f"/trace/opera/{MODEL}/9.json", 404, "There is no such level", id="level"),
        pytest.param("/trace/opera/maskrcnn_resnet18_fpn.json", 503, "train them with", id="weights"),
    ],
)
def test_a_sample_that_cannot_be_had_is_refused_in_one_sentence(client, path, status, words):
    answer = client.get(path)
    assert answer.status_code == status
    assert words in answer.text
    assert "\n" not in answer.text


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        pytest.param(b"", 422, "is empty", id="empty"),
        pytest.param(b"hello", 422, "is not an image that can be opened", id="text"),
        pytest.param(b"%PDF-1.7", 422, "is a PDF document", id="pdf"),
        pytest.param(photo_file()[:200], 422, "damaged", id="cut off"),
        pytest.param(bytes(MAX_BYTES + 1), 413, "larger than 20 MB", id="too large"),
    ],
)
def test_a_file_that_is_no_photo_is_refused_in_one_sentence(client, traces, content, status, words):
    answer = client.post(f"/trace{QUERY}", content=content)
    assert answer.status_code == status
    assert words in answer.text
    assert traces.runs == 0


def test_a_body_without_a_length_is_cut_at_the_limit(client):
    answer = client.post(f"/trace{QUERY}", content=(bytes(2**20) for _ in range(MAX_BYTES // 2**20 + 1)))
    assert answer.status_code == 413


def test_other_methods_are_refused(client):
    assert client.put(f"/trace{QUERY}").status_code == 405
    assert client.post(f"/trace/opera/{MODEL}.json").status_code == 405


def test_one_runs_at_a_time_and_too_many_are_refused(tracer, traces):
    traces.gate.clear()
    waiting = [
        threading.Thread(target=tracer.photo, args=(photo_file(), MODEL), kwargs={"gone": lambda: False})
        for _ in range(MOST_WAITING)
    ]
    for thread in waiting:
        thread.start()
    wait_until(lambda: traces.runs == 1)
    wait_until(lambda: _refuses(tracer))
    assert traces.runs == 1
    traces.gate.set()
    for thread in waiting:
        thread.join(PATIENCE)
    assert traces.runs == MOST_WAITING
    assert not _refuses(tracer)


def _refuses(tracer: Tracer) -> bool:
    """Whether all slots are taken; a file that is no photo gives its own slot back at once."""
    with pytest.raises((BusyError, PhotoError)) as refusal:
        tracer.photo(b"no photo", MODEL, gone=lambda: True)
    return refusal.type is BusyError


def test_who_has_left_is_not_waited_for(tracer, traces):
    traces.gate.clear()
    with pytest.raises(Cancelled, match="stopped"):
        tracer.photo(photo_file(), MODEL, gone=lambda: True)
    first = threading.Thread(target=tracer.sample, args=("opera", RUN), kwargs={"gone": lambda: False})
    first.start()
    wait_until(lambda: traces.runs == 2)
    with pytest.raises(Cancelled):
        tracer.photo(photo_file(), MODEL, gone=lambda: True)
    traces.gate.set()
    first.join(PATIENCE)
    assert traces.runs == 2


def test_a_refused_request_takes_no_slot():
    slots = Slots(1)
    with slots.acquired(), pytest.raises(BusyError, match="too many images"), slots.acquired():
        pass
    with slots.acquired():
        pass
