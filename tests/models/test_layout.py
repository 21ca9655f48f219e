"""Both layouts give the same people; which one is used depends on the processor."""

import numpy as np
import pytest
import torch

from pedviz.inference import Predictor
from pedviz.models.build import build, fastest_layout, has_avx512
from pedviz.models.specs import get_spec

SPEC = get_spec("maskrcnn_mobilenet_v2_fpn")
PROCESSORS = [("AVX2", torch.contiguous_format), ("DEFAULT", torch.contiguous_format),
              ("AVX512", torch.channels_last), ("AVX512_VNNI", torch.channels_last)]  # fmt: skip


@pytest.fixture
def on_processor(monkeypatch):
    return lambda name: monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: name)


@pytest.mark.parametrize(("processor", "layout"), PROCESSORS)
def test_the_layout_follows_the_processor(on_processor, processor, layout):
    on_processor(processor)
    assert fastest_layout() == layout
    assert has_avx512() == (layout == torch.channels_last)
    assert fastest_layout("cuda:1") == torch.channels_last


@pytest.mark.network
def test_either_layout_finds_the_same_people(on_processor):
    image = np.random.default_rng(0).integers(0, 256, (96, 128, 3), dtype=np.uint8)
    found = []
    for processor, layout in (PROCESSORS[0], PROCESSORS[2]):
        on_processor(processor)
        torch.manual_seed(0)
        predictor = Predictor(SPEC, build(SPEC), dtype=torch.float32)
        assert predictor.network.backbone.body["0"][0].weight.is_contiguous(memory_format=layout)
        assert predictor.features(image).tensors.is_contiguous(memory_format=layout)
        found.append(predictor.detect(image))
    first, second = found
    np.testing.assert_allclose(first.boxes_xyxy, second.boxes_xyxy, atol=0.01)
    np.testing.assert_allclose(first.scores, second.scores, atol=1e-5)
