import pickle

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file

from pedviz.errors import CheckpointError
from pedviz.models.compact import load_state, save_compact, write_state


def _state() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    return {
        "conv.weight": torch.randn(64, 256, 3, 3, generator=generator),
        "depthwise.weight": torch.randn(32, 1, 3, 3, generator=generator),
        "fc6.weight": torch.randn(16, 128, generator=generator),
        "fc6.bias": torch.randn(16, generator=generator),
    }


def test_eight_bits_are_within_half_a_step_and_vectors_are_exact(tmp_path):
    state = _state()
    save_compact(state, tmp_path / "a.safetensors", metadata={"spec_id": "x", "hidden": 64})
    loaded, facts = load_state(tmp_path / "a.safetensors")
    assert facts["spec_id"] == "x"
    assert facts["hidden"] == 64
    assert torch.equal(loaded["fc6.bias"], state["fc6.bias"])
    step = state["conv.weight"].flatten(1).abs().amax(1) / 127
    error = (loaded["conv.weight"] - state["conv.weight"]).flatten(1).abs().amax(1)
    assert (error <= step / 2 * 1.001).all()
    assert load_file(tmp_path / "a.safetensors")["conv.weight"].dtype == torch.int8


def test_small_layers_keep_half_precision(tmp_path):
    state = _state()
    save_compact(state, tmp_path / "a.safetensors", metadata={})
    loaded = load_state(tmp_path / "a.safetensors")[0]["depthwise.weight"]
    assert torch.equal(loaded, state["depthwise.weight"].half().float())


def test_four_bits_take_half_the_bytes_and_keep_the_direction(tmp_path):
    state = _state()
    save_compact(state, tmp_path / "a.safetensors", metadata={}, four_bit=["fc6.weight"])
    stored = load_file(tmp_path / "a.safetensors")
    assert stored["fc6.weight::int4"].numel() == state["fc6.weight"].numel() // 2
    loaded = load_state(tmp_path / "a.safetensors")[0]["fc6.weight"]
    cosine = torch.nn.functional.cosine_similarity(loaded.flatten(), state["fc6.weight"].flatten(), dim=0)
    assert cosine > 0.99


@settings(max_examples=20, deadline=None)
@given(scale=st.floats(1e-6, 1e6), seed=st.integers(0, 99))
def test_codes_survive_a_second_round_unchanged(tmp_path_factory, scale, seed):
    folder = tmp_path_factory.mktemp("compact")
    weight = torch.randn(40, 2560, generator=torch.Generator().manual_seed(seed)) * scale
    save_compact({"w": weight}, folder / "a.safetensors", metadata={})
    once = load_state(folder / "a.safetensors")[0]
    save_compact(once, folder / "b.safetensors", metadata={})
    torch.testing.assert_close(load_state(folder / "b.safetensors")[0]["w"], once["w"], rtol=1e-6, atol=0)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(pickle.dumps({"w": 1}), id="pickle"),
        pytest.param(b"\xff" * 64, id="noise"),
    ],
)
def test_anything_but_safetensors_is_refused(tmp_path, content):
    (tmp_path / "bad.safetensors").write_bytes(content)
    with pytest.raises(CheckpointError, match=r"bad.safetensors is not a readable safetensors file"):
        load_state(tmp_path / "bad.safetensors")


def test_a_file_has_the_rights_of_any_new_file(tmp_path):
    save_compact(_state(), tmp_path / "a.safetensors", metadata={})
    (tmp_path / "any").touch()
    assert (tmp_path / "a.safetensors").stat().st_mode == (tmp_path / "any").stat().st_mode


def test_what_cannot_be_stored_is_said_and_leaves_nothing(tmp_path):
    (tmp_path / "a.safetensors" / "in the way").mkdir(parents=True)
    with pytest.raises(CheckpointError, match=r"a\.safetensors cannot be stored in .*: Is a directory; make"):
        save_compact(_state(), tmp_path / "a.safetensors", metadata={})
    assert [path.name for path in tmp_path.iterdir()] == ["a.safetensors"]


def test_of_a_running_trainings_checkpoint_the_weights_are_read(tmp_path):
    tensors = {"model.w": torch.ones(2), "momentum.w": torch.zeros(2)}
    write_state(tensors, tmp_path / "last.safetensors", facts={"step": 3})
    state, facts = load_state(tmp_path / "last.safetensors")
    assert (list(state), state["w"].tolist(), facts) == (["w"], [1, 1], {"step": 3})


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.safetensors"
    save_compact(_state(), path, metadata={})
    before = path.read_bytes()
    with pytest.raises(KeyError):
        save_compact(_state(), path, metadata={}, four_bit=["absent"])
    assert path.read_bytes() == before
