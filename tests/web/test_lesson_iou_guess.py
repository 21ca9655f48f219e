"""The guessing game of the IoU lesson."""

import re

import pytest
from playwright.sync_api import Page, expect

from pedviz.lessons.registry import LESSONS
from tests.web.lesson_scene import open_lesson

IOU = next(lesson for lesson in LESSONS if lesson.slug == "iou")


def test_ten_pairs_cover_every_tenth_and_the_verdict_adds_them_up(page: Page):
    open_lesson(page, IOU)
    section = page.locator("#lesson-guess")
    for place in range(1, 11):
        expect(section).to_contain_text(f"Pair {place} of 10")
        section.get_by_role("button", name="Guess").click()
    cells = [float(text.replace("\u2212", "-")) for text in section.locator("td").all_text_contents()]
    guesses, ious, errors = cells[::3], cells[1::3], cells[2::3]
    assert guesses == [0.5] * 10
    assert sorted(int(min(iou, 0.99) * 10) for iou in ious) == pytest.approx(list(range(10)), abs=1)
    off = sum(map(abs, errors)) / 10
    said = section.locator(".pvl-outcome").inner_text()
    assert float(re.search(r"guessed: ([\d.]+) off", said)[1]) == pytest.approx(off, abs=0.011)
    section.get_by_role("button", name="Ten other pairs").click()
    expect(section).to_contain_text("Pair 1 of 10")
    expect(section.locator("td")).to_have_count(0)
