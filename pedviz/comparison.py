"""One ground truth and the results of one or two detectors -> everything that can be said about them.

The page, the command line and notebooks call the same function, and our own variants go through the same
analysis. Nothing here prints, draws or uses a network.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from pedviz.data.coco import CocoTruth, parse_truth, read_truth
from pedviz.data.coco_results import CocoResults, parse_results, read_results
from pedviz.data.json_fields import read_json
from pedviz.errors import DatasetError
from pedviz.metrics.coco_overlaps import boxes_of, kinds_of, overlaps_of_coco
from pedviz.metrics.disagreement import Disagreement, Shown
from pedviz.metrics.overlaps import Overlaps
from pedviz.metrics.pairs import SCHEMA, Describe, compare_runs, measure, shown_boxes
from pedviz.metrics.records import Kind
from pedviz.metrics.resampling import DRAWS, SEED, Draws, draw_numbers
from pedviz.metrics.result_types import (
    ComparisonData,
    DescribedImage,
    Difference,
    KindComparison,
    TruthSummary,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class NamedFile:
    """A file on disk and what messages call it."""

    path: Path
    name: str


Source = Path | str | NamedFile | dict | list
Progress = Callable[[str, float], None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Comparison:
    """What a comparison found. `data` holds all of it as JSON has it; the rest is what one asks for first.

    Attributes:
        names: of the one or two results.
        kinds: "bbox", and "segm" where there are masks.
        data: see `compare`.
    """

    names: tuple[str, ...]
    kinds: tuple[Kind, ...]
    data: ComparisonData

    def number(self, key: str = "AP", *, kind: Kind = "bbox", run: int = 0) -> float | None:
        """One of COCO's twelve numbers in [0, 1]; None where there are no objects of that size."""
        found = self.data["by_kind"][kind]["runs"][run]["numbers"][key]
        return found["value"] if found else None

    def difference(self, key: str = "AP", *, kind: Kind = "bbox") -> Difference | None:
        """`value`, `low`, `high` of the second less the first, and a `sentence`; None without two results."""
        found = self.data["by_kind"][kind]["difference"]
        return found[key] if found else None

    def is_worse(self, key: str = "AP") -> bool:
        """Whether the second is worse than the first beyond luck, in boxes or in masks."""
        found = [self.difference(key, kind=kind) for kind in self.kinds]
        return any(one is not None and one["high"] < 0 for one in found)

    def to_json(self) -> str:
        """All of it as JSON text."""
        return json.dumps(self.data, allow_nan=False)

    def _repr_html_(self) -> str:
        from pedviz.report import summary_html  # late: text alone needs no report

        return summary_html(self)


def compare(
    truth: Source,
    *results: Source,
    category: str | None = None,
    names: Sequence[str] = (),
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress = lambda stage, share: None,
) -> Comparison:
    """Measure the results of one or two detectors against a ground truth.

    Args:
        truth: a COCO instances file, by its path or as the JSON value.
        results: COCO results of one or two detectors, in the same way.
        category: the name or id of the only one to look at; None for all, whose mean is COCO's number.
        names: what to call the two; the names of their files by default.
        draws: bootstrap resamples of the images; 0 leaves intervals out.
        seed: of the resamples.
        progress: is told what is being done and which share of it is; it may raise to stop.

    Raises:
        ValueError: there are no results, or more than two.
        DatasetError: a file cannot be read or does not say one thing; file, entry and field are named.
    """
    if len(results) not in (1, 2):
        raise ValueError(f"expected the results of one or two detectors, got {len(results)}")
    progress("Reading", 0.0)
    there = _truth(truth)
    read = []
    for place, source in enumerate(results):
        progress("Reading", (place + 1) / (len(results) + 1))
        read.append(_results(source, there, default=f"results {'AB'[place]}"))
    chosen = None if category is None else [_category(there, category)]
    called = tuple(names) or tuple(_name(found.file) for found in read)
    kinds = kinds_of(there, read)
    by_kind: dict[str, KindComparison] = {
        kind: _compare_kind(
            there,
            read,
            kind=kind,
            categories=chosen,
            names=called,
            draws=draws,
            seed=seed,
            progress=progress,
        )
        for kind in kinds
    }
    data: ComparisonData = {
        "schema": SCHEMA,
        "truth": _described(there, chosen),
        "runs": [
            {"name": name, "file": found.file, "detections": len(found), "notices": list(found.notices)}
            for name, found in zip(called, read, strict=True)
        ],
        "settings": {"draws": draws, "seed": seed, "category": category, "size_by": "annotations"},
        "by_kind": by_kind,
    }
    return Comparison(names=called, kinds=kinds, data=data)


