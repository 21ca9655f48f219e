"""The shape of about.json: what the builders here return and the page reads."""

from typing import TypedDict


class MeasuredRow(TypedDict):
    """The numbers of boxes or of masks as text, with the 95 % interval of the first."""

    label: str
    values: list[str]
    interval: list[str] | None


class NumberColumn(TypedDict):
    """A column of the numbers and what it means."""

    label: str
    meaning: str


class CardMeasured(TypedDict):
    """The evaluation of a weight file and how it was made."""

    rows: list[MeasuredRow]
    columns: list[NumberColumn]
    images: int
    people: int
    split: str
    seconds_per_image: float
    hardware: str
    versions: str
    settings: str
    at: str


class SizeFound(TypedDict):
    """How many people of a size class are found."""

    size: str
    found: int
    people: int


class Failures(TypedDict):
    """Who is missed by size, and how many of the shown detections are wrong, at two thresholds in [0, 1]."""

    score: float
    iou: float
    sizes: list[SizeFound]
    shown: int
    wrong: int


class Command(TypedDict):
    """What to type, and for what."""

    purpose: str
    command: str


class Card(TypedDict):
    """A model card; before_compacting, AP as text by "Boxes" and "Masks". Null where nothing is stored."""

    id: str
    label: str
    summary: str
    parameters: int | None
    file: str
    bytes: int
    sha256: str
    run_id: str
    start: str
    data: str
    licence: str
    note: str
    recipe: list[str]
    settings: dict[str, str]
    measured: CardMeasured | None
    before_compacting: dict[str, str] | None
    failures: Failures | None
    commands: list[Command]


class ProseSection(TypedDict):
    """A section of the page's text, in Markdown."""

    title: str
    text: str


class Work(TypedDict):
    """A reference; address is "" for a book."""

    authors: list[str]
    title: str
    venue: str
    year: int
    address: str
    used_for: str
    bibtex: str


class Licences(TypedDict):
    """Both licences, in Markdown."""

    code: str
    weights: str


class AboutPayload(TypedDict):
    """about.json; a sentence for each file that is wrong."""

    cards: list[Card]
    sections: dict[str, ProseSection]
    references: list[Work]
    licences: Licences
    problems: list[str]
