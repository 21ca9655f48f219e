"""Oracle: torchvision's own pooling, mask predictor and depthwise convolutions, forwards and gradients."""

import pytest
import torch
from torch import Tensor
from torchvision.models.detection.mask_rcnn import MaskRCNNPredictor
from torchvision.ops import MultiScaleRoIAlign

from training.faster import mask_logits, pool_regions, strided_in_float32

SIZES = [(100, 140), (96, 120)]
EDGES = torch.tensor(
    [
        [-30.0, -20.0, 10.0, 5.0],  # beginning outside
        [130.0, 90.0, 300.0, 300.0],  # ending far outside
        [40.0, 40.0, 40.0, 40.0],  # a point
        [0.0, 0.0, 140.0, 100.0],  # everything
        [3.2, 4.7, 9.1, 60.3],
    ]
)


def _regions(generator: torch.Generator) -> list[Tensor]:
    ends = torch.rand(2, 20, 2, generator=generator) * torch.tensor([120.0, 96.0])
    return [EDGES, torch.cat([ends.amin(dim=0), ends.amax(dim=0)], dim=1)]


def _maps(strides: tuple[int, ...], generator: torch.Generator) -> dict[str, Tensor]:
    return {
        str(place): torch.randn(2, 6, 100 // stride, 140 // stride, generator=generator).to(
            memory_format=torch.channels_last
        )
        for place, stride in enumerate(strides)
    }


def _with_gradients(result: Tensor, inputs: list[Tensor]) -> tuple[Tensor, tuple[Tensor, ...]]:
    weights = torch.linspace(-1, 1, result.numel(), dtype=result.dtype).view(result.shape)
    return result, torch.autograd.grad((result * weights).sum(), inputs)


@pytest.mark.parametrize("nobody", [False, True], ids=["both images", "nobody in the first"])
@pytest.mark.parametrize("samples", [1, 2])
@pytest.mark.parametrize("strides", [(4, 8, 20), (20,)], ids=["pyramid", "one map"])
def test_regions_are_pooled_as_by_torchvision(strides, samples, nobody):
    generator = torch.Generator().manual_seed(0)
    maps, regions = _maps(strides, generator), _regions(generator)
    regions = [regions[0][:0], regions[1]] if nobody else regions
    inputs = [level.requires_grad_() for level in maps.values()]
    plain, ours = (MultiScaleRoIAlign(list(maps), (3, 5), samples) for _ in range(2))
    torch.testing.assert_close(
        _with_gradients(pool_regions(ours, maps, regions, SIZES), inputs),
        _with_gradients(plain(maps, regions, SIZES), inputs),
    )


def test_pooled_bfloat16_is_summed_in_float32():
    generator = torch.Generator().manual_seed(0)
    maps, regions = _maps((4, 8), generator), _regions(generator)
    half = {name: level.bfloat16() for name, level in maps.items()}
    pool = MultiScaleRoIAlign(list(maps), 3, 2)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(pool_regions(pool, half, regions, SIZES), pool(half, regions, SIZES))


def test_mask_logits_are_those_of_torchvisions_predictor():
    torch.manual_seed(0)
    predictor = MaskRCNNPredictor(6, 8, 3).double()
    features = torch.randn(4, 6, 5, 7, dtype=torch.float64, requires_grad=True)
    inputs = [features, *predictor.parameters()]
    torch.testing.assert_close(
        _with_gradients(mask_logits(predictor, features), inputs),
        _with_gradients(predictor(features), inputs),
    )


def test_a_strided_depthwise_convolution_leaves_bfloat16_and_the_others_stay():
    torch.manual_seed(0)
    network = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3, 2),
        torch.nn.Conv2d(8, 8, 3, 2, groups=8),
        torch.nn.Conv2d(8, 8, 3, 1, groups=8),
        torch.nn.Conv2d(8, 8, 3, 2, groups=8).requires_grad_(False),
    )
    images = torch.randn(2, 3, 40, 40)
    plain, names = network(images), list(network.state_dict())
    strided_in_float32(network)
    assert torch.equal(network(images), plain)
    assert list(network.state_dict()) == names
    with torch.autocast("cpu", torch.bfloat16):
        first = network[0](images)
        second = network[1](first)
    assert first.dtype == second.dtype == torch.bfloat16
    exact = torch.nn.functional.conv2d(first.float(), network[1].weight, network[1].bias, stride=2, groups=8)
    assert torch.equal(second, exact.bfloat16())
    assert [type(layer) is torch.nn.Conv2d for layer in network] == [True, False, True, True]
