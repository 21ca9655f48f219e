"""The page's modules: what they hand out is taken by somebody, and icons are drawn in one place."""

import re
from pathlib import Path

from tests.web.conftest import WEB_FOLDER

MODULES = {
    path.relative_to(WEB_FOLDER).as_posix(): path.read_text("utf-8") for path in WEB_FOLDER.rglob("*.js")
}
EXPORT = re.compile(r"^export (?:async )?(?:function|const|class) (\w+)", re.MULTILINE)
IMPORT = re.compile(r"^import \{([^}]*)\} from \"([^\"]+)\"", re.MULTILINE)
ENTRY = "mount"  # what Gradio's components call


def _resolved(importer: str, address: str) -> str:
    return (WEB_FOLDER / importer).parent.joinpath(address).resolve().relative_to(WEB_FOLDER).as_posix()


def _imported() -> set[tuple[str, str]]:
    """Every (module, name) that another module imports."""
    return {
        (_resolved(importer, address), name.strip().split(" as ")[0])
        for importer, source in MODULES.items()
        for names, address in IMPORT.findall(source)
        for name in names.split(",")
        if name.strip()  # a list may end with a comma
    }


def _tested() -> set[str]:
    """Names that tests take from a module: destructured, or of one that is called twin, kit or module."""
    sources = [path.read_text("utf-8") for path in Path(__file__).parents[1].rglob("*.py")]
    taken = re.compile(r"\{+([^{}]*)\}+ = await import")
    named = re.compile(r"\b(?:twin|kit|module)\.(\w+)")
    names = [name for source in sources for group in taken.findall(source) for name in group.split(",")]
    return {name.strip() for name in names} | {name for source in sources for name in named.findall(source)}


def test_what_only_its_own_file_uses_is_not_exported():
    exported = {(module, name) for module, source in MODULES.items() for name in EXPORT.findall(source)}
    needless = {(module, name) for module, name in exported - _imported() if name not in _tested() | {ENTRY}}
    assert sorted(needless) == []


def test_every_imported_name_is_exported():
    for module, name in _imported():
        assert name in EXPORT.findall(MODULES[module]), f"{module} has no {name}"


def test_icons_are_drawn_in_one_place():
    homes = {module for module, source in MODULES.items() if re.search(r'viewBox[":]+ ?"0 0 24 24"', source)}
    assert homes == {"base/icons.js"}
