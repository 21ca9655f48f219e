"""The shape of what the dashboard shows of trials, of trainings and of the course reports.

AP is in [0, 1]; caveats are keys of `ReportsData.caveats`.
"""

from typing import Any, TypedDict

from pedviz.metrics.records import Kind


class Spread(TypedDict):
    """Mean AP over seeds, the least and the most."""

    mean: float
    low: float
    high: float
    seeds: int


class Trial(TypedDict):
    """A run with one setting changed from that of the base."""

    factor: str
    value: str
    seed: int | None
    base: str
    ap: dict[Kind, float | None]


class TrialsInCommon(TypedDict):
    """What all trials share; the shorter side in pixels to the necks that were tested at it."""

    label: str
    images: int
    people: int
    tested_at: dict[str, list[str]]
    recipe: dict[str, Any]


class PyramidNumbers(TypedDict):
    """A variant with a feature pyramid."""

    label: str
    parameters: int
    ap: dict[Kind, float | None]


class Headline(TypedDict):
    """The two pyramids beside each other."""

    small: PyramidNumbers
    large: PyramidNumbers


class AblationsData(TypedDict):
    """One setting changed at a time; null where nothing was measured."""

    base: dict[Kind, Spread | None]
    trials: list[Trial]
    common: TrialsInCommon | None
    headline: Headline | None


class Epoch(TypedDict):
    """An epoch: mean losses by their names, and AP where it was measured."""

    epoch: int
    lr: float
    losses: dict[str, float]
    ap: dict[str, float | None] | None


class TrainingRun(TypedDict):
    """The last run of a released variant; averaged, its share where an average with its start is released."""

    spec_id: str
    epochs: list[Epoch]
    averaged: float | None


class TrainingData(TypedDict):
    """How the released weights learned."""

    runs: list[TrainingRun]


class ReportAblation(TypedDict):
    """A number of a report against one setting, [setting, value] each; first, the value of its base."""

    report: str
    label: str
    number: str
    step: float
    caveats: list[str]
    first: float
    points: list[tuple[float, float]]


class ReportLosses(TypedDict):
    """Losses that a report prints for one point of a training."""

    report: str
    label: str
    epoch: int | None
    iteration: int | str | None
    total: float | None
    classifier: float | None
    box: float | None
    mask: float | None
    objectness: float | None
    rpn_box: float | None
    caveats: list[str]


class ScoresRow(TypedDict):
    """The scores of the same people under one setting."""

    setting: str
    scores: list[float]
    caveats: list[str]


class ScoresTable(TypedDict):
    """Scores that a report prints for an image, by setting."""

    report: str
    image: str
    rows: list[ScoresRow]
    caveats: list[str]


class ReportCorrection(TypedDict):
    """What a report says and what is the case."""

    report: str
    says: str
    but: str


class ReportsData(TypedDict):
    """What the course reports print, and the sentence of every caveat."""

    ablations: list[ReportAblation]
    person_scores: ScoresTable
    losses: list[ReportLosses]
    corrections: list[ReportCorrection]
    caveats: dict[str, str]
