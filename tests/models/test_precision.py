"""bfloat16 is used where the processor has it, in the heavy parts alone, and finds the same people."""

import numpy as np
import pytest
import torch
from torchvision.ops import box_iou

from pedviz.data.pennfudan import open_pennfudan, split
from pedviz.inference import Predictor, load_predictor
from pedviz.models.build import build
from pedviz.models.manifest import available
from pedviz.models.precision import HEAVY, fastest_dtype
from pedviz.models.specs import get_spec

SPEC = get_spec("maskrcnn_mobilenet_v2_fpn")
IMAGES = 2
IMAGE = np.random.default_rng(0).integers(0, 256, (96, 128, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    ("able", "dtype"),
    [
        ({"avx512_bf16": True, "amx_bf16": False}, torch.bfloat16),
        ({"avx512_bf16": False, "amx_bf16": True}, torch.bfloat16),
        ({"avx512_bf16": False, "avx2": True}, torch.float32),
        ({"architecture": "aarch64"}, torch.float32),
    ],
)
def test_the_type_follows_the_processor(monkeypatch, able, dtype):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: able)
    assert fastest_dtype() == dtype


@pytest.mark.network
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_only_the_heavy_parts_compute_in_it(dtype):
    predictor = Predictor(SPEC, build(SPEC), dtype=dtype)
    seen: dict[str, torch.dtype] = {}
    for name, module in predictor.network.named_modules():
        if not list(module.children()) and list(module.parameters()):
            module.register_forward_hook(lambda _m, given, _o, name=name: seen.update({name: given[0].dtype}))
    detections, features = predictor.detect_with_features(IMAGE)
    assert len(detections.mask_maps)
    for name, given in seen.items():
        heavy = name.startswith(tuple(f"{part}." for part in HEAVY))
        assert given == (dtype if heavy else torch.float32), name
    assert {name.rpartition(".")[0] for name in seen if not name.startswith(tuple(HEAVY))} == {
        "roi_heads.box_predictor"
    }
    assert {tensor.dtype for tensor in features.maps.values()} == {dtype}
    boxes, scores = predictor.proposals(features)
    assert boxes.dtype == scores.dtype == torch.float32
    assert detections.boxes_xyxy.dtype == detections.scores.dtype == np.float32


@pytest.mark.data
@pytest.mark.network
@pytest.mark.parametrize("model_id", available())
def test_who_is_clearly_there_is_found_in_the_same_place(model_id):
    archive = open_pennfudan()
    for name in split().test[:IMAGES]:
        exact, rounded = (
            load_predictor(model_id, dtype=dtype).detect(archive.image(name)).view(0.3)
            for dtype in (torch.float32, torch.bfloat16)
        )
        clear = exact.scores > 0.8
        assert clear.any()
        overlaps = box_iou(*(torch.from_numpy(view.boxes_xyxy) for view in (exact, rounded))).numpy()[clear]
        partners = overlaps.argmax(axis=1)
        assert len(set(partners)) == clear.sum()
        assert overlaps.max(axis=1).min() > 0.75  # another proposal may win by a hair
        np.testing.assert_allclose(rounded.scores[partners], exact.scores[clear], atol=0.05)


def test_a_network_moved_to_a_graphics_card_computes_in_float32():
    predictor = Predictor(SPEC, build(SPEC), dtype=torch.bfloat16).to("meta")
    assert {weight.dtype for weight in predictor.network.parameters()} == {torch.float32}
