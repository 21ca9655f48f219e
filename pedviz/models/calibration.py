"""Scores that mean what they say: two numbers a variant, put into the network's last layer when it loads.

A detector's scores are too sure of themselves. Platt's remedy maps the logit of a score with a line that was
fitted on photos left out of training. With two classes that line is a change of the layer that makes the two
logits, so every part of the product sees calibrated scores and none computes anything more. The order of the
scores, and with it AP, stays as it is; the floor of the scores moves along the same line.

Source: Platt, Probabilistic outputs for support vector machines, 1999; Guo et al., On calibration of modern
neural networks, ICML 2017.
"""

from typing import Any

import torch
from torchvision.models.detection import FasterRCNN

from pedviz.models.specs import ModelSpec


@torch.no_grad()
def calibrate(network: FasterRCNN, spec: ModelSpec, *, slope: float, offset: float) -> None:
    """Make every score p of `network` sigmoid(slope * logit(p) + offset), in place.

    Args:
        network: of `spec`, whose classes are nobody and a person.
        spec: its variant.
        slope: above 0; below 1 it makes scores less sure.
        offset: added to the logit.

    Raises:
        ValueError: `slope` is not above 0, or the network tells more than two classes apart.
    """
    if not slope > 0 or spec.num_classes != 2:
        raise ValueError(f"expected a slope above 0 and 2 classes, got {slope} and {spec.num_classes}")
    heads: Any = network.roi_heads
    layer = heads.box_predictor.cls_score
    layer.weight *= slope
    layer.bias *= slope
    layer.bias[spec.person_class] += offset
    floor = torch.logit(torch.tensor(heads.score_thresh, dtype=torch.float64))
    heads.score_thresh = torch.sigmoid(slope * floor + offset).item()
