"""Leave photos out of training: python -m training.hold_out PATH... --out FOLDER [--kinds A,B].

Merges folders or zips in COCO's detection format and deals their photos into three folders of the same
format: `train`, `calibrate` (scores are calibrated on it, early decisions are taken on it) and `held`
(measured on, nothing else). The names decide, by their SHA-256, so the parts are the same on every machine
and a photo stays in its part when others are added.
"""

import argparse
import hashlib
import json
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tqdm import tqdm

from pedviz.errors import DatasetError, PedvizError
from training.sources import ANNOTATIONS, UNREADABLE, kinds_in

PARTS = ("held", "calibrate", "train")


def photos_of(source: Path) -> Iterator[tuple[dict, list[dict], bytes]]:
    """Each photo of a zip or folder: its record, those of its people, and its file."""
    archive = zipfile.ZipFile(source) if source.is_file() else None
    read = archive.read if archive else lambda name: (source / name).read_bytes()
    listed = json.loads(read(ANNOTATIONS))
    people: dict[object, list[dict]] = {}
    for person in listed["annotations"]:
        people.setdefault(person["image_id"], []).append(person)
    for photo in listed["images"]:
        yield photo, people.get(photo["id"], []), read(f"images/{photo['file_name']}")


def deal(names: Sequence[str], *, held: int, calibrate: int) -> dict[str, str]:
    """Each name to its part: the `held` smallest hashes, then the `calibrate` next, then the rest.

    >>> deal(["a.jpg", "b.jpg", "c.jpg"], held=1, calibrate=1)
    {'a.jpg': 'held', 'b.jpg': 'calibrate', 'c.jpg': 'train'}
    """
    ordered = sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    parts = ["held"] * held + ["calibrate"] * calibrate
    return dict(zip(ordered, parts + ["train"] * (len(names) - len(parts)), strict=True))
