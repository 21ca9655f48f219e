"""The training loop: steps, checkpoints that survive anything, and one line per epoch."""

import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, distributed, nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader, Sampler
from tqdm import tqdm

from pedviz.errors import PedvizError
from pedviz.models.compact import write_state
from pedviz.models.fold import unfolded_state
from pedviz.paths import write_whole
from training.datasets import TrainingImages, stable_seed
from training.progress import load_progress, make_average, make_optimiser, save_progress
from training.provenance import FINAL, LAST, LOG
from training.recipes import Recipe
from training.step import IMITATION, LOSS_NAMES

SAVE_EVERY = 60.0  # seconds
FIRST_RATE = 1e-3  # of the peak, at the first step of the warm-up


class NonFiniteLossError(PedvizError):
    """A loss that is not a number: training would only destroy the weights."""


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """What changes where and how fast a run goes, but not what it learns.

    Attributes:
        folder: where `last.safetensors`, `final.safetensors` and `log.jsonl` go.
        seed: of everything random.
        device: "cpu" or "cuda".
        amp: compute in bfloat16 where that is safe.
        workers: processes that load images.
        rank, world: this process among all.
        facts: what the files should say of the run.
        stop_after: seconds after which the run saves and stops, to be resumed; 0 does not stop.
    """

    folder: Path
    seed: int
    device: str
    amp: bool
    workers: int
    facts: dict[str, object]
    rank: int = 0
    world: int = 1
    stop_after: float = 0.0


class EpochBatches(Sampler):
    """The batches of one process, as lists of (epoch, place) keys from a given step on."""

    def __init__(
        self, images: TrainingImages, recipe: Recipe, settings: RunSettings, *, first_step: int
    ) -> None:
        self.images, self.recipe, self.settings, self.first_step = images, recipe, settings, first_step

    def __iter__(self) -> Iterator[list[tuple[int, int]]]:
        steps, batch = steps_per_epoch(len(self.images), self.recipe), self.recipe.batch
        for step in range(self.first_step, steps * self.recipe.epochs):
            epoch, within = divmod(step, steps)
            places = self.images.order(epoch)[within * batch : (within + 1) * batch]
            yield [(epoch, place) for place in places[self.settings.rank :: self.settings.world]]

    def __len__(self) -> int:
        return steps_per_epoch(len(self.images), self.recipe) * self.recipe.epochs - self.first_step


def steps_per_epoch(count: int, recipe: Recipe) -> int:
    """Whole batches in `count` images; a shorter last batch is left for the next epoch's order."""
    return count // recipe.batch


