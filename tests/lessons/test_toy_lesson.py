"""An eighth lesson takes the four files that CONTRIBUTING.md promises, and no other."""

import os
import re
import shutil
import subprocess
import sys

from pedviz.paths import ROOT

MODULE = '''"""Lesson 8, a toy."""

from pedviz.lessons.lesson import Lesson, Preset
from pedviz.lessons.settings import Count

LESSON = Lesson(
    slug="toy", number=8, title="A toy", question="Does a lesson need four files?",
    needs="nothing", core=("one",),
    settings=(Count(key="n", label="Number", default=1, low=0, high=9),),
    presets=(Preset(key="one", label="One", note="The first.", state={}),),
    claims=(), data=lambda: {"numbers": [1]},
)
'''
FILES = {
    "pedviz/lessons/NAME.py": MODULE,
    "assets/lessons/NAME.md": "# A toy\n\nIts text.\n\n## A section {#one}\n\nMore text.\n",
    "pedviz/ui/web/lessons/NAME/page.js": "export function mount(element) { element.append('toy'); }\n",
}
REGISTRY = "pedviz/lessons/registry.py"
PROGRAM = """
from pedviz.site.documents import document, script
from pedviz.site.pages import PAGES
pages = {page.name: document(page) for page in PAGES if page.name}
print(next(script(page) for page in PAGES if page.name == "lesson-toy"))
print(pages["lesson-toy"], "lesson-toy.html" in pages["lessons"])
"""


def test_an_eighth_lesson_touches_the_promised_files(tmp_path):
    guide = (
        (ROOT / "CONTRIBUTING.md")
        .read_text("utf-8")
        .partition("**A lesson.**")[2]
        .partition("**A chart.**")[0]
    )
    assert set(re.findall(r"^\d\. `([^`]+)`", guide, re.M)) == {*FILES, REGISTRY}

    shutil.copytree(ROOT / "pedviz", tmp_path / "pedviz", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(
        ROOT / "assets", tmp_path / "assets", ignore=shutil.ignore_patterns("*.safetensors", "predictions")
    )
    for name, content in FILES.items():
        path = tmp_path / name.replace("NAME", "toy")
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, "utf-8")
    registry = tmp_path / REGISTRY
    text = registry.read_text("utf-8").replace("photo, roi\n", "photo, roi, toy\n")
    registry.write_text(text.replace("photo.LESSON\n", "photo.LESSON, toy.LESSON\n"), "utf-8")

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "// lessons/toy/page.js" in done.stdout
    assert "Does a lesson need four files?" in done.stdout
    assert done.stdout.rstrip().endswith("True")
