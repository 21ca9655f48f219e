import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.ops import masks_to_boxes

from training.datasets import Rehearsal, TrainingImages
from training.recipes import Recipe
from training.sources import CocoSamples

RECIPE = Recipe(sizes=(48, 64), max_size=120, crop=0.5)


@pytest.fixture
def pictures(coco_folder) -> TrainingImages:
    return TrainingImages([CocoSamples(coco_folder)], RECIPE, seed=3)


def test_a_picture_whose_people_lack_masks_says_so(coco_folder, pictures):
    place = next(i for i, (_, name) in enumerate(pictures.places) if name == "picture_2.png")
    target = pictures[0, place][1]
    assert not target["has_masks"]
    assert len(target["boxes"])


def test_a_sample_depends_on_seed_epoch_and_id_alone(coco_folder, pictures):
    torch.manual_seed(1)
    first_image, first_target = pictures[5, 0]
    torch.manual_seed(2)
    again = TrainingImages([CocoSamples(coco_folder)], RECIPE, seed=3)
    _ = again[4, 1]
    image, target = again[5, 0]
    assert torch.equal(image, first_image)
    assert torch.equal(target["boxes"], first_target["boxes"])
    other_epoch, other_seed = (
        again[6, 0][0],
        TrainingImages(again.places and [again.places[0][0]], RECIPE, seed=4),
    )
    assert not (other_epoch.shape == image.shape and torch.equal(other_epoch, image))
    assert not (other_seed[5, 0][0].shape == image.shape and torch.equal(other_seed[5, 0][0], image))


def test_a_person_of_three_pixels_teaches_nothing(coco_folder, tmp_path):
    own = Path(shutil.copytree(coco_folder, tmp_path / "own"))
    listed = json.loads((own / "annotations.json").read_text())
    listed["annotations"][0]["bbox"] = [8, 10, 3, 44]
    (own / "annotations.json").write_text(json.dumps(listed))
    recipe = Recipe(sizes=(64,), max_size=120, crop=0.0)
    targets = [
        TrainingImages([CocoSamples(folder)], recipe, seed=0)[0, 0][1] for folder in (coco_folder, own)
    ]
    assert [len(target["boxes"]) for target in targets] == [2, 1]


@pytest.mark.parametrize("epoch", range(6))
def test_augmented_boxes_hold_their_masks(pictures, epoch):
    for place in range(len(pictures)):
        image, target = pictures[epoch, place]
        assert image.dtype == torch.float32
        assert 0 <= image.min() <= image.max() <= 1
        boxes = target["boxes"]
        assert (boxes[:, :2] >= 0).all()
        assert (boxes[:, 2] <= image.shape[2]).all()
        assert (boxes[:, 3] <= image.shape[1]).all()
        if target["has_masks"]:
            assert target["masks"].shape == (len(boxes), *image.shape[1:])
            for box, mask in zip(boxes, target["masks"], strict=True):
                rows, columns = torch.where(mask > 0)
                assert columns.min() >= box[0] - 2
                assert columns.max() + 1 <= box[2] + 2
                assert rows.min() >= box[1] - 2
                assert rows.max() + 1 <= box[3] + 2


def test_a_person_cut_by_a_crop_gets_the_box_of_what_is_left(masked_folder, tmp_path):
    own = Path(shutil.copytree(masked_folder, tmp_path / "own"))
    listed = json.loads((own / "annotations.json").read_text())
    for person in listed["annotations"]:
        left, top, width, height = person["bbox"]
        person["segmentation"] = [[left, top, left + width, top, left, top + height]]  # a triangle
    (own / "annotations.json").write_text(json.dumps(listed))
    recipe = replace(RECIPE, sizes=(64,), crop=1.0, colour=0.0)
    pictures = TrainingImages([CocoSamples(own)], recipe, seed=0)
    for place in range(len(pictures)):
        target = pictures[0, place][1]
        around = masks_to_boxes(target["masks"]) + torch.tensor([0, 0, 1, 1])
        assert (target["boxes"] - around).abs().max() <= 2  # resizing moves an edge by a pixel or two


def test_an_epoch_visits_every_picture_once_in_its_own_order(masked_folder):
    pictures = TrainingImages([CocoSamples(masked_folder)], RECIPE, seed=0)
    first, second = pictures.order(0), pictures.order(1)
    assert sorted(first) == sorted(second) == list(range(40))
    assert first != second
    assert first == pictures.order(0)
    assert first != TrainingImages([CocoSamples(masked_folder)], RECIPE, seed=1).order(0)


def _with_rehearsal(always, rehearsed, *, count: int, size: int | None = None) -> TrainingImages:
    rehearsal = Rehearsal(sources=(CocoSamples(rehearsed),), count=count, size=size)
    return TrainingImages([CocoSamples(always)], RECIPE, seed=0, rehearsal=rehearsal)


@pytest.mark.parametrize("size", [120, 200], ids=["as large as the recipe's longest side", "larger"])
def test_rehearsed_pictures_may_be_larger_than_the_recipe_allows(coco_folder, masked_folder, size):
    recipe = Recipe(sizes=(48, 64), max_size=120, crop=0.0)
    rehearsal = Rehearsal(sources=(CocoSamples(masked_folder),), count=3, size=size)
    pictures = TrainingImages([CocoSamples(coco_folder)], recipe, seed=0, rehearsal=rehearsal)
    for place in pictures.order(0):
        image, target = pictures[0, place]
        assert min(image.shape[1:]) == size if place >= 6 else max(image.shape[1:]) <= 120
        assert (target["boxes"][:, 2] - target["boxes"][:, 0]).max() > 0.2 * image.shape[2]


@given(count=st.integers(1, 60))
def test_rehearsed_pictures_take_turns(coco_folder, masked_folder, count):
    pictures = _with_rehearsal(coco_folder, masked_folder, count=count)
    shown, each = Counter(), min(count, 40)
    for epoch in range(5):
        order = pictures.order(epoch)
        assert len(order) == len(set(order)) == len(pictures) == 6 + each
        assert set(range(6)) <= set(order)
        shown.update(place for place in order if place >= 6)
        assert max(shown.values()) - (min(shown.values()) if len(shown) == 40 else 0) <= 1


def test_rehearsed_pictures_have_a_size_of_their_own(coco_folder, masked_folder):
    pictures = _with_rehearsal(coco_folder, masked_folder, count=3, size=24)
    for place in pictures.order(0):
        side = min(pictures[0, place][0].shape[1:])  # of a long crop, less than the size that was drawn
        assert side == 24 if place >= 6 else side > min(RECIPE.sizes) / 2
