"""The lessons' JavaScript twins in a real Chromium, against the Python that they are twins of."""

import re

import numpy as np
import pytest

from pedviz.theory import iou_losses, iou_paths, parameters, precision_recall
from pedviz.theory.assignment import best_assignment
from pedviz.theory.boxes import box_iou

TOLERANCE = {"rtol": 1e-11, "atol": 1e-11}


def _boxes(count: int, seed: int) -> np.ndarray:
    """(count, 4): half anywhere, half on a coarse grid, where edges coincide and areas vanish."""
    random = np.random.default_rng(seed)
    corner, side = random.uniform(-20, 60, (count, 2)), random.uniform(0.1, 40, (count, 2))
    coarse = np.arange(count) % 2 == 0
    corner[coarse], side[coarse] = np.round(corner[coarse] / 10), np.round(side[coarse] / 10)
    return np.hstack([corner, corner + side])


FIRST, SECOND = _boxes(48, seed=1), _boxes(48, seed=2)
PAIRS = [[first.tolist(), second.tolist()] for first in FIRST for second in SECOND]  # 2,304


@pytest.mark.parametrize("kind", iou_losses.LOSS_KINDS)
def test_losses_of_thousands_of_pairs(twin, kind):
    function = f"""(twin, [first, second]) => [twin.boxLoss(first, second, {{ kind: "{kind}" }}),
        twin.boxSimilarity(first, second, {{ kind: "{kind}" }})]"""
    found = np.array(twin("iou_losses", function, PAIRS)).reshape(48, 48, 2)
    np.testing.assert_allclose(found[..., 0], iou_losses.box_loss(FIRST, SECOND, kind=kind), **TOLERANCE)
    similarity = iou_losses.box_similarity(FIRST, SECOND, kind=kind)
    np.testing.assert_allclose(found[..., 1], similarity, **TOLERANCE)


def test_iou_is_the_one_that_boxes_have(twin):
    found = twin("iou_losses", "(twin, pair) => twin.pairTerms(...pair).iou.value", PAIRS)
    np.testing.assert_array_equal(np.reshape(found, (48, 48)), box_iou(FIRST, SECOND))


@pytest.mark.parametrize("kind", iou_losses.LOSS_KINDS)
def test_gradients_and_one_sided_slopes_of_thousands_of_pairs(twin, kind):
    directions = np.array([[1.0, 0, 1, 0], [-1, 2, 3, -4]])
    function = f"""(twin, pair) => [twin.boxLossGradient(...pair, {{ kind: "{kind}" }}),
        twin.oneSidedSlopes(...pair, {{ kind: "{kind}" }}),
        twin.directionalSlopes(...pair, {{ directions: {directions.tolist()}, kind: "{kind}" }})]"""
    answers = zip(*twin("iou_losses", function, PAIRS), strict=True)
    gradients, slopes, along = (np.array(part) for part in answers)
    both = FIRST, SECOND
    np.testing.assert_allclose(
        gradients.reshape(48, 48, 4), iou_losses.box_loss_gradient(*both, kind=kind), **TOLERANCE
    )
    np.testing.assert_allclose(
        slopes.reshape(48, 48, 4, 2), iou_losses.one_sided_slopes(*both, kind=kind), **TOLERANCE
    )
    expected = iou_losses.directional_slopes(*both, directions=directions, kind=kind)
    np.testing.assert_allclose(along.reshape(48, 48, 2), expected, **TOLERANCE)


@pytest.mark.parametrize(
    ("snake", "camel"),
    [
        pytest.param(name, "".join([head, *(word.title() for word in rest)]), id=name)
        for name in iou_losses.PairTerms.__dataclass_fields__
        for head, *rest in [name.split("_")]
    ],
)
def test_every_term_of_thousands_of_pairs(twin, snake, camel):
    function = f"(twin, pair) => [twin.pairTerms(...pair).{camel}].map((t) => [t.value, t.slope])[0]"
    expected = getattr(iou_losses.pair_terms(FIRST, SECOND), snake)
    values, slopes = zip(*twin("iou_losses", function, PAIRS), strict=True)
    wanted = np.broadcast_to(expected.value, (48, 48)).ravel()
    np.testing.assert_allclose(values, wanted, **TOLERANCE)
    padded = np.array([slope or [0.0] * 4 for slope in slopes])  # constants have no slope
    wanted = np.broadcast_to(expected.slope, (48, 48, 4)).reshape(-1, 4)
    np.testing.assert_allclose(padded, wanted, **TOLERANCE)


