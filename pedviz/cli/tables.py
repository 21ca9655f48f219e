"""Plain-text tables and sizes for a terminal."""

from collections.abc import Sequence


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1, indent: str = "") -> str:
    """Columns padded to their widest cell.

    Args:
        header: one name a column.
        rows: as many cells each.
        left: how many columns from the left are aligned left; the others are numbers, aligned right.
        indent: stands before each line.

    >>> print(table(("name", "size"), [("a", "5"), ("bcdef", "12")]))
    name   size
    a         5
    bcdef    12
    """
    lines = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    return "\n".join(indent + "  ".join(_cells(line, widths, left)).rstrip() for line in lines)


def _cells(line: Sequence[str], widths: Sequence[int], left: int) -> list[str]:
    return [
        cell.ljust(width) if column < left else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]


def megabytes(count: int) -> str:
    """A number of bytes for people.

    >>> megabytes(44_532_064)
    '44.5 MB'
    """
    return f"{count / 1e6:.1f} MB"


JOINERS = "\u200c\u200d"  # part of words in some scripts, and of emoji families


def printable(text: object) -> str:
    r"""A path or a name with every character that would steer a terminal replaced.

    >>> printable("a\x1b[2Jb.jpg")
    'a?[2Jb.jpg'
    """
    return "".join(c if c.isprintable() or c in JOINERS else "?" for c in str(text))
