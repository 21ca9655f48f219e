"""What every lesson of the registry must do, in a real Chromium."""

import re
from collections.abc import Iterable

import pytest
from playwright.sync_api import Page, expect

from pedviz.lessons.lesson import Lesson, State
from pedviz.lessons.registry import LESSONS
from pedviz.lessons.settings import Choice, Flag
from tests.web.lesson_scene import (
    as_text,
    expect_parameters,
    open_lesson,
    parameters,
    query_of,
    width_overflow,
    written_parameters,
)

each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
PHONE = {"width": 390, "height": 844}


TOGETHER = 6  # settings at an end on one page: opening pages takes most of these tests' time


def _extremes() -> list:
    return [
        pytest.param(lesson, state, id=f"{lesson.slug}-{place}-{'+'.join(state)}")
        for lesson in LESSONS
        for place, state in enumerate(_together(lesson.extreme_states()))
    ]


def _together(states: Iterable[State]) -> list[State]:
    """The states joined, TOGETHER at most, where they set different things."""
    joined: list[State] = []
    for state in states:
        room = [other for other in joined if len(other) < TOGETHER and not other.keys() & state.keys()]
        if room:
            room[0].update(state)
        else:
            joined.append(dict(state))
    return joined


def _usual_view(page: Page) -> str:
    return page.locator(".pvl-main .pvl-picture").first.inner_html()


@each_lesson
def test_a_lesson_says_what_it_is_before_anyone_touches_it(page: Page, lesson: Lesson):
    open_lesson(page, lesson)
    expect(page.get_by_role("heading", level=1)).to_have_text(lesson.title)
    expect(page.locator(".pvl-question")).to_have_text(lesson.question)
    for image in page.get_by_role("img").all():
        assert len(image.get_attribute("aria-label") or "") > 10
    assert page.locator("math").count() > 0
    assert page.locator(".pvl-claim").count() == len(lesson.claims)


@each_lesson
def test_every_section_of_the_prose_is_on_the_page(page: Page, lesson: Lesson):
    open_lesson(page, lesson)
    for section in lesson.page_data()["prose"]:
        expect(page.locator(f"#lesson-{section['key']} h2").first).to_have_text(section["title"])


@pytest.mark.parametrize(("lesson", "state"), _extremes())
def test_a_lesson_draws_at_both_ends_of_every_setting(page: Page, lesson: Lesson, state: State):
    open_lesson(page, lesson, query_of(state))
    page.locator(".pvl-toolbar").get_by_text(
        "Question mode"
    ).click()  # a change, so that the address is written
    defaults = {setting.key: setting.default for setting in lesson.settings}
    changed = {key: as_text(value) for key, value in state.items() if value != defaults[key]}
    expect_parameters(page, changed | {"ask": "1"})


@each_lesson
def test_a_malformed_link_shows_the_defaults(page: Page, lesson: Lesson):
    open_lesson(page, lesson)
    usual = _usual_view(page)
    wrong = {setting.key: "<b>NaN</b>" for setting in lesson.settings}
    open_lesson(page, lesson, query_of(wrong))
    assert _usual_view(page) == usual


@each_lesson
def test_every_preset_can_be_shown(page: Page, lesson: Lesson):
    open_lesson(page, lesson)
    for preset in lesson.presets:
        button = page.locator(f"[data-preset='{preset.key}']")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(page.locator(".pvl-note", has_text=preset.note)).to_have_count(1)


@each_lesson
def test_a_preset_can_be_undone_and_redone(page: Page, lesson: Lesson):
    open_lesson(page, lesson)
    page.locator(f"[data-preset='{lesson.presets[1].key}']").click()
    after = written_parameters(page)
    page.keyboard.press("Control+z")
    expect_parameters(page, {})
    page.keyboard.press("Control+Shift+z")
    expect_parameters(page, after)


@each_lesson
def test_reset_leaves_nothing_in_the_address(page: Page, lesson: Lesson):
    state = {
        setting.key: next(value for value in setting.ends() if value != setting.default)
        for setting in lesson.settings
        if isinstance(setting, Choice | Flag)
    }
    open_lesson(page, lesson, query_of(state))
    page.get_by_role("button", name="Reset").click()
    expect_parameters(page, {})


