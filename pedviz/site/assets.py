"""What a page loads from the web folder: two stylesheets, and where a module finds another."""

import re
from pathlib import Path, PurePosixPath

from pedviz.paths import PACKAGE

WEB_FOLDER = PACKAGE / "ui" / "web"
TOKENS = ("base/theme.css", "base/gradio.css")
PARTS = (
    "base/shell.css",
    "detect/detect.css",
    "detect/comparison.css",
    "about/about.css",
    "dashboard/dashboard.css",
    "charts/charts.css",
    "charts/results.css",
)
LESSON_FRAME, LESSON_TALK, LESSON_PRINT = (
    f"lessons/kit/{name}.css" for name in ("lesson", "presenter", "print")
)
SITE_SHEET, LESSON_SHEET = "site.css", "lessons.css"
KEYFRAMES = re.compile(r"@keyframes [^{]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")


def _read(*names: str) -> str:
    return "\n".join((WEB_FOLDER / name).read_text("utf-8") for name in names)


def stylesheet() -> str:
    """The CSS of all pages but the lessons, as one file.

    Gradio's reset (".gradio-container-6-31-0 button" and the like) is stronger than a class of ours. So the
    stylesheets of our parts are nested below .pv-root together with an id that no element has: that lends
    them the strength of an id, wherever and in whatever order Gradio loads its own. Keyframes cannot be
    nested and come first.
    """
    parts = _read(*PARTS)
    animations = KEYFRAMES.findall(parts)
    return "\n".join([_read(*TOKENS), *animations, ":is(.pv-root, #pv) {", KEYFRAMES.sub("", parts), "}", ""])


def lesson_stylesheet() -> str:
    """The CSS of lessons beside `stylesheet`, in one file: frame, each lesson's own, talks, paper."""
    own = sorted(path.relative_to(WEB_FOLDER).as_posix() for path in WEB_FOLDER.glob("lessons/*/style.css"))
    return _read(LESSON_FRAME, *own, LESSON_TALK, LESSON_PRINT)


SHEETS = {SITE_SHEET: stylesheet, LESSON_SHEET: lesson_stylesheet}


def resolved(importer: str, address: str) -> str:
    """The path in the web folder of what a module there imports by a relative address."""
    folder = Path(WEB_FOLDER, importer).parent
    return PurePosixPath((folder / address).resolve().relative_to(WEB_FOLDER.resolve())).as_posix()
