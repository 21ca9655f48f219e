"""What a file says beside its pixels turns and colours them, and can never cost them."""

import random
import struct
import zlib

import numpy as np
import pytest
from PIL import ExifTags, Image

from pedviz.data.metadata import EXIF_HEADER, orientation, split
from pedviz.data.photos import load
from tests.data.awkward import LOSSY, encode, scene, turned
from tests.data.refused import png_header

MUTATIONS, BLOCK = 10_000, 70  # bytes that every format keeps of the block
TIFF_HEADER = b"MM\0*"
FORMS = {"JPEG": {"quality": 95}, "PNG": {}, "WEBP": {"lossless": True}, "AVIF": {"quality": 90}, "HEIF": {}}


def _exif(value: int = 6) -> bytes:
    """A block as cameras write it, with entries of every type."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Maker"
    exif[ExifTags.Base.Orientation] = value
    exif[ExifTags.Base.XResolution] = 72.0
    exif[ExifTags.Base.ResolutionUnit] = 2
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.ExposureTime] = 0.01
    exif.get_ifd(ExifTags.IFD.GPSInfo)[2] = (48.0, 8.0, 0.5)
    return exif.tobytes()


def _with_text_for(tag: int, content: bytes) -> bytes:
    """The entry of `tag` says that it is text, as broken editors write it."""
    place = content.index(struct.pack(">H", tag), content.index(TIFF_HEADER))
    return content[: place + 2] + struct.pack(">H", 2) + content[place + 4 :]


def _mutated(content: bytes, draw: random.Random) -> bytes:
    """Some of the first bytes of the block in `content` are others."""
    start, changed = content.index(TIFF_HEADER), bytearray(content)
    for _ in range(draw.randint(1, 6)):
        changed[start + draw.randrange(BLOCK)] = draw.randrange(256)
    return bytes(changed)


@pytest.mark.parametrize("value", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 65535])
def test_orientation_is_what_pillow_reads(value):
    block = _exif(value)
    theirs = Image.Exif()
    theirs.load(block)
    assert orientation(block) == (theirs[ExifTags.Base.Orientation] if 1 <= value <= 8 else 1)
    assert orientation(block.removeprefix(EXIF_HEADER)) == orientation(block)


@pytest.mark.parametrize(
    "block", [b"", b"MM", b"II*\0\xff\xff\xff\xff", EXIF_HEADER, b"II*\0\x08\0\0\0\xff\xff"]
)
def test_a_block_that_says_nothing_turns_nothing(block):
    assert orientation(block) == 1


def test_ten_thousand_mutations_leave_the_pixels_as_they_are():
    """The bytes that are decoded are the same, so the pixels are; and any block gives an orientation."""
    draw, block = random.Random(0), _exif()
    files = {form: encode(scene(), form) for form in ("JPEG", "PNG")}
    plain = {form: split(content).pixels for form, content in files.items()}
    for number in range(MUTATIONS):
        form = ("JPEG", "PNG")[number % 2]
        mutated = _mutated(block, draw)
        parts = split(_with_block(form, mutated, files[form]))
        assert parts.pixels == plain[form]
        assert parts.exif.removeprefix(EXIF_HEADER) == mutated.removeprefix(EXIF_HEADER)
        assert 1 <= orientation(parts.exif) <= 8


def _with_block(form: str, block: bytes, plain: bytes) -> bytes:
    """A file with an EXIF block right after its start."""
    if form == "JPEG":
        return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + plain[2:]
    return plain[:33] + _chunk(b"eXIf", block.removeprefix(EXIF_HEADER)) + plain[33:]


def _written(form: str, block: bytes) -> bytes:
    if form == "PNG":  # whose checksum would tell
        return _with_block(form, block, encode(scene(), form))
    return encode(scene(), form, exif=block, **FORMS[form])


@pytest.mark.parametrize("form", FORMS)
def test_mutated_blocks_in_any_format_cost_nothing(form):
    draw, block = random.Random(1), _exif(1)
    written = _written(form, block)
    for _ in range(60):
        content = _written(form, _mutated(block, draw)) if form == "PNG" else _mutated(written, draw)
        pixels = load(content).pixels
        best = min(
            float(np.abs(pixels.astype(float) - turned(scene(), turn)).mean())
            for turn in range(1, 9)
            if turned(scene(), turn).shape == pixels.shape
        )
        assert best <= LOSSY


@pytest.mark.parametrize("tag", [ExifTags.Base.ResolutionUnit, ExifTags.Base.XResolution])
@pytest.mark.parametrize("form", FORMS)
def test_an_entry_of_the_wrong_type_costs_nothing(form, tag):
    block = _exif(1 if form == "HEIF" else 6)  # a HEIF is turned by its own property alone
    if form == "PNG":
        content = _written(form, _with_text_for(tag, block))
    else:
        content = _with_text_for(tag, _written(form, block))
    expected = scene() if form == "HEIF" else turned(scene(), 6)
    pixels = load(content).pixels
    assert pixels.shape == expected.shape
    assert np.abs(pixels.astype(float) - expected).mean() <= LOSSY


def _chunk(kind: bytes, body: bytes, *, checksum: int | None = None) -> bytes:
    right = zlib.crc32(kind + body)
    return (
        struct.pack(">I", len(body))
        + kind
        + body
        + struct.pack(">I", right if checksum is None else checksum)
    )


@pytest.mark.parametrize(
    "chunk",
    [
        pytest.param(_chunk(b"tEXt", b"Title\0A text", checksum=1), id="text-with-a-bad-checksum"),
        pytest.param(_chunk(b"iCCP", b"x\0\x07not zlib", checksum=1), id="profile-with-a-bad-checksum"),
        pytest.param(_chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(2**25))), id="profile-that-is-a-bomb"),
        pytest.param(_chunk(b"tRNS", b"\1", checksum=1), id="transparency-with-a-bad-checksum"),
        pytest.param(_chunk(b"pHYs", b"\1"), id="resolution-of-one-byte"),
    ],
)
def test_an_odd_chunk_of_a_png_costs_nothing(chunk):
    plain = encode(scene(), "PNG")
    assert np.array_equal(load(plain[:33] + chunk + plain[33:]).pixels, scene())


@pytest.mark.parametrize(
    "segment",
    [
        pytest.param(b"\xff\xe0\0\x07JFIF\0", id="short-jfif"),
        pytest.param(b"\xff\xee\0\x07Adobe", id="short-adobe"),
        pytest.param(b"\xff\xe2\0\x0eICC_PROFILE\0", id="short-profile"),
        pytest.param(b"\xff\xed\0\x13Photoshop 3.0\x008BI", id="short-photoshop"),
        pytest.param(b"\xff\xe2\0\x08MPF\0\xff\xff", id="short-multi-picture"),
        pytest.param(b"\xff\xff\xff\xfe\0\x04hi", id="filled-comment"),
    ],
)
def test_an_odd_segment_of_a_jpeg_costs_nothing(segment):
    plain = encode(scene(), "JPEG", quality=95)
    assert np.array_equal(load(plain[:2] + segment + plain[2:]).pixels, load(plain).pixels)


def test_a_file_that_is_only_a_start_is_all_pixels():
    for content in (
        b"",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe1\xff",
        b"\x89PNG\r\n\x1a\n",
        png_header(64, 48)[:30],
    ):
        assert split(content).pixels.startswith(content)
