"""Lesson 1, intersection over union: two boxes, the bound, four losses and their gradients, and masks."""

from typing import Any

import numpy as np

from pedviz.lessons.cells import EMPTY, PATTERN, pack_cells
from pedviz.lessons.iou_crowd import CROWD_PRESETS, CROWD_SETTINGS, crowd_data
from pedviz.lessons.iou_masks import MASK_PRESETS, mask_numbers
from pedviz.lessons.iou_photo import PHOTO_SETTINGS, photo_data
from pedviz.lessons.lesson import Claim, Lesson, Preset, State
from pedviz.lessons.settings import Choice, Count, Number, Numbers, Text
from pedviz.theory.iou_losses import LOSS_KINDS, Kind, box_similarity

LARGEST = 1333.0  # the longest side of an image that the Detect page shows
ARGUMENT_STEPS = 5
MOST_DESCENT_STEPS = 200


def _boxes(first: tuple[float, ...], second: tuple[float, ...], **more: str) -> State:
    return {"a": first, "b": second, **more}


BOX_PRESETS = (
    Preset(
        key="overlap",
        label="Overlapping",
        note="A is the prediction, B the ground truth. They share 36 square pixels of the 204 that they "
        "cover together.",
        state=_boxes((4, 4, 16, 14), (10, 8, 22, 18)),
    ),
    Preset(
        key="apart",
        label="Apart",
        note="No common area: IoU is 0 here and stays 0 for every small move, so its gradient is 0 at all "
        "four edges. GIoU, DIoU and CIoU have a gradient still.",
        state=_boxes((4, 8, 14, 18), (24, 8, 34, 18), loss="giou"),
    ),
    Preset(
        key="touching",
        label="Touching",
        note="A kink: to the left IoU is flat, to the right it rises at once. The gradient of the right "
        "edge has two values, one for each side.",
        state=_boxes((4, 8, 14, 18), (14, 8, 24, 18)),
    ),
    Preset(
        key="inside",
        label="Inside, centred",
        note="A lies within B, so B is the smallest enclosing box, and GIoU equals IoU. The centres agree, "
        "so DIoU does too.",
        state=_boxes((10, 10, 18, 18), (4, 4, 24, 24), loss="giou"),
    ),
    Preset(
        key="off-centre",
        label="Inside, off centre",
        note="Moving A within B changes neither IoU nor GIoU: only the growing of A does. DIoU sees that "
        "the centres are apart, and breaks the tie.",
        state=_boxes((8, 8, 16, 16), (4, 4, 24, 24), loss="diou"),
    ),
    Preset(
        key="shape",
        label="Same centre, other shape",
        note="IoU and DIoU agree, because the centres do. CIoU also penalises the wrong shape.",
        state=_boxes((4, 10, 24, 16), (11, 3, 17, 23), loss="ciou"),
    ),
    Preset(
        key="identical",
        label="Identical",
        note="IoU is 1, and every direction leads down: a kink at the summit, with gradients of both signs. "
        "torch.autograd returns 0 there, the mean of both.",
        state=_boxes((6, 6, 16, 16), (6, 6, 16, 16)),
    ),
    Preset(
        key="point",
        label="Zero area",
        note="A is a single point: it shares no area with anything. torchvision's CIoU loss returns NaN "
        "here; this page leaves the shape out, which has no meaning for a point.",
        state=_boxes((10, 10, 10, 10), (4, 4, 24, 24), loss="ciou"),
    ),
    Preset(
        key="half",
        label="Exactly one half",
        note="IoU is exactly 0.5. COCO counts a detection as a true positive from 0.5 on, this one included.",
        state=_boxes((6, 2, 16, 12), (6, 2, 16, 22)),
    ),
    Preset(
        key="report-2",
        label="Two people overlapping",
        note="Two boxes that a detector found in one image, scores .4457 and .9461. Their IoU is below "
        "the NMS IoU threshold of 0.5, so both were kept.",
        state=_boxes((130.2889, 99.3562, 207.5127, 368.2436), (158.6682, 88.0225, 228.9424, 362.6456)),
    ),
    Preset(
        key="report-6",
        label="One nearly within the other",
        note="Scores .4457 and .9461 again: the smaller box lies almost within the larger one, yet their "
        "IoU stays below 0.5, because the union is large.",
        state=_boxes((31.7128, 95.6408, 87.0316, 282.5471), (1.2773, 107.5019, 91.4248, 385.9730)),
    ),
)


