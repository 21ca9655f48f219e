"""Comparisons of visitors' files: the addresses, the process behind them, limits and forgetting."""

import json
import time
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pedviz.comparison import compare
from pedviz.errors import BusyError, ResultsError
from pedviz.ui.comparison_jobs import DIED, MOST_JOBS, ComparisonJobs
from pedviz.ui.comparison_routes import comparison_routes
from tests.metrics.coco_scenes import random_files

ENDED_WITHIN = 60  # seconds, on a busy machine


@pytest.fixture(scope="module")
def files():
    truth, results = random_files(3, images=6)
    return truth, results, results[::3]


@pytest.fixture
def jobs():
    made = ComparisonJobs()
    yield made
    made.close()


@pytest.fixture
def client(jobs):
    return TestClient(Starlette(routes=comparison_routes(jobs)))


def _begun(client: TestClient, contents: dict[str, object]) -> str:
    """A comparison whose files have been sent and that has been started."""
    token = client.post("/comparisons").json()["token"]
    for slot, content in contents.items():
        assert client.put(f"/comparisons/{token}/{slot}", content=json.dumps(content)).status_code == 200
    names = {slot: f"my {slot}.json" for slot in contents}
    assert client.post(f"/comparisons/{token}", content=json.dumps({"names": names})).status_code == 200
    return f"/comparisons/{token}"


def _ended(client: TestClient, address: str) -> dict:
    until = time.monotonic() + ENDED_WITHIN
    while time.monotonic() < until:
        state = client.get(address).json()
        if state["done"] or "problem" in state:
            return state
        time.sleep(0.1)
    raise AssertionError(f"still {state}")


def test_files_are_compared_shown_and_forgotten(client, jobs, files):
    address = _begun(client, dict(zip(("truth", "a", "b"), files, strict=True)))
    assert _ended(client, address) == {"stage": "", "share": 1.0, "done": True}
    found = client.get(f"{address}/report.json").json()
    expected = compare(*files)
    assert [run["name"] for run in found["runs"]] == ["my a", "my b"]
    for mine, theirs in zip(
        found["by_kind"]["bbox"]["runs"], expected.data["by_kind"]["bbox"]["runs"], strict=True
    ):
        assert mine["numbers"] == theirs["numbers"]
    assert "<title>my a and my b" in client.get(f"{address}/report.html").text
    (folder,) = Path(jobs.folder).iterdir()
    assert {path.name for path in folder.iterdir()} >= {"result.json"}
    assert not {path.name for path in folder.iterdir()} & {"truth", "a", "b"}  # read and removed
    assert client.delete(address).status_code == 200
    assert list(Path(jobs.folder).iterdir()) == []
    assert client.get(address).status_code == 404


def test_a_bad_file_is_one_sentence_with_its_own_name(client, files):
    address = _begun(
        client, {"truth": files[0], "a": [{"image_id": 1, "category_id": 1, "bbox": [1], "score": 1}]}
    )
    assert _ended(client, address)["problem"] == (
        "my a.json: entry [0], bbox: expected four numbers in pixels, got [1]"
    )


def test_a_process_that_ends_without_a_word_is_explained(client, jobs, files):
    address = _begun(client, {"truth": files[0], "a": files[1]})
    jobs._jobs[address.rpartition("/")[2]].process.kill()
    assert _ended(client, address)["problem"] in (DIED,)


def test_cancelling_ends_the_process_and_lets_the_next_begin(jobs, files):
    tokens = [jobs.begin() for _ in range(2)]
    for token in tokens:
        jobs.write(token, "truth", piece=json.dumps(files[0]).encode())
        jobs.write(token, "a", piece=json.dumps(files[1]).encode())
        jobs.start(token, {})
    first, second = (jobs._jobs[token] for token in tokens)
    assert second.process is None
    assert jobs.state(tokens[1])["stage"].startswith("Waiting for another")
    jobs.drop(tokens[0])
    assert first.process.poll() is not None
    assert second.process is not None


def test_what_nobody_asks_about_is_removed_and_there_is_an_end_to_it():
    now = [0.0]
    jobs = ComparisonJobs(kept_seconds=10, clock=lambda: now[0])
    token = jobs.begin()
    for _ in range(MOST_JOBS - 1):
        jobs.begin()
    with pytest.raises(BusyError, match="too many comparisons"):
        jobs.begin()
    now[0] = 9
    jobs.write(token, "truth", piece=b"{}")
    now[0] = 12
    jobs.sweep()
    assert len(jobs) == 1
    jobs.close()
    assert not Path(jobs.folder).exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"names": 3}', b"[" * 9000])
def test_an_odd_request_is_refused_with_a_sentence(client, body):
    token = client.post("/comparisons").json()["token"]
    answer = client.post(f"/comparisons/{token}", content=body)
    assert (answer.status_code, answer.text) == (404, "Expected the names of the files.")


def test_files_that_are_missing_are_named(jobs):
    token = jobs.begin()
    with pytest.raises(ResultsError, match="needs a ground truth and the results of at least one"):
        jobs.start(token, {})
    with pytest.raises(ResultsError, match="no longer on the server"):
        jobs.state("of somebody else")
