"""Oracles: torch's losses and autograd, torchvision's RPN and mask losses."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch.nn import functional
from torchvision.models.detection.roi_heads import maskrcnn_loss
from torchvision.models.detection.rpn import RegionProposalNetwork

from pedviz.theory.losses import (
    binary_cross_entropy,
    competing_mask_loss,
    cross_entropy,
    l1,
    l2,
    log_loss,
    mask_loss,
    rpn_loss,
    smooth_l1,
)

RESIDUALS = np.concatenate([np.random.default_rng(0).normal(scale=2, size=400), [-1.0, 0.0, 1.0, 0.25]])
ZEROS = torch.zeros(len(RESIDUALS), dtype=torch.float64)


def _value_and_slope(
    loss: Callable[[torch.Tensor], torch.Tensor], at: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    tensor = torch.tensor(at, requires_grad=True)
    value = loss(tensor)
    value.sum().backward()
    return value.detach().numpy(), tensor.grad.numpy()


def _compare(ours: tuple[np.ndarray, np.ndarray], theirs: tuple[np.ndarray, np.ndarray]) -> None:
    for mine, expected in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("beta", [0.0, 1 / 9, 0.25, 1.0, 3.0])
def test_smooth_l1_and_its_slope_equal_torch(beta):
    theirs = _value_and_slope(
        lambda x: functional.smooth_l1_loss(x, ZEROS, beta=beta, reduction="none"), RESIDUALS
    )
    _compare(smooth_l1(RESIDUALS, beta=beta), theirs)


def test_l1_and_l2_and_their_slopes_equal_torch():
    _compare(
        l1(RESIDUALS), _value_and_slope(lambda x: functional.l1_loss(x, ZEROS, reduction="none"), RESIDUALS)
    )
    _compare(
        l2(RESIDUALS),
        _value_and_slope(lambda x: functional.mse_loss(x, ZEROS, reduction="none") / 2, RESIDUALS),
    )


def test_smooth_l1_meets_its_straight_pieces_without_a_kink():
    for beta in (0.1, 1.0, 2.5):
        below, above = np.nextafter(beta, 0), np.nextafter(beta, 9)
        for part in (0, 1):
            pair = smooth_l1(np.array([below, above]), beta=beta)[part]
            assert pair[0] == pytest.approx(pair[1], abs=1e-12)


def test_a_negative_beta_is_refused():
    with pytest.raises(ValueError, match="expected at least 0, got -1"):
        smooth_l1(RESIDUALS, beta=-1)


@pytest.mark.parametrize("target", [0.0, 1.0])
def test_log_loss_and_its_slope_equal_torch(target):
    probabilities = np.linspace(0.001, 0.999, 500)
    targets = torch.full((500,), target, dtype=torch.float64)
    theirs = _value_and_slope(
        lambda p: functional.binary_cross_entropy(p, targets, reduction="none"), probabilities
    )
    _compare(log_loss(probabilities, np.full(500, target)), theirs)


def test_calling_the_truth_impossible_costs_infinitely_much():
    assert log_loss(np.array([0.0, 1.0]), np.array([1, 0]))[0].tolist() == [np.inf, np.inf]
    assert log_loss(np.array([0.0, 1.0]), np.array([0, 1]))[0].tolist() == [0, 0]


def test_a_probability_outside_its_range_is_named():
    with pytest.raises(ValueError, match=r"expected \[0, 1\], got 0\.5 to 1\.5"):
        log_loss(np.array([0.5, 1.5]), np.array([1, 1]))


def test_binary_cross_entropy_equals_torch_for_soft_targets_and_huge_logits():
    logits = np.concatenate([RESIDUALS * 10, [-900.0, 900.0]])
    targets = np.random.default_rng(1).random(len(logits))
    theirs = _value_and_slope(
        lambda x: functional.binary_cross_entropy_with_logits(x, torch.tensor(targets), reduction="none"),
        logits,
    )
    _compare(binary_cross_entropy(logits, targets), theirs)


def test_cross_entropy_equals_torch():
    random = np.random.default_rng(2)
    logits, labels = random.normal(scale=30, size=(200, 5)), random.integers(0, 5, 200)
    theirs = _value_and_slope(
        lambda x: functional.cross_entropy(x, torch.tensor(labels), reduction="none"), logits
    )
    _compare(cross_entropy(logits, labels), theirs)


def _torch_rpn(sampled: np.ndarray, labels: np.ndarray) -> RegionProposalNetwork:
    counts = {"training": 10, "testing": 10}
    network = RegionProposalNetwork(None, None, 0.7, 0.3, 256, 0.5, counts, counts, 0.7)
    masks = [torch.tensor(sampled & (labels == label)) for label in (1, 0)]
    network.fg_bg_sampler = lambda _: ([masks[0]], [masks[1]])
    return network


@pytest.mark.parametrize("seed", range(5))
def test_rpn_loss_of_the_sampled_anchors_equals_torchvision(seed):
    random = np.random.default_rng(seed)
    labels = random.integers(-1, 2, 400)
    sampled = (random.random(400) < 0.4) & (labels >= 0)
    logits, codes, targets = random.normal(size=400), *random.normal(scale=0.4, size=(2, 400, 4))
    expected = _torch_rpn(sampled, labels).compute_loss(
        torch.tensor(logits)[:, None],
        torch.tensor(codes),
        [torch.tensor(labels, dtype=torch.float64)],
        [torch.tensor(targets)],
    )
    found = rpn_loss(logits[sampled], codes[sampled], labels=labels[sampled], target_codes=targets[sampled])
    assert found.objectness == pytest.approx(expected[0].item())
    assert found.boxes == pytest.approx(expected[1].item())
    assert found.total == found.objectness + found.boxes


def test_the_papers_normalisation_scales_the_box_term_alone():
    how = {"labels": np.array([1, 0]), "target_codes": np.zeros((2, 4))}
    plain = rpn_loss(np.zeros(2), np.ones((2, 4)), **how)
    papers = rpn_loss(np.zeros(2), np.ones((2, 4)), **how, balance=10.0, box_count=2400)
    assert papers.boxes == pytest.approx(plain.boxes * 2 * 10 / 2400)
    assert papers.objectness == plain.objectness


def test_an_ignored_anchor_cannot_be_sampled():
    with pytest.raises(ValueError, match=r"labelled 0 or 1, got \[-1, 1\]"):
        rpn_loss(np.zeros(2), np.zeros((2, 4)), labels=np.array([1, -1]), target_codes=np.zeros((2, 4)))


def test_mask_loss_equals_torchvision_and_its_autograd():
    random = np.random.default_rng(3)
    logits, size = random.normal(scale=3, size=(3, 28, 28)), 28
    target = (random.random((size, size)) < 0.5).astype(float)
    box = torch.tensor([[0.0, 0.0, size, size]], dtype=torch.float64)
    tensor = torch.tensor(logits[None], requires_grad=True)
    # A box as large as the map, read half a cell off by roi_align; a constant target is read as it is.
    for constant in (0.0, 1.0):
        flat = torch.full((1, size, size), constant, dtype=torch.float64)
        tensor.grad = None
        expected = maskrcnn_loss(tensor, [box], [flat], [torch.tensor([2])], [torch.tensor([0])])
        expected.backward()
        found = mask_loss(logits, flat[0].numpy(), true_class=2)
        assert found.value == pytest.approx(expected.item())
        np.testing.assert_allclose(found.slopes, tensor.grad.numpy()[0], atol=1e-12)
    plain = functional.binary_cross_entropy_with_logits(torch.tensor(logits[1]), torch.tensor(target))
    assert mask_loss(logits, target, true_class=1).value == pytest.approx(plain.item())


def test_competing_mask_loss_equals_torchs_cross_entropy():
    random = np.random.default_rng(4)
    logits, target = random.normal(scale=3, size=(4, 7, 7)), random.integers(0, 2, (7, 7))
    tensor = torch.tensor(logits[None], requires_grad=True)
    expected = functional.cross_entropy(tensor, torch.tensor(target * 3)[None])
    expected.backward()
    found = competing_mask_loss(logits, target, true_class=3)
    assert found.value == pytest.approx(expected.item())
    assert found.cells.mean() == pytest.approx(found.value)
    np.testing.assert_allclose(found.slopes, tensor.grad.numpy()[0], atol=1e-12)


def test_a_confident_other_class_hurts_only_where_classes_compete():
    logits, target = np.zeros((3, 4, 4)), np.ones((4, 4))
    louder = logits.copy()
    louder[2] = 5.0
    assert mask_loss(louder, target, true_class=1).value == mask_loss(logits, target, true_class=1).value
    assert not mask_loss(louder, target, true_class=1).slopes[2].any()
    competing = competing_mask_loss(louder, target, true_class=1)
    assert competing.value > competing_mask_loss(logits, target, true_class=1).value + 1
    assert (competing.slopes[2] > 0).all()
