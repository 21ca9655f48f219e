"""Lesson 4, losses: boxes as codes, regression loss, cross-entropy, labels of anchors, and masks."""

import json
from typing import Any

import numpy as np

from pedviz.lessons.cells import EMPTY, PATTERN, pack_cells
from pedviz.lessons.iou_masks import MASK_PAIRS
from pedviz.lessons.lesson import Claim, Lesson, Preset, State
from pedviz.lessons.sample_list import listed_samples
from pedviz.lessons.settings import Choice, Count, Number, Numbers, Text
from pedviz.paths import results_folder
from pedviz.theory.anchors import HIGH_OVERLAP, LOW_OVERLAP

LARGEST = 640.0
EDGES = ("x1", "y1", "x2", "y2")
ANCHOR, PERSON = (120.0, 60.0, 240.0, 300.0), (150.0, 90.0, 250.0, 360.0)

SAMPLE, SAMPLE_SIZE = "three-people", (1098, 448)  # width, height
STEP_FILE = "training_step.json"  # written by python -m training.explain_step
WALKER = MASK_PAIRS[0].first
NEARLY = np.roll(WALKER, 1, axis=1)


def _maps(person: np.ndarray, other: np.ndarray) -> State:
    return {"mt": pack_cells(WALKER), "mp": pack_cells(person), "mo": pack_cells(other)}


MAP_PRESETS = (
    Preset(
        key="nearly",
        label="Nearly right",
        group="maps",
        state=_maps(NEARLY, EMPTY),
        note="The person map is one cell too far to the right: both losses penalise its edges.",
    ),
    Preset(
        key="rival",
        label="A bicycle as confident",
        group="maps",
        state=_maps(NEARLY, WALKER),
        note="The bicycle map now claims the same cells. The sigmoid's loss is what it was; the softmax "
        "has to share each cell between two classes, and grows.",
    ),
    Preset(
        key="elsewhere",
        label="A bicycle elsewhere",
        group="maps",
        state=_maps(NEARLY, ~WALKER),
        note="The bicycle map claims all that is not the person. The sigmoid loss of Mask R-CNN does not "
        "change.",
    ),
    Preset(
        key="nothing",
        label="Nobody",
        group="maps",
        state=_maps(EMPTY, EMPTY),
        note="The person map says no everywhere: nearly all of the loss is that of the cells which the "
        "person fills.",
    ),
)

BOX_PRESETS = (
    Preset(
        key="usual",
        label="A person beside an anchor",
        note="Four numbers carry the anchor A to the person B: two shifts in sides of the anchor, two "
        "stretches as logarithms.",
        state={"a": ANCHOR, "b": PERSON},
    ),
    Preset(
        key="same",
        label="Already right",
        note="The anchor is the person: all four numbers are 0, and so is the loss of a network that "
        "predicts 0.",
        state={"a": PERSON, "b": PERSON},
    ),
    Preset(
        key="twice",
        label="Twice as large",
        note="Stretches are logarithms: twice as wide and twice as high are log 2 = 0.693 each, half would "
        "be the same with a minus.",
        state={"a": (200, 160, 260, 280), "b": (170, 100, 290, 340)},
    ),
    Preset(
        key="shifted",
        label="Shifted by one side",
        note="A shift of one whole side is 1 whether the anchor is small or large: the code does not depend "
        "on pixels.",
        state={"a": (100, 100, 200, 260), "b": (200, 100, 300, 260)},
    ),
    Preset(
        key="thin",
        label="A tiny anchor",
        note="From 4 pixels to 600 the stretch is log 150 = 5.01. Decoding stops at log(1000/16) = 4.14, so "
        "that an untrained network cannot make exp overflow: the decoded box stays smaller.",
        state={"a": (300, 60, 304, 180), "b": (20, 60, 620, 180)},
    ),
)

