"""Any file that a visitor hands over -> an upright RGB picture, or one plain sentence why not.

H x W pixels of the picture that detectors see, whose longest side is at most MAX_SIDE.
"""

import hashlib
import io
import threading
import unicodedata
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from pedviz.errors import PhotoError

MAX_SIDE = 1333
MIN_SIDE = 16
MAX_BYTES = 20 * 2**20
MAX_PIXELS = 100_000_000
# A JPEG is decoded at a fraction of its size; what is decoded whole takes up to 20 bytes a pixel.
MAX_DECODED_PIXELS = 40_000_000
NAME_LENGTH = 80
DEFAULT_NAME = "photo"
# Named, because Pillow would also start an interpreter for PostScript.
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "DIB", "TIFF", "JPEG2000", "PPM")
# Files that people mistake for photos; Pillow would only say that it does not know them.
_LOOKALIKES = (
    (0, (b"\x1a\x45\xdf\xa3",), "a video"),
    (8, (b"AVI ",), "a video"),
    (0, (b"%PDF",), "a PDF document"),
    (0, (b"<svg", b"<?xml"), "a vector drawing"),
)
# In the MPEG-4 family the bytes after "ftyp" tell pictures from films; of films there are dozens.
_HEIC = "a HEIC picture, which this server cannot open"
_PICTURE_BRANDS = dict.fromkeys((b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1"), _HEIC)
_PICTURE_BRANDS |= {b"avif": None, b"avis": None}
_TURNED = (5, 6, 7, 8)  # EXIF orientations that swap width and height
# One picture at a time is decoded: that bounds the memory, and warning filters belong to the whole process.
_ONE_AT_A_TIME = threading.Lock()
# What Pillow's readers raise on damaged files.
READER_ERRORS = (
    OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, OverflowError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class Photo:
    """A picture that is ready for a detector.

    Attributes:
        pixels: (H, W, 3) uint8, RGB, upright.
        original_size: (height, width) of the upright original, pixels.
        name: for display only; never a path.
        id: 16 hexadecimal digits of the sha256 of the pixels and their shape.
    """

    pixels: np.ndarray
    original_size: tuple[int, int]
    name: str
    id: str

    @property
    def scale_xy(self) -> tuple[float, float]:
        """Pixels of the original for one pixel of `pixels`, along x and along y."""
        height, width = self.pixels.shape[:2]
        return self.original_size[1] / width, self.original_size[0] / height


def display_name(name: str) -> str:
    """A file name without folders, control characters and excess length, never empty.

    >>> display_name("../../etc/holiday.jpg")
    'holiday.jpg'
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    return shown[-NAME_LENGTH:] or DEFAULT_NAME


def load(source: Path | bytes, *, name: str | None = None) -> Photo:
    """Read a photo.

    The first frame of an animation counts. EXIF orientation is applied, transparency becomes white,
    and 16-bit or floating-point values are spread over the 8-bit range.

    Args:
        source: a file or its bytes.
        name: what to show; by default the file's own name.

    Raises:
        PhotoError: one plain sentence that says why the file cannot be used.
    """
    shown = display_name(name or (source.name if isinstance(source, Path) else DEFAULT_NAME))
    content = _content(source, shown)
    picture = _decode(content, shown)
    pixels = np.asarray(picture)
    shape = f"{pixels.shape}".encode()
    upright = picture.info["original_size"]
    return Photo(
        pixels=pixels, original_size=upright, name=shown,
        id=hashlib.sha256(shape + pixels.tobytes()).hexdigest()[:16],
    )  # fmt: skip


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


def _lookalike(content: bytes) -> str | None:
    """What a file is that is no photo, as far as its first bytes tell."""
    if content[4:8] == b"ftyp":
        return _PICTURE_BRANDS.get(content[8:12], "a video")
    start = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    for offset, signatures, what in _LOOKALIKES:
        if start[offset:].startswith(signatures):
            return what
    return None


def _decode(content: bytes, shown: str) -> Image.Image:
    """The upright, capped RGB picture, with `original_size` (height, width) in its `info`."""
    try:
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own bomb warning: the limit below is checked first
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                return _prepare(opened, shown)
    except Image.DecompressionBombError:
        raise _too_many_pixels(shown, MAX_PIXELS) from None
    except MemoryError:
        raise PhotoError(f"{shown} needs more memory than there is; try a smaller picture") from None
    except READER_ERRORS as error:
        what = _lookalike(content)
        if what:
            raise PhotoError(f"{shown} is {what}; save it as JPEG or PNG and try again") from error
        if isinstance(error, UnidentifiedImageError):
            raise PhotoError(f"{shown} is not a picture that can be opened; try a JPEG or PNG") from error
        raise PhotoError(f"{shown} is damaged or incomplete and cannot be shown") from error


def _too_many_pixels(shown: str, limit: int) -> PhotoError:
    return PhotoError(f"{shown} has more than {limit // 10**6} million pixels; try a smaller picture")


def _prepare(opened: Image.Image, shown: str) -> Image.Image:
    width, height = opened.size
    if width * height > MAX_PIXELS:
        raise _too_many_pixels(shown, MAX_PIXELS)
    if min(width, height) < MIN_SIDE:
        raise PhotoError(f"{shown} is {width} x {height} pixels; at least {MIN_SIDE} on each side are needed")
    if min(_capped_size(width, height)) < MIN_SIDE:
        raise PhotoError(f"{shown} is {width} x {height} pixels, too long and thin; cut a part out of it")
    # A JPEG can be decoded at a half, a quarter or an eighth at once: a tenth of the time and memory.
    opened.draft("RGB", (MAX_SIDE, MAX_SIDE))
    if opened.width * opened.height > MAX_DECODED_PIXELS:
        raise _too_many_pixels(shown, MAX_DECODED_PIXELS)
    # Pillow turns a TIFF by itself: its size is upright from the start, and loading removes its tag.
    opened.load()
    turned = opened.getexif().get(ExifTags.Base.Orientation) in _TURNED
    original_size = (width, height) if turned else (height, width)
    picture = ImageOps.exif_transpose(opened)
    picture = _to_rgb(_capped(picture, original_size))
    picture.info = {"original_size": original_size}
    return picture


def _capped_size(width: int, height: int) -> tuple[int, int]:
    ratio = min(1.0, MAX_SIDE / max(width, height))
    return round(width * ratio), round(height * ratio)


def _capped(picture: Image.Image, original_size: tuple[int, int]) -> Image.Image:
    """At most MAX_SIDE on the longest side, with the sides' ratio of the original."""
    height, width = original_size
    size = _capped_size(width, height)
    if picture.size == size:
        return picture
    # Colours can be mixed; places in a palette and a colour that stands for nothing cannot.
    if not _is_wide(picture) and (picture.mode in ("1", "P") or picture.has_transparency_data):
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    return picture.resize(
        size, Image.Resampling.LANCZOS if picture.mode != "F" else Image.Resampling.BILINEAR
    )


def _is_wide(picture: Image.Image) -> bool:
    """Whether a value has more than 8 bits."""
    return picture.mode in ("I", "F") or picture.mode.startswith("I;16")


def _to_rgb(picture: Image.Image) -> Image.Image:
    if _is_wide(picture):
        return Image.fromarray(_to_8_bit(picture)).convert("RGB")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(white, picture).convert("RGB")
    return picture.convert("RGB")


def _to_8_bit(picture: Image.Image) -> np.ndarray:
    """Any range of numbers -> (H, W) uint8: 16-bit values by their full range, others by their own."""
    values = np.nan_to_num(np.asarray(picture).astype(np.float64), posinf=0, neginf=0)
    low, high = min(0.0, values.min()), values.max()
    if picture.mode.startswith("I;16") or 255 < high <= 65535:
        top = 65535.0
    else:
        top = max(high, 1.0 if picture.mode == "F" else 255.0)
    return np.clip((values - low) / (top - low) * 255, 0, 255).round().astype(np.uint8)
