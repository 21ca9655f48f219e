"""The list of the site's pages. Navigation, addresses, documents and the copy as files all read it."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pedviz.about.page import page_data
from pedviz.dashboard.pair import example_pair
from pedviz.dashboard.payload import dashboard_payload, variants_payload
from pedviz.lessons.lesson import Lesson
from pedviz.lessons.payload_types import CourseEntry, LessonPayload
from pedviz.lessons.registry import LESSONS
from pedviz.site.assets import LESSON_SHEET, SITE_SHEET

FRONT = "./"
# The Detect page's parts.
CHANNEL = (
    '<div class="pv-wide pv-channel"><div class="pv-intro"><h1>Compare two pedestrian detectors</h1>'
    "<p>Upload a photo with people in it. See who each detector finds, how confident it is, and where the "
    "two disagree.</p></div>"
    '<section class="pv-photo" aria-label="Photo"></section><div class="pv-toolbar"></div></div>'
)
PANE = '<div class="pv-root"><div class="pv-pane"></div></div>'
STAGE = (
    '<section class="pv-wide pv-strip" aria-label="Your photos" hidden></section>'
    '<div class="pv-wide pv-stage"></div>'
)
# What pages fetch: address below the root -> its content, JSON-able.
DATA_FILES: dict[str, Callable[[], Mapping[str, Any]]] = {
    "about.json": page_data,
    "dashboard.json": dashboard_payload,
    "variants.json": variants_payload,
}
LINKS_TO_IMAGES = {"dashboard.json", "variants.json"}  # they say whether test images can be shown


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of the site.

    Attributes:
        name: of its file, without ".html"; "" for the front page.
        title: its name in the navigation and in the browser's tab.
        description: one sentence for search engines and previews.
        main: the HTML that <main> holds until the page's module has come, the heading first.
        main_class: of <main>.
        module: below the web folder; exports `mount(main, data)`. None for a page that needs none.
        data: what `mount` gets, JSON-able.
        fetches: files of the site that its module asks for at once, such as entries of DATA_FILES.
        sheets: its stylesheets.
        in_navigation: whether the header links to it.
        needs_server: whether all that it does is computed; a copy as files says so instead.
    """

    name: str
    title: str
    description: str
    main: str
    main_class: str = "pv-wide"
    module: str | None = None
    data: Callable[[], object] | None = None
    fetches: tuple[str, ...] = ()
    sheets: tuple[str, ...] = (SITE_SHEET,)
    in_navigation: bool = True
    needs_server: bool = False

    @property
    def address(self) -> str:
        """Relative to any other page: all lie side by side, so the site works below any path."""
        return f"{self.name}.html" if self.name else FRONT


def _detect() -> Page:
    return Page(
        name="",
        title="Detect",
        description="Drop a photo and compare, side by side, what two fine-tuned pedestrian detectors see.",
        main=f'{CHANNEL}<div class="pv-panes">{PANE}{PANE}</div>{STAGE}',
        main_class="",
    )


def _dashboard() -> Page:
    return Page(
        name="dashboard",
        title="Dashboard",
        description="Average precision, error analysis, speed and size of the detectors on 50 test images.",
        main="<h1>How good is each detector?</h1>"
        '<p class="pvd-wait" role="status">Reading the stored results …</p>',
        main_class="pv-wide pvd",
        module="dashboard/entry.js",
        fetches=("dashboard.json",),
    )


def _results() -> Page:
    return Page(
        name="your-results",
        title="Your results",
        description="Is the difference between two detectors more than chance? COCO results measured.",
        main="<h1>Is the difference between your two detectors real?</h1>",
        main_class="pv-wide pvr",
        module="results/page.js",
        needs_server=True,
        data=lambda: {"example": example_pair()},
    )


def _about() -> Page:
    return Page(
        name="about",
        title="About",
        description="Model cards, data, licences, known limitations and how to reproduce the results.",
        main="<h1>About PedViz</h1>",
        main_class="pv-wide pva",
        module="about/page.js",
        fetches=("about.json",),
    )


def lesson_name(lesson: Lesson) -> str:
    """The name of a lesson's page."""
    return f"lesson-{lesson.slug}"


def lesson_data(lesson: Lesson) -> LessonPayload:
    """What a lesson's module gets: its own content, and title and address of every lesson."""
    course: list[CourseEntry] = [
        {"title": other.title, "path": f"{lesson_name(other)}.html"} for other in LESSONS
    ]
    return {**lesson.page_data(), "course": course}


def _lesson(lesson: Lesson) -> Page:
    head = (
        f'<p class="pvl-course">Lesson {lesson.number}<span>{html.escape(lesson.scope)}</span></p>'
        f"<h1>{html.escape(lesson.title)}</h1>"
        f'<p class="pvl-question">{html.escape(lesson.question)}</p>'
    )
    return Page(
        name=lesson_name(lesson),
        title=lesson.title,
        description=lesson.question,
        main=f'<div class="pvl"><header class="pvl-head"><div>{head}</div></header></div>',
        module=f"lessons/{lesson.module}",
        data=lambda: lesson_data(lesson),
        sheets=(SITE_SHEET, LESSON_SHEET),
        in_navigation=False,
    )


def _card(lesson: Lesson, following: Lesson | None) -> str:
    """A lesson in the list: what it asks, how long it takes, what it needs and what comes next."""
    onwards = f"<br>Next: {html.escape(following.title)}." if following else ""
    return (
        f'<li><a class="pvl-card" data-lesson="{lesson.slug}" href="{lesson_name(lesson)}.html">'
        '<svg class="pvl-miniature" aria-hidden="true"></svg>'  # has its room before it is drawn
        f"<span>Lesson {lesson.number} · {lesson.minutes} minutes</span>"
        f"<strong>{html.escape(lesson.title)}</strong><em>{html.escape(lesson.question)}</em>"
        f"<small>Needs: {html.escape(lesson.needs)}.{onwards}</small></a></li>"
    )


def _course() -> Page:
    introduction = (
        "Every number that a detector's table shows, to take apart and to move. Each lesson has its own "
        "address, which keeps what you set: link to it, project it, print it as a worksheet."
    )
    cards = "".join(map(_card, LESSONS, (*LESSONS[1:], None)))
    return Page(
        name="lessons",
        title="Lessons",
        description=f"{len(LESSONS)} interactive lessons on the numbers behind object detection.",
        main=f'<h1>Lessons</h1><p>{introduction}</p><ol class="pvl-cards">{cards}</ol>',
        main_class="pv-wide pvl-index",
        module="lessons/index/page.js",
        sheets=(SITE_SHEET, LESSON_SHEET),
    )


# In the order of the navigation, the front page first.
PAGES = (_detect(), _dashboard(), _results(), _course(), *map(_lesson, LESSONS), _about())
