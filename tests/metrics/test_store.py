import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace

import pytest

from pedviz.errors import ResultsError
from pedviz.metrics import records, store
from tests.metrics.scenes import random_scenes, record_scenes


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty results folder instead of the real one."""
    monkeypatch.setattr(store, "results_folder", lambda: tmp_path)
    monkeypatch.setattr(records, "results_folder", lambda: tmp_path)
    return tmp_path


def lines(folder):
    return (folder / "metrics.jsonl").read_text().splitlines()


def test_what_a_run_started_from_is_a_sentence_and_no_history():
    starts = {result.start for result in store.measured_results()}
    assert len(starts) > 10
    assert [start for start in starts if len(start) > 150 or start.count(". ")] == []


def test_missing_file_is_an_empty_list(folder):
    assert store.load_measured() == ([], [])
    assert store.latest_by_spec() == {}


def test_unreadable_file_is_reported(folder):
    (folder / "metrics.jsonl").mkdir()
    results, (problem,) = store.load_measured()
    assert results == []
    assert str(problem) == "metrics.jsonl cannot be read: Is a directory"


def test_stored_result_comes_back_equal(folder, measured):
    store.append_measured(measured)
    assert store.measured_results() == [measured]


def test_numbers_keep_full_precision(folder, measured):
    stats = {"bbox": measured.stats["bbox"] | {"AP": 1 / 3}, "segm": None}
    store.append_measured(replace(measured, stats=stats))
    assert store.measured_results()[0].stats["bbox"]["AP"] == 1 / 3


def test_append_leaves_other_lines_alone(folder, measured):
    store.append_measured(measured)
    before = lines(folder)
    store.append_measured(replace(measured, seed=1))
    assert lines(folder)[:1] == before
    assert [result.seed for result in store.measured_results()] == [0, 1]


def test_result_after_a_torn_line_is_kept(folder, measured):
    store.append_measured(measured)
    (folder / "metrics.jsonl").write_text(lines(folder)[0][:100])  # a crash in the middle, no line end
    store.append_measured(measured)
    results, problems = store.load_measured()
    assert results == [measured]
    assert [str(problem)[:37] for problem in problems] == ["metrics.jsonl line 1 cannot be read a"]


def test_results_written_at_once_stay_whole(folder, measured):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda seed: store.append_measured(replace(measured, seed=seed)), range(40)))
    results, problems = store.load_measured()
    assert sorted(result.seed for result in results) == list(range(40))
    assert problems == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"seed": "zero"}, "seed: expected int, got str 'zero'", id="type"),
        pytest.param({"weights": "int4"}, "weights: expected one of compact, float32", id="choice"),
        pytest.param({"schema": 9}, "expected schema 1, got 9", id="schema"),
        pytest.param({"extra": 1}, "unknown field extra; known: spec_id", id="unknown field"),
        pytest.param({"stats": {"bbox": None}}, "stats: expected bbox, segm, got bbox", id="kind missing"),
        pytest.param(
            {"stats": {"bbox": {"AP": 0.5}, "segm": None}}, "stats bbox: expected AP, AP50", id="few"
        ),
        pytest.param(
            {"intervals": {"bbox": 0.5, "segm": None}}, "intervals bbox: expected list", id="interval"
        ),
        pytest.param({"intervals": {}}, "intervals: expected bbox, segm, got nothing", id="no interval"),
        pytest.param({"seconds_per_image": float("nan")}, "NaN is not a number that JSON", id="not a number"),
    ],
)
def test_bad_line_is_reported_by_number_and_the_rest_is_read(change, message, folder, measured):
    store.append_measured(measured)
    with (folder / "metrics.jsonl").open("a") as file:
        file.write(json.dumps(asdict(measured) | change) + "\n")
    store.append_measured(replace(measured, seed=3))
    results, problems = store.load_measured()
    assert [result.seed for result in results] == [0, 3]
    assert len(problems) == 1
    assert isinstance(problems[0], ResultsError)
    assert str(problems[0]).startswith("metrics.jsonl line 2 cannot be read and is left out: ")
    assert message in str(problems[0])


def test_minus_one_is_not_a_stored_number(folder, measured):
    stats = {"bbox": measured.stats["bbox"] | {"APs": -1}, "segm": None}
    with pytest.raises(ValueError, match="stats bbox APs: expected null or 0 to 1, got -1"):
        replace(measured, stats=stats)


def test_missing_fields_are_named(folder, measured):
    content = asdict(measured)
    del content["people"]
    (folder / "metrics.jsonl").write_text(json.dumps(content) + "\n[1]\n\n")
    assert [str(problem) for problem in store.load_measured()[1]] == [
        "metrics.jsonl line 1 cannot be read and is left out: "
        "missing 1 required keyword-only argument: 'people'",
        "metrics.jsonl line 2 cannot be read and is left out: expected a JSON object, got list [1]",
    ]


def test_latest_shipped_result_stands_for_its_variant(folder, measured):
    rows = [
        measured,
        replace(measured, seed=1),
        replace(measured, shipped=False, weights="float32", seed=2),
        replace(measured, spec_id="maskrcnn_mobilenet_v2_fpn", seed=3),
        replace(measured, spec_id="maskrcnn_resnet18_fpn", shipped=False, seed=4),
    ]
    for row in rows:
        store.append_measured(row)
    latest = {spec_id: result.seed for spec_id, result in store.latest_by_spec().items()}
    assert latest == {"maskrcnn_resnet50_fpn": 1, "maskrcnn_mobilenet_v2_fpn": 3}


def test_predictions_belong_to_their_result(folder, measured):
    records.write_predictions(record_scenes(random_scenes(1)), records.predictions_file("made-up"))
    assert store.predictions_of(measured).people == record_scenes(random_scenes(1)).people
    with pytest.raises(ResultsError, match=r"made-up\.json was made by other weights"):
        store.predictions_of(replace(measured, checkpoint_sha256="d" * 64))
    with pytest.raises(ResultsError, match=r"absent\.json cannot be read"):
        store.predictions_of(replace(measured, predictions="absent"))


def test_training_log_reads_what_it_can(folder):
    (folder / "training").mkdir()
    (folder / "training" / "run.jsonl").write_text('{"epoch": 1}\nnot JSON\n{"epoch": 2}\n')
    epochs, problems = store.training_log("run")
    assert [epoch["epoch"] for epoch in epochs] == [1, 2]
    assert [str(problem)[:17] for problem in problems] == ["run.jsonl line 2 "]
    assert store.training_log("absent") == ([], [])
