"""Colours and line patterns, decided once: Python draws with them and the page receives them as JSON.

People take the colours of Okabe and Ito, made to stay apart for every kind of colour vision. Where the
two detectors are compared, a line's pattern says the same as its colour: solid for people that both found.
A drawing style is a record.
"""

from dataclasses import asdict, dataclass
from typing import Literal, TypedDict, cast

from pedviz.metrics.result_types import ComparisonData

PEOPLE_COLOURS: tuple[str, ...] = (
    "#56b4e9",  # sky blue
    "#e69f00",  # orange
    "#009e73",  # bluish green
    "#f0e442",  # yellow
    "#cc79a7",  # reddish purple
    "#d55e00",  # vermilion
    "#0072b2",  # blue
)
REPORT_RED = "#ff0000"
REPORT_GREEN = "#00ff00"
REPORT_BLUE = "#0000ff"
DARK = "#000000"
LIGHT = "#ffffff"

# On light and on dark paper, each at 3:1 against it or better; neighbours differ in brightness too.
VARIANT_COLOURS: tuple[tuple[str, str], ...] = (
    ("#0062a8", "#62b5f0"),  # blue
    ("#b34700", "#f2a25c"),  # orange
    ("#00704f", "#3fcf9c"),  # green
    ("#9c3a78", "#eb9fcb"),  # purple
    ("#7a5d00", "#d9bd3f"),  # yellow
    ("#3d3da8", "#a6a6ff"),  # indigo
)
NEUTRAL = ("#53606d", "#9dabb9")
VARIANT_DASHES: tuple[tuple[float, ...], ...] = ((), (6.0, 3.0), (2.0, 2.0), (8.0, 3.0, 2.0, 3.0))
VARIANT_MARKERS = ("circle", "square", "triangle", "diamond", "cross")


class VariantStyle(TypedDict):
    """A colour on light and on dark paper; dash, lengths in line widths; marker, a shape."""

    light: str
    dark: str
    dash: list[float]
    marker: str


class Inks(TypedDict):
    """Styles that stay apart from each other, in order, and grey for what lies behind."""

    series: list[VariantStyle]
    neutral: VariantStyle


class ComparisonPayload(ComparisonData):
    """What was found about one or two detectors, with what its charts are drawn in."""

    inks: Inks


Role = Literal["a", "b", "both", "truth"]


class PersonColour(TypedDict):
    """A colour, and black or white for text upon it."""

    colour: str
    text: str


class RoleStyle(PersonColour):
    """How the boxes of one role are drawn; dash, lengths of dash and gap in line widths."""

    dash: list[float]


class StyleData(TypedDict):
    """The fields of a `DrawingStyle`."""

    id: str
    mask: str | None
    box: str | None
    text: str | None
    sure_text: str | None
    sure_score: float
    numbered: bool
    prefix: str
    decimals: int
    inset_px: int | None
    stretched: bool
    mask_threshold: float
    opacity: float


class Palette(TypedDict):
    """Colours of people in order, lines by role, and drawing styles by id."""

    people: list[PersonColour]
    roles: dict[Role, RoleStyle]
    styles: dict[str, StyleData]


@dataclass(frozen=True, kw_only=True)
class LineStyle:
    """How a kind of box is drawn.

    Attributes:
        colour: hexadecimal "#rrggbb".
        dash: lengths of dash and gap in line widths, () for a solid line.
    """

    colour: str
    dash: tuple[float, ...] = ()


ROLE_STYLES: dict[Role, LineStyle] = {
    "a": LineStyle(colour="#56b4e9", dash=(6.0, 3.0)),
    "b": LineStyle(colour="#e69f00", dash=(1.5, 2.0)),
    "both": LineStyle(colour="#009e73"),
    "truth": LineStyle(colour="#f0e442", dash=(8.0, 3.0, 1.5, 3.0)),
}


@dataclass(frozen=True, kw_only=True)
class DrawingStyle:
    """How detections are drawn. A colour that is None is the person's own.

    Attributes:
        id: names the style in commands and in the page's state.
        mask, box: hexadecimal colours.
        text: of the label; None for black or white on a plate in the person's colour.
        sure_text: of the label of a score > `sure_score`; None for `text`.
        sure_score: in [0, 1].
        numbered: whether the person's number in the table stands before the score.
        prefix: what else does.
        decimals: of the score.
        inset_px: from the box's corner to the label, pixels inside; None for just inside the line.
        stretched: whether the image is stretched to its own range of values first.
        mask_threshold, opacity: of the masks, in [0, 1], unless the visitor chose others.
    """

    id: str
    mask: str | None = None
    box: str | None = None
    text: str | None = None
    sure_text: str | None = None
    sure_score: float = 1.0
    numbered: bool = False
    prefix: str = ""
    decimals: int = 2
    inset_px: int | None = None
    stretched: bool = False
    mask_threshold: float = 0.5
    opacity: float = 0.45


STYLES: tuple[DrawingStyle, ...] = (
    DrawingStyle(id="plain", numbered=True),
    DrawingStyle(
        id="report_a", mask=REPORT_BLUE, box=REPORT_RED, text=REPORT_RED,
        prefix="pedestrian: ", decimals=3, stretched=True, mask_threshold=0.7, opacity=0.5,
    ),
    DrawingStyle(
        id="report_b", box=REPORT_RED, text=REPORT_RED, sure_text=REPORT_GREEN,
        sure_score=0.90, decimals=4, inset_px=7,
    ),
)  # fmt: skip
STYLES_BY_ID: dict[str, DrawingStyle] = {style.id: style for style in STYLES}


def person_colour(rank: int) -> str:
    """The colour of the person who is at place `rank`, from 0, of a detector's people, best first."""
    return PEOPLE_COLOURS[rank % len(PEOPLE_COLOURS)]


def variant_style(place: int) -> VariantStyle:
    """How charts draw the variant at `place` of the registry: the same everywhere on the site.

    Dash and marker tell apart what a colour alone does not.
    """
    light, dark = VARIANT_COLOURS[place % len(VARIANT_COLOURS)]
    dash = VARIANT_DASHES[place % len(VARIANT_DASHES)]
    return {
        "light": light,
        "dark": dark,
        "dash": list(dash),
        "marker": VARIANT_MARKERS[place % len(VARIANT_MARKERS)],
    }


def chart_inks() -> Inks:
    """How charts draw what is not a variant, such as the parts of a loss."""
    return {
        "series": [variant_style(place) for place in range(len(VARIANT_COLOURS))],
        "neutral": {"light": NEUTRAL[0], "dark": NEUTRAL[1], "dash": [2.0, 2.0], "marker": "square"},
    }


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255, of "#rrggbb"."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def relative_luminance(colour: str) -> float:
    """How bright "#rrggbb" is, in [0, 1]. Source: WCAG 2.2, relative luminance."""
    shares = [channel / 255 for channel in rgb(colour)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def text_colour(background: str) -> str:
    """Black or white, whichever is read better on `background`. Source: WCAG 2.2, contrast ratio."""
    brightness = relative_luminance(background)
    return DARK if (brightness + 0.05) / 0.05 > 1.05 / (brightness + 0.05) else LIGHT


def palette_table() -> Palette:
    """What the page receives as JSON."""
    return {
        "people": [{"colour": colour, "text": text_colour(colour)} for colour in PEOPLE_COLOURS],
        "roles": {
            role: {"colour": style.colour, "text": text_colour(style.colour), "dash": list(style.dash)}
            for role, style in ROLE_STYLES.items()
        },
        "styles": {style.id: cast(StyleData, asdict(style)) for style in STYLES},
    }
