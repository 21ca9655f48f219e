import pytest
import torch
from torchvision.models.detection import maskrcnn_resnet50_fpn
from torchvision.ops import FrozenBatchNorm2d

from pedviz.models.build import (
    build,
    copy_matching_weights,
    count_parameters,
    count_parameters_by_part,
)
from pedviz.models.coco import fold_eps
from pedviz.models.specs import SPECS, get_spec


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.id)
def test_network_has_the_declared_parameters_and_one_norm(spec):
    network = build(spec)
    assert count_parameters(network) == spec.parameters
    assert sum(count_parameters_by_part(network).values()) == spec.parameters
    norms = [module for module in network.modules() if isinstance(module, FrozenBatchNorm2d)]
    assert norms
    assert {module.eps for module in norms} == {torch.nn.BatchNorm2d(1).eps}  # what weights are trained with
    assert network.roi_heads.has_mask() == spec.masks


@pytest.mark.parametrize(
    ("model_id", "expected"),
    [
        pytest.param("maskrcnn_resnet50_fpn", 43_975_515, id="resnet50"),
        pytest.param("maskrcnn_mobilenet_v2", 87_335_511, id="1280"),
        pytest.param("maskrcnn_mobilenet_v2_proj256", 19_690_071, id="proj256"),
    ],
)
def test_trainable_norm_has_the_count_of_the_reports(model_id, expected):
    assert count_parameters(build(get_spec(model_id), norm="batch")) == expected


def test_hidden_option_changes_the_mask_head_alone():
    spec = get_spec("maskrcnn_mobilenet_v2_fpn")
    assert build(spec, hidden=64).roi_heads.mask_predictor.conv5_mask.out_channels == 64


def test_pyramid_taps_strides_4_8_16_32_and_64():
    maps = build(get_spec("maskrcnn_mobilenet_v2_fpn")).backbone(torch.zeros(1, 3, 128, 256))
    assert [tuple(level.shape[-2:]) for level in maps.values()] == [
        (32, 64),
        (16, 32),
        (8, 16),
        (4, 8),
        (2, 4),
    ]


def test_copying_reports_only_what_fits():
    network = build(get_spec("maskrcnn_mobilenet_v2_proj256"))
    source = {
        "backbone.projection.weight": torch.ones(256, 1280, 1, 1),
        "backbone.body.0.0.weight": torch.ones(2, 3, 3, 3),
    }
    assert copy_matching_weights(source, network) == ["backbone.projection.weight"]
    assert network.backbone.projection.weight.eq(1).all()


def test_folding_eps_makes_torchvisions_layers_and_ours_compute_the_same():
    theirs = maskrcnn_resnet50_fpn(weights=None, weights_backbone=None).eval().double()
    state = theirs.state_dict()
    for name, tensor in state.items():
        if name.endswith("running_var"):
            tensor.uniform_(1e-2, 2.0)
    for module in theirs.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.eps = 0.0
    plain = {name: tensor for name, tensor in state.items() if "num_batches" not in name}
    ours = build(get_spec("maskrcnn_resnet50_fpn_coco")).double()
    image = torch.rand(1, 3, 64, 64, dtype=torch.float64)

    def difference(weights: dict[str, torch.Tensor]) -> float:
        ours.load_state_dict(weights)
        with torch.inference_mode():
            expected, got = theirs.backbone(image)["0"], ours.backbone(image)["0"]
        return float((got - expected).abs().max() / expected.abs().max())

    assert difference(fold_eps(plain)) < 1e-6
    assert difference(plain) > 1e-4
