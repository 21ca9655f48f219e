"""Oracle: the networks themselves, built and counted."""

import pytest
import torch

from pedviz.models.build import build, count_parameters_by_part
from pedviz.models.specs import SPECS, ModelSpec
from pedviz.theory.detector_parameters import BACKBONES, detector_layers
from pedviz.theory.parameters import Layer, count_by_part, count_parameters


def _layers(spec: ModelSpec, **changes: object) -> tuple[Layer, ...]:
    how = {
        "anchors": spec.anchors,
        "masks": spec.masks,
        "num_classes": spec.num_classes,
        "mask_hidden": spec.mask_hidden,
    }
    return detector_layers(spec.backbone, spec.neck, **(how | changes))


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.id)
def test_counts_by_part_equal_the_built_network(spec):
    with torch.device("meta"):
        expected = count_parameters_by_part(build(spec))
    ours = {"backbone": 0, "neck": 0, "rpn": 0, "box_head": 0, "mask_head": 0} | count_by_part(_layers(spec))
    assert ours == expected
    assert count_parameters(_layers(spec)) == spec.parameters


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.id)
def test_trained_norms_and_another_mask_width_equal_the_built_network(spec):
    with torch.device("meta"):
        network = build(spec, norm="batch", hidden=64)
    expected = sum(parameter.numel() for parameter in network.parameters())
    assert count_parameters(_layers(spec, norm="batch", mask_hidden=64)) == expected


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.id)
def test_single_layers_equal_the_built_networks_tensors(spec):
    with torch.device("meta"):
        network = build(spec)
    expected = sorted(parameter.numel() for parameter in network.parameters())
    layers = _layers(spec)
    ours = [count for layer in layers for count in (layer.weights, layer.biases) if count]
    assert sorted(ours) == expected


def test_most_of_the_lightweight_detector_is_one_layer():
    layers = detector_layers("mobilenet_v2", "single", anchors=15)
    assert max(layers, key=lambda layer: layer.parameters).parameters == 7 * 7 * 1280 * 1024 + 1024
    assert count_parameters(layers) > 1.9 * count_parameters(detector_layers("resnet50", "fpn", anchors=3))


def test_every_backbone_of_a_variant_is_described():
    assert {spec.backbone for spec in SPECS} <= set(BACKBONES)


def test_an_unknown_backbone_is_named():
    with pytest.raises(ValueError, match=r"expected one of resnet18, .*, got 'vgg'"):
        detector_layers("vgg", "fpn", anchors=3)
