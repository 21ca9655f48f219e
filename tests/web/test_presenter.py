"""Presenter mode: every step of every talk fits a projector of 1280 x 720, in type for the back row."""

import pytest
from playwright.sync_api import Page, expect

from pedviz.lessons.lesson import Lesson
from pedviz.lessons.registry import LESSONS
from pedviz.lessons.talks import TALKS
from tests.web.lesson_scene import open_lesson, parameters

PROJECTOR = {"width": 1280, "height": 720}
SMALLEST, SMALLEST_INDEX = 18, 16  # pixels, of the words on the screen and of indices in formulas
SETTLED = """() => {
  const inside = (node) => {
    const { top, left, right, bottom } = node.getBoundingClientRect();
    return top >= 0 && left >= 0 && right <= innerWidth && bottom <= innerHeight;
  };
  const names = [".pvl-present-zoomed", ".pvl-present-says", ".pvl-present-formula"];
  const parts = names.map((name) => document.querySelector(name));
  return parts[0].style.visibility === "" && parts.every(inside);
}"""
TYPE = """() => {
  const size = (node) => parseFloat(getComputedStyle(node).fontSize) * (node.currentCSSZoom ?? 1);
  const smaller = "msub > :nth-child(2), msup > :nth-child(2), munder > :nth-child(2)";
  const found = { words: 99, indices: 99, says: size(document.querySelector(".pvl-present-says")) };
  const texts = document.createTreeWalker(document.querySelector(".pvl-present"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    const { width, height } = node.getBoundingClientRect();
    if (!texts.currentNode.textContent.trim() || width < 2 || height < 2 || !node.checkVisibility()) continue;
    const kind = node.closest(smaller) ? "indices" : "words";
    found[kind] = Math.min(found[kind], size(node));
  }
  return found;
}"""


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_every_step_fits_the_projector(page: Page, lesson: Lesson):
    page.set_viewport_size(PROJECTOR)
    open_lesson(page, lesson, "present=1")
    for step in TALKS[lesson.slug]:
        expect(page.locator(".pvl-present-says")).to_have_text(step.says)
        page.wait_for_function(SETTLED)
        sizes = page.evaluate(TYPE)
        assert sizes["says"] >= 28
        assert sizes["words"] >= SMALLEST, step.says
        assert sizes["indices"] >= SMALLEST_INDEX, step.says
        page.keyboard.press("PageDown")
    expect(page.get_by_role("button", name="Next", exact=True)).to_be_disabled()
    page.keyboard.press("Escape")
    expect(page.locator(".pvl-present")).to_be_hidden()
    expect(page.locator(".pvl-toolbar")).to_be_visible()
    expect(page.locator(".pvl-body > .pvl-main")).to_be_visible()


def test_keys_go_through_a_talk_and_leave_texts_alone(page: Page):
    open_lesson(page, LESSONS[0])
    field = page.locator(".pvl-number").first
    field.press("p")
    expect(page.locator(".pvl-present")).to_be_hidden()
    page.locator("h1").click()
    says = page.locator(".pvl-present-says")
    for key, place in (("p", 0), ("ArrowRight", 1), ("PageDown", 2), ("ArrowLeft", 1), ("PageUp", 0)):
        page.keyboard.press(key)
        expect(says).to_have_text(TALKS["iou"][place].says)
    page.keyboard.press("PageUp")  # the first stays
    expect(says).to_be_visible()
    page.wait_for_function("location.search === '?present=1'")
    page.keyboard.press("Escape")
    page.wait_for_function("location.search === ''")
    assert parameters(page) == {}


def test_hidden_controls_come_back_with_a_button_in_sight_or_escape(page: Page):
    page.set_viewport_size(PROJECTOR)
    open_lesson(page, LESSONS[0], "hide=controls")
    expect(page.get_by_role("button", name="Show controls")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator(".pvl-toolbar")).to_be_visible()
