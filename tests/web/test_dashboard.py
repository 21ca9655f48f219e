"""The dashboard in a real Chromium, laid out from its real content."""

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from pedviz.dashboard.pair import answer
from pedviz.dashboard.payload import dashboard_payload
from pedviz.dashboard.stored import read_stored
from pedviz.metrics.store import latest_by_spec
from pedviz.models.specs import get_spec
from tests.axe import grave_problems
from tests.web.lesson_scene import dress, width_overflow

SHOW = """async (data) => {
  const root = document.createElement("div");
  root.className = "pv-root";
  root.innerHTML = '<main class="pv-wide pvd"><h1>How good is each detector?</h1></main>';
  document.body.replaceChildren(root);
  const { showDashboard } = await import("/dashboard/entry.js");
  showDashboard(root.firstChild, data);
}"""
TABS = ("compare", "curves", "errors", "cost", "ablations", "training", "reports")
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


def _answer(route: Route) -> None:
    first, second = route.request.url.removesuffix(".json").split("/")[-2:]
    found, status = answer(read_stored(), first=first, second=second)
    route.fulfill(status=status, body=json.dumps(found), content_type="application/json")


def open_dashboard(
    page: Page, data: dict, *, query: str = "", size: dict = DESKTOP, dark: bool = False
) -> None:
    """Show the page with `data`, as at an address that ends in `query`."""
    page.set_viewport_size(size)
    page.route("**/dashboard-pair/**", _answer)
    page.goto(re.split("[?#]", page.url)[0] + query)
    dress(page, dark=dark)
    page.evaluate("document.body.classList.add('pv-document')")  # the background
    page.evaluate(SHOW, data)


def open_all_columns(page: Page) -> None:
    """Every row and column, with the choices among them."""
    page.get_by_role("button", name="All COCO columns").click()


@pytest.fixture(scope="module")
def data() -> dict:
    return dashboard_payload()


def test_what_to_use_is_answered_in_view(page: Page, data: dict):
    open_dashboard(page, data)
    cards = page.locator(".pvd-verdicts article")
    assert cards.get_by_role("heading").all_inner_texts() == [
        "Most accurate", "Smallest without measurable loss", "Fastest",
    ]  # fmt: skip
    measured = latest_by_spec()
    best = max(measured.values(), key=lambda result: result.stats["bbox"]["AP"])
    expect(cards.first).to_contain_text(f"{best.stats['bbox']['AP']:.3f}")
    expect(page.locator(".pvd-caveats")).to_contain_text("of two campuses")
    names = page.locator(".pvd-speed .pvg-name").all_text_contents()
    assert names == [variant["label"] for variant in data["variants"] if variant["predictions"]]
    expect(page.locator(".pvd-speed .pvg-whisker")).to_have_count(len(names))
    expect(page.locator(".pvd-table thead th")).to_have_count(8)
    expect(page.locator(".pvd-table tbody tr")).to_have_count(len(names))
    assert page.get_by_role("tablist").bounding_box()["y"] < 2 * DESKTOP["height"]


def test_photos_of_other_places_stand_beside_with_what_was_not_measured(page: Page, data: dict):
    open_dashboard(page, data)
    found = data["sections"]["others"]
    section = page.locator(".pvd-others")
    for row in found["rows"]:
        shown = row["kinds"]["all"]
        expect(section).to_contain_text(f"{shown['ap50']['value']:.3f} ({shown['ap']['value']:.3f})")
    for spec_id in found["missing"]:
        expect(section).to_contain_text(get_spec(spec_id).label)


def test_every_tab_has_an_address_and_back_returns(page: Page, data: dict):
    open_dashboard(page, data, query="#cost")
    expect(page.get_by_role("tabpanel", name="Cost")).to_be_visible()
    page.get_by_role("tab", name="Curves").click()
    expect(page).to_have_url(re.compile("#curves$"))
    expect(page.get_by_role("tabpanel")).to_have_count(1)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Errors")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Errors")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("tabpanel", name="Curves")).to_be_visible()


@pytest.mark.parametrize("tab", TABS)
def test_a_tab_is_accessible_and_at_most_three_screens(page: Page, data: dict, tab: str):
    open_dashboard(page, data, query=f"#{tab}")
    panel = page.get_by_role("tabpanel")
    expect(panel.locator("table, svg").first).to_be_visible()
    assert panel.bounding_box()["height"] < 3 * DESKTOP["height"]
    assert grave_problems(page) == []
    page.evaluate("document.body.classList.add('dark')")
    page.wait_for_function("document.getAnimations().every(({ playState }) => playState === 'finished')")
    assert grave_problems(page, colours_alone=True) == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_only_the_table_scrolls_sideways(page: Page, data: dict, size: dict, dark: bool):
    open_dashboard(page, data, size=size, dark=dark)
    expect(page.locator(".pvr-scale").first).to_be_visible()
    assert width_overflow(page) <= 0
    open_all_columns(page)
    assert width_overflow(page) <= 0
    scrolled = page.get_by_role("region", name="Results, scrolls sideways")
    scrolled.evaluate("(frame) => { frame.scrollLeft = 400; }")
    frame = scrolled.bounding_box()
    name = scrolled.locator("tbody th").first.bounding_box()
    assert name["x"] == pytest.approx(frame["x"], abs=2)  # the first column stays


def test_a_column_sorts_by_keyboard_and_says_so(page: Page, data: dict):
    open_dashboard(page, data)
    open_all_columns(page)
    page.locator(".pvd-table thead button").first.focus()
    page.keyboard.press("Enter")
    heading = page.locator(".pvd-table [aria-sort]")
    assert heading.get_attribute("aria-sort") == "descending"
    texts = [
        text.split("\n")[0] for text in page.locator(".pvd-table tbody td:nth-child(2)").all_inner_texts()
    ]
    first = [float(text) for text in texts if text.replace(".", "").isdigit()]
    assert first == sorted(first, reverse=True)
    page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "ascending"


