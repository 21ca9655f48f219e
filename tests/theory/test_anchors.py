"""Oracles: torchvision's AnchorGenerator, Matcher, label assignment and sampler."""

import numpy as np
import pytest
import torch
from torchvision.models.detection._utils import BalancedPositiveNegativeSampler, Matcher
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.rpn import RegionProposalNetwork

from pedviz.theory.anchors import anchor_grid, label_anchors, sample_anchors
from pedviz.theory.boxes import box_iou


@pytest.mark.parametrize(
    ("sides", "ratios", "stride"),
    [
        pytest.param((32,), (0.5, 1.0, 2.0), (4, 4), id="one-pyramid-level"),
        pytest.param((32, 64, 128, 256, 512), (0.5, 1.0, 2.0), (32, 32), id="single-level"),
        pytest.param((20.5,), (0.3,), (8, 16), id="odd-numbers"),
    ],
)
def test_anchors_equal_torchvisions_generator(sides, ratios, stride):
    height, width = 5, 7
    picture = torch.zeros(1, 3, height * stride[0], width * stride[1])
    generator = AnchorGenerator((sides,), (ratios,))
    expected = generator(ImageList(picture, [tuple(picture.shape[-2:])]), [torch.zeros(1, 8, height, width)])
    ours = anchor_grid((height, width), stride=stride, sides=sides, ratios=ratios)
    np.testing.assert_array_equal(ours, expected[0].numpy())


def _scene(seed: int, people: int) -> tuple[np.ndarray, np.ndarray]:
    """(K, 4) people and (N, 4) anchors, many of them tied."""
    random = np.random.default_rng(seed)
    corner = random.integers(0, 60, (people, 2))
    boxes = np.hstack([corner, corner + random.integers(4, 50, (people, 2))]).astype(np.float32)
    grid = anchor_grid((8, 8), stride=(8, 8), sides=(16, 32))
    return boxes, np.vstack([grid, boxes[: people // 2] + 1]).astype(np.float32)


@pytest.mark.parametrize("people", [1, 2, 5, 12])
@pytest.mark.parametrize("thresholds", [(0.7, 0.3), (0.5, 0.5), (0.6, 0.1)], ids=str)
def test_labels_equal_torchvisions_matcher(people, thresholds):
    high, low = thresholds
    for seed in range(20):
        overlaps = box_iou(*_scene(seed, people))
        expected = Matcher(high, low, allow_low_quality_matches=True)(torch.tensor(overlaps)).numpy()
        found = label_anchors(overlaps, high=high, low=low)
        np.testing.assert_array_equal(found.labels, np.select([expected >= 0, expected == -1], [1, 0], -1))
        np.testing.assert_array_equal(found.people, np.maximum(expected, -1))
        without = Matcher(high, low)(torch.tensor(overlaps)).numpy()
        np.testing.assert_array_equal(found.rescued, (expected >= 0) & (without < 0))


def _torch_rpn() -> RegionProposalNetwork:
    counts = {"training": 10, "testing": 10}
    return RegionProposalNetwork(None, None, 0.7, 0.3, 256, 0.5, counts, counts, 0.7)


def test_a_picture_without_people_makes_every_anchor_background_as_in_torchvision():
    _, anchors = _scene(0, 1)
    targets = [{"boxes": torch.zeros(0, 4)}]
    expected = _torch_rpn().assign_targets_to_anchors([torch.tensor(anchors)], targets)[0][0].numpy()
    found = label_anchors(box_iou(np.zeros((0, 4), np.float32), anchors))
    np.testing.assert_array_equal(found.labels, expected)
    assert (found.people == -1).all()


def test_a_person_whom_no_anchor_touches_makes_every_anchor_positive_as_in_torchvision():
    overlaps = np.array([[0.0, 0.0, 0.0], [0.8, 0.1, 0.0]])
    expected = Matcher(0.7, 0.3, allow_low_quality_matches=True)(torch.tensor(overlaps))
    assert label_anchors(overlaps).people.tolist() == expected.tolist() == [1, 1, 0]


def test_no_anchors_have_no_labels():
    assert len(label_anchors(np.zeros((3, 0))).labels) == 0


def test_thresholds_in_the_wrong_order_are_refused():
    with pytest.raises(ValueError, match=r"expected low <= high, got low 0\.5 and high 0\.3"):
        label_anchors(np.zeros((1, 1)), high=0.3, low=0.5)


@pytest.mark.parametrize(
    ("positive", "negative"),
    [
        pytest.param(3, 500, id="few-people"),
        pytest.param(300, 500, id="many-people"),
        pytest.param(200, 20, id="few-left"),
        pytest.param(0, 300, id="nobody"),
    ],
)
def test_as_many_of_each_label_are_sampled_as_torchvision_does(positive, negative):
    labels = np.array([1] * positive + [0] * negative + [-1] * 50)
    expected = BalancedPositiveNegativeSampler(256, 0.5)([torch.tensor(labels)])
    random = np.random.default_rng(0)
    for _ in range(5):
        places = sample_anchors(labels, random.random(len(labels)))
        assert len(set(places.tolist())) == len(places)
        assert (labels[places] == 1).sum() == int(expected[0][0].sum())
        assert (labels[places] == 0).sum() == int(expected[1][0].sum())
        assert (labels[places] >= 0).all()


def test_every_anchor_of_a_label_is_sampled_equally_often():
    random = np.random.default_rng(1)
    times = np.zeros(20)
    for _ in range(2000):
        times[sample_anchors(np.array([1] * 10 + [0] * 10), random.random(20), size=8)] += 1
    np.testing.assert_allclose(times / 2000, 0.4, atol=0.05)
