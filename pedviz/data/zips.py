"""Reading one file of a zip or a folder, never more of it than is sensible: a zip may claim any size."""

import zipfile
from pathlib import Path

from pedviz.errors import DatasetError

MOST_BYTES = 2**28  # of an image or a mask; annotations have a limit of their own


def read_member(archive: zipfile.ZipFile, name: str, *, most_bytes: int = MOST_BYTES) -> bytes:
    """The content of one file of a zip.

    Raises:
        DatasetError: it is larger than `most_bytes`, whatever the zip's directory says of it.
        KeyError, OSError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error: it is
            missing or cannot be read.
    """
    with archive.open(name) as member:
        content = member.read(most_bytes + 1)
    return _checked(content, name, most_bytes)


def read_file(path: Path, *, most_bytes: int = MOST_BYTES) -> bytes:
    """The content of a file on the disk.

    Raises:
        DatasetError: it is larger than `most_bytes`.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        content = file.read(most_bytes + 1)
    return _checked(content, path.name, most_bytes)


def _checked(content: bytes, name: str, most_bytes: int) -> bytes:
    if len(content) > most_bytes:
        raise DatasetError(f"{name} is larger than {most_bytes // 2**20} MB once it is unpacked")
    return content
