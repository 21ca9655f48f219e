import json

import pytest
import torch
from safetensors.torch import save_file

from pedviz.errors import CheckpointError
from pedviz.models.build import build
from pedviz.models.checkpoints import load_network, verify
from pedviz.models.compact import load_state
from pedviz.models.manifest import available
from pedviz.models.specs import get_spec
from training.publish import FOUR_BIT_LAYERS, four_bit_layers, main, publish

SPEC = get_spec("maskrcnn_mobilenet_v2_fpn")


@pytest.fixture
def run_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("PEDVIZ_CHECKPOINTS", str(tmp_path / "checkpoints"))
    monkeypatch.setattr("training.publish.results_folder", lambda: tmp_path / "results")
    folder = tmp_path / "run"
    folder.mkdir()
    facts = {
        "spec_id": SPEC.id, "run_id": "run-1", "norm": "frozen", "hidden": 256, "recipe": {"epochs": 1},
        "seed": 0, "data": "made up", "init": "none",
    }  # fmt: skip
    state = {name: tensor.contiguous() for name, tensor in build(SPEC).state_dict().items()}
    save_file(state, folder / "final.safetensors", metadata={"pedviz": json.dumps(facts)})
    (folder / "log.jsonl").write_text('{"epoch": 1}\n')
    return folder


def test_a_published_run_is_listed_verified_and_loads(run_folder, tmp_path):
    entry = publish(run_folder, note="Made by a test.", licence="Do as you like.")
    assert (entry.note, entry.licence) == ("Made by a test.", "Do as you like.")
    assert available()[SPEC.id] == entry
    assert verify(entry).stat().st_size == entry.bytes
    network = load_network(SPEC)
    original = load_state(run_folder / "final.safetensors")[0]
    backbone = "backbone.body.18.0.weight"
    torch.testing.assert_close(network.state_dict()[backbone], original[backbone], atol=0.02, rtol=0)
    assert (tmp_path / "results" / "training" / "run-1.jsonl").read_text() == '{"epoch": 1}\n'


@pytest.mark.parametrize("options", [{"init": ["a.safetensors"], "rehearse": 180, "amp": True}, None])
def test_the_options_of_a_run_are_in_the_manifest(run_folder, options):
    final = run_folder / "final.safetensors"
    state, facts = load_state(final)
    known = facts | ({"options": options} if options else {})
    save_file(state, final, metadata={"pedviz": json.dumps(known)})
    publish(run_folder)
    assert available()[SPEC.id].options == (options or {})


def test_an_unfinished_run_is_refused_with_the_way_on(run_folder, capsys):
    (run_folder / "final.safetensors").unlink()
    with pytest.raises(CheckpointError, match=r"final\.safetensors not found; finish the run"):
        publish(run_folder)
    assert main([str(run_folder)]) == 1
    assert "finish the run" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"seed": None, "init": None}, "does not say seed, init", id="not of a training"),
        pytest.param({"hidden": 64}, f"does not fit '{SPEC.id}'", id="other layers"),
        pytest.param({"spec_id": "yolo"}, "'yolo'", id="no variant"),
    ],
)
def test_weights_that_are_no_run_are_refused(run_folder, capsys, changes, said):
    final = run_folder / "final.safetensors"
    state, facts = load_state(final)
    known = {name: value for name, value in {**facts, **changes}.items() if value is not None}
    save_file(state, final, metadata={"pedviz": json.dumps(known)})
    assert main([str(run_folder)]) == 1
    assert said in capsys.readouterr().err
    assert available() == {}


def test_four_bits_are_for_the_wide_variants_alone():
    assert four_bit_layers(get_spec("maskrcnn_mobilenet_v2")) == FOUR_BIT_LAYERS
    assert four_bit_layers(get_spec("fasterrcnn_mobilenet_v2")) == FOUR_BIT_LAYERS
    assert four_bit_layers(SPEC) == ()
