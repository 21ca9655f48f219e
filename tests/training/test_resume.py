"""A run that is killed and resumed ends with the weights of a run that was not."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from pedviz.data.pennfudan import split
from pedviz.models.compact import load_state
from training.options import parser, recipe_from
from training.progress import RuinedWeightsError, load_progress, make_optimiser, save_progress
from training.recipes import Recipe
from training.train import images_from, main

EPOCHS = 3


def _arguments(coco_folder: Path, out: Path) -> list[str]:
    return [
        "maskrcnn_mobilenet_v2_fpn", "--init", "none", "--coco", str(coco_folder), "--epochs", str(EPOCHS),
        "--size", "64", "--regions", "16", "--threads", "1", "--device", "cpu", "--out", str(out),
    ]  # fmt: skip


def _start(arguments: list[str]) -> subprocess.Popen:
    command = [sys.executable, "-m", "training.train", *arguments]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def _run_folder(out: Path) -> Path:
    (folder,) = out.iterdir()
    return folder


def _steps_logged(run: Path) -> list[int]:
    return [json.loads(line)["step"] for line in (run / "log.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def finished(coco_folder, tmp_path_factory) -> Path:
    """The folder for runs with one that went straight to its end."""
    out = tmp_path_factory.mktemp("straight")
    assert main(_arguments(coco_folder, out)) == 0
    return out


@pytest.fixture
def finished_copy(finished, tmp_path) -> Path:
    """`finished`, to be changed."""
    return Path(shutil.copytree(finished, tmp_path / "runs"))


def _wait_for_a_checkpoint(out: Path, process: subprocess.Popen) -> None:
    for _ in range(6000):  # five minutes: a busy machine is slow, not wrong
        if any(out.glob("*/last.safetensors")):
            return
        if process.poll() is not None:
            pytest.fail(process.stderr.read().decode())
        time.sleep(0.05)
    pytest.fail("no epoch ended within five minutes")


@pytest.mark.trains
@pytest.mark.slow(reason="one run is killed in a process of its own and goes on to its end")
def test_kill_and_resume_end_with_bit_equal_weights(coco_folder, finished, tmp_path):
    """A run that finds what an earlier one left in its log, is killed amid a line of its own, and goes on."""
    run = tmp_path / _run_folder(finished).name
    run.mkdir()
    (run / "log.jsonl").write_text('{"epoch": 1, "step": 3}\n')  # of a run without a checkpoint
    killed = _start(_arguments(coco_folder, tmp_path))
    _wait_for_a_checkpoint(tmp_path, killed)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert not (run / "final.safetensors").exists()
    with (run / "log.jsonl").open("a") as log:
        log.write('{"epoch": 8, "step": 99}\n{"epoch": 9, "st')
    assert main([*_arguments(coco_folder, tmp_path), "--resume"]) == 0
    expected = load_file(_run_folder(finished) / "final.safetensors")
    got = load_file(run / "final.safetensors")
    assert set(got) == set(expected)
    assert all(torch.equal(got[name], expected[name]) for name in expected)
    assert _steps_logged(run) == _steps_logged(_run_folder(finished)) == [3, 6, 9]


@pytest.mark.trains
def test_a_run_is_never_overwritten(coco_folder, finished_copy, capsys):
    run, arguments = _run_folder(finished_copy), _arguments(coco_folder, finished_copy)
    final = run / "final.safetensors"
    recorded = {"init": ["none"], "coco": [coco_folder.name], "size": [64], "threads": 1}
    assert load_state(final)[1]["options"] == recorded
    before = final.stat().st_mtime_ns
    assert main(arguments) == 1
    assert "add --resume to go on" in capsys.readouterr().err
    (run / "last.safetensors").unlink()
    for again in ([], ["--resume"]):
        assert main([*arguments, *again]) == 1
        assert "it is finished; give --out" in capsys.readouterr().err
    assert final.stat().st_mtime_ns == before


@pytest.mark.trains
def test_other_pictures_under_the_same_name_are_another_run(coco_folder, finished_copy):
    own = Path(shutil.copytree(coco_folder, finished_copy.parent / "elsewhere" / coco_folder.name))
    listed = json.loads((own / "annotations.json").read_text())
    listed["annotations"][0]["bbox"] = [0, 0, 40, 60]
    (own / "annotations.json").write_text(json.dumps(listed))
    assert main(_arguments(own, finished_copy)) == 0
    said = [load_state(run / "final.safetensors")[1]["data"] for run in finished_copy.iterdir()]
    assert len(set(said)) == 2
    assert all(f"{coco_folder.name} (6 images, " in data for data in said)


def test_rehearsing_needs_pictures(tmp_path, capsys):
    arguments = ["maskrcnn_mobilenet_v2_fpn", "--init", "none", "--rehearse", "3", "--out", str(tmp_path)]
    assert main(arguments) == 1
    assert "there is no --coco" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--coco", "{}", "--rehearse-size", "48"], "there is no --rehearse"),
        (["--coco", "{}", "--kinds", "k1,nobody"], "no image is of the kind nobody: there are k0, k1"),
        (["--coco", "{}", "--batch", "200"], "make no batch of 200"),
    ],
)
def test_a_run_that_would_learn_nothing_is_refused(coco_folder, tmp_path, capsys, given, said):
    options = [part.format(coco_folder) for part in given]
    assert main(["maskrcnn_mobilenet_v2_fpn", "--init", "none", "--out", str(tmp_path), *options]) == 1
    assert said in capsys.readouterr().err
    assert not any(tmp_path.iterdir())


def test_a_batch_that_processes_cannot_share_is_refused(coco_folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "4")
    assert main(_arguments(coco_folder, tmp_path)) == 1
    assert "4 processes cannot share 2 images" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "optimiser", "lr"),
    [
        ([], "sgd", 0.01),
        (["--optimiser", "adamw"], "adamw", 1e-4),
        (["--lr", "0.002", "--optimiser", "adamw"], "adamw", 0.002),
        (["--preset", "report_a", "--optimiser", "sgd"], "sgd", 0.005),
    ],
)
def test_an_optimiser_brings_its_own_usual_rate(given, optimiser, lr):
    recipe = recipe_from(parser().parse_args(["maskrcnn_mobilenet_v2_fpn", *given]))
    assert (recipe.optimiser, recipe.lr) == (optimiser, lr)


@pytest.mark.parametrize(
    ("given", "sizes", "max_size"),
    [
        ([], (336, 368, 400, 432, 464), 800),
        (["--size", "800"], (800,), 1333),
        (["--size", "440", "--size", "560"], (440, 560), 933),
    ],
)
def test_the_largest_size_is_within_the_longest_side(given, sizes, max_size):
    recipe = recipe_from(parser().parse_args(["maskrcnn_mobilenet_v2_fpn", *given]))
    assert (recipe.sizes, recipe.max_size) == (sizes, max_size)


@pytest.mark.data
def test_pictures_with_nobody_are_not_rehearsed(coco_folder, tmp_path, capsys):
    own = Path(shutil.copytree(coco_folder, tmp_path / "own"))
    listed = json.loads((own / "annotations.json").read_text())
    (own / "annotations.json").write_text(json.dumps(listed | {"annotations": []}))
    assert main([*_arguments(own, tmp_path / "runs"), "--rehearse", "4", "--kinds", "k1"]) == 1
    assert "no image with people to rehearse" in capsys.readouterr().err


@pytest.mark.data
def test_a_rehearsing_run_says_what_it_saw(coco_folder, tmp_path):
    arguments = parser().parse_args(
        [*_arguments(coco_folder, tmp_path), "--rehearse", "4", "--rehearse-size", "48"]
    )
    pictures, data = images_from(arguments, recipe_from(arguments))
    assert len(pictures) == 120 + 4
    names = {pictures.places[place][1] for place in pictures.order(0)}
    assert names >= set(split().train)
    assert not names & set(split().test)
    assert f"in every epoch 4 of {coco_folder.name} (6 images, " in data
    assert data.endswith(" at 48 px")


def test_options_change_only_what_they_name():
    recipe = recipe_from(
        parser().parse_args(["maskrcnn_resnet50_fpn", "--preset", "report_a", "--lr", "0.001"])
    )
    assert (recipe.lr, recipe.epochs, recipe.norm, recipe.sizes) == (0.001, 10, "batch", (800,))


@pytest.mark.parametrize("optimiser", ["sgd", "adamw"])
def test_either_optimiser_goes_on_as_if_it_had_not_stopped(tmp_path, optimiser):
    recipe = Recipe(optimiser=optimiser, lr=0.1, weight_decay=0.1)

    def fresh() -> tuple[torch.nn.Module, torch.optim.Optimizer]:
        torch.manual_seed(0)
        network = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Linear(4, 4), torch.nn.Linear(4, 1))
        network[0].requires_grad_(False)
        return network, make_optimiser(network, recipe)

    def learn(network: torch.nn.Module, optimiser: torch.optim.Optimizer, steps: range) -> None:
        for step in steps:
            optimiser.zero_grad()
            network(torch.full((2, 3), float(step))).square().mean().backward()
            optimiser.step()

    straight = fresh()
    learn(*straight, range(6))
    stopped = fresh()
    learn(*stopped, range(3))
    save_progress(tmp_path / "last.safetensors", *stopped, step=3, facts={})
    resumed = fresh()
    learn(*resumed, range(load_progress(tmp_path / "last.safetensors", *resumed), 6))
    for expected, got in zip(straight[0].parameters(), resumed[0].parameters(), strict=True):
        assert torch.equal(got, expected)
    assert not torch.equal(straight[0][1].weight, stopped[0][1].weight)


def test_a_ruined_step_stops_before_it_saves(coco_folder, tmp_path, capsys):
    """What an earlier step saved stays as it is, and the run goes on from there."""
    network = torch.nn.Linear(3, 2)
    optimiser, last = make_optimiser(network, Recipe()), tmp_path / "last.safetensors"
    save_progress(last, network, optimiser, step=7, facts={})
    before = last.read_bytes()
    for ruin in (1e30, float("nan")):
        with torch.no_grad():
            network.weight[0, 0] = ruin
        with pytest.raises(RuinedWeightsError, match=r"step 8 ruined the weights \(weight\)"):
            save_progress(last, network, optimiser, step=8, facts={})
    assert last.read_bytes() == before
    assert load_progress(last, network, optimiser) == 7
    out = tmp_path / "runs"
    assert main([*_arguments(coco_folder, out), "--lr", "1e30", "--batch", "6"]) != 0
    assert list(out.rglob("*.safetensors")) == []
    said = capsys.readouterr().err
    assert "not finite" in said or "ruined the weights" in said
    assert "Traceback" not in said
