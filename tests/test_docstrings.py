"""Examples outside theory/, whose own are run as doctests, are true as well."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in sorted((ROOT / "pedviz").rglob("*.py"))
    if ">>> " in path.read_text("utf-8") and path.parent.name != "theory"
]


@pytest.mark.parametrize("module", MODULES)
def test_examples_are_true(module):
    result = doctest.testmod(import_module(module))
    assert result.attempted
    assert not result.failed
