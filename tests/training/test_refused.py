"""What training refuses with one sentence, before or while it runs."""

import shutil
from pathlib import Path

import pytest
import torch

from pedviz.errors import CheckpointError
from pedviz.models.compact import write_state
from training.progress import load_progress, save_progress
from training.train import main

ID = "maskrcnn_mobilenet_v2_fpn"


def _small(folder: Path, out: Path) -> list[str]:
    return [ID, "--init", "none", "--coco", str(folder), "--epochs", "1", "--size", "64", "--out", str(out)]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--kinds", "street"], "there is no --coco"),
        (["--teacher", "maskrcnn_mobilenet_v2_lite"], "has another pyramid than maskrcnn_mobilenet_v2_fpn"),
        (["--preset", "imitate", "--coco", "{}"], "--preset imitate has nobody to imitate; see --teacher"),
        (["--lr", "0"], "--lr is a number above 0"),
        (["--lr", "nan"], "--lr is a number above 0"),
        (["--frozen-stages", "6"], "--frozen-stages is 0 to 5"),
        (["--workers", "-1"], "--workers is 0 or more"),
        (["--seed", str(2**63)], "--seed has 63 bits at most"),
        (["--device", "cuda"], "--device cuda is not available here"),
        (["--coco", "{}/nowhere"], "no COCO annotations.json could be read"),
        (["--coco", "{}", "--init", "nowhere.safetensors.xz"], "nowhere.safetensors.xz is no readable"),
        (["--coco", "{}", "--init", "nowhere.safetensors"], "nowhere.safetensors is not a readable"),
    ],
)
def test_options_that_lead_nowhere(coco_folder, tmp_path, capsys, monkeypatch, given, said):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert main([ID, "--out", str(tmp_path), *(part.format(coco_folder) for part in given)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert not any(tmp_path.iterdir())


COUNTS = ("epochs", "batch", "size", "hidden", "regions", "rehearse", "rehearse-size", "threads")


@pytest.mark.parametrize("option", [f"--{name}" for name in COUNTS])
def test_none_at_all(option, capsys):
    with pytest.raises(SystemExit):
        main([ID, option, "0"])
    assert f"argument {option}: expected 1 or more, got 0" in capsys.readouterr().err


def test_a_file_as_the_folder_for_runs(coco_folder, tmp_path, capsys):
    (tmp_path / "runs").write_text("")
    assert main(_small(coco_folder, tmp_path / "runs")) == 1
    assert "runs cannot hold a run: Not a directory" in capsys.readouterr().err


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_damaged_picture_is_one_line_from_any_process(coco_folder, tmp_path, capfd, workers):
    own = Path(shutil.copytree(coco_folder, tmp_path / "own"))
    for picture in (own / "images").iterdir():
        picture.write_bytes(b"")
    assert main([*_small(own, tmp_path / "runs"), "--workers", workers]) == 1
    errors = capfd.readouterr().err
    assert "Traceback" not in errors
    last = errors.splitlines()[-1]
    assert last.startswith(f"{own}: images/picture_")
    assert last.endswith("replace it, or take it out of annotations.json")


def test_a_damaged_checkpoint(tmp_path):
    network = torch.nn.Linear(2, 2)
    optimiser = torch.optim.SGD(network.parameters(), lr=1)
    last = tmp_path / "last.safetensors"
    save_progress(last, network, optimiser, step=3, facts={})
    assert load_progress(last, network, optimiser) == 3
    cut = last.read_bytes()[:-8]
    save_progress(last, torch.nn.Linear(3, 3), optimiser, step=3, facts={})
    for content in (cut, b"no weights", last.read_bytes()):
        last.write_bytes(content)
        with pytest.raises(CheckpointError, match="delete it to begin this run again"):
            load_progress(last, network, optimiser)


def test_a_checkpoint_that_remembers_an_unknown_weight_is_damaged(tmp_path):
    network = torch.nn.Linear(2, 2)
    last = tmp_path / "last.safetensors"
    weights = {f"model.{name}": weight for name, weight in network.state_dict().items()}
    write_state(weights | {"optimiser.exp_avg.nobody": torch.ones(2)}, last, facts={"step": 3})
    with pytest.raises(CheckpointError, match="delete it to begin this run again"):
        load_progress(last, network, torch.optim.AdamW(network.parameters()))
