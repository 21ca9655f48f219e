"""Starts that are not usable are named; nothing is downloaded here."""

import lzma
from http.client import IncompleteRead
from urllib.error import URLError

import pytest
import torch
from safetensors.torch import save
from torchvision.models import WeightsEnum

from pedviz.errors import CheckpointError
from pedviz.models.build import build
from pedviz.models.specs import get_spec
from training.start import initialise

SPEC = get_spec("maskrcnn_mobilenet_v2_fpn")


@pytest.fixture(scope="module")
def network():
    return build(SPEC)


def test_a_packed_backbone_is_copied(network, tmp_path):
    state = network.backbone.body.state_dict()
    packed = {name: torch.full_like(value, 2.0) for name, value in state.items()}
    path = tmp_path / "backbone.safetensors.xz"
    path.write_bytes(lzma.compress(save({name: value.half() for name, value in packed.items()})))
    assert initialise(network, SPEC, init=str(path)).startswith("backbone.safetensors.xz sha256 ")
    assert all((value == 2).all() for value in network.backbone.body.state_dict().values())


@pytest.mark.parametrize("content", [b"not packed", lzma.compress(b"no weights")], ids=["not packed", "text"])
def test_a_damaged_packed_file_is_named(network, tmp_path, content):
    path = tmp_path / "backbone.safetensors.xz"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"backbone\.safetensors\.xz is no readable"):
        initialise(network, SPEC, init=str(path))


@pytest.mark.parametrize("init", ["imagenet", "coco"])
@pytest.mark.parametrize(
    "error", [URLError("no route"), IncompleteRead(b""), RuntimeError("invalid hash value")], ids=repr
)
def test_weights_that_do_not_come_are_named(network, monkeypatch, init, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(WeightsEnum, "get_state_dict", fail)
    with pytest.raises(CheckpointError, match=r"could not be downloaded: .*see --init FILE"):
        initialise(network, SPEC, init=init)
