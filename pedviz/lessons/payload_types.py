"""The shape of what a lesson's page gets; its settings and its own data are as that lesson says."""

from typing import Any, Literal, TypedDict


class PresetData(TypedDict):
    """A state worth looking at; group "" stands at the top of the page."""

    key: str
    label: str
    note: str
    state: dict[str, Any]
    group: str


class ClaimData(TypedDict):
    """What a report says of the subject, and whether it holds; at, the key of a section."""

    source: str
    says: str
    verdict: Literal["right", "incomplete", "wrong"]
    answer: str
    state: dict[str, Any] | None
    at: str


class LessonSection(TypedDict):
    """A section of the prose, in Markdown."""

    key: str
    title: str
    text: str


class ExerciseData(TypedDict):
    """An exercise for the worksheet."""

    asks: str
    answer: str


class StepData(TypedDict):
    """A step of a talk: its sentence, where it points, and which of the main figures it shows, from 1."""

    says: str
    at: str
    state: dict[str, Any]
    spot: list[str]
    picture: int
    formula: bool


class LessonData(TypedDict):
    """A lesson; core, the keys of the sections that are not folded."""

    slug: str
    number: int
    title: str
    question: str
    scope: str
    module: str
    settings: list[Any]
    presets: list[PresetData]
    claims: list[ClaimData]
    prose: list[LessonSection]
    exercises: list[ExerciseData]
    talk: list[StepData]
    core: list[str]
    data: Any


class CourseEntry(TypedDict):
    """A lesson of the course and its address."""

    title: str
    path: str


class LessonPayload(LessonData):
    """A lesson among all of them, in their order."""

    course: list[CourseEntry]
