"""A pyramid that imitates another: the loss against NumPy, and a step with released weights as teacher."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file

from pedviz.errors import CheckpointError
from pedviz.models.build import build
from pedviz.models.checkpoints import load_network
from pedviz.models.specs import get_spec
from training.datasets import TrainingImages
from training.loop import RunSettings, collate, take_step
from training.progress import make_optimiser
from training.recipes import Recipe
from training.sources import CocoSamples
from training.start import initialise
from training.step import IMITATION, TrainingStep
from training.teacher import imitation_loss, unsmoothed_maps

TAUGHT = get_spec("maskrcnn_mobilenet_v2_fpn")
RECIPE = Recipe(sizes=(64,), max_size=120, regions=32, proposals=50, crop=0.0, teacher=TAUGHT.id)
SETTINGS = RunSettings(folder=None, seed=0, device="cpu", amp=False, workers=0, facts={})


@pytest.fixture(scope="module")
def batch(coco_folder):
    pictures = TrainingImages([CocoSamples(coco_folder)], RECIPE, seed=0)
    return collate([pictures[0, 0], pictures[0, 1]])


def _maps(seed: int, *, levels: int) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return {str(n): torch.randn(2, 3, 8 >> n, 8 >> n, generator=generator) for n in range(levels)}


@given(st.integers(0, 99), st.integers(1, 3))
def test_the_loss_is_numpys(seed, levels):
    maps, taught = _maps(seed, levels=levels), _maps(seed + 100, levels=levels)
    expected = 0.0
    for level, wanted in taught.items():
        spread = wanted.numpy().std(axis=(0, 2, 3), ddof=1, keepdims=True)
        expected += np.square((maps[level].numpy() - wanted.numpy()) / spread).mean()
    assert float(imitation_loss(maps, taught)) == pytest.approx(expected, rel=1e-5)


@given(st.integers(0, 99), st.floats(0.01, 100), st.floats(-10, 10))
def test_a_channels_own_unit_does_not_count(seed, unit, zero):
    maps, taught = _maps(seed, levels=2), _maps(seed + 100, levels=2)
    plain = float(imitation_loss(maps, taught))
    changed = [{level: unit * values + zero for level, values in maps.items()} for maps in (maps, taught)]
    assert float(imitation_loss(*changed)) == pytest.approx(plain, rel=1e-2)


def test_knowing_nothing_costs_one_a_level_and_knowing_all_nothing():
    taught = _maps(0, levels=2)
    means = {
        level: values.mean((0, 2, 3), keepdim=True).expand_as(values) for level, values in taught.items()
    }
    assert float(imitation_loss(means, taught)) == pytest.approx(2, rel=0.05)
    assert float(imitation_loss(taught, taught)) == 0


def test_a_channel_that_never_varies_gives_a_number():
    still = {"0": torch.zeros(1, 2, 4, 4)}
    assert torch.isfinite(imitation_loss({"0": torch.ones(1, 2, 4, 4)}, still))


def test_the_teacher_is_the_released_pyramid(batch):
    step = TrainingStep(load_network(TAUGHT), RECIPE).train()
    assert step(*batch)[IMITATION].item() < 1e-6


def test_unsmoothed_maps_are_what_torchvisions_output_convolutions_get():
    backbone = load_network(TAUGHT).backbone
    images = torch.randn(2, 3, 72, 104, generator=torch.Generator().manual_seed(0))
    whole, unsmoothed = backbone(images), unsmoothed_maps(backbone, images)
    for level, smooth in enumerate(backbone.fpn.layer_blocks):
        torch.testing.assert_close(smooth(unsmoothed[str(level)]), whole[str(level)])


@pytest.mark.trains
def test_without_heads_backbone_and_pyramid_learn_alone(batch):
    recipe = replace(RECIPE, heads=False)
    assert TrainingStep(load_network(TAUGHT), recipe).train()(*batch)[IMITATION] < 1e-6
    torch.manual_seed(0)
    step = TrainingStep(build(get_spec("maskrcnn_resnet18_fpn")), recipe).train()
    weights = dict(step.network.named_parameters())
    before = {name: weight.clone() for name, weight in weights.items()}
    losses = take_step(step, make_optimiser(step.network, recipe), batch, recipe, SETTINGS)
    assert set(losses) == {IMITATION}
    moved = [name for name, weight in weights.items() if not torch.equal(weight, before[name])]
    assert moved
    assert all(name.startswith(("backbone.body.layer", "backbone.fpn.inner_blocks")) for name in moved)


@pytest.mark.trains
def test_a_step_teaches_the_student_alone(batch):
    torch.manual_seed(0)
    step = TrainingStep(build(get_spec("maskrcnn_resnet18_fpn")), RECIPE).train()
    before = [weight.clone() for weight in step.teacher.parameters()]
    lateral = step.network.backbone.fpn.inner_blocks[0][0].weight
    moved = lateral.clone()
    losses = take_step(step, make_optimiser(step.network, RECIPE), batch, RECIPE, SETTINGS)
    assert losses[IMITATION] > 0.5
    assert not torch.equal(lateral, moved)
    after = list(step.teacher.parameters())
    assert all(torch.equal(old, new) and new.grad is None for old, new in zip(before, after, strict=True))


def test_heads_of_another_backbone_follow_a_start_and_are_none(tmp_path):
    source = load_network(TAUGHT)
    path = tmp_path / "fpn.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in source.state_dict().items()}, path)
    spec = get_spec("maskrcnn_resnet18_fpn")
    student = build(spec)
    with pytest.raises(CheckpointError, match="no weights for the backbone of 'maskrcnn_resnet18_fpn'"):
        initialise(student, spec, init=str(path))
    initialise(student, spec, init=str(path), needs_backbone=False)
    assert torch.equal(student.roi_heads.box_head.fc6.weight, source.roi_heads.box_head.fc6.weight)
    save_file({"classifier.weight": torch.ones(1)}, tmp_path / "other.safetensors")
    with pytest.raises(CheckpointError, match="no weights that fit 'maskrcnn_resnet18_fpn'"):
        initialise(student, spec, init=str(tmp_path / "other.safetensors"), needs_backbone=False)
