"""Every column of the results tables, as data. Header, tooltip, sort order, best mark and charts read it.

Adding a column is adding one `MetricColumn` here; `compute` sees measured and reported rows alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from pedviz.metrics.evaluate import Stats
from pedviz.metrics.records import Kind

MISSING = "n/a"
NO_OBJECTS = "n/a (no objects)"
NOT_SHOWN = "not shown"


class ResultRow(Protocol):
    """What a column may read of a row; `MeasuredResult` and `ReportedRun` both are one."""

    @property
    def spec_id(self) -> str:
        """The variant."""

    @property
    def stats(self) -> dict[Kind, Stats | None]:
        """Kind to the twelve numbers; None where there are none."""

    @property
    def seconds_per_image(self) -> float | None:
        """Detecting alone, on the row's own hardware."""

    @property
    def parameters(self) -> int | None:
        """Weights and biases of the network."""

    @property
    def checkpoint_bytes(self) -> int | None:
        """Size of the weight file."""


@dataclass(frozen=True, kw_only=True)
class MetricColumn:
    """One number of a row.

    Attributes:
        key: unique; says everything ("mask_ap_50").
        label: the header.
        group: the kind of number: "bbox", "segm" or "cost".
        unit: what 1 means.
        better: which direction is good.
        decimals: how many to show; values are kept in full.
        meaning: one sentence for the tooltip.
        compute: the number of a row, None where it has none.
    """

    key: str
    label: str
    group: Literal["bbox", "segm", "cost"]
    unit: str
    better: Literal["higher", "lower"]
    decimals: int
    meaning: str
    compute: Callable[[ResultRow], float | None]

    @property
    def tooltip(self) -> str:
        """What the column means and which direction is good."""
        return f"{self.meaning} {self.better.capitalize()} is better."

    def text(self, row: ResultRow) -> str:
        """The number of a row as the table shows it; never -1 and never a made-up 0."""
        value = self.compute(row)
        if value is not None:
            return f"{value:.{self.decimals}f}"
        return self._why_missing(row)

    def _why_missing(self, row: ResultRow) -> str:
        if self.label in getattr(row, "not_shown", ()):
            return NOT_SHOWN
        return NO_OBJECTS if self.group != "cost" and row.stats[self.group] else MISSING


@dataclass(frozen=True, kw_only=True)
class _CocoNumber:
    """One of COCO's twelve, before it is known whether of boxes or of masks."""

    name: str
    suffix: str
    meaning: str


_COCO_NUMBERS = (
    _CocoNumber(name="AP", suffix="ap", meaning="Average precision over IoU .50 to .95: COCO's main number."),
    _CocoNumber(name="AP50", suffix="ap_50", meaning="Average precision, a hit being IoU >= .5."),
    _CocoNumber(name="AP75", suffix="ap_75", meaning="Average precision, a hit being IoU >= .75."),
    _CocoNumber(name="APs", suffix="ap_small", meaning="AP of people with a box below 32 x 32 pixels."),
    _CocoNumber(name="APm", suffix="ap_medium", meaning="AP of people with a box 32 x 32 to 96 x 96 pixels."),
    _CocoNumber(name="APl", suffix="ap_large", meaning="AP of people with a box above 96 x 96 pixels."),
    _CocoNumber(name="AR1", suffix="ar_1", meaning="Share of people found by 1 detection an image."),
    _CocoNumber(name="AR10", suffix="ar_10", meaning="Share of people found by 10 detections an image."),
    _CocoNumber(name="AR100", suffix="ar_100", meaning="Share of people found by 100 detections an image."),
    _CocoNumber(name="ARs", suffix="ar_small", meaning="Share of people found, below 32 x 32 pixels."),
    _CocoNumber(name="ARm", suffix="ar_medium", meaning="Share of people found, 32 x 32 to 96 x 96 pixels."),
    _CocoNumber(name="ARl", suffix="ar_large", meaning="Share of people found, above 96 x 96 pixels."),
)


def _coco_column(kind: Kind, prefix: str, number: _CocoNumber) -> MetricColumn:
    def compute(row: ResultRow) -> float | None:
        numbers = row.stats[kind]
        return None if numbers is None else numbers[number.name]

    return MetricColumn(
        key=f"{prefix}_{number.suffix}", label=f"{kind} {number.name}", group=kind, unit="0-1",
        better="higher", decimals=3, meaning=number.meaning, compute=compute,
    )  # fmt: skip


METRICS: tuple[MetricColumn, ...] = (
    *(_coco_column("bbox", "box", number) for number in _COCO_NUMBERS),
    *(_coco_column("segm", "mask", number) for number in _COCO_NUMBERS),
    MetricColumn(
        key="seconds_per_image", label="s / image", group="cost", unit="seconds", better="lower", decimals=3,
        meaning="Time to detect people in one test image, on the hardware of that row.",
        compute=lambda row: row.seconds_per_image,
    ),
    MetricColumn(
        key="parameters", label="Parameters", group="cost", unit="millions", better="lower", decimals=1,
        meaning="Weights and biases that the network computes with.",
        compute=lambda row: None if row.parameters is None else row.parameters / 1e6,
    ),
    MetricColumn(
        key="checkpoint_megabytes", label="File", group="cost", unit="MB", better="lower", decimals=1,
        meaning="Size of the weight file that was measured.",
        compute=lambda row: None if row.checkpoint_bytes is None else row.checkpoint_bytes / 1e6,
    ),
)  # fmt: skip

METRICS_BY_KEY: dict[str, MetricColumn] = {column.key: column for column in METRICS}
if len(METRICS_BY_KEY) != len(METRICS):
    raise ValueError(f"two columns share a key: {sorted(column.key for column in METRICS)}")
