"""Oracle: torchvision's own region proposal network on the same maps."""

import pytest
import torch
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.rpn import RegionProposalNetwork, RPNHead

from pedviz.models.proposals import propose

SIZE = (200, 264)


def _network(levels: int, *, before: int, after: int, threshold: float) -> RegionProposalNetwork:
    sizes = tuple((16 * 2**level,) for level in range(levels))
    head = RPNHead(8, 3)
    for layer in (head.cls_logits, head.bbox_pred):
        torch.nn.init.normal_(layer.weight, std=0.5)
    many = {"training": before, "testing": before}, {"training": after, "testing": after}
    return RegionProposalNetwork(
        AnchorGenerator(sizes, ((0.5, 1.0, 2.0),) * levels), head, 0.7, 0.3, 256, 0.5, *many, threshold
    ).eval()


def _maps(levels: int) -> list[torch.Tensor]:
    return [torch.randn(1, 8, SIZE[0] // 2**level, SIZE[1] // 2**level) for level in range(3, 3 + levels)]


@pytest.mark.parametrize("levels", [1, 3])
@pytest.mark.parametrize(
    ("before", "after", "threshold"),
    [
        pytest.param(300, 20, 0.7, id="enough at once"),
        pytest.param(300, 100, 0.1, id="looks at more"),
        pytest.param(40, 400, 0.5, id="fewer than wanted"),
        pytest.param(100_000, 100_000, 0.99, id="every anchor"),
    ],
)
def test_regions_are_those_of_torchvision(levels, before, after, threshold):
    torch.manual_seed(levels)
    rpn, maps = _network(levels, before=before, after=after, threshold=threshold), _maps(levels)
    images = ImageList(torch.zeros(1, 3, *SIZE), [(SIZE[0] - 9, SIZE[1] - 5)])
    with torch.inference_mode():
        (expected,), _ = rpn(images, {str(place): level for place, level in enumerate(maps)})
        boxes, scores = propose(rpn, maps, images=images)
    assert 0 < len(boxes) <= after
    assert sorted(boxes.tolist()) == sorted(expected.tolist())  # equal scores stand in either order
    assert (scores.diff() <= 0).all()


def test_an_image_of_nothing_but_slivers_has_no_regions():
    torch.manual_seed(0)
    rpn, maps = _network(2, before=50, after=10, threshold=0.7), _maps(2)
    images = ImageList(torch.zeros(1, 3, *SIZE), [(0, 0)])
    with torch.inference_mode():
        boxes, scores = propose(rpn, maps, images=images)
    assert boxes.shape == (0, 4)
    assert scores.shape == (0,)
