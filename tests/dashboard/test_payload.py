"""What the dashboard starts from, with results as they are, damaged, or with something added."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pytest

from pedviz.dashboard import payload as payload_module
from pedviz.dashboard import stored as reading
from pedviz.dashboard.payload import dashboard_payload, variants_payload
from pedviz.dashboard.stored import read_stored
from pedviz.metrics.columns import METRICS, NO_OBJECTS, NOT_SHOWN
from pedviz.metrics.reported import load_reported
from pedviz.metrics.store import append_measured, measured_results
from pedviz.models.specs import SPECS
from pedviz.paths import ROOT, results_folder

NEW_COLUMN = """
    MetricColumn(
        key="recall_gap", label="bbox gap", group="bbox", unit="0-1", better="lower", decimals=3,
        meaning="What ten detections an image miss of a hundred.",
        compute=lambda row: row.stats["bbox"] and row.stats["bbox"]["AR100"] - row.stats["bbox"]["AR10"],
    ),"""
NEW_VARIANT = """
    ModelSpec(
        id="maskrcnn_new", label="A new backbone", parameters=1, summary="For this test alone.",
        backbone="resnet18", neck="fpn",
    ),"""


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A copy of the results that may be damaged."""
    copy = tmp_path / "results"
    shutil.copytree(results_folder(), copy)
    for module in ("pedviz.dashboard.stored", "pedviz.metrics.store", "pedviz.metrics.records",
                   "pedviz.metrics.reported"):  # fmt: skip
        monkeypatch.setattr(f"{module}.results_folder", lambda: copy)
    return copy


def _rows(payload: dict) -> dict[str, dict]:
    return {row["id"]: row for row in payload["sections"]["tables"]["rows"]}


def test_every_run_has_a_row_with_every_number():
    rows = _rows(dashboard_payload())
    assert {f"reported:{run.id}" for run in load_reported().runs} <= set(rows)
    newest = {result.predictions: result for result in measured_results()}  # measured again, the last counts
    for result in newest.values():
        cells = rows[result.predictions]["cells"]
        assert list(cells) == [column.key for column in METRICS]
        assert cells["box_ap"]["value"] == result.stats["bbox"]["AP"]
        assert rows[result.predictions]["intervals"] == result.intervals


def test_weights_that_were_replaced_are_rows_of_the_past(folder):
    shipped = read_stored().shipped["maskrcnn_resnet50_fpn"]
    newer = {**asdict(shipped), "run_id": "maskrcnn_resnet50_fpn-s0-newer", "predictions": "newer"}
    with (folder / "metrics.jsonl").open("a") as file:
        file.write(json.dumps(newer) + "\n")
    predictions = folder / "predictions"
    shutil.copyfile(predictions / f"{shipped.predictions}.json", predictions / "newer.json")
    rows = _rows(dashboard_payload())
    assert (rows["newer"]["what"], rows["newer"]["detail"]) == ("shipped", "released weights")
    past = rows[shipped.predictions]
    assert (past["what"], past["detail"]) == ("earlier", "earlier release")
    now = [row["spec_id"] for row in rows.values() if row["what"] == "shipped"]
    assert len(now) == len(set(now))


def test_a_size_class_without_people_and_a_number_cut_off_are_said_in_words():
    texts = {cell["text"] for row in _rows(dashboard_payload()).values() for cell in row["cells"].values()}
    assert {NO_OBJECTS, NOT_SHOWN} <= texts
    assert not {"-1.000", "nan"} & texts


@pytest.mark.parametrize("error", [ZeroDivisionError, IndexError, AttributeError, ValueError])
def test_a_section_that_fails_is_named_and_the_others_stay(folder, monkeypatch, error):
    def fail(stored):
        raise error("nonsense")

    sections = (payload_module.Section(id="broken", build=fail), *payload_module.SECTIONS)
    monkeypatch.setattr(payload_module, "SECTIONS", sections)
    payload = dashboard_payload()
    assert any("'broken' cannot be shown" in problem for problem in payload["problems"])
    assert set(payload["sections"]) == {section.id for section in sections} - {"broken"}


def test_the_payload_is_json_and_kept_until_a_file_changes(folder):
    first = dashboard_payload()
    assert json.loads(json.dumps(first, allow_nan=False))
    assert dashboard_payload() is first
    os.utime(folder / "metrics.jsonl", ns=(1, 1))
    assert dashboard_payload() is not first


def test_visitors_who_come_together_wait_for_one_computation(folder, monkeypatch):
    entered, meeting = [], threading.Barrier(2)

    def build(stored):
        entered.append(stored)
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=0.2)  # for a second visitor, who must not come
        return {}

    monkeypatch.setattr(payload_module, "SECTIONS", (payload_module.Section(id="slow", build=build),))
    with ThreadPoolExecutor(2) as visitors:
        first, second = visitors.map(lambda _: dashboard_payload(), range(2))
    assert first is second
    assert len(entered) == 1


