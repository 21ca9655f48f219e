"""What a photo file says beside its pixels, taken apart byte by byte: nothing it says can cost the pixels.

Pillow reads metadata while it opens a file, and one odd entry ends that. So a JPEG or PNG is given to it
without any, and the two things that matter, how the camera was held and which colours are meant, are read
here.
"""

import zlib
from contextlib import suppress
from dataclasses import dataclass

ORIENTATION_TAG = 0x0112
EXIF_HEADER = b"Exif\0\0"
JPEG_END = b"\xff\xd9"
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_ICC_HEADER = b"ICC_PROFILE\0"
_LARGEST_PROFILE = 2**22  # bytes
LAST_BYTES = 0.005  # of a file: less than that is missing nowhere to be seen
_MORE = 64  # bytes: a decoder of entropy codes may read beyond the zeros that stand for what is missing
_APPLICATION = range(0xE0, 0xF0)
_COMMENT, _EXIF, _PROFILE, _SCAN, _FILL = 0xFE, 0xE1, 0xE2, 0xDA, 0xFF
# Segments of applications that say how colours are coded, and the bytes that they have at least.
_CODING = {0xE0: (b"JFIF\0", 16), 0xEE: (b"Adobe", 16)}
_NUMBER_BYTES = {1: 1, 3: 2, 4: 4}  # EXIF's BYTE, SHORT and LONG


@dataclass(frozen=True, kw_only=True)
class Parts:
    """A file without metadata, and of the metadata what counts; empty where it has none or is unreadable.

    Attributes:
        pixels: a file that decodes to the same pixels.
        exif: an EXIF block, with or without its header.
        profile: an ICC profile.
        absent: the share of the file, 0 to 1, that should follow its last byte; zeros stand there.
    """

    pixels: bytes
    exif: bytes = b""
    profile: bytes = b""
    absent: float = 0.0


def split(content: bytes) -> Parts:
    """Take a JPEG or PNG apart; any other file is all pixels, with zeros where its end is missing."""
    if content.startswith(b"\xff\xd8\xff"):
        return _split_jpeg(content)
    if content.startswith(_PNG_SIGNATURE):
        return _split_png(content)
    if content.startswith(b"RIFF"):
        return _completed_riff(content)
    if content[4:8] in (b"ftyp", b"jP  "):
        return _completed_boxes(content)
    return Parts(pixels=content)


def without_exif_item(content: bytes) -> bytes:
    """A HEIF or AVIF file whose EXIF item has another type, so that nobody reads it."""
    head, mark, data = content.partition(b"mdat")
    return head.replace(b"Exif", b"skip") + mark + data


def orientation(exif: bytes) -> int:
    """How to turn a photo, 1 to 8; 1, as it is, where `exif` says nothing of use.

    Source: EXIF 2.32, tag 0x0112 of the first directory of a TIFF structure.
    """
    tiff = exif.removeprefix(EXIF_HEADER)
    if tiff[:2] not in (b"II", b"MM"):
        return 1

    def number(place: int, size: int) -> int:
        return int.from_bytes(tiff[place : place + size], "little" if tiff[:2] == b"II" else "big")

    first = number(4, 4) + 2
    for entry in range(first, min(first + 12 * number(first - 2, 2), len(tiff) - 11), 12):
        if number(entry, 2) == ORIENTATION_TAG:
            value = number(entry + 8, _NUMBER_BYTES.get(number(entry + 2, 2), 2))
            return value if 1 <= value <= 8 else 1
    return 1


def _split_jpeg(content: bytes) -> Parts:
    """Source: ITU-T T.81, annex B. An end is added: a file may be short of its last bytes."""
    kept, exif, profiles, place = [content[:2]], b"", [], 2
    while content[place : place + 1] == b"\xff" and place + 4 <= len(content):
        marker = content[place + 1]
        if marker == _FILL:
            place += 1
            continue
        if marker == _SCAN or not 0xC0 <= marker <= 0xFE:
            break
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        segment, body = content[place:end], content[place + 4 : end]
        if marker == _EXIF and body.startswith(EXIF_HEADER):
            exif = exif or body
        elif marker == _PROFILE and body.startswith(_ICC_HEADER):
            profiles.append(body[len(_ICC_HEADER) :])
        start, shortest = _CODING.get(marker, (b"", 0))
        codes = start and body.startswith(start) and len(segment) >= shortest
        if codes or marker not in (*_APPLICATION, _COMMENT):
            kept.append(segment)
        place = end
    pixels = b"".join([*kept, content[place:], JPEG_END])
    return Parts(pixels=pixels, exif=exif, profile=b"".join(body[2:] for body in sorted(profiles)))


def _split_png(content: bytes) -> Parts:
    """Source: PNG (third edition), section 5. A chunk whose name begins with a capital is needed."""
    kept, exif, profile, place = [_PNG_SIGNATURE], b"", b"", len(_PNG_SIGNATURE)
    while (kind := content[place + 4 : place + 8]).isalpha():
        end = place + 12 + int.from_bytes(content[place : place + 4], "big")
        chunk, body = content[place:end], content[place + 8 : end - 4]
        whole = zlib.crc32(kind + body) == int.from_bytes(content[end - 4 : end], "big")
        if kind == b"eXIf":
            exif = body
        elif kind == b"iCCP":
            profile = _inflated(body.partition(b"\0")[2][1:])
        elif kind[:1].isupper() or (kind == b"tRNS" and whole):
            kept.append(chunk)
        place = end
    return Parts(pixels=b"".join([*kept, content[place:]]), exif=exif, profile=profile)


def _completed_riff(content: bytes) -> Parts:
    """A WebP ends with a whole chunk. Source: RFC 9649, section 2."""
    place = end = 12
    while end < len(content):
        place, size = end, int.from_bytes(content[end + 4 : end + 8], "little")
        end = place + 8 + size + size % 2
    absent = end - len(content)
    if not 0 < absent <= len(content):
        return Parts(pixels=content)
    body = content[place + 8 :] + bytes(absent + _MORE)
    chunks = content[12 : place + 4] + len(body).to_bytes(4, "little") + body
    whole = b"RIFF" + (4 + len(chunks)).to_bytes(4, "little") + content[8:12] + chunks
    return Parts(pixels=whole, absent=absent / end)


def _completed_boxes(content: bytes) -> Parts:
    """A HEIF, AVIF or JPEG 2000 ends with a whole box; where more than its last bytes are missing, little of
    the picture is right. Source: ISO/IEC 14496-12, section 4.2.
    """
    end = 0
    while end + 8 <= len(content):
        size = int.from_bytes(content[end : end + 4], "big")
        if size == 1:  # it stands after the name
            size = int.from_bytes(content[end + 8 : end + 16], "big")
        if size < 8:  # 0: up to wherever the file ends
            return Parts(pixels=content)
        end += size
    absent = end - len(content)
    few = 0 < absent < LAST_BYTES * end
    return Parts(pixels=content + bytes(absent) if few else content)


def _inflated(data: bytes) -> bytes:
    with suppress(zlib.error):
        return zlib.decompressobj().decompress(data, _LARGEST_PROFILE)
    return b""
