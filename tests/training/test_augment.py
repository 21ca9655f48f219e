"""Oracles: torchvision's own masks_to_boxes, GIoU and gradients; counting pixels."""

import json
import time
from dataclasses import replace
from functools import partial
from itertools import count
from types import SimpleNamespace

import pytest
import torch
from torchvision import tv_tensors
from torchvision.models.detection._utils import BoxCoder
from torchvision.ops import generalized_box_iou, masks_to_boxes

from pedviz.models.build import build
from pedviz.models.compact import load_state
from pedviz.models.fold import fold_norms, load_unfolded, unfolded_state
from pedviz.models.specs import SPECS, get_spec
from training.augment import Scene, jitter_scale, paste_people
from training.options import OptionError, first_stage, parser, recipe_from, with_preset
from training.progress import load_progress, make_average, make_optimiser, save_progress
from training.recipes import IMITATE, PENNFUDAN, PEOPLE, Recipe, preset_recipe
from training.step import GIOU_WEIGHT, freeze_stages, giou_loss, learning_rate_factors
from training.train import main

LITE = get_spec("maskrcnn_mobilenet_v2_lite")


def _scene(colour: int, *boxes: tuple[int, int, int, int], size: tuple[int, int] = (60, 80)) -> Scene:
    masks = torch.zeros(len(boxes), *size, dtype=torch.uint8)
    for mask, (x1, y1, x2, y2) in zip(masks, boxes, strict=True):
        mask[y1:y2, x1:x2] = 1
    canvas = tv_tensors.BoundingBoxes(torch.tensor(boxes).float(), format="XYXY", canvas_size=size)
    image = tv_tensors.Image(torch.full((3, *size), colour, dtype=torch.uint8))
    return Scene(image, canvas, tv_tensors.Mask(masks), True)


@pytest.mark.parametrize("seed", range(8))
def test_pasted_people_lie_on_top_and_every_box_holds_its_mask(seed):
    torch.manual_seed(seed)
    below = _scene(10, (5, 5, 25, 50), (40, 10, 60, 55))
    result = paste_people(below, _scene(200, (20, 0, 45, 40), (0, 0, 4, 4), size=(50, 90)))
    pasted = result.image[0] == 200
    assert result.masks.shape[1:] == (60, 80)
    assert (result.masks.sum(dim=0) <= 1).all(), "one pixel belongs to one person"
    assert (result.masks.amax(dim=0).bool() | ~pasted).all(), "what was pasted is somebody's"
    expected = masks_to_boxes(result.masks) + torch.tensor([0.0, 0.0, 1.0, 1.0])
    torch.testing.assert_close(result.boxes.as_subclass(torch.Tensor), expected)
    assert (below.image == 10).all(), "the image below is not written into"


def test_a_person_who_is_covered_is_taken_out():
    torch.manual_seed(1)
    scenes = [paste_people(_scene(1, (10, 10, 20, 20)), _scene(2, (0, 0, 70, 60))) for _ in range(9)]
    assert {len(scene.boxes) for scene in scenes} == {1}  # either the one below, or the one on top alone


@pytest.mark.parametrize("scales", [(0.5, 0.5), (2.0, 2.0), (1.0, 1.0)])
def test_a_jittered_scale_keeps_people_where_the_picture_has_them(scales):
    torch.manual_seed(0)
    scene = _scene(0, (20, 15, 60, 45))
    scene.image[:, 15:45, 20:60] = 255
    result = jitter_scale(scene, scales)
    assert result.size == ((30, 40) if scales[0] < 1 else (60, 80))
    bright = (result.image[0] > 127).to(torch.uint8)
    assert (bright != result.masks.amax(dim=0)).sum() <= 4 * sum(result.size)  # a pixel along each edge
    assert abs(int(result.masks.sum()) - int(bright.sum())) <= 4 * sum(result.size)


