"""Makes the awkward images that visitors bring, in every form that must be shown.

Nothing is stored: each case is a few lines that write its bytes, so a reader sees what is awkward about it.
"""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pillow_heif
from PIL import Image, ImageOps

pillow_heif.register_heif_opener()  # to write HEIC; reading registers it by itself

ORIENTATION = 0x0112
HEIGHT, WIDTH = 48, 64
# Lossy formats keep flat areas within a few grey values of the original.
LOSSY = 6.0


def scene(height: int = HEIGHT, width: int = WIDTH) -> np.ndarray:
    """(H, W, 3) uint8: four quarters that differ, so that no turn or flip goes unseen."""
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = 220, 40, 40
    pixels[: height // 2, width // 2 :] = 40, 180, 60
    pixels[height // 2 :, : width // 2] = 50, 70, 200
    pixels[height // 2 :, width // 2 :] = 230, 210, 90
    return pixels


def ramp() -> np.ndarray:
    """(H, W) float64: 0 at the left, 1 at the right."""
    return np.tile(np.linspace(0, 1, WIDTH), (HEIGHT, 1))


def grey(values: np.ndarray) -> np.ndarray:
    """(H, W) from 0 to 1 -> (H, W, 3) uint8."""
    return np.repeat((values * 255).round().astype(np.uint8)[:, :, None], 3, axis=2)


def encode(picture: np.ndarray | Image.Image, form: str, **options: object) -> bytes:
    """The bytes of an image file."""
    buffer = io.BytesIO()
    picture = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    picture.save(buffer, form, **options)
    return buffer.getvalue()


@dataclass(frozen=True, kw_only=True)
class Good:
    """A file to be shown: its bytes, and its pixels, within `tolerance` grey values on average."""

    id: str
    make: Callable[[], bytes]
    expected: Callable[[], np.ndarray]
    tolerance: float = 0.0


def turned(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """What the EXIF standard wants shown for a stored image with this orientation."""
    return {
        1: pixels,
        2: pixels[:, ::-1],
        3: pixels[::-1, ::-1],
        4: pixels[::-1],
        5: pixels.swapaxes(0, 1),
        6: np.rot90(pixels, -1),
        7: pixels[::-1, ::-1].swapaxes(0, 1),
        8: np.rot90(pixels, 1),
    }[orientation]


def oriented(
    form: str, orientation: int, *, height: int = HEIGHT, width: int = WIDTH, **options: object
) -> bytes:
    """The scene as it is, with a tag that says how to turn it."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return encode(scene(height, width), form, exif=exif, **options)


def _oriented_cases() -> list[Good]:
    forms = {
        "JPEG": {"quality": 95},
        "PNG": {},
        "WEBP": {"lossless": True},
        "TIFF": {},
        "AVIF": {"quality": 90},
    }
    return [
        Good(
            id=f"{form.lower()}-orientation-{orientation}",
            make=partial(oriented, form, orientation, **options),
            expected=lambda orientation=orientation: turned(scene(), orientation),
            tolerance=LOSSY if form in ("JPEG", "AVIF") else 0,
        )
        for form, options in forms.items()
        for orientation in range(1, 9)
    ]  # fmt: skip


def _see_through(mode: str) -> Image.Image:
    """Left third opaque, middle third nearly half transparent, right third invisible."""
    alpha = np.repeat(np.array([255, 127, 0], np.uint8), WIDTH // 3)
    alpha = np.tile(np.pad(alpha, (0, WIDTH - len(alpha))), (HEIGHT, 1))
    return Image.fromarray(np.dstack([np.zeros_like(scene()), alpha])).convert(mode)


def _behind_black() -> np.ndarray:
    """Black of `_see_through` on white paper."""
    return 255 - np.asarray(_see_through("RGBA"))[:, :, 3:].repeat(3, axis=2)


def _palette(*, transparent: bool) -> bytes:
    picture = Image.fromarray(scene()).quantize(4, dither=Image.Dither.NONE)
    options = {"transparency": picture.getpixel((0, 0))} if transparent else {}
    return encode(picture, "PNG", **options)


def _red_gone() -> np.ndarray:
    pixels = scene()
    pixels[: HEIGHT // 2, : WIDTH // 2] = 255
    return pixels


def _animation(form: str, **options: object) -> bytes:
    second = Image.fromarray(255 - scene())
    return encode(scene(), form, save_all=True, append_images=[second], duration=100, **options)


def _sixteen_bit(form: str) -> bytes:
    return encode((ramp() * 65535).round().astype(np.uint16), form)


def sixteen_bit_tiff(order: str, *, height: int = HEIGHT, width: int = WIDTH) -> bytes:
    """A ramp; by hand, because Pillow writes little-endian only. `order` is "<" or, as Macs do it, ">"."""
    row = (np.linspace(0, 1, width) * 65535).round().astype(f"{order}u2")
    values = np.tile(row, (height, 1)).tobytes()
    tags = [(256, 3, width), (257, 3, height), (258, 3, 16), (259, 3, 1), (262, 3, 1), (273, 4, 8),
            (277, 3, 1), (278, 3, height), (279, 4, len(values))]  # fmt: skip
    entries = b"".join(
        struct.pack(f"{order}HHI", tag, kind, 1)
        + (struct.pack(f"{order}HH", value, 0) if kind == 3 else struct.pack(f"{order}I", value))
        for tag, kind, value in tags
    )
    mark = b"MM" if order == ">" else b"II"
    head = struct.pack(f"{order}2sHI", mark, 42, 8 + len(values))
    return head + values + struct.pack(f"{order}H", len(tags)) + entries + bytes(4)


def _cmyk(form: str) -> bytes:
    return encode(
        Image.fromarray(scene()).convert("CMYK"), form, **({"quality": 95} if form == "JPEG" else {})
    )


def _one_bit() -> Image.Image:
    return Image.fromarray(scene()[:, :, 0] > 128)


def _avif_by_its_family_name() -> bytes:
    """An AVIF that calls itself mif1, as HEIC images do too, and names avif in second place only."""
    content = encode(scene(), "AVIF", quality=90)
    return content[:8] + b"mif1" + content[12:]


def _scene_case(id: str, form: str, tolerance: float = 0.0, **options: object) -> Good:
    return Good(id=id, make=lambda: encode(scene(), form, **options), expected=scene, tolerance=tolerance)


def _as_shown_by_pillow(make: Callable[[], bytes]) -> np.ndarray:
    """What Pillow alone makes of a file without transparency whose shown colours are not obvious."""
    return np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(make()))).convert("RGB"))


GOOD: tuple[Good, ...] = (
    *_oriented_cases(),
    _scene_case("jpeg-progressive", "JPEG", LOSSY, quality=95, progressive=True),
    _scene_case("jpeg-of-a-stereo-camera", "MPO", LOSSY, quality=95, save_all=True,
                append_images=[Image.fromarray(255 - scene())]),
    _scene_case("jpeg-2000", "JPEG2000"),
    _scene_case("jpeg-2000-codestream", "JPEG2000", no_jp2=True),
    _scene_case("webp-lossy", "WEBP", LOSSY, quality=95),
    _scene_case("avif", "AVIF", LOSSY, quality=90),
    Good(id="avif-by-its-family-name", make=_avif_by_its_family_name, expected=scene, tolerance=LOSSY),
    _scene_case("heic", "HEIF", LOSSY, quality=90),
    _scene_case("bmp", "BMP"),
    _scene_case("dib", "DIB"),
    _scene_case("ppm", "PPM"),
    _scene_case("gif", "GIF"),
    _scene_case("tiff-lzw", "TIFF", compression="tiff_lzw"),
    _scene_case("tiff-jpeg", "TIFF", LOSSY, compression="jpeg"),
    _scene_case("tiff-of-many-pages", "TIFF", save_all=True, append_images=[Image.fromarray(255 - scene())]),
    Good(id="gif-animated", make=partial(_animation, "GIF"), expected=scene),
    Good(id="webp-animated", make=partial(_animation, "WEBP", lossless=True), expected=scene),
    Good(id="png-animated", make=partial(_animation, "PNG"), expected=scene),
    Good(id="png-alpha", make=lambda: encode(_see_through("RGBA"), "PNG"), expected=_behind_black),
    Good(id="png-grey-alpha", make=lambda: encode(_see_through("LA"), "PNG"), expected=_behind_black),
    Good(id="webp-alpha", make=lambda: encode(_see_through("RGBA"), "WEBP", lossless=True, exact=True),
         expected=_behind_black),
    Good(id="tiff-alpha", make=lambda: encode(_see_through("RGBA"), "TIFF"), expected=_behind_black),
    Good(id="png-palette", make=partial(_palette, transparent=False), expected=scene),
    Good(id="png-palette-transparent", make=partial(_palette, transparent=True), expected=_red_gone),
    Good(id="png-transparent-colour", expected=_red_gone,
         make=lambda: encode(scene(), "PNG", transparency=tuple(int(v) for v in scene()[0, 0]))),
    Good(id="png-grey", make=lambda: encode(grey(ramp())[:, :, 0], "PNG"), expected=lambda: grey(ramp())),
    Good(id="jpeg-grey", make=lambda: encode(grey(ramp())[:, :, 0], "JPEG", quality=95),
         expected=lambda: grey(ramp()), tolerance=LOSSY),
    Good(id="png-one-bit", make=lambda: encode(_one_bit(), "PNG"),
         expected=lambda: np.asarray(_one_bit().convert("RGB"))),
    Good(id="tiff-fax", make=lambda: encode(_one_bit(), "TIFF", compression="group4"),
         expected=lambda: np.asarray(_one_bit().convert("RGB"))),
    Good(id="jpeg-cmyk", make=partial(_cmyk, "JPEG"), tolerance=LOSSY,
         expected=lambda: _as_shown_by_pillow(partial(_cmyk, "JPEG"))),
    Good(id="tiff-cmyk", make=partial(_cmyk, "TIFF"), expected=scene, tolerance=1),
    Good(id="png-16-bit", make=partial(_sixteen_bit, "PNG"), expected=lambda: grey(ramp()), tolerance=0.5),
    Good(id="tiff-16-bit", make=partial(_sixteen_bit, "TIFF"), expected=lambda: grey(ramp()), tolerance=0.5),
    Good(id="tiff-16-bit-big-endian", make=lambda: sixteen_bit_tiff(">"),
         expected=lambda: grey(ramp()), tolerance=0.5),
    Good(id="png-16-bit-dark", make=lambda: encode(np.full((HEIGHT, WIDTH), 250, np.uint16), "PNG"),
         expected=lambda: np.full((HEIGHT, WIDTH, 3), 1, np.uint8)),
    Good(id="tiff-32-bit-integer", make=lambda: encode((ramp() * 2e9).astype(np.int32), "TIFF"),
         expected=lambda: grey(ramp()), tolerance=0.5),
    Good(id="tiff-float", make=lambda: encode(ramp().astype(np.float32), "TIFF"),
         expected=lambda: grey(ramp()), tolerance=0.5),
    Good(id="tiff-float-below-zero", make=lambda: encode((ramp() * 4 - 2).astype(np.float32), "TIFF"),
         expected=lambda: grey(ramp()), tolerance=0.5),
    Good(id="tiff-float-without-values",
         make=lambda: encode(np.full((HEIGHT, WIDTH), np.nan, np.float32), "TIFF"),
         expected=lambda: np.zeros((HEIGHT, WIDTH, 3), np.uint8)),
    Good(id="smallest", make=lambda: encode(scene(16, 16), "PNG"), expected=lambda: scene(16, 16)),
)  # fmt: skip
