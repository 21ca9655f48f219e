"""How many small people are found with and without tiles: python -m training.measure_small ID...

A street of 4000 x 3000 pixels is a test image of Penn-Fudan, enlarged, with people of other test images, cut
out by their masks and 40 to 80 pixels tall, pasted where nobody stands. One is found where a detection of the
default view overlaps its box with an IoU of .5.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from pedviz.cli.terminal import guarded
from pedviz.data.decoding import MAX_SIDE
from pedviz.data.pennfudan import PennFudan, open_pennfudan, split
from pedviz.inference import load_predictor
from pedviz.theory.boxes import box_iou
from pedviz.tiles import detect_with_tiles, tile_sides
from pedviz.types import Detections
from training.measuring import positive

SIZE = (4000, 3000)  # width and height, 12 megapixels
PEOPLE = 20  # pasted into a street
HEIGHTS = (40, 60, 81)  # ends of the two groups, pixels
FOUND = 0.5  # IoU
MARGIN = 40  # pixels that stay free around a pasted person


@dataclass(frozen=True, kw_only=True, eq=False)
class Street:
    """A composite: (3000, 4000, 3) uint8; boxes (P, 4) of those pasted and (L, 4) of the large people."""

    pixels: np.ndarray
    small_xyxy: np.ndarray
    large_xyxy: np.ndarray


@dataclass(kw_only=True)
class Tally:
    """Of one way to detect: people found in each group of heights, detections of nobody, seconds."""

    found: np.ndarray
    wrong: int = 0
    seconds: float = 0.0


def compose(data: PennFudan, names: Sequence[str], *, background: str, seed: int) -> Street:
    """A street: the enlarged `background` with people of the other images."""
    generator = np.random.default_rng(seed)
    street = Image.fromarray(data.image(background)).resize(SIZE, Image.Resampling.BICUBIC)
    truth = data.ground_truth(background)
    height, width = truth.image_size
    large = truth.boxes_xyxy * np.array([SIZE[0] / width, SIZE[1] / height] * 2, np.float32)
    taken: list[np.ndarray] = [*large]
    small: list[np.ndarray] = []
    others = [name for name in names if name != background]
    while len(small) < PEOPLE:
        person, mask = _cut_out(data, others[generator.integers(len(others))], generator)
        tall = int(generator.integers(HEIGHTS[0], HEIGHTS[-1]))
        wide = max(1, round(tall * person.width / person.height))
        x = int(generator.integers(MARGIN, SIZE[0] - wide - MARGIN))
        y = int(generator.integers(SIZE[1] // 3, SIZE[1] - tall - MARGIN))
        box = np.array([x, y, x + wide, y + tall], np.float32)
        around = box + np.array([-MARGIN, -MARGIN, MARGIN, MARGIN], np.float32)
        if (box_iou(around[None], np.array(taken)) > 0).any():
            continue
        street.paste(person.resize((wide, tall)), (x, y), mask.resize((wide, tall)))
        small.append(box)
        taken.append(box)
    return Street(pixels=np.array(street), small_xyxy=np.array(small), large_xyxy=large)


def _cut_out(data: PennFudan, name: str, generator: np.random.Generator) -> tuple[Image.Image, Image.Image]:
    """A person of an image, and which pixels are theirs."""
    truth = data.ground_truth(name)
    place = int(generator.integers(len(truth.boxes_xyxy)))
    x1, y1, x2, y2 = truth.boxes_xyxy[place].astype(int)
    mask = data.masks(name)[place, y1:y2, x1:x2]
    return Image.fromarray(data.image(name)[y1:y2, x1:x2]), Image.fromarray(mask.astype(np.uint8) * 255)


def score(street: Street, people: Detections, tally: Tally, *, scale: float) -> None:
    """Count who was found; `people` are in pixels that are `scale` of the street's."""
    boxes = people.boxes_xyxy * np.float32(scale)
    small = box_iou(street.small_xyxy, boxes) >= FOUND
    anybody = small.any(axis=0) | (box_iou(street.large_xyxy, boxes) >= FOUND).any(axis=0)
    tally.found += np.bincount(_group(street.small_xyxy[small.any(axis=1)]), minlength=len(tally.found))
    tally.wrong += int((~anybody).sum())


def _group(boxes_xyxy: np.ndarray) -> np.ndarray:
    """(P,) which group of heights each box belongs to."""
    return np.digitize(boxes_xyxy[:, 3] - boxes_xyxy[:, 1], HEIGHTS) - 1


def measure(model_id: str, streets: Sequence[Street]) -> list[str]:
    """A line for each way to detect."""
    predictor = load_predictor(model_id)
    groups = len(HEIGHTS) - 1
    there = np.bincount(_group(np.concatenate([street.small_xyxy for street in streets])), minlength=groups)
    tallies = {
        "without tiles": Tally(found=np.zeros(groups, int)),
        "with tiles": Tally(found=np.zeros(groups, int)),
    }
    for street in streets:
        image = Image.fromarray(street.pixels)
        image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=3)
        pixels = np.array(image)
        for way, tally in tallies.items():
            started = time.process_time()
            if way == "with tiles":
                sides = tile_sides(predictor.spec)
                found = detect_with_tiles(predictor.detect, pixels, original=street.pixels, sides=sides)
            else:
                found = predictor.detect(pixels)
            tally.seconds += time.process_time() - started
            score(street, found.view(), tally, scale=SIZE[0] / pixels.shape[1])
    return [
        f"{model_id} {way}: "
        + ", ".join(
            f"{low} to {high - 1} px {found} of {total}"
            for low, high, found, total in zip(HEIGHTS, HEIGHTS[1:], tally.found, there, strict=False)
        )
        + f"; of nobody {tally.wrong}; {tally.seconds / len(streets):.1f} s of processor time a photo"
        for way, tally in tallies.items()
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure from the command line; the exit status."""
    options = argparse.ArgumentParser(
        prog="python -m training.measure_small", description=__doc__.partition("\n")[0]
    )
    options.add_argument("ids", nargs="+", metavar="ID", help="variants")
    options.add_argument("--streets", type=positive, default=4, help="composites to make (default 4)")
    given = options.parse_args(arguments)
    data, names = open_pennfudan(), split().test
    streets = [compose(data, names, background=names[number], seed=number) for number in range(given.streets)]
    for model_id in given.ids:
        print("\n".join(measure(model_id, streets)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
