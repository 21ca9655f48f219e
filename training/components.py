"""Where the time of a detection goes: python -m training.components -> assets/results/components.json.

Milliseconds and multiply-adds of the layers of each component of each released variant, on test images of
Penn-Fudan, all on one machine and in one run; choosing and pooling regions are no layers and count as the
rest. Each image is detected several times and its quickest pass counts: timings on a busy machine only
ever come out too long.
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from pedviz.cli.terminal import guarded
from pedviz.data.pennfudan import open_pennfudan, split
from pedviz.inference import Predictor, load_predictor
from pedviz.models.manifest import available
from pedviz.models.specs import SPECS
from pedviz.paths import results_folder, write_whole
from training.measuring import positive
from training.provenance import describe_hardware

FILE = "components.json"
IMAGES, PASSES = 8, 3
MODULES = {
    "backbone": ("backbone.body",),
    "backbone and neck": ("backbone",),
    "rpn": ("rpn.head",),
    "box_head": ("roi_heads.box_head", "roi_heads.box_predictor"),
    "mask_head": ("roi_heads.mask_head", "roi_heads.mask_predictor"),
}


@contextmanager
def _measured(network: nn.Module, read: Any) -> Iterator[dict[str, float]]:
    """Adds up by how much `read()` grows while the modules of each component run."""
    totals: dict[str, float] = defaultdict(float)
    begun: dict[nn.Module, float] = {}
    handles = []
    for part, names in MODULES.items():
        for name in names:
            module: Any = network
            for step in name.split("."):
                module = getattr(module, step, None)
            if not isinstance(module, nn.Module):
                continue  # no masks

            def end(module: nn.Module, _inputs: Any, _output: Any, part: str = part) -> None:
                totals[part] += read() - begun[module]

            handles.append(
                module.register_forward_pre_hook(lambda module, _: begun.__setitem__(module, read()))
            )
            handles.append(module.register_forward_hook(end))
    try:
        yield totals
    finally:
        for handle in handles:
            handle.remove()


def _by_part(totals: dict[str, float], whole: float) -> dict[str, float]:
    names: tuple[str, ...] = ("backbone", "rpn", "box_head", "mask_head")
    parts = {part: totals[part] for part in names if part in totals}
    neck = totals["backbone and neck"] - totals["backbone"]
    return {**parts, "neck": neck, "rest": whole - sum(parts.values()) - neck}


def _milliseconds(predictor: Predictor, image: np.ndarray) -> dict[str, float]:
    passes = []
    for _ in range(PASSES):
        started = time.perf_counter()
        with _measured(predictor.network, time.perf_counter) as totals:
            predictor.detect(image)
        whole = time.perf_counter() - started
        passes.append((whole, _by_part(totals, whole)))
    _, quickest = min(passes, key=lambda one: one[0])
    return {part: 1e3 * seconds for part, seconds in quickest.items()}


def _gmacs(predictor: Predictor, image: np.ndarray) -> dict[str, float]:
    """Multiply-adds in billions; what PyTorch counts as two floating-point operations is one."""
    with (
        FlopCounterMode(display=False) as counter,
        _measured(predictor.network, counter.get_total_flops) as totals,
    ):
        predictor.detect(image)
        whole = counter.get_total_flops()
    return {part: flops / 2e9 for part, flops in _by_part(totals, whole).items()}


def measure(predictor: Predictor, images: Sequence[np.ndarray]) -> dict[str, dict[str, float]]:
    """Means over `images` by component, under "milliseconds" and "gmacs".

    Args:
        predictor: any variant.
        images: (H, W, 3) uint8 RGB each.
    """
    predictor.detect(images[0])  # the first pass allocates
    found = {
        "milliseconds": [_milliseconds(predictor, image) for image in images],
        "gmacs": [_gmacs(predictor, image) for image in images],
    }
    parts = dict.fromkeys(part for rows in found.values() for row in rows for part in row)
    return {
        what: {part: float(np.mean([row.get(part, 0.0) for row in rows])) for part in parts}
        for what, rows in found.items()
    }


def _main(arguments: Sequence[str] | None) -> int:
    options = argparse.ArgumentParser(prog="python -m training.components")
    options.add_argument("--images", type=positive, default=IMAGES)
    given = options.parse_args(arguments)
    torch.set_num_threads(1)
    data = open_pennfudan()
    images = [data.image(name) for name in split().test[: given.images]]
    variants = {}
    shipped = available()
    for spec_id in [spec.id for spec in SPECS if spec.id in shipped]:
        variants[spec_id] = measure(load_predictor(spec_id, dtype=torch.float32), images)
        print(f"{spec_id:32} {sum(variants[spec_id]['milliseconds'].values()):7.0f} ms")
    content = {
        "images": len(images), "passes": PASSES, "hardware": describe_hardware(), "variants": variants,
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }  # fmt: skip
    write_whole(results_folder() / FILE, json.dumps(content, indent=1) + "\n")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and write the file; the exit status."""
    return guarded(lambda: _main(arguments))


if __name__ == "__main__":
    sys.exit(main())
