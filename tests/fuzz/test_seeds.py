"""What the fuzzer found once, and the files that it starts from: each is read, or refused in one sentence."""

from pathlib import Path

import pytest

from tests.fuzz import targets

STARTS = [
    pytest.param(name, content, id=f"{name}-{number}")
    for name, contents in targets.starts().items()
    for number, content in enumerate(contents)
]
SEEDS = sorted(path for path in (Path(__file__).parent / "seeds").rglob("*") if path.is_file())


@pytest.mark.parametrize(("target", "content"), STARTS)
def test_good_files_are_read(target, content):
    targets.TARGETS[target](content)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_was_found_once_is_read_or_refused(path):
    targets.TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("target", ["coco_truth", "coco_results", "stored_results"])
def test_json_that_is_nested_deeply_is_refused(target):
    targets.TARGETS[target](b"[" * 100_000)
