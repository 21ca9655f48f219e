"""The JavaScript twins of the losses in a real Chromium, against the Python that they are twins of."""

import numpy as np
import pytest

from pedviz.theory import activations, anchors, box_coding, losses

TOLERANCE = {"rtol": 1e-11, "atol": 1e-11}


def test_elementwise_losses_of_thousands_of_numbers(twin):
    random = np.random.default_rng(6)
    numbers = np.concatenate([random.normal(scale=3, size=2000), [-1, 0, 1, 1 / 9, 700.0, -700.0]])
    targets, chances = random.random(len(numbers)), random.uniform(0.001, 0.999, len(numbers))
    function = """(twin, [x, target, chance]) => [twin.l1(x), twin.l2(x), twin.smoothL1(x),
        twin.smoothL1(x, { beta: 1 / 9 }), twin.smoothL1(x, { beta: 0 }), twin.binaryCrossEntropy(x, target),
        twin.logLoss(chance, 0), twin.logLoss(chance, 1)].map(({ loss, slope }) => [loss, slope])"""
    cases = np.stack([numbers, targets, chances], axis=1).tolist()
    found = np.array(twin("losses", function, cases))  # (cases, functions, 2)
    expected = [
        losses.l1(numbers), losses.l2(numbers), losses.smooth_l1(numbers),
        losses.smooth_l1(numbers, beta=1 / 9), losses.smooth_l1(numbers, beta=0),
        losses.binary_cross_entropy(numbers, targets),
        losses.log_loss(chances, np.zeros(len(numbers))), losses.log_loss(chances, np.ones(len(numbers))),
    ]  # fmt: skip
    np.testing.assert_allclose(found, np.moveaxis(np.array(expected), -1, 0), **TOLERANCE)


def test_calling_the_truth_impossible_is_infinite_in_both(functions):
    found = functions.evaluate(
        "import('/maths/losses.js').then((twin) => [twin.logLoss(0, 1), twin.logLoss(0, 0)])"
    )
    impossible, sure = (losses.log_loss(np.array([0.0]), np.array([target])) for target in (1, 0))
    assert [found[0]["loss"], found[0]["slope"]] == [impossible[0][0], impossible[1][0]] == [np.inf, -np.inf]
    assert [found[1]["loss"], found[1]["slope"]] == [sure[0][0], sure[1][0]] == [0, 1]


def test_sigmoid_softmax_and_cross_entropy(twin):
    random = np.random.default_rng(7)
    rows = random.normal(scale=20, size=(1500, 4))
    labels = random.integers(0, 4, 1500)
    found = twin("activations", "(twin, row) => [row.map(twin.sigmoid), twin.softmax(row)]", rows.tolist())
    expected = np.stack([activations.sigmoid(rows), activations.softmax(rows)], axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-11)
    cases = [[row.tolist(), int(label)] for row, label in zip(rows, labels, strict=True)]
    found = twin("losses", "(twin, given) => twin.crossEntropy(...given)", cases)
    loss, slope = losses.cross_entropy(rows, labels)
    np.testing.assert_allclose([one["loss"] for one in found], loss, **TOLERANCE)
    np.testing.assert_allclose([one["slope"] for one in found], slope, **TOLERANCE)


def test_mask_losses_of_random_maps(twin):
    random = np.random.default_rng(8)
    cases = [
        [random.normal(scale=3, size=(k, 6, 6)).tolist(), random.integers(0, 2, (6, 6)).tolist(),
         int(random.integers(1, k))]
        for k in random.integers(2, 6, 100).tolist()
    ]  # fmt: skip
    function = """(twin, [logits, target, trueClass]) => [twin.maskLoss(logits, target, { trueClass }),
        twin.competingMaskLoss(logits, target, { trueClass })]"""
    for (logits, target, true_class), found in zip(cases, twin("losses", function, cases), strict=True):
        for answer, python in zip(found, (losses.mask_loss, losses.competing_mask_loss), strict=True):
            expected = python(np.array(logits), np.array(target), true_class=true_class)
            np.testing.assert_allclose(answer["value"], expected.value, **TOLERANCE)
            np.testing.assert_allclose(answer["cells"], expected.cells, **TOLERANCE)
            np.testing.assert_allclose(answer["slopes"], expected.slopes, **TOLERANCE)


