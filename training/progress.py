"""What a run learns with, and how that comes back after a stop: weights, their average, the optimiser.

Files keep the names of a network whose norms are not folded.
"""

import json
from collections import defaultdict
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from pedviz.errors import CheckpointError, PedvizError
from pedviz.models.compact import MODEL, write_state
from pedviz.models.fold import load_unfolded, unfolded_state
from training.recipes import Recipe
from training.step import learning_rate_factors

AVERAGE, AVERAGED = "average.", "averaged"  # before the averaged weights; how many times they were updated
OPTIMISER = "optimiser."  # before what the optimiser remembers of a weight: optimiser.KEY.NAME
ADAMW_BETA2 = 0.999
LARGEST_WEIGHT = 1e6  # far beyond any weight of a network that detects something


class RuinedWeightsError(PedvizError):
    """Weights that a step has thrown beyond use."""


def save_progress(
    path: Path, model: nn.Module, optimiser: Optimizer, *, step: int, facts: dict,
    average: AveragedModel | None = None,
) -> None:  # fmt: skip
    """Write weights, their moving average, the optimiser's state and the next step in one atomic move.

    Raises:
        CheckpointError: they cannot be stored there.
        RuinedWeightsError: they are of no use; the file of an earlier step stays as it is.
    """
    for name, weight in model.named_parameters():
        if not weight.detach().abs().max() < LARGEST_WEIGHT:  # not a number is not smaller
            raise RuinedWeightsError(
                f"step {step} ruined the weights ({name}): {path.name} still holds those of an earlier step; "
                "lower --lr and resume"
            )
    tensors = {f"{MODEL}{name}": tensor for name, tensor in unfolded_state(model).items()}
    if average:
        tensors |= {f"{AVERAGE}{name}": t for name, t in unfolded_state(average.module).items()}
        tensors[AVERAGED] = average.n_averaged
    names = _learning(model, optimiser)
    for place, state in optimiser.state_dict()["state"].items():
        tensors |= {f"{OPTIMISER}{key}.{names[place]}": t for key, t in state.items() if t is not None}
    write_state(tensors, path, facts={**facts, "step": step})


def load_progress(
    path: Path, model: nn.Module, optimiser: Optimizer, *, average: AveragedModel | None = None
) -> int:
    """Put back what `save_progress` wrote; returns the next step's number.

    Raises:
        CheckpointError: it is not what that wrote, or of another network.
    """
    places = {name: place for place, name in _learning(model, optimiser).items()}
    weights = dict(model.named_parameters())
    states: dict[int, dict[str, Tensor]] = defaultdict(dict)
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
            step = json.loads(file.metadata()["pedviz"])["step"]
        load_unfolded(model, _under(MODEL, tensors))
        if average:
            load_unfolded(average.module, _under(AVERAGE, tensors))
            average.n_averaged.copy_(tensors[AVERAGED])
        for full, tensor in tensors.items():
            if full.startswith(OPTIMISER):
                key, _, name = full.removeprefix(OPTIMISER).partition(".")
                # A fused step goes through memory: what belongs to a weight must lie as the weight does.
                same = tensor.shape == weights[name].shape
                states[places[name]][key] = torch.empty_like(weights[name]).copy_(tensor) if same else tensor
    except (SafetensorError, OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise CheckpointError(
            f"{path} cannot be resumed ({type(error).__name__}); delete it to begin this run again"
        ) from error
    optimiser.load_state_dict({**optimiser.state_dict(), "state": dict(states)})
    return step


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): t for name, t in tensors.items() if name.startswith(prefix)}


def _learning(model: nn.Module, optimiser: Optimizer) -> dict[int, str]:
    """The place of every weight among those of the optimiser, to its name."""
    names = {weight: name for name, weight in model.named_parameters()}
    listed = (weight for group in optimiser.param_groups for weight in group["params"])
    return {place: names[weight] for place, weight in enumerate(listed) if weight in names}


def make_optimiser(model: nn.Module, recipe: Recipe) -> Optimizer:
    """The recipe's optimiser over the weights that learn, a group for each `factor` of the rate.

    A step is one pass over a weight and what is remembered of it (`fused`).
    """
    weights = dict(model.named_parameters())
    groups: dict[float, list[Tensor]] = defaultdict(list)
    for name, factor in learning_rate_factors(model, recipe.layer_decay).items():
        groups[factor].append(weights[name])
    listed = [{"params": group, "factor": factor} for factor, group in groups.items()]
    lr, decay = recipe.lr, recipe.weight_decay
    if recipe.optimiser == "adamw":
        betas = (recipe.momentum, ADAMW_BETA2)
        return torch.optim.AdamW(listed, lr, betas=betas, weight_decay=decay, fused=True)
    return torch.optim.SGD(listed, lr, momentum=recipe.momentum, weight_decay=decay, fused=True)


def make_average(model: nn.Module, recipe: Recipe) -> AveragedModel | None:
    """The exponential moving average of the weights, where the recipe wants one.

    Source: torch.optim.swa_utils; Tarvainen and Valpola, Mean teachers, NeurIPS 2017.
    """
    if not recipe.ema:
        return None
    return AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(recipe.ema))