@pytest.mark.parametrize("kind", iou_losses.LOSS_KINDS)
def test_kinks_paths_and_descent(twin, kind):
    starts, ends = _boxes(200, seed=3), _boxes(200, seed=4)
    targets = (starts + ends) / 2 + np.tile(np.random.default_rng(5).integers(-3, 4, (200, 2)), 2)
    at_once = starts[::4] + 0.7 * (ends - starts)[::4][:, [0, 1, 0, 1]]  # several edges level together
    targets[::4] = at_once.round(1)
    cases = np.stack([starts, ends, targets], axis=1).tolist()
    function = f"""(twin, [start, end, target]) => ({{
        kinks: twin.kinksAlong(start, end, {{ target, kind: "{kind}" }}),
        path: twin.straightPath(start, end, {{ points: 7 }}),
        descent: twin.descend(start, target, {{ kind: "{kind}", steps: 12, rate: 9 }}),
    }})"""
    kinks_seen = 0
    for (start, end, target), found in zip(cases, twin("iou_losses", function, cases), strict=True):
        start, end, target = map(np.array, (start, end, target))
        kinks = iou_paths.kinks_along(start, end, target_xyxy=target, kind=kind)
        kinks_seen += len(kinks.at)
        for key, expected in [
            ("at", kinks.at), ("box", kinks.boxes_xyxy),
            ("slopeBefore", kinks.slope_before), ("slopeAfter", kinks.slope_after),
        ]:  # fmt: skip
            values = np.array([kink[key] for kink in found["kinks"]]).reshape(expected.shape)
            np.testing.assert_allclose(values, expected, **TOLERANCE)
        np.testing.assert_allclose(found["path"], iou_paths.straight_path(start, end, points=7), **TOLERANCE)
        expected = iou_paths.descend(start, target, kind=kind, steps=12, rate=9)
        np.testing.assert_allclose(found["descent"], expected, rtol=1e-8, atol=1e-8)  # errors add up
    assert kinks_seen > 200


def _ranked_lists(count: int) -> list[tuple[list[bool], int]]:
    random = np.random.default_rng(3)
    lists = [(precision_recall.EXAMPLE_HITS.tolist(), precision_recall.EXAMPLE_PEOPLE), ([], 3)]
    lists += [([True] * found, 100) for found in (7, 14, 28, 29, 35, 47, 55, 56, 57, 58, 70, 83, 94, 95, 100)]
    for _ in range(count):
        hits = (random.random(random.integers(0, 150)) < random.random()).tolist()
        lists.append((hits, max(1, sum(hits) + int(random.integers(0, 60)))))
    return lists


def test_average_precision_of_thousands_of_ranked_lists(twin):
    cases = _ranked_lists(2000)
    function = """(twin, [hits, people]) => {
        const { precision, recall } = twin.precisionRecall(hits, { people });
        const { truePositives, falsePositives, falseNegatives } = twin.runningCounts(hits, { people });
        return {
            lists: [precision, recall, twin.interpolatePrecision(precision), truePositives, falsePositives,
                falseNegatives],
            sampled: twin.samplePrecision(precision, recall),
            means: [twin.rawAveragePrecision, twin.allPointAveragePrecision, twin.voc2007AveragePrecision,
                twin.cocoAveragePrecision].map((average) => average(precision, recall)),
        };
    }"""
    for (hits, people), found in zip(cases, twin("precision_recall", function, cases), strict=True):
        hits = np.array(hits, dtype=bool)
        curve = precision_recall.precision_recall(hits, people=people)
        counts = precision_recall.running_counts(hits, people=people)
        lists = [*curve, precision_recall.interpolate_precision(curve[0]), *counts]
        np.testing.assert_allclose(found["lists"], np.reshape(lists, (6, len(hits))), **TOLERANCE)
        np.testing.assert_allclose(found["sampled"], precision_recall.sample_precision(*curve), **TOLERANCE)
        means = [
            precision_recall.raw_average_precision(*curve),
            precision_recall.all_point_average_precision(*curve),
            precision_recall.voc_2007_average_precision(*curve),
            precision_recall.coco_average_precision(*curve),
        ]
        np.testing.assert_allclose(found["means"], means, **TOLERANCE)


