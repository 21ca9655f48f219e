"""`pedviz compare` and `pedviz figures`, from the arguments to the files."""

import json

import pytest

from pedviz.__main__ import main
from tests.metrics.coco_scenes import random_files


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare")
    truth, results = random_files(3, images=10)
    for name, content in (("truth", truth), ("a", results), ("b", results[::4])):
        (folder / f"{name}.json").write_text(json.dumps(content))
    return [str(folder / f"{name}.json") for name in ("truth", "a", "b")]


def test_a_report_its_numbers_and_figures_are_written(files, tmp_path, capsys):
    out = tmp_path / "report"
    assert main(["compare", *files, "--draws", "60", "--out", str(out), "--figures", "svg"]) == 0
    said = capsys.readouterr().out
    assert "Boxes" in said
    assert "on these 10 images." in said
    data = json.loads((out / "report.json").read_text())
    assert [run["name"] for run in data["runs"]] == ["a", "b"]
    report = (out / "report.html").read_text()
    assert "http://" not in report.replace("http://www.w3.org", "")
    assert "https://" not in report
    assert len(list(out.glob("*.svg"))) == 20
    assert "<text" in (out / "precision-recall-boxes-1col.svg").read_text()  # fonts stay text
    assert ">Dupe<" in (out / "errors-boxes-1col.svg").read_text()  # as TIDE abbreviates them


def test_a_worse_second_fails_and_a_better_one_does_not(files):
    truth, a, b = files
    assert main(["compare", truth, a, b, "--draws", "100", "--fail-if-worse"]) == 3
    assert main(["compare", truth, b, a, "--draws", "100", "--fail-if-worse"]) == 0


def test_a_file_of_another_kind_is_one_sentence(files, capsys):
    assert main(["compare", files[1], files[1]]) == 2
    assert "pedviz: a.json: it holds a list; ground truth is" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["pdf", "png"])
def test_training_curves_of_a_run_are_drawn(form, tmp_path):
    epochs = [
        {"epoch": place, "losses": {"loss_mask": 1 / place, "loss_box_reg": 0.5}} for place in (1, 2, 3)
    ]
    (tmp_path / "log.jsonl").write_text("\n".join(map(json.dumps, epochs)))
    assert main(["figures", str(tmp_path), "--out", str(tmp_path / "f"), "--format", form]) == 0
    first, second = sorted((tmp_path / "f").iterdir())
    assert (first.name, second.name) == (f"training-1col.{form}", f"training-2col.{form}")
    assert first.read_bytes()[:4] in (b"%PDF", b"\x89PNG")


def test_a_run_without_a_log_is_named(tmp_path, capsys):
    assert main(["figures", str(tmp_path / "nothing")]) == 2
    assert "no log.jsonl there" in capsys.readouterr().err
