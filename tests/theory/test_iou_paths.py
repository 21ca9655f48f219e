"""Oracles: difference quotients along the path, torch's own optimiser."""

from fractions import Fraction

import numpy as np
import pytest
import torch
from torchvision import ops

from pedviz.theory.iou_losses import LOSS_KINDS, box_loss, directional_slopes
from pedviz.theory.iou_paths import descend, kinks_along, straight_path

TARGET = np.array([20.0, 4.0, 30.0, 16.0])
PATHS = [
    pytest.param([0, 0, 8, 8], [50, 3, 58, 11], id="across"),
    pytest.param([0, 5, 5, 9], [45, 5, 50, 9], id="through-containment"),
    pytest.param([20, 4, 30, 16], [40, 30, 45, 42], id="away-from-identity"),
    pytest.param([5, 0, 45, 20], [24, 9, 26, 11], id="shrinking-into-it"),
]


def test_a_straight_path_has_both_ends_and_even_steps():
    path = straight_path(np.zeros(4), np.array([4.0, 8, 12, 16]), points=5)
    np.testing.assert_allclose(np.diff(path, axis=0), np.tile([1.0, 2, 3, 4], (4, 1)))


@pytest.mark.parametrize(("start", "end"), PATHS)
@pytest.mark.parametrize("kind", [kind for kind in LOSS_KINDS if kind != "ciou"])
def test_the_loss_bends_at_the_kinks_and_nowhere_else(start, end, kind):
    start, end = np.array(start, float), np.array(end, float)
    kinks = kinks_along(start, end, target_xyxy=TARGET, kind=kind)
    assert len(kinks.at), "each of these paths passes an edge of the target"
    count = 20_001
    losses = box_loss(straight_path(start, end, points=count), TARGET[None], kind=kind)[:, 0]
    bend = np.abs(np.diff(losses, 2)) * (count - 1)  # jump of the slope over one step
    places = np.linspace(0, 1, count)[1:-1]
    distance = np.abs(places[:, None] - kinks.at[None]).min(axis=1)
    assert bend[distance > 2 / count].max() < 0.01
    for at, before, after in zip(kinks.at, kinks.slope_before, kinks.slope_after, strict=True):
        nearby = bend[np.abs(places - at) <= 2 / count].sum()
        assert nearby == pytest.approx(abs(after - before), rel=0.05, abs=0.005)


def test_kinks_lie_on_the_path_in_order_with_their_one_sided_slopes():
    start, end = np.array([0.0, 5, 5, 9]), np.array([45.0, 5, 50, 9])
    kinks = kinks_along(start, end, target_xyxy=TARGET, kind="iou")
    np.testing.assert_allclose(kinks.at, [15 / 45, 20 / 45, 25 / 45, 30 / 45])
    np.testing.assert_allclose(kinks.boxes_xyxy, start + kinks.at[:, None] * (end - start), atol=1e-9)
    assert kinks.slope_before[0] == 0 == kinks.slope_after[-1]  # flat before touching and after leaving
    assert kinks.slope_after[1] == 0 == kinks.slope_before[2]  # flat while contained
    step = (end - start)[None]
    forward = directional_slopes(kinks.boxes_xyxy, TARGET[None], directions=step, kind="iou")[:, 0, 0]
    np.testing.assert_allclose(kinks.slope_after, forward, atol=1e-6)


@pytest.mark.parametrize("kind", LOSS_KINDS)
def test_edges_that_are_level_at_once_on_paper_make_one_kink(kind):
    generator = np.random.default_rng(0)
    for _ in range(300):
        x, y, width, height, across = (int(number) for number in generator.integers(1, 400, 5))
        start, target = (np.array([left, y, left + width, y + height]) for left in (x, x + across))
        # In tenths of a pixel, where left and right edges meet the target's a rounding error apart.
        kinks = kinks_along(start / 10, (2 * target - start) / 10, target_xyxy=target / 10, kind=kind)
        apart = {Fraction(width, 2 * across), Fraction(0)}
        exact = sorted(Fraction(1, 2) + side * shift for shift in apart for side in (-1, 1))
        places = [float(place) for place in dict.fromkeys(exact) if 0 < place < 1]
        assert len(kinks.at) <= len(places)
        assert np.abs(kinks.at[:, None] - places).min(axis=1).max() < 1e-9
        assert np.count_nonzero(np.abs(kinks.at - 0.5) < 1e-9) == 1  # on top of each other


def test_a_path_that_passes_no_edge_has_no_kink():
    kinks = kinks_along(np.array([0.0, 0, 5, 3]), np.array([10.0, 0, 15, 3]), target_xyxy=TARGET, kind="giou")
    assert len(kinks.at) == 0


@pytest.mark.parametrize(
    ("kind", "oracle"),
    [
        pytest.param("giou", ops.generalized_box_iou_loss, id="giou"),
        pytest.param("diou", ops.distance_box_iou_loss, id="diou"),
        pytest.param("ciou", ops.complete_box_iou_loss, id="ciou"),
    ],
)
def test_descent_walks_the_way_of_torchs_own_optimiser(kind, oracle):
    start = np.array([0.0, 0, 13, 8])
    box = torch.tensor(start[None], requires_grad=True)
    optimiser = torch.optim.SGD([box], lr=20.0)
    path = [start]
    for _ in range(40):
        optimiser.zero_grad()
        oracle(box, torch.tensor(TARGET[None])).sum().backward()
        optimiser.step()
        path.append(box.detach().numpy()[0].copy())
    ours = descend(start, TARGET, kind=kind, steps=40, rate=20.0)
    np.testing.assert_allclose(ours, np.stack(path), atol=1e-3)
    losses = box_loss(ours, TARGET[None], kind=kind)[:, 0]
    assert losses[-1] < losses[0] - 0.3


def test_the_iou_loss_alone_leaves_a_box_apart_where_it_is():
    start = np.array([0.0, 0, 8, 8])
    for kind in LOSS_KINDS:
        moved = not np.array_equal(descend(start, TARGET, kind=kind, steps=5, rate=20.0)[-1], start)
        assert moved == (kind != "iou"), kind


def test_edges_that_overtake_each_other_meet_in_the_middle():
    path = descend(np.array([0.0, 0, 8, 8]), TARGET, kind="giou", steps=60, rate=2000.0)
    assert (path[:, :2] <= path[:, 2:]).all()


def test_no_steps_leave_the_start():
    np.testing.assert_array_equal(descend(TARGET, TARGET, kind="iou", steps=0, rate=1.0), [TARGET])
