"""Lesson 2, average precision: a ranked list, its curve, four averages, matching, and real detections."""

from typing import Any

import numpy as np

from pedviz.lessons.lesson import Claim, Lesson, Preset
from pedviz.lessons.settings import Choice, Count, Number, Numbers, Text
from pedviz.theory.precision_recall import (
    EXAMPLE_HITS,
    EXAMPLE_PEOPLE,
    all_point_average_precision,
    coco_average_precision,
    precision_recall,
    raw_average_precision,
    voc_2007_average_precision,
)

LONGEST = 100  # detections in the ranked list
EDGES = ("x1", "y1", "x2", "y2")
ROOM = 120.0  # width of the scene, in its own units
PEOPLE_BOXES = ((8, 10, 32, 66), (44, 12, 66, 68), (90, 14, 114, 70))
DETECTIONS = ((9, 12, 33, 67), (47, 10, 72, 66), (12, 18, 35, 70), (96, 24, 118, 72), (67, 30, 82, 60))
SCORES = (0.95, 0.9, 0.8, 0.6, 0.4)
AVERAGES = {
    "raw": raw_average_precision,
    "all": all_point_average_precision,
    "voc": voc_2007_average_precision,
    "coco": coco_average_precision,
}


def letters(hits: np.ndarray) -> str:
    """A ranked list as the page keeps it: T for a detection that is right, F for one that is wrong."""
    return "".join("T" if hit else "F" for hit in hits)


EXAMPLE = letters(EXAMPLE_HITS)

PRESETS = (
    Preset(
        key="example",
        label="Ten detections",
        note="Five people, ten detections, best score first. At the end all five are found, and half of what "
        "was returned is a false positive.",
        state={"hits": EXAMPLE, "people": EXAMPLE_PEOPLE, "rank": len(EXAMPLE)},
    ),
    Preset(
        key="one",
        label="One true positive only",
        note="No false positive is returned: precision is 1. But four of five people are missing, which AP "
        "sees.",
        state={"hits": "T", "people": 5, "rank": 1},
    ),
    Preset(
        key="everything",
        label="Everything returned",
        note="All five people are found: recall is 1. But most detections are false positives: "
        "precision ends at a sixth.",
        state={"hits": "FFFFFT" * 5, "people": 5, "rank": 30},
    ),
    Preset(
        key="perfect",
        label="Best order",
        note="The same ten detections with the true positives first: AP is 1. Only the order changed, so AP "
        "judges how scores rank, and what comes after the last true positive costs nothing.",
        state={"hits": "TTTTTFFFFF", "people": 5, "rank": 10},
    ),
    Preset(
        key="worst",
        label="Worst order",
        note="The same ten with the false positives first: AP falls to a half, though the boxes are the "
        "same.",
        state={"hits": "FFFFFTTTTT", "people": 5, "rank": 10},
    ),
    Preset(
        key="duplicate",
        label="More matches than people",
        note="Two people, three detections on people: one person was found twice. A person counts once, so "
        "the third is a false positive.",
        state={"hits": "TTTF", "people": 2, "rank": 4},
    ),
)

SETTINGS = (
    Text(
        key="hits", label="The list in letters, T true and F false positive", default=EXAMPLE,
        pattern=f"[TFtf]{{0,{LONGEST}}}", examples=("", "T" * LONGEST, "f" * LONGEST),
    ),
    Count(key="people", label="People to find", default=EXAMPLE_PEOPLE, low=1, high=LONGEST),
    Count(key="rank", label="Detections returned so far", default=len(EXAMPLE), low=0, high=LONGEST),
    Choice(
        key="rule", label="Interpolation", default="coco",
        options=(
            ("raw", "uninterpolated"), ("all", "interpolated"), ("voc", "11 points"), ("coco", "101 points"),
        ),
    ),
    Number(key="t", label="IoU threshold", default=0.5, low=0.05, high=0.95, step=0.05),
    Choice(
        key="span", label="Thresholds of the mean", default="coco",
        options=(("coco", "ten, .50 to .95"), ("report", "nineteen, .05 to .95")),
    ),
    *(
        Numbers(
            key=f"d{place}", label=f"Detection {place}", default=box, low=0, high=ROOM, step=1, names=EDGES,
        )
        for place, box in enumerate(DETECTIONS, start=1)
    ),
    Numbers(
        key="s", label="Scores of the detections", default=SCORES, low=0, high=1, step=0.01,
        names=("1", "2", "3", "4", "5"),
    ),
    Text(
        key="model", label="Model", default="", pattern="[a-z0-9_]{0,60}", examples=("no_such_model",),
    ),
    Choice(
        key="of", label="Overlap of", default="bbox",
        options=(("bbox", "boxes"), ("segm", "masks")),
    ),
)  # fmt: skip

CLAIMS = (
    Claim(
        source="Report B",
        says="Each precision is replaced by the maximum to its right.",
        verdict="right",
        answer="That is the interpolated curve. The reason: whoever chooses the threshold may also go "
        "further down the list, if that is more precise and finds more.",
        state={"rule": "all"},
    ),
    Claim(
        source="Report B",
        says="The objects that are not found are true negatives.",
        verdict="wrong",
        answer="They are false negatives: after five detections of the example three people are missing, "
        "FN = 3. True negatives would be boxes that were rightly not drawn; nobody can count those.",
        state={"hits": EXAMPLE, "people": EXAMPLE_PEOPLE, "rank": 5},
    ),
    Claim(
        source="Report B",
        says="COCO averages over thresholds from 0.05 to 0.95.",
        verdict="wrong",
        answer="From .50, in ten steps of .05. The nineteen from .05 on ask for almost no overlap in half of "
        "the cases, so the mean comes out higher: compare both above.",
        state={"span": "report"},
        at="scene",
    ),
    Claim(
        source="Report B",
        says="A detection is a true positive if its IoU is > 0.5.",
        verdict="incomplete",
        answer="COCO asks for ≥ 0.5, and only the best detection of a person counts: one of a person "
        "matched already is a false positive, however well it fits. Detection 3 above is one.",
        state={"t": 0.5},
        at="scene",
    ),
    Claim(
        source="Report B",
        says="A score of 0.5 of one model may be worth 0.8 of another.",
        verdict="right",
        answer="AP looks at the order alone: halve all scores above and nothing changes.",
        state={"s": tuple(score / 2 for score in SCORES)},
        at="scene",
    ),
)


def _first_numbers() -> dict[str, Any]:
    """People of the scene, and the four averages of every case, from Python."""
    averages = {}
    for preset in PRESETS:
        people = int(preset.state["people"])
        marked = np.array([letter == "T" for letter in str(preset.state["hits"])])
        hits = marked & (np.cumsum(marked) <= people)
        curve = precision_recall(hits, people=people)
        averages[preset.key] = {rule: float(average(*curve)) for rule, average in AVERAGES.items()}
    return {"people": [list(box) for box in PEOPLE_BOXES], "room": ROOM, "averages": averages}


LESSON = Lesson(
    slug="ap",
    number=2,
    title="Average precision",
    question="How does one number judge a whole ranked list, and what does it not see?",
    settings=SETTINGS,
    presets=PRESETS,
    claims=CLAIMS,
    data=_first_numbers,
    needs="when a detection counts as matched (lesson 1)",
    core=("averages", "scene", "blind"),
)
