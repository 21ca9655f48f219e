"""Try the breaks of tests/breaks.py, each alone in a temporary copy: python -m tests.try_breaks [WORDS]."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.breaks import BREAKS, Break

ROOT = Path(__file__).resolve().parent.parent
LINKED = ("assets", "docs")  # large, and no break is in them
TIMEOUT_SECONDS = 1200  # a break may make something wait for ever, which is noticed as well
NOTICED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


def copy_of(root: Path, into: Path) -> Path:
    """The checkout's files in a folder of their own."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if not name.startswith(tuple(f"{folder}/" for folder in LINKED)) and (root / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, into / name)
    for folder in LINKED:
        (into / folder).symlink_to(root / folder)
    return into


def noticed_by(copy: Path, tests: list[str]) -> str:
    """The first test that fails there; empty where all pass."""
    command = [sys.executable, "-m", "pytest", *tests, "-x", "-q", "-p", "no:cacheprovider"]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, timeout=TIMEOUT_SECONDS
        )
    except subprocess.TimeoutExpired:
        return "a test that waits for ever"
    found = NOTICED.search(done.stdout)
    if done.returncode and not found:
        sys.exit(f"pytest could not run {' '.join(tests)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return found[1] if done.returncode else ""


def try_break(copy: Path, one: Break) -> str:
    """Which test notices the break: of its own files, then of their folders; empty where none does."""
    file = copy / one.file
    whole = file.read_text("utf-8")
    if whole.count(one.old) != 1:
        return "nothing: this text is not there once, so the list is out of date"
    tests = [name for name in one.tests.split() if (copy / name).exists()]
    folders = sorted({str(Path(name).parent) for name in tests} - {"tests", "."})
    try:
        file.write_text(whole.replace(one.old, one.new), "utf-8")
        return noticed_by(copy, tests) or (noticed_by(copy, folders) if folders else "")
    finally:
        file.write_text(whole, "utf-8")


def main() -> int:
    """Print a line for every break whose file contains one of the words; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.try_breaks", description=__doc__)
    parser.add_argument("words", nargs="*", help="only breaks of files with one of these in their path")
    words = parser.parse_args().words
    chosen = [one for one in BREAKS if not words or any(word in one.file for word in words)]
    with tempfile.TemporaryDirectory() as folder:
        copy = copy_of(ROOT, Path(folder))
        tests = sorted({name for one in chosen for name in one.tests.split()})
        if failing := noticed_by(copy, tests):
            print(f"unbroken, {failing} fails already: fix that first")
            return 1
        missed = 0
        for one in chosen:
            test = try_break(copy, one)
            missed += not test
            print(f"{one.file}: {one.old!r} -> {one.new!r}\n    {test or 'NOT CAUGHT'}", flush=True)
    print(f"{len(chosen) - missed} of {len(chosen)} breaks caught")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