def _name(file: str) -> str:
    return Path(file).name.removesuffix(".json")


def _truth(source: Source) -> CocoTruth:
    if isinstance(source, dict | list):
        return parse_truth(source, file="ground truth")
    if isinstance(source, NamedFile):
        return parse_truth(read_json(source.path, name=source.name), file=source.name)
    return read_truth(Path(source))


def _results(source: Source, truth: CocoTruth, *, default: str) -> CocoResults:
    if isinstance(source, dict | list):
        return parse_results(source, truth, file=default)
    if isinstance(source, NamedFile):
        return parse_results(read_json(source.path, name=source.name), truth, file=source.name)
    return read_results(Path(source), truth)


def _category(truth: CocoTruth, wanted: str) -> int:
    for place, category in enumerate(truth.categories):
        if wanted in (category.name, str(category.id)):
            return place
    known = ", ".join(category.name for category in truth.categories[:10])
    raise DatasetError(f"{truth.file}: it has no category '{wanted}'; it has {known}")


def _described(truth: CocoTruth, chosen: Sequence[int] | None) -> TruthSummary:
    kept = np.ones(len(truth), bool) if chosen is None else np.isin(truth.category_places, chosen)
    return {
        "file": truth.file, "images": len(truth.images),
        "objects": int((kept & ~truth.are_crowds).sum()), "crowds": int((kept & truth.are_crowds).sum()),
        "categories": len(truth.categories) if chosen is None else len(chosen),
        "notices": list(truth.notices),
    }  # fmt: skip


def _compare_kind(
    truth: CocoTruth,
    results: Sequence[CocoResults],
    *,
    kind: Kind,
    categories: Sequence[int] | None,
    names: Sequence[str],
    draws: int,
    seed: int,
    progress: Progress,
) -> KindComparison:
    what = {"bbox": "boxes", "segm": "masks"}[kind]
    runs = []
    for name, found in zip(names, results, strict=True):
        progress(f"Measuring {what} of {name}", 0.0)
        overlaps = overlaps_of_coco(
            truth, found, kind=kind, categories=categories,
            progress=partial(progress, f"Measuring {what} of {name}"),
        )  # fmt: skip
        drawn = _drawn(overlaps, draws, seed, stage=f"Resampling {what} of {name}", progress=progress)
        runs.append(measure(overlaps, drawn))
    return compare_runs(runs, names=names, describe=_describer(truth, results, categories))


def _drawn(overlaps: Overlaps, draws: int, seed: int, *, stage: str, progress: Progress) -> Draws | None:
    if not draws or not (~overlaps.objects.are_crowds).any():
        return None
    return draw_numbers(overlaps, draws=draws, seed=seed, progress=lambda done: progress(stage, done / draws))


def _describer(truth: CocoTruth, results: Sequence[CocoResults], chosen: Sequence[int] | None) -> Describe:
    """Describes an image with the boxes of the truth and of both detectors."""
    kept = np.ones(len(truth), bool) if chosen is None else np.isin(truth.category_places, chosen)
    objects = np.flatnonzero(kept & ~truth.are_crowds)
    place_in_run = np.cumsum(kept) - 1
    boxes = [boxes_of(found) for found in results]

    def describe(one: Disagreement, shown: Sequence[Shown]) -> DescribedImage:
        image = truth.images[one.image]
        return {
            "image": image.file_name or str(image.id), "size": list(image.size[::-1]) if image.size else None,
            "objects": [
                {
                    "box": truth.boxes_xywh[place].round(1).tolist(),
                    "name": truth.categories[truth.category_places[place]].name,
                    "found": [bool(each.found[place_in_run[place]]) for each in shown],
                }
                for place in objects[truth.image_places[objects] == one.image]
            ],
            "detections": [
                shown_boxes(each, boxes_xywh, image=one.image)
                for each, boxes_xywh in zip(shown, boxes, strict=True)
            ],
        }  # fmt: skip

    return describe
