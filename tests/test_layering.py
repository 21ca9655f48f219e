"""The plan of the package, read from its source: who may import whom, and what every file must look like."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
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
    "pedviz.interrupts": set(),
    "pedviz.theory": set(),
    "pedviz.download": {"pedviz.errors"},
    "pedviz.types": {"pedviz.theory"},
    "pedviz.packed": {"pedviz.types"},
    "pedviz.models": {"pedviz.types", "pedviz.errors", "pedviz.paths", "pedviz.theory", "pedviz.download"},
    "pedviz.data": {"pedviz.types", "pedviz.packed", "pedviz.errors", "pedviz.paths", "pedviz.download"},
    "pedviz.metrics": {"pedviz.types", "pedviz.errors", "pedviz.paths", "pedviz.theory", "pedviz.data"},
    "pedviz.viz": {"pedviz.types", "pedviz.theory", "pedviz.metrics", "pedviz.errors"},
    "pedviz.comparison": {"pedviz.metrics", "pedviz.data", "pedviz.report", "pedviz.types", "pedviz.errors"},
    "pedviz.report": {
        "pedviz.comparison", "pedviz.metrics", "pedviz.viz", "pedviz.site.assets", "pedviz.site.bundles",
    },
    "pedviz.export": {"pedviz.types", "pedviz.theory", "pedviz.errors"},
    "pedviz.inference": {"pedviz.models", "pedviz.types", "pedviz.errors", "pedviz.paths", "pedviz.download"},
    "pedviz.trace": {
        "pedviz.inference", "pedviz.models", "pedviz.packed", "pedviz.types", "pedviz.theory",
        "pedviz.errors", "pedviz.download",
    },
    "pedviz.detectors": {
        "pedviz.cluster", "pedviz.zero_gpu", "pedviz.trace", "pedviz.models.specs", "pedviz.types",
    },
    "pedviz.zero_gpu": {"pedviz.detectors", "pedviz.trace", "pedviz.errors"},
    "pedviz.cluster": {"pedviz.detectors", "pedviz.models.specs", "pedviz.errors"},
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
    "pedviz.site": {
        "pedviz.lessons", "pedviz.about", "pedviz.dashboard", "pedviz.models", "pedviz.data", "pedviz.types",
        "pedviz.errors", "pedviz.paths",
    },
    "pedviz.ui": {
        "pedviz.site", "pedviz.comparison", "pedviz.report", "pedviz.tiles",
        "pedviz.lessons", "pedviz.viz", "pedviz.theory", "pedviz.inference", "pedviz.trace", "pedviz.models",
        "pedviz.metrics", "pedviz.data", "pedviz.export", "pedviz.download", "pedviz.types", "pedviz.errors",
        "pedviz.paths", "pedviz.about", "pedviz.dashboard", "pedviz.packed", "pedviz.detectors",
        "pedviz.zero_gpu", "pedviz.interrupts",
    },
    "pedviz.cli": {
        "pedviz.comparison", "pedviz.report", "pedviz.tiles", "pedviz.cluster", "pedviz.detectors",
        "pedviz.viz", "pedviz.inference", "pedviz.models", "pedviz.metrics", "pedviz.data", "pedviz.export",
        "pedviz.download", "pedviz.types", "pedviz.errors", "pedviz.paths", "pedviz.interrupts",
    },
    "pedviz.cli.site": {"pedviz.ui.static_copy"},
    "pedviz.__main__": {"pedviz.cli", "pedviz.ui.start", "pedviz.viz", "pedviz.types", "pedviz.errors"},
    "pedviz.tiles": {"pedviz.types", "pedviz.theory", "pedviz.models.specs"},
    "training": {
        "pedviz.cli.bars", "pedviz.cli.terminal", "pedviz.tiles", "pedviz.trace", "pedviz.interrupts",
        "pedviz.inference", "pedviz.models", "pedviz.metrics", "pedviz.data", "pedviz.theory", "pedviz.types",
        "pedviz.errors", "pedviz.paths", "pedviz.viz", "pedviz.download",
    },
}  # fmt: skip
TORCH_HOMES = (
    "pedviz.models.build", "pedviz.models.checkpoints", "pedviz.models.compact", "pedviz.models.coco",
    "pedviz.models.fold", "pedviz.models.calibration", "pedviz.models.precision",
    "pedviz.models.pooling", "pedviz.models.proposals",
    "pedviz.inference", "pedviz.trace", "pedviz.zero_gpu", "training",
)  # fmt: skip
# Which modules may import a large or optional library at all, and whether only inside a function.
LIBRARIES = {
    "torch": (TORCH_HOMES, False),
    "torchvision": (TORCH_HOMES, False),
    "ray": (("pedviz.cluster",), True),
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
    assert parts
    assert parts <= set(MAY_IMPORT)


def _assert_none(violations: Iterable[str]) -> None:
    """Fail with every violation on a line of its own, so that one run tells all there is to fix."""
    listed = sorted(violations)
    assert not listed, "\n" + "\n".join(listed)


def _each_import() -> Iterator[tuple[str, str, bool, int]]:
    """Every import of every file as (importing module, imported name, whether it runs on import, line)."""
    for module, tree in TREES.items():
        for name, early, line in _imports(tree):
            yield module, name, early, line


def test_imports_are_absolute():
    _assert_none(f"{module}:{line} {name}" for module, name, _, line in _each_import() if name[0] == ".")


def test_imports_follow_the_layers():
    def allowed(module: str, name: str) -> bool:
        if name.split(".")[0] not in ("pedviz", "training", "app") or name == "pedviz":
            return True
        home = _home(module)
        return any(_within(name, part) for part in MAY_IMPORT[home] | {home})

    _assert_none(
        f"{module}:{line} imports {name}, but {_home(module)} may import {sorted(MAY_IMPORT[_home(module)])}"
        for module, name, _, line in _each_import()
        if not allowed(module, name)
    )


def test_theory_and_types_need_numpy_alone():
    few = sys.stdlib_module_names | {"numpy", "pedviz"}
    bare = ("pedviz.theory", "pedviz.types", "pedviz.errors", "pedviz.paths")
    _assert_none(
        f"{module}:{line} {name}"
        for module, name, _, line in _each_import()
        if any(_within(module, home) for home in bare) and name.split(".")[0] not in few
    )


def test_large_libraries_stay_where_they_belong():
    wrong = []
    for module, name, early, line in _each_import():
        if name.split(".")[0] not in LIBRARIES:
            continue
        homes, only_late = LIBRARIES[name.split(".")[0]]
        if not any(_within(module, home) for home in homes):
            wrong.append(f"{module}:{line} {name} belongs to {homes}")
        if only_late and early:
            wrong.append(f"{module}:{line} import {name} inside a function")
    _assert_none(wrong)


def test_pyplot_is_never_used():
    imported = {f"{module}:{line}" for module, name, _, line in _each_import() if "pyplot" in name}
    used = {f"{m}:{n.lineno}" for m, n in _each_node(ast.Attribute) if n.attr == "pyplot"}
    _assert_none(imported | used)


def _each_node(kind: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Every node of a kind in every file, as (module, node)."""
    return (
        (module, node) for module, tree in TREES.items() for node in ast.walk(tree) if isinstance(node, kind)
    )


