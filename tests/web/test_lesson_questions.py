"""What question mode takes for an answer: numbers, "none" where there is no such number, and infinity."""

import csv

import pytest
from playwright.sync_api import Locator, Page, expect

from pedviz.lessons.lesson import State
from pedviz.lessons.registry import LESSONS
from pedviz.site.pages import lesson_data
from tests.web.lesson_scene import START, open_lesson, query_of

LESSON_OF = {lesson.slug: lesson for lesson in LESSONS}
NOTHING, FLAT = (0.0, 0.0, 0.0, 0.0), (5.0, 5.0, 25.0, 5.0)
HINT = "Write a number or a fraction; none where there is no such number, inf or ∞ where it is infinite."
CANCELS = {"z1": (1, 1, 0, 0), "z2": (-1, -1, 0, 0), "z3": (0, 0, 2, 1)}


def _ask(page: Page, slug: str, state: State, key: str) -> Locator:
    """The form of a question about a state."""
    open_lesson(page, LESSON_OF[slug], query_of(state | {"ask": True}))
    return page.locator(f"form:has(#pvl-question-{key})")


def _answer(form: Locator, text: str) -> Locator:
    """Types an answer; returns what is said to it."""
    form.locator("input").fill(text)
    form.get_by_role("button", name="Check").click()
    return form.locator(".pvl-verdict")


@pytest.mark.parametrize(
    ("slug", "key", "state"),
    [
        pytest.param("iou", "iou", {"a": NOTHING, "b": NOTHING}, id="IoU of points"),
        pytest.param("iou", "giou", {"a": FLAT, "b": NOTHING}, id="GIoU of a line and a point"),
        pytest.param("ap", "p", {"rank": 0}, id="precision of nothing"),
        pytest.param("roi", "sample", {"box": (3, 3, 3, 3), "half": True, "sr": 0.0}, id="no sample point"),
        pytest.param("losses", "tx", {"a": (10, 10, 10, 90)}, id="shift of an anchor without width"),
        pytest.param("losses", "tw", {"a": (10, 10, 10, 90)}, id="stretch of an anchor without width"),
        pytest.param("attention", "linear", CANCELS, id="weights of a row that cancels"),
        pytest.param("photo", "iou", {"nms": 0.95, "step": 5.0}, id="IoU at which no box went"),
    ],
)
def test_what_does_not_exist_is_answered_with_none(page: Page, slug: str, key: str, state: State):
    form = _ask(page, slug, state, key)
    verdict = _answer(form, "0")
    expect(verdict).to_have_attribute("data-kind", "wrong")
    expect(verdict).to_have_text("Not yet: does it exist here?")
    expect(_answer(form, "none")).to_contain_text("Right: none.")


@pytest.mark.parametrize(
    ("slug", "key", "state", "typed"),
    [
        pytest.param("losses", "log", {"p": 0.0, "y": "1"}, "inf", id="impossible, yet true"),
        pytest.param("losses", "log", {"p": 1.0, "y": "0"}, "∞", id="certain, yet false"),
        pytest.param("losses", "tw", {"b": (10, 10, 10, 90)}, "-infinity", id="stretch to nothing"),
    ],
)
def test_an_infinite_answer_can_be_typed(page: Page, slug: str, key: str, state: State, typed: str):
    form = _ask(page, slug, state, key)
    expect(_answer(form, "none")).to_have_text("Not yet: it does exist.")
    expect(_answer(form, "1000")).to_contain_text("Not yet: it is ")
    expect(_answer(form, typed)).to_have_attribute("data-kind", "right")


def test_a_shift_exists_although_the_person_has_no_width(page: Page):
    form = _ask(page, "losses", {"a": (0, 0, 40, 80), "b": (30, 0, 30, 80)}, "tx")
    expect(_answer(form, "0.25")).to_contain_text("Right: 0.25.")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param("1/4", 0.25, id="fraction"),
        *(
            pytest.param(text, "none", id=f"none as {text}")
            for text in (" None ", "-", "\u2013", "n/a", "NA")
        ),
        *(pytest.param(text, "Infinity", id=text) for text in ("inf", "Infinity", "∞", "+inf")),
        *(pytest.param(text, "-Infinity", id=text) for text in ("-inf", "\u2212\u221e")),
        *(pytest.param(text, "NaN", id=f"unread {text}") for text in ("", "x", "nothing")),
    ],
)
def test_answers_are_read_as_people_write_them(functions: Page, text: str, read: float | str):
    script = """async (text) => {
      const { parseAnswer } = await import("/base/numbers.js");
      const answer = parseAnswer(text);
      return answer === null ? "none" : Number.isFinite(answer) ? answer : String(answer);
    }"""
    assert functions.evaluate(script, text) == read


