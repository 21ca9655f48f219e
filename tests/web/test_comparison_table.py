"""The table of people in a real Chromium: order, and how rows and people light up together."""

from playwright.sync_api import Page, expect

from tests.drawing import wait_for_drawing
from tests.web.comparison_page import to_screen


def test_rows_and_people_light_up_together(stage: Page):
    row = stage.locator("tbody tr").first
    row.focus()
    wait_for_drawing(stage)
    lit = stage.locator("tbody tr.is-lit")
    assert lit.count() == 2  # the person in A and the partner in B
    row.evaluate("row => row.blur()")
    stage.locator("canvas").first.scroll_into_view_if_needed()
    stage.mouse.move(*to_screen(stage, 0, 185, 100))
    wait_for_drawing(stage)
    assert "A" in lit.first.inner_text()
    assert lit.count() == 2


def test_a_pressed_row_stays_lit_until_it_is_pressed_again(stage: Page):
    row = stage.locator("tbody tr").nth(1)
    row.focus()
    stage.keyboard.press("Enter")
    expect(row).to_have_attribute("aria-current", "true")
    row.evaluate("row => row.blur()")
    expect(stage.locator("tbody tr.is-lit")).to_have_count(2)
    row.focus()
    stage.keyboard.press(" ")
    row.evaluate("row => row.blur()")
    expect(stage.locator("tbody tr.is-lit")).to_have_count(0)


def test_pointing_at_a_person_brings_the_row_into_the_table_frame(stage: Page):
    frame = stage.locator(".pvc-table-frame")
    frame.evaluate("frame => { frame.style.height = '130px'; }")
    stage.locator("canvas").first.scroll_into_view_if_needed()
    before = stage.evaluate("scrollY")
    stage.mouse.move(*to_screen(stage, 1, 340, 70))
    wait_for_drawing(stage, after_ms=100)
    row = stage.locator("tbody tr.is-lit").bounding_box()
    bounds = frame.bounding_box()
    assert bounds["y"] <= row["y"]
    assert row["y"] + row["height"] <= bounds["y"] + bounds["height"] + 1
    assert stage.evaluate("scrollY") == before


def test_partners_are_neighbours_in_the_table_of_the_disagreement_view(stage: Page):
    stage.get_by_role("button", name="Disagreement").click()
    wait_for_drawing(stage, after_ms=200)
    rows = stage.locator("tbody tr").all()
    people = [" ".join(row.locator("td").nth(n).inner_text() for n in (0, 1)) for row in rows]
    assert people == ["A 1", "B 1", "A 2", "B 3", "B 2"]


def test_the_table_sorts_by_any_column(stage: Page):
    stage.get_by_role("button", name="Score", exact=True).click()
    wait_for_drawing(stage, after_ms=150)
    scores = [float(text) for text in stage.locator("tbody tr td:nth-child(3)").all_inner_texts()]
    assert scores == sorted(scores, reverse=True)
    assert stage.locator("th[aria-sort=descending]").count() == 1


def test_on_paper_no_column_is_cut_off_and_nothing_is_left_to_press(stage: Page):
    stage.emulate_media(media="print")
    stage.set_viewport_size({"width": 718, "height": 900})  # A4 without its margins, in CSS pixels
    frame = stage.locator(".pvc-table-frame")
    assert frame.evaluate("frame => frame.scrollWidth <= frame.clientWidth")
    assert frame.evaluate("frame => frame.scrollHeight <= frame.clientHeight")
    expect(stage.locator(".pvc-choice:visible, .pvc-exports:visible")).to_have_count(0)
