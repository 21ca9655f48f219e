"""The mean of two runs, against torch's own arithmetic."""

import json

import pytest
import torch
from safetensors.torch import save_file

from pedviz.cli.terminal import CANNOT_START, guarded
from pedviz.errors import CheckpointError
from pedviz.models.compact import load_state
from training.average import average, main, mean_of


def _run(folder, name: str, *, value: float, **more):
    path = folder / name
    path.mkdir()
    generator = torch.Generator().manual_seed(int(value))
    state = {"w": torch.randn(3, 4, generator=generator), "b": torch.full((2,), value)} | more
    facts = {"spec_id": "maskrcnn_resnet50_fpn", "run_id": name, "seed": 0, "init": "x", "recipe": {"lr": 1}}
    facts |= {"data": "made up", "norm": "frozen", "hidden": 256, "options": {"coco": [name]}}
    save_file(state, path / "final.safetensors", metadata={"pedviz": json.dumps(facts)})
    (path / "log.jsonl").write_text(json.dumps({"epoch": 1, "of": name}) + "\n")
    return path


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_every_tensor_lies_between_both(tmp_path, share):
    first, second = _run(tmp_path, "before", value=1), _run(tmp_path, "after", value=2)
    folder = average(first, second, share=share, out=tmp_path)
    found, facts = load_state(folder / "final.safetensors")
    before, after = (load_state(path / "final.safetensors")[0] for path in (first, second))
    for name in ("w", "b"):
        torch.testing.assert_close(found[name], (1 - share) * before[name] + share * after[name])
    assert facts["recipe"] == {"lr": 1, "averaged": share}
    assert "before and after" in facts["averaged"]
    assert facts["options"] == {"coco": ["after"]}
    assert json.loads((folder / "log.jsonl").read_text())["of"] == "after"


def test_another_share_is_another_run(tmp_path):
    first, second = _run(tmp_path, "before", value=1), _run(tmp_path, "after", value=2)
    names = {average(first, second, share=share, out=tmp_path).name for share in (0.25, 0.5, 0.5)}
    assert len(names) == 2


def test_runs_of_two_networks_are_refused(tmp_path):
    first = _run(tmp_path, "before", value=1, extra=torch.zeros(1))
    second = _run(tmp_path, "after", value=2)
    with pytest.raises(CheckpointError, match="not of one network"):
        mean_of(*(load_state(path / "final.safetensors")[0] for path in (first, second)), share=0.5)


def test_a_missing_run_and_a_share_beyond_one_are_said(tmp_path, capsys):
    missing = str(tmp_path / "none")
    assert guarded(lambda: main([missing, missing])) == CANNOT_START
    assert "final.safetensors" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["a", "b", "--share", "1.5"])
    assert "from 0 to 1, got 1.5" in capsys.readouterr().err