def test_recall_points_are_the_same_floats(twin):
    function = "(twin) => [twin.COCO_RECALL_POINTS, twin.VOC_RECALL_POINTS]"
    coco, voc = twin("precision_recall", function, [0])[0]
    assert coco == precision_recall.COCO_RECALL_POINTS.tolist()
    assert voc == precision_recall.VOC_RECALL_POINTS.tolist()


def _as_dicts(layers: tuple[parameters.Layer, ...]) -> list[dict]:
    return [
        {"name": layer.name, "part": layer.part, "weights": layer.weights, "biases": layer.biases,
         "output": list(layer.output), "parameters": layer.parameters}
        for layer in layers
    ]  # fmt: skip


def test_vgg16_with_any_numbers(twin):
    random = np.random.default_rng(15)
    cases = [{}] + [
        {"channels": int(random.integers(1, 5)), "side": int(random.integers(32, 400)),
         "classes": int(random.integers(1, 2000)), "kernel": int(random.integers(1, 8))}
        for _ in range(300)
    ]  # fmt: skip
    function = """(twin, given) => [twin.vgg16Layers(given)].map((layers) =>
        ({ layers, total: twin.countParameters(layers), parts: twin.countByPart(layers) }))[0]"""
    for case, found in zip(cases, twin("parameters", function, cases), strict=True):
        layers = parameters.vgg16_layers(**case)
        assert found["layers"] == _as_dicts(layers)
        assert found["total"] == parameters.count_parameters(layers)
        assert found["parts"] == parameters.count_by_part(layers)


REFUSED = [  # module, call, the reason
    (
        "iou_losses",
        "boxLoss([5, 0, 3, 9], [0, 0, 1, 1], { kind: 'iou' })",
        "predicted: .* y1 <= y2, got 5, 0",
    ),
    ("iou_losses", "boxLoss([0, 0, 1, 1], [0, 0, NaN, 1], { kind: 'iou' })", "target: expected finite"),
    ("roi", "roiPool([[1]], [5, 0, 3, 9], { outputSize: [1, 1] })", "box: expected finite"),
    ("precision_recall", "precisionRecall([true], { people: 0 })", "recall needs someone to find"),
    ("precision_recall", "precisionRecall([true, true], { people: 1 })", "at most 1 hits, got 2"),
    ("losses", "smoothL1(1, { beta: -1 })", "beta: expected at least 0"),
    ("losses", "logLoss(1.5, 1)", "probability: expected"),
    ("losses", "rpnLoss([0], [[0]], { labels: [-1], targetCodes: [[0]] })", "labelled 0 or 1, got -1"),
    ("box_coding", "encodeBox([0, 0, 0, 9], [0, 0, 1, 1])", "with an area can be encoded"),
    ("anchors", "labelAnchors([], { anchors: 1, high: 0.1, low: 0.2 })", "expected low <= high"),
    ("attention", "linearWeights([[1, 2], [1, -1]])", "row 1 sums to 0"),
    ("attention", "asFractions(['1/0'])", "cannot have 0 below its line"),
    ("attention", "asFractions(['two'])", "expected a number such as"),
    ("parameters", "vgg16Layers({ side: 31 })", "nothing is left of the image"),
    ("parameters", "convLayer(10, 20, { kernel: 3, groups: 4 })", "do not divide"),
]


@pytest.mark.parametrize(("module", "call", "reason"), REFUSED, ids=[call for _, call, _ in REFUSED])
def test_what_python_refuses_is_refused_with_a_reason(functions, module, call, reason):
    name, message = functions.evaluate(
        f"""import('/maths/{module}.js').then((twin) => twin.{call})
            .then(() => ["", "nothing was refused"], (error) => [error.name, error.message])"""
    )
    assert name == "RangeError", message
    assert re.search(reason, message)


def test_assignments_are_python_s(twin):
    generator = np.random.default_rng(0)
    gains = [generator.random(generator.integers(1, 7, 2)).round(1) for _ in range(200)]
    found = twin("assignment", "(twin, gains) => twin.bestAssignment(gains)", [g.tolist() for g in gains])
    assert found == [best_assignment(each).tolist() for each in gains]
