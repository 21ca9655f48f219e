"""The plan of the page's own code, pedviz/ui/web: who may import whom, and what every file must look like."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "pedviz" / "ui" / "web"
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_LINE = 300, 60, 120

# Functions that are still longer; whoever shortens one takes it from the list.
STILL_LONG: dict[str, int] = {}
# A folder, and the other folders that it may import. A lesson's folder is one "lessons/*", and a lesson never
# imports another one.
MAY_IMPORT = {
    "maths": set(),
    "base": {"maths"},
    "charts": {"base", "maths"},
    "detect": {"charts", "base", "maths"},
    "dashboard": {"charts", "base", "maths"},
    "results": {"charts", "base", "maths"},
    "about": {"charts", "base", "maths"},
    "lessons/kit": {"charts", "base", "maths"},
    "lessons/*": {"lessons/kit", "charts", "base", "maths"},
}
SOURCES = {path.relative_to(WEB).as_posix(): path.read_text("utf-8") for path in sorted(WEB.rglob("*.js"))}
STYLES = {path.relative_to(WEB).as_posix(): path.read_text("utf-8") for path in sorted(WEB.rglob("*.css"))}
SPECIFIER = re.compile(r"""(?:\bfrom|\bimport) ?\(? ?["'](\.[^"']+)["']""")
EXPORT = re.compile(r"^export (?:async )?(?:function|const|class) (\w+)", re.MULTILINE)
IMPORT = re.compile(r"^import \{([^}]*)\} from \"([^\"]+)\"", re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
FUNCTION = re.compile(
    r"=> \{$|\bfunction\b|^ *(?:async |static |get |set )*[\w#]+\(.*\) \{$|^ *\) (?:=> )?\{$"
)
BLOCK = re.compile(r"^ *(?:\} )?(?:if|for|while|switch|catch|else)\b")
ENTRIES = {"mount", "start", "connect"}  # what Gradio's components and the scripts of documents call


def _folder(module: str) -> str:
    """The folder of a module: its first part, or two of a lesson."""
    parts = module.split("/")
    return "/".join(parts[: 2 if parts[0] == "lessons" else 1])


def _target(importer: str, specifier: str) -> str:
    return (WEB / importer).parent.joinpath(specifier).resolve().relative_to(WEB).as_posix()


def _imports(module: str) -> list[str]:
    code = COMMENT.sub("", SOURCES[module])
    return [_target(module, specifier) for specifier in SPECIFIER.findall(code)]


def _functions(source: str) -> list[tuple[int, int]]:
    """(first line, lines) of every function: in formatted code it ends at a line of its own indentation."""
    lines = source.splitlines()
    found = []
    for start, line in enumerate(lines):
        if not line.endswith("{") or not FUNCTION.search(line) or BLOCK.match(line):
            continue
        indent = len(line) - len(line.lstrip())
        end = next(
            place
            for place in range(start + 1, len(lines))
            if lines[place].strip() and len(lines[place]) - len(lines[place].lstrip()) <= indent
        )
        found.append((start + 1, end - start + 1))
    return found


def test_folders_import_only_what_lies_below_them():
    wrong = []
    for module in SOURCES:
        home = _folder(module)
        allowed = MAY_IMPORT[home if home in MAY_IMPORT else "lessons/*"] | {home}
        wrong += [
            f"{module} imports {target}" for target in _imports(module) if _folder(target) not in allowed
        ]
    assert not wrong, "\n".join(wrong)


def test_every_import_is_there():
    names = {module: EXPORT.findall(source) for module, source in SOURCES.items()}
    missing = [
        f"{module}: {target}" for module in SOURCES for target in _imports(module) if target not in SOURCES
    ]
    missing += [
        f"{importer}: {name} of {target}"
        for importer, target, name in _imported()
        if name not in names[target]
    ]
    assert not missing


def _imported() -> set[tuple[str, str, str]]:
    """Every (importer, module, name)."""
    return {
        (importer, _target(importer, specifier), name.strip().split(" as ")[0])
        for importer, source in SOURCES.items()
        for names, specifier in IMPORT.findall(source)
        for name in names.split(",")
        if name.strip()  # a list may end with a comma
    }


def _tested() -> set[str]:
    """Names that tests take from a module: destructured, or of one that is called twin, kit or module."""
    sources = [path.read_text("utf-8") for path in Path(__file__).parent.rglob("*.py")]
    taken = re.compile(r"\{+([^{}]*)\}+ = await import")
    named = re.compile(r"\b(?:twin|kit|module)\.(\w+)")
    names = [name for source in sources for group in taken.findall(source) for name in group.split(",")]
    return {name.strip() for name in names} | {name for source in sources for name in named.findall(source)}


def test_what_only_its_own_file_uses_is_not_exported():
    used = {(target, name) for _, target, name in _imported()}
    exported = {(module, name) for module, source in SOURCES.items() for name in EXPORT.findall(source)}
    taken = _tested() | ENTRIES
    needless = [pair for pair in sorted(exported - used) if pair[1] not in taken]
    assert needless == []


def test_files_functions_and_lines_stay_short():
    wrong = []
    for module, source in (SOURCES | STYLES).items():
        lines = source.splitlines()
        wrong += [f"{module}: {len(lines)} lines"] if len(lines) > LONGEST_FILE else []
        wrong += [
            f"{module}:{place}, {len(line)} characters"
            for place, line in enumerate(lines, 1)
            if len(line) > LONGEST_LINE and "url(" not in line  # an address cannot be broken
        ]
    for module, source in SOURCES.items():
        functions = [(first, length) for first, length in _functions(source) if length > LONGEST_FUNCTION]
        if len(functions) != STILL_LONG.get(module, 0):
            wrong += [f"{module}:{first}, {length} lines" for first, length in functions]
    assert not wrong, "\n".join(wrong)
    assert set(STILL_LONG) <= set(SOURCES)


def test_every_piece_of_mathematics_names_the_python_that_it_is_held_equal_to():
    wrong = []
    for module in (name for name in SOURCES if _folder(name) == "maths"):
        head = COMMENT.match(SOURCES[module])
        twins = re.findall(r"[\w/]+\.py\b", head.group() if head else "")
        wrong += [] if twins and twins[0].startswith("pedviz/") else [f"{module} names no twin"]
        found = {twin: list((ROOT / "pedviz").rglob(twin.removeprefix("pedviz/"))) for twin in twins}
        wrong += [f"{module}: {twin} is not there" for twin in twins if not found[twin]]
    assert not wrong, "\n".join(wrong)


def test_icons_are_drawn_in_one_place():
    homes = {module for module, source in SOURCES.items() if re.search(r'viewBox[":]+ ?"0 0 24 24"', source)}
    assert homes == {"base/icons.js"}


@pytest.mark.parametrize(
    ("source", "lengths"),
    [
        pytest.param("function one() {\n  two();\n}\n", [3], id="function"),
        pytest.param("const one = async (a) => {\n  if (a) {\n    b();\n  }\n};\n", [5], id="arrow"),
        pytest.param("export function one(\n  a,\n) {\n  b();\n}\n", [3], id="arguments a line"),
        pytest.param("class One {\n  two() {\n    b();\n  }\n}\n", [3], id="method"),
    ],
)
def test_functions_are_measured(source: str, lengths: list[int]):
    assert [length for _, length in _functions(source)] == lengths