def test_giou_loss_is_torchvisions_of_the_decoded_boxes():
    torch.manual_seed(0)
    coder = BoxCoder((10.0, 10.0, 5.0, 5.0))
    regions = torch.rand(6, 4) * 20 + torch.tensor([0.0, 0.0, 30.0, 30.0])
    truth = regions + torch.rand(6, 4) * 4
    labels = torch.tensor([1, 0, 1, 1, 0, 0])
    shifts = torch.randn(6, 8, requires_grad=True)
    loss = giou_loss(shifts, [regions], [labels], [coder.encode_single(truth, regions)], coder=coder)
    found = coder.decode_single(shifts[:, 4:], regions)
    people = labels > 0
    expected = GIOU_WEIGHT * (1 - generalized_box_iou(found[people], truth[people]).diagonal()).sum() / 6
    torch.testing.assert_close(loss, expected, rtol=1e-4, atol=1e-5)
    (gradient,) = torch.autograd.grad(loss, shifts)
    assert not gradient[labels == 0].any()
    assert not gradient[:, :4].any()


@pytest.fixture(scope="module")
def network() -> torch.nn.Module:
    torch.manual_seed(0)
    return fold_norms(build(LITE))


def test_layer_wise_rates_fall_towards_the_image(network):
    factors = learning_rate_factors(network, 0.5)
    assert factors["backbone.body.0.0.weight"] == 0.5**5
    assert factors["backbone.body.18.0.weight"] == 0.5
    assert factors["rpn.head.bbox_pred.weight"] == 1
    named = {weight: name for name, weight in network.named_parameters()}
    groups = make_optimiser(network, Recipe(layer_decay=0.5)).param_groups
    assert {named[w]: group["factor"] for group in groups for w in group["params"]} == factors
    assert len(groups) == len(set(factors.values()))
    assert set(learning_rate_factors(network, 1.0).values()) == {1.0}


@pytest.mark.parametrize("kind", ["adamw", "sgd"])
def test_a_step_is_that_of_torchs_plain_optimiser_also_after_a_stop(tmp_path, kind):
    recipe = Recipe(optimiser=kind, lr=0.01, layer_decay=0.5)
    torch.manual_seed(0)
    ours, plain, again = (build(LITE).to(memory_format=torch.channels_last) for _ in range(3))
    plain.load_state_dict(ours.state_dict())
    for network in (ours, again):
        freeze_stages(network, 2)
    mine, weights = make_optimiser(ours, recipe), dict(plain.named_parameters())
    others = dict(again.named_parameters())
    groups = [
        {"params": [weights[name]], "lr": recipe.lr * factor}
        for name, factor in learning_rate_factors(ours, recipe.layer_decay).items()
    ]
    make = {
        "adamw": partial(torch.optim.AdamW, betas=(recipe.momentum, 0.999)),
        "sgd": partial(torch.optim.SGD, momentum=recipe.momentum),
    }[kind]
    theirs = make(groups, weight_decay=recipe.weight_decay, fused=False, foreach=False)
    resumed = make_optimiser(again, recipe)
    for step in range(3):
        if step == 2:
            save_progress(tmp_path / "last.safetensors", ours, mine, step=step, facts={})
            load_progress(tmp_path / "last.safetensors", again, resumed)
        for group in (*mine.param_groups, *resumed.param_groups):
            group["lr"] = recipe.lr * group["factor"]
        for name, weight in ours.named_parameters():
            if weight.requires_grad:
                weight.grad = torch.randn_like(weight)
                weights[name].grad, others[name].grad = weight.grad.clone(), weight.grad.clone()
        for optimiser in (mine, theirs, resumed):
            optimiser.step()
    for name, weight in ours.named_parameters():
        torch.testing.assert_close(weight, weights[name], msg=name)
        assert torch.equal(weight, others[name]), name


def test_a_folded_network_comes_back_to_the_bit(network):
    other = fold_norms(build(LITE))
    load_unfolded(other, unfolded_state(network))
    for name, tensor in network.state_dict().items():
        assert torch.equal(other.state_dict()[name], tensor), name


