"""Measure variants on the 50 test images: python -m training.evaluate ID... [options].

Each evaluation keeps what the detector said (assets/results/predictions) and adds one line, with where it
came from, to assets/results/metrics.jsonl. With --from-predictions everything is computed again from what is
kept, without a network or the data set.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Protocol

import numpy as np
from tqdm import tqdm

from pedviz.cli.terminal import guarded
from pedviz.data.pennfudan import open_pennfudan, split
from pedviz.errors import PedvizError, ResultsError
from pedviz.inference import Predictor
from pedviz.metrics.bootstrap import interval, paired_difference, verdict
from pedviz.metrics.evaluate import Stats, coco_stats, import_pycocotools, stats_from_predictions
from pedviz.metrics.outcomes import count_people_by_size
from pedviz.metrics.records import (
    KINDS,
    ImageRecord,
    Kind,
    PredictionRecord,
    predictions_file,
    record_image,
    write_predictions,
)
from pedviz.metrics.store import MeasuredResult, append_measured, measured_results, predictions_of
from pedviz.models.specs import ModelSpec, get_spec
from pedviz.types import Detections, GroundTruth
from training.measuring import (
    add_options,
    number_lines,
    parse,
    positive,
    predictor_of,
    read_ahead,
    settings_of,
    spec_of,
    weights_of,
)
from training.provenance import Weights, describe_hardware, library_versions, utc_now

SAME_NUMBER = 1e-6


class TestImages(Protocol):
    """Where images and their people come from; `pedviz.data.pennfudan.PennFudan` is one."""

    def image(self, name: str) -> np.ndarray:
        """(H, W, 3) uint8, RGB."""

    def ground_truth(self, name: str) -> GroundTruth:
        """The people of an image with boxes and masks."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Answers:
    """What a detector said about some images, and how long it took.

    Attributes:
        views: one an image, as it is evaluated.
        truths: the people of each image.
        images: how the two overlap.
        detect_seconds: in `detect`, all images; resizing belongs to it, as in torchvision's networks.
    """

    views: list[Detections]
    truths: list[GroundTruth]
    images: tuple[ImageRecord, ...]
    detect_seconds: float


def ask(predictor: Predictor, data: TestImages, *, names: Sequence[str]) -> Answers:
    """Detect people in every image, cut as COCO numbers need it: score > .05, NMS .5, 100 detections."""
    views, truths, images = [], [], []
    read = read_ahead(lambda name: (data.image(name), data.ground_truth(name)), names)
    read = tqdm(read, predictor.spec.id, len(names), unit="image", dynamic_ncols=True)
    for name, (image, truth) in zip(names, read, strict=True):
        view = predictor.detect(image).view(0.0)
        views.append(view)
        truths.append(truth)
        images.append(record_image(name, view, truth=truth, masks=predictor.spec.masks))
    return Answers(
        views=views, truths=truths, images=tuple(images),
        detect_seconds=sum(view.timings.total_seconds for view in views),
    )  # fmt: skip


def evaluate(
    weights: Weights, predictor: Predictor, data: TestImages, *, names: Sequence[str], experiment: str = ""
) -> tuple[MeasuredResult, PredictionRecord]:
    """Measure one weight file.

    Args:
        weights: the file, for the result's provenance.
        predictor: made of it.
        data: the images.
        names: those to test on, in the split's order.
        experiment: the ablation that the run belongs to.

    Raises:
        PedvizError: pycocotools is not installed.
    """
    started = time.perf_counter()
    settings = settings_of(predictor) | weights.calibration
    answers = ask(predictor, data, names=names)
    record = PredictionRecord(
        run_id=weights.run_id, spec_id=weights.spec_id, checkpoint_sha256=weights.sha256,
        split_sha256=split().sha256, settings=settings, images=answers.images,
    )  # fmt: skip
    stats = coco_stats(answers.views, answers.truths, masks=predictor.spec.masks)
    intervals = intervals_of(record)
    wall_seconds = time.perf_counter() - started
    result = MeasuredResult(
        spec_id=weights.spec_id, run_id=weights.run_id, shipped=weights.shipped, weights=weights.form,
        checkpoint_sha256=weights.sha256, checkpoint_bytes=weights.path.stat().st_size,
        split_sha256=split().sha256, seed=weights.seed, recipe=weights.recipe, start=weights.start,
        experiment=experiment, parameters=predictor.parameters,
        stats=stats, intervals=intervals, images=len(names), people=record.people,
        people_by_size=count_people_by_size(record), predictions=_predictions_name(weights, predictor.spec),
        settings=settings,
        versions=library_versions(), hardware=describe_hardware(), wall_seconds=wall_seconds,
        seconds_per_image=answers.detect_seconds / len(names),
        outside_network_share=1 - answers.detect_seconds / wall_seconds, measured_at=utc_now(),
    )  # fmt: skip
    return result, record


def _predictions_name(weights: Weights, spec: ModelSpec) -> str:
    usual = spec == get_spec(spec.id)
    return weights.name if usual else f"{weights.name}-{spec.min_size}px-{spec.proposals}"


def _spec_and_weights(model_id: str, options: argparse.Namespace) -> tuple[ModelSpec, Weights]:
    """The variant as the options say, and its weights; at another size they do not count as shipped."""
    spec = spec_of(model_id, options)
    weights = weights_of(spec, options.checkpoint)
    return spec, weights if spec == get_spec(model_id) else replace(weights, shipped=False)