def learning_rate(recipe: Recipe, step: int, *, steps: int, per_epoch: int) -> float:
    """The rate of step `step` of `steps`: a linear rise, then the recipe's schedule."""
    rising = step < recipe.warmup
    rise = FIRST_RATE + (1 - FIRST_RATE) * step / recipe.warmup if rising else 1.0
    if recipe.schedule == "step":
        return recipe.lr * rise * 0.1 ** (step // per_epoch // recipe.step_epochs)
    return recipe.lr * rise * 0.5 * (1 + math.cos(math.pi * step / steps))


def collate(items: list[tuple[Tensor, dict[str, object]]]) -> tuple[list[Tensor], list[dict[str, object]]]:
    """Images differ in size, so a batch is two lists."""
    images, targets = zip(*items, strict=True)
    return list(images), list(targets)


def _to_device(targets: list[dict[str, object]], device: str) -> list[dict[str, object]]:
    return [
        {key: value.to(device) if isinstance(value, Tensor) else value for key, value in target.items()}
        for target in targets
    ]


def take_step(
    step_model: nn.Module, optimiser: Optimizer, batch: tuple, recipe: Recipe, settings: RunSettings
) -> dict[str, float]:
    """One update of the weights; the losses before it.

    Raises:
        NonFiniteLossError: a loss is not finite; the weights are left as they were.
    """
    images, targets = batch
    images = [image.to(settings.device) for image in images]
    with torch.autocast(settings.device, torch.bfloat16, enabled=settings.amp):
        losses = step_model(images, _to_device(targets, settings.device))
    total = sum(losses.values())
    if not torch.isfinite(total):
        values = {name: round(float(loss.detach()), 4) for name, loss in losses.items()}
        raise NonFiniteLossError(f"the loss of {[t['id'] for t in targets]} is not finite: {values}")
    optimiser.zero_grad(set_to_none=True)
    total.backward()
    if recipe.clip:
        nn.utils.clip_grad_norm_(step_model.parameters(), recipe.clip)
    optimiser.step()
    return _over_all_processes(losses, settings)


def _over_all_processes(losses: dict[str, Tensor], settings: RunSettings) -> dict[str, float]:
    """The mean of each loss over the images of the whole batch; processes have equal shares of it."""
    values = torch.stack([loss.detach() for loss in losses.values()])
    if settings.world > 1:
        distributed.all_reduce(values)
        values /= settings.world
    return dict(zip(losses, values.tolist(), strict=True))


@dataclass
class EpochTotals:
    """Running sums of one epoch, for its line in the log."""

    started: float
    steps: int = 0
    losses: dict[str, float] | None = None

    def add(self, losses: dict[str, float]) -> None:
        """Count one step's losses."""
        self.steps += 1
        self.losses = {name: (self.losses or {}).get(name, 0.0) + value for name, value in losses.items()}

    def means(self) -> dict[str, float]:
        """Mean of each loss over the steps so far, in the reports' order."""
        totals = self.losses or {}
        return {name: totals[name] / self.steps for name in (*LOSS_NAMES, IMITATION) if name in totals}

    def line(self, recipe: Recipe, *, step: int, rate: float, epoch: int) -> dict[str, object]:
        """What the log says of the epoch that ended with `step` at learning rate `rate`."""
        seconds = time.perf_counter() - self.started
        return {
            "epoch": epoch, "step": step, "steps": self.steps, "lr": rate, "seconds": seconds,
            "images_per_second": self.steps * recipe.batch / seconds, "losses": self.means(),
        }  # fmt: skip


def train(
    step_model: nn.Module,
    network: nn.Module,
    images: TrainingImages,
    recipe: Recipe,
    settings: RunSettings,
    *,
    measure: Callable[[dict[str, Tensor]], dict[str, float | None]] | None = None,
) -> Path | None:
    """Train to the end of the recipe, from `last.safetensors` where it is there.

    Args:
        step_model: calling it gives the losses (perhaps wrapped for several processes).
        network: the network inside it, whose weights are saved.
        images: what to learn from.
        recipe: what to learn with.
        settings: where and how fast.
        measure: gives AP by kind of the weights after an epoch, for the log.

    Returns:
        The path of the final float32 weights; None where the time was over before the recipe's end.

    Raises:
        NonFiniteLossError: naming the images of the batch.
    """
    optimiser, average = make_optimiser(network, recipe), make_average(network, recipe)
    last, final, log = (settings.folder / name for name in (LAST, FINAL, LOG))
    first = load_progress(last, network, optimiser, average=average) if last.exists() else 0
    if settings.rank == 0:
        _keep_lines(log, step=first)
    per_epoch = steps_per_epoch(len(images), recipe)
    steps = per_epoch * recipe.epochs
    sampler = EpochBatches(images, recipe, settings, first_step=first)
    loader = DataLoader(images, batch_sampler=sampler, num_workers=settings.workers, collate_fn=collate)
    totals = EpochTotals(time.perf_counter())
    saved_at = time.monotonic()
    ends_at = saved_at + (settings.stop_after or math.inf)
    result = average.module if average else network
    step_model.train()
    with tqdm(total=steps, initial=first, unit="step", disable=settings.rank > 0, dynamic_ncols=True) as bar:
        for step, batch in enumerate(loader, start=first):
            torch.manual_seed(stable_seed(settings.seed, "step", step, settings.rank))
            rate = learning_rate(recipe, step, steps=steps, per_epoch=per_epoch)
            for group in optimiser.param_groups:
                group["lr"] = rate * group["factor"]
            totals.add(take_step(step_model, optimiser, batch, recipe, settings))
            if average:
                average.update_parameters(network)
            _report(bar, totals, rate, recipe.batch)
            ends_epoch = (step + 1) % per_epoch == 0
            if ends_epoch and settings.rank == 0:
                line = totals.line(recipe, step=step + 1, rate=rate, epoch=(step + 1) // per_epoch)
                _log(log, line | ({"AP": measure(unfolded_state(result))} if measure else {}))
            if ends_epoch:
                totals = EpochTotals(time.perf_counter())
            now = time.monotonic()
            stops, due = now >= ends_at, now >= saved_at + SAVE_EVERY
            if settings.rank == 0 and (ends_epoch or stops or due):
                # After the log: a run that is killed while it measures comes back to this epoch's line.
                save_progress(last, network, optimiser, step=step + 1, facts=settings.facts, average=average)
                saved_at = now
            if stops and step + 1 < steps:
                return None
    if settings.rank == 0:
        write_state(unfolded_state(result), final, facts=settings.facts)
    return final


def _log(log: Path, line: dict[str, object]) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def _keep_lines(log: Path, *, step: int) -> None:
    """Drop what the log says of epochs after `step`: they are about to be trained again."""
    if not log.exists():
        return
    lines = log.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.endswith("\n") and json.loads(line)["step"] <= step]
    if kept != lines:
        write_whole(log, "".join(kept))


def _report(bar: tqdm, totals: EpochTotals, rate: float, batch: int) -> None:
    seconds = time.perf_counter() - totals.started
    parts = {name.removeprefix("loss_"): f"{value:.3f}" for name, value in totals.means().items()}
    bar.set_postfix(
        parts | {"lr": f"{rate:.5f}", "img/s": f"{totals.steps * batch / seconds:.2f}"}, refresh=False
    )
    bar.update()


def describe(recipe: Recipe) -> dict[str, object]:
    """A recipe as plain data for the files that a run writes."""
    return asdict(recipe)
