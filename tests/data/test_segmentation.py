"""Oracle: pycocotools, where what it is given is sound."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask as mask_tools

from pedviz.data.segmentation import decode
from pedviz.errors import PedvizError

SIZE = (8, 10)
NAN = float("nan")


@given(height=st.integers(1, 40), width=st.integers(1, 40), share=st.floats(0, 1), seed=st.integers(0, 99))
def test_run_lengths_are_pycocotools_mask(height, width, share, seed):
    mask = np.random.default_rng(seed).random((height, width)) < share
    text = mask_tools.encode(np.asfortranarray(mask.astype(np.uint8)))["counts"].decode()
    edges = [0, *np.flatnonzero(np.diff(mask.T.ravel(), prepend=False)), mask.size]
    lengths = np.diff(edges).tolist()
    for counts in (text, lengths):
        assert (decode({"size": [height, width], "counts": counts}, size=(height, width)) == mask).all()


@given(points=st.lists(st.tuples(st.floats(-10, 20), st.floats(-8, 16)), min_size=3, max_size=9))
def test_polygons_are_pycocotools_mask(points):
    polygon = [edge for point in points for edge in point]
    theirs = mask_tools.decode(mask_tools.merge(mask_tools.frPyObjects([polygon], *SIZE)))
    assert (decode([polygon], size=SIZE) == theirs).all()


@pytest.mark.parametrize(
    ("segmentation", "said"),
    [
        pytest.param("a mask", "expected polygons or run lengths", id="text"),
        pytest.param({"size": [8, 10]}, "expected polygons or run lengths", id="no counts"),
        pytest.param({"counts": [80]}, "its size is None", id="no size"),
        pytest.param({"size": [10, 8], "counts": [80]}, r"its size is \[10, 8\]", id="another size"),
        pytest.param({"size": [8, 10], "counts": [3, 2]}, "do not add up", id="too few pixels"),
        pytest.param({"size": [8, 10], "counts": [40, 50]}, "do not add up", id="too many pixels"),
        pytest.param({"size": [8, 10], "counts": [90, -10]}, "do not add up", id="backwards"),
        pytest.param({"size": [8, 10], "counts": [40.5, 39.5]}, "do not add up", id="fractions"),
        pytest.param({"size": [8, 10], "counts": ["a"]}, "do not add up", id="letters"),
        pytest.param({"size": [8, 10], "counts": ""}, "do not add up", id="empty text"),
        pytest.param(
            {"size": [8, 10], "counts": "é~~~~~~~~~~~~~~~"}, "do not add up", id="text of another kind"
        ),
        pytest.param([[1, 1, 5, 5]], "3 points or more", id="two points"),
        pytest.param([[1, 1, 5, 5, 3, 2, 1]], "3 points or more", id="half a point"),
        pytest.param([1, 1, 5, 5, 3, 2], "3 points or more", id="numbers alone"),
        pytest.param([["a", 1, 5, 5, 3, 2]], "could not convert", id="no number"),
        pytest.param([[NAN, 1, 5, 5, 3, 2]], "outside the image", id="nan"),
        pytest.param([[1e9, 1, 5, 5, 3, 2]], "outside the image", id="far away"),
    ],
)
def test_what_cannot_be_a_mask_is_refused(segmentation, said):
    with pytest.raises(ValueError, match=said):
        decode(segmentation, size=SIZE)


def test_polygons_without_pycocotools_say_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pycocotools", None)
    assert decode({"size": [2, 2], "counts": [1, 3]}, size=(2, 2)).sum() == 3
    with pytest.raises(PedvizError, match="pip install pycocotools"):
        decode([[1, 1, 5, 5, 3, 2]], size=SIZE)
