"""From any way of storing colours to RGB as a screen shows it, 8 bits a channel."""

import io
from contextlib import suppress
from typing import Final

import numpy as np
from PIL import Image, ImageCms

_SRGB: Final = "sRGB"
# The modes that colours are in when a profile is applied, and the colour space that it must be of.
_SPACES = {"L": "GRAY", "RGB": "RGB ", "CMYK": "CMYK"}


def resizable(picture: Image.Image) -> Image.Image:
    """The same picture in a mode whose neighbouring values can be mixed.

    Places in a palette and a colour that stands for nothing cannot be mixed, and Pillow mixes the two bytes
    of 16-bit values one by one.
    """
    if picture.mode.startswith("I;16"):
        values = np.asarray(picture).astype(np.uint32)
        return Image.fromarray(((values * 255 + 32767) // 65535).astype(np.uint8))
    if picture.mode in ("1", "P", "PA") or (not _is_wide(picture) and picture.has_transparency_data):
        return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    return picture


def to_rgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """RGB in sRGB, on white where the image is transparent.

    Args:
        picture: as `resizable` returns it.
        profile: the ICC profile of its colours, empty for none. One that cannot be used is not used.
    """
    if _is_wide(picture):
        picture = Image.fromarray(_to_8_bit(picture))
    kept = {"LA": "L", "L": "L", "CMYK": "CMYK"}.get(picture.mode, "RGB")
    colours = _managed(picture.convert(kept), profile)
    if not picture.has_transparency_data:
        return colours
    alpha = picture.convert("RGBA").getchannel("A")
    return Image.composite(colours, Image.new("RGB", picture.size, "white"), alpha)


def _managed(picture: Image.Image, profile: bytes) -> Image.Image:
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            fits = meant.profile.xcolor_space == _SPACES[picture.mode]
            if fits and _SRGB not in (meant.profile.profile_description or ""):
                shown = ImageCms.createProfile(_SRGB)
                return ImageCms.profileToProfile(picture, meant, shown, outputMode="RGB") or picture
    return picture.convert("RGB")


def _is_wide(picture: Image.Image) -> bool:
    """Whether a value has more than 8 bits."""
    return picture.mode in ("I", "F")


def _to_8_bit(picture: Image.Image) -> np.ndarray:
    """Any range of numbers -> (H, W) uint8: 16-bit values by their full range, others by their own."""
    values = np.nan_to_num(np.asarray(picture).astype(np.float64), posinf=0, neginf=0)
    low, high = min(0.0, values.min()), values.max()
    if picture.mode == "I" and 255 < high <= 65535:
        top = 65535.0
    else:
        top = max(high, 1.0 if picture.mode == "F" else 255.0)
    return np.clip((values - low) / (top - low) * 255, 0, 255).round().astype(np.uint8)
