"""From any way of storing colours to RGB as a screen shows it, 8 bits a channel."""

import io
from contextlib import suppress
from typing import Final

import numpy as np
from PIL import Image, ImageCms

_SRGB: Final = "sRGB"
# The modes that colours are in when a profile is applied, and the colour space that it must be of.
_SPACES = {"L": "GRAY", "RGB": "RGB ", "CMYK": "CMYK"}


def resizable(image: Image.Image) -> Image.Image:
    """The same image in a mode whose neighbouring values can be mixed.

    Places in a palette and a colour that stands for nothing cannot be mixed, and Pillow mixes the two bytes
    of 16-bit values one by one.
    """
    if image.mode.startswith("I;16"):
        values = np.asarray(image).astype(np.uint32)
        return Image.fromarray(((values * 255 + 32767) // 65535).astype(np.uint8))
    if image.mode in ("1", "P", "PA") or (not _is_wide(image) and image.has_transparency_data):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def to_rgb(image: Image.Image, profile: bytes) -> Image.Image:
    """RGB in sRGB, on white where the image is transparent.

    Args:
        image: as `resizable` returns it.
        profile: the ICC profile of its colours, empty for none. One that cannot be used is not used.
    """
    if _is_wide(image):
        image = Image.fromarray(_to_8_bit(image))
    kept = {"LA": "L", "L": "L", "CMYK": "CMYK"}.get(image.mode, "RGB")
    colours = _managed(image.convert(kept), profile)
    if not image.has_transparency_data:
        return colours
    alpha = image.convert("RGBA").getchannel("A")
    return Image.composite(colours, Image.new("RGB", image.size, "white"), alpha)


def _managed(image: Image.Image, profile: bytes) -> Image.Image:
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            fits = meant.profile.xcolor_space == _SPACES[image.mode]
            if fits and _SRGB not in (meant.profile.profile_description or ""):
                shown = ImageCms.createProfile(_SRGB)
                return ImageCms.profileToProfile(image, meant, shown, outputMode="RGB") or image
    return image.convert("RGB")


def _is_wide(image: Image.Image) -> bool:
    """Whether a value has more than 8 bits."""
    return image.mode in ("I", "F")


def _to_8_bit(image: Image.Image) -> np.ndarray:
    """Any range of numbers -> (H, W) uint8: 16-bit values by their full range, others by their own."""
    values = np.nan_to_num(np.asarray(image).astype(np.float64), posinf=0, neginf=0)
    low, high = min(0.0, values.min()), values.max()
    if image.mode == "I" and 255 < high <= 65535:
        top = 65535.0
    else:
        top = max(high, 1.0 if image.mode == "F" else 255.0)
    return np.clip((values - low) / (top - low) * 255, 0, 255).round().astype(np.uint8)
