"""Coverage-guided fuzzing of what reads files: python -m tests.fuzz TARGET --seconds 600 --findings FOLDER.

Needs atheris, which is installed by hand (pip install atheris) because it exists for few Pythons. The fuzzer
goes on after a finding: each new kind of failure is written once, as the file that causes it. Whoever fixes
it puts the file into tests/fuzz/seeds/TARGET, where `test_seeds.py` finds it.
"""

import argparse
import hashlib
import random
import shutil
import sys
import tempfile
import traceback
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pedviz"]):
    from tests.fuzz import targets

from tests.fuzz.mutate import mutate_checkpoint, mutate_json

MUTATORS = {
    "checkpoint": mutate_checkpoint,
    "coco_truth": mutate_json,
    "coco_results": mutate_json,
    "stored_results": mutate_json,
}
SEEDS = Path(__file__).parent / "seeds"
LONGEST = 40_000  # bytes of an input


def kind_of(error: BaseException) -> str:
    """What tells one finding from another: the error, and the last place of ours that it went through."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "pedviz" in frame.filename]
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "tests"
    return f"{type(error).__name__} at {place}"


def main() -> None:
    """Fuzz one target for a time."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("target", choices=targets.TARGETS)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--findings", type=Path, default=Path(tempfile.gettempdir()) / "pedviz-findings")
    options = parser.parse_args()
    call, seen = targets.TARGETS[options.target], set()
    options.findings.mkdir(parents=True, exist_ok=True)

    def one(content: bytes) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # the tests count a warning as a failure as well
                call(content)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            kind = kind_of(error)
            if kind not in seen:
                seen.add(kind)
                name = f"{options.target}-{hashlib.sha256(content).hexdigest()[:12]}"
                (options.findings / name).write_bytes(content)
                print(f"FINDING {kind}: {str(error)[:200]} -> {name}", flush=True)

    with tempfile.TemporaryDirectory() as corpus:
        for number, content in enumerate(targets.starts()[options.target]):
            (Path(corpus) / f"start-{number}").write_bytes(content)
        if (SEEDS / options.target).is_dir():
            shutil.copytree(SEEDS / options.target, corpus, dirs_exist_ok=True)
        arguments = [
            sys.argv[0], f"-max_total_time={options.seconds}", f"-max_len={LONGEST}", "-timeout=200",
            "-rss_limit_mb=3000", f"-artifact_prefix={options.findings}/{options.target}-", corpus,
        ]  # fmt: skip
        mutator = MUTATORS.get(options.target)
        extra = {}
        if mutator is not None:
            extra["custom_mutator"] = lambda content, size, seed: mutator(
                content, random.Random(seed), lambda plain: atheris.Mutate(plain, size)
            )[:size]
        atheris.Setup(arguments, one, **extra)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
