"""Penn-Fudan: 170 street images with 423 people, each with a mask, and the one split that is used here.

Read from the published zip without unpacking it, or from a folder. Boxes come from the masks:
(xmin, ymin, xmax + 1, ymax + 1). K people, H x W pixels. The data is for research and is never
redistributed with the project.

Source: Wang, Shi, Song and Shen, Object Detection Combining Recognition and Segmentation, ACCV 2007.
"""

import hashlib
import io
import json
import os
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from pedviz.data.photos import full_size
from pedviz.data.zips import read_file, read_member
from pedviz.download import Progress, never
from pedviz.download import download as fetch
from pedviz.errors import DatasetError, PhotoError
from pedviz.paths import data_source
from pedviz.types import GroundTruth

URL = "https://www.cis.upenn.edu/~jshi/ped_html/PennFudanPed.zip"
SHA256 = "9095a9613c95586f1c7f2a327d454833d16e0f5e17e5f83d35027ffd315b48e2"
ARCHIVE = "PennFudanPed.zip"
ROOT = "PennFudanPed"
IMAGES = 170
_IMAGES = "PNGImages"
_SPLIT = Path(__file__).with_name("pennfudan_split.json")


@dataclass(frozen=True, kw_only=True)
class Split:
    """Which images teach and which test; `sha256` is of the test names, one a line."""

    train: tuple[str, ...]
    test: tuple[str, ...]
    sha256: str


@cache
def split() -> Split:
    """The split of every figure that this project measures: 120 images to train, 50 to test.

    Raises:
        DatasetError: the committed split was changed.
    """
    listed = json.loads(_SPLIT.read_text("utf-8"))
    sha256 = hashlib.sha256("\n".join(listed["test"]).encode()).hexdigest()
    if sha256 != listed["test_sha256"]:
        raise DatasetError(f"{_SPLIT.name} was changed: expected {listed['test_sha256']}, got {sha256}")
    return Split(train=tuple(listed["train"]), test=tuple(listed["test"]), sha256=sha256)


def _locate(source: Path) -> Path:
    """The zip, or the folder that holds PNGImages."""
    candidates = [source, source / ROOT] if source.is_dir() else []
    folders = [folder for folder in candidates if (folder / _IMAGES).is_dir()]
    archives = [path for path in (source, source / ARCHIVE) if path.is_file()]
    for path in [*folders, *archives]:
        return path
    raise DatasetError(
        f"no Penn-Fudan at {source}: expected {ARCHIVE}, or a folder with PNGImages and PedMasks; "
        "set PEDVIZ_DATA or run: python -m pedviz data download"
    )


