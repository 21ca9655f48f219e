"""Oracle: torchvision's own pooling, forwards and gradients."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torchvision.ops import MultiScaleRoIAlign

from pedviz.models.pooling import pool_regions
from tests.gradients import with_gradients

SIZES = [(100, 140), (96, 120)]
EDGES = torch.tensor(
    [
        [-30.0, -20.0, 10.0, 5.0],  # beginning outside
        [130.0, 90.0, 300.0, 300.0],  # ending far outside
        [40.0, 40.0, 40.0, 40.0],  # a point
        [0.0, 0.0, 140.0, 100.0],  # everything
        [3.2, 4.7, 9.1, 60.3],
    ]
)


def _regions(generator: torch.Generator) -> list[Tensor]:
    ends = torch.rand(2, 20, 2, generator=generator) * torch.tensor([120.0, 96.0])
    return [EDGES, torch.cat([ends.amin(dim=0), ends.amax(dim=0)], dim=1)]


def _maps(strides: tuple[int, ...], generator: torch.Generator) -> dict[str, Tensor]:
    return {
        str(place): torch.randn(2, 6, 100 // stride, 140 // stride, generator=generator).to(
            memory_format=torch.channels_last
        )
        for place, stride in enumerate(strides)
    }


@pytest.mark.parametrize("nobody", [False, True], ids=["both images", "nobody in the first"])
@pytest.mark.parametrize("samples", [1, 2])
@pytest.mark.parametrize("strides", [(4, 8, 20), (20,)], ids=["pyramid", "one map"])
def test_regions_are_pooled_as_by_torchvision(strides, samples, nobody):
    generator = torch.Generator().manual_seed(0)
    maps, regions = _maps(strides, generator), _regions(generator)
    regions = [regions[0][:0], regions[1]] if nobody else regions
    inputs = [level.requires_grad_() for level in maps.values()]
    plain, ours = (MultiScaleRoIAlign(list(maps), (3, 5), samples) for _ in range(2))
    torch.testing.assert_close(
        with_gradients(pool_regions(ours, maps, boxes=regions, sizes=SIZES), inputs),
        with_gradients(plain(maps, regions, SIZES), inputs),
    )


def test_pooled_bfloat16_is_summed_in_float32():
    generator = torch.Generator().manual_seed(0)
    maps, regions = _maps((4, 8), generator), _regions(generator)
    half = {name: level.bfloat16() for name, level in maps.items()}
    pool = MultiScaleRoIAlign(list(maps), 3, 2)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(pool_regions(pool, half, boxes=regions, sizes=SIZES), pool(half, regions, SIZES))


ENDS = st.tuples(*[st.floats(-300, 300, width=32)] * 2).map(sorted)
BOXES = st.lists(st.tuples(ENDS, ENDS), max_size=6).map(
    lambda boxes: torch.tensor([(x1, y1, x2, y2) for (x1, x2), (y1, y2) in boxes]).view(-1, 4)
)


@settings(max_examples=60, deadline=None)
@given(
    boxes=BOXES, rows=st.integers(1, 6), columns=st.integers(1, 6), bins=st.integers(1, 4),
    samples=st.integers(1, 3), levels=st.integers(1, 3),
)  # fmt: skip
def test_any_box_on_any_map_is_pooled_as_by_torchvision(boxes, rows, columns, bins, samples, levels):
    size = (rows * 4 * 2**levels, columns * 4 * 2**levels)
    generator = torch.Generator().manual_seed(rows + 7 * columns)
    maps = {
        str(level): torch.randn(
            1, 3, size[0] // (4 * 2**level), size[1] // (4 * 2**level), generator=generator
        )
        for level in range(1, levels + 1)
    }
    plain, ours = (MultiScaleRoIAlign(list(maps), bins, samples) for _ in range(2))
    expected = plain(maps, [boxes], [size])
    torch.testing.assert_close(
        pool_regions(ours, maps, boxes=[boxes], sizes=[size]), expected, atol=1e-4, rtol=1e-4
    )
