"""The plan of the package, read from its source: who may import whom, and what every file must look like."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE, LONGEST_FUNCTION = 300, 60

# A part of the package, and the parts of ours that it may import. Longest match decides; a package may
# always import itself.
MAY_IMPORT = {
    "app": {"pedviz.ui"},
    "pedviz": set(),
    "pedviz.errors": set(),
    "pedviz.paths": set(),
    "pedviz.theory": set(),
    "pedviz.download": {"pedviz.errors"},
    "pedviz.types": {"pedviz.theory"},
    "pedviz.packed": {"pedviz.types"},
    "pedviz.models": {"pedviz.types", "pedviz.errors", "pedviz.paths", "pedviz.theory", "pedviz.download"},
    "pedviz.data": {"pedviz.types", "pedviz.packed", "pedviz.errors", "pedviz.paths", "pedviz.download"},
    "pedviz.metrics": {"pedviz.types", "pedviz.errors", "pedviz.paths", "pedviz.theory", "pedviz.data"},
    "pedviz.viz": {"pedviz.types", "pedviz.theory", "pedviz.metrics", "pedviz.errors"},
    "pedviz.export": {"pedviz.types", "pedviz.theory", "pedviz.errors"},
    "pedviz.inference": {"pedviz.models", "pedviz.types", "pedviz.errors", "pedviz.paths"},
    "pedviz.trace": {"pedviz.inference", "pedviz.models", "pedviz.types", "pedviz.theory", "pedviz.errors"},
    "pedviz.lessons": {
        "pedviz.viz", "pedviz.theory", "pedviz.types", "pedviz.errors", "pedviz.paths", "pedviz.models.specs",
    },
    "pedviz.about": {
        "pedviz.lessons", "pedviz.models", "pedviz.metrics", "pedviz.types", "pedviz.errors", "pedviz.paths",
    },
    "pedviz.dashboard": {
        "pedviz.metrics", "pedviz.models", "pedviz.data", "pedviz.viz", "pedviz.theory", "pedviz.types",
        "pedviz.errors", "pedviz.paths",
    },
    "pedviz.ui": {
        "pedviz.lessons", "pedviz.viz", "pedviz.theory", "pedviz.inference", "pedviz.trace", "pedviz.models",
        "pedviz.metrics", "pedviz.data", "pedviz.export", "pedviz.download", "pedviz.types", "pedviz.errors",
        "pedviz.paths", "pedviz.about", "pedviz.dashboard", "pedviz.packed",
    },
    "pedviz.cli": {
        "pedviz.viz", "pedviz.inference", "pedviz.models", "pedviz.metrics", "pedviz.data", "pedviz.export",
        "pedviz.download", "pedviz.types", "pedviz.errors", "pedviz.paths",
    },
    "pedviz.__main__": {"pedviz.cli", "pedviz.ui.start", "pedviz.viz", "pedviz.types", "pedviz.errors"},
    "training": {
        "pedviz.inference", "pedviz.models", "pedviz.metrics", "pedviz.data", "pedviz.theory", "pedviz.types",
        "pedviz.errors", "pedviz.paths", "pedviz.viz", "pedviz.download",
    },
}  # fmt: skip
TORCH_HOMES = (
    "pedviz.models.build", "pedviz.models.checkpoints", "pedviz.models.compact", "pedviz.models.coco",
    "pedviz.models.fold",
    "pedviz.inference", "pedviz.trace", "training",
)  # fmt: skip
# Which modules may import a large or optional library at all, and whether only inside a function.
LIBRARIES = {
    "torch": (TORCH_HOMES, False),
    "torchvision": (TORCH_HOMES, False),
    "gradio": (("pedviz.ui", "app"), False),
    "pycocotools": (("pedviz.metrics", "pedviz.data.segmentation", "pedviz.export", "training"), True),
    "matplotlib": (("pedviz.viz", "pedviz.lessons", "training"), False),
}


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {_name(path): path for root in ("pedviz", "training") for path in sorted((ROOT / root).rglob("*.py"))}
FILES["app"] = ROOT / "app.py"
TREES = {name: ast.parse(path.read_text("utf-8")) for name, path in FILES.items()}
each_module = pytest.mark.parametrize("module", FILES)


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def _home(module: str) -> str:
    """The most precise entry of MAY_IMPORT that a module belongs to."""
    return max((part for part in MAY_IMPORT if _within(module, part)), key=len)


def _imports(tree: ast.Module) -> list[tuple[str, bool, int]]:
    """Every import as (module, whether it runs when the file is imported, line)."""
    late = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) or _is_type_checking(function)
        for node in ast.walk(function)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, id(node) not in late, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append(("." * node.level + (node.module or ""), id(node) not in late, node.lineno))
            if node.module in ("pedviz", "pycocotools"):
                found += [(f"{node.module}.{a.name}", id(node) not in late, node.lineno) for a in node.names]
    return found


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_every_part_of_the_package_is_in_the_plan():
    parts = {".".join(module.split(".")[:2]) for module in FILES if module.startswith("pedviz.")}
    assert parts <= set(MAY_IMPORT)


@each_module
def test_imports_are_absolute(module):
    assert [name for name, _, _ in _imports(TREES[module]) if name.startswith(".")] == []


@each_module
def test_imports_follow_the_layers(module):
    home = _home(module)
    allowed = MAY_IMPORT[home] | {home}
    ours = [
        (name, line)
        for name, _, line in _imports(TREES[module])
        if name.split(".")[0] in ("pedviz", "training", "app") and name != "pedviz"
    ]
    wrong = [(name, line) for name, line in ours if not any(_within(name, part) for part in allowed)]
    assert wrong == [], f"{module} may import {sorted(allowed)}"


@each_module
def test_theory_and_types_need_numpy_alone(module):
    if not (_within(module, "pedviz.theory") or module in ("pedviz.types", "pedviz.errors", "pedviz.paths")):
        return
    roots = {name.split(".")[0] for name, _, _ in _imports(TREES[module])}
    assert roots - sys.stdlib_module_names <= {"numpy", "pedviz"}


@each_module
def test_large_libraries_stay_where_they_belong(module):
    for library, (homes, only_late) in LIBRARIES.items():
        here = [(early, line) for name, early, line in _imports(TREES[module]) if _within(name, library)]
        assert not here or any(_within(module, home) for home in homes), f"{library} at lines {here}"
        assert not only_late or not any(early for early, _ in here), f"import {library} inside a function"


@each_module
def test_pyplot_is_never_used(module):
    assert not any("pyplot" in name for name, _, _ in _imports(TREES[module]))
    assert "pyplot" not in {node.attr for node in ast.walk(TREES[module]) if isinstance(node, ast.Attribute)}


@each_module
def test_only_commands_print(module):
    if any(_within(module, home) for home in ("pedviz.__main__", "pedviz.cli", "training")):
        return
    names = {node.id: node.lineno for node in ast.walk(TREES[module]) if isinstance(node, ast.Name)}
    streams = [n.attr for n in ast.walk(TREES[module]) if isinstance(n, ast.Attribute)]
    assert "print" not in names
    assert not {"stdout", "stderr"} & set(streams)


def _public(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Functions and classes that others may use: not private, not inside a private class or a function."""
    return [
        node
        for parent in [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]
        for node in parent.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if not node.name.startswith("_") and not getattr(parent, "name", "").startswith("_")
    ]