def intervals_of(record: PredictionRecord) -> dict[Kind, tuple[float, ...] | None]:
    """The 95 % interval of AP by kind, (low, high); None for a kind that the detector does not have."""
    found = {kind: interval(record, kind=kind) for kind in record.kinds}
    return {kind: (found[kind].low, found[kind].high) if kind in found else None for kind in KINDS}


def evaluate_again(name: str) -> tuple[MeasuredResult, PredictionRecord]:
    """Compute the numbers of a stored evaluation again from its stored predictions.

    Args:
        name: a variant, for its released weights, or a run.

    Raises:
        ResultsError: nothing is stored, or it gives other numbers than its line in the results.
    """
    results = [
        result
        for result in measured_results()
        if result.run_id == name or (result.shipped and result.spec_id == name)
    ]
    if not results:
        raise ResultsError(f"no evaluation of '{name}' is stored; run: python -m training.evaluate {name}")
    record = predictions_of(results[-1])
    stats = {kind: stats_from_predictions(record, kind) if kind in record.kinds else None for kind in KINDS}
    for kind in record.kinds:
        _require_same(results[-1], kind, again=stats[kind] or {})
    return replace(results[-1], stats=stats, intervals=intervals_of(record)), record


def _require_same(result: MeasuredResult, kind: Kind, *, again: Stats) -> None:
    stored = result.stats[kind] or {}
    for key, value in again.items():
        before = stored.get(key)
        same = value == before if value is None or before is None else abs(value - before) <= SAME_NUMBER
        if not same:
            raise ResultsError(
                f"{result.predictions}.json gives {kind} {key} {value}, its line in the results {before}; "
                f"evaluate {result.spec_id} again"
            )


def table(result: MeasuredResult) -> str:
    """The twelve numbers and the intervals of one evaluation, to be read in a terminal."""
    lines = [
        f"{result.run_id} ({result.weights}, sha256 {result.checkpoint_sha256[:12]})",
        f"{result.images} images, {result.people} people, {result.seconds_per_image:.2f} s an image, "
        f"{result.outside_network_share:.1%} of the time outside the network",
        *number_lines(result.stats, result.intervals),
    ]
    return "\n".join(lines)


def comparisons(records: Sequence[PredictionRecord]) -> list[str]:
    """A sentence on every pair of runs, for boxes and where both have them for masks."""
    return [
        f"{kind}: {verdict(paired_difference(a, b, kind=kind), first=a.run_id, second=b.run_id)}"
        for a, b in combinations(records, 2)
        for kind in KINDS
        if kind in a.kinds and kind in b.kinds
    ]


def parser() -> argparse.ArgumentParser:
    """Every option, with what it does."""
    options = argparse.ArgumentParser(
        prog="python -m training.evaluate", description=__doc__.partition("\n")[0]
    )
    options.add_argument(
        "ids", nargs="+", metavar="ID", help="variants (with --from-predictions also run ids)"
    )
    add_options(options)
    options.add_argument(
        "--from-predictions",
        action="store_true",
        help="compute again from stored predictions, run no network",
    )
    options.add_argument("--data", type=Path, help="Penn-Fudan archive or folder (default: PEDVIZ_DATA)")
    options.add_argument(
        "--limit", type=positive, help="only the first images, as a trial: nothing is stored"
    )
    options.add_argument("--experiment", default="", help="the ablation that this run belongs to")
    return options


def _ask_a_network(options: argparse.Namespace, command: argparse.ArgumentParser) -> list[str]:
    """The options given that say how a network is to be asked."""
    names = ("checkpoint", "size", "stock", "limit", "dtype", "data", "experiment")
    return [f"--{name}" for name in names if getattr(options, name) != command.get_default(name)]


def measure(options: argparse.Namespace) -> list[tuple[MeasuredResult, PredictionRecord]]:
    """Evaluate every variant named on the command line, print the numbers and store what comes out.

    What is stored is of all images, and in float32, so that any processor gives it again.

    Raises:
        PedvizError: weights, data or pycocotools are missing.
        OSError: the numbers cannot be stored.
    """
    import_pycocotools()  # before minutes of detecting, not after
    data, names = open_pennfudan(options.data), split().test[: options.limit]
    trial = options.limit is not None or options.dtype != "float32"
    measured = []
    for model_id in options.ids:
        spec, weights = _spec_and_weights(model_id, options)
        predictor = predictor_of(spec, weights, dtype=options.dtype)
        result, record = evaluate(weights, predictor, data, names=names, experiment=options.experiment)
        print(table(result))  # before it is stored, so that a full disk does not lose it
        if not trial:
            write_predictions(record, predictions_file(result.predictions))
            append_measured(result)
        measured.append((result, record))
    if trial:
        print("this was a trial: nothing is stored")
    return measured


def main(arguments: Sequence[str] | None = None) -> int:
    """Evaluate from the command line; the exit status."""
    command = parser()
    options = parse(command, arguments)
    if options.from_predictions and (useless := _ask_a_network(options, command)):
        command.error(f"--from-predictions runs no network, so there is no use for {', '.join(useless)}")
    try:
        if options.from_predictions:
            measured = [evaluate_again(name) for name in options.ids]
            print("\n".join(table(result) for result, _ in measured))
        else:
            measured = measure(options)
        for sentence in comparisons([record for _, record in measured]):
            print(sentence)
    except (PedvizError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
