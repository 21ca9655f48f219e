"""What both evaluation commands have in common: options, which weights, and the twelve numbers as text."""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import torch

from pedviz.inference import Predictor
from pedviz.metrics.evaluate import STAT_KEYS, Stats
from pedviz.metrics.records import Kind
from pedviz.models.checkpoints import load_network, load_network_file
from pedviz.models.specs import ModelSpec, get_spec
from pedviz.types import DEFAULT_MASK_THRESHOLD, DEFAULT_NMS_THRESHOLD, DETECTION_LIMIT, SCORE_FLOOR
from training.provenance import Weights, file_weights, shipped_weights

Item = TypeVar("Item")
STOCK: dict[str, Any] = {"min_size": 800, "max_size": 1333, "proposals": 1000}  # torchvision's defaults


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
    """--checkpoint, --threads, --dtype, --stock and --size."""
    options.add_argument("--checkpoint", type=Path, help="measure this file instead of the released weights")
    options.add_argument("--threads", type=positive, help="processor threads")
    options.add_argument(
        "--dtype",
        choices=("float32", "bfloat16"),
        default="float32",
        help="what the network computes in (default: float32, the same numbers on every processor)",
    )
    sizes = options.add_mutually_exclusive_group()
    sizes.add_argument("--stock", action="store_true", help="at torchvision's 800 pixels and 1000 proposals")
    sizes.add_argument("--size", type=positive, help="at this shorter side in pixels, not the variant's own")


def parse(options: argparse.ArgumentParser, arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options given, with --threads put into effect; a file is of one variant, or the command ends."""
    given = options.parse_args(arguments)
    if given.checkpoint and len(given.ids) != 1:
        options.error(f"--checkpoint belongs to one variant, got {len(given.ids)}")
    if given.threads:
        torch.set_num_threads(given.threads)
    return given


def spec_of(model_id: str, options: argparse.Namespace) -> ModelSpec:
    """The variant, at the size that the options ask for.

    Raises:
        UnknownModelError: there is no such variant.
    """
    spec = get_spec(model_id)
    if options.stock:
        return replace(spec, **STOCK)
    if options.size:
        return replace(spec, min_size=options.size, max_size=options.size * spec.max_size // spec.min_size)
    return spec


def weights_of(spec: ModelSpec, checkpoint: Path | None) -> Weights:
    """The file where one is named, else the released weights.

    Raises:
        CheckpointError: they cannot be read, are damaged or of another variant.
        MissingCheckpointError: nothing is shipped for the variant.
    """
    return file_weights(spec, checkpoint) if checkpoint else shipped_weights(spec)


def predictor_of(spec: ModelSpec, weights: Weights, *, dtype: str = "float32") -> Predictor:
    """The detector with these weights; the released ones have calibrated scores.

    Args:
        spec: the variant.
        weights: the file.
        dtype: what its heavy parts compute in, as PyTorch calls it.

    Raises:
        CheckpointError: they do not fit.
    """
    network = load_network(spec) if weights.shipped else load_network_file(spec, weights.path)
    return Predictor(spec, network, dtype=getattr(torch, dtype))


def settings_of(predictor: Predictor) -> dict[str, float]:
    """The thresholds and sizes that an evaluation runs with, by name."""
    return {
        "score_threshold": SCORE_FLOOR, "nms_threshold": DEFAULT_NMS_THRESHOLD,
        "mask_threshold": DEFAULT_MASK_THRESHOLD, "max_detections": DETECTION_LIMIT,
        "min_size": predictor.spec.min_size, "max_size": predictor.spec.max_size,
        "proposals": predictor.spec.proposals,
    }  # fmt: skip


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


def read_ahead(read: Callable[[str], Item], names: Sequence[str]) -> Iterator[Item]:
    """What `read` gives for each of `names`; the next is read while the caller is busy with this one."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(read, names[0])
        for name in names[1:]:
            found, coming = coming.result(), reader.submit(read, name)
            yield found
        yield coming.result()