def test_rpn_losses_of_random_anchors(twin):
    random = np.random.default_rng(9)
    cases = [
        {"logits": random.normal(size=n).tolist(), "codes": random.normal(size=(n, 4)).tolist(),
         "labels": random.integers(0, 2, n).tolist(), "targetCodes": random.normal(size=(n, 4)).tolist(),
         "balance": float(random.choice([1, 10])), "beta": float(random.choice([1, 1 / 9]))}
        for n in random.integers(1, 30, 500).tolist()
    ]  # fmt: skip
    found = twin("losses", "(twin, given) => twin.rpnLoss(given.logits, given.codes, given)", cases)
    for case, answer in zip(cases, found, strict=True):
        expected = losses.rpn_loss(
            np.array(case["logits"]), np.array(case["codes"]), labels=np.array(case["labels"]),
            target_codes=np.array(case["targetCodes"]), balance=case["balance"], beta=case["beta"],
        )  # fmt: skip
        parts = [answer["objectness"], answer["boxes"], answer["total"]]
        np.testing.assert_allclose(parts, [expected.objectness, expected.boxes, expected.total], **TOLERANCE)


@pytest.mark.parametrize("weights", [box_coding.PLAIN_WEIGHTS, box_coding.BOX_HEAD_WEIGHTS], ids=str)
def test_box_coding_of_thousands_of_boxes(twin, weights):
    random = np.random.default_rng(10)
    corner = random.uniform(-50, 300, (2, 2000, 2))
    boxes, grid = np.concatenate([corner, corner + random.uniform(0.5, 200, (2, 2000, 2))], axis=-1)
    codes = random.normal(scale=4, size=(2000, 4)) * weights
    cases = [[*map(np.ndarray.tolist, row)] for row in zip(boxes, grid, codes, strict=True)]
    function = f"""(twin, [box, anchor, code]) => [
        twin.encodeBox(box, anchor, {{ weights: {list(weights)} }}),
        twin.decodeBox(code, anchor, {{ weights: {list(weights)} }})]"""
    encoded, decoded = zip(*twin("box_coding", function, cases), strict=True)
    np.testing.assert_allclose(encoded, box_coding.encode_boxes(boxes, grid, weights=weights), **TOLERANCE)
    np.testing.assert_allclose(decoded, box_coding.decode_boxes(codes, grid, weights=weights), rtol=1e-10)


def test_anchors_labels_and_samples(twin):
    random = np.random.default_rng(11)
    grids = [
        ([3, 4], [8, 16], [32], [0.5, 1, 2]),
        ([2, 2], [32, 32], [33, 64, 5], [1.0]),
        ([1, 3], [4, 4], [7], [2]),
    ]
    function = "(twin, [size, stride, sides, ratios]) => twin.anchorGrid(size, { stride, sides, ratios })"
    for (size, stride, sides, ratios), found in zip(grids, twin("anchors", function, grids), strict=True):
        expected = anchors.anchor_grid(
            tuple(size), stride=tuple(stride), sides=tuple(sides), ratios=tuple(ratios)
        )
        np.testing.assert_array_equal(found, expected)
    cases = []
    for _ in range(1500):
        people, count = int(random.integers(0, 5)), int(random.integers(1, 25))
        overlaps = random.integers(0, 11, (people, count)) / 10
        cases.append([overlaps.tolist(), count, random.random(count).tolist()])
    function = """(twin, [overlaps, anchors, keys]) => {
        const found = twin.labelAnchors(overlaps, { anchors });
        return { ...found, sampled: twin.sampleAnchors(found.labels, keys, { size: 7, positiveShare: 0.4 }) };
    }"""
    for (overlaps, count, keys), found in zip(cases, twin("anchors", function, cases), strict=True):
        expected = anchors.label_anchors(np.reshape(overlaps, (len(overlaps), count)))
        assert found["labels"] == expected.labels.tolist()
        assert found["people"] == expected.people.tolist()
        assert found["bestOverlap"] == expected.best_overlap.tolist()
        assert found["rescued"] == expected.rescued.tolist()
        sampled = anchors.sample_anchors(expected.labels, np.array(keys), size=7, positive_share=0.4)
        assert found["sampled"] == sampled.tolist()
