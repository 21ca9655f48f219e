"""Speed against stock torchvision, in the same run: python -m training.benchmark [detect load train].

Timings swing on a busy machine, so every figure comes as a ratio of two things that alternate, image by
image. Nothing here passes or fails.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch.optim import SGD, Optimizer
from torchvision.models.detection import FasterRCNN

from pedviz.cli.terminal import guarded
from pedviz.data.pennfudan import open_pennfudan, split
from pedviz.errors import PedvizError
from pedviz.inference import Predictor
from pedviz.models.build import build, fastest_layout, has_avx512
from pedviz.models.checkpoints import load_network
from pedviz.models.fold import fold_norms
from pedviz.models.manifest import available
from pedviz.models.precision import fastest_dtype
from pedviz.models.specs import SPECS, get_spec
from training.datasets import TrainingImages
from training.loop import RunSettings, collate, take_step
from training.measuring import STOCK, positive
from training.progress import make_optimiser
from training.recipes import REPORT_A, preset_recipe
from training.sources import PennFudanSamples
from training.step import TrainingStep, freeze_stages

IMAGES, STEPS = 8, 4
TOGETHER = ("maskrcnn_resnet50_fpn", "maskrcnn_mobilenet_v2_fpn", "maskrcnn_mobilenet_v2_lite")


def stock_network(model_id: str) -> FasterRCNN:
    """The released weights in torchvision's network at its default settings."""
    spec = get_spec(model_id)
    network = build(replace(spec, **STOCK))
    network.load_state_dict(load_network(spec).state_dict())
    return network


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _compare(label: str, ours: Sequence[Callable], stock: Sequence[Callable]) -> tuple[float, float]:
    """Alternate the two, after one unmeasured round each; print medians and ratio, return the medians."""
    ours[0](), stock[0]()
    pairs = [(_seconds(a), _seconds(b)) for a, b in zip(ours, stock, strict=True)]
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"{label:42} ours {mine:7.3f} s   stock {theirs:7.3f} s   {theirs / mine:5.2f} times as fast")
    return mine, theirs


def together(medians: Mapping[str, tuple[float, float]]) -> str:
    """All of TOGETHER on one photo beside the stock form of the first; nothing where one was not measured.

    Args:
        medians: seconds of ours and of stock, for each variant.
    """
    if not medians.keys() >= set(TOGETHER):
        return ""
    ours, stock = sum(medians[model_id][0] for model_id in TOGETHER), medians[TOGETHER[0]][1]
    return (
        f"{' + '.join(TOGETHER)}: ours {ours:.3f} s, {TOGETHER[0]} alone in stock {stock:.3f} s, "
        f"{stock / ours:.2f} times as fast\n"
    )


def benchmark_detect(model_ids: Sequence[str]) -> None:
    """`detect` against `model([image])` at torchvision's defaults: same weights, images and threads.

    Ours is in bfloat16 where the processor has it.
    """
    archive = open_pennfudan()
    images = [archive.image(name) for name in split().test[:IMAGES]]
    medians = {}
    for model_id in model_ids:
        stock, predictor = (
            stock_network(model_id),
            Predictor(get_spec(model_id), load_network(get_spec(model_id))),
        )

        def run_stock(image: np.ndarray, stock: FasterRCNN = stock) -> None:
            with torch.inference_mode():
                stock([torch.from_numpy(image.copy()).permute(2, 0, 1).float() / 255])

        medians[model_id] = _compare(
            f"detect {model_id}",
            [lambda image=image, p=predictor: p.detect(image) for image in images],
            [lambda image=image: run_stock(image) for image in images],
        )
    print(together(medians), end="")


def benchmark_load(model_ids: Sequence[str]) -> None:
    """Verify, read and build each shipped variant."""
    for model_id in model_ids:
        seconds = _seconds(partial(load_network, get_spec(model_id)))
        print(f"load   {model_id:35} {seconds:7.3f} s")


def plain_step(network: FasterRCNN, optimiser: Optimizer, batch: tuple) -> None:
    """An update of the weights as torchvision's tutorial on detection has it."""
    images, targets = batch
    losses = network(images, targets)
    optimiser.zero_grad()
    sum(losses.values()).backward()
    optimiser.step()


def benchmark_train(model_ids: Sequence[str]) -> None:
    """A step of the second stage against torchvision's network called at its defaults, 800 pixels in float32.

    Ours is in bfloat16 where the processor has it; reading and changing images counts in neither.
    """
    source = PennFudanSamples(open_pennfudan(), split().train)
    layout = fastest_layout()
    settings = RunSettings(folder=Path(), seed=0, device="cpu", amp=has_avx512(), workers=0, facts={})
    for model_id in model_ids:
        recipe = preset_recipe("pennfudan", get_spec(model_id))
        network = load_network(get_spec(model_id)).to(memory_format=layout)  # random weights would diverge
        step = TrainingStep(fold_norms(network), recipe).train()
        ours = partial(take_step, step, make_optimiser(step, recipe), recipe=recipe, settings=settings)
        stock = stock_network(model_id).train()
        freeze_stages(stock, REPORT_A.frozen_stages)
        learning = [weight for weight in stock.parameters() if weight.requires_grad]
        sgd = SGD(learning, REPORT_A.lr, momentum=REPORT_A.momentum, weight_decay=REPORT_A.weight_decay)
        plain = partial(plain_step, stock, sgd)
        work = []
        for one_step, form in ((ours, recipe), (plain, REPORT_A)):
            images = TrainingImages([source], form, seed=0)
            batches = [collate([images[0, 2 * i], images[0, 2 * i + 1]]) for i in range(STEPS)]
            work.append([partial(one_step, batch=batch) for batch in batches])
        _compare(f"step   {model_id}", *work)


BENCHMARKS = {"detect": benchmark_detect, "load": benchmark_load, "train": benchmark_train}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the named benchmarks, all of them by default; the exit status."""
    options = argparse.ArgumentParser(prog="python -m training.benchmark", description=__doc__)
    options.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], default=[])
    options.add_argument("--models", help="ids, comma separated (default: all with weights)")
    options.add_argument("--threads", type=positive, help="processor threads")
    parsed = options.parse_args(arguments)
    if parsed.threads:
        torch.set_num_threads(parsed.threads)
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads, detecting in {fastest_dtype()}")
    try:
        shipped = available()
        listed = [spec.id for spec in SPECS if spec.id in shipped]
        model_ids = parsed.models.split(",") if parsed.models else listed
        for name in parsed.names or BENCHMARKS:
            BENCHMARKS[name](model_ids)
    except PedvizError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
