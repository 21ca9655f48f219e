"""Colour profiles against the formulas of their colour spaces, and profiles that cannot be used."""

import struct

import numpy as np
import pytest
from PIL import Image

from pedviz.data.photos import load
from tests.data.awkward import encode, scene

# Red, green, blue (x, y) and exponent; the profile's white is D50, to which its primaries are adapted.
DISPLAY_P3 = ((0.515, 0.241, -0.001), (0.292, 0.692, 0.042), (0.157, 0.067, 0.784), 2.2)
PROPHOTO = ((0.7977, 0.2880, 0.0), (0.1352, 0.7119, 0.0), (0.0313, 0.0001, 0.8249), 1.8)
# XYZ at D50 to linear sRGB. Source: Bruce Lindbloom, Bradford-adapted.
TO_SRGB = np.array(
    [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ]
)


def _profile(space) -> bytes:
    """A matrix profile. Source: ICC.1:2001-04, sections 6.1 and 6.3."""

    def fixed(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(values: tuple[float, float, float]) -> bytes:
        return b"XYZ " + bytes(4) + b"".join(map(fixed, values))

    *primaries, exponent = space
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(exponent * 256)) + bytes(2)
    text = b"a test"
    description = b"desc" + bytes(4) + struct.pack(">I", len(text) + 1) + text + bytes(79 + 3)
    white = xyz((0.9642, 1.0, 0.8249))
    tags = [(b"desc", description), (b"wtpt", white), (b"cprt", b"text" + bytes(4) + b"none\0\0\0\0")]
    tags += [(name, xyz(values)) for name, values in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True)]
    tags += [(name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")]
    place, table, data = 128 + 4 + 12 * len(tags), b"", b""
    for name, body in tags:
        body += bytes(-len(body) % 4)
        table += name + struct.pack(">II", place + len(data), len(body))
        data += body
    rest = struct.pack(">I", len(tags)) + table + data
    head = struct.pack(">I4sI", 128 + len(rest), b"lcms", 0x02100000) + b"mntrRGB XYZ " + bytes(12) + b"acsp"
    head += bytes(28) + fixed(0.9642) + fixed(1.0) + fixed(0.8249)
    return head.ljust(128, b"\0") + rest


def _shown(pixels: np.ndarray, space) -> np.ndarray:
    """What sRGB shows of `pixels` in a colour space, by its formulas."""
    *primaries, exponent = space
    linear = (pixels / 255.0) ** exponent @ np.array(primaries)
    rgb = np.clip(linear @ TO_SRGB.T, 0, 1)
    return np.where(rgb <= 0.0031308, 12.92 * rgb, 1.055 * rgb ** (1 / 2.4) - 0.055) * 255


@pytest.mark.parametrize("space", [DISPLAY_P3, PROPHOTO], ids=["display-p3", "prophoto"])
@pytest.mark.parametrize("form", ["PNG", "TIFF", "WEBP", "JPEG", "HEIF"])
def test_a_profile_is_applied(form, space):
    options = {"lossless": True} if form == "WEBP" else {"quality": 100} if form in ("JPEG", "HEIF") else {}
    colours = scene() // 2 + 60  # within what sRGB can show
    photo = load(encode(colours, form, icc_profile=_profile(space), **options))
    stored = load(encode(colours, form, **options)).pixels
    assert np.abs(photo.pixels - _shown(stored, space)).mean() < 1.5
    assert np.abs(photo.pixels.astype(int) - stored).max() > 8


def test_transparency_and_size_are_kept_beside_a_profile():
    picture = Image.fromarray(np.dstack([scene(300, 3000), np.full((300, 3000), 128, np.uint8)]))
    photo = load(encode(picture, "PNG", icc_profile=_profile(DISPLAY_P3)))
    middle = _shown(scene()[10, 10][None], DISPLAY_P3)[0]
    np.testing.assert_allclose(photo.pixels[30, 30], middle * 128 / 255 + 255 * 127 / 255, atol=2)


@pytest.mark.parametrize("profile", [b"no profile", _profile(DISPLAY_P3)[:200], bytes(400)])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_profile_that_cannot_be_used_costs_nothing(form, profile):
    options = {"lossless": True} if form == "WEBP" else {}
    plain = load(encode(scene(), form, **options)).pixels
    assert np.array_equal(load(encode(scene(), form, icc_profile=profile, **options)).pixels, plain)


def test_a_profile_of_other_colours_is_not_used():
    grey = scene()[:, :, 0]
    assert np.array_equal(
        load(encode(grey, "PNG", icc_profile=_profile(DISPLAY_P3))).pixels, load(encode(grey, "PNG")).pixels
    )
