"""What a visitor may change in a lesson, declared once: the page builds fields, links and checks from it.

A setting's `key` is its name in the address, so it stays short and never changes. `ends` gives the values
at the edges of what is allowed; the tests open every lesson there.
"""

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from typing import ClassVar

Value = float | str | bool | tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Setting(ABC):
    """What every kind of setting has.

    Attributes:
        key: its name in the address and in the page's state.
        label: what the visitor reads.
    """

    kind: ClassVar[str]
    key: str
    label: str

    @abstractmethod
    def ends(self) -> tuple[Value, ...]:
        """The values at the edges of what is allowed."""

    def as_data(self) -> dict[str, object]:
        """What the page receives as JSON."""
        return {"kind": self.kind, **asdict(self)}


@dataclass(frozen=True, kw_only=True)
class Number(Setting):
    """One number.

    Attributes:
        default: in [low, high].
        low, high: both allowed.
        step: what a drag is rounded to and an arrow key adds.
        whole: whether nothing else than whole numbers makes sense, as for a count.
    """

    kind: ClassVar[str] = "number"
    default: float
    low: float
    high: float
    step: float
    whole: bool = False

    def ends(self) -> tuple[Value, ...]:
        """Lowest and highest."""
        return self.low, self.high


@dataclass(frozen=True, kw_only=True)
class Count(Number):
    """A whole number."""

    step: float = 1
    whole: bool = True


@dataclass(frozen=True, kw_only=True)
class Numbers(Setting):
    """Several numbers of one kind: the corners of a box, the entries of a vector, a list that may grow.

    Attributes:
        default: as many as `shortest` to `longest`, each in [low, high].
        low, high, step, whole: of each, as for `Number`.
        names: what each is called, such as ("x1", "y1", "x2", "y2"); empty where the length may change.
        shortest, longest: how many there may be; by default as many as in `default`.
    """

    kind: ClassVar[str] = "numbers"
    default: tuple[float, ...]
    low: float
    high: float
    step: float
    whole: bool = False
    names: tuple[str, ...] = ()
    shortest: int | None = None
    longest: int | None = None

    def lengths(self) -> tuple[int, int]:
        """Fewest and most entries."""
        count = len(self.default)
        return self.shortest if self.shortest is not None else count, self.longest or count

    def ends(self) -> tuple[Value, ...]:
        """All lowest and all highest, in the shortest and in the longest list."""
        counts = sorted(set(self.lengths()))
        return tuple((edge,) * count for count in counts for edge in (self.low, self.high))

    def as_data(self) -> dict[str, object]:
        """What the page receives as JSON, lengths filled in."""
        shortest, longest = self.lengths()
        return super().as_data() | {"shortest": shortest, "longest": longest}


@dataclass(frozen=True, kw_only=True)
class Choice(Setting):
    """One of several.

    Attributes:
        default: one of the keys of `options`.
        options: (key, label) pairs in display order.
    """

    kind: ClassVar[str] = "choice"
    default: str
    options: tuple[tuple[str, str], ...]

    def ends(self) -> tuple[Value, ...]:
        """Every option."""
        return tuple(key for key, _ in self.options)


@dataclass(frozen=True, kw_only=True)
class Flag(Setting):
    """Yes or no."""

    kind: ClassVar[str] = "flag"
    default: bool = False

    def ends(self) -> tuple[Value, ...]:
        """No and yes."""
        return False, True


@dataclass(frozen=True, kw_only=True)
class Text(Setting):
    """A short text, such as a painted mask packed into letters.

    Attributes:
        default: matches `pattern`.
        pattern: a regular expression for the whole text, the same in Python and JavaScript.
        examples: unusual texts that the page must bear.
    """

    kind: ClassVar[str] = "text"
    default: str
    pattern: str
    examples: tuple[str, ...]

    def ends(self) -> tuple[Value, ...]:
        """The unusual texts."""
        return self.examples