SETTINGS = (
    Numbers(
        key="a", label="A, the prediction", default=BOX_PRESETS[0].state["a"], low=0, high=LARGEST, step=0.5,
        names=("x1", "y1", "x2", "y2"),
    ),
    Numbers(
        key="b", label="B, the ground truth", default=BOX_PRESETS[0].state["b"], low=0, high=LARGEST,
        step=0.5, names=("x1", "y1", "x2", "y2"),
    ),
    # Boxes of a detection and a person on the Detect page come with the detection's score; 0: they do not.
    Number(key="found", label="Score of the detection that A began as", default=0, low=0, high=1, step=0.01),
    Choice(
        key="loss", label="Loss whose gradients are drawn", default="iou",
        options=(("iou", "IoU"), ("giou", "GIoU"), ("diou", "DIoU"), ("ciou", "CIoU")),
    ),
    Choice(
        key="path", label="Path of box A", default="right",
        options=(("right", "to the right"), ("down", "downwards"), ("wider", "right edge only")),
    ),
    Count(key="step", label="Steps of the proof", default=0, low=0, high=ARGUMENT_STEPS),
    Count(key="n", label="Descent steps", default=100, low=0, high=MOST_DESCENT_STEPS),
    Number(
        key="rate", label="Step size, in areas of the enclosing box", default=0.03, low=0.005, high=0.2,
        step=0.005,
    ),
    Choice(key="brush", label="Brush", default="m1", options=(("m1", "paints A"), ("m2", "paints B"))),
    Text(
        key="m1", label="Mask A", default=MASK_PRESETS[0].state["m1"], pattern=PATTERN,
        examples=(pack_cells(EMPTY), pack_cells(~EMPTY)),
    ),
    Text(
        key="m2", label="Mask B", default=MASK_PRESETS[0].state["m2"], pattern=PATTERN,
        examples=(pack_cells(EMPTY), pack_cells(~EMPTY)),
    ),
    *PHOTO_SETTINGS,
    *CROWD_SETTINGS,
)  # fmt: skip

CLAIMS = (
    Claim(
        source="Report A",
        says="“IoU may not be continuous.”",
        verdict="wrong",
        answer="IoU is continuous wherever the union has area: the curve above never jumps. What it has "
        "are kinks, where the gradient jumps, and a flat part at 0, where there is no gradient to follow.",
        state=_boxes((4, 8, 14, 18), (14, 8, 24, 18), loss="iou", path="right"),
        at="path",
    ),
    Claim(
        source="Report A",
        says="The index lies between 0 and 1, because A ∩ B is a subset of A ∪ B.",
        verdict="right",
        answer="The five steps above carry it out. The one case left open is a union without area, 0 / "
        "0, which detectors count as 0.",
        state={"step": ARGUMENT_STEPS},
        at="bound",
    ),
    Claim(
        source="Report A",
        says="IoU cannot be differentiated everywhere.",
        verdict="right",
        answer="At a kink the gradients from the two sides differ: the table shows both. Between the kinks "
        "IoU is smooth.",
        state=_boxes((6, 6, 16, 16), (6, 6, 16, 16), loss="iou"),
    ),
    Claim(
        source="Report B",
        says="A detection is a true positive if its IoU is above 0.5.",
        verdict="incomplete",
        answer="COCO takes IoU ≥ 0.5, and only with the best person who is not matched yet. At exactly "
        "one half the two rules differ.",
        state=_boxes((6, 2, 16, 12), (6, 2, 16, 22)),
    ),
    Claim(
        source="Report B",
        says="Scores such as .9987 and .9983 are shown as if they told how good the boxes are.",
        verdict="wrong",
        answer="A score says how sure the detector is that there is a person. How well the box fits only "
        "IoU with the ground truth tells: this box lies within it, and however high its score, its IoU "
        "is 0.16.",
        state=_boxes((8, 8, 16, 16), (4, 4, 24, 24)),
    ),
)


def _similarity(preset: Preset, kind: Kind) -> float:
    first, second = (np.array([preset.state[key]], dtype=np.float64) for key in ("a", "b"))  # (1, 4)
    return float(box_similarity(first, second, kind=kind)[0, 0])


def _first_numbers() -> dict[str, Any]:
    """The similarities of every case, which the page shows before anyone moves anything."""
    cases = {preset.key: {kind: _similarity(preset, kind) for kind in LOSS_KINDS} for preset in BOX_PRESETS}
    return {"cases": cases, "masks": mask_numbers(), "photos": photo_data(), "crowd": crowd_data()}


LESSON = Lesson(
    slug="iou",
    number=1,
    title="Intersection over union",
    question="How well does a predicted box fit, and in which direction should it move to fit better?",
    settings=SETTINGS,
    presets=BOX_PRESETS + MASK_PRESETS + CROWD_PRESETS,
    claims=CLAIMS,
    data=_first_numbers,
    needs="areas of rectangles",
    core=("bound", "four", "photo", "masks", "guess"),
)
