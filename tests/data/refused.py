"""Makes the files that must be refused: damaged images, bombs, and what only looks like an image."""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from PIL import Image

from tests.data.awkward import encode, scene

NOT_A_PICTURE = "is not an image that can be opened"
DAMAGED = "is damaged or incomplete"
TOO_MANY = "has more than 100 million pixels"
TOO_MANY_TO_DECODE = "has more than 40 million pixels"


@dataclass(frozen=True, kw_only=True)
class Bad:
    """A file that must be refused with a sentence that matches `sentence`."""

    id: str
    make: Callable[[], bytes]
    sentence: str


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


def _bmp_header(width: int, height: int) -> bytes:
    return (
        b"BM"
        + struct.pack("<IHHI", 54, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, *[0] * 6)
    )


def jpeg_header(width: int, height: int) -> bytes:
    """A JPEG that claims a size and holds far fewer pixels."""
    content = bytearray(encode(scene(), "JPEG"))
    place = content.index(b"\xff\xc0") + 5
    content[place : place + 4] = struct.pack(">HH", height, width)
    return bytes(content)


def jpeg_2000_of_one_tile(width: int, height: int) -> bytes:
    """171 bytes that make a reader take 20 bytes for each of the pixels that they claim."""
    content = bytearray(encode(scene(), "JPEG2000", no_jp2=True))
    for place in (8, 24):  # the image and its only tile
        content[place : place + 8] = struct.pack(">II", width, height)
    return bytes(content)


def animated_webp(width: int, height: int) -> bytes:
    """Two small frames on a canvas of a claimed size, of which a reader keeps several copies."""
    frames = [Image.fromarray(scene()), Image.fromarray(255 - scene())]
    content = bytearray(encode(frames[0], "WEBP", save_all=True, append_images=frames[1:]))
    place = content.index(b"VP8X") + 12
    content[place : place + 6] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(content)


def boxed(brand: bytes) -> bytes:
    """The first bytes of a file of the MPEG-4 family: films, HEIC and AVIF images."""
    return (
        struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + b"isom" + brand + b"\0\0\0\x08mdat" + bytes(64)
    )


def noise() -> np.ndarray:
    """(128, 128, 3) uint8 that no format makes much smaller."""
    return np.random.default_rng(0).integers(0, 256, (128, 128, 3), dtype=np.uint8)


def halved(form: str, **options: object) -> bytes:
    """The first two fifths of a file with much in it: most of its rows are missing."""
    content = encode(noise(), form, **options)
    return content[: len(content) * 2 // 5]


def _film(brand: bytes) -> Bad:
    return Bad(id=f"film-{brand.decode().strip()}", make=partial(boxed, brand), sentence="is a video; save")


def _half(form: str, sentence: str = DAMAGED, **options: object) -> Bad:
    return Bad(id=f"half-a-{form.lower()}", make=partial(halved, form, **options), sentence=sentence)


def _bomb(id: str, content: bytes, sentence: str = TOO_MANY) -> Bad:
    return Bad(id=id, make=lambda: content, sentence=sentence)


def _other(id: str, content: bytes, sentence: str = NOT_A_PICTURE) -> Bad:
    return Bad(id=id, make=lambda: content, sentence=sentence)


BAD: tuple[Bad, ...] = (
    _other("nothing", b"", "is empty"),
    _other("one-byte", b"\xff"),
    _other("text", b"Dear photo,\nI am only text.\n"),
    _other("web-page", b"<!doctype html><html><script>alert(1)</script></html>"),
    _other("zip", b"PK\x03\x04" + bytes(60)),
    _other("program", b"\x7fELF" + bytes(60)),
    _other("postscript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n"),
    _other("icon", encode(Image.fromarray(scene()), "ICO")),
    _other("pdf", encode(scene(), "PDF"), "is a PDF document; save"),
    _other("svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is a vector drawing; save"),
    _other("svg-with-a-prologue", b"\xef\xbb\xbf\n<?xml version='1.0'?><svg/>", "is a vector drawing; save"),
    *[_film(brand) for brand in (b"isom", b"iso6", b"mp42", b"qt  ", b"M4V ", b"3gp5", b"avc1")],
    _other("film-matroska", b"\x1a\x45\xdf\xa3" + bytes(60), "is a video; save"),
    _other("film-avi", b"RIFF\x40\0\0\0AVI LIST" + bytes(60), "is a video; save"),
    *[_other(f"heic-{brand.decode()}-without-pixels", boxed(brand), f"{DAMAGED}|{NOT_A_PICTURE}")
      for brand in (b"heic", b"heix", b"mif1")],
    *[_half(form) for form in ("JPEG", "PNG", "BMP", "TIFF", "PPM")],
    _half("WEBP", f"{DAMAGED}|{NOT_A_PICTURE}", lossless=True),
    _half("AVIF", f"{DAMAGED}|{NOT_A_PICTURE}"),
    _half("HEIF", f"{DAMAGED}|{NOT_A_PICTURE}"),
    _other("png-signature-and-noise", b"\x89PNG\r\n\x1a\n" + bytes(range(200)), f"{DAMAGED}|{NOT_A_PICTURE}"),
    _other("png-without-pixels", png_header(64, 48), DAMAGED),
    _bomb("bomb-png", png_header(60_000, 60_000)),
    _bomb("bomb-png-below-pillows-own-limit", png_header(12_000, 12_000)),
    _bomb("bomb-gif", b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x01\0\0;"),
    _bomb("bomb-bmp", _bmp_header(50_000, 50_000)),
    _bomb("bomb-ppm", b"P6 60000 60000 255\n"),
    _bomb("bomb-jpeg", jpeg_header(60_000, 60_000)),
    _bomb("bomb-png-decoded-whole", png_header(8_000, 6_000), TOO_MANY_TO_DECODE),
    _bomb("bomb-webp-decoded-whole", animated_webp(9_999, 9_999), TOO_MANY_TO_DECODE),
    _bomb("bomb-jpeg-2000-decoded-whole", jpeg_2000_of_one_tile(9_999, 9_999), TOO_MANY_TO_DECODE),
    _bomb("bomb-jpeg-too-thin-to-decode-at-a-fraction", jpeg_header(60_000, 1_600), TOO_MANY_TO_DECODE),
    _other("too-narrow", encode(scene(64, 15), "PNG"), "is 15 x 64 pixels; at least 16 on each side"),
    _other("too-low", encode(scene(15, 64), "PNG"), "is 64 x 15 pixels; at least 16 on each side"),
    _other("one-pixel", encode(scene(1, 1), "PNG"), "is 1 x 1 pixels"),
    _other("long-and-thin", encode(scene(20, 20_000), "PNG"), "20000 x 20 pixels, too long and thin"),
    _other("too-large", b"\xff\xd8" + bytes(21 * 2**20), "has 21 MB; photos up to 20 MB"),
)  # fmt: skip