PRESETS = BOX_PRESETS + MAP_PRESETS
SETTINGS = (
    Numbers(
        key="a", label="A, the anchor", default=ANCHOR, low=0, high=LARGEST, step=1, names=EDGES,
    ),
    Numbers(
        key="b", label="B, the person", default=PERSON, low=0, high=LARGEST, step=1, names=EDGES,
    ),
    Number(key="r", label="Error of one number", default=1.5, low=-3, high=3, step=0.01),
    Number(key="beta", label="β, where smooth L1 becomes linear", default=1, low=0, high=2, step=0.01),
    Number(key="p", label="Probability given to “person”", default=0.7, low=0, high=1, step=0.01),
    Choice(
        key="y", label="Ground truth", default="1",
        options=(("1", "a person"), ("0", "nobody")),
    ),
    Numbers(
        key="z", label="One cell of the mask: logits", default=(1.0, 0.0, -1.0), low=-8, high=8,
        step=0.1, names=("person", "bicycle", "dog"),
    ),
    Number(
        key="high", label="Positive from this IoU on", default=HIGH_OVERLAP, low=0.05, high=0.95, step=0.05
    ),
    Number(key="low", label="Background below this IoU", default=LOW_OVERLAP, low=0.05, high=0.95, step=0.05),
    Count(key="draw", label="Random draw of 256 anchors", default=1, low=1, high=1000),
    Choice(
        key="brush", label="Brush", default="mt",
        options=(("mt", "the ground truth"), ("mp", "the person map")),
    ),
    *(
        Text(
            key=key, label=label, default=MAP_PRESETS[0].state[key], pattern=PATTERN,
            examples=(pack_cells(EMPTY), pack_cells(~EMPTY)),
        )
        for key, label in (("mt", "The ground truth"), ("mp", "The person map"), ("mo", "The bicycle map"))
    ),
    Number(key="sure", label="Confidence of the maps: logit ±", default=3, low=0, high=8, step=0.1),
)  # fmt: skip

CLAIMS = (
    Claim(
        source="Report B",
        says="Smooth L1 is 0.5 x² below 1 and |x| − 0.5 beyond, with the derivatives x and ±1.",
        verdict="right",
        answer="That is β = 1. Both pieces meet at |x| = 1 with the same value and the same gradient. "
        "torchvision's detectors use β = 1/9.",
        state={"beta": 1.0, "r": 1.0},
        at="regression",
    ),
    Claim(
        source="Report B",
        says="The mask loss takes the map of the class that was predicted.",
        verdict="wrong",
        answer="In training it is the true class's map: the predicted one is used only when a finished "
        "detector runs. The maps of all other classes get no gradient at all.",
        state={"z": (1.0, 6.0, -1.0)},
        at="mask",
    ),
    Claim(
        source="Report B",
        says="Classes do not compete in a mask: each has its own sigmoid.",
        verdict="right",
        answer="Raise “bicycle” above: the sigmoid's loss for “person” does not move, the softmax's does.",
        state={"z": (1.0, 6.0, -1.0)},
        at="mask",
    ),
    Claim(
        source="Report B",
        says="The loss with anchors, class term and box term is headed “FAST”.",
        verdict="incomplete",
        answer="Anchors belong to the region proposal network of Faster R-CNN. Fast R-CNN's loss has the "
        "same two terms, on regions that something else proposes.",
    ),
)


def _first_numbers() -> dict[str, Any]:
    """The people of the sample image, and the stored training step."""
    return {"picture": {"address": f"thumbnails/{SAMPLE}.webp", **_sample()}, "step": _stored_step()}


def _sample() -> dict[str, Any]:
    """Size and people of the sample image, pixels."""
    width, height = SAMPLE_SIZE
    return {"people": listed_samples()[SAMPLE]["people"], "width": width, "height": height}


def _stored_step() -> dict[str, Any] | None:
    """The training step whose losses are kept; None where the file is missing or is none."""
    try:
        return json.loads((results_folder() / STEP_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return None


LESSON = Lesson(
    slug="losses",
    number=4,
    title="Losses",
    question="Which losses does a detector minimise, and how large is the gradient of each error?",
    settings=SETTINGS,
    presets=PRESETS,
    claims=CLAIMS,
    data=_first_numbers,
    needs="lesson 1, derivatives and the natural logarithm",
    core=("regression", "log", "five", "mask"),
)
