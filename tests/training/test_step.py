import re
from dataclasses import replace

import pytest
import torch
from safetensors.torch import save_file

from pedviz.models.build import build
from pedviz.models.specs import SPECS, get_spec
from training.datasets import TrainingImages
from training.loop import NonFiniteLossError, RunSettings, collate, learning_rate, take_step
from training.progress import make_optimiser
from training.recipes import Recipe, default_recipe, recipe_hash
from training.sources import CocoSamples
from training.start import initialise, reestimate_norm
from training.step import LOSS_NAMES, TrainingStep

RECIPE = Recipe(sizes=(64,), max_size=120, regions=32, proposals=50, crop=0.0)
SMALL = get_spec("maskrcnn_mobilenet_v2_fpn")
SETTINGS = RunSettings(folder=None, seed=0, device="cpu", amp=False, workers=0, facts={})
TRAINABLE = [spec for spec in SPECS if spec.backbone != "resnext101_32x8d" and spec.num_classes == 2]


@pytest.fixture(scope="module")
def batch(coco_folder):
    pictures = TrainingImages([CocoSamples(coco_folder)], RECIPE, seed=0)
    return collate([pictures[0, 0], pictures[0, 1]])


@pytest.mark.trains
@pytest.mark.parametrize("spec", TRAINABLE, ids=lambda spec: spec.id)
def test_every_variant_learns_from_one_step(spec, batch):
    torch.manual_seed(0)
    step = TrainingStep(build(spec), RECIPE).train()
    before = step.network.rpn.head.bbox_pred.weight.clone()
    losses = take_step(step, make_optimiser(step, RECIPE), batch, RECIPE, SETTINGS)
    assert set(losses) == set(LOSS_NAMES) - (set() if spec.masks else {"loss_mask"})
    assert not torch.equal(step.network.rpn.head.bbox_pred.weight, before)


def test_frozen_stages_do_not_move(batch):
    step = TrainingStep(build(SMALL), RECIPE).train()
    body = step.network.backbone.body
    first, last = next(body["3"].parameters()).clone(), next(body["18"].parameters()).clone()
    take_step(step, make_optimiser(step, RECIPE), batch, RECIPE, SETTINGS)
    assert torch.equal(next(body["3"].parameters()), first)
    assert not torch.equal(next(body["18"].parameters()), last)


def test_pictures_without_masks_give_the_mask_head_a_zero_gradient(batch):
    images, targets = batch
    bare = [{**target, "has_masks": False} for target in targets]
    step = TrainingStep(build(SMALL), RECIPE).train()
    losses = step(images, bare)
    assert losses["loss_mask"] == 0
    sum(losses.values()).backward()
    gradients = [weight.grad for weight in step.network.roi_heads.mask_predictor.parameters()]
    assert all(gradient is not None and not gradient.any() for gradient in gradients)


def test_losses_equal_torchvisions_own_on_the_same_samples(batch):
    images, targets = batch
    known = [image for image, target in zip(images, targets, strict=True) if target["has_masks"]]
    truths = [target for target in targets if target["has_masks"]]
    torch.manual_seed(0)
    step = TrainingStep(build(SMALL), RECIPE).train()
    torch.manual_seed(1)
    ours = step(known, truths)
    torch.manual_seed(1)
    theirs = step.network(known, truths)
    for name in LOSS_NAMES:
        torch.testing.assert_close(ours[name], theirs[name], rtol=1e-4, atol=1e-5)


def test_a_loss_that_is_not_finite_names_its_pictures_and_changes_nothing(batch):
    images, targets = batch
    step = TrainingStep(build(SMALL), RECIPE).train()
    before = step.network.rpn.head.bbox_pred.weight.clone()
    broken = [torch.full_like(image, torch.inf) for image in images]
    with pytest.raises(NonFiniteLossError, match=re.escape(targets[0]["id"])):
        take_step(step, make_optimiser(step, RECIPE), (broken, targets), RECIPE, SETTINGS)
    assert torch.equal(step.network.rpn.head.bbox_pred.weight, before)


def test_as_many_regions_are_people_as_torchvision_takes():
    network = build(SMALL)
    usual = network.roi_heads.fg_bg_sampler.positive_fraction
    sampler = TrainingStep(network, RECIPE).network.roi_heads.fg_bg_sampler
    assert (sampler.positive_fraction, sampler.batch_size_per_image) == (usual, RECIPE.regions)


@pytest.mark.parametrize("loss", [torch.inf, torch.nan], ids=str)
def test_an_infinite_loss_stops_the_step_as_one_that_is_no_number_does(loss):
    with pytest.raises(NonFiniteLossError, match=r"made.*is not finite"):
        take_step(
            lambda images, targets: {"loss_mask": torch.tensor(loss)}, None, ([], [{"id": "made"}]), RECIPE,
            SETTINGS,
        )  # fmt: skip


def test_reestimated_norm_computes_what_the_folded_backbone_did():
    torch.manual_seed(0)
    network = build(replace(SMALL, min_size=400, max_size=800), norm="batch").eval()
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.bias.uniform_(-0.1, 0.3)
    image = torch.rand(3, 96, 96)
    tensors = network.transform([image])[0].tensors
    with torch.no_grad():
        before = network.backbone(tensors)["0"]
        reestimate_norm(network, [image])
        after = network.backbone(tensors)["0"]
        training = network.train().backbone(tensors)["0"]
    torch.testing.assert_close(after, before, rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(training, before, rtol=1e-2, atol=1e-2)


def test_a_start_of_another_variant_gives_what_fits(tmp_path):
    source = build(SMALL)
    save_file({n: t.contiguous() for n, t in source.state_dict().items()}, tmp_path / "fpn.safetensors")
    target = build(get_spec("maskrcnn_mobilenet_v2_proj256"))
    said = initialise(
        target, get_spec("maskrcnn_mobilenet_v2_proj256"), init=str(tmp_path / "fpn.safetensors")
    )
    assert "fpn.safetensors sha256" in said
    theirs, ours = source.roi_heads.box_head.fc6.weight, target.roi_heads.box_head.fc6.weight
    assert torch.equal(theirs, ours)


def test_learning_rate_rises_then_falls_to_the_end():
    recipe = Recipe(lr=0.01, warmup=10)
    rates = [learning_rate(recipe, step, steps=100, per_epoch=10) for step in range(100)]
    assert rates[0] == pytest.approx(1e-5)
    assert max(rates) < 0.01
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] < 1e-5


def test_step_schedule_is_report_as():
    recipe = Recipe(lr=0.005, warmup=0, schedule="step", step_epochs=3)
    rates = [learning_rate(recipe, 10 * epoch, steps=100, per_epoch=10) for epoch in range(10)]
    assert rates == pytest.approx([0.005] * 3 + [0.0005] * 3 + [0.00005] * 3 + [0.000005])


def test_recipe_hash_changes_with_every_setting():
    base = default_recipe(SMALL)
    assert recipe_hash(base) == recipe_hash(default_recipe(SMALL))
    assert len({recipe_hash(base), recipe_hash(base, init="x"), recipe_hash(RECIPE)}) == 3
