"""Folded networks compute what the networks compute, and are stored under the same names."""

import pytest
import torch
from torchvision.ops import FrozenBatchNorm2d

from pedviz.models.build import build
from pedviz.models.fold import fold_norms, unfolded_state
from pedviz.models.specs import get_spec

MODEL_IDS = ("fasterrcnn_mobilenet_v2", "maskrcnn_mobilenet_v2_fpn", "maskrcnn_resnet50_fpn")


def _with_real_statistics(model_id: str) -> torch.nn.Module:
    torch.manual_seed(0)
    network = build(get_spec(model_id))
    for module in network.modules():
        if isinstance(module, FrozenBatchNorm2d):
            module.weight.uniform_(0.5, 1.5)
            module.bias.uniform_(-0.5, 0.5)
            module.running_mean.uniform_(-1, 1)
            module.running_var.uniform_(0.5, 2)
    return network


def _maps(network: torch.nn.Module) -> list[torch.Tensor]:
    torch.manual_seed(1)
    with torch.inference_mode():
        return list(network.backbone(torch.rand(1, 3, 64, 96)).values())


def _assert_same(network: torch.nn.Module, expected: list[torch.Tensor]) -> None:
    for got, want in zip(_maps(network), expected, strict=True):
        assert float((got - want).abs().max() / want.abs().max()) < 1e-4


@pytest.mark.parametrize("model_id", MODEL_IDS)
def test_folding_and_unfolding_change_nothing_that_is_computed(model_id):
    network = _with_real_statistics(model_id)
    expected, names = _maps(network), set(network.state_dict())
    fold_norms(fold_norms(network))
    assert not any(isinstance(module, FrozenBatchNorm2d) for module in network.modules())
    _assert_same(network, expected)
    stored = unfolded_state(network)
    assert set(stored) == names
    again = build(get_spec(model_id))
    again.load_state_dict(stored)
    _assert_same(again, expected)


def test_folded_convolutions_can_be_trained():
    network = fold_norms(build(get_spec("fasterrcnn_mobilenet_v2"))).train()
    sum(level.sum() for level in network.backbone(torch.rand(1, 3, 64, 64)).values()).backward()
    first = network.backbone.body[0][0]
    assert first.bias.grad is not None
    assert first.bias.requires_grad


def test_trainable_norms_stay():
    network = build(get_spec("fasterrcnn_mobilenet_v2"), norm="batch")
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    fold_norms(network)
    assert set(unfolded_state(network)) == set(before)
    assert all(torch.equal(network.state_dict()[name], tensor) for name, tensor in before.items())
