"""Lessons are accessible in both themes and in every mode, unfolded, as far as axe-core can tell."""

import pytest
from playwright.sync_api import Page

from pedviz.lessons.lesson import Lesson
from pedviz.lessons.registry import LESSONS
from tests.axe import grave_problems
from tests.web.lesson_scene import open_lesson

MODES = ("", "ask=1", "present=1")
UNFOLD = """() => document.querySelectorAll("details").forEach((one) => {
  one.open ||= one.offsetParent !== null;
})"""
SETTLED = """async () => {
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  await Promise.all(document.getAnimations().map(({ finished }) => finished));
  return true;
}"""


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_axe_finds_nothing_grave(page: Page, lesson: Lesson):
    found = {}
    for mode in MODES:
        open_lesson(page, lesson, mode)
        page.add_style_tag(content=".pv-root { background: var(--pv-bg); }")  # as the site's document has it
        if mode == "":
            page.evaluate(UNFOLD)
        for dark in (False, True):
            page.evaluate("(dark) => document.body.classList.toggle('dark', dark)", dark)
            page.wait_for_function(SETTLED)
            found[mode, dark] = grave_problems(page, colours_alone=dark)
    assert not any(found.values()), found
