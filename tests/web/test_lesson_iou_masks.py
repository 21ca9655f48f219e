"""The masks of the IoU lesson in a real Chromium: their overlap, painted by mouse and by keys."""

import re

import pytest
from playwright.sync_api import Page, expect

from pedviz.lessons.cells import SIDE
from pedviz.lessons.iou import LESSON
from pedviz.lessons.iou_masks import MASK_PAIRS
from tests.web.lesson_scene import open_lesson, query_of

# Keeps what is said to listeners, sentence by sentence.
RECORD = """() => {
  const live = document.querySelector(".pvl-live");
  window.said = [];
  new MutationObserver(() => window.said.push(live.textContent)).observe(live, { childList: true });
}"""


@pytest.mark.parametrize("pair", MASK_PAIRS, ids=lambda pair: pair.key)
def test_masks_show_their_iou_and_that_of_their_boxes(page: Page, pair):
    open_lesson(page, LESSON, query_of(pair.preset().state))
    numbers = LESSON.data()["masks"][pair.key]
    words = page.get_by_role("img", name="Mask A").get_attribute("aria-label")
    assert float(re.search(r"mask IoU (\S+),", words)[1]) == pytest.approx(numbers["mask"], abs=6e-5)
    assert float(re.search(r"box IoU (\S+)\.$", words)[1]) == pytest.approx(numbers["box"], abs=6e-5)


def test_a_stroke_paints_the_chosen_mask_and_one_undo_wipes_it(page: Page):
    open_lesson(page, LESSON)
    page.get_by_role("button", name="Nothing painted").first.click()
    page.get_by_role("radio", name="paints B").check()
    grid = page.locator(".pvl-brush")
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    cell = box["width"] / SIDE
    page.mouse.move(box["x"] + 2.5 * cell, box["y"] + 3.5 * cell)
    page.mouse.down()
    page.mouse.move(box["x"] + 8.5 * cell, box["y"] + 3.5 * cell)
    page.mouse.up()
    expect(page.locator(".pvl-cell-2")).to_have_count(7)
    page.keyboard.press("Control+z")
    expect(page.locator(".pvl-cell-2")).to_have_count(0)


def test_a_painted_cell_is_spoken_and_then_what_it_changed(page: Page):
    open_lesson(page, LESSON)
    page.get_by_role("button", name="Nothing painted").first.click()
    expect(page.locator(".pvl-live")).to_contain_text("A runs from")
    page.locator(".pvl-brush").focus()
    page.evaluate(RECORD)
    page.keyboard.press("Space")
    page.wait_for_function("() => window.said.length === 2")
    cell, change = page.evaluate("() => window.said")
    assert re.fullmatch(r"Row \d+, column \d+: painted\.", cell)
    assert change.startswith("A runs from")


def test_keys_paint_and_wipe_a_cell(page: Page):
    open_lesson(page, LESSON)
    page.get_by_role("button", name="Nothing painted").first.click()
    page.locator(".pvl-brush").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    expect(page.locator(".pvl-cell-1")).to_have_count(1)
    page.keyboard.press("Space")
    expect(page.locator(".pvl-cell-1")).to_have_count(0)
