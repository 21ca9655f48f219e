"""Ctrl-C at any moment of any command: one word and the status of a process that was interrupted."""

import os
import signal
import subprocess
import sys

import pytest

from pedviz.paths import ROOT

WHILE_IMPORTING = "import {package}; raise KeyboardInterrupt"
WHILE_STARTING = """
from pedviz.ui import start
def interrupted(): raise KeyboardInterrupt
start.overwrite_what_is_freed = interrupted
start.serve(None)
"""


def _ended(code: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=os.environ, check=False
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "code", [*(WHILE_IMPORTING.format(package=name) for name in ("training", "pedviz.cli")), WHILE_STARTING]
)
def test_ctrl_c_before_a_command_runs_is_one_word(code):
    assert _ended(code) == (-signal.SIGINT, "stopped\n")


def test_other_errors_keep_their_traceback():
    status, said = _ended("import training; raise ValueError('mine')")
    assert status == 1
    assert said.startswith("Traceback")


@pytest.mark.parametrize(
    "module", [path for path in (ROOT / "training").glob("*.py") if "__main__" in path.read_text()],
    ids=lambda path: path.stem,
)  # fmt: skip
def test_every_training_command_ends_without_a_traceback(module):
    assert "guarded(" in module.read_text()