def test_only_commands_print():
    commands = ("pedviz.__main__", "pedviz.cli", "pedviz.ui.start", "pedviz.interrupts", "training")
    printed = [(m, n.lineno) for m, n in _each_node(ast.Name) if n.id == "print"]
    written = [(m, n.lineno) for m, n in _each_node(ast.Attribute) if n.attr in ("stdout", "stderr")]
    _assert_none(
        f"{module}:{line}"
        for module, line in printed + written
        if not any(_within(module, home) for home in commands)
    )


def _public(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Functions and classes that others may use: not private, not inside a private class or a function."""
    return [
        node
        for parent in [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]
        for node in parent.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if not node.name.startswith("_") and not getattr(parent, "name", "").startswith("_")
    ]


def test_modules_and_public_names_are_described():
    _assert_none(
        f"{module} has no docstring" for module, tree in TREES.items() if not ast.get_docstring(tree)
    )
    _assert_none(
        f"{module}:{node.lineno} {node.name}"
        for module, tree in TREES.items()
        for node in _public(tree)
        if not ast.get_docstring(node)
    )


def test_arguments_after_the_second_are_named():
    def by_place(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
        listed = function.args.posonlyargs + function.args.args
        return [argument.arg for argument in listed if argument.arg not in ("self", "cls")]

    _assert_none(
        f"{module}:{node.lineno} {node.name}{by_place(node)}"
        for module, tree in TREES.items()
        for node in _public(tree)
        if _within(module, "pedviz") and not isinstance(node, ast.ClassDef) and len(by_place(node)) > 2
    )


def test_files_and_functions_stay_short():
    lengths = {module: len(path.read_text("utf-8").splitlines()) for module, path in FILES.items()}
    long_files = [f"{module}: {lines} lines" for module, lines in lengths.items() if lines > LONGEST_FILE]
    long_functions = [
        f"{module}:{function.lineno} {function.name}: {_length(function)} lines"
        for module, tree in TREES.items()
        for function in _functions(tree)
        if _length(function) > LONGEST_FUNCTION
    ]
    _assert_none(long_files + long_functions)


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
