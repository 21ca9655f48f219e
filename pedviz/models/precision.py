"""Convolutions and matrix products in bfloat16, where the processor has instructions for it.

bfloat16 keeps float32's range and 8 of its 24 bits. Sums are taken in float32. Everything between the heavy
parts stays in float32: anchors, boxes, scores and suppression, where a rounded coordinate would be off by
pixels, and the layer that makes a box's score and its corrections.
"""

from typing import Any

import torch
from torch import Tensor, nn

# Whether only other heavy parts, and RoIAlign, which sums in float32 anyway, read what a heavy part makes.
HEAVY = {
    "backbone": True, "rpn.head": False, "roi_heads.box_head": False, "roi_heads.mask_head": True,
    "roi_heads.mask_predictor": False,
}  # fmt: skip


def fastest_dtype() -> torch.dtype:
    """bfloat16 on a processor that multiplies in it (AVX-512 BF16, AMX), else float32."""
    able = torch.cpu.get_capabilities()
    return torch.bfloat16 if able.get("avx512_bf16") or able.get("amx_bf16") else torch.float32


def compute_in(network: nn.Module, dtype: torch.dtype) -> nn.Module:
    """Let the heavy parts of `network` compute in `dtype`, in place.

    What one heavy part makes for another stays as it is; what the rest reads is float32.

    Args:
        network: from `pedviz.models.build.build`, with weights in float32.
        dtype: torch.bfloat16 or torch.float32, which changes nothing.

    Returns:
        `network`.
    """
    if dtype == torch.float32:
        return network
    modules = dict(network.named_modules())
    for name, read_by_heavy in HEAVY.items():
        if name not in modules:
            continue
        part = modules[name].to(dtype)
        part.register_forward_pre_hook(lambda part, values: _to(values, next(part.parameters()).dtype))
        if not read_by_heavy:
            part.register_forward_hook(lambda _part, _values, made: _to(made, torch.float32))
    return network


def _to(values: Any, dtype: torch.dtype) -> Any:
    """Every tensor of `values`, itself or in lists of any depth, as `dtype`."""
    if isinstance(values, Tensor):
        return values.to(dtype)
    return type(values)(_to(value, dtype) for value in values)