@each_lesson
def test_question_mode_hides_the_answers_until_they_are_shown(page: Page, lesson: Lesson):
    open_lesson(page, lesson, "ask=1")
    hidden = page.locator("[data-answer][aria-hidden=true]")
    assert hidden.count() == page.locator("[data-answer]").count() > 0
    for button in page.get_by_role("button", name="Show", exact=True).all():
        button.click()
    expect(hidden).to_have_count(0)


@each_lesson
def test_no_hidden_answer_is_in_the_words_for_screen_readers(page: Page, lesson: Lesson):
    open_lesson(page, lesson, "ask=1")
    asked = page.locator(".pvl-main [role=img]").first.get_attribute("aria-label")
    open_lesson(page, lesson)
    assert asked != page.locator(".pvl-main [role=img]").first.get_attribute("aria-label")


@each_lesson
def test_a_dark_page_prints_dark_on_white(page: Page, lesson: Lesson):
    open_lesson(page, lesson, dark=True)
    heading = page.get_by_role("heading", level=1)
    light = heading.evaluate("(node) => getComputedStyle(node).color")
    page.emulate_media(media="print")
    assert heading.evaluate("(node) => getComputedStyle(node).color") == "rgb(0, 0, 0)" != light


@each_lesson
def test_the_reduced_view_keeps_the_picture_and_drops_the_controls(page: Page, lesson: Lesson):
    open_lesson(page, lesson, "hide=controls")
    expect(page.locator(".pvl-main .pvl-picture").first).to_be_visible()
    expect(page.locator(".pvl-toolbar")).to_be_hidden()
    for field in page.locator(".pvl-field").all():
        expect(field).to_be_hidden()
    page.get_by_role("button", name="Show controls").click()
    expect(page.locator(".pvl-toolbar")).to_be_visible()
    assert "hide" not in parameters(page)


@each_lesson
def test_a_phone_never_scrolls_sideways(page: Page, lesson: Lesson):
    page.set_viewport_size(PHONE)
    open_lesson(page, lesson)
    assert width_overflow(page) == 0


@each_lesson
def test_every_handle_has_a_name_and_moves_by_keys(page: Page, lesson: Lesson):
    open_lesson(page, lesson)
    for handle in page.locator(".pvl-handle").all():
        assert len(handle.get_attribute("aria-label") or "") > 3
        before = handle.inner_html()
        handle.focus()
        for key in ("ArrowRight", "ArrowDown"):
            page.keyboard.press(key)
        page.wait_for_function(
            "([node, before]) => node.innerHTML !== before", arg=[handle.element_handle(), before]
        )


@each_lesson
def test_changes_are_spoken_once_the_picture_rests(page: Page, lesson: Lesson):
    open_lesson(page, lesson)
    expect(page.locator(".pvl-live")).to_be_empty()
    page.locator(".pvl-cases .pvl-preset").nth(1).click()
    expect(page.locator(".pvl-live")).to_have_text(re.compile(r"\w+"))


@each_lesson
def test_pointing_at_a_symbol_lights_up_what_it_names(page: Page, lesson: Lesson):
    open_lesson(page, lesson)
    symbol = page.locator(".pvl-symbol[tabindex]").first
    thing = symbol.get_attribute("data-of")
    symbol.focus()
    lit = page.locator(".pvl-lit")
    assert {element.get_attribute("data-of") for element in lit.all()} == {thing}
    assert lit.count() > 1


MEETING = """() => [...document.querySelectorAll(".pvl-plot .pvl-picture")].flatMap((plot) => {
  const boxes = (name) => [...plot.querySelectorAll(name)]
    .map((text) => ({ text: text.textContent, ...text.getBoundingClientRect().toJSON() }));
  const meet = (one, other) =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  const edge = plot.getBoundingClientRect();
  return boxes(".pvg-label").flatMap((label) => boxes(".pvg-tick")
    .filter((tick) => meet(label, tick) || tick.left < edge.left)
    .map((tick) => `${tick.text} meets ${label.text}`));
})"""
LARGE = {"n": 4096.0, "d": 512.0, "side": 1024.0, "hid": 8192.0}


@pytest.mark.parametrize("width", [390, 1920])
@each_lesson
def test_no_tick_meets_the_label_of_its_axis(page: Page, lesson: Lesson, width: int):
    page.set_viewport_size(PHONE | {"width": width})
    own = {setting.key for setting in lesson.settings}
    open_lesson(page, lesson, query_of({key: value for key, value in LARGE.items() if key in own}))
    assert page.evaluate(MEETING) == []
