"""The types of a JSON file's fields, checked in one place, with errors that name file, entry and field.

Files of other tools write numbers as text, whole numbers with a point and truth values as words. What has one
meaning is understood; anything else is refused with a sentence that says where it stands.
"""

import json
import math
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pedviz.errors import DatasetError, reason_of

Value = TypeVar("Value")
Id = int | str
LARGEST = 1e7  # pixels; no image is as wide, and squares of it stay exact
LARGEST_FILE = 200_000_000  # bytes
_LONGEST_SHOWN = 40
REQUIRED = object()
_CROWD_WORDS = {"": False, "0": False, "false": False, "no": False, "1": True, "true": True, "yes": True}
# What reading a file, alone or out of a zip, raises.
_UNREADABLE = (OSError, EOFError, NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error)


def number(value: object) -> float:
    """A finite number, also where it is written as text.

    Raises:
        ValueError: it is something else.
    """
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise ValueError(f"expected a number, got {describe(value)}") from None
    if type(value) is int and abs(value) > LARGEST**2:
        raise ValueError(f"expected a number below {LARGEST**2:.0e}, got {describe(value)}")
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"expected a number, got {describe(value)}")
    return float(value)


def identity(value: object) -> Id:
    """The id of an image or a category: a whole number, also where it is written as text, or a name.

    Raises:
        ValueError: it is something else.

    >>> identity(7), identity("7"), identity(7.0), identity("street_7")
    (7, 7, 7, 'street_7')
    """
    if type(value) is int:
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and value.strip():
        text = same_text(value.strip())
        is_whole = text.isascii() and text.isdecimal() and len(text) < 19 and str(int(text)) == text
        return int(text) if is_whole else text
    raise ValueError(f"expected a whole number or a name, got {describe(value)}")


def text(value: object) -> str:
    """A text that is not empty.

    Raises:
        ValueError: it is something else.
    """
    if isinstance(value, str) and value.strip():
        return value
    raise ValueError(f"expected text, got {describe(value)}")


def side(value: object) -> int | None:
    """A width or a height in pixels; None where none is given, which some tools write as 0.

    Raises:
        ValueError: it is something else.
    """
    if value is None:
        return None
    pixels = number(value)
    if not 0 <= pixels <= LARGEST or not pixels.is_integer():
        raise ValueError(f"expected a whole number of pixels, got {describe(value)}")
    return int(pixels) or None


def box(value: object) -> tuple[float, float, float, float]:
    """Four numbers, [x, y, width, height] or two corners, in pixels.

    Raises:
        ValueError: it is something else.
    """
    if not isinstance(value, list) or len(value) != 4:
        raise ValueError(f"expected four numbers in pixels, got {describe(value)}")
    try:
        first, second, third, fourth = map(number, value)
    except ValueError:
        raise ValueError(f"expected four numbers in pixels, got {describe(value)}") from None
    edges = (first, second, third, fourth)
    if max(map(abs, edges)) > LARGEST:
        raise ValueError(f"expected pixels up to {LARGEST:.0e}, got {describe(value)}")
    return edges


def is_crowd(value: object) -> bool:
    """Whether `iscrowd` says so, also as text or as a truth value; None is no crowd.

    Raises:
        ValueError: it is something else.
    """
    if isinstance(value, str) and value.strip().casefold() in _CROWD_WORDS:
        return _CROWD_WORDS[value.strip().casefold()]
    if value is None or (isinstance(value, int | float) and value in (0, 1)):
        return bool(value)
    raise ValueError(f"expected 0 or 1, got {describe(value)}")


def anything(value: object) -> object:
    """The value as it is, for fields that are looked at later."""
    return value


def same_text(name: str) -> str:
    """One form for names that look the same: systems store an accented letter as one sign or as two."""
    return unicodedata.normalize("NFC", name)


