"""A page's script: the modules of the web folder in one file, in the browser's own eyes."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from pedviz.site import bundles
from pedviz.site.assets import WEB_FOLDER
from pedviz.site.bundles import bundle
from pedviz.site.documents import START, document, script, script_address
from pedviz.site.pages import PAGES

DOCUMENTS = [page for page in PAGES if page.name]
IMPORTED = re.compile(r"""^(?:import|export)\b[^;"']*?["'](\.{1,2}/[^"']+)["'];""", re.MULTILINE)


def _modules(first: str) -> set[Path]:
    """The files that a module needs, its own included."""
    found: set[Path] = set()
    waiting = [WEB_FOLDER / first]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += [(module.parent / name).resolve() for name in IMPORTED.findall(module.read_text())]
    return found


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: page.name)
def test_a_document_asks_for_one_script_that_holds_its_modules_once(page):
    text = script(page)
    for module in _modules(START) | (_modules(page.module) if page.module else set()):
        assert text.count(f"// {module.relative_to(WEB_FOLDER)}\n") == 1
    assert f'<script type="module" src="{script_address(page)}"></script>' in document(page)
    assert "modulepreload" not in document(page)


def _folder(tmp_path, monkeypatch, **files):
    for name, text in files.items():
        (tmp_path / f"{name}.js").write_text(text)
    monkeypatch.setattr(bundles, "WEB_FOLDER", tmp_path)
    monkeypatch.setattr("pedviz.site.assets.WEB_FOLDER", tmp_path)
    for remembered in (bundles._source, bundle):
        remembered.cache_clear()


@pytest.fixture(autouse=True)
def forget():
    yield
    for remembered in (bundles._source, bundle):
        remembered.cache_clear()


def test_names_of_modules_do_not_meet(functions: Page, tmp_path, monkeypatch):
    _folder(
        tmp_path, monkeypatch,
        a='import {\n  twice as double,\n} from "./b.js";\n\n/** Adds. */\nconst one = 1;\n'
        "export async function sum(value) {\n  return double(value) + /** @type {any} */ (one);\n}\n",
        b='import "./c.js";\nconst one = 2;\nexport const twice = (value) => one * value;\n',
        c="globalThis.seen = 1;\n",
    )  # fmt: skip
    run = """async (text) => {
      const sum = await new Function(text)();
      const { seen } = globalThis;
      delete globalThis.seen;
      return [sum, seen];
    }"""
    assert functions.evaluate(run, bundle(("a.js",), last="return {0}.sum(20);")) == [41, 1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('import * as all from "./b.js";\n', "no import or export"),
        ("export default 1;\n", "no import or export"),
        ('const later = import("./b.js");\n', "no import or export"),
        ('import { b } from "./b.js";\n', "import each other"),
    ],
)
def test_what_it_does_not_know_is_refused(tmp_path, monkeypatch, text, said):
    _folder(tmp_path, monkeypatch, a=text, b='import { a } from "./a.js";\nexport const b = 1;\n')
    with pytest.raises(ValueError, match=said):
        bundle(("a.js",))