def test_the_variants_come_without_any_section(folder, monkeypatch):
    monkeypatch.setattr(payload_module, "SECTIONS", None)
    found = variants_payload()
    shipped = {spec_id: row.predictions for spec_id, row in read_stored().shipped.items()}
    assert {one["id"]: one["predictions"] for one in found["variants"] if one["predictions"]} == shipped
    assert [one["id"] for one in found["variants"]] == [spec.id for spec in SPECS]


def test_a_damaged_line_is_named_and_the_rest_is_shown(folder):
    lines = (folder / "metrics.jsonl").read_text("utf-8").splitlines()
    (folder / "metrics.jsonl").write_text("\n".join([lines[0], "{half a line", *lines[1:]]), "utf-8")
    payload = dashboard_payload()
    assert any("metrics.jsonl" in problem and "2" in problem for problem in payload["problems"])
    assert len([row for row in _rows(payload).values() if row["source"] == "measured"]) == len(
        {result.predictions for result in measured_results()}
    )


@pytest.mark.parametrize("name", ["metrics.jsonl", "reported.json"])
def test_a_missing_file_is_named_and_the_page_still_opens(folder, name):
    (folder / name).unlink()
    payload = dashboard_payload()
    assert any(name in problem for problem in payload["problems"])
    assert not any(str(folder) in problem for problem in payload["problems"])
    assert _rows(payload)


def test_what_is_measured_again_is_the_newest(folder):
    results = measured_results()
    first = next(result for result in results if result.shipped)
    append_measured(first, path=folder / "metrics.jsonl")
    assert read_stored().measured[-1] == first
    assert read_stored().shipped[first.spec_id] == first
    assert len(read_stored().measured) == len({result.predictions for result in results})


def test_shipped_weights_come_first_in_the_variants_order(folder):
    append_measured(read_stored().shipped[SPECS[0].id], path=folder / "metrics.jsonl")  # measured last
    shown = [(row["what"], row["spec_id"]) for row in _rows(dashboard_payload()).values()]
    shipped = [spec_id for what, spec_id in shown if what == "shipped"]
    assert shown[: len(shipped)] == [("shipped", spec_id) for spec_id in shipped]
    assert shipped == sorted(set(shipped), key=[spec.id for spec in SPECS].index)


def test_damaged_predictions_are_named_and_only_their_comparison_is_lost(folder):
    result = next(iter(read_stored().shipped.values()))
    (folder / "predictions" / f"{result.predictions}.json").write_text("{", "utf-8")
    stored = read_stored()
    assert any(f"{result.predictions}.json" in problem for problem in stored.problems)
    assert result.predictions not in stored.records
    assert result.predictions in _rows(dashboard_payload())


def test_an_empty_folder_gives_an_empty_page(tmp_path, monkeypatch):
    for module in ("pedviz.dashboard.stored", "pedviz.metrics.store", "pedviz.metrics.reported"):
        monkeypatch.setattr(f"{module}.results_folder", lambda: tmp_path / "nothing")
    payload = dashboard_payload()
    assert not _rows(payload)
    assert len(payload["problems"]) == 2
    assert reading.read_stored().shipped == {}


def test_a_variant_or_a_column_is_added_in_one_file(tmp_path):
    """A copy of the package with one record more in each registry, and a result of the new variant."""
    shutil.copytree(ROOT / "pedviz", tmp_path / "pedviz", ignore=shutil.ignore_patterns("__pycache__", "web"))
    shutil.copytree(results_folder(), tmp_path / "assets" / "results")
    for name, start, record in (
        ("metrics/columns.py", "METRICS: tuple[MetricColumn, ...] = (", NEW_COLUMN),
        ("models/specs.py", "SPECS: tuple[ModelSpec, ...] = (", NEW_VARIANT),
    ):
        path = tmp_path / "pedviz" / name
        path.write_text(path.read_text("utf-8").replace(start, start + record), "utf-8")
    results = tmp_path / "assets" / "results" / "metrics.jsonl"
    line = json.loads(results.read_text("utf-8").splitlines()[0])
    new = json.dumps(line | {"spec_id": "maskrcnn_new", "predictions": "new"})
    results.write_text(results.read_text("utf-8") + new + "\n", "utf-8")
    program = (
        "import json; from pedviz.dashboard.payload import dashboard_payload; "
        "print(json.dumps(dashboard_payload()))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    payload = json.loads(printed)
    row = _rows(payload)["new"]
    assert row["label"] == "A new backbone"
    stats = line["stats"]["bbox"]
    assert row["cells"]["recall_gap"]["value"] == pytest.approx(stats["AR100"] - stats["AR10"])
    assert "recall_gap" in [column["key"] for column in payload["sections"]["tables"]["columns"]]
    assert "maskrcnn_new" in [variant["id"] for variant in payload["variants"]]


def test_the_sizes_that_the_trials_were_tested_at_are_read_from_their_rows(folder):
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    for line in lines:
        if line["experiment"] == "neck=single":
            line["settings"]["min_size"] = 777
    (folder / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    common = dashboard_payload()["sections"]["ablations"]["common"]
    assert common["tested_at"] == {"400": ["fpn"], "640": ["proj256"], "777": ["single"]}
