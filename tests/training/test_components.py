"""Time and multiply-adds by component, of an untrained network."""

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from pedviz.inference import Predictor
from pedviz.models.build import build
from pedviz.models.specs import get_spec
from training.components import measure


@pytest.mark.network
def test_components_add_up_to_what_pytorch_counts():
    torch.manual_seed(0)
    spec = get_spec("maskrcnn_mobilenet_v2_lite")
    predictor = Predictor(spec, build(spec))
    image = np.random.default_rng(0).integers(0, 256, (96, 128, 3), np.uint8)
    found = measure(predictor, [image])
    with FlopCounterMode(display=False) as counter:
        predictor.detect(image)
    assert sum(found["gmacs"].values()) == pytest.approx(counter.get_total_flops() / 2e9)
    assert found["gmacs"]["rest"] == pytest.approx(0, abs=0.01)
    for what in ("gmacs", "milliseconds"):
        assert all(found[what][part] > 0 for part in ("backbone", "neck", "rpn", "box_head", "mask_head"))
