"""The colours stay apart for every kind of colour vision, and text on them can be read."""

import itertools
import json

import matplotlib
import numpy as np
import pytest

from pedviz.viz.palette import (
    PEOPLE_COLOURS,
    ROLE_STYLES,
    STYLES_BY_ID,
    DrawingStyle,
    palette_table,
    person_colour,
    rgb,
    text_colour,
)

# Machado, Oliveira and Fernandes, IEEE TVCG 2009, severity 1.0, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def _linear(colour: str) -> np.ndarray:
    channels = np.array(rgb(colour)) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def _lab(linear: np.ndarray) -> np.ndarray:
    """CIE 1976 L*a*b* of linear sRGB under D65."""
    to_xyz = np.array([[0.41246, 0.35758, 0.18044], [0.21267, 0.71515, 0.07217], [0.01933, 0.11919, 0.95030]])
    xyz = to_xyz @ linear.clip(0, 1) / to_xyz.sum(1)
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize(
    "colours",
    [
        pytest.param(PEOPLE_COLOURS, id="people"),
        pytest.param([style.colour for style in ROLE_STYLES.values()], id="roles"),
    ],
)
def test_any_two_colours_can_be_told_apart(colours, vision):
    seen = [_lab(VISION[vision] @ _linear(colour)) for colour in colours]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 12  # 2.3: just noticed


def test_people_take_the_colours_of_okabe_and_ito():
    published = {matplotlib.colors.to_hex(colour) for colour in matplotlib.color_sequences["okabe_ito"]}
    assert set(PEOPLE_COLOURS) == published - {"#000000"}


def test_a_person_keeps_their_colour_and_neighbours_differ():
    assert [person_colour(identity) for identity in range(7)] == list(PEOPLE_COLOURS)
    assert person_colour(7) == person_colour(0)


@pytest.mark.parametrize("colour", PEOPLE_COLOURS)
def test_text_on_a_colour_reaches_wcag_contrast(colour):
    brighter, darker = sorted(
        (np.dot([0.2126, 0.7152, 0.0722], _linear(c)) for c in (colour, text_colour(colour))), reverse=True
    )
    assert (brighter + 0.05) / (darker + 0.05) >= 4.5


def test_every_role_has_its_own_line_pattern():
    assert len({style.dash for style in ROLE_STYLES.values()}) == len(ROLE_STYLES)


def test_the_page_gets_the_whole_palette_as_json():
    table = json.loads(json.dumps(palette_table()))
    assert [person["colour"] for person in table["people"]] == list(PEOPLE_COLOURS)
    assert {role: tuple(style["dash"]) for role, style in table["roles"].items()} == {
        role: style.dash for role, style in ROLE_STYLES.items()
    }
    assert {key: DrawingStyle(**fields) for key, fields in table["styles"].items()} == STYLES_BY_ID
