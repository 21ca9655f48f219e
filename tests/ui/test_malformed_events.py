"""Whatever is sent as an event gets an answer or one plain sentence, through the real app."""

import itertools
import json
import random

import httpx
import pytest

from tests.fuzz.mutate import mutate_value
from tests.ui.conftest import photo_file
from tests.ui.visiting import MODEL, Visit

JOIN, DIRECT, CALL = "gradio_api/queue/join", "gradio_api/run/predict", "gradio_api/call/detect"
CHANGES = 16  # of each event
PATHS = {"stop_a": DIRECT, "forget": DIRECT, "choose": JOIN, "download": JOIN, "run_a": JOIN, "look_b": JOIN}
ADDRESSES = itertools.count()


@pytest.fixture(scope="module")
def visit(running_site):
    visit = Visit(running_site[1])
    visit.photo_id = visit.choose(photo_file())["photo"]["id"]
    yield visit
    visit.client.close()


@pytest.fixture(autouse=True)
def _no_download(monkeypatch):
    monkeypatch.setattr("pedviz.ui.service.pennfudan.download", lambda *_, **__: None)


def requests_of(visit: Visit) -> dict[str, object]:
    """The value of the request channel: something of everything."""
    run = {"ticket": 5, "photo_id": visit.photo_id, "model_id": MODEL, "ids": [1], "tiles": False}
    photo = {"ticket": 5, "sample": None, "path": "x", "name": "street.png"}
    return {"photo": photo, "a": run, "b": run, "stop_a": {"until": 4}, "download": {"ticket": 5}}


def post(visit: Visit, path: str, body: object) -> httpx.Response:
    """As if each came from an address of its own, which is not slowed down."""
    address = {"x-forwarded-for": f"198.51.100.{next(ADDRESSES) % 256}"}
    return visit.client.post(path, content=json.dumps(body), headers=address)


def assert_sentence(answer: httpx.Response, *, of: str) -> None:
    """A refusal says what is wrong, in one sentence."""
    assert answer.status_code == 400, of
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.endswith(".")
    assert "\n" not in answer.text
    assert len(answer.text) < 300


@pytest.mark.parametrize("event", PATHS)
def test_a_malformed_event_is_a_sentence(visit, event):
    data = [] if event == "forget" else [requests_of(visit)]
    sent = {"fn_index": visit.events[event], "data": data, "session_hash": visit.session}
    for seed in range(CHANGES):
        drawn = random.Random(seed)
        body = mutate_value(sent, drawn) if seed % 4 == 0 else sent | {"data": mutate_value(data, drawn)}
        answer = post(visit, PATHS[event], body)
        if answer.status_code != 200:
            assert_sentence(answer, of=f"{event}, change {seed}")
        elif PATHS[event] == JOIN and body.get("session_hash") == visit.session:
            told = [message for message in visit.answers() if message["msg"] == "process_completed"]
            assert all(message["success"] or message["title"] != "server" for message in told), (seed, told)


def test_a_malformed_call_is_a_sentence_with_a_code(running_site, visit):
    for seed in range(CHANGES):
        token = visit.upload(photo_file())
        photo = {"path": token, "orig_name": "street.png"}
        data = mutate_value([photo, [MODEL], 0.5, 0.5, 0.5, False], random.Random(seed))
        answer = post(visit, CALL, {"data": data})
        if answer.status_code != 200:
            assert_sentence(answer, of=f"change {seed}")
        else:
            told = visit.client.get(f"{CALL}/{answer.json()['event_id']}").text
            assert told.startswith("event: complete") or '"title": "server"' not in told, (data, told)
        running_site[0].service.uploads.drop(token)
