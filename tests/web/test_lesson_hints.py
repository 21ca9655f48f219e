"""Question mode gives no answer away: not in words for screen readers, not in hints, not in pictures."""

import re

import pytest
from playwright.sync_api import Page, expect

from pedviz.lessons.lesson import Lesson, State
from pedviz.lessons.registry import LESSONS
from tests.web.lesson_scene import open_lesson, query_of

LESSON_OF = {lesson.slug: lesson for lesson in LESSONS}
RESTED_MS = 700  # longer than a picture rests before it is described
SHORTEST = 4  # letters of a number that no two things have by chance
# What a listener or a pointer learns, but for what question mode hides, what it asks and the setting fields.
HEARD = """() => {
  const apart = "[aria-hidden=true], .pvl-asks, .pvl-field, .pvl-claim, .pvl-exercises, .pvl-answers";
  const outside = (selector) =>
    [...document.querySelectorAll(`.pvl :is(${selector})`)].filter((node) => !node.closest(apart));
  const named = (name) => outside(`[${name}]`).map((node) => node.getAttribute(name));
  return [...["aria-label", "title", "alt"].flatMap(named),
    ...outside("title, .pvl-live").map((node) => node.textContent)];
}"""
SEEN = """() => {
  const copy = document.querySelector(".pvl").cloneNode(true);
  const apart = "[aria-hidden=true], .pvl-claim, .pvl-exercises, .pvl-answers";
  copy.querySelectorAll(apart).forEach((node) => node.remove());
  return [...copy.querySelectorAll("*")].flatMap((node) => [...node.childNodes])
    .filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent);
}"""


def _numbers(texts: list[str]) -> set[str]:
    joined = " | ".join(texts).replace(",", "").replace("\u2212", "-")
    return set(re.findall(r"-?\d+(?:\.\d+)?", joined))


def _answers(page: Page) -> set[str]:
    """Every answer as it may be written: with two, three or four decimals."""
    for button in page.get_by_role("button", name="Show", exact=True).all():
        button.click()
    told = [verdict.inner_text() for verdict in page.locator(".pvl-verdict").all()]
    right = [re.match(r"Answer: (\u2212?[\d.]+?)\.? ", text) for text in told]
    values = [float(found[1].replace("\u2212", "-")) for found in right if found]
    written = {f"{value:.{digits}f}" for value in values for digits in (2, 3, 4)}
    written |= {f"{value:.4f}".rstrip("0").rstrip(".") for value in values}
    return {text for text in written if len(text.lstrip("-")) >= SHORTEST}


@pytest.mark.parametrize(
    ("slug", "state"),
    [
        pytest.param("iou", {"step": 4.0, "loss": "ciou"}, id="iou"),
        pytest.param("ap", {"rank": 7.0, "people": 7.0, "rule": "voc", "t": 0.6}, id="ap"),
        pytest.param("roi", {"map": "hill", "box": (0.5, 0.5, 5.25, 5.75), "step": 4.0}, id="roi"),
        pytest.param("losses", {"r": 1.43, "beta": 0.77, "p": 0.37, "z": (1.3, 0.7, -1.1)}, id="losses"),
        pytest.param("attention", {"alpha": 1.1, "n": 37.0, "d": 11.0, "how": "scaled"}, id="attention"),
        pytest.param("attention", {"z2": (1.3, 0.7, 1, 0), "key": "2"}, id="attention, as long"),
        pytest.param("parameters", {"k": 5.0, "side": 250.0, "c": 333.0}, id="parameters"),
        *(pytest.param("photo", {"step": float(step)}, id=f"photo, stage {step}") for step in (1, 3, 5)),
    ],
)
def test_an_answer_is_nowhere_while_it_is_asked_for(page: Page, slug: str, state: State):
    open_lesson(page, LESSON_OF[slug], query_of(state | {"ask": True}))
    told = _numbers(page.evaluate(HEARD)) | _numbers(page.evaluate(SEEN))
    given = _numbers(page.locator(".pvl-questions").all_inner_texts())
    answers = _answers(page)
    assert answers
    assert answers & (told - given) == set()


def test_a_step_is_spoken_without_its_hidden_numbers(page: Page):
    open_lesson(page, LESSON_OF["iou"], "ask=1")
    page.get_by_role("button", name="Start the proof").click()
    page.wait_for_timeout(RESTED_MS)  # the picture's own description does not take the sentence's place
    expect(page.locator(".pvl-live")).to_contain_text("Here it is ….")
    page.get_by_role("button", name="Question mode").click()
    page.get_by_role("button", name="Next step").click()
    expect(page.locator(".pvl-live")).to_contain_text("a part has no more area than the whole: ")
    expect(page.locator(".pvl-live")).not_to_contain_text("…")


def test_the_pictures_of_what_cells_cost_are_covered_while_that_is_asked(page: Page):
    lesson: Lesson = LESSON_OF["losses"]
    open_lesson(page, lesson, "ask=1")
    canvases = page.locator("#lesson-maps canvas")
    expect(canvases).to_have_count(2)
    for canvas in canvases.all():
        expect(canvas).to_be_hidden()
    expect(page.locator("#lesson-maps figcaption", has_text="Sigmoid, cell by cell")).to_be_visible()
    for button in page.get_by_role("button", name="Show", exact=True).all():
        button.click()
    for canvas in canvases.all():
        expect(canvas).to_be_visible()


def test_what_one_loss_costs_looks_the_same_whatever_the_other_does(page: Page):
    lesson: Lesson = LESSON_OF["losses"]
    open_lesson(page, lesson)
    pictures = "() => [...document.querySelectorAll('#lesson-maps canvas')].map((one) => one.toDataURL())"
    alone, shared = page.evaluate(pictures)
    page.get_by_role("button", name="A bicycle elsewhere").click()
    page.wait_for_function(f"(before) => ({pictures})()[1] !== before", arg=shared)
    assert page.evaluate(pictures)[0] == alone


def test_where_the_maxima_are_is_not_shown_while_one_is_asked_for(page: Page):
    open_lesson(page, LESSON_OF["roi"], "ask=1")
    rings = page.locator(".pvl-roi-max")
    assert rings.count() > 0
    for ring in rings.all():
        expect(ring).to_be_hidden()


def test_who_is_right_is_not_told_by_colour_while_it_is_asked_for(page: Page):
    open_lesson(page, LESSON_OF["ap"], "ask=1")
    scene = page.locator("#lesson-scene")
    expect(scene.locator(":is([data-of=hit], [data-of=miss])")).to_have_count(0)
    expect(scene.locator("td.pvl-chosen")).to_have_count(0)
    page.get_by_role("button", name="Question mode").click()
    expect(scene.locator("td.pvl-chosen")).not_to_have_count(0)
