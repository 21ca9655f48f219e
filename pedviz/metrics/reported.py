"""What the two source reports say, as data: every figure with its source, protocol and caveats.

Nothing is corrected silently: a figure stands as printed, and what is wrong with it is a caveat or a
correction beside it. None means "no person of that size", except for numbers named in `not_shown`.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from pedviz.errors import ResultsError, reason_of
from pedviz.metrics.evaluate import Stats
from pedviz.metrics.parsing import from_json, require_stats
from pedviz.metrics.records import Kind
from pedviz.paths import results_folder

REPORTED = "reported.json"
SCHEMA = 1


@dataclass(frozen=True, kw_only=True)
class ReportedSource:
    """One report: its title, date (year-month), machine, start weights and protocol."""

    title: str
    date: str
    device: str
    start: str
    protocol: str


@dataclass(frozen=True, kw_only=True)
class ReportedTiming:
    """Seconds that a report prints; None where it prints none."""

    train_seconds_per_iteration: float | None
    train_epoch: int | None
    seconds_per_image: float | None
    evaluator_seconds_per_image: float | None
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportedRun:
    """One model of a report with its COCO tables.

    Attributes:
        id: unique among the reported runs.
        report: "A" or "B".
        spec_id: the variant it corresponds to.
        label: what the visitor reads.
        epochs: of training; None where the report does not say.
        stats: kind to the twelve numbers, or None where the report has no table.
        not_shown: numbers that the report's screenshot of the table cuts off, as "bbox AP".
        caveats: keys of `Reported.caveats`.
        timing: what the report prints about speed.
        parameters, checkpoint_bytes: None, because neither report prints them.
    """

    id: str
    report: str
    spec_id: str
    label: str
    epochs: int | None
    stats: dict[Kind, Stats | None]
    timing: ReportedTiming
    not_shown: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    parameters: None = None
    checkpoint_bytes: None = None

    def __post_init__(self) -> None:
        require_stats(self.stats)

    @property
    def seconds_per_image(self) -> float | None:
        """Detecting alone, on the report's own hardware."""
        return self.timing.seconds_per_image


@dataclass(frozen=True, kw_only=True)
class ReportedLoss:
    """Losses at one point of a training; `iteration` "end" is an epoch's last, None an untrained network."""

    report: str
    spec_id: str
    epoch: int | None
    iteration: int | str | None
    total: float | None
    classifier: float | None
    box: float | None
    mask: float | None
    objectness: float | None
    rpn_box: float | None
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportedAblation:
    """One number of one model against one setting of its training.

    Attributes:
        factor: the recipe's name of what changes ("hidden", "lr", "epochs").
        kind, key: which COCO number.
        step: the smallest change that the number can make on that test set.
        settings, values: what was set and what came out, in the report's order.
    """

    id: str
    report: str
    factor: str
    label: str
    spec_id: str | None
    epochs: int | None
    kind: Kind
    key: str
    step: float
    settings: tuple[float, ...]
    values: tuple[float, ...]
    caveats: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.settings) != len(self.values):
            raise ValueError(f"{self.id}: {len(self.settings)} settings, but {len(self.values)} values")


@dataclass(frozen=True, kw_only=True)
class PersonScores:
    """The scores of the same four people under one setting."""

    setting: str
    scores: tuple[float, ...]
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PersonScoreTable:
    """Scores per person and setting. `image` is the report's label, never a file to open."""

    report: str
    image: str
    rows: tuple[PersonScores, ...]
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportedDetections:
    """Boxes, (x1, y1, x2, y2) in pixels, and scores that a report prints for one image."""

    report: str
    image: str
    boxes_xyxy: tuple[tuple[float, ...], ...]
    scores: tuple[float, ...]
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EyeCheck:
    """What a report saw in one image, with the scores of right and of wrong detections."""

    report: str
    image: str
    finding: str
    scores: tuple[float, ...]
    wrong_scores: tuple[float, ...] = ()
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ImageShown:
    """An image that a report shows and how it is drawn."""

    report: str
    image: str
    drawing: str
    finding: str = ""
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PeerResult:
    """A number that others published for Penn-Fudan, before and after fine-tuning, in `unit`."""

    source: str
    kind: Kind
    key: str
    unit: str
    zero_shot: float
    fine_tuned: float
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What a report says and what is the case. The first is the one to show first."""

    report: str
    says: str
    but: str


@dataclass(frozen=True, kw_only=True)
class Reported:
    """Everything that the two reports say, in the order in which they are shown.

    Attributes:
        reports: "A" and "B" to their source.
        caveats: key to one sentence; every `caveats` entry elsewhere is such a key.
    """

    schema: int
    reports: dict[str, ReportedSource]
    caveats: dict[str, str]
    runs: tuple[ReportedRun, ...]
    losses: tuple[ReportedLoss, ...]
    ablations: tuple[ReportedAblation, ...]
    person_scores: PersonScoreTable
    detections: tuple[ReportedDetections, ...]
    checks_by_eye: tuple[EyeCheck, ...]
    images_shown: tuple[ImageShown, ...]
    peers: tuple[PeerResult, ...]
    corrections: tuple[Correction, ...]

    def __post_init__(self) -> None:
        if self.schema != SCHEMA:
            raise ValueError(f"expected schema {SCHEMA}, got {self.schema}")


def load_reported(path: Path | None = None) -> Reported:
    """Read the reports' figures.

    Raises:
        ResultsError: the file is missing or damaged; the message names the line or the entry.
    """
    path = path or results_folder() / REPORTED
    try:
        return from_json(Reported, json.loads(path.read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise ResultsError(
            f"{path.name} cannot be read: {reason_of(error)}; restore it from the repository"
        ) from error
