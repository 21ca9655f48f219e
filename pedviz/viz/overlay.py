"""Detections drawn on their image. Arrays in, an image out; nothing is shown or saved here.

H x W pixels of the image.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pedviz.theory.masks import paste_person
from pedviz.types import Detections
from pedviz.viz.palette import DARK, STYLES_BY_ID, DrawingStyle, person_colour, rgb, text_colour

PARTS = ("masks", "boxes", "labels")
PIXELS_A_LINE = 400  # of the longer side for one pixel of line width
THINNEST_LINE = 2
PIXELS_A_LETTER = 60  # of the longer side for one pixel of letter height
SMALLEST_LETTER = 12
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True, kw_only=True)
class _Pen:
    """Where one person's box and label go, in whole pixels of the image."""

    colour: str
    number: int
    score: float
    left: int
    top: int
    right: int
    bottom: int


def draw(
    pixels: np.ndarray,
    detections: Detections,
    *,
    style: str = "plain",
    mask_threshold: float | None = None,
    opacity: float | None = None,
    show: Collection[str] = PARTS,
) -> Image.Image:
    """Draw people on their image, the best score on top.

    Colours go by rank: a lower score threshold adds people and recolours nobody.

    Args:
        pixels: (H, W, 3) uint8, RGB; stays as it is.
        detections: the view to draw, in pixels of `pixels`.
        style: the id of one of `pedviz.viz.palette.STYLES`.
        mask_threshold: a pixel belongs to a person where its probability is > this; None: the style's.
        opacity: of the masks, in [0, 1]; None: the style's.
        show: which of `PARTS`.

    Returns:
        An RGB image of W x H pixels.

    Raises:
        ValueError: the detections are of an image of another size, or there is no such style or part.
    """
    if pixels.shape != (*detections.image_size, 3):
        raise ValueError(f"expected an image {(*detections.image_size, 3)}, got {pixels.shape}")
    if style not in STYLES_BY_ID or not set(show) <= set(PARTS):
        raise ValueError(
            f"expected a style of {', '.join(STYLES_BY_ID)} and parts of {PARTS}, got {style}, {show}"
        )
    rules = STYLES_BY_ID[style]
    image = stretch(pixels) if rules.stretched else pixels
    if "masks" in show:
        threshold = rules.mask_threshold if mask_threshold is None else mask_threshold
        image = _with_masks(
            image,
            detections,
            rules,
            threshold=threshold,
            opacity=rules.opacity if opacity is None else opacity,
        )
    drawn = Image.fromarray(image)
    for pen in _pens(detections):
        if "boxes" in show:
            _draw_box(drawn, pen, rules)
        if "labels" in show:
            _draw_label(drawn, pen, rules)
    return drawn


def stretch(pixels: np.ndarray) -> np.ndarray:
    """The image with its darkest value at 0 and its brightest at 255; one of a single value stays.

    Args: pixels, (H, W, 3) uint8.
    Returns: (H, W, 3) uint8.
    """
    low, high = int(pixels.min()), int(pixels.max())
    if low == high:
        return pixels
    return (np.float32(255) * (pixels - low) / np.float32(high - low)).astype(np.uint8)


def _with_masks(
    pixels: np.ndarray, detections: Detections, rules: DrawingStyle, *, threshold: float, opacity: float
) -> np.ndarray:
    """Every mask in its colour, blended once, so that two masks of one colour are no darker than one."""
    layer = pixels.copy()
    for place in reversed(range(len(detections))):
        mask, (x1, y1, x2, y2) = paste_person(detections, place, mask_threshold=threshold)
        layer[y1:y2, x1:x2][mask] = rgb(rules.mask or person_colour(place))
    share = np.float32(opacity)
    return (pixels * (1 - share) + layer * share).astype(np.uint8)


def _pens(detections: Detections) -> Iterator[_Pen]:
    """One for each person, worst score first."""
    height, width = detections.image_size
    for place in reversed(range(len(detections))):
        x1, y1, x2, y2 = detections.boxes_xyxy[place].tolist()
        left, top = (min(max(int(edge), 0), size - 1) for edge, size in ((x1, width), (y1, height)))
        yield _Pen(
            colour=person_colour(place),
            number=place + 1,
            score=float(detections.scores[place]),
            left=left,
            top=top,
            right=max(left, min(int(np.ceil(x2)), width) - 1),
            bottom=max(top, min(int(np.ceil(y2)), height) - 1),
        )


def _line_width(image: Image.Image) -> int:
    return max(THINNEST_LINE, round(max(image.size) / PIXELS_A_LINE))


def _draw_box(image: Image.Image, pen: _Pen, rules: DrawingStyle) -> None:
    """The box; the person's own colour gets a dark casing, to be seen on any image."""
    canvas, width = ImageDraw.Draw(image), _line_width(image)
    if rules.box is None:
        around = (pen.left - 1, pen.top - 1, pen.right + 1, pen.bottom + 1)
        canvas.rectangle(around, outline=DARK, width=width + 2)
    box = (pen.left, pen.top, pen.right, pen.bottom)
    canvas.rectangle(box, outline=rules.box or pen.colour, width=width)


def _draw_label(image: Image.Image, pen: _Pen, rules: DrawingStyle) -> None:
    canvas, width = ImageDraw.Draw(image), _line_width(image)
    font = ImageFont.load_default(max(SMALLEST_LETTER, round(max(image.size) / PIXELS_A_LETTER)))
    number = f"{pen.number} · " if rules.numbered else ""
    text = f"{number}{rules.prefix}{pen.score:.{rules.decimals}f}"
    if rules.text is None:
        _draw_plate(canvas, pen, text=text, font=font)
        return
    inset = width + 1 if rules.inset_px is None else rules.inset_px
    sure = rules.sure_text is not None and pen.score > rules.sure_score
    place = (pen.left + inset, pen.top + inset)
    canvas.text(place, text, fill=rules.sure_text if sure else rules.text, font=font, anchor="lt")


def _draw_plate(canvas: ImageDraw.ImageDraw, pen: _Pen, *, text: str, font: Font) -> None:
    """The label on a plate in the person's colour: above the box, or inside where there is no room."""
    _, _, text_width, text_height = canvas.textbbox((0, 0), text, font=font, anchor="lt")
    margin = max(2, text_height // 4)
    width, height = text_width + 2 * margin, text_height + 2 * margin
    left = max(0, min(pen.left, canvas.im.size[0] - width))
    top = pen.top - height if pen.top >= height else pen.top
    canvas.rectangle((left, top, left + width - 1, top + height - 1), fill=pen.colour)
    canvas.text((left + margin, top + margin), text, fill=text_colour(pen.colour), font=font, anchor="lt")
