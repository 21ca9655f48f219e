"""Convolutions and matrix products in bfloat16, where the processor has instructions for it.

bfloat16 keeps float32's range and 8 of its 24 bits. Sums are taken in float32. Everything between the heavy
parts stays in float32: anchors, boxes, scores and suppression, where a rounded coordinate would be off by
pixels, and the layer that makes a box's score and its corrections.
"""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

HEAVY = ("backbone", "rpn.head", "roi_heads.box_head", "roi_heads.mask_head", "roi_heads.mask_predictor")


def fastest_dtype() -> torch.dtype:
    """bfloat16 on a processor that multiplies in it (AVX-512 BF16, AMX), else float32."""
    able = torch.cpu.get_capabilities()
    return torch.bfloat16 if able.get("avx512_bf16") or able.get("amx_bf16") else torch.float32


def compute_in(network: nn.Module, dtype: torch.dtype) -> nn.Module:
    """Let the heavy parts of `network` compute in `dtype`, in place; their inputs and outputs stay float32.

    Args:
        network: from `pedviz.models.build.build`, with weights in float32.
        dtype: torch.bfloat16 or torch.float32, which changes nothing.

    Returns:
        `network`.
    """
    if dtype == torch.float32:
        return network
    modules = dict(network.named_modules())
    for part in (modules[name] for name in HEAVY if name in modules):
        part.to(dtype)
        part.register_forward_pre_hook(lambda part, values: _to(values, next(part.parameters()).dtype))
        part.register_forward_hook(lambda _part, _values, made: _to(made, torch.float32))
    return network


def _to(values: Any, dtype: torch.dtype) -> Any:
    """Every tensor of `values`, itself or in lists and mappings of any depth, as `dtype`, channels first.

    RoIAlign reads channels first. In this order the copy is made once, not once for boxes and once for masks.
    """
    if isinstance(values, Tensor):
        return values.to(dtype, memory_format=torch.contiguous_format)
    if isinstance(values, Mapping):
        return OrderedDict((name, _to(value, dtype)) for name, value in values.items())
    return type(values)(_to(value, dtype) for value in values)