@each_module
def test_public_names_are_described(module):
    assert ast.get_docstring(TREES[module]), "the module has no docstring"
    assert [node.name for node in _public(TREES[module]) if not ast.get_docstring(node)] == []


@each_module
def test_arguments_after_the_second_are_named(module):
    wrong = []
    for function in _public(TREES[module]):
        if _within(module, "pedviz") and not isinstance(function, ast.ClassDef):
            listed = function.args.posonlyargs + function.args.args
            by_place = [argument.arg for argument in listed if argument.arg not in ("self", "cls")]
            wrong += [(function.name, by_place)] if len(by_place) > 2 else []
    assert wrong == []


@each_module
def test_files_and_functions_stay_short(module):
    lines = FILES[module].read_text("utf-8").splitlines()
    assert len(lines) <= LONGEST_FILE
    assert [f.name for f in _functions(TREES[module]) if _length(f) > LONGEST_FUNCTION] == []


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    length = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function):
        length -= function.body[0].end_lineno - function.body[0].lineno + 1
    return length


GUARD = """
import builtins, socket, sys
def refuse(*arguments, **options):
    raise AssertionError(f"importing opened {arguments}")
real_open = builtins.open
def open_to_read(file, mode="r", *arguments, **options):
    return real_open(file, mode, *arguments, **options) if set(mode) <= set("rbt") else refuse(file, mode)
builtins.open = open_to_read
socket.socket = type("Refused", (socket.socket,), {"__init__": refuse})
import importlib
importlib.import_module(sys.argv[1])
print(*sorted({name.split(".")[0] for name in sys.modules}))
"""


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        pytest.param("pedviz", {"torch", "torchvision", "gradio", "numpy", "PIL"}, id="package"),
        pytest.param(
            "pedviz.__main__", {"torch", "torchvision", "gradio", "pycocotools", "matplotlib"}, id="cli"
        ),
        pytest.param("pedviz.export", {"torch", "torchvision", "gradio", "pycocotools"}, id="export"),
        pytest.param("pedviz.metrics.store", {"torch", "torchvision", "gradio", "pycocotools"}, id="results"),
        pytest.param("pedviz.ui.app", {"torch", "torchvision", "pycocotools"}, id="page"),
        pytest.param("pedviz.inference", {"gradio", "pycocotools", "matplotlib"}, id="inference"),
    ],
)
def test_importing_is_free(module, absent, tmp_path):
    """No large library before it is needed; no socket, no written file."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", GUARD, module],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert not loaded & absent
    assert list(tmp_path.iterdir()) == []
