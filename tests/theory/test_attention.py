"""Oracles: exact fractions, torch's scaled dot product attention, numbers that count their products."""

from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from pedviz.theory.attention import (
    EXAMPLE_VECTORS,
    as_fractions,
    crossings,
    exceeds_itself,
    gram,
    lengths,
    linear_attention,
    linear_row_states,
    linear_weights,
    mixtures,
    softmax_weights,
)

EXACT = as_fractions(EXAMPLE_VECTORS)
HALF, FIFTH = Fraction(1, 2), Fraction(1, 5)
whole_matrices = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(-4, 4), min_size=width, max_size=width), min_size=1, max_size=5
    )
)


def test_the_report_gets_its_dot_products_and_its_linear_weights_exactly():
    similarities = gram(EXACT)
    assert similarities.tolist() == [[5, 2, 3], [2, 2, 0], [3, 0, 10]]
    assert linear_weights(similarities).tolist() == [
        [HALF, FIFTH, Fraction(3, 10)],
        [HALF, HALF, 0],
        [Fraction(3, 13), 0, Fraction(10, 13)],
    ]
    np.testing.assert_allclose(lengths(similarities), np.sqrt([5, 2, 10]))


@pytest.mark.parametrize("alpha", [Fraction(1, 3), Fraction(7, 2)], ids=str)
def test_linear_weights_ignore_alpha_and_softmax_weights_do_not(alpha):
    scaled = gram(EXACT * alpha)
    assert (scaled == gram(EXACT) * alpha**2).all()
    assert (linear_weights(scaled) == linear_weights(gram(EXACT))).all()
    assert not np.allclose(softmax_weights(scaled), softmax_weights(gram(EXACT)), atol=1e-3)


@given(whole_matrices)
def test_linear_weights_are_within_0_and_1_exactly_where_the_state_says_so(numbers):
    similarities = as_fractions(numbers)
    for row, state in zip(similarities, linear_row_states(similarities), strict=True):
        if state == "undefined":
            with pytest.raises(ValueError, match="row 0 sums to 0, so its linear weights do not exist"):
                linear_weights(row[None])
            continue
        weights = linear_weights(row[None])[0]
        assert weights.sum() == 1
        assert (state == "proper") == all(0 <= weight <= 1 for weight in weights)


def test_floats_and_fractions_give_the_same_weights_and_mixtures():
    floats = np.array(EXAMPLE_VECTORS, dtype=float)
    exact = mixtures(linear_weights(gram(EXACT)), EXACT)
    np.testing.assert_allclose(mixtures(linear_weights(gram(floats)), floats), exact.astype(float))


def test_softmax_attention_equals_torch():
    random = np.random.default_rng(0)
    for _ in range(50):
        queries, keys = random.normal(size=(5, 8)), random.normal(size=(7, 8))
        values = random.normal(size=(7, 3))
        expected = functional.scaled_dot_product_attention(*map(torch.tensor, (queries, keys, values)))
        weights = softmax_weights(queries @ keys.T, dimension=8)
        np.testing.assert_allclose(mixtures(weights, values), expected.numpy(), atol=1e-12)


def test_softmax_without_scaling_equals_torch_with_scale_one():
    vectors = np.array(EXAMPLE_VECTORS, dtype=float)
    expected = functional.scaled_dot_product_attention(*[torch.tensor(vectors)] * 3, scale=1.0)
    np.testing.assert_allclose(mixtures(softmax_weights(gram(vectors)), vectors), expected.numpy())


@given(st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), min_size=2, max_size=4))
def test_a_cross_similarity_exceeds_a_self_similarity_of_its_pair_only_as_the_condition_says(numbers):
    vectors = as_fractions(numbers)
    similarities = gram(vectors)
    found = {(c.first, c.second, c.itself) for c in crossings(similarities)}
    squared = np.diagonal(similarities)
    for i, j in permutations(range(len(vectors)), 2):
        if not squared[i] or not squared[j]:
            continue
        ratio = np.sqrt(float(squared[i] / squared[j]))
        cosine = float(similarities[i, j]) / np.sqrt(float(squared[i] * squared[j]))
        listed = (min(i, j), max(i, j), j) in found
        if abs(ratio * cosine - 1) > 1e-9:
            assert bool(exceeds_itself(ratio, cosine)) == listed
        assert not (listed and (min(i, j), max(i, j), i) in found), "never for both of a pair"


class Counted:
    """A number that counts how often two of its kind are multiplied."""

    products = 0

    def __init__(self, value: int) -> None:
        self.value = value

    def __mul__(self, other: "Counted") -> "Counted":
        Counted.products += 1
        return Counted(self.value * other.value)

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(self.value + other.value)


@pytest.mark.parametrize("order", ["scores_first", "summary_first"])
def test_operation_counts_are_those_that_numbers_count_themselves(order):
    random = np.random.default_rng(1)
    for n, m, d, e in product((1, 4), (2, 5), (1, 3), (2, 6)):
        parts = [random.integers(-5, 5, size) for size in ((n, d), (m, d), (m, e))]
        queries, keys, values = (np.frompyfunc(Counted, 1, 1)(part) for part in parts)
        Counted.products = 0
        found = linear_attention(queries, keys, values=values, order=order)
        assert found.multiplications == Counted.products
        result = np.frompyfunc(lambda counted: counted.value, 1, 1)(found.result).astype(int)
        np.testing.assert_array_equal(result, parts[0] @ parts[1].T @ parts[2])


def test_both_orders_agree_exactly_and_a_column_of_ones_brings_the_row_sums():
    values = np.hstack([EXACT, as_fractions([[1], [1], [1]])])
    scores, summary = (
        linear_attention(EXACT, EXACT, values=values, order=order)
        for order in ("scores_first", "summary_first")
    )
    assert (scores.result == summary.result).all()
    assert scores.result[:, -1].tolist() == gram(EXACT).sum(axis=1).tolist()
    normalised = summary.result[:, :-1] / summary.result[:, -1:]
    assert (normalised == mixtures(linear_weights(gram(EXACT)), EXACT)).all()
