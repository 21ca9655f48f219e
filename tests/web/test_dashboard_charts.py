"""The dashboard's charts in a real Chromium, with the stored results."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from pedviz.dashboard.payload import dashboard_payload
from pedviz.metrics.reported import load_reported
from pedviz.metrics.store import latest_by_spec, measured_results
from pedviz.models.specs import get_spec
from tests.drawing import DRAWN
from tests.web.lesson_scene import width_overflow
from tests.web.test_dashboard import DESKTOP, PHONE, TABS, open_dashboard

PARSES = """(text) => {
    const drawing = new DOMParser().parseFromString(text, "image/svg+xml");
    const wrong = drawing.querySelectorAll("parsererror, script, foreignObject, [class], [onclick]");
    return [...wrong].map((found) => found.outerHTML);
}"""

TOUCHING_TEXTS = """() => [...document.querySelectorAll(".pvg-plot")].flatMap((plot) => {
    const texts = [...plot.querySelectorAll("text")].map((text) => ({ says: text.textContent, box: text.getBoundingClientRect() }));
    const apart = 2; // a line of text is higher than its digits
    const touch = ({ box: a }, { box: b }) => a.left + apart < b.right && b.left + apart < a.right && a.top + apart < b.bottom && b.top + apart < a.bottom;
    return texts.flatMap((one, index) => texts.slice(index + 1).filter((other) => touch(one, other)).map(({ says }) => `${one.says} | ${says}`));
})"""  # noqa: E501
CROSSED_NAMES = """() => {
    const markers = [...document.querySelectorAll("#cost .pvg-plot .pvg-marker")].map((one) => one.getBoundingClientRect());
    const air = 4; // above letters, in a line of text
    const cross = (a, b) => a.left < b.right && b.left < a.right && a.top + air < b.bottom && b.top < a.bottom - air;
    return [...document.querySelectorAll("#cost .pvg-plot .pvg-name")]
        .filter((name) => markers.some((marker) => cross(name.getBoundingClientRect(), marker))).map((name) => name.textContent);
}"""  # noqa: E501
CUT_OFF_TEXTS = """() => [...document.querySelectorAll(".pvg-plot")].filter((plot) => plot.checkVisibility()).flatMap((plot) => {
    const { left, right } = plot.getBoundingClientRect();
    const isCut = (box) => box.left < left - 1 || box.right > right + 1;
    return [...plot.querySelectorAll("text")].filter((text) => isCut(text.getBoundingClientRect())).map((text) => text.textContent);
})"""  # noqa: E501


@pytest.fixture(scope="module")
def data() -> dict:
    return dashboard_payload() | {"test_images": True}


def open_tab(page: Page, tab: str) -> Page:
    page.locator(f"#{tab}-tab").click()
    return page


@pytest.fixture
def charts(page: Page, data: dict) -> Page:
    open_dashboard(page, data, query="#curves")
    expect(page.locator("#curves .pvg").first).to_be_visible()
    return page


def _chart(page: Page, title: str):
    return page.locator(".pvg").filter(has=page.locator("figcaption", has_text=title)).first


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_chart_is_named_and_fits(charts: Page, size: dict):
    charts.set_viewport_size(size)
    for tab in TABS:
        open_tab(charts, tab)
        for plot in charts.locator(".pvg-plot:visible").all():
            assert len(plot.get_attribute("aria-label")) > 20
        assert width_overflow(charts) <= 0
        assert charts.evaluate(TOUCHING_TEXTS) == []
        assert charts.evaluate(CUT_OFF_TEXTS) == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_names_in_the_chart_of_cost_never_touch(charts: Page, size: dict):
    charts.set_viewport_size(size)
    open_tab(charts, "cost")
    against = charts.locator("#cost").get_by_label("Against", exact=True)
    measured_on = charts.locator("#cost").get_by_label("Measured on", exact=True)
    for kind in ("bbox", "segm"):
        measured_on.select_option(kind)
        for axis in [option.get_attribute("value") for option in against.locator("option").all()]:
            against.select_option(axis)
            assert charts.evaluate(TOUCHING_TEXTS) == [], (kind, axis)
            assert charts.evaluate(CROSSED_NAMES) == [], (kind, axis)


def test_the_iou_slider_matches_again(charts: Page):
    said = charts.locator("#curves p[aria-live]").first
    charts.get_by_role("slider", name="IoU threshold").fill("0.75")
    for result in latest_by_spec().values():
        expect(said).to_contain_text(f"{result.stats['bbox']['AP75']:.3f}")
    charts.get_by_role("slider", name="IoU threshold").press("ArrowRight")
    expect(said).to_contain_text("AP at IoU 0.80")


def test_arrow_keys_read_values_and_the_table_says_the_same(charts: Page):
    chart = _chart(charts, "AP vs. IoU threshold")
    chart.locator(".pvg-plot").focus()
    charts.keyboard.press("ArrowRight")
    first = next(iter(latest_by_spec().values()))
    expect(chart.locator(".pvg-tip")).to_contain_text(f"AP {first.stats['bbox']['AP50']:.3f} at IoU 0.50")
    chart.get_by_text("As a table").click()
    expect(chart.locator("tbody tr")).to_have_count(10 * len(latest_by_spec()))


def test_a_chart_is_taken_along_as_picture_and_as_drawing(charts: Page, tmp_path: Path):
    chart = _chart(charts, "Precision-recall curve")
    for ending in ("PNG", "SVG"):
        with charts.expect_download() as waiting:
            chart.get_by_role("button", name=ending).click()
        waiting.value.save_as(tmp_path / ending)
    with Image.open(tmp_path / "PNG") as picture:
        width, _ = picture.size
    assert width == pytest.approx(2 * chart.locator(".pvg-plot").bounding_box()["width"], abs=4)
    drawing = (tmp_path / "SVG").read_text("utf-8")
    assert "var(" not in drawing
    assert "Precision-recall curve" in drawing
    for spec_id in latest_by_spec():
        assert f">{get_spec(spec_id).label}</text>" in drawing
    assert charts.evaluate(PARSES, drawing) == []  # it stands alone


def test_a_variant_is_left_out_and_taken_back_by_its_legend(charts: Page):
    chart = _chart(charts, "AP vs. IoU threshold")
    lines = chart.locator(".pvg-line:not(.pvg-legend *)")
    everyone = lines.count()
    entry = chart.locator(".pvg-legend button").first
    entry.press("Enter")
    expect(lines).to_have_count(everyone - 1)
    expect(entry).to_have_attribute("aria-pressed", "false")
    expect(entry).to_be_focused()
    charts.get_by_role("slider", name="IoU threshold").press("ArrowRight")
    expect(lines).to_have_count(everyone - 1)  # it stays so when the charts are drawn anew
    entry.press("Enter")
    expect(lines).to_have_count(everyone)


def test_masks_leave_out_what_has_none(charts: Page):
    charts.locator("#curves").get_by_label("Measured on").select_option("segm")
    without = [result for result in latest_by_spec().values() if not result.stats["segm"]]
    chart = _chart(charts, "Precision-recall curve")
    expect(chart.locator(".pvg-legend li")).to_have_count(len(latest_by_spec()) - len(without))


def test_a_detector_is_left_out_of_all_charts_at_once(charts: Page):
    shown = charts.locator("#curves").get_by_role("checkbox")
    shown.first.uncheck()
    for title in ("Precision-recall curve", "AP vs. IoU threshold", "F1 vs. score threshold"):
        chart = charts.locator("#curves .pvg").filter(has_text=title)
        expect(chart.locator(".pvg-legend li")).to_have_count(shown.count() - 1)


def test_axes_show_the_data_and_say_where_they_start(charts: Page):
    chart = _chart(charts, "Precision-recall curve")
    label = chart.locator(".pvg-label").first.text_content()
    assert re.fullmatch(r"Recall \(axis from 0\.\d+\)", label)
    line = chart.locator(".pvg-line:not(.pvg-legend *)").first.bounding_box()
    assert line["x"] >= chart.locator(".pvg-grid").first.bounding_box()["x"] - 2


def test_an_error_leads_to_its_images_with_their_ground_truth(charts: Page, data: dict):
    open_tab(charts, "errors")
    spec_id, kinds = next(iter(data["sections"]["analyses"]["variants"].items()))
    images = kinds["bbox"]["errors"]["types"]["localisation"]["images"]
    charts.locator("#errors .pvr-table tbody button").first.click()
    links = charts.locator(".pvd-images a")
    expect(links).to_have_count(len(images))
    name = next(iter(images))
    address = links.first.get_attribute("href")
    assert f"sample={name}" in address
    assert f"a={spec_id}" in address
    assert "show=truth" in address
    assert "score=0.05" in address  # what the mistakes were counted from


def test_without_the_data_set_images_are_named(page: Page, data: dict):
    open_dashboard(page, data | {"test_images": False}, query="#errors")
    page.locator("#errors .pvr-table tbody button").first.click()
    kinds = next(iter(data["sections"]["analyses"]["variants"].values()))
    name, count = next(iter(kinds["bbox"]["errors"]["types"]["localisation"]["images"].items()))
    expect(page.locator(".pvd-images li").first).to_have_text(f"{name}: {count}")
    expect(page.locator(".pvd-images a")).to_have_count(0)


def test_errors_of_all_detectors_stand_in_one_chart(charts: Page, data: dict):
    open_tab(charts, "errors")
    expect(charts.locator("#errors .pvg")).to_have_count(1)
    types = 4  # localisation, duplicate, background, missed: people are the only category
    expect(charts.locator("#errors .pvg-plot .pvg-bar")).to_have_count(types * len(latest_by_spec()))


def test_the_axis_of_cost_is_chosen(charts: Page):
    open_tab(charts, "cost")
    for axis in ("Seconds per image", "Weight file, MB", "Parameters, millions"):
        charts.locator("#cost").get_by_label("Against", exact=True).select_option(label=axis)
        expect(charts.locator("#cost .pvg-label").first).to_contain_text(axis)
        expect(charts.locator("#cost .pvg-plot .pvg-marker")).to_have_count(len(latest_by_spec()))


def test_the_widest_box_head_stands_out(charts: Page):
    open_tab(charts, "cost")
    charts.locator("#cost").get_by_label("By component", exact=True).select_option("parameters")
    expect(charts.locator(".pvd-parts")).to_contain_text("64,226,304 weights, 74 % of all")


def test_settings_stand_in_numerical_order_beside_the_band_of_the_seeds(charts: Page, data: dict):
    open_tab(charts, "ablations")
    chart = _chart(charts, "Change in AP when one setting changes")
    names = chart.locator(".pvg-tick").all_text_contents()
    rates = [float(text.split(": ")[1].split(",")[0]) for text in names if text.startswith("Peak")]
    assert len(rates) > 3
    assert rates == sorted(rates)
    seeds = [result.stats["bbox"]["AP"] for result in measured_results() if result.experiment == "base"]
    mean = sum(seeds) / len(seeds)
    expect(chart.locator(".pvg-legend")).to_contain_text(
        f"Spread of {len(seeds)} seeds of the base: {min(seeds) - mean:+.3f} to {max(seeds) - mean:+.3f}"
    )
    trials = data["sections"]["ablations"]["trials"]
    expect(chart.locator(".pvg-plot .pvg-marker")).to_have_count(len(trials))


def test_everything_that_the_reports_print_is_shown(charts: Page):
    open_tab(charts, "reports")
    reported = load_reported()
    panel = charts.locator("#reports")
    expect(panel.locator(".pvd-table tbody tr")).to_have_count(len(reported.runs))
    panel.locator("summary").click()
    expect(panel.locator(".pvd-list li")).to_have_count(len(reported.corrections))
    expect(panel.locator(".pvd-list li").first).to_contain_text(reported.corrections[0].but)
    for name, count in (
        ("Reported losses", len(reported.losses)),
        ("Reported scores", len(reported.person_scores.rows)),
        ("Reported ablations", sum(len(entry.values) for entry in reported.ablations)),
    ):
        expect(panel.get_by_role("region", name=name).locator("tbody tr")).to_have_count(count)


def test_every_training_log_is_drawn(charts: Page, data: dict):
    open_tab(charts, "training")
    choice = charts.locator("#training").get_by_label("Training run of")
    for run in data["sections"]["training"]["runs"]:
        choice.select_option(run["spec_id"])
        chart = charts.locator("#training .pvg").first
        expect(chart.locator(".pvg-legend li")).to_have_count(len(run["epochs"][0]["losses"]))


def test_fingers_and_keys_read_values_on_a_phone(browser: Browser, web_address: str, data: dict):
    context = browser.new_context(viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.goto(web_address)
    open_dashboard(page, data, query="#errors", size=PHONE)
    page.locator("#errors .pvg-plot .pvg-bar").first.tap()
    chart = page.locator("#errors .pvg").first
    expect(chart.locator(".pvg-tip")).to_contain_text("Localisation")
    expect(page.locator(".pvd-images a").first).to_be_visible()  # a tap opens, as a click does
    chart.locator(".pvg-plot").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.evaluate(DRAWN)
    expect(chart.locator(".pvg-tip")).not_to_be_empty()
    context.close()
