import os
import socket
import subprocess
import sys

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
