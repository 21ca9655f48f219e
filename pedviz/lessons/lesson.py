"""The record that describes a lesson."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pedviz.lessons.exercises import EXERCISES
from pedviz.lessons.payload_types import ClaimData, LessonData, PresetData
from pedviz.lessons.prose import read_sections
from pedviz.lessons.settings import Setting
from pedviz.lessons.talks import TALKS
from pedviz.paths import ASSETS

State = dict[str, Any]  # setting keys to values; what is left out keeps its default


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A state worth looking at.

    Attributes:
        key: short and unique within the lesson.
        label: on the button.
        note: one sentence on what to see here.
        state: settings that differ from their defaults; presets of one group leave alone what none of
            them mentions.
        group: "" for the buttons at the top of the page, else a name that the page module places.
    """

    key: str
    label: str
    note: str
    state: State
    group: str = ""

    def as_data(self) -> PresetData:
        """What the page receives as JSON."""
        return {
            "key": self.key, "label": self.label, "note": self.note, "state": self.state, "group": self.group,
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Something a source report says about the lesson's subject, and whether it holds.

    Attributes:
        source: "Report A", "Report B", or "The reports" where it is not known which.
        says: the claim in our words, or in its own between quotation marks.
        verdict: what we find.
        answer: why, in a sentence or two.
        state: what to set to see it, or None where nothing needs to move.
        at: key of the section where it is seen, "" for the figure.
    """

    source: str
    says: str
    verdict: Literal["right", "incomplete", "wrong"]
    answer: str
    state: State | None = None
    at: str = ""

    def as_data(self) -> ClaimData:
        """What the page receives as JSON."""
        return {
            "source": self.source, "says": self.says, "verdict": self.verdict, "answer": self.answer,
            "state": self.state, "at": self.at,
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One lesson: everything that its page in the browser starts from.

    Attributes:
        slug: names its address, its page module, its prose and its test case.
        number: its place in the course, from 1.
        title: a few words.
        question: the one sentence that the lesson answers.
        settings: what the visitor may change.
        presets: states worth looking at, the initial one first.
        claims: what the source reports say, for the end of the page.
        data: what the page shows beside its settings, JSON-able; numbers by `pedviz.theory`.
        minutes: how long the core takes in class.
        needs: what one must know before, after "Needs:".
        core: keys of the sections that belong to those minutes; the others are folded.
    """

    slug: str
    number: int
    title: str
    question: str
    settings: tuple[Setting, ...]
    presets: tuple[Preset, ...]
    claims: tuple[Claim, ...]
    data: Callable[[], dict[str, Any]] = dict
    minutes: int = 45
    needs: str
    core: tuple[str, ...]

    @property
    def scope(self) -> str:
        """How long the lesson takes, and what it needs, for its head."""
        return f"{self.minutes} minutes without the parts marked “Further”. Needs: {self.needs}."

    @property
    def module(self) -> str:
        """The page module in ui/web/lessons, which exports `mount(element, data)`."""
        return f"{self.slug}/page.js"

    @property
    def prose(self) -> str:
        """The Markdown file in assets/lessons."""
        return f"{self.slug}.md"

    def page_data(self) -> LessonData:
        """Everything for the page module, JSON-able.

        Raises:
            OSError: the prose is missing.
        """
        sections = read_sections((ASSETS / "lessons" / self.prose).read_text("utf-8"))
        return {
            "slug": self.slug,
            "number": self.number,
            "title": self.title,
            "question": self.question,
            "scope": self.scope,
            "module": self.module,
            "settings": [setting.as_data() for setting in self.settings],
            "presets": [preset.as_data() for preset in self.presets],
            "claims": [claim.as_data() for claim in self.claims],
            "prose": [{"key": one.key, "title": one.title, "text": one.text} for one in sections],
            "exercises": [
                {"asks": exercise.asks, "answer": exercise.answer}
                for exercise in EXERCISES.get(self.slug, ())
            ],
            "talk": [step.as_data() for step in TALKS.get(self.slug, ())],
            "core": list(self.core),
            "data": self.data(),
        }

    def extreme_states(self) -> Iterator[State]:
        """One state for each end of each setting."""
        for setting in self.settings:
            for value in setting.ends():
                yield {setting.key: value}