def describe(value: object) -> str:
    """A value as an error sentence shows it, cut where it is long."""
    if value is None:
        return "nothing"
    shown = f"the text {value!r}" if isinstance(value, str) else _shortened(value)
    return shown if len(shown) <= _LONGEST_SHOWN else shown[: _LONGEST_SHOWN - 3] + "..."


def _shortened(value: object) -> str:
    if isinstance(value, list | dict):
        return json.dumps(value if len(value) <= 8 else f"{len(value)} values", default=str)
    return str(value)[:_LONGEST_SHOWN] if not isinstance(value, int) or abs(value) < 1e18 else "a huge number"


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """A list of JSON objects in a file, read column by column.

    Attributes:
        file: its name, for messages.
        name: of the list in the file; empty where the file is the list.
        entries: the objects.

    Raises:
        DatasetError: it is no list of objects.
    """

    file: str
    name: str
    entries: Sequence[dict]

    def __post_init__(self) -> None:
        if not isinstance(self.entries, list):
            raise DatasetError(
                f"{self.file}: {self.name or 'it'} is {describe(self.entries)}, expected a list"
            )
        for place, entry in enumerate(self.entries):
            if not isinstance(entry, dict):
                raise DatasetError(f"{self.at(place)} is {describe(entry)}, expected an object with fields")

    def __len__(self) -> int:
        return len(self.entries)

    def at(self, place: int) -> str:
        """File and entry, as messages name them."""
        return f"{self.file}: {self.name or 'entry '}[{place}]"

    def problem(self, place: int, field: str, *, said: object) -> DatasetError:
        """The error of one field of one entry."""
        entry = self.entries[place]
        known = f" (id {describe(entry['id'])})" if entry.get("id") is not None else ""
        return DatasetError(f"{self.at(place)}{known}, {field}: {said}")

    def column(
        self, field: str, check: Callable[[object], Value], *, missing: object = REQUIRED
    ) -> list[Value]:
        """One field of every entry.

        Args:
            field: its name.
            check: makes a value of it or raises ValueError.
            missing: what stands where an entry lacks the field; without it the field is required.

        Raises:
            DatasetError: an entry lacks the field, or it is of another type.
        """
        values = []
        for place, entry in enumerate(self.entries):
            found = entry.get(field, missing)
            if found is REQUIRED:
                raise self.problem(place, field, said="the field is missing")
            try:
                values.append(check(found))
            except ValueError as error:
                raise self.problem(place, field, said=error) from error
        return values


def load_json(content: bytes, *, file: str) -> Any:
    """The value of a JSON file in UTF-8, with or without a byte order mark, UTF-16 or UTF-32.

    Raises:
        DatasetError: it is not JSON.
    """
    try:
        return json.loads(content)
    except RecursionError as error:
        raise DatasetError(f"{file}: it is nested too deeply to be COCO JSON") from error
    except ValueError as error:
        said = "it is empty" if not content.strip() else f"it is not JSON: {error}"
        raise DatasetError(f"{file}: {said}") from error


def read_json(path: Path, *, name: str | None = None) -> object:
    """The value of a JSON file on disk, or of the only one inside a zip.

    Args:
        path: of the file.
        name: what messages call it; its own name by default.

    Raises:
        DatasetError: it cannot be read, is larger than LARGEST_FILE, or is not JSON.
    """
    name = name or path.name
    try:
        content = _member(path, name) if zipfile.is_zipfile(path) else _start(path)
    except _UNREADABLE as error:
        raise DatasetError(f"{name}: it cannot be read: {reason_of(error)}") from error
    if len(content) > LARGEST_FILE:
        raise DatasetError(f"{name}: it is larger than {LARGEST_FILE // 1_000_000} MB")
    return load_json(content, file=name)


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _member(path: Path, called: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".json") and not _is_hidden(name)]
        if len(names) != 1:
            raise DatasetError(f"{called}: expected one JSON file in the zip, found {len(names)}")
        with archive.open(names[0]) as member:
            return member.read(LARGEST_FILE + 1)  # a zip may claim any size


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/"))
