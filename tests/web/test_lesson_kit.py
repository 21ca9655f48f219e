"""The kit that lessons are made of: numbers, addresses, undo, prose, cells and inks."""

import itertools
import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page

from pedviz.lessons.cells import SIDE, pack_cells
from pedviz.lessons.settings import Choice, Flag, Number, Numbers, Text
from pedviz.viz.palette import relative_luminance
from tests.viz.test_palette import VISION, _lab, _linear
from tests.web.conftest import WEB_FOLDER

SETTINGS = (
    Number(key="n", label="N", default=1.0, low=-5.0, high=5.0, step=0.5),
    Numbers(key="v", label="V", default=(1.0, 2.0), low=0.0, high=9.0, step=1.0, shortest=0, longest=3),
    Choice(key="c", label="C", default="x", options=(("x", "X"), ("y", "Y"))),
    Flag(key="f", label="F"),
    Text(key="t", label="T", default="ab", pattern="[ab]*", examples=("",)),
)
DATA = [setting.as_data() for setting in SETTINGS]
DEFAULTS = {"n": 1, "v": [1, 2], "c": "x", "f": False, "t": "ab"}
READ = """async ([settings, search]) => {
  const { readState } = await import("/lessons/kit/settings.js");
  return readState(settings, search, () => ({}));
}"""


def _ask(page: Page, module: str, expression: str, given: object = None) -> object:
    """The value of an expression over a module, called `kit`, and what is `given`."""
    folder = "lessons/" if module.startswith("kit/") else ""
    script = f"async (given) => {{ const kit = await import('/{folder}{module}.js'); return {expression}; }}"
    return page.evaluate(script, given)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("3", 3, id="whole"),
        pytest.param(" -2.5 ", -2.5, id="spaces"),
        pytest.param("\u22124", -4, id="typographic minus"),
        pytest.param("0,5", 0.5, id="comma"),
        pytest.param("3/10", 0.3, id="fraction"),
        pytest.param("1e-3", 0.001, id="exponent"),
    ],
)
def test_numbers_are_read_as_people_write_them(functions: Page, text: str, number: float):
    assert _ask(functions, "base/numbers", "kit.parseNumber(given)", text) == number


@pytest.mark.parametrize("text", ["", "x", "1/2/3", "1,2,3", "/2", "NaN"])
def test_what_is_no_number_is_not_read_as_one(functions: Page, text: str):
    assert _ask(functions, "base/numbers", "Number.isNaN(kit.parseNumber(given))", text)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        pytest.param("kit.format(0.17647058)", "0.1765", id="four decimals"),
        pytest.param("kit.format(36)", "36", id="no trailing zeros"),
        pytest.param("kit.format(-0.00001)", "0", id="no minus zero"),
        pytest.param("kit.format(-1.5)", "\u22121.5", id="typographic minus"),
        pytest.param("kit.format(NaN)", "undefined", id="undefined"),
        pytest.param("kit.format(-Infinity)", "\u2212∞", id="infinite"),
        pytest.param("kit.fixed(-0.00001, 2)", "0.00", id="fixed"),
        pytest.param("String(kit.roundTo(0.3, 0.1))", "0.3", id="no binary dust"),
    ],
)
def test_numbers_are_written_for_the_eye(functions: Page, expression: str, text: str):
    assert _ask(functions, "base/numbers", expression) == text


@pytest.mark.parametrize(
    ("search", "changed"),
    [
        pytest.param("", {}, id="nothing"),
        pytest.param("?n=-2.5&v=3_4_5&c=y", {"n": -2.5, "v": [3, 4, 5], "c": "y"}, id="numbers and a choice"),
        pytest.param("?f=1&t=ba", {"f": True, "t": "ba"}, id="a flag and a text"),
        pytest.param("?v=&t=", {"v": [], "t": ""}, id="empty lists and texts"),
        pytest.param("?n=6&v=1_2_3_4&c=z&f=2&t=abc", {}, id="out of range"),
        pytest.param("?n=&v=1__2&c=&f=&t=%3Cb%3E", {}, id="malformed"),
        pytest.param("?n=Infinity&v=NaN", {}, id="not finite"),
        pytest.param("?n=x&v=4_5", {"v": [4, 5]}, id="one wrong, one right"),
    ],
)  # fmt: skip
def test_an_address_is_read_setting_by_setting(functions: Page, search: str, changed: dict):
    assert functions.evaluate(READ, [DATA, search]) == DEFAULTS | changed


def test_settings_that_contradict_each_other_take_their_defaults(functions: Page):
    check = "({ n }) => (n > 1 ? { n: 'no' } : {})"
    state = _ask(functions, "kit/settings", f"kit.readState(given, '?n=2&f=1', {check})", DATA)
    assert state == DEFAULTS | {"f": True}


def test_an_address_keeps_what_is_not_ours_and_leaves_out_defaults(functions: Page):
    state = DEFAULTS | {"n": -0.5, "v": [7], "f": True}
    address = "kit.addressOf('http://h/p?view=api&c=y', ...given)"
    href = _ask(functions, "kit/settings", address, [DATA, state])
    assert parse_qs(urlsplit(href).query) == {"view": ["api"], "n": ["-0.5"], "v": ["7"], "f": ["1"]}