@dataclass(frozen=True)
class PennFudan:
    """The data set, read on demand. Threads may share it, and so may processes."""

    path: Path

    @cached_property
    def _archives(self) -> dict[int, zipfile.ZipFile]:
        """The open archive by process: a fork inherits the file and, with it, one place to read at."""
        return {}

    def __reduce__(self) -> tuple[type, tuple[Path]]:
        return type(self), (self.path,)  # a copy in another process opens the archive itself

    def _archive(self) -> zipfile.ZipFile:
        """Opened once, because an archive's directory takes longer to read than an image."""
        process = os.getpid()
        if process not in self._archives:
            self._archives[process] = zipfile.ZipFile(self.path)
        return self._archives[process]

    def _read(self, member: str) -> bytes:
        try:
            if self.path.is_dir():
                return read_file(self.path / member)
            return read_member(self._archive(), f"{ROOT}/{member}")
        except (OSError, KeyError) as error:
            raise DatasetError(f"{member} is missing from {self.path}") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise DatasetError(f"{self.path} is damaged at {member}: {error}") from error

    def _image(self, member: str) -> Image.Image:
        try:
            image = Image.open(io.BytesIO(self._read(member)))
            image.load()
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
            raise DatasetError(f"{member} of {self.path} is not a readable image: {error}") from error
        return image

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The names of all images, sorted.

        Raises:
            DatasetError: the archive cannot be opened or has no images.
        """
        try:
            if self.path.is_dir():
                members = [path.name for path in (self.path / _IMAGES).iterdir()]
            else:
                folder = f"{ROOT}/{_IMAGES}/"
                listed = [member for member in self._archive().namelist() if member.startswith(folder)]
                members = [member.removeprefix(folder) for member in listed]
        except (OSError, zipfile.BadZipFile) as error:
            raise DatasetError(f"{self.path} cannot be opened as a zip archive: {error}") from error
        # Names that begin with a dot are the notes that macOS leaves beside files.
        names = [name.removesuffix(".png") for name in members if name.endswith(".png") and name[0] != "."]
        if not names:
            raise DatasetError(f"{self.path} holds no images of Penn-Fudan")
        return tuple(sorted(names))

    def image_file(self, name: str) -> bytes:
        """An image's PNG file as it was published."""
        return self._read(f"{_IMAGES}/{name}.png")

    def image(self, name: str) -> np.ndarray:
        """(H, W, 3) uint8, RGB."""
        member = f"{_IMAGES}/{name}.png"
        try:
            return full_size(self._read(member), name=member)
        except PhotoError as error:
            raise DatasetError(f"{self.path}: {error}") from error

    def masks(self, name: str) -> np.ndarray:
        """(K, H, W) bool, in the order of the labels in the mask file.

        Raises:
            DatasetError: the file is missing, damaged or no mask.
        """
        member = f"PedMasks/{name}_mask.png"
        labels = np.asarray(self._image(member))
        if labels.ndim != 2:
            raise DatasetError(f"{member} of {self.path} is not a mask: expected labels, got colours")
        people = np.unique(labels)[1:] if labels.min() == 0 else np.unique(labels)
        return labels[None] == people[:, None, None]

    def ground_truth(self, name: str) -> GroundTruth:
        """The people of an image with boxes and masks."""
        masks = self.masks(name)
        boxes = np.array([_box(mask) for mask in masks], np.float32).reshape(-1, 4)
        return GroundTruth(image_size=masks.shape[1:], boxes_xyxy=boxes, masks=masks)

    def check(self, progress: Progress | None = None) -> None:
        """Read everything once.

        Args:
            progress: called with the images read so far and the images in all.

        Raises:
            DatasetError: naming the first image that is missing, damaged or unlike its mask.
        """
        if len(self.ids) != IMAGES:
            raise DatasetError(f"{self.path} holds {len(self.ids)} images, expected {IMAGES}")
        for done, name in enumerate(self.ids, start=1):
            image, masks = self.image(name), self.masks(name)
            if image.shape[:2] != masks.shape[1:]:
                raise DatasetError(
                    f"{name}: the image has {image.shape[1]} x {image.shape[0]} pixels, its mask "
                    f"{masks.shape[2]} x {masks.shape[1]}"
                )
            if not len(masks):
                raise DatasetError(f"{name}: its mask holds nobody")
            if progress:
                progress(done, IMAGES)


def _box(mask: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


def open_pennfudan(source: Path | None = None) -> PennFudan:
    """Open the data set.

    Args:
        source: the zip, a folder that holds it, PennFudanPed itself or its parent; None takes
            `pedviz.paths.data_source()`.

    Raises:
        DatasetError: it is not there; the message says how to get it.
    """
    return PennFudan(_locate(Path(source) if source else data_source()))


def download(
    destination: Path,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] = never,
    checking: Progress | None = None,
) -> Path:
    """Fetch the archive from its authors' page and read all of it once.

    Args:
        destination: the folder to put it in, usually `pedviz.paths.data_source()`.
        progress: called with the bytes here so far and the bytes in all (None where unknown).
        cancelled: asked between two pieces.
        checking: told of the images read, as `PennFudan.check` tells it.

    Returns:
        The archive.

    Raises:
        DownloadError: it could not be fetched or stored.
        DatasetError: it is not whole.
        Cancelled: `cancelled` said so; the next call goes on from there.
    """
    archive = fetch(URL, destination / ARCHIVE, sha256=SHA256, progress=progress, cancelled=cancelled)
    open_pennfudan(archive).check(checking)
    return archive
