"""Settings, prose and painted cells, the parts that every lesson is made of."""

import numpy as np
import pytest

from pedviz.lessons.cells import EMPTY, SIDE, pack_cells
from pedviz.lessons.iou_masks import mask_box
from pedviz.lessons.prose import read_sections
from pedviz.lessons.settings import Choice, Flag, Number, Numbers, Text

BOX = Numbers(key="a", label="A", default=(0, 1), low=0, high=9, step=1, names=("x", "y"))
LIST = Numbers(key="l", label="L", default=(1,), low=0, high=1, step=1, shortest=0, longest=3)


@pytest.mark.parametrize(
    ("setting", "ends"),
    [
        pytest.param(
            Text(key="t", label="T", default="", pattern="x*", examples=("xx",)), ("xx",), id="text"
        ),
        pytest.param(Number(key="n", label="N", default=1, low=0, high=5, step=1), (0, 5), id="number"),
        pytest.param(BOX, ((0, 0), (9, 9)), id="as many as the default"),
        pytest.param(LIST, ((), (), (0, 0, 0), (1, 1, 1)), id="shortest and longest list"),
        pytest.param(Flag(key="f", label="F"), (False, True), id="flag"),
        pytest.param(
            Choice(key="c", label="C", default="a", options=(("a", "A"), ("b", "B"))), ("a", "b"), id="choice"
        ),
    ],
)  # fmt: skip
def test_a_setting_knows_its_ends(setting, ends):
    assert setting.ends() == ends


def test_a_setting_becomes_data_with_its_kind_and_lengths():
    data = LIST.as_data()
    assert (data["kind"], data["shortest"], data["longest"]) == ("numbers", 0, 3)


def test_prose_is_cut_at_its_headings():
    sections = read_sections("# Title\n\nleft out\n\n## One {#one}\n\ntext\n\n## Two {#two}\nmore\n")
    assert [(section.key, section.title, section.text) for section in sections] == [
        ("one", "One", "text"),
        ("two", "Two", "more"),
    ]


@pytest.mark.parametrize(
    ("markdown", "says"),
    [
        pytest.param("## One\ntext", "expected every heading as", id="no key"),
        pytest.param("## One {#a}\n## Two {#a}", "every section key once", id="key twice"),
    ],
)
def test_prose_that_cannot_be_placed_is_refused(markdown: str, says: str):
    with pytest.raises(ValueError, match=says):
        read_sections(markdown)


def test_cells_become_131_letters_from_the_upper_left_on():
    mask = EMPTY.copy()
    mask[0, 0] = mask[0, 5] = mask[-1, -1] = True
    text = pack_cells(mask)
    assert len(text) == 131
    assert text[0] == "h"  # 100001 = 33
    assert text.strip("A") == text[0] + "A" * 129 + "E"  # the last cell is the fourth of six bits: 4


def test_the_box_around_a_mask_has_exclusive_far_edges():
    mask = np.zeros((SIDE, SIDE), bool)
    mask[3:5, 7:9] = True
    assert mask_box(mask).tolist() == [7, 3, 9, 5]
    assert mask_box(EMPTY).tolist() == [0, 0, 0, 0]
