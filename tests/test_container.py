"""The container file: its copies are there, what it copies is enough to start, its health check works."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pedviz.paths import ROOT
from tests.serving import free_port

TEXT = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
COPIED = [line.split()[1:] for line in TEXT.splitlines() if line.startswith("COPY ") and "--from" not in line]


def command(keyword: str) -> list[str]:
    """The arguments of the last CMD of a line that begins with `keyword`."""
    return json.loads(re.findall(rf"^{keyword}\b.*?(\[.*\])", TEXT, re.MULTILINE)[-1])


def test_every_copied_file_is_there_and_not_ignored():
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for *sources, _ in COPIED:
        assert all((ROOT / source).exists() and source in allowed for source in sources)


def test_it_runs_without_root_and_without_unpinned_packages():
    final = TEXT.rpartition("FROM ")[2]
    assert re.search(r"^USER [1-9]\d+$", final, re.MULTILINE)
    assert "--require-hashes" in TEXT
    assert command("CMD")[1:4] == ["app.py", "--host", "0.0.0.0"]


@pytest.mark.slow(reason="another Python starts and imports Gradio")
def test_what_is_copied_is_enough_to_start_and_to_be_healthy(tmp_path):
    for *sources, _ in COPIED:
        for source in sources:
            there = ROOT / source
            ignore = shutil.ignore_patterns("__pycache__", "*.safetensors")
            if there.is_dir():
                shutil.copytree(there, tmp_path / source, ignore=ignore, dirs_exist_ok=True)
            else:
                shutil.copy(there, tmp_path / source)
    port = str(free_port())
    start, healthy = (
        [part.replace("7860", port).replace("0.0.0.0", "127.0.0.1") for part in (sys.executable, *arguments)]
        for _, *arguments in map(command, ("CMD", "HEALTHCHECK"))
    )

    def check() -> bool:
        return subprocess.run(healthy, cwd=tmp_path, capture_output=True).returncode == 0

    assert not check(), "nothing runs yet"
    server = subprocess.Popen(start, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    try:
        assert "Only this machine" in server.stdout.readline()
        assert any(check() for _ in range(300)), "it is never healthy"
    finally:
        server.terminate()
        assert server.wait(20) == 0
        server.stdout.close()


def test_the_commands_of_the_build_find_what_they_need(tmp_path):
    for source in next(sources for *sources, _ in COPIED):
        shutil.copy(ROOT / source, tmp_path / source)
    build = re.search(r"^RUN (python .*)$", TEXT, re.MULTILINE)[1]
    pip = tmp_path / "pip"
    pip.write_text('#!/bin/sh\necho "$@"\n')
    pip.chmod(0o755)
    program = build.replace("python -m venv /venv", "true").replace("/venv/bin/pip", str(pip))
    said = subprocess.run(["sh", "-ec", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    torch = (tmp_path / "torch.txt").read_text().splitlines()
    assert [line.partition("==")[0] for line in torch] == ["torch", "torchvision"]
    assert said.stdout.splitlines()[-1].endswith("--require-hashes -r requirements.lock")


def test_the_linter_of_container_files_has_nothing_to_say():
    linter = shutil.which("hadolint") or shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if linter is None:
        pytest.skip("hadolint is not installed: pip install -r requirements-dev.txt")
    subprocess.run([linter, str(ROOT / "Dockerfile")], check=True)
