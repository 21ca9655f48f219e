"""A page's modules as one file: a browser asks once where it asked forty times, and finds the same code.

Each module becomes a function that gives what it exports, called after those that it imports. That is all a
bundler has to do, because our modules import by name, at their top, in no circle, and export functions,
classes and constants alone.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from pedviz.site.assets import WEB_FOLDER, resolved

IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.{1,2}/[^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
OTHER = re.compile(r"^(?:import|export) .*|\bimport\(", re.MULTILINE)
# For readers of the modules, and for the compiler that checks their types.
COMMENT = r"(?:[^*]|\*(?!/))*\*/"
DESCRIPTION = re.compile(rf"^[ \t]*/\*\*{COMMENT}\n|/\*\* @type {COMMENT} ?", re.MULTILINE)


@cache
def _source(module: str) -> str:
    text = (WEB_FOLDER / module).read_text("utf-8")
    return DESCRIPTION.sub("", text)


def _imports(module: str) -> list[tuple[str, str]]:
    """What a module takes, as it is written, and from which module."""
    return [(names, resolved(module, address)) for names, address in IMPORT.findall(_source(module))]


def _ordered(entries: Sequence[str]) -> list[str]:
    """The entries and all that they import, each after what it needs."""
    done: dict[str, bool] = {}

    def visit(module: str, path: tuple[str, ...]) -> Iterator[str]:
        if module in path:
            raise ValueError(f"these import each other: {', '.join((*path, module))}")
        if module not in done:
            done[module] = True
            for _, needed in _imports(module):
                yield from visit(needed, (*path, module))
            yield module

    return [module for entry in entries for module in visit(entry, ())]


@cache
def bundle(entries: tuple[str, ...], *, last: str = "") -> str:
    """Modules with everything that they import, as the text of one module.

    Args:
        entries: paths in the web folder, such as "about/page.js".
        last: code for the end; "{0}" stands for what the first entry exports, and so on.

    Raises:
        ValueError: a module imports or exports in a way that the text above excludes.
    """
    names = {module: f"m{place}" for place, module in enumerate(_ordered(entries))}
    parts = [_wrapped(module, names) for module in names]
    return "".join([*parts, last.format(*(names[entry] for entry in entries)), "\n"])


def _wrapped(module: str, names: dict[str, str]) -> str:
    text = _source(module)
    taken = "".join(
        f"const {{{listed.replace(' as ', ': ')}}} = {names[needed]};\n"
        for listed, needed in _imports(module)
        if listed
    )
    given = ", ".join(name for _, name in EXPORT.findall(text))
    body = EXPORT.sub(r"\1", IMPORT.sub("", text))
    if unknown := OTHER.search(body):
        raise ValueError(f"{module}: {unknown.group()} is no import or export that a bundle knows")
    return f"// {module}\nconst {names[module]} = (() => {{\n{taken}{body}return {{ {given} }};\n}})();\n"