def test_parted_thousands_are_read_both_ways(functions: Page):
    texts = ["102,764,544", "25,088", "25 088", "1,125.5", "0,125", "0.25", "x"]
    script = """async (texts) => {
      const { readAnswers } = await import("/base/numbers.js");
      return texts.map(readAnswers);
    }"""
    read = functions.evaluate(script, texts)
    assert read == [[102_764_544], [25_088, 25.088], [25_088], [1125.5], [0.125], [0.25], []]


@pytest.mark.parametrize("given", ["102764544", "102,764,544"])
def test_an_answer_may_be_written_as_the_page_writes_it(page: Page, given: str):
    open_lesson(page, LESSON_OF["parameters"], "ask=1")
    said = _answer(page.locator("form:has(#pvl-question-layer)"), given)
    expect(said).to_contain_text("Right: 102,764,544. 102,760,448 weights and 4,096 biases.")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_every_field_says_what_can_be_typed(page: Page, lesson):
    open_lesson(page, lesson, "ask=1")
    for field in page.locator(".pvl-questions input").all():
        assert "none" in field.get_attribute("placeholder")
        expect(field).to_have_accessible_description(HINT)


def test_a_question_without_its_picture_yet_cannot_be_answered(page: Page):
    page.route("**/trace/**", lambda route: None)  # the network never finishes
    page.evaluate("history.replaceState(null, '', '?ask=1')")
    page.evaluate(START, lesson_data(LESSON_OF["photo"]))
    form = page.locator("form:has(#pvl-question-scale)")
    expect(form).to_contain_text("still running")
    expect(form.get_by_role("button", name="Check")).to_be_disabled()
    expect(form.get_by_role("button", name="Show")).to_be_disabled()


IFRAME = """async () => {
  window.heard = [];
  addEventListener("message", ({ data }) => window.heard.push(data));
  const frame = document.createElement("iframe");
  frame.src = "/?ask=1";
  document.body.append(frame);
  await new Promise((resolve) => frame.addEventListener("load", resolve));
}"""


def test_a_score_is_kept_and_an_embedding_page_hears_each_answer(page: Page):
    page.evaluate(IFRAME)
    frame = page.frames[1]
    frame.evaluate(START, lesson_data(LESSON_OF["iou"]))
    inter, union = (frame.locator(f"form:has(#pvl-question-{key})") for key in ("inter", "union"))
    _answer(inter, "x")  # not a number, not an attempt
    _answer(inter, "35")
    _answer(inter, "36")
    _answer(inter, "36")  # answered already
    _answer(union, "204")
    frame.locator("form:has(#pvl-question-iou)").get_by_role("button", name="Show").click()
    expect(frame.locator(".pvl-score-total")).to_have_text("1 of 3 right at first try, 3 attempts.")
    page.wait_for_function("window.heard.length === 4")
    heard = page.evaluate("window.heard")
    assert {message["source"] for message in heard} == {"pedviz"}
    assert [message["type"] for message in heard] == ["answer", "answer", "answer", "shown"]
    assert [(m["question"], m["given"], m["correct"], m["attempt"]) for m in heard[:3]] == [
        ("inter", "35", False, 1),
        ("inter", "36", True, 2),
        ("union", "204", True, 1),
    ]
    with page.expect_download() as saved:
        frame.get_by_role("button", name="Download CSV").click()
    rows = list(csv.DictReader(saved.value.path().read_text("utf-8").splitlines()))
    assert [
        (row["question"], row["attempts"], row["right at first try"], row["outcome"]) for row in rows
    ] == [
        ("inter", "2", "no", "right"),
        ("union", "1", "yes", "right"),
        ("iou", "0", "no", "shown"),
    ]


def test_question_mode_begins_at_a_question_in_sight(page: Page):
    page.set_viewport_size({"width": 1280, "height": 720})
    open_lesson(page, LESSON_OF["iou"])
    page.get_by_role("button", name="Question mode").click()
    first = page.locator("#pvl-question-inter")
    expect(first).to_be_in_viewport()
    expect(first).to_be_focused()
    page.keyboard.type("36")
    page.keyboard.press("Enter")
    expect(page.locator("form:has(#pvl-question-inter) .pvl-verdict")).to_contain_text("Right")
    assert page.locator("#lesson-four #pvl-question-giou").count() == 1  # asked where it is taught
