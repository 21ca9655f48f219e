"""From raw network outputs to probabilities, without overflow. `...` stands for any leading axes."""

import numpy as np


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """The probability of yes, each output by itself.

    Args: logits, (...), any real.
    Returns: (...) float64 in [0, 1].
    Source: 1 / (1 + exp(-x)), with an exponent that is never positive, so that it cannot overflow.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    logits = np.asarray(logits, dtype=np.float64)
    shrunk = np.exp(-np.abs(logits))
    return np.where(logits >= 0, 1.0, shrunk) / (1 + shrunk)


def softmax(scores: np.ndarray) -> np.ndarray:
    """Shares of 1 among the last axis: the larger a score, the larger its share.

    Args: scores, (..., C), any real.
    Returns: (..., C) float64 in [0, 1], each last axis summing to 1.
    Source: exp(s_i) / sum_j exp(s_j); subtracting the maximum first changes nothing but avoids overflow.

    >>> softmax(np.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """
    scores = np.asarray(scores, dtype=np.float64)
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)
