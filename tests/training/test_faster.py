"""Oracle: torchvision's own mask predictor and depthwise convolutions, forwards and gradients."""

import torch
from torchvision.models.detection.mask_rcnn import MaskRCNNPredictor

from tests.gradients import with_gradients
from training.faster import mask_logits, strided_in_float32


def test_mask_logits_are_those_of_torchvisions_predictor():
    torch.manual_seed(0)
    predictor = MaskRCNNPredictor(6, 8, 3).double()
    features = torch.randn(4, 6, 5, 7, dtype=torch.float64, requires_grad=True)
    inputs = [features, *predictor.parameters()]
    torch.testing.assert_close(
        with_gradients(mask_logits(predictor, features), inputs),
        with_gradients(predictor(features), inputs),
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
