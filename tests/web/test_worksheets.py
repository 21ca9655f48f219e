"""Printed worksheets, read back from the PDF page by page."""

import io
import re
import unicodedata

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from pedviz.lessons.exercises import EXERCISES
from pedviz.lessons.lesson import Lesson
from pedviz.lessons.registry import LESSONS
from tests.web.lesson_scene import open_lesson

PAPERS, LONGEST_SHEET = ("A4", "Letter"), 3  # pages, the answers included
NARROWEST = {"width": 703, "height": 900}  # A4 without its margins, in CSS pixels
HIDDEN = "[...document.querySelectorAll('.pvl-main [data-answer], .pvl-side .pvl-formula [data-answer]')]"
WIDER = """() => [...document.querySelectorAll(".pvl *")]
  .filter((node) => node.offsetParent && node.getBoundingClientRect().right > innerWidth + 1)
  .map((node) => node.outerHTML.slice(0, 120))"""


def _packed(text: str) -> str:
    """Without spaces, line breaks and ligatures, which a PDF sets as it likes."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _pages(page: Page, paper: str) -> list[str]:
    printed = PdfReader(io.BytesIO(page.pdf(format=paper)))
    return [_packed(sheet.extract_text()) for sheet in printed.pages]


def _prompts(page: Page) -> list[str]:
    return [_packed(text) for text in page.locator(".pvl-sheet li > p").all_text_contents()]


def _check(pages: list[str], lesson: Lesson, prompts: list[str]) -> None:
    *sheets, answers = pages
    before = "".join(sheets)
    assert all(field in sheets[0] for field in ("Name", "Date", "Sheet17", _packed(lesson.title)))
    numbered = [f"{place}.{prompt}" for place, prompt in enumerate(prompts, start=1)]
    assert [prompt for prompt in numbered if prompt not in before] == []
    assert answers.startswith("Answers")
    assert "Answers" not in before
    for exercise in EXERCISES[lesson.slug]:
        assert _packed(exercise.answer) in answers
        assert _packed(exercise.answer) not in before


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_a_sheet_is_whole_and_its_answers_are_on_the_last_page(page: Page, lesson: Lesson):
    open_lesson(page, lesson, "seed=17")
    page.wait_for_function("document.querySelector('.pvl-questions label').textContent !== ''")
    for paper in PAPERS:
        pages = _pages(page, paper)
        assert 2 <= len(pages) <= LONGEST_SHEET
        _check(pages, lesson, _prompts(page))
    page.emulate_media(media="print")
    page.set_viewport_size(NARROWEST)
    assert page.evaluate(WIDER) == []
    sizes = page.evaluate(f"{HIDDEN}.flatMap((node) => [node, ...node.querySelectorAll('*')])"
                          ".map((node) => getComputedStyle(node).fontSize)")  # fmt: skip
    assert set(sizes) <= {"0px"}


CHANGED = """async (query) => {
  const { createStore } = await import("/lessons/kit/store.js");
  const { createSheets, SEED } = await import("/lessons/kit/worksheet.js");
  history.replaceState(null, "", query);
  const range = { low: 0, high: 99, step: 1, names: ["x", "y"], shortest: 2, longest: 2 };
  const box = { kind: "numbers", key: "v", label: "V", default: [0, 0], ...range };
  const store = createStore([box, SEED], () => ({}));
  const sheets = createSheets(store, ({ whole }) => ({ v: [whole(1, 99), whole(1, 99)] }));
  const first = store.state();
  store.set(sheets.keep({ v: [3, 4] }));
  return [first, store.state()];
}"""


def test_a_seed_gives_numbers_of_its_own_until_they_are_changed(page: Page):
    opened = {
        query: page.evaluate(CHANGED, query) for query in ("?seed=17", "?seed=18", "?", "?seed=17&v=5_6")
    }
    sheets = [opened[query][0]["v"] for query in opened]
    assert page.evaluate(CHANGED, "?seed=17") == opened["?seed=17"]
    assert sheets[2:] == [[0, 0], [5, 6]]
    assert sheets[0] != sheets[1]
    assert [0, 0] not in sheets[:2]
    assert [after["seed"] for _, after in opened.values()] == [0, 0, 0, 0]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_new_numbers_ask_other_questions(page: Page, lesson: Lesson):
    open_lesson(page, lesson, "ask=1")
    prompts = page.locator(".pvl-questions label")
    page.wait_for_function("document.querySelector('.pvl-questions label').textContent !== ''")
    before = prompts.all_text_contents()
    page.evaluate("Math.random = () => 0.5")  # one sheet, whose questions are not the lesson's own
    page.get_by_role("button", name="New numbers").click()
    page.wait_for_function(
        "(before) => [...document.querySelectorAll('.pvl-questions label')]"
        ".some((label, place) => label.textContent !== before[place])",
        arg=before,
    )
