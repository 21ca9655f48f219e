"""Leave photos out of training: python -m training.hold_out PATH... --out FOLDER [--kinds A,B].

Deals the photos of folders or zips in COCO's detection format into three folders of the same format: `held`
is measured on and nothing else, scores are calibrated and early decisions taken on `calibrate`, and `train`
is learned from. The SHA-256 of the file names decides, so the parts are the same on every machine. Photos of
kinds that are not listed with --kinds are all learned from.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Collection, Sequence
from itertools import chain
from pathlib import Path

from tqdm import tqdm

from pedviz.cli.terminal import guarded
from pedviz.data.json_fields import load_json
from pedviz.errors import DatasetError
from pedviz.paths import people_source, write_whole
from training.measuring import positive
from training.source_files import ANNOTATIONS, SourceFiles
from training.sources import CocoSamples, kinds_in

HELD, CALIBRATE, TRAIN = "held", "calibrate", "train"
PHOTOS = 160  # in each of the two small parts: some 400 people


def deal(names: Sequence[str], *, photos: int, may_be_held: Collection[str]) -> dict[str, str]:
    """Each name to its part, by rising hash: `photos` of `may_be_held`, as many of the others, the rest.

    >>> deal(["a.jpg", "b.jpg", "c.jpg"], photos=1, may_be_held={"b.jpg", "c.jpg"})
    {'b.jpg': 'held', 'a.jpg': 'calibrate', 'c.jpg': 'train'}
    """
    ordered = sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    held = [name for name in ordered if name in may_be_held][:photos]
    others = [name for name in ordered if name not in set(held)]
    parts = [CALIBRATE] * photos + [TRAIN] * max(0, len(others) - photos)
    return dict.fromkeys(held, HELD) | dict(zip(others, parts, strict=False))


class Part:
    """One of the three folders while it is written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.images: list[dict] = []
        self.annotations: list[dict] = []
        (folder / "images").mkdir(parents=True, exist_ok=True)

    def add(self, image: dict, people: list[dict], content: bytes) -> None:
        """Write a photo and list it with its people, under new ids."""
        number = len(self.images) + 1
        (self.folder / "images" / image["file_name"]).write_bytes(content)
        self.images.append({**image, "id": number})
        for person in people:
            self.annotations.append({**person, "image_id": number, "id": len(self.annotations) + 1})

    def finish(self, categories: list[dict]) -> None:
        """Write the annotations."""
        listed = {"images": self.images, "annotations": self.annotations, "categories": categories}
        write_whole(self.folder / ANNOTATIONS, json.dumps(listed))


def hold_out(
    sources: Sequence[Path], out: Path, *, kinds: Sequence[str], photos: int, held_from: Path | None = None
) -> dict[str, int]:
    """Write the three folders; how many photos each has.

    Args:
        sources: folders or zips.
        out: an empty folder, or none yet.
        kinds: only photos of these kinds are left out; of all where none is named.
        photos: in each of the two small parts.
        held_from: the one source that `held` is taken from; all of them where it is None.

    Raises:
        DatasetError: a source cannot be used, a photo lies in a folder of its own, two have one name, or
            there is something at `out`.
    """
    if held_from and held_from not in sources:
        raise DatasetError(f"--held-from {held_from} is none of the folders and zips that are given")
    if out.exists() and any(out.iterdir()):
        raise DatasetError(f"{out} is not empty; give another folder with --out")
    listed = {source: _listed(source) for source in sources}
    wanted = {
        source: [image["file_name"] for image in content["images"] if not kinds or image.get("kind") in kinds]
        for source, content in listed.items()
    }
    _require_own_names([image["file_name"] for content in listed.values() for image in content["images"]])
    may_be_held = set(wanted[held_from] if held_from else chain(*wanted.values()))
    dealt = deal(list(chain(*wanted.values())), photos=photos, may_be_held=may_be_held)
    parts = {name: Part(out / name) for name in (HELD, CALIBRATE, TRAIN)}
    for source, content in listed.items():
        files, people = SourceFiles(source), _people(content)
        for image in tqdm(content["images"], desc=source.name, unit="photo", dynamic_ncols=True):
            part = parts[dealt.get(image["file_name"], TRAIN)]
            part.add(image, people.get(image["id"], []), files.image(image["file_name"]))
    for part in parts.values():
        part.finish(next(iter(listed.values()))["categories"])
    return {name: len(part.images) for name, part in parts.items()}


def _require_own_names(names: Sequence[str]) -> None:
    if len(set(names)) < len(names):
        raise DatasetError(f"{len(names) - len(set(names))} photos have a name that another has; rename them")
    if inside := [name for name in names if "/" in name or "\\" in name]:
        raise DatasetError(f"{inside[0]} lies in a folder of its own; put all photos directly into images/")


def _listed(source: Path) -> dict:
    content = SourceFiles(source).annotations()
    CocoSamples(source, content=content)  # everything that can be wrong with it is said here
    return load_json(content, file=ANNOTATIONS)


def _people(content: dict) -> dict[object, list[dict]]:
    people: dict[object, list[dict]] = {}
    for person in content["annotations"]:
        people.setdefault(person["image_id"], []).append(person)
    return people


def main(arguments: Sequence[str] | None = None) -> int:
    """Deal from the command line; the exit status."""
    options = argparse.ArgumentParser(
        prog="python -m training.hold_out", description=__doc__.partition("\n")[0]
    )
    options.add_argument("sources", nargs="+", type=Path, metavar="PATH", help="folders or zips")
    options.add_argument("--out", type=Path, default=people_source().parent, help="folder for the parts")
    options.add_argument("--kinds", default="", help="leave out photos of these kinds alone")
    options.add_argument("--held-from", type=Path, metavar="PATH", help="take the held photos from this one")
    options.add_argument("--photos", type=positive, default=PHOTOS, help="in each of the two small parts")
    given = options.parse_args(arguments)
    counts = hold_out(
        given.sources, given.out, kinds=kinds_in(given.kinds), photos=given.photos, held_from=given.held_from
    )
    print(", ".join(f"{count} photos in {given.out / name}" for name, count in counts.items()))
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
