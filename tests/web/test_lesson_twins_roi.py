"""The JavaScript twins of both poolings in a real Chromium, against the Python that they are twins of."""

import numpy as np

from pedviz.theory import bilinear, roi, roi_align, roi_pool

TOLERANCE = {"rtol": 1e-11, "atol": 1e-11}


def _regions(count: int) -> list[dict]:
    """Maps with regions inside, on halves of cells, over the edges, without area and outside."""
    random = np.random.default_rng(4)
    cases = []
    for number in range(count):
        height, width = (int(length) for length in random.integers(1, 10, 2))
        corner = random.uniform(-3, 8, 2)
        box = np.concatenate([corner, corner + random.uniform(0, 9, 2)])
        if number % 3 == 0:
            box = np.round(box * 2) / 2
        scale = float(random.choice([1.0, 0.5, 0.25]))
        p, q = (int(length) for length in random.integers(1, 5, 2))
        cases.append({
            "map": (random.integers(-5, 6, (height, width)) / 2).tolist(), "box": (box / scale).tolist(),
            "outputSize": [p, q], "featureSize": [height, width], "spatialScale": scale,
            "samplingRatio": int(random.integers(-1, 4)), "aligned": bool(random.random() < 0.5),
            "upstream": random.normal(size=(p, q)).tolist(), "take": ("average", "maximum")[number % 2],
        })  # fmt: skip
    return cases


def _how(case: dict) -> dict:
    return {"output_size": tuple(case["outputSize"]), "spatial_scale": case["spatialScale"]}


def test_roi_pooling_of_thousands_of_regions(twin):
    cases = _regions(2000)
    function = """(twin, given) => {
        const pooled = twin.roiPool(given.map, given.box, given);
        return { ...pooled, gradient: twin.poolBackward(pooled, given.upstream, given) };
    }"""
    for case, found in zip(cases, twin("roi", function, cases), strict=True):
        pooled = roi_pool.roi_pool(np.array(case["map"]), np.array(case["box"]), **_how(case))
        gradient = roi_pool.pool_backward(
            pooled, np.array(case["upstream"]), feature_size=tuple(case["featureSize"])
        )
        assert found["values"] == pooled.values.tolist()
        assert found["cells"] == pooled.cells.tolist()
        assert found["bins"]["region"] == list(pooled.bins.region)
        assert found["bins"]["rows"] == pooled.bins.rows.tolist()
        assert found["bins"]["columns"] == pooled.bins.columns.tolist()
        np.testing.assert_allclose(found["gradient"], gradient, **TOLERANCE)


def test_roi_align_of_thousands_of_regions(twin):
    cases = _regions(2000)
    function = """(twin, given) => {
        const aligned = twin.roiAlign(given.map, given.box, given);
        return { ...aligned, gradient: twin.alignBackward(aligned, given.upstream, given) };
    }"""
    for case, found in zip(cases, twin("roi", function, cases), strict=True):
        aligned = roi_align.roi_align(
            np.array(case["map"]), np.array(case["box"]), **_how(case), take=case["take"],
            sampling_ratio=case["samplingRatio"], aligned=case["aligned"],
        )  # fmt: skip
        gradient = roi_align.align_backward(
            aligned, np.array(case["upstream"]), feature_size=tuple(case["featureSize"])
        )
        np.testing.assert_allclose(found["values"], aligned.values, **TOLERANCE)
        np.testing.assert_allclose(found["gradient"], gradient, **TOLERANCE)
        np.testing.assert_allclose(found["grid"]["region"], aligned.grid.region, **TOLERANCE)
        for part, expected in [("samples", aligned.samples), ("shares", aligned.shares)]:
            np.testing.assert_allclose(np.reshape(found[part], expected.shape), expected, **TOLERANCE)


def test_report_bs_bins_and_the_drift_and_the_levels(twin):
    regions = [
        [x, y, x + wide, y + high] for x in (0, 2) for y in (1, 3) for wide in range(9) for high in (5, 7)
    ]
    for parts in (1, 2, 3, 5):
        function = f"(twin, region) => twin.floorBins(region, {{ outputSize: [{parts}, 2] }})"
        for region, found in zip(regions, twin("roi", function, regions), strict=True):
            bins = roi_pool.floor_bins(tuple(region), output_size=(parts, 2))
            assert (found["rows"], found["columns"]) == (bins.rows.tolist(), bins.columns.tolist())
    ramp = np.arange(64.0).reshape(8, 8)
    shifts = [[quarter / 4, quarter / 8] for quarter in range(-6, 7)]
    given = {"map": ramp.tolist(), "box": [2, 0, 7, 6], "shifts": shifts, "outputSize": [2, 2]}
    found = twin("roi", "(twin, given) => twin.poolingDrift(given.map, given.box, given)", [given])[0]
    pooled, aligned = roi.pooling_drift(
        ramp, np.array([2, 0, 7, 6]), shifts_xy=np.array(shifts), output_size=(2, 2)
    )
    np.testing.assert_allclose(found["pooled"], pooled)
    np.testing.assert_allclose(found["aligned"], aligned)
    sides = np.concatenate([2 ** np.linspace(0, 11, 3000), [0, 56, 112, 224, 448]])
    boxes = np.stack([sides * 0, sides * 0, sides, sides], axis=1)
    assert (
        twin("roi", "(twin, box) => twin.pyramidLevel(box)", boxes.tolist())
        == roi.pyramid_levels(boxes).tolist()
    )


def test_bilinear_points_with_every_intermediate(twin):
    random = np.random.default_rng(5)
    feature_map = random.normal(size=(5, 7))
    places = [*random.uniform(-2, 8, (3000, 2)).tolist(), [-1, -1], [7, 5], [0, 0], [6, 4], [2, 3]]
    function = f"(twin, [x, y]) => twin.bilinearPoint({feature_map.tolist()}, {{ x, y }})"
    for (x, y), found in zip(places, twin("bilinear", function, places), strict=True):
        point = bilinear.bilinear_point(feature_map, x=x, y=y)
        assert (tuple(found["rows"]), tuple(found["columns"])) == (point.rows, point.columns)
        for key, expected in [
            ("cells", point.cells), ("weights", point.weights), ("alongX", point.along_x),
            ("alongY", point.along_y), ("value", point.value),
        ]:  # fmt: skip
            np.testing.assert_allclose(found[key], expected, **TOLERANCE)