@pytest.fixture
def store(functions: Page):
    """Runs a function of a fresh store."""

    def run(body: str) -> object:
        return functions.evaluate(
            f"""async (settings) => {{
                const {{ createStore }} = await import("/lessons/kit/store.js");
                const store = createStore(settings, () => ({{}}));
                {body}
            }}""",
            DATA,
        )

    return run


def test_a_refused_change_changes_nothing_and_says_why(store):
    problems, number = store("return [store.set({ n: 9, f: true }), store.state().n];")
    assert problems == {"n": "N: expected \u22125 to 5, got 9."}
    assert number == 1


def test_changes_with_one_tag_are_undone_together(store):
    seen = store("""
        for (const n of [2, 3, 4]) store.set({ n }, "drag 1");
        store.seal();
        store.set({ n: 5 }, "drag 1");
        store.undo();
        const between = store.state().n;
        store.undo();
        return [between, store.state().n, store.canUndo()];
    """)
    assert seen == [4, 1, False]


def test_a_new_change_forgets_what_was_undone(store):
    steps = "store.set({ n: 2 }); store.undo(); store.set({ n: 3 }); store.redo();"
    assert store(f"{steps} return store.state().n;") == 3


def test_undo_reaches_back_a_bounded_number_of_changes(store):
    steps = store("""
        for (let i = 0; i < 1000; i += 1) store.set({ n: i % 2 });
        let steps = 0;
        while (store.canUndo()) { store.undo(); steps += 1; }
        return steps;
    """)
    assert steps == 200


def test_prose_becomes_elements_and_never_markup(functions: Page):
    text = "A **bold** *word*, `code` and [a link](./x).\n\n- one\n- two <img src=x>\n"
    html = _ask(functions, "base/prose", "kit.proseElements(given).map((node) => node.outerHTML)", text)
    assert html == [
        '<p>A <strong>bold</strong> <em>word</em>, <code>code</code> and <a href="./x">a link</a>.</p>',
        "<ul><li>one</li><li>two &lt;img src=x&gt;</li></ul>",
    ]


def test_cells_survive_the_way_through_an_address(functions: Page):
    masks = np.random.default_rng(5).random((40, SIDE, SIDE)) < 0.4
    texts = [pack_cells(mask) for mask in masks]
    cells = _ask(functions, "kit/cells", "given.map((text) => [...kit.unpackCells(text)])", texts)
    assert (np.array(cells, bool).reshape(masks.shape) == masks).all()
    again = "given.map((text) => kit.packCells(kit.unpackCells(text)))"
    assert _ask(functions, "kit/cells", again, texts) == texts


@pytest.mark.parametrize(
    ("low", "high", "count", "ticks"),
    [
        pytest.param(0, 10, 5, [0, 2, 4, 6, 8, 10], id="whole"),
        pytest.param(0, 1, 4, [0, 0.5, 1], id="halves"),
        pytest.param(-0.3, 0.3, 6, [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3], id="no binary dust"),
        pytest.param(3, 1333, 3, [500, 1000], id="large"),
    ],
)
def test_ticks_are_round(functions: Page, low: float, high: float, count: int, ticks: list):
    assert _ask(functions, "charts/axes", "kit.niceTicks(...given)", [low, high, count]) == ticks


@pytest.mark.parametrize(
    ("ticks", "written"),
    [
        pytest.param([0, 2000, 4000], ["0", "2000", "4000"], id="as they are"),
        pytest.param([0, 5000, 10_000, 20_000], ["0", "5K", "10K", "20K"], id="thousands"),
        pytest.param([0, 500_000, 1_500_000], ["0", "500K", "1.5M"], id="millions"),
        pytest.param([1_220_000, 1_240_000], ["1.22M", "1.24M"], id="told apart"),
        pytest.param([-0.5, 0], ["\u22120.5", "0"], id="small"),
    ],
)
def test_large_ticks_are_short(functions: Page, ticks: list, written: list):
    assert _ask(functions, "base/numbers", "given.map(kit.tickWriter(given))", ticks) == written


def _inks(css: str) -> list[str]:
    return re.findall(r"--pv-ink-\d: (#[0-9a-f]{6})", css)


def _themes() -> dict[str, tuple[list[str], list[str]]]:
    """By theme: the inks, and the surfaces that they stand on."""
    light, dark = np.array(_inks((WEB_FOLDER / "lessons/kit/lesson.css").read_text("utf-8"))).reshape(2, -1)
    tokens = (WEB_FOLDER / "base/theme.css").read_text("utf-8").split(".dark")
    surfaces = [re.findall(r"--pv-(?:bg|surface|raised): (#[0-9a-f]{6})", part) for part in tokens[:2]]
    return {"light": (light.tolist(), surfaces[0]), "dark": (dark.tolist(), surfaces[1])}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_inks_can_be_read_on_every_surface(theme: str):
    inks, surfaces = _themes()[theme]
    assert (len(inks), len(surfaces)) == (6, 3)
    for ink, surface in itertools.product(inks, surfaces):
        low, high = sorted((relative_luminance(ink), relative_luminance(surface)))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (ink, surface)


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_any_two_inks_can_be_told_apart(theme: str, vision: str):
    seen = [_lab(VISION[vision] @ _linear(ink)) for ink in _themes()[theme][0]]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 12
