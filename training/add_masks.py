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
from pedviz.data.segmentation import mask_tools
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
    samples = CocoSamples(folder, kinds=tuple(kinds))
    listed = load_json((folder / ANNOTATIONS).read_bytes(), file=ANNOTATIONS)
    wanting: dict[object, list[dict]] = {}
    for person in listed["annotations"]:
        if not person.get("segmentation") and not person.get("iscrowd"):
            wanting.setdefault(person["image_id"], []).append(person)
    names = set(samples.ids)
    images = [image for image in listed["images"] if image["file_name"] in names and image["id"] in wanting]
    added, saved = 0, time.monotonic()
    with tqdm(total=len(images), unit="photo", dynamic_ncols=True) as bar:
        for columns, rows, together in _mosaics(images):
            photos = [samples.load(image["file_name"]).pixels for image in together]
            mosaic = Mosaic.of(photos, columns=columns, rows=rows)
            added += _segment(mosaic, [wanting[image["id"]] for image in together], segmenter)
            bar.update(len(together))
            if time.monotonic() > saved + SAVE_EVERY:
                _save(listed, folder / ANNOTATIONS)
                saved = time.monotonic()
    _save(listed, folder / ANNOTATIONS)
    return added


def _mosaics(images: Sequence[dict]) -> Iterator[tuple[int, int, Sequence[dict]]]:
    """Images of like shape in as many as one mosaic holds, with its columns and rows."""

    def cells(image: dict) -> tuple[int, int]:
        return columns_and_rows(width=image.get("width") or 1, height=image.get("height") or 1)

    for (columns, rows), group in groupby(sorted(images, key=cells), key=cells):
        alike = list(group)
        for start in range(0, len(alike), columns * rows):
            yield columns, rows, alike[start : start + columns * rows]


def _segment(mosaic: Mosaic, people: Sequence[Sequence[dict]], segmenter: Segmenter) -> int:
    """Write a mask into everybody of `people`, by photo, whose mask is likely right; how many those are."""
    places = [place for place, those in enumerate(people) for _ in those]
    everybody = [person for those in people for person in those]
    boxes = np.array([person["bbox"] for person in everybody], np.float64)
    boxes[:, 2:] += boxes[:, :2]
    fields, expected = segmenter(mosaic.pixels, mosaic.boxes(places, boxes))
    sure = np.flatnonzero(expected >= LEAST)
    for number in sure:
        mask = mosaic.cut(places[number], fields[number]) > 0
        runs = mask_tools().encode(np.asfortranarray(mask, np.uint8))
        everybody[number]["segmentation"] = {**runs, "counts": runs["counts"].decode()}
    return len(sure)


def _save(listed: dict, path: Path) -> None:
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps(listed), "utf-8")
    partial.replace(path)


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
    given = options.parse_args(arguments)
    segmenter = Sam2(given.encoder, given.decoder, threads=given.threads)
    print(f"{add_masks(given.folder, segmenter, kinds=kinds_in(given.kinds))} people got a mask")
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
