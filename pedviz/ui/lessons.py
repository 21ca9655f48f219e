"""The pages of the lessons: an index with a card for each, and one page a lesson."""

import html
from functools import partial

import gradio as gr

from pedviz.lessons.lesson import Lesson
from pedviz.lessons.registry import LESSONS
from pedviz.ui.shell import Page, frame, mount_script

INDEX = "lessons"
INTRODUCTION = (
    "Every number that a detector's table shows, to take apart and to move. Each lesson has its own address, "
    "which keeps what you set: link to it, project it, print it as a worksheet."
)


def lesson_path(lesson: Lesson) -> str:
    """The address of a lesson below the root; Gradio allows no slash in it."""
    return f"lesson-{lesson.slug}"


def _card(lesson: Lesson) -> str:
    return (
        f'<li><a class="pvl-card" href="./{lesson_path(lesson)}"><span>Lesson {lesson.number}</span>'
        f"<strong>{html.escape(lesson.title)}</strong><em>{html.escape(lesson.question)}</em></a></li>"
    )


def build_index() -> None:
    """Lay out the index, inside the Blocks of the caller."""
    cards = "".join(_card(lesson) for lesson in LESSONS)
    frame(
        '<div class="pv-root"><main class="pv-wide pvl-index" id="main"><h1>Lessons</h1>'
        f'<p>{INTRODUCTION}</p><ol class="pvl-cards">{cards}</ol></main></div>',
        script=mount_script("lessons/kit/entry.js", INDEX),
    )


def build_lesson(lesson: Lesson) -> None:
    """Lay out a lesson, inside the Blocks of the caller; the page draws itself in the browser."""
    others = [{"title": other.title, "path": lesson_path(other)} for other in LESSONS]
    gr.HTML(
        html_template='<div class="pv-root"><main class="pv-wide" id="main"></main></div>',
        js_on_load=mount_script("lessons/kit/entry.js", lesson.slug),
        apply_default_css=False,
        elem_classes=["pv-block"],
        lesson=lesson.page_data() | {"course": others},
    )


def lesson_pages() -> tuple[Page, ...]:
    """The index, which the navigation shows, and every lesson, which the index links to."""
    lessons = (
        Page(
            path=lesson_path(lesson),
            title=lesson.title,
            build=partial(build_lesson, lesson),
            in_navigation=False,
        )
        for lesson in LESSONS
    )
    return Page(path=INDEX, title="Lessons", build=build_index), *lessons
