"""Making weights: the parts are tested where they are; here, what is put in place, kept and gone on with."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from pedviz.cli.terminal import guarded
from pedviz.metrics.records import ImageRecord, PredictionRecord
from pedviz.models.build import build
from pedviz.models.manifest import available
from pedviz.models.specs import get_spec
from training import weights
from training.publish import publish
from training.weights import main

MODEL = "maskrcnn_mobilenet_v2_lite"  # stands for the large one, in a sixth of the time


def _run(folder: Path, run_id: str) -> Path:
    """A finished run with random weights."""
    folder.mkdir(parents=True)
    facts = {
        "spec_id": MODEL, "run_id": run_id, "norm": "frozen", "hidden": 256, "recipe": {}, "seed": 0,
        "data": "made up", "init": "coco",
    }  # fmt: skip
    with torch.device("meta"):
        shapes = build(get_spec(MODEL)).state_dict()
    state = {name: torch.full(tensor.shape, 0.5) for name, tensor in shapes.items()}
    save_file(state, folder / "final.safetensors", metadata={"pedviz": json.dumps(facts)})
    return folder


def _record(overlap: float) -> PredictionRecord:
    pictures = tuple(
        ImageRecord(
            name=str(place), image_size=(50, 50), scores=np.array([0.9], np.float32),
            boxes_xyxy=np.array([[0, 0, 20, 40]], np.float32), people_areas=np.array([800.0]),
            box_ious=np.array([[overlap]]),
        )
        for place in range(5)
    )  # fmt: skip
    return PredictionRecord(
        run_id="r", spec_id=MODEL, checkpoint_sha256="c", split_sha256="s", images=pictures
    )


@pytest.fixture
def released(tmp_path, monkeypatch) -> Path:
    """The file that is in place, a COCO start that is here, and a results folder of the test's own."""
    monkeypatch.setattr(weights, "MODEL", MODEL)
    monkeypatch.setenv("PEDVIZ_CHECKPOINTS", str(tmp_path / "checkpoints"))
    monkeypatch.setattr("training.publish.results_folder", lambda: tmp_path / "results")
    monkeypatch.setattr(weights.coco, "ensure_downloaded", lambda progress: tmp_path / "start.safetensors")
    publish(_run(tmp_path / "old", "run-old"))
    return tmp_path / "checkpoints" / f"{MODEL}.safetensors"


@pytest.fixture
def measured(monkeypatch) -> Callable[[float], None]:
    """Let the new weights overlap people by so much; the released ones do by .7."""

    def set_overlap(overlap: float) -> None:
        def measure(options: object) -> list[tuple[None, PredictionRecord]]:
            return [(None, _record(overlap if options.checkpoint else 0.7))]

        monkeypatch.setattr(weights, "measure", measure)

    return set_overlap


def test_better_weights_are_put_in_place_and_the_file_before_is_kept(
    released, measured, tmp_path, monkeypatch, capsys
):
    commands = []

    def train(options: object) -> Path:
        commands.append(options)
        return _run(tmp_path / "runs" / "weights" / "run-new", "run-new") / "final.safetensors"

    monkeypatch.setattr(weights, "run", train)
    measured(0.8)
    old = released.read_bytes()
    given = ["--out", str(tmp_path / "runs"), "--epochs", "3", "--device", "cpu"]
    assert main(given) == 0
    (options,) = commands
    assert (options.model_id, options.epochs, options.resume) == (MODEL, 3, False)
    assert options.init == [str(tmp_path / "start.safetensors")]
    assert "are in place" in capsys.readouterr().out
    assert available()[MODEL].run_id == "run-new"
    kept = released.parent / "before"
    assert (kept / released.name).read_bytes() == old
    assert json.loads((kept / f"{MODEL}.json").read_text())["run_id"] == "run-old"
    assert main(given) == 0
    assert len(commands) == 1, "a finished run is not trained again"
    assert "in place already" in capsys.readouterr().out
    assert (kept / released.name).read_bytes() == old, "the file before the first time"


@pytest.mark.parametrize(("stored", "evaluations"), [("run-old", 1), ("new", 0)])
def test_weights_in_place_are_evaluated_if_a_stop_came_between(
    released, tmp_path, monkeypatch, stored, evaluations
):
    asked = []
    publish(_run(tmp_path / "runs" / "weights" / "new", "new"))
    monkeypatch.setattr(weights, "latest_by_spec", lambda: {MODEL: SimpleNamespace(run_id=stored)})
    monkeypatch.setattr(weights, "measure", lambda options: asked.append(options) or [(None, _record(0.7))])
    assert main(["--out", str(tmp_path / "runs")]) == 0
    assert [(options.ids, options.checkpoint) for options in asked] == [([MODEL], None)] * evaluations


def test_weights_that_are_no_better_change_nothing(released, measured, tmp_path, monkeypatch, capsys):
    _run(tmp_path / "runs" / "weights" / "new", "run-new")
    before = released.read_bytes()
    for overlap in (0.7, 0.6):
        measured(overlap)
        assert main(["--out", str(tmp_path / "runs")]) == 0
        assert "stays as it is" in capsys.readouterr().out
    assert released.read_bytes() == before
    assert available()[MODEL].run_id == "run-old"
    assert not (released.parent / "before").exists()


def test_a_run_that_was_stopped_goes_on(released, measured, tmp_path, monkeypatch, capsys):
    folder = tmp_path / "runs" / "weights" / "new"
    folder.mkdir(parents=True)
    (folder / "last.safetensors").write_bytes(b"")

    def stop(options: object) -> None:
        assert options.resume
        raise KeyboardInterrupt

    monkeypatch.setattr(weights, "run", stop)
    assert guarded(lambda: main(["--out", str(tmp_path / "runs")]), stopped=weights.STOPPED) == 130
    assert "goes on from here" in capsys.readouterr().err
