"""Two processes train as one does."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.training.ddp_worker import gradients, make_step


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_two_processes_average_to_the_gradients_of_one(tmp_path):
    out = tmp_path / "gradients.safetensors"
    shared = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(_free_port()), "WORLD_SIZE": "2"}
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


def _mean_loss(launch: list[str], folder: Path, out: Path) -> float:
    """The sum of the losses, averaged over the 20 steps of a run of its own."""
    options = [
        "maskrcnn_mobilenet_v2_fpn", "--init", "none", "--coco", str(folder), "--epochs", "1",
        "--size", "128", "--lr", "0.0002", "--warmup", "1", "--threads", "1", "--device", "cpu",
        "--out", str(out),
    ]  # fmt: skip
    ended = subprocess.run([*launch, "-m", "training.train", *options], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    (log,) = out.glob("*/log.jsonl")
    (epoch,) = map(json.loads, log.read_text("utf-8").splitlines())
    assert epoch["steps"] == 20
    return sum(epoch["losses"].values())


def test_torchrun_with_two_processes_learns_as_one_process_does(masked_folder, tmp_path):
    """Regions are sampled at random in each process, so the losses agree only on average."""
    two = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    alone = _mean_loss([sys.executable], masked_folder, tmp_path / "one")
    assert _mean_loss(two, masked_folder, tmp_path / "two") == pytest.approx(alone, rel=0.02)
