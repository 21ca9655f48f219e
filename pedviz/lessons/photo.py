"""Lesson 7, Inside the detector: the whole detector on one image, stage by stage."""

from typing import Any

from pedviz.lessons.lesson import Claim, Lesson, Preset
from pedviz.lessons.sample_list import listed_samples
from pedviz.lessons.settings import Count, Flag, Number, Text
from pedviz.types import (
    DEFAULT_MASK_THRESHOLD,
    DEFAULT_NMS_THRESHOLD,
    DEFAULT_SCORE_THRESHOLD,
    HIGHEST_THRESHOLD,
    LOWEST_THRESHOLD,
    SCORE_FLOOR,
)
from pedviz.viz.palette import PEOPLE_COLOURS

DEFAULT_MODEL = "maskrcnn_mobilenet_v2_fpn"
DEFAULT_SAMPLE = "three-people"
REPORT_A_MASK = 0.7  # the threshold of report A's figures
STAGES = (
    ("resize", "Input", "The photo is scaled, and padded to multiples of 32."),
    ("features", "Features", "Stacks of maps, fine to coarse; choose a channel to see where it responds."),
    ("proposals", "Proposals", "Thousands of anchors are scored; the best become proposals."),
    ("heads", "Candidates", "The box head keeps what looks like a person: several boxes for each."),
    ("suppression", "Suppression", "Of boxes that overlap too much only the best is kept."),
    ("mask", "Mask", "28 × 28 probabilities, stretched over the box and cut at a threshold."),
    ("result", "Result", "The people that the Detect page shows, from the steps before."),
)
STEPS = {key: place for place, (key, _, _) in enumerate(STAGES, start=1)}

PRESETS = tuple(
    Preset(key=key, label=f"{STEPS[key]} {label}", note=note, state={"step": STEPS[key]})
    for key, label, note in STAGES
)
SETTINGS = (
    Count(key="step", label="Stage", default=1, low=1, high=len(STAGES)),
    Text(
        key="model", label="Detector", default=DEFAULT_MODEL, pattern="[a-z0-9_]{1,40}",
        examples=("maskrcnn_resnet50_fpn",),
    ),
    Text(
        key="sample", label="Image", default=DEFAULT_SAMPLE, pattern="[A-Za-z0-9-]{1,40}",
        examples=("opera",),
    ),
    Count(key="level", label="Level of the pyramid, finest first", default=2, low=0, high=4),
    Count(key="channel", label="Channel, most varying first", default=0, low=0, high=5),
    Number(key="see", label="Opacity of the map over the photo", default=0.75, low=0, high=1, step=0.05),
    Count(key="n", label="Best proposals shown", default=30, low=1, high=1000),
    Flag(key="anchors", label="Show the anchors of one cell", default=True),
    Number(
        key="score", label="Score threshold", default=DEFAULT_SCORE_THRESHOLD, low=SCORE_FLOOR, high=0.99,
        step=0.01,
    ),
    Number(
        key="nms", label="NMS IoU threshold", default=DEFAULT_NMS_THRESHOLD, low=LOWEST_THRESHOLD,
        high=HIGHEST_THRESHOLD, step=0.01,
    ),
    Count(key="box", label="Chosen box, 0 for the page's choice", default=0, low=0, high=1000),
    Number(
        key="mask", label="Mask threshold", default=DEFAULT_MASK_THRESHOLD, low=LOWEST_THRESHOLD,
        high=HIGHEST_THRESHOLD, step=0.01,
    ),
)  # fmt: skip

CLAIMS = (
    Claim(
        source="Report A",
        says="The small model shows many overlapping boxes because it has no masks.",
        verdict="wrong",
        answer="Boxes come from the box head, and their overlap from the suppression; the mask head runs "
        "afterwards and removes none. With a higher NMS IoU threshold any model shows many boxes per person.",
        state={"step": STEPS["suppression"], "score": 0.1, "nms": 0.9},
    ),
    Claim(
        source="Report A",
        says="Masks are drawn where the probability is above 0.7.",
        verdict="incomplete",
        answer="A drawing may choose its threshold; COCO's evaluation of these models uses 0.5. At 0.7 every "
        "mask is smaller, so images and tables do not show the same masks.",
        state={"step": STEPS["mask"], "mask": REPORT_A_MASK},
    ),
    Claim(
        source="Report B",
        says="In image 00101, three of four people are left after suppression, and one wrong box at .0886.",
        verdict="incomplete",
        answer="Suppression compares boxes and knows nothing of people: it leaves one box for each cluster. "
        "People who stand close can lose theirs, and a wrong box that overlaps no better one always stays: "
        "only the score threshold removes it.",
        state={"step": STEPS["suppression"], "score": 0.05, "nms": 0.5, "sample": "opera"},
    ),
)


def _first_data() -> dict[str, Any]:
    """Colours of people, and the images that a sheet may be about: those that every copy of the site has."""
    return {"colours": list(PEOPLE_COLOURS), "samples": list(listed_samples())}


LESSON = Lesson(
    slug="photo",
    number=7,
    title="Inside the detector",
    question="What happens between a photo and a segmented person, and which box removed which?",
    settings=SETTINGS,
    presets=PRESETS,
    claims=CLAIMS,
    data=_first_data,
    needs="lessons 1 and 3",
    core=("resize", "features", "proposals", "heads", "suppression", "mask", "result"),
)
