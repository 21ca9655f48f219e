"""From the bytes of any image file to upright RGB: what can be opened, how large, how much of it is there.

H x W pixels.
"""

import io
import threading
import warnings
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFile, UnidentifiedImageError

from pedviz.data import metadata
from pedviz.data.colours import resizable, to_rgb
from pedviz.errors import PhotoError

MAX_SIDE = 1333
MIN_SIDE = 16
MAX_PIXELS = 100_000_000
# A JPEG is decoded at a fraction of its size; what is decoded whole takes up to 20 bytes a pixel, and the
# photos of phones, up to 50 million pixels, half of that.
MAX_DECODED_PIXELS = 40_000_000
MAX_HEIF_PIXELS = 50_000_000
# Named, because Pillow would also start an interpreter for PostScript.
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "DIB", "TIFF", "JPEG2000", "PPM", "HEIF")
# Files that people mistake for photos; Pillow would only say that it does not know them.
_LOOKALIKES = (
    (0, (b"\x1a\x45\xdf\xa3",), "a video"),
    (8, (b"AVI ",), "a video"),
    (0, (b"%PDF",), "a PDF document"),
    (0, (b"<svg", b"<?xml"), "a vector drawing"),
)
# In the MPEG-4 family the bytes after "ftyp" tell images from videos; of videos there are dozens.
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_AVIF_BRANDS = (b"avif", b"avis")
_SIDEWAYS = (5, 6, 7, 8)  # EXIF orientations that swap width and height
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
# What is where rows are missing: in a JPEG that was given an end, and where a reader stopped.
JPEG_FILL, CUT_FILL = 128, 0
MOST_MISSING = 0.5  # of the rows
# One photo at a time is decoded: that bounds the memory, and Pillow's switch for incomplete files and the
# warning filters belong to the whole process.
_ONE_AT_A_TIME = threading.Lock()
# What Pillow's readers raise on damaged files.
READER_ERRORS = (
    OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, OverflowError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class Decoded:
    """An RGB image as large as asked for, the (height, width) of the original, the share missing."""

    image: Image.Image
    original_size: tuple[int, int]
    missing: float


def _lookalike(content: bytes) -> str | None:
    """What a file is that is no photo, as far as its first bytes tell."""
    if content[4:8] == b"ftyp":
        return None if content[8:12] in _HEIF_BRANDS + _AVIF_BRANDS else "a video"
    start = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    for offset, signatures, what in _LOOKALIKES:
        if start[offset:].startswith(signatures):
            return what
    return None


def _begins_as_an_image(content: bytes) -> bool:
    """Whether the first bytes are those of a format that can be opened, whatever follows."""
    accepts = [Image.OPEN[name][1] for name in _known_formats() if name in Image.OPEN]
    return len(content) >= 16 and any(accept and accept(content[:16]) is True for accept in accepts)


def decode(
    content: bytes, shown: str, *, capped: bool, stored_size: tuple[int, int] | None = None
) -> Decoded:
    """Decode an image file.

    Args:
        content: the file.
        shown: what to call it in an error.
        capped: make it at most MAX_SIDE on its longest side.
        stored_size: as for `pedviz.data.photos.full_size`.

    Raises:
        PhotoError: one plain sentence that says why it cannot be used.
    """
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        _register_heif(shown)
    try:
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own bomb warning: the limit below is checked first
            return _read(metadata.split(content), shown, capped=capped, stored_size=stored_size)
    except Image.DecompressionBombError:
        raise _too_many_pixels(shown, MAX_PIXELS) from None
    except MemoryError:
        raise PhotoError(f"{shown} needs more memory than there is; try a smaller photo") from None
    except READER_ERRORS as error:
        what = _lookalike(content)
        if what:
            raise PhotoError(f"{shown} is {what}; save it as JPEG or PNG and try again") from error
        if isinstance(error, UnidentifiedImageError) and not _begins_as_an_image(content):
            raise PhotoError(f"{shown} is not an image that can be opened; try a JPEG or PNG") from error
        raise PhotoError(f"{shown} is damaged or incomplete and cannot be shown") from error


def _known_formats() -> list[str]:
    """Those of FORMATS that Pillow can open now: HEIF only once its library has been registered."""
    return [name for name in FORMATS if name != "HEIF" or name in Image.OPEN]


def _register_heif(shown: str) -> None:
    """Teach Pillow the format of phones; late, because few need it and a training machine may lack it."""
    try:
        from pillow_heif import register_heif_opener
    except ImportError as error:
        raise PhotoError(f"{shown} is a HEIC photo, for which this needs: pip install pillow-heif") from error
    register_heif_opener(thumbnails=False)


def _too_many_pixels(shown: str, limit: int) -> PhotoError:
    return PhotoError(f"{shown} has more than {limit // 10**6} million pixels; try a smaller photo")


def _read(parts: metadata.Parts, shown: str, *, capped: bool, stored_size: tuple[int, int] | None) -> Decoded:
    """Decode a file; where that fails, as far as it goes, and without the EXIF block that it may hold."""
    try:
        with Image.open(io.BytesIO(parts.pixels), formats=_known_formats()) as opened:
            return _prepare(opened, parts, shown, capped=capped, stored_size=stored_size)
    except READER_ERRORS as first:
        rest = parts.pixels
        if rest[4:8] == b"ftyp":
            rest = metadata.without_exif_item(rest)
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            with Image.open(io.BytesIO(rest), formats=_known_formats()) as opened:
                return _prepare(opened, parts, shown, capped=capped, stored_size=stored_size, cut=True)
        except READER_ERRORS:
            raise first from None
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False


def _prepare(
    opened: ImageFile.ImageFile,
    parts: metadata.Parts,
    shown: str,
    *,
    capped: bool,
    stored_size: tuple[int, int] | None,
    cut: bool = False,
) -> Decoded:
    width, height = opened.size
    _require_usable(width, height, shown, capped=capped)
    if capped:
        # A JPEG can be decoded at a half, a quarter or an eighth at once: a tenth of the time and memory.
        opened.draft("RGB", (MAX_SIDE, MAX_SIDE))
    limit = MAX_HEIF_PIXELS if opened.format == "HEIF" else MAX_DECODED_PIXELS
    if opened.width * opened.height > limit:
        raise _too_many_pixels(shown, limit)
    opened.load()
    missing = parts.absent if parts.absent >= metadata.LAST_BYTES else 0.0
    missing = max(missing, _missing_rows(opened, parts.pixels, cut=cut))
    if missing > MOST_MISSING:
        raise OSError("most rows are missing")
    profile = parts.profile or opened.info.get("icc_profile") or b""
    # Pillow turns a TIFF by itself, and a HEIF is turned by its decoder.
    turn = metadata.orientation(parts.exif or opened.info.get("exif") or b"")
    image: Image.Image = opened
    as_stored = turn in _SIDEWAYS and stored_size == (width, height) and width != height
    if turn in _TURNS and not as_stored and opened.format != "TIFF":
        image = image.transpose(_TURNS[turn])
        width, height = (height, width) if turn in _SIDEWAYS else (width, height)
    image = resizable(image)
    if capped:
        image = _capped(image, width, height)
    return Decoded(image=to_rgb(image, profile), original_size=(height, width), missing=missing)


def _require_usable(width: int, height: int, shown: str, *, capped: bool) -> None:
    """Raise PhotoError where an image has too many pixels or too few."""
    if width * height > MAX_PIXELS:
        raise _too_many_pixels(shown, MAX_PIXELS)
    if min(width, height) < MIN_SIDE:
        raise PhotoError(f"{shown} is {width} x {height} pixels; at least {MIN_SIDE} on each side are needed")
    if capped and min(_capped_size(width, height)) < MIN_SIDE:
        raise PhotoError(f"{shown} is {width} x {height} pixels, too long and thin; cut a part out of it")


def _missing_rows(opened: Image.Image, content: bytes, *, cut: bool) -> float:
    """The share of rows that an incomplete file left blank, at its end or, in a BMP, at its start."""
    jpeg = opened.format in ("JPEG", "MPO")
    ended = content[: -len(metadata.JPEG_END)].rstrip(b"\0").endswith(metadata.JPEG_END)
    if not cut and (ended or not jpeg):
        return 0.0
    rows = np.asarray(opened)
    fills = ((JPEG_FILL,) if jpeg else ()) + ((CUT_FILL,) if cut else ())
    return max(_blank(some, fill) for some in (rows, rows[::-1]) for fill in fills) / len(rows)


def _blank(rows: np.ndarray, fill: int) -> int:
    """How many of the first rows hold `fill` alone, give or take rounding."""
    written = (place for place, row in enumerate(rows) if (np.abs(row.astype(float) - fill) > 1).any())
    return next(written, len(rows))


def _capped_size(width: int, height: int) -> tuple[int, int]:
    ratio = min(1.0, MAX_SIDE / max(width, height))
    return round(width * ratio), round(height * ratio)


def _capped(image: Image.Image, width: int, height: int) -> Image.Image:
    """At most MAX_SIDE on the longest side, with the sides' ratio of the original of this size."""
    size = _capped_size(width, height)
    if image.size == size:
        return image
    return image.resize(size, Image.Resampling.LANCZOS if image.mode != "F" else Image.Resampling.BILINEAR)
