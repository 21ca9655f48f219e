"""Measure variants on photos of other people: python -m training.evaluate_people ID... [--coco PATH].

What visitors bring is not Penn-Fudan. The photos are those that `training.hold_out` left out of training; the
predictions are stored, and the table by kind of photo beside them, so that the page needs no photo.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pedviz.cli.terminal import guarded
from pedviz.errors import PedvizError
from pedviz.inference import Predictor
from pedviz.metrics.people import KIND_OF, PeopleResult, measure_people, people_predictions_file, store_people
from pedviz.metrics.records import PredictionRecord, write_predictions
from pedviz.models.specs import get_spec
from pedviz.paths import people_source
from training.evaluate_own import answer
from training.hold_out import HELD
from training.measuring import add_options, parse, predictor_of, spec_of, weights_of
from training.provenance import Weights
from training.sources import CocoSamples


def evaluate_people(predictor: Predictor, source: CocoSamples, weights: Weights) -> PredictionRecord:
    """What a detector says about every photo; the name of a photo is its kind and its file name.

    Raises:
        DatasetError: there is no photo with people, or one cannot be read.
    """
    kinds = {image.file_name: KIND_OF.get(str(image.kind), "other") for image in source.truth.images}
    record = answer(predictor, [source], run_id=weights.run_id)
    named = tuple(
        replace(image, name=f"{kinds[image.name]}/{image.name}", mask_ious=None)
        for image in record.images
    )
    return replace(
        record, images=named, checkpoint_sha256=weights.sha256, split_sha256=source.digest,
        settings=record.settings | weights.calibration,
    )


def line(result: PeopleResult) -> str:
    """The row of one variant, to be read in a terminal."""
    kinds = (f"{kind} {row.ap50.value:.3f} ({row.ap.value:.3f})" for kind, row in result.kinds.items())
    return f"{result.spec_id}: AP50 (AP) {', '.join(kinds)}; calibration error {result.calibration_error:.3f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure from the command line; the exit status."""
    options = argparse.ArgumentParser(
        prog="python -m training.evaluate_people", description=__doc__.partition("\n")[0]
    )
    options.add_argument("ids", nargs="+", metavar="ID", help="variants")
    options.add_argument("--coco", type=Path, default=people_source().parent / HELD, help="the photos")
    add_options(options)
    given = parse(options, arguments)
    try:
        source = CocoSamples(given.coco, measuring=True)
        for model_id in given.ids:
            spec = spec_of(model_id, given)
            weights = weights_of(spec, given.checkpoint)
            record = evaluate_people(predictor_of(spec, weights, dtype=given.dtype), source, weights)
            result = measure_people(record)
            print(line(result))
            if weights.shipped and spec == get_spec(model_id) and given.dtype == "float32":
                write_predictions(record, people_predictions_file(spec.id))
                store_people(result)
    except PedvizError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
