"""From JSON to checked records, with errors that name the file, the line and the field."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from pedviz.errors import ResultsError
from pedviz.metrics.evaluate import STAT_KEYS
from pedviz.metrics.records import KINDS, Kind

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")
Value = TypeVar("Value")
_PLAIN = (str, int, float, bool)


def from_json(record: type[Record], content: object, *, where: str = "") -> Record:
    """A dataclass from the JSON object that holds its fields, by the type hints of the class.

    Hints may be plain types and unions of them, Literal, tuple[X, ...], dict[str, X] and dataclasses.

    Args:
        record: the dataclass.
        content: what json.loads gave.
        where: the place in the file, for messages.

    Raises:
        ValueError: a field is missing, unknown, of another type or refused by the class.
    """
    place = f"{where}: " if where else ""
    if not isinstance(content, dict):
        raise ValueError(f"{place}expected a JSON object, got {_describe(content)}")
    hints = get_type_hints(record)
    known = [entry.name for entry in fields(record)]
    if unknown := sorted(set(content) - set(known)):
        raise ValueError(f"{place}unknown field {', '.join(unknown)}; known: {', '.join(known)}")
    values = {
        name: _convert(hints[name], value, f"{where} {name}".strip()) for name, value in content.items()
    }
    try:
        return record(**values)
    except TypeError as error:  # Python's message lists the missing fields
        raise ValueError(f"{place}{str(error).partition('__init__() ')[2]}") from error
    except ValueError as error:
        raise ValueError(f"{place}{error}") from error


def _convert(hint: Any, value: Any, where: str) -> object:
    origin, parts = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return _convert_union([part for part in parts if part is not NoneType], parts, value, where)
    if isinstance(hint, type) and is_dataclass(hint):
        return from_json(hint, value, where=where)
    if origin is tuple:
        _require_type(value, (list,), where)
        return tuple(_convert(parts[0], part, f"{where}[{place}]") for place, part in enumerate(value))
    if origin is dict:
        _require_type(value, (dict,), where)
        return {key: _convert(parts[1], part, f"{where} {key}") for key, part in value.items()}
    if origin is Literal and value not in parts:
        raise ValueError(f"{where}: expected one of {', '.join(parts)}, got {_describe(value)}")
    if hint in _PLAIN:
        _require_type(value, (hint,), where)
    return value


def _convert_union(others: list, parts: tuple, value: object, where: str) -> object:
    if value is None and NoneType in parts:
        return None
    if len(others) == 1:
        return _convert(others[0], value, where)
    _require_type(value, tuple(others), where)
    return value


def _require_type(value: object, wanted: tuple[type, ...], where: str) -> None:
    is_whole_number = type(value) is int and float in wanted
    if type(value) not in wanted and not is_whole_number:
        names = " or ".join(kind.__name__ for kind in wanted)
        raise ValueError(f"{where}: expected {names}, got {_describe(value)}")


def _describe(value: object) -> str:
    text = repr(value)
    return f"{type(value).__name__} {text if len(text) <= 40 else text[:37] + '...'}"


def require_kinds(name: str, found: Mapping[Kind, object]) -> None:
    """Check that `found`, a field called `name`, has an entry for each kind, if only None.

    Raises:
        ValueError: it has not, or has others.
    """
    if set(found) != set(KINDS):
        raise ValueError(f"{name}: expected {', '.join(KINDS)}, got {', '.join(found) or 'nothing'}")


def require_stats(stats: Mapping[Kind, Mapping[str, float | None] | None]) -> None:
    """Check that `stats` has the twelve COCO numbers, in [0, 1] or None, for each kind that it has.

    Raises:
        ValueError: it has not; the message names the number.
    """
    require_kinds("stats", stats)
    for kind, numbers in stats.items():
        if numbers is None:
            continue
        if tuple(numbers) != STAT_KEYS:
            raise ValueError(f"stats {kind}: expected {', '.join(STAT_KEYS)}, got {', '.join(numbers)}")
        for key, number in numbers.items():
            if number is not None and not 0 <= number <= 1:
                raise ValueError(f"stats {kind} {key}: expected null or 0 to 1, got {number}")


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a number that JSON knows")


def parse_json(line: str) -> Any:
    """A JSON value.

    Raises:
        ValueError: it is none; NaN and infinities are none either.
    """
    return json.loads(line, parse_constant=_refuse)


def read_lines(path: Path, parse: Callable[[str], Value]) -> tuple[list[Value], list[ResultsError]]:
    """What `parse` makes of each line that holds anything.

    Returns:
        The values, and an error for each line of which it raises ValueError. A missing file has no lines.
    """
    values: list[Value] = []
    problems: list[ResultsError] = []
    if not path.exists():
        return values, problems
    try:
        text = path.read_text("utf-8", errors="replace")
    except OSError as error:
        return values, [ResultsError(f"{path.name} cannot be read: {error.strerror}")]
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            if line.strip():
                values.append(parse(line))
        except (ValueError, RecursionError) as error:
            problems.append(
                ResultsError(f"{path.name} line {number} cannot be read and is left out: {error}")
            )
    return values, problems
