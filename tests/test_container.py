"""The container file: its copies are there, what it copies is enough to start, its health check works."""

import json
import re
import shutil
import subprocess
import sys

import pytest

from pedviz.paths import ROOT

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
    assert re.search(r"^USER (?!root)\w+", final, re.MULTILINE)
    assert "--require-hashes" in TEXT
    assert command("CMD")[1:4] == ["app.py", "--host", "0.0.0.0"]


@pytest.mark.slow(reason="another Python starts and imports Gradio")
def test_what_is_copied_is_enough_to_build_the_app(tmp_path):
    for *sources, _ in COPIED:
        for source in sources:
            there = ROOT / source
            ignore = shutil.ignore_patterns("__pycache__", "*.safetensors")
            if there.is_dir():
                shutil.copytree(there, tmp_path / source, ignore=ignore, dirs_exist_ok=True)
            else:
                shutil.copy(there, tmp_path / source)
    program = "from pedviz.ui.app import build_app; build_app(); print('built')"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.strip() == "built", done.stderr[-2000:]
