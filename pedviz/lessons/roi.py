"""Lesson 3, RoIPool vs. RoIAlign: an 8 x 8 map, both readings, their backward pass, and a real map."""

from typing import Any

import numpy as np

from pedviz.lessons.lesson import Claim, Lesson, Preset, State
from pedviz.lessons.settings import Choice, Count, Flag, Number, Numbers, Text
from pedviz.theory.roi_align import roi_align
from pedviz.theory.roi_pool import floor_bins, pool_maximum, roi_pool

SIDE = 8  # cells of the made-up map
MOST_BINS = 4
EDGES = ("x1", "y1", "x2", "y2")
REPORT_BOX = (2.0, 0.0, 7.0, 6.0)
REPORT_REGION = (2, 0, 7, 7)  # 5 wide and 7 high, as report B counts it
SQUARE = (2.0, 2.0, 5.0, 5.0)
BINS = (2, 2)


def _maps() -> dict[str, np.ndarray]:
    """The maps to choose from, (8, 8) float64 each."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    hill = np.round(99 * np.exp(-((rows - 4.2) ** 2 + (columns - 3.4) ** 2) / 6))
    return {
        "ramp": np.arange(SIDE * SIDE, dtype=np.float64).reshape(SIDE, SIDE),
        "hill": hill,
        "noise": np.random.default_rng(0).integers(0, 100, (SIDE, SIDE)).astype(np.float64),
    }


def _region(box: tuple[float, ...], rule: str = "torchvision") -> State:
    return {"box": box, "rule": rule}


PRESETS = (
    Preset(
        key="report",
        label="The report's region",
        note="From (2, 0) to (7, 6), read as 5 cells wide and 7 high, in 2 × 2 bins: 3 and 4 rows, 2 and 3 "
        "columns. The four maxima are the output.",
        state=_region(REPORT_BOX, "report"),
    ),
    Preset(
        key="torchvision",
        label="The same in torchvision",
        note="torchvision counts both corners in, so the region is 6 wide, and rounds every bin outwards, so "
        "both rows of bins share row 3. All four maxima differ.",
        state=_region(REPORT_BOX),
    ),
    Preset(
        key="square",
        label="A square",
        note="Three cells a side by its corners, four by RoIPool, which counts both corners in.",
        state=_region(SQUARE),
    ),
    Preset(
        key="quarter",
        label="A quarter of a cell further",
        note="RoIPool returns exactly the values of the square: rounding hides the shift. RoIAlign "
        "follows it.",
        state=_region((2.25, 2.25, 5.25, 5.25)),
    ),
    Preset(
        key="jump",
        label="Half a cell further",
        note="Now every corner rounds over, and RoIPool jumps by a whole cell at once.",
        state=_region((2.5, 2.5, 5.5, 5.5)),
    ),
    Preset(
        key="small",
        label="Smaller than a cell",
        note="Four bins in one cell: RoIPool gives the same value four times. A small person on a coarse "
        "map looks like this.",
        state=_region((3.1, 3.1, 3.4, 3.4)),
    ),
)

SETTINGS = (
    Numbers(key="box", label="Region", default=REPORT_BOX, low=0, high=SIDE, step=0.05, names=EDGES),
    Choice(
        key="rule", label="Bins of RoIPool", default="report",
        options=(("report", "without overlap"), ("torchvision", "as in torchvision")),
    ),
    Choice(
        key="map", label="Feature map", default="ramp",
        options=(("ramp", "counting up"), ("hill", "a hill"), ("noise", "noise")),
    ),
    Count(key="bins", label="Bins per side", default=2, low=1, high=MOST_BINS),
    Count(key="step", label="Steps of RoIPool", default=0, low=0, high=4),
    Count(key="sr", label="Sampling ratio (0 = adaptive)", default=2, low=0, high=4),
    Flag(key="half", label="aligned: half-pixel shift"),
    Choice(
        key="take", label="Of a bin's samples take", default="average",
        options=(("average", "the average"), ("maximum", "the maximum")),
    ),
    Count(key="pt", label="Sample point", default=1, low=1, high=256),
    Number(key="dx", label="Region moved to the right, cells", default=0.25, low=0, high=2, step=0.05),
    Text(
        key="sample", label="Image", default="three-people", pattern="[A-Za-z0-9-]{1,40}",
        examples=("opera",),
    ),
    Count(key="person", label="Person, best first", default=1, low=1, high=100),
    Count(key="channel", label="Channel, most varying first", default=1, low=1, high=6),
)  # fmt: skip

CLAIMS = (
    Claim(
        source="Report B",
        says="7 rows in two bins: 3.5 is rounded up to 3.",
        verdict="wrong",
        answer="It is rounded down: the first bin has 3 rows, and the second the 4 that are left.",
        state=_region(REPORT_BOX, "report"),
    ),
    Claim(
        source="Report B",
        says="The region from (2, 0) to (7, 6) is 5 wide and 7 high.",
        verdict="incomplete",
        answer="With both corners counted in it is 6 by 7, without the last ones 5 by 6. The report takes "
        "one reading across and the other down; torchvision's roi_pool counts both in.",
        state=_region(REPORT_BOX),
    ),
    Claim(
        source="Report B",
        says="The gradient goes to the cell that was the maximum, and one cell may serve several outputs.",
        verdict="right",
        answer="See the backward pass: where bins overlap or a region is small, a cell collects several.",
        state={"map": "hill", **_region((1.0, 1.0, 6.0, 7.0))},
        at="back",
    ),
    Claim(
        source="Report B",
        says="Interpolating along x first and then y equals y first and then x.",
        verdict="right",
        answer="Both are the same four weights. Only the report's derivation has a slip on the way: the "
        "right side must be f(R2) − f(P).",
        state={"map": "noise"},
        at="align",
    ),
    Claim(
        source="Report B",
        says="RoIAlign then takes the maximum or the average.",
        verdict="right",
        answer="The paper found that either does. torchvision averages.",
        state={"take": "maximum"},
        at="align",
    ),
)

PAPER = (
    ("Mask AP", 23.6, 30.9), ("Mask AP50", 46.5, 51.8), ("Mask AP75", 21.6, 32.1),
    ("Box AP", 28.2, 34.0), ("Box AP50", 52.7, 55.3), ("Box AP75", 26.9, 36.4),
)  # fmt: skip


def _first_numbers() -> dict[str, Any]:
    """The maps, both readings of the first cases from Python, and the paper's table."""
    maps = _maps()
    ramp = maps["ramp"]
    square = np.array(SQUARE)
    return {
        "maps": {key: values.tolist() for key, values in maps.items()},
        "report": pool_maximum(ramp, floor_bins(REPORT_REGION, output_size=BINS)).values.tolist(),
        "pooled": roi_pool(ramp, square, output_size=BINS).values.tolist(),
        "aligned": roi_align(ramp, square, output_size=BINS).values.tolist(),
        "paper": [{"metric": metric, "pool": pool, "align": align} for metric, pool, align in PAPER],
    }


LESSON = Lesson(
    slug="roi",
    number=3,
    title="RoIPool vs. RoIAlign",
    question="How does a region of any size become a map of one size, and what does rounding cost?",
    settings=SETTINGS,
    presets=PRESETS,
    claims=CLAIMS,
    data=_first_numbers,
    needs="lesson 1, and what a feature map is",
    core=("align", "drift", "paper"),
)
