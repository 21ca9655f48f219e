"""Two processes train as one does."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.serving import free_port
from tests.training.ddp_worker import gradients, make_step
from training.train import main


@pytest.mark.trains
@pytest.mark.slow(reason="two processes import torch and build a network")
def test_two_processes_average_to_the_gradients_of_one(tmp_path):
    out = tmp_path / "gradients.safetensors"
    shared = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port()), "WORLD_SIZE": "2"}
    command = [sys.executable, "-m", "tests.training.ddp_worker", str(out)]
    workers = [
        subprocess.Popen(command, env=os.environ | shared | {"RANK": str(rank)}, stderr=subprocess.PIPE)
        for rank in range(2)
    ]
    for worker in workers:
        _, errors = worker.communicate(timeout=300)
        assert worker.returncode == 0, errors.decode()
    step = make_step()
    expected = gradients(step, step, slice(0, 2))
    got = load_file(out)
    assert set(got) == set(expected)
    for name, gradient in expected.items():
        torch.testing.assert_close(got[name], gradient, rtol=1e-4, atol=1e-5, msg=name)


# What may differ between one process and two, as a share: all people's anchors are learned from whoever
# draws, but the regions behind the other losses are drawn at random in each process.
TOLERANCES = {
    "loss_rpn_box_reg": 1e-3, "loss_objectness": 1e-3, "loss_classifier": 1e-2, "loss_mask": 0.05,
    "loss_box_reg": 0.5,
}  # fmt: skip


def _options(folder: Path, out: Path) -> list[str]:
    return [
        "maskrcnn_mobilenet_v2_fpn", "--init", "none", "--coco", str(folder), "--epochs", "1",
        "--size", "64", "--regions", "16", "--lr", "0.0002", "--warmup", "1", "--threads", "1",
        "--device", "cpu", "--out", str(out),
    ]  # fmt: skip


def _mean_losses(out: Path) -> dict[str, float]:
    """Each loss of the run below a folder, averaged over its steps."""
    (log,) = out.glob("*/log.jsonl")
    (epoch,) = map(json.loads, log.read_text("utf-8").splitlines())
    assert epoch["steps"] == 6
    return epoch["losses"]


@pytest.mark.trains
@pytest.mark.slow(reason="two processes import torch and train")
def test_torchrun_with_two_processes_learns_as_one_process_does(twelve_folder, tmp_path):
    assert main(_options(twelve_folder, tmp_path / "one")) == 0
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    command = [*launch, "-m", "training.train", *_options(twelve_folder, tmp_path / "two")]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    alone, together = _mean_losses(tmp_path / "one"), _mean_losses(tmp_path / "two")
    assert together.keys() == alone.keys() == TOLERANCES.keys()
    for name, tolerance in TOLERANCES.items():
        assert together[name] == pytest.approx(alone[name], rel=tolerance), name
