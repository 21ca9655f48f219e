"""Whatever the bytes: a photo or a PhotoError, no other exception and no warning (those are errors here)."""

import contextlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pedviz.data.decoding import MAX_SIDE
from pedviz.data.photos import load
from pedviz.errors import PhotoError
from tests.data.awkward import GOOD

ONE_OF_EACH = {case.id: case.make() for case in GOOD if not case.id.endswith(tuple("2345678"))}
SIGNATURES = sorted({content[:size] for content in ONE_OF_EACH.values() for size in (4, 16, 60)})
QUICK = settings(derandomize=True, deadline=None, max_examples=400, database=None)


def _is_photo_or_refused(content: bytes) -> None:
    with contextlib.suppress(PhotoError):
        photo = load(content)
        assert photo.pixels.dtype == np.uint8
        assert photo.pixels.ndim == 3
        assert 16 <= min(photo.pixels.shape[:2]) <= max(photo.pixels.shape[:2]) <= MAX_SIDE


@QUICK
@given(st.sampled_from([b"", *SIGNATURES]), st.binary(max_size=400))
def test_noise_is_refused(signature: bytes, noise: bytes):
    _is_photo_or_refused(signature + noise)


@st.composite
def _damaged(draw: st.DrawFn) -> bytes:
    """A real file with some bytes changed, cut out or put in, most of them near its start."""
    content = bytearray(draw(st.sampled_from(sorted(ONE_OF_EACH.values()))))
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, min(len(content), draw(st.sampled_from([64, 300, 10_000])))))
        content[place : place + draw(st.integers(0, 8))] = draw(st.binary(max_size=8))
    return bytes(content)


@QUICK
@given(_damaged())
def test_damaged_pictures_are_shown_or_refused(content: bytes):
    _is_photo_or_refused(content)


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_a_picture_cut_off_anywhere_is_shown_or_refused(name):
    content = ONE_OF_EACH[name]
    for length in {*range(0, min(len(content), 200), 7), *np.linspace(0, len(content), 40).astype(int)}:
        _is_photo_or_refused(content[:length])


@pytest.mark.parametrize("place", range(0, 300, 4))
def test_an_avif_with_a_wrong_byte_is_shown_or_refused(place):
    content = bytearray(ONE_OF_EACH["avif"])
    content[place] ^= 0xFF
    _is_photo_or_refused(bytes(content))
