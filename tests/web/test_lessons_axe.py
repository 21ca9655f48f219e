"""Lessons are accessible in both themes, with and without questions, as far as axe-core can tell."""

import pytest
from playwright.sync_api import Page

from pedviz.lessons.lesson import Lesson
from pedviz.lessons.registry import LESSONS
from tests.axe import grave_problems
from tests.web.lesson_scene import open_lesson

MODES = ("", "ask=1")
SETTLED = """async () => {
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  await Promise.all(document.getAnimations().map(({ finished }) => finished));
  return true;
}"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_axe_finds_nothing_grave(page: Page, lesson: Lesson, dark: bool):
    found = {}
    for mode in MODES:
        open_lesson(page, lesson, mode, dark=dark)
        page.add_style_tag(content=".pv-root { background: var(--pv-bg); }")  # as the site's document has it
        page.wait_for_function(SETTLED)
        if problems := grave_problems(page, colours_alone=dark):
            found[mode] = problems
    assert found == {}
