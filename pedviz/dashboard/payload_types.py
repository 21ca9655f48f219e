"""The shape of dashboard.json and variants.json: what each builder here returns and the page reads.

AP and its intervals are in [0, 1]; `spec_id` names a variant.
"""

from typing import Any, Literal, NotRequired, TypedDict

from pedviz.dashboard.experiment_types import AblationsData, ReportsData, TrainingData
from pedviz.metrics.records import Kind
from pedviz.metrics.result_types import Analysis, Estimate
from pedviz.types import Thresholds
from pedviz.viz.palette import Inks, VariantStyle

What = Literal["shipped", "float32", "earlier", "experiment", "reported"]  # a row is of


class VerdictCard(TypedDict):
    """A variant to use: for what, its number, and why."""

    title: str
    spec_id: str
    value: str
    because: str


class VerdictsData(TypedDict):
    """Which variant to use, and what the rows cannot tell."""

    cards: list[VerdictCard]
    caveats: list[str]


class ColumnData(TypedDict):
    """A column of the results tables."""

    key: str
    label: str
    group: Literal["bbox", "segm", "cost"]
    unit: str
    better: Literal["higher", "lower"]
    tooltip: str


class CellData(TypedDict):
    """A number in full, null where there is none, and as it is shown."""

    value: float | None
    text: str


class RowData(TypedDict):
    """A run, measured or reported: cells by the columns' keys; rows of one split compare."""

    id: str
    source: Literal["measured", "reported"]
    what: What
    spec_id: str
    label: str
    detail: str
    split: str
    cells: dict[str, CellData]
    intervals: dict[Kind, tuple[float, ...] | None]
    images: int | None
    people: int | None
    caveats: list[str]
    provenance: dict[str, Any]


class TablesData(TypedDict):
    """The results tables."""

    columns: list[ColumnData]
    rows: list[RowData]


class PhotoKind(TypedDict):
    """A kind of photo in the table of other people."""

    name: str
    images: int
    people: int


class PeopleNumbers(TypedDict):
    """Box AP at IoU 0.5 and COCO's AP."""

    ap50: Estimate
    ap: Estimate


class OthersRow(TypedDict):
    """A variant on photos of other people, by the name of each kind."""

    spec_id: str
    kinds: dict[str, PeopleNumbers]


class OthersData(TypedDict):
    """The second measured table, and the variants that it lacks."""

    kinds: list[PhotoKind]
    rows: list[OthersRow]
    missing: list[str]


class AnalysesData(TypedDict):
    """What is shown of each variant's stored predictions, by spec id and by kind."""

    variants: dict[str, dict[str, Analysis]]


class CostPoint(TypedDict):
    """What a variant costs on its machine and what it reaches; null where it was not measured.

    parameters in millions; milliseconds and gmacs (billions of multiply-adds) of the run that timed the
    components.
    """

    spec_id: str
    seconds: float
    megabytes: float
    parameters: float
    milliseconds: float | None
    gmacs: float | None
    ap: dict[Kind, float | None]
    intervals: dict[Kind, tuple[float, ...] | None]
    cpu: str | int | float | None
    threads: str | int | float | None


class LargestLayer(TypedDict):
    """The layer with most parameters."""

    part: str
    name: str
    parameters: int


class CostParts(TypedDict):
    """What each component of a variant takes, by measure and by component."""

    spec_id: str
    amounts: dict[str, dict[str, float]]
    largest: LargestLayer


class TimedComponents(TypedDict):
    """How many images the components were timed on, and on which processor."""

    images: int
    cpu: str


class CostData(TypedDict):
    """What the variants cost."""

    measured: list[CostPoint]
    parts: list[CostParts]
    components: TimedComponents | None


class VariantData(TypedDict):
    """A variant with its looks; predictions, the name of those stored of its released weights."""

    id: str
    label: str
    style: VariantStyle
    predictions: str | None


class VariantsPayload(TypedDict):
    """variants.json; test_images, whether the data set's images can be opened, is known when it is sent."""

    variants: list[VariantData]
    inks: Inks
    thresholds: Thresholds
    test_images: NotRequired[bool]


class DashboardSections(TypedDict, total=False):
    """The data of each section that could be built; reports are null where they cannot be read."""

    verdicts: VerdictsData
    tables: TablesData
    others: OthersData
    analyses: AnalysesData
    cost: CostData
    ablations: AblationsData
    training: TrainingData
    reports: ReportsData | None


class DashboardPayload(VariantsPayload):
    """dashboard.json; a sentence for everything that is wrong."""

    problems: list[str]
    sections: DashboardSections
