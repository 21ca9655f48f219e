"""The JavaScript twins of attention in a real Chromium, against the Python that they are twins of."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from pedviz.theory import attention

TOLERANCE = {"rtol": 1e-11, "atol": 1e-11}


ATTENTION = """(twin, given) => {
    const vectors = given.exact ? twin.asFractions(given.vectors) : given.vectors;
    const gram = twin.gram(vectors);
    const states = twin.linearRowStates(gram);
    const weights = gram.map((row, i) => (states[i] === "undefined" ? null : twin.linearWeights([row])[0]));
    const written = (matrix) => matrix.map((row) => row && row.map(String));
    return {
        gram: written(gram), states, weights: written(weights), lengths: twin.lengths(gram),
        mixed: written(weights.map((row) => row && twin.mixtures([row], vectors)[0])),
        softmax: [twin.softmaxWeights(gram), twin.softmaxWeights(gram, { dimension: 4 })],
        crossings: twin.crossings(gram).map(({ first, second, itself }) => [first, second, itself]),
    };
}"""


def _check_attention(vectors: np.ndarray, found: dict, number: Callable[[str], Fraction | float]) -> None:
    similarities = attention.gram(vectors)

    def check(written: list, expected: np.ndarray) -> None:
        values = [number(text) for text in written]
        if number is Fraction:
            assert values == expected.tolist()
        else:
            np.testing.assert_allclose(values, expected, **TOLERANCE)

    assert tuple(found["states"]) == attention.linear_row_states(similarities)
    np.testing.assert_allclose(found["lengths"], attention.lengths(similarities), **TOLERANCE)
    for row, state in enumerate(found["states"]):
        check(found["gram"][row], similarities[row])
        if state == "undefined":
            assert found["weights"][row] is None
            continue
        weights = attention.linear_weights(similarities[[row]])
        check(found["weights"][row], weights[0])
        check(found["mixed"][row], attention.mixtures(weights, vectors)[0])
    for answer, dimension in zip(found["softmax"], (None, 4), strict=True):
        expected = attention.softmax_weights(similarities, dimension=dimension)
        np.testing.assert_allclose(answer, expected, rtol=1e-10, atol=1e-300)
    crossings = [[c.first, c.second, c.itself] for c in attention.crossings(similarities)]
    assert found["crossings"] == crossings


def test_attention_in_exact_fractions(twin):
    random = np.random.default_rng(12)
    texts = [[str(x) for x in row] for row in attention.EXAMPLE_VECTORS]
    cases = [{"exact": True, "vectors": texts}]
    for _ in range(700):
        shape = random.integers(2, 5, 2)
        numerators, denominators = random.integers(-4, 5, shape), random.integers(1, 5, shape)
        written = [
            [f"{n}/{d}" if d > 1 else f"{n}.5" for n, d in zip(*rows, strict=True)]
            for rows in zip(numerators.tolist(), denominators.tolist(), strict=True)
        ]
        cases.append({"exact": True, "vectors": written})
    for case, found in zip(cases, twin("attention", ATTENTION, cases), strict=True):
        _check_attention(attention.as_fractions(case["vectors"]), found, Fraction)


def test_attention_in_floats(twin):
    random = np.random.default_rng(13)
    cases = [
        {"exact": False, "vectors": random.normal(scale=2, size=random.integers(2, 5, 2)).tolist()}
        for _ in range(1500)
    ]
    for case, found in zip(cases, twin("attention", ATTENTION, cases), strict=True):
        _check_attention(np.array(case["vectors"]), found, float)


def test_linear_attention_in_both_orders_and_the_condition(twin):
    random = np.random.default_rng(14)
    cases = []
    for order in attention.Order.__args__:
        for _ in range(200):
            n, m, d, e = random.integers(1, 6, 4)
            shapes = {"queries": (n, d), "keys": (m, d), "values": (m, e)}
            cases.append({name: random.normal(size=shape).tolist() for name, shape in shapes.items()})
            cases[-1]["order"] = order
    function = "(twin, given) => twin.linearAttention(given.queries, given.keys, given)"
    for case, found in zip(cases, twin("attention", function, cases), strict=True):
        queries, keys, values = (np.array(case[name]) for name in ("queries", "keys", "values"))
        expected = attention.linear_attention(queries, keys, values=values, order=case["order"])
        np.testing.assert_allclose(found["result"], expected.result, **TOLERANCE)
        np.testing.assert_allclose(found["between"], expected.between, **TOLERANCE)
        assert found["multiplications"] == expected.multiplications
    points = np.stack([random.uniform(0, 4, 2000), random.uniform(-1, 1, 2000)], axis=1)
    found = twin("attention", "(twin, point) => twin.exceedsItself(...point)", points.tolist())
    assert found == attention.exceeds_itself(*points.T).tolist()
