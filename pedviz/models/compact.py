"""Weights in few bytes: safetensors with 8 or 4 bits a weight, never a pickle.

A tensor of two or more dimensions is stored as int8 with one float32 scale per output channel
(`name` and `name::scale`); a small one as float16, because eight bits in depthwise convolutions cost AP and
save next to nothing. The few layers named by the caller are stored with 4 bits, in groups of 64
weights with one float16 scale each (`name::int4` and `name::scale4`). Everything else stays float32.
O counts output channels, G groups.
"""

import json
import math
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from pedviz.errors import CheckpointError, reason_of
from pedviz.paths import write_whole

INT8_LIMIT, INT4_LIMIT, INT4_OFFSET, GROUP = 127, 7, 8, 64
SMALL = 100_000  # weights
MOST_BYTES = 2**31  # of a file; a run's checkpoint with its optimiser's state has less than 1 GB
SCALE, INT4, SCALE4 = "::scale", "::int4", "::scale4"
MODEL = "model."  # before the weights in the checkpoint of a run that goes on, beside its optimiser's state
# A group's largest weight need not be exact: scales a little smaller than the largest are tried too,
# and the one with the smallest squared error is kept.
INT4_SHRINK_STEPS = torch.linspace(0.7, 1.0, 13)


def _to_int8(weight: Tensor) -> tuple[Tensor, Tensor]:
    """(O, ...) float -> (O, ...) int8 and (O,) float32 scale."""
    rows = weight.detach().float().flatten(1)
    scale = rows.abs().amax(dim=1).clamp(min=1e-12) / INT8_LIMIT  # (O,)
    codes = (rows / scale[:, None]).round().clamp(-INT8_LIMIT, INT8_LIMIT)
    return codes.to(torch.int8).view(weight.shape), scale


def _from_int8(codes: Tensor, scale: Tensor) -> Tensor:
    return (codes.flatten(1).float() * scale[:, None]).view(codes.shape)


def _to_int4(weight: Tensor) -> tuple[Tensor, Tensor]:
    """(O, ...) float -> (O * G, 32) uint8, two weights a byte, and (O * G,) float16 scale."""
    groups = weight.detach().float().reshape(-1, GROUP)  # (O * G, 64)
    largest = groups.abs().amax(dim=1).clamp(min=1e-6) / INT4_LIMIT  # (O * G,)
    best_error = torch.full_like(largest, math.inf)
    best_scale = largest.clone()
    for shrink in INT4_SHRINK_STEPS:
        scale = (largest * shrink).half().float()
        codes = (groups / scale[:, None]).round().clamp(-INT4_LIMIT, INT4_LIMIT)
        error = (codes * scale[:, None] - groups).square().sum(dim=1)
        better = error < best_error
        best_error = torch.where(better, error, best_error)
        best_scale = torch.where(better, scale, best_scale)
    codes = (groups / best_scale[:, None]).round().clamp(-INT4_LIMIT, INT4_LIMIT) + INT4_OFFSET
    codes = codes.to(torch.uint8)
    return codes[:, 0::2] | (codes[:, 1::2] << 4), best_scale.half()


def _from_int4(packed: Tensor, scale: Tensor, shape: torch.Size) -> Tensor:
    codes = torch.stack([packed & 15, packed >> 4], dim=2).flatten(1).float() - INT4_OFFSET  # (O * G, 64)
    return (codes * scale.float()[:, None]).view(shape)


def _encode(name: str, tensor: Tensor, four_bit: Collection[str]) -> Iterator[tuple[str, Tensor]]:
    if name in four_bit:
        packed, scale = _to_int4(tensor)
        yield from ((name + INT4, packed), (name + SCALE4, scale))
    elif tensor.ndim >= 2 and tensor.numel() < SMALL:
        yield name, tensor.detach().half()
    elif tensor.ndim >= 2:
        codes, scale = _to_int8(tensor)
        yield from ((name, codes), (name + SCALE, scale))
    else:
        yield name, tensor.detach().float().contiguous()


def save_compact(
    state: dict[str, Tensor], path: Path, *, metadata: dict[str, object], four_bit: Collection[str] = ()
) -> None:
    """Write `state` in few bytes.

    Args:
        state: a network's state dict.
        path: the file.
        metadata: JSON-able facts kept in the file's header (spec id, norm, hidden, run id).
        four_bit: names of tensors to keep at 4 bits; their size must be a multiple of 64.

    Raises:
        CheckpointError: it cannot be stored there.
    """
    tensors = dict(pair for name, tensor in state.items() for pair in _encode(name, tensor, four_bit))
    shapes = {name: list(state[name].shape) for name in four_bit}
    write_state(tensors, path, facts={**metadata, "shapes": shapes})


def write_state(tensors: dict[str, Tensor], path: Path, *, facts: dict[str, object]) -> None:
    """Write tensors as safetensors, in one step and with the rights of any new file.

    Args:
        tensors: by name.
        path: the file; written beside itself first and then renamed, so it is never half a file.
        facts: JSON-able, kept in the file's header.

    Raises:
        CheckpointError: it cannot be stored there.
    """
    content = save(
        {name: tensor.contiguous() for name, tensor in tensors.items()},
        metadata={"pedviz": json.dumps(facts, sort_keys=True)},
    )
    try:
        write_whole(path, content)  # safetensors' own writer makes files that their owner alone can read
    except OSError as error:
        raise CheckpointError(
            f"{path.name} cannot be stored in {path.parent}: {reason_of(error)}; make room there, "
            "or allow writing"
        ) from error


def load_state(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Read a weight file, compact or plain, back to float32; of the checkpoint of a run its weights alone.

    Returns:
        The state dict and the facts from the file's header (empty for a file of another project).

    Raises:
        CheckpointError: it is not a safetensors file, is damaged, or holds weights that are not finite.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CheckpointError(f"{path.name} is larger than {MOST_BYTES // 2**20} MB; expected weights")
        with safe_open(path, framework="pt") as file:
            facts = json.loads((file.metadata() or {}).get("pedviz", "{}"))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
    except (SafetensorError, OSError, ValueError, RecursionError) as error:
        raise CheckpointError(
            f"{path.name} is not a readable safetensors file: {reason_of(error)}"
        ) from error
    if not isinstance(facts, dict):
        raise CheckpointError(f"{path.name} is damaged: what its header says of it is not an object")
    weights = {name.removeprefix(MODEL): t for name, t in tensors.items() if name.startswith(MODEL)}
    try:
        state = dict(_decode(weights or tensors, facts))
    except (KeyError, TypeError, ValueError, RuntimeError, IndexError) as error:
        raise CheckpointError(
            f"{path.name} is damaged: codes, scales and shapes of its weights do not belong together"
        ) from error
    ruined = next((name for name, tensor in state.items() if not torch.isfinite(tensor).all()), None)
    if ruined is not None:
        raise CheckpointError(f"{path.name} is ruined: {ruined} holds weights that are not finite")
    return state, facts


def _decode(tensors: dict[str, Tensor], facts: dict[str, Any]) -> Iterator[tuple[str, Tensor]]:
    for name, tensor in tensors.items():
        if name.endswith((SCALE, SCALE4)):
            continue
        if name.endswith(INT4):
            plain = name.removesuffix(INT4)
            yield plain, _from_int4(tensor, tensors[plain + SCALE4], torch.Size(facts["shapes"][plain]))
        elif name + SCALE in tensors:
            yield name, _from_int8(tensor, tensors[name + SCALE])
        else:
            yield name, tensor.float()