def test_rows_and_columns_are_filtered(page: Page, data: dict):
    open_dashboard(page, data)
    open_all_columns(page)
    for what, sources in (("Reported", {"reported"}), ("Measured: released weights", {"measured"})):
        page.get_by_label("Rows").select_option(label=what)
        assert set(page.locator(".pvd-source").all_inner_texts()) == sources
    page.get_by_label("Columns").select_option(label="Masks")
    assert page.locator(".pvd-table thead tr:last-child th").count() == 13


@pytest.mark.parametrize("what", ["Released and reported", "All rows"])
def test_the_best_of_the_measured_rows_that_are_shown_is_marked(page: Page, data: dict, what: str):
    open_dashboard(page, data)
    open_all_columns(page)
    page.get_by_label("Rows").select_option(label=what)
    table = data["sections"]["tables"]
    kinds = {
        "Released and reported": {"shipped"},
        "All rows": {"shipped", "float32", "earlier", "experiment"},
    }[what]
    shown = [row for row in table["rows"] if row["what"] in kinds]
    for place, column in enumerate(table["columns"]):
        values = [row["cells"][column["key"]]["value"] for row in shown]
        known = [value for value in values if value is not None]
        best = max(known) if column["better"] == "higher" else min(known)
        marked = page.locator(f".pvd-table tbody td.pvd-best:nth-child({place + 2})")
        expect(marked).to_have_count(known.count(best))


def test_a_new_column_and_a_new_variant_are_shown(page: Page, data: dict):
    table = data["sections"]["tables"]
    column = table["columns"][0] | {"key": "new", "label": "bbox gap"}
    cell = {"value": 0.125, "text": "0.125"}
    rows = [row | {"cells": row["cells"] | {"new": cell}} for row in table["rows"]]
    rows.insert(0, rows[0] | {"id": "new", "spec_id": "new", "label": "A new backbone", "what": "shipped"})
    variant = data["variants"][0] | {"id": "new", "label": "A new backbone"}
    changed = {"columns": [*table["columns"], column], "rows": rows}
    sections = data["sections"] | {"tables": changed}
    open_dashboard(page, data | {"variants": [*data["variants"], variant], "sections": sections})
    open_all_columns(page)
    expect(page.locator(".pvd-table thead")).to_contain_text("gap")
    expect(page.locator(".pvd-table tbody .pvd-name").first).to_have_text("A new backbone")
    expect(page.locator(".pvd-table tbody tr").first).to_contain_text("0.125")


def test_names_lead_to_everything_that_is_known_of_a_row(page: Page, data: dict):
    open_dashboard(page, data)
    open_all_columns(page)
    row = next(row for row in data["sections"]["tables"]["rows"] if row["what"] == "shipped")
    page.locator(".pvd-table .pvd-name", has_text=row["label"]).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(row["provenance"]["checkpoint_sha256"])
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_a_caveat_mark_opens_its_reason(page: Page, data: dict):
    open_dashboard(page, data)
    open_all_columns(page)
    page.locator(".pvd-caveat").first.click()
    caveat = next(row for row in data["sections"]["tables"]["rows"] if row["caveats"])["caveats"][0]
    expect(page.get_by_role("dialog")).to_contain_text(caveat)


def test_what_is_shown_can_be_taken_along_in_full(page: Page, data: dict, tmp_path: Path):
    open_dashboard(page, data)
    open_all_columns(page)
    for ending in ("CSV", "JSON"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=f"Download {ending}").click()
        waiting.value.save_as(tmp_path / ending)
    rows = [row for row in data["sections"]["tables"]["rows"] if row["what"] in ("shipped", "reported")]
    listed = list(csv.DictReader((tmp_path / "CSV").read_text("utf-8").splitlines()))
    assert [line["id"] for line in listed] == [row["id"] for row in rows]
    assert float(listed[0]["bbox AP"]) == rows[0]["cells"]["box_ap"]["value"]
    found = json.loads((tmp_path / "JSON").read_text("utf-8"))
    assert [row["numbers"]["box_ap"] for row in found] == [row["cells"]["box_ap"]["value"] for row in rows]


def test_the_same_variant_twice_differs_by_nothing_and_the_address_keeps_the_choice(page: Page, data: dict):
    shown = [variant for variant in data["variants"] if variant["predictions"]]
    chosen = shown[1]
    open_dashboard(page, data, query=f"?a={chosen['id']}")
    expect(page.locator("#compare article").first).to_contain_text("exactly 0")
    page.get_by_label("B", exact=True).select_option(shown[0]["id"])
    expect(page.locator("#compare article").first).not_to_contain_text("exactly 0")
    masks = page.locator("#compare").get_by_label("Measured on")
    masks.select_option("segm")
    number = latest_by_spec()[shown[0]["id"]].stats["segm"]["AP"]
    expect(page.locator("#compare .pvr-table")).to_contain_text(f"{number:.3f}")
    expect(page).to_have_url(re.compile(f"b={shown[0]['id']}"))


def test_a_damaged_result_is_said_and_the_rest_shown(page: Page, data: dict):
    broken = data | {"problems": ["metrics.jsonl line 2 cannot be read"], "sections": {"tables": {}}}
    open_dashboard(page, broken)
    expect(page.get_by_role("alert")).to_contain_text("metrics.jsonl line 2")
    expect(page.locator(".pvd-overview .pv-notice")).to_contain_text("cannot be shown")
    expect(page.locator("#compare .pvr-scale").first).to_be_visible()
