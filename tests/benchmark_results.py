"""Time and memory for two results as large as COCO val2017's: python -m tests.benchmark_results [--keep DIR].

5,000 images, 36,000 objects of 80 categories, two results of 250,000 boxes each, made up here. The numbers
are to take 60 s and the bootstrap 120 s more on two cores, in less than 3 GB.
"""

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from pedviz.comparison import compare

IMAGES, OBJECTS, CATEGORIES, DETECTIONS = 5000, 36_000, 80, 250_000
WIDTH, HEIGHT = 640, 480


def write_files(
    folder: Path, *, images: int = IMAGES, objects: int = OBJECTS, detections: int = DETECTIONS
) -> None:
    """truth.json, a.json and b.json: objects shaken, in part of another category, among boxes on nothing."""
    generator = np.random.default_rng(0)
    there = _boxes(generator, objects)
    crowd = (generator.random(objects) < 0.01).astype(int)
    image = generator.integers(1, images + 1, objects)
    category = np.minimum(generator.geometric(0.08, objects), CATEGORIES)
    truth = {
        "images": [
            {"id": place, "file_name": f"{place:012}.jpg", "width": WIDTH, "height": HEIGHT}
            for place in range(1, images + 1)
        ],
        "categories": [{"id": place, "name": f"category {place}"} for place in range(1, CATEGORIES + 1)],
        "annotations": [
            {"id": place, "image_id": i, "category_id": c, "bbox": b, "area": 0.7 * b[2] * b[3], "iscrowd": d}
            for place, (i, c, b, d) in enumerate(
                zip(image.tolist(), category.tolist(), there.tolist(), crowd.tolist(), strict=True), 1
            )
        ],
    }  # fmt: skip
    (folder / "truth.json").write_text(json.dumps(truth))
    for name, shake in (("a.json", 0.08), ("b.json", 0.10)):
        chosen = generator.integers(0, objects, detections)
        box = there[chosen] + generator.normal(0, shake, (detections, 4)) * np.tile(there[chosen, 2:], 2)
        on_nothing = generator.random(detections) < 0.5
        box[on_nothing] = _boxes(generator, int(on_nothing.sum()))
        box[:, 2:] = np.maximum(box[:, 2:], 1)
        wrong = generator.random(detections) < 0.15
        found = np.where(wrong, generator.integers(1, CATEGORIES + 1, detections), category[chosen])
        score = np.where(
            on_nothing | wrong, generator.beta(1, 5, detections), generator.beta(3, 2, detections)
        )
        columns = (image[chosen].tolist(), found.tolist(), box.round(2).tolist(), score.round(4).tolist())
        (folder / name).write_text(json.dumps([
            {"image_id": i, "category_id": c, "bbox": b, "score": s}
            for i, c, b, s in zip(*columns, strict=True)
        ]))  # fmt: skip


def _boxes(generator: np.random.Generator, count: int) -> np.ndarray:
    sizes = np.exp(generator.uniform(np.log(8), np.log(300), (count, 2)))
    corners = generator.uniform(0, 1, (count, 2)) * (np.array([WIDTH, HEIGHT]) - sizes)
    return np.concatenate([corners, sizes], axis=1).round(2)


def main() -> None:
    """Print seconds and the peak of memory."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--keep", type=Path, help="keep the files here")
    options.add_argument("--draws", type=int, default=1000)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        if not (folder / "b.json").exists():
            write_files(folder)
        files = [folder / name for name in ("truth.json", "a.json", "b.json")]
        started, seen = time.perf_counter(), {}

        def progress(stage: str, share: float) -> None:
            seen.setdefault(stage, time.perf_counter() - started)

        compare(*files, draws=given.draws, progress=progress)
        seen["end"] = time.perf_counter() - started
        for (stage, begin), end in zip(seen.items(), [*list(seen.values())[1:], None], strict=True):
            if end is not None:
                print(f"{stage:<30} {end - begin:7.1f} s")
        print(f"{'all':<30} {seen['end']:7.1f} s, {time.process_time():.1f} s of processor time")
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
