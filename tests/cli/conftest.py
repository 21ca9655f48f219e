"""A checkpoints folder for the commands that look at weights."""

from pathlib import Path

import pytest

from pedviz.download import sha256_of
from pedviz.models.manifest import CheckpointEntry, write_manifest
from pedviz.models.specs import SPECS

SMALL = SPECS[1].id


@pytest.fixture
def checkpoints(tmp_path, monkeypatch) -> Path:
    """A checkpoints folder with one small file, listed for SMALL."""
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    monkeypatch.setenv("PEDVIZ_CHECKPOINTS", str(folder))
    (folder / "small.safetensors").write_bytes(b"x" * 1_500_000)
    entry = CheckpointEntry(
        run_id="run", spec_id=SMALL, file="small.safetensors", bytes=1_500_000, recipe={}, start="none",
        sha256=sha256_of(folder / "small.safetensors"), licence="", note="",
    )  # fmt: skip
    write_manifest({SMALL: entry})
    return folder
