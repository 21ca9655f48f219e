"""Measure variants on your own images: python -m training.evaluate_own ID... --coco PATH [options].

A folder or zip in COCO's detection format, as for training; here images with nobody count too, and
detections in a crowd count neither way. Boxes are measured, masks too where every person of every image
has one. Size classes of people go by the `area` of their annotations, as in COCO. The numbers are printed and
not stored: the tables of this project are of Penn-Fudan alone.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from pedviz.cli.terminal import guarded
from pedviz.errors import DatasetError, PedvizError
from pedviz.inference import Predictor
from pedviz.metrics.curves import operating_points
from pedviz.metrics.error_types import FOREGROUND_IOU
from pedviz.metrics.evaluate import import_pycocotools, stats_from_predictions
from pedviz.metrics.outcomes import judge
from pedviz.metrics.overlaps import overlaps_of_record
from pedviz.metrics.records import ImageRecord, PredictionRecord, record_image
from pedviz.types import DEFAULT_SCORE_THRESHOLD, GroundTruth
from training.evaluate import intervals_of
from training.measuring import (
    add_options,
    number_lines,
    parse,
    predictor_of,
    settings_of,
    spec_of,
    weights_of,
)
from training.sources import CocoSamples, Sample, coco_sources, kinds_in


def answer(predictor: Predictor, sources: Sequence[CocoSamples], *, run_id: str) -> PredictionRecord:
    """What a detector says about every image, measured against its people, one image at a time.

    Raises:
        DatasetError: there is no image with people, or one cannot be read.
    """
    if not any(source.people for source in sources):
        raise DatasetError("no image with people was found; see --coco and --kinds")
    places = [(source, name) for source in sources for name in source.ids]
    masks = predictor.spec.masks and all(source.has_masks(name) for source, name in places)
    with tqdm(places, desc=predictor.spec.id, unit="image", dynamic_ncols=True) as shown:
        images = tuple(_measure(predictor, source.load(name), masks=masks) for source, name in shown)
    return PredictionRecord(
        run_id=run_id, spec_id=predictor.spec.id, checkpoint_sha256="", split_sha256="",
        settings=settings_of(predictor), images=images,
    )  # fmt: skip


def _measure(predictor: Predictor, sample: Sample, *, masks: bool) -> ImageRecord:
    view = predictor.detect(sample.pixels).view(0.0)
    people = GroundTruth(
        image_size=sample.pixels.shape[:2], boxes_xyxy=sample.boxes, masks=sample.masks, crowds=sample.crowds
    )
    record = record_image(sample.id, view, truth=people, masks=masks)
    return record if sample.areas is None else replace(record, people_areas=sample.areas)


def table(record: PredictionRecord) -> str:
    """The twelve numbers of each kind, with the interval of AP, to be read in a terminal."""
    stats = {kind: stats_from_predictions(record, kind) for kind in record.kinds}
    empty = sum(image.are_crowds.all() for image in record.images)
    images = f"{len(record.images)} images" + (f" ({empty} with nobody)" if empty else "")
    heading = f"{record.run_id}: {images}, {record.people} people"
    return "\n".join([heading, *number_lines(stats, intervals_of(record)), *_threshold_lines(record)])


def _threshold_lines(record: PredictionRecord) -> list[str]:
    """What the page's own score threshold gives for boxes found at IoU .5, and the one that gives most."""
    overlaps = overlaps_of_record(record, kind="bbox")
    points = operating_points(judge(overlaps, iou_thresholds=(FOREGROUND_IOU,)))
    shown = np.flatnonzero(points.scores > np.float32(DEFAULT_SCORE_THRESHOLD))
    places = {f"above {DEFAULT_SCORE_THRESHOLD}, as the page shows": shown[-1:]}
    if len(points.scores):
        places[f"from {points.scores[points.best]:.2f} on, where F1 is best"] = np.array([points.best])
    return [
        f"scores {name}: precision {points.precision[place]:.3f}, recall {points.recall[place]:.3f}, "
        f"F1 {points.f1[place]:.3f}"
        for name, found in places.items()
        for place in found
    ]


def parser() -> argparse.ArgumentParser:
    """Every option, with what it does."""
    options = argparse.ArgumentParser(
        prog="python -m training.evaluate_own", description=__doc__.partition("\n")[0]
    )
    options.add_argument("ids", nargs="+", metavar="ID", help="variants")
    options.add_argument(
        "--coco",
        type=Path,
        action="append",
        required=True,
        metavar="PATH",
        help="folder or zip; may be repeated",
    )
    options.add_argument("--kinds", default="", help="only images of these kinds, comma separated")
    add_options(options)
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure from the command line; the exit status."""
    options = parse(parser(), arguments)
    try:
        import_pycocotools()  # before minutes of detecting, not after
        sources = coco_sources(options.coco, kinds=kinds_in(options.kinds), measuring=True)
        for model_id in options.ids:
            spec = spec_of(model_id, options)
            weights = weights_of(spec, options.checkpoint)
            predictor = predictor_of(spec, weights, dtype=options.dtype)
            print(table(answer(predictor, sources, run_id=weights.run_id)))
    except PedvizError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
