"""Store what every released variant finds in the sample images: python -m training.sample_results [--all].

Of one variant its passes are kept too, opened up for the lessons.

Run it after weights or sample images change; what is stored for the present ones already is kept.
"""

import argparse
import sys
from collections.abc import Sequence

import numpy as np
import torch

from pedviz.cli.terminal import guarded
from pedviz.data.sample_results import (
    load_sample_pass,
    load_sample_result,
    save_sample_pass,
    save_sample_result,
)
from pedviz.data.samples import FileSample, samples
from pedviz.errors import PedvizError, ResultsError
from pedviz.inference import load_predictor
from pedviz.models.manifest import CheckpointEntry, available
from pedviz.trace import pack_trace, trace

OPENED_UP = "maskrcnn_mobilenet_v2_fpn"  # the variant that lessons 3 and 7 begin with


def is_stored(sample: FileSample, entry: CheckpointEntry) -> bool:
    """Whether the result of these weights is there and can be read."""
    try:
        known: list[object] = [load_sample_result(sample, entry.spec_id, scores_from=entry.scores_from)]
        if entry.spec_id == OPENED_UP:
            known.append(load_sample_pass(sample, entry.spec_id, scores_from=entry.scores_from))
        return None not in known
    except ResultsError:
        return False


def store(sample: FileSample, entry: CheckpointEntry) -> None:
    """Detect in a sample image, with the mask maps of all candidates, and keep the result.

    Raises:
        PedvizError: the image or the weights are not usable.
    """
    predictor, pixels = load_predictor(entry.spec_id, dtype=torch.float32), sample.load().pixels
    found = predictor.detect(pixels)
    found = predictor.add_maps(pixels, found, ids=np.arange(len(found)))
    path = save_sample_result(sample, entry.spec_id, scores_from=entry.scores_from, detections=found)
    print(f"{entry.spec_id} {sample.id}: {len(found)} candidates, {path.stat().st_size / 1000:.0f} kB")
    if entry.spec_id == OPENED_UP:
        opened = pack_trace(trace(predictor, pixels))
        path = save_sample_pass(sample, entry.spec_id, scores_from=entry.scores_from, found=opened)
        print(f"{entry.spec_id} {sample.id}: its pass, {path.stat().st_size / 1000:.0f} kB")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.sample_results", description=__doc__)
    parser.add_argument("--all", action="store_true", help="make those again that are there already")
    options = parser.parse_args(arguments)
    try:
        for entry in available().values():
            for sample in samples():
                if options.all or not is_stored(sample, entry):
                    store(sample, entry)
    except PedvizError as error:
        print(f"training.sample_results: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
