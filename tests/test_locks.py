"""The lock files: everything that the lists name, with hashes, and no word of where it was fetched."""

import re

import pytest

from pedviz.paths import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-cluster.lock", "requirements-gpu.lock")
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[\w+\])?==([^\s;\\]+)", re.MULTILINE)


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(file: str) -> set[tuple[str, str]]:
    return {(plain(name), version) for name, version in PIN.findall((ROOT / file).read_text("utf-8"))}


@pytest.mark.parametrize("lock", LOCKS[:3])
def test_a_lock_holds_what_its_list_names(lock):
    listed = lock.replace(".lock", ".txt")
    assert pins(listed) <= pins(lock) | pins(LOCKS[0]), f"{lock} is old; run: make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_file_has_a_hash_and_no_line_a_host(lock):
    text = (ROOT / lock).read_text("utf-8")
    assert not re.search(r"^-|://|@ ", text, re.MULTILINE)
    for block in re.split(r"\n(?=\S)", text.rstrip()):
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block.partition(" ")[0]


def test_the_gpu_packages_stand_apart():
    assert not [name for lock in LOCKS[:3] for name, _ in pins(lock) if name.startswith("nvidia")]


def test_every_licence_is_listed():
    listed = (ROOT / "docs" / "licences.md").read_text("utf-8")
    locked = {pin for lock in LOCKS for pin in pins(lock)}
    missing = [name for name, version in locked if f"| {name} | {version} |" not in listed]
    assert missing == []