def test_the_moving_average_goes_on_as_if_it_had_not_stopped(tmp_path):
    recipe = Recipe(ema=0.9)

    def fresh() -> tuple:
        torch.manual_seed(0)
        model = torch.nn.Linear(3, 2)
        return model, make_optimiser(model, recipe), make_average(model, recipe)

    def learn(model: torch.nn.Module, average: torch.nn.Module, steps: range) -> None:
        for step in steps:
            with torch.no_grad():
                model.weight.add_(step)
            average.update_parameters(model)

    straight, stopped, resumed = fresh(), fresh(), fresh()
    learn(straight[0], straight[2], range(6))
    learn(stopped[0], stopped[2], range(3))
    last = tmp_path / "last.safetensors"
    save_progress(last, *stopped[:2], step=3, facts={}, average=stopped[2])
    learn(resumed[0], resumed[2], range(load_progress(last, *resumed[:2], average=resumed[2]), 6))
    assert torch.equal(resumed[2].module.weight, straight[2].module.weight)
    first = fresh()[0].weight
    sums = torch.tensor([0, 1, 3, 6, 10, 15.0])  # what was added up to each step
    expected = sums[0]
    for value in sums[1:]:
        expected = 0.9 * expected + 0.1 * value
    torch.testing.assert_close(straight[2].module.weight - first, expected.expand(2, 3))


def test_presets_stand_for_their_options(tmp_path):
    people = with_preset(parser().parse_args([LITE.id, "--preset", "people"]))
    assert people.coco
    assert not people.rehearse
    assert recipe_from(people) == PEOPLE
    imitating = with_preset(parser().parse_args([LITE.id, "--preset", "imitate", "--teacher", LITE.id]))
    assert imitating.coco
    assert recipe_from(imitating) == replace(IMITATE, teacher=LITE.id)
    second = parser().parse_args([LITE.id, "--preset", "pennfudan", "--out", str(tmp_path)])
    with pytest.raises(OptionError, match="--preset people"):
        with_preset(second)
    assert recipe_from(second) == replace(PENNFUDAN, sizes=(320, 352, 384))


@pytest.mark.parametrize("spec", [spec for spec in SPECS if not spec.on_demand], ids=lambda spec: spec.id)
def test_the_second_stage_sees_people_at_the_size_of_its_detector(spec):
    recipe = preset_recipe("pennfudan", spec)
    low, middle, high = recipe.sizes
    assert 0.9 * middle < low < middle == spec.min_size < high < 1.1 * middle


@pytest.mark.trains
def test_the_first_stage_stops_goes_on_and_is_found_by_the_second(coco_folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PEDVIZ_PEOPLE", str(coco_folder))
    ticks = count()
    clock = SimpleNamespace(monotonic=lambda: next(ticks), perf_counter=time.perf_counter)
    monkeypatch.setattr("training.loop.time", clock)  # a second passes at each look
    small = ["--epochs", "1", "--size", "64", "--threads", "1", "--device", "cpu", "--out", str(tmp_path)]
    first = [LITE.id, "--preset", "people", "--init", "none", *small]
    assert main([*first, "--stop-after", "1"]) == 0
    assert "stopped as asked" in capsys.readouterr().out
    with pytest.raises(OptionError):
        first_stage(tmp_path, LITE.id)
    assert main([*first, "--resume"]) == 0
    final = first_stage(tmp_path, LITE.id)
    state, facts = load_state(final)
    assert facts["options"]["preset"] == "people"
    build(LITE).load_state_dict(state)
    assert json.loads((final.parent / "log.jsonl").read_text())["epoch"] == 1


@pytest.mark.trains
def test_a_checkpoint_is_written_every_minute_and_at_the_end_of_an_epoch(coco_folder, tmp_path, monkeypatch):
    clock = SimpleNamespace(monotonic=partial(next, count(step=30)), perf_counter=time.perf_counter)
    monkeypatch.setattr("training.loop.time", clock)  # half a minute a step
    saved = []
    monkeypatch.setattr("training.loop.save_progress", lambda *_, step, **__: saved.append(step))
    small = ["--epochs", "1", "--size", "64", "--threads", "1", "--device", "cpu", "--out", str(tmp_path)]
    assert main([LITE.id, "--coco", str(coco_folder), "--init", "none", *small]) == 0
    assert saved == [2, 3]
