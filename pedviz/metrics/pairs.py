"""One or two detectors on the same images, as plain data: what each reaches, and how far apart they are.

Anybody's COCO files and our own variants go through here; what is done with the data only draws it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pedviz.metrics.analysis import analyse
from pedviz.metrics.bootstrap import interval_of, verdict
from pedviz.metrics.disagreement import Disagreement, Shown, rank_disagreements, shown_at_best
from pedviz.metrics.error_types import FOREGROUND_IOU
from pedviz.metrics.evaluate import STAT_KEYS
from pedviz.metrics.outcomes import judge
from pedviz.metrics.overlaps import Overlaps
from pedviz.metrics.resampling import Draws
from pedviz.metrics.result_types import (
    Analysis,
    DescribedImage,
    Difference,
    DifferingImage,
    KindComparison,
    ShownDetection,
)

SCHEMA = 1
IMAGES_SHOWN = 100  # of those in which two detectors disagree most
Describe = Callable[[Disagreement, Sequence[Shown]], DescribedImage]


@dataclass(frozen=True, kw_only=True, eq=False)
class MeasuredRun:
    """One detector's results in boxes or in masks.

    Attributes:
        overlaps: with the ground truth.
        draws: COCO's numbers under resampling; None without.
        analysis: what is shown of it.
    """

    overlaps: Overlaps
    draws: Draws | None
    analysis: Analysis


def measure(overlaps: Overlaps, draws: Draws | None) -> MeasuredRun:
    """Analyse one detector's results."""
    return MeasuredRun(overlaps=overlaps, draws=draws, analysis=analyse(overlaps, draws=draws))


def compare_runs(runs: Sequence[MeasuredRun], *, names: Sequence[str], describe: Describe) -> KindComparison:
    """What there is to say of one or two detectors in boxes, or in masks.

    Args:
        runs: of one or two detectors on the same images, under the same resampling.
        names: what to call them.
        describe: an image in which the two differ.
    """
    analyses = [run.analysis for run in runs]
    if len(runs) == 1:
        return {"runs": analyses, "difference": None, "disagreement": None}
    shown = [shown_at_best(judge(run.overlaps, iou_thresholds=(FOREGROUND_IOU,))) for run in runs]
    ranked = rank_disagreements(*shown)
    return {
        "runs": analyses,
        "difference": _difference(runs, names),
        "disagreement": {
            "scores": [one.score if np.isfinite(one.score) else None for one in shown],
            "images": [_counted(one, describe(one, shown)) for one in ranked[:IMAGES_SHOWN]],
            "differing": len(ranked),
        },
    }


def _difference(runs: Sequence[MeasuredRun], names: Sequence[str]) -> dict[str, Difference | None] | None:
    """The second less the first, number by number; without resampling there are no intervals to judge by."""
    first, second = (run.draws for run in runs)
    if first is None or second is None:
        return None
    overlaps = runs[0].overlaps
    images, objects = len(overlaps.image_names), int((~overlaps.objects.are_crowds).sum())
    found: dict[str, Difference | None] = {}
    for place, key in enumerate(STAT_KEYS):
        values = second.numbers[:, place] - first.numbers[:, place]
        between = interval_of(values, images=images, objects=objects)
        found[key] = None
        if between:
            sentence = verdict(between, first=names[0], second=names[1], number=key)
            found[key] = {
                "value": between.value, "low": between.low, "high": between.high, "sentence": sentence,
            }  # fmt: skip
    return found


def _counted(one: Disagreement, described: DescribedImage) -> DifferingImage:
    return {
        **described,
        "only_first": one.only_first, "only_second": one.only_second,
        "first_wrong": one.first_wrong, "second_wrong": one.second_wrong,
    }  # fmt: skip


def shown_boxes(shown: Shown, boxes_xywh: np.ndarray, *, image: int) -> list[ShownDetection]:
    """The detections that a detector shows in an image, as boxes x, y, width, height in pixels.

    Args:
        shown: of the detector.
        boxes_xywh: (N, 4), in the order of its file.
        image: a place.
    """
    outcomes, overlaps = shown.outcomes, shown.outcomes.overlaps
    places = np.flatnonzero((overlaps.images == image) & (overlaps.scores >= shown.score))
    return [
        {
            "box": boxes_xywh[overlaps.sources[place]].round(1).tolist(),
            "score": round(float(overlaps.scores[place]), 3),
            "name": overlaps.category_names[overlaps.categories[place]],
            "right": bool(outcomes.hits[0, place]),
        }
        for place in places
        if outcomes.counted[0, place]
    ]
