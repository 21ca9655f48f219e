"""Any file that a visitor hands over -> an upright RGB image, or one plain sentence why not.

H x W pixels of the image that detectors see, whose longest side is at most MAX_SIDE.
"""

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pedviz.data.decoding import decode
from pedviz.errors import PhotoError

MAX_BYTES = 20 * 2**20
DEFAULT_NAME = "photo"


@dataclass(frozen=True, kw_only=True, eq=False)
class Photo:
    """An image that is ready for a detector.

    Attributes:
        pixels: (H, W, 3) uint8, RGB, upright.
        original_size: (height, width) of the upright original, pixels.
        name: the file's name without folders; never a path, and not to be trusted.
        id: 16 hexadecimal digits of the sha256 of the pixels and their shape.
        notice: a sentence about what is wrong with the file although it can be shown; usually empty.
    """

    pixels: np.ndarray
    original_size: tuple[int, int]
    name: str
    id: str
    notice: str = ""

    @property
    def scale_xy(self) -> tuple[float, float]:
        """Pixels of the original for one pixel of `pixels`, along x and along y."""
        height, width = self.pixels.shape[:2]
        return self.original_size[1] / width, self.original_size[0] / height


def file_name(name: str) -> str:
    """A file's name without folders, control characters and halves of characters, never empty.

    >>> file_name("../../etc/holiday.jpg")
    'holiday.jpg'
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cs"))
    return kept if kept.strip() else DEFAULT_NAME


def load(source: Path | bytes, *, name: str | None = None) -> Photo:
    """Read a photo.

    The first frame of an animation counts. EXIF orientation and colour profile are applied, transparency
    becomes white, and 16-bit or floating-point values are spread over the 8-bit range.

    Args:
        source: a file or its bytes.
        name: what to call it; by default the file's own name.

    Raises:
        PhotoError: one plain sentence that says why the file cannot be used.
    """
    shown = file_name(name or (source.name if isinstance(source, Path) else DEFAULT_NAME))
    decoded = decode(_content(source, shown), shown, capped=True)
    pixels = np.asarray(decoded.image)
    shape = f"{pixels.shape}".encode()
    return Photo(
        pixels=pixels, original_size=decoded.original_size, name=shown,
        id=hashlib.sha256(shape + pixels.tobytes()).hexdigest()[:16],
        notice=_notice(shown, decoded.missing),
    )  # fmt: skip


def full_size(
    content: bytes, *, name: str, stored_size: tuple[int, int] | None = None, whole: bool = True
) -> np.ndarray:
    """Read an image of a data set at its own size, as `load` reads a photo otherwise.

    Args:
        content: the file.
        name: what to call it in an error.
        stored_size: (width, height) that is said of it. An image whose file has this size before it is
            turned by its EXIF orientation, and another after, was annotated as it is stored and stays so.
        whole: refuse one of which a part is missing: it would teach and measure what is not there.

    Returns:
        (H, W, 3) uint8, RGB; writable.

    Raises:
        PhotoError: it cannot be used, or is not whole.
    """
    decoded = decode(content, name, capped=False, stored_size=stored_size)
    if decoded.missing and whole:
        raise PhotoError(_notice(name, decoded.missing))
    return np.array(decoded.image)


def _notice(shown: str, missing: float) -> str:
    if not missing:
        return ""
    return f"{shown} is cut off: about {max(1, round(100 * missing))} % of it is missing"


def _content(source: Path | bytes, shown: str) -> bytes:
    try:
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if size > MAX_BYTES:
            raise PhotoError(
                f"{shown} has {size / 2**20:.0f} MB; photos up to {MAX_BYTES // 2**20} MB are taken"
            )
        content = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        raise PhotoError(f"{shown} could not be read: {error.strerror or error}") from error
    if not content:
        raise PhotoError(f"{shown} is empty (0 bytes); choose another file")
    return content
