"""Every lesson of the registry is complete, consistent and ready for the page."""

import dataclasses
import json
import re

import pytest

from pedviz.lessons.lesson import Lesson
from pedviz.lessons.registry import LESSONS, in_order
from pedviz.lessons.settings import Choice, Number, Numbers, Setting, Text, Value
from pedviz.lessons.talks import TALKS
from pedviz.paths import ASSETS

each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
WEB = ASSETS.parent / "pedviz" / "ui" / "web" / "lessons"
KIT_PARAMETERS = {"ask", "seed", "present", "hide", "embed", "open", "view", "__theme", "deep_link"}


def _allows(setting: Setting, value: Value) -> bool:
    if isinstance(setting, Numbers):
        shortest, longest = setting.lengths()
        within = all(setting.low <= entry <= setting.high for entry in value)
        return within and shortest <= len(value) <= longest
    if isinstance(setting, Number):
        return setting.low <= value <= setting.high
    if isinstance(setting, Choice):
        return value in dict(setting.options)
    if isinstance(setting, Text):
        return re.fullmatch(setting.pattern, value) is not None
    return isinstance(value, bool)


def test_a_repeated_slug_is_refused():
    twice = dataclasses.replace(LESSONS[0], number=2)
    with pytest.raises(ValueError, match="every slug once, got iou, iou"):
        in_order(LESSONS[0], twice)


def test_numbers_that_do_not_rise_are_refused():
    before = dataclasses.replace(LESSONS[0], slug="other", number=0)
    with pytest.raises(ValueError, match=r"rising lesson numbers, got \[1, 0\]"):
        in_order(LESSONS[0], before)


@each_lesson
def test_the_page_module_exists_and_exports_mount(lesson: Lesson):
    assert "export function mount(element, data)" in (WEB / lesson.module).read_text("utf-8")


@each_lesson
def test_the_page_data_is_json(lesson: Lesson):
    data = lesson.page_data()
    assert json.loads(json.dumps(data, allow_nan=False))["slug"] == lesson.slug


@each_lesson
def test_settings_have_distinct_keys_that_nobody_else_uses(lesson: Lesson):
    keys = [setting.key for setting in lesson.settings]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & KIT_PARAMETERS


@each_lesson
def test_defaults_and_ends_are_allowed(lesson: Lesson):
    for setting in lesson.settings:
        for value in (setting.default, *setting.ends()):
            assert _allows(setting, value), f"{setting.key} = {value}"


@each_lesson
def test_presets_and_claims_set_only_what_is_allowed(lesson: Lesson):
    settings = {setting.key: setting for setting in lesson.settings}
    states = [preset.state for preset in lesson.presets] + [claim.state or {} for claim in lesson.claims]
    for state in states:
        for key, value in state.items():
            assert _allows(settings[key], value), f"{key} = {value}"


@each_lesson
def test_a_talk_shows_sections_that_exist_with_settings_that_are_allowed(lesson: Lesson):
    settings = {setting.key: setting for setting in lesson.settings}
    sections = {section["key"] for section in lesson.page_data()["prose"]} | {""}
    for step in TALKS[lesson.slug]:
        assert step.at in sections
        assert all(_allows(settings[key], value) for key, value in step.state.items())


@each_lesson
def test_the_core_is_some_of_the_sections(lesson: Lesson):
    assert set(lesson.core) <= {section["key"] for section in lesson.page_data()["prose"]}


@each_lesson
def test_presets_have_distinct_keys_and_the_first_is_the_initial_state(lesson: Lesson):
    keys = [preset.key for preset in lesson.presets]
    assert len(set(keys)) == len(keys)
    defaults = {setting.key: setting.default for setting in lesson.settings}
    assert lesson.presets[0].state.items() <= defaults.items()


@each_lesson
def test_claims_point_at_sections_that_exist(lesson: Lesson):
    sections = {section["key"] for section in lesson.page_data()["prose"]} | {""}
    assert {claim.at for claim in lesson.claims} <= sections


@each_lesson
def test_every_lesson_ends_with_what_a_report_said(lesson: Lesson):
    assert lesson.claims
    assert {claim.source for claim in lesson.claims} <= {"Report A", "Report B", "The reports"}


def test_every_lesson_is_a_page_with_an_address_of_letters():
    from pedviz.site.pages import PAGES

    names = [page.name for page in PAGES]
    assert [name for name in names if name.startswith("lesson")] == [
        "lessons",
        *(f"lesson-{lesson.slug}" for lesson in LESSONS),
    ]
    assert all(re.fullmatch(r"[a-z-]*", name) for name in names)
