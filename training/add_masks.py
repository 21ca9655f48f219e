"""Masks for people who have only boxes: python -m training.add_masks FOLDER --encoder FILE --decoder FILE.

SAM 2 is asked what lies in each box: most photos of people come without masks, and a mask head learns nothing
from those. FOLDER has COCO's detection format; its annotations.json is written anew every minute. Whoever has
a mask keeps it, so the same command goes on where it stopped.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
from tqdm import tqdm

from pedviz.cli.terminal import guarded
from pedviz.data.json_fields import load_json
from pedviz.data.segmentation import decode, mask_tools
from pedviz.errors import DatasetError
from pedviz.paths import write_whole
from training.measuring import positive
from training.mosaic import Mosaic, columns_and_rows
from training.sam2 import Sam2
from training.source_files import ANNOTATIONS
from training.sources import CocoSamples, kinds_in

SAVE_EVERY = 60.0  # seconds
LEAST = 0.6  # IoU that SAM 2 expects of its mask: below, the person stays without one

Segmenter = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def add_masks(folder: Path, segmenter: Segmenter, *, kinds: Sequence[str] = ()) -> int:
    """Give the people in photos of `kinds`, of all where it is empty, their masks; how many got one.

    Args:
        segmenter: as `Sam2` is called.

    Raises:
        DatasetError: the folder is not of COCO's detection format, or a photo of it cannot be read.
    """
    samples, listed = _opened(folder, kinds)
    added, saved = 0, time.monotonic()
    for person, mask, expected in _masks(samples, listed, segmenter, having=False):
        if expected >= LEAST:
            runs = mask_tools().encode(np.asfortranarray(mask, np.uint8))
            person["segmentation"] = {**runs, "counts": runs["counts"].decode()}
            added += 1
        if time.monotonic() > saved + SAVE_EVERY:
            write_whole(folder / ANNOTATIONS, json.dumps(listed))
            saved = time.monotonic()
    write_whole(folder / ANNOTATIONS, json.dumps(listed))
    return added


def check(folder: Path, segmenter: Segmenter, *, kinds: Sequence[str] = ()) -> list[float]:
    """The IoU of the segmenter's masks with those that people have; nothing is written.

    Args, Raises: as for `add_masks`; a DatasetError too where nobody has a mask.
    """
    samples, listed = _opened(folder, kinds)
    ious = []
    for person, mask, _ in _masks(samples, listed, segmenter, having=True):
        truth = decode(person["segmentation"], size=mask.shape)
        ious.append(float((mask & truth).sum() / max(1, (mask | truth).sum())))
    if not ious:
        raise DatasetError(f"nobody in {folder} has a mask to compare with")
    return ious


def _opened(folder: Path, kinds: Sequence[str]) -> tuple[CocoSamples, dict]:
    samples = CocoSamples(folder, kinds=tuple(kinds))
    return samples, load_json((folder / ANNOTATIONS).read_bytes(), file=ANNOTATIONS)


def _masks(
    samples: CocoSamples, listed: dict, segmenter: Segmenter, *, having: bool
) -> Iterator[tuple[dict, np.ndarray, float]]:
    """Everybody who has a mask already, or who has none: the annotation, (H, W) bool and the expected IoU."""
    people: dict[object, list[dict]] = {}
    for person in listed["annotations"]:
        if bool(person.get("segmentation")) == having and not person.get("iscrowd"):
            people.setdefault(person["image_id"], []).append(person)
    names = set(samples.ids)
    images = [image for image in listed["images"] if image["file_name"] in names and image["id"] in people]
    with tqdm(total=len(images), unit="photo", dynamic_ncols=True) as bar:
        for columns, rows, together in _mosaics(images):
            photos = [samples.load(image["file_name"]).pixels for image in together]
            mosaic = Mosaic.of(photos, columns=columns, rows=rows)
            yield from _segmented(mosaic, [people[image["id"]] for image in together], segmenter)
            bar.update(len(together))


def _mosaics(images: Sequence[dict]) -> Iterator[tuple[int, int, Sequence[dict]]]:
    """Images of like shape in as many as one mosaic holds, with its columns and rows."""

    def cells(image: dict) -> tuple[int, int]:
        return columns_and_rows(width=image.get("width") or 1, height=image.get("height") or 1)

    for (columns, rows), group in groupby(sorted(images, key=cells), key=cells):
        alike = list(group)
        for start in range(0, len(alike), columns * rows):
            yield columns, rows, alike[start : start + columns * rows]


def _segmented(
    mosaic: Mosaic, people: Sequence[Sequence[dict]], segmenter: Segmenter
) -> Iterator[tuple[dict, np.ndarray, float]]:
    """Everybody of `people`, who are listed by photo, as `_masks` says it."""
    places = [place for place, those in enumerate(people) for _ in those]
    everybody = [person for those in people for person in those]
    boxes = np.array([person["bbox"] for person in everybody], np.float64)
    boxes[:, 2:] += boxes[:, :2]
    fields, expected = segmenter(mosaic.pixels, mosaic.boxes(places, boxes))
    for person, place, field, sure in zip(everybody, places, fields, expected, strict=True):
        yield person, mosaic.cut(place, field) > 0, float(sure)


def main(arguments: Sequence[str] | None = None) -> int:
    """Add masks from the command line; the exit status."""
    options = argparse.ArgumentParser(
        prog="python -m training.add_masks", description=__doc__.partition("\n")[0]
    )
    options.add_argument("folder", type=Path, help="with images/ and annotations.json")
    options.add_argument("--encoder", type=Path, required=True, help="ONNX file of SAM 2's image encoder")
    options.add_argument("--decoder", type=Path, required=True, help="ONNX file of its mask decoder")
    options.add_argument("--kinds", default="", help="photos of these kinds alone")
    options.add_argument("--threads", type=positive, default=1)
    options.add_argument("--check", action="store_true", help="compare with the masks that are there instead")
    given = options.parse_args(arguments)
    segmenter, kinds = Sam2(given.encoder, given.decoder, threads=given.threads), kinds_in(given.kinds)
    if given.check:
        ious = check(given.folder, segmenter, kinds=kinds)
        print(f"{len(ious)} masks: IoU {np.mean(ious):.3f} on average, {np.median(ious):.3f} in the middle")
    else:
        print(f"{add_masks(given.folder, segmenter, kinds=kinds)} people got a mask")
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
