"""Attention with numbers small enough to follow by hand.

n vectors of d coordinates attend to each other. A similarity is a dot product; weights made of similarities
mix the vectors. Every function that only adds, multiplies and divides keeps exact fractions exact: give it
`as_fractions(...)` instead of floats.

The worked example of all that follows, on four axes p, q, r, s that stand at right angles and have length
alpha (1 here; lengths grow with alpha, dot products with alpha squared):

>>> z = as_fractions(EXAMPLE_VECTORS)  # z1 = p + 2q, z2 = r + q, z3 = s + 3p
>>> gram(z).astype(int)
array([[ 5,  2,  3],
       [ 2,  2,  0],
       [ 3,  0, 10]])
>>> [str(weight) for weight in linear_weights(gram(z))[2]]
['3/13', '0', '10/13']
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from pedviz.theory.activations import softmax

EXAMPLE_VECTORS = ((1, 2, 0, 0), (0, 1, 1, 0), (3, 0, 0, 1))

RowState = Literal["proper", "outside", "undefined"]
Order = Literal["scores_first", "summary_first"]


def as_fractions(numbers: object) -> np.ndarray:
    """Numbers that are never rounded.

    Args: numbers, nested sequences or an array of int, Fraction, or float (taken at its exact value).
    Returns: an array of the same shape, dtype object, of Fraction.
    Source: fractions.Fraction of the standard library.

    >>> as_fractions([1, 2])[0] / 3
    Fraction(1, 3)
    """
    exact = np.array(numbers, dtype=object)
    return np.frompyfunc(Fraction, 1, 1)(exact)


def gram(vectors: np.ndarray) -> np.ndarray:
    """Every dot product of every vector with every vector.

    Args: vectors, (n, d), float or exact.
    Returns: (n, n), symmetric; the diagonal holds the squared lengths.
    Source: z_i . z_j.

    >>> gram(np.array(EXAMPLE_VECTORS))[0]
    array([5, 2, 3])
    """
    return vectors @ vectors.T


def lengths(gram_matrix: np.ndarray) -> np.ndarray:
    """The length of each vector.

    Args: gram_matrix, (n, n).
    Returns: (n,) float64 >= 0.
    Source: |z| = sqrt(z . z).

    >>> lengths(gram(np.array(EXAMPLE_VECTORS))) ** 2
    array([ 5.,  2., 10.])
    """
    return np.sqrt(np.diagonal(gram_matrix).astype(np.float64))


def linear_row_states(similarities: np.ndarray) -> tuple[RowState, ...]:
    """What becomes of each row when it is divided by its sum.

    Args: similarities, (n, m).
    Returns: per row "proper" (weights within [0, 1]), "outside" (a similarity is against the others, so
        some weight is below 0 and then another above what is left), or "undefined" (the sum is 0).
    Source: w_ij = s_ij / sum_k s_ik is within [0, 1] for all j exactly if no two s_ij have opposite signs.

    >>> linear_row_states(np.array([[5, 2, 3], [2, -1, 0], [1, -1, 0], [-1, -3, 0]]))
    ('proper', 'outside', 'undefined', 'proper')
    """
    return tuple(
        "undefined" if row.sum() == 0 else "outside" if row.min() < 0 < row.max() else "proper"
        for row in similarities
    )


def linear_weights(similarities: np.ndarray) -> np.ndarray:
    """Each row divided by its sum, as report A makes its weights.

    Args: similarities, (n, m), float or exact.
    Returns: (n, m), each row summing to 1; not always within [0, 1], see `linear_row_states`.
    Raises: ValueError if a row sums to 0: its weights do not exist.
    Source: report A's worked example; linear attention, Katharopoulos et al., ICML 2020.

    >>> linear_weights(np.array([[5.0, 2.0, 3.0]]))
    array([[0.5, 0.2, 0.3]])
    """
    states = linear_row_states(similarities)
    if "undefined" in states:
        raise ValueError(f"row {states.index('undefined')} sums to 0, so its linear weights do not exist")
    return similarities / similarities.sum(axis=1)[:, None]


def softmax_weights(similarities: np.ndarray, *, dimension: int | None = None) -> np.ndarray:
    """What a transformer does instead of dividing by the sum: always positive, always defined.

    Args:
        similarities: (n, m), float or exact.
        dimension: d; similarities are divided by sqrt(d) first, so that long vectors do not make one
            weight take all. None leaves them as they are.

    Returns:
        (n, m) float64, each row positive and summing to 1.

    Source: Vaswani et al., Attention is all you need, NIPS 2017, equation 1.

    >>> softmax_weights(np.array([[5.0, 2.0, 3.0]])).round(3)
    array([[0.844, 0.042, 0.114]])
    >>> softmax_weights(np.array([[5.0, 2.0, 3.0]]), dimension=4).round(3)
    array([[0.629, 0.14 , 0.231]])
    """
    scale = np.sqrt(dimension) if dimension else 1.0
    return softmax(similarities.astype(np.float64) / scale)


def mixtures(weights: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """The output of attention: each row of weights mixes the vectors.

    Args: weights, (n, m); vectors, (m, e).
    Returns: (n, e), exact if both are.
    Source: sum_j w_ij v_j.

    >>> z = as_fractions(EXAMPLE_VECTORS)
    >>> [str(x) for x in mixtures(linear_weights(gram(z)), z)[0]]  # 1/2 z1 + 1/5 z2 + 3/10 z3
    ['7/5', '6/5', '1/5', '3/10']
    """
    return weights @ vectors


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """Two different vectors that are more similar than a third (or one of them) is to itself."""

    first: int
    second: int
    itself: int


def crossings(gram_matrix: np.ndarray) -> tuple[Crossing, ...]:
    """Every cross similarity that exceeds a self similarity.

    Args: gram_matrix, (n, n).
    Returns: places with z_first . z_second > z_itself . z_itself, first < second.
    Source: report A: z1 . z3 = 3 > z2 . z2 = 2.

    >>> crossings(gram(np.array(EXAMPLE_VECTORS)))
    (Crossing(first=0, second=2, itself=1),)
    """
    count = len(gram_matrix)
    return tuple(
        Crossing(first=first, second=second, itself=itself)
        for first in range(count)
        for second in range(first + 1, count)
        for itself in range(count)
        if gram_matrix[first, second] > gram_matrix[itself, itself]
    )


def exceeds_itself(length_ratio: np.ndarray, cosine: np.ndarray) -> np.ndarray:
    """Whether a vector is more similar to another one than to itself.

    z_i . z_j > z_j . z_j holds exactly if |z_i| cos(angle) > |z_j|: the other vector's shadow is longer
    than z_j. It never holds for both of a pair, nor for vectors of equal length.

    Args: length_ratio, (...) |z_i| / |z_j| >= 0; cosine, (...) of the angle between them, in [-1, 1].
    Returns: (...) bool; as a region over both, what lies above the curve ratio = 1 / cosine.
    Source: z_i . z_j = |z_i| |z_j| cos; Cauchy-Schwarz.

    >>> exceeds_itself(np.array([2.0, 1.0, 9.0]), np.array([0.6, 1.0, 0.1]))
    array([ True, False, False])
    """
    return np.asarray(length_ratio) * np.asarray(cosine) > 1


@dataclass(frozen=True, kw_only=True, eq=False)
class OrderedProduct:
    """Q K^T V, computed in one of its two orders.

    Attributes:
        result: (n, e).
        between: the intermediate matrix: (n, m) scores, or the (d, e) summary of all keys and values.
        multiplications: how many numbers were multiplied with each other.
    """

    result: np.ndarray
    between: np.ndarray
    multiplications: int


def linear_attention(
    queries: np.ndarray, keys: np.ndarray, *, values: np.ndarray, order: Order = "scores_first"
) -> OrderedProduct:
    """Attention without softmax, whose matrices may be multiplied in either order.

    The scores first is (Q K^T) V and grows with the square of the sequence; the summary first is Q (K^T V)
    and grows with its length alone. A softmax between the two products forbids the second order. With a
    column of ones appended to `values`, the last column of the result is the sum that each row's linear
    weights are divided by.

    Args:
        queries: (n, d).
        keys: (m, d).
        values: (m, e).
        order: which product comes first.

    Returns:
        The same result either way, with its cost: n m (d + e) or d e (n + m).

    Source: Katharopoulos et al., Transformers are RNNs, ICML 2020.

    >>> z = np.array(EXAMPLE_VECTORS)
    >>> [linear_attention(z, z, values=z, order=order).multiplications
    ...  for order in ("scores_first", "summary_first")]  # short sequences gain nothing
    [72, 96]
    """
    (count, dimension), (others, width) = queries.shape, values.shape
    if order == "scores_first":
        between = queries @ keys.T  # (n, m)
        return OrderedProduct(
            result=between @ values, between=between, multiplications=count * others * (dimension + width)
        )
    between = keys.T @ values  # (d, e)
    return OrderedProduct(
        result=queries @ between, between=between, multiplications=dimension * width * (count + others)
    )
