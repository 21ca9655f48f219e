import json
import shutil

import numpy as np
import pytest
import torch

from pedviz.errors import DatasetError
from training.datasets import CocoSamples, TrainingPictures, epoch_order
from training.recipes import Recipe

RECIPE = Recipe(sizes=(48, 64), max_size=120, crop=0.5)


@pytest.fixture
def pictures(coco_folder) -> TrainingPictures:
    return TrainingPictures([CocoSamples(coco_folder)], RECIPE, seed=3)


def test_boxes_and_masks_of_a_sample_agree(coco_folder):
    sample = CocoSamples(coco_folder).load("picture_1.png")
    rows, columns = np.where(sample.masks[0])
    x1, y1, x2, y2 = sample.boxes[0]
    assert (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) == (x1, y1, x2, y2)


def test_a_picture_whose_people_lack_masks_says_so(coco_folder, pictures):
    assert CocoSamples(coco_folder).load("picture_2.png").masks is None
    place = next(i for i, (_, name) in enumerate(pictures.places) if name == "picture_2.png")
    target = pictures[0, place][1]
    assert not target["has_masks"]
    assert len(target["boxes"])


def test_kinds_select_pictures(coco_folder):
    assert CocoSamples(coco_folder, kinds=("k0",)).ids == ("picture_2.png", "picture_4.png", "picture_6.png")


def test_a_sample_depends_on_seed_epoch_and_id_alone(coco_folder, pictures):
    torch.manual_seed(1)
    first_image, first_target = pictures[5, 0]
    torch.manual_seed(2)
    again = TrainingPictures([CocoSamples(coco_folder)], RECIPE, seed=3)
    _ = again[4, 1]
    image, target = again[5, 0]
    assert torch.equal(image, first_image)
    assert torch.equal(target["boxes"], first_target["boxes"])
    other_epoch, other_seed = (
        again[6, 0][0],
        TrainingPictures(again.places and [again.places[0][0]], RECIPE, seed=4),
    )
    assert not (other_epoch.shape == image.shape and torch.equal(other_epoch, image))
    assert not (other_seed[5, 0][0].shape == image.shape and torch.equal(other_seed[5, 0][0], image))


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


def test_an_epoch_visits_every_picture_once_in_its_own_order():
    first, second = epoch_order(50, seed=0, epoch=0), epoch_order(50, seed=0, epoch=1)
    assert sorted(first) == sorted(second) == list(range(50))
    assert first != second
    assert first == epoch_order(50, seed=0, epoch=0)


@pytest.mark.parametrize(
    "annotations",
    [
        pytest.param(None, id="missing"),
        pytest.param("not json", id="text"),
        pytest.param(json.dumps({"images": []}), id="without annotations"),
        pytest.param(json.dumps([1, 2]), id="a list"),
    ],
)
def test_a_folder_without_coco_annotations_is_named(tmp_path, coco_folder, annotations):
    shutil.copytree(coco_folder / "images", tmp_path / "images")
    if annotations is not None:
        (tmp_path / "annotations.json").write_text(annotations)
    with pytest.raises(DatasetError, match=r"no COCO annotations\.json could be read"):
        CocoSamples(tmp_path)
