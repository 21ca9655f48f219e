"""The files of a data set in a folder or a zip: annotations.json and the images that it names.

Tools write names in their own ways: with images/ in front, with backslashes, with an accented letter as one
sign or as two; and a zip often holds one folder with everything in it. All of these find their file.
"""

import zipfile
import zlib
from functools import cached_property
from pathlib import Path, PurePosixPath

from pedviz.data.json_fields import LARGEST_FILE, same_text
from pedviz.data.zips import MOST_BYTES, read_file, read_member
from pedviz.errors import DatasetError, reason_of

ANNOTATIONS, IMAGES = "annotations.json", "images"
# What reading a file out of a folder or a zip raises.
UNREADABLE = (
    OSError, KeyError, EOFError, NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


class SourceFiles:
    """Reads files of a folder or a zip by the names that annotations give them."""

    def __init__(self, source: Path) -> None:
        self.source = source

    def annotations(self) -> bytes:
        """The content of annotations.json.

        Raises:
            DatasetError: there is none, it cannot be read, or it is too large.
        """
        try:
            return self._read(f"{self._top}{ANNOTATIONS}", most_bytes=LARGEST_FILE)
        except UNREADABLE as error:
            raise DatasetError(
                f"{self.source}: no COCO {ANNOTATIONS} could be read: {reason_of(error)}"
            ) from error

    def has_image(self, file_name: str) -> bool:
        """Whether there is a file for the name of an image."""
        return self._found(file_name) is not None

    def image(self, file_name: str) -> bytes:
        """The content of an image.

        Raises:
            one of UNREADABLE: it is missing or damaged.
        """
        found = self._found(file_name)
        if found is None:
            raise FileNotFoundError(file_name)
        return self._read(found)

    def _found(self, file_name: str) -> str | None:
        """The path of an image inside the source; None where there is none."""
        wanted = _comparable(file_name)
        for name in (wanted, wanted.removeprefix(f"{IMAGES}/")):
            if (path := self._images.get(name)) is not None:
                return path
        return None

    @cached_property
    def _images(self) -> dict[str, str]:
        """Every file below images/: its comparable name to its path inside the source."""
        start = f"{self._top}{IMAGES}/"
        return {_comparable(name.removeprefix(start)): name for name in self._names if name.startswith(start)}

    @cached_property
    def _names(self) -> list[str]:
        """Every file of the source that may be of the data set, as paths inside it."""
        if self.source.is_dir():
            below = (self.source / self._top / IMAGES).rglob("*")
            return [path.relative_to(self.source).as_posix() for path in below if path.is_file()]
        with zipfile.ZipFile(self.source) as archive:
            return [name for name in archive.namelist() if not name.endswith("/")]

    @cached_property
    def _top(self) -> str:
        """The folder that holds everything, with a slash; empty where annotations.json stands at the top."""
        if self.source.is_dir():
            there = [
                path.relative_to(self.source).as_posix() for path in self.source.glob(f"*/{ANNOTATIONS}")
            ]
            at_top = (self.source / ANNOTATIONS).exists()
        else:
            with zipfile.ZipFile(self.source) as archive:
                names = set(archive.namelist())
            at_top = ANNOTATIONS in names
            there = [name for name in names if _is_one_folder_down(name)]
        return "" if at_top or len(there) != 1 else there[0].removesuffix(ANNOTATIONS)

    def _read(self, name: str, *, most_bytes: int = MOST_BYTES) -> bytes:
        if self.source.is_dir():
            return read_file(self.source / name, most_bytes=most_bytes)
        with zipfile.ZipFile(self.source) as archive:
            return read_member(archive, name, most_bytes=most_bytes)


def _is_one_folder_down(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return len(parts) == 2 and parts[1] == ANNOTATIONS and not parts[0].startswith("__MACOSX")


def _comparable(name: str) -> str:
    return PurePosixPath(same_text(name).replace("\\", "/")).as_posix()
