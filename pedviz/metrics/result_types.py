"""The shape of what is said of one detector and of two: what is computed, stored in reports and drawn.

Numbers of COCO are by their key ("AP", "AP50", ...) and in [0, 1]; boxes are [x, y, width, height] in pixels.
"""

from typing import TypedDict


class Estimate(TypedDict):
    """A number with its 95 % interval over images; low and high are null without resampling."""

    value: float
    low: float | None
    high: float | None


class CategoryRow(TypedDict):
    """A category with its numbers; null where it has no objects of that size."""

    name: str
    objects: int
    detections: int
    numbers: dict[str, float | None]
    ap: Estimate | None


class OperatingPoint(TypedDict):
    """What a score threshold reaches at IoU .5."""

    score: float
    f1: float
    precision: float
    recall: float


class ThresholdCurve(TypedDict):
    """Precision, recall and F1 above each score, and where F1 is best."""

    score: list[float]
    precision: list[float]
    recall: list[float]
    f1: list[float]
    best: OperatingPoint


class ScoreHistogram(TypedDict):
    """True and false positives of each bin of scores; one edge more than bins."""

    edges: list[float]
    right: list[int]
    wrong: list[int]


class Calibration(TypedDict):
    """Bins with as many detections each: mean score, fraction correct with its interval; ece of all.

    Of a bin without detections all four are null.
    """

    score: list[float | None]
    fraction: list[float | None]
    low: list[float | None]
    high: list[float | None]
    right: list[int]
    wrong: list[int]
    ece: float


class Curves(TypedDict):
    """AP and precision at 101 recalls for each IoU threshold; the rest at IoU .5."""

    iou: list[float]
    precision: list[list[float]]
    ap: list[float]
    thresholds: ThresholdCurve | None
    histogram: ScoreHistogram | None
    calibration: Calibration | None


class ErrorCount(TypedDict):
    """An error type: how often, AP50 gained if fixed, and the images with most of them."""

    key: str
    label: str
    meaning: str
    needs_categories: bool
    count: int
    gain: float
    images: dict[str, int]


class Errors(TypedDict):
    """AP50 and the error types by key."""

    ap: float
    types: dict[str, ErrorCount]


class Analysis(TypedDict):
    """What is shown of one detector, in boxes or in masks; curves are null where there is nothing to find."""

    detections: int
    objects: int
    numbers: dict[str, Estimate | None]
    categories: list[CategoryRow]
    curves: Curves | None
    errors: Errors


class Difference(TypedDict):
    """A number of the second less that of the first, with its interval and a sentence."""

    value: float
    low: float
    high: float
    sentence: str


class ShownObject(TypedDict):
    """An object of the ground truth, and whether each detector found it."""

    box: list[float]
    name: str
    found: list[bool]


class ShownDetection(TypedDict):
    """A detection above its detector's best threshold, and whether it is right."""

    box: list[float]
    score: float
    name: str
    right: bool


class DescribedImage(TypedDict):
    """An image: size [width, height], its objects, and the detections of each detector."""

    image: str
    size: list[int] | None
    objects: list[ShownObject]
    detections: list[list[ShownDetection]]


class DifferingImage(DescribedImage):
    """How many objects one detector alone found, and how many detections of each are wrong."""

    only_first: int
    only_second: int
    first_wrong: int
    second_wrong: int


class Differing(TypedDict):
    """The thresholds of both detectors, and the images in which they differ most of all `differing`."""

    scores: list[float | None]
    images: list[DifferingImage]
    differing: int


class KindComparison(TypedDict):
    """Boxes or masks: an analysis of each detector; of two also how they differ."""

    runs: list[Analysis]
    difference: dict[str, Difference | None] | None
    disagreement: Differing | None


class TruthSummary(TypedDict):
    """The ground truth in counts, with what was noticed when it was read."""

    file: str
    images: int
    objects: int
    crowds: int
    categories: int
    notices: list[str]


class RunSummary(TypedDict):
    """One detector's results in counts, with what was noticed when they were read."""

    name: str
    file: str
    detections: int
    notices: list[str]


class ComparisonSettings(TypedDict):
    """Resamples and their seed, the one category or null, and by what sizes are told apart."""

    draws: int
    seed: int
    category: str | None
    size_by: str


class ComparisonData(TypedDict):
    """All that was found about one or two detectors, by kind "bbox" and "segm"; what report.json holds."""

    schema: int
    truth: TruthSummary
    runs: list[RunSummary]
    settings: ComparisonSettings
    by_kind: dict[str, KindComparison]
