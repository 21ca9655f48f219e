"""Make scores mean what they say: python -m training.calibrate ID... [--coco PATH].

Fits a line from the logit of a score to the logit of "this box is a person" on the photos that
`training.hold_out` left out of training for that, and puts its two numbers into the manifest. What was
measured with the scores before is measured again: `training.evaluate`, `training.evaluate_people` and
`training.sample_results`.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from pedviz.cli.terminal import guarded
from pedviz.errors import DatasetError
from pedviz.inference import Predictor
from pedviz.metrics.error_types import FOREGROUND_IOU
from pedviz.metrics.outcomes import judge
from pedviz.metrics.overlaps import overlaps_of_record
from pedviz.models.checkpoints import load_network_file, verify
from pedviz.models.manifest import available, write_manifest
from pedviz.models.specs import get_spec
from pedviz.paths import people_source
from training.evaluate_own import answer
from training.hold_out import CALIBRATE
from training.measuring import positive
from training.sources import CocoSamples

SUREST = 1e-6  # from 0 or 1 that a score is taken to be at most, so that its logit is finite
STEPS = 200


def fit_line(scores: np.ndarray, hits: np.ndarray) -> tuple[float, float]:
    """(slope, offset) of the line over the logit with the smallest binary cross-entropy.

    Args:
        scores: (D,) in [0, 1].
        hits: (D,) bool, which of them are people.

    Raises:
        DatasetError: all are people or none is, or higher scores are not right more often.
    """
    if hits.all() or not hits.any():
        raise DatasetError("the photos hold no right and wrong detections to tell apart")
    given = torch.from_numpy(np.clip(scores.astype(np.float64), SUREST, 1 - SUREST)).logit()
    wanted = torch.from_numpy(hits.astype(np.float64))
    line = torch.tensor([1.0, 0.0], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([line], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        found = binary_cross_entropy_with_logits(given * line[0] + line[1], wanted)
        found.backward()
        return found

    optimiser.step(loss)
    slope, offset = line.detach().tolist()
    if not slope > 0:
        raise DatasetError("higher scores are not right more often on these photos")
    return slope, offset


def line_of(model_id: str, source: CocoSamples) -> tuple[float, float]:
    """The line of a variant's released weights, from its scores as they were before any line.

    Raises:
        PedvizError: there are no weights, or the photos cannot be used.
    """
    spec, entries = get_spec(model_id), available()
    if model_id not in entries:
        raise DatasetError(f"no weights of '{model_id}' are released; see python -m training.publish")
    predictor = Predictor(spec, load_network_file(spec, verify(entries[model_id])), dtype=torch.float32)
    overlaps = overlaps_of_record(answer(predictor, [source], run_id=model_id), kind="bbox")
    outcomes = judge(overlaps, iou_thresholds=(FOREGROUND_IOU,))
    counted = outcomes.counted[0]
    return fit_line(overlaps.scores[counted], outcomes.hits[0, counted])


def main(arguments: Sequence[str] | None = None) -> int:
    """Calibrate from the command line; the exit status."""
    options = argparse.ArgumentParser(
        prog="python -m training.calibrate", description=__doc__.partition("\n")[0]
    )
    options.add_argument("ids", nargs="+", metavar="ID", help="variants")
    options.add_argument("--coco", type=Path, default=people_source().parent / CALIBRATE, help="the photos")
    options.add_argument("--threads", type=positive, help="processor threads")
    given = options.parse_args(arguments)
    if given.threads:
        torch.set_num_threads(given.threads)
    source = CocoSamples(given.coco, measuring=True)
    for model_id in given.ids:
        slope, offset = line_of(model_id, source)
        entries = available()
        calibrated = replace(entries[model_id], score_slope=slope, score_offset=offset)
        write_manifest({**entries, model_id: calibrated})
        print(f"{model_id}: slope {slope:.3f}, offset {offset:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
