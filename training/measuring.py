"""What both evaluation commands have in common: options, which weights, and the twelve numbers as text."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from pedviz.metrics.evaluate import STAT_KEYS, Stats
from pedviz.metrics.records import Kind
from pedviz.models.specs import ModelSpec
from training.provenance import Weights, file_weights, shipped_weights


def positive(text: str) -> int:
    """A number on the command line that is 1 or more.

    Raises:
        ArgumentTypeError: it is less.
        ValueError: it is no whole number.
    """
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"expected 1 or more, got {number}")
    return number


def add_options(options: argparse.ArgumentParser) -> None:
    """--checkpoint and --threads."""
    options.add_argument("--checkpoint", type=Path, help="measure this file instead of the shipped weights")
    options.add_argument("--threads", type=positive, help="processor threads")


def parse(options: argparse.ArgumentParser, arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options given, with --threads put into effect; a file is of one variant, or the command ends."""
    given = options.parse_args(arguments)
    if given.checkpoint and len(given.ids) != 1:
        options.error(f"--checkpoint belongs to one variant, got {len(given.ids)}")
    if given.threads:
        torch.set_num_threads(given.threads)
    return given


def weights_of(spec: ModelSpec, checkpoint: Path | None) -> Weights:
    """The file where one is named, else the shipped weights.

    Raises:
        CheckpointError: they cannot be read, are damaged or of another variant.
        MissingCheckpointError: nothing is shipped for the variant.
    """
    return file_weights(spec, checkpoint) if checkpoint else shipped_weights(spec)


def number_lines(
    stats: Mapping[Kind, Stats | None], intervals: Mapping[Kind, tuple[float, ...] | None]
) -> list[str]:
    """The twelve COCO numbers and the interval of AP, a line for each kind that has both, after a heading."""
    lines = ["      " + "".join(f"{key:>7}" for key in STAT_KEYS) + "   AP, 95 % interval"]
    for kind, found in stats.items():
        if found and (bounds := intervals[kind]):
            numbers = "".join("    n/a" if found[key] is None else f"{found[key]:7.3f}" for key in STAT_KEYS)
            lines.append(f"{kind:6}{numbers}   {bounds[0]:.3f} to {bounds[1]:.3f}")
    return lines
