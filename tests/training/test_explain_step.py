"""The stored training step, against torchvision's own network in training mode."""

import json

import pytest
import torch

from pedviz.data.pennfudan import split
from pedviz.lessons.losses import STEP_FILE
from pedviz.models.build import build
from pedviz.models.specs import get_spec
from pedviz.paths import results_folder
from training import explain_step
from training.datasets import TrainingImages
from training.loop import collate
from training.recipes import default_recipe
from training.sources import CocoSamples
from training.step import LOSS_NAMES

ID = "maskrcnn_mobilenet_v2_fpn"


@pytest.fixture(scope="module")
def batch(masked_folder):
    pictures = TrainingImages([CocoSamples(masked_folder)], default_recipe(get_spec(ID)), seed=0)
    return collate([pictures[0, place] for place in range(2)])


def _losses(batch):
    torch.manual_seed(0)
    network = build(get_spec(ID))
    return explain_step.losses_of(network, batch, spec_id=ID, seed=3), network


@pytest.mark.trains
def test_the_same_seed_gives_the_same_step(batch):
    first, _ = _losses(batch)
    second, _ = _losses(batch)
    assert first == second
    assert set(first["losses"]) == set(LOSS_NAMES)


@pytest.mark.trains
def test_counts_are_those_of_the_networks_own_assignment(batch):
    found, network = _losses(batch)
    images, targets = batch
    padded, _ = network.transform(images)
    maps = list(network.backbone(padded.tensors).values())
    anchors = network.rpn.anchor_generator(padded, maps)
    labels = torch.cat(network.rpn.assign_targets_to_anchors(anchors, targets)[0])
    counts = found["anchors"]
    assert counts["positive"] == int((labels == 1).sum())
    assert counts["ignored"] == int((labels == -1).sum())
    assert counts["background"] == int((labels == 0).sum())
    assert counts["positive_sampled"] + counts["background_sampled"] == 2 * 256
    assert found["regions"]["positive_sampled"] + found["regions"]["background_sampled"] <= 2 * 128


def test_without_data_it_says_what_to_do(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(explain_step, "results_folder", lambda: tmp_path)
    assert explain_step.main([ID, "--init", "none", "--data", str(tmp_path / "nothing.zip")]) == 1
    assert "nothing.zip" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_stored_step_is_of_shipped_weights_and_of_training_pictures_alone():
    stored = json.loads((results_folder() / STEP_FILE).read_text("utf-8"))
    assert stored["spec_id"] == ID
    assert set(stored["images"]) <= set(split().train)
    first, shipped = (sum(stored["steps"][key]["losses"].values()) for key in ("first", "shipped"))
    assert shipped < first
    assert (
        stored["steps"]["first"]["anchors"]["positive"] == stored["steps"]["shipped"]["anchors"]["positive"]
    )
