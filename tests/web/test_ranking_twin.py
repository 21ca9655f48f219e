"""The matching of stored overlaps in a real Chromium, against the Python that it is the twin of."""

import json

import numpy as np
import pytest

from pedviz.metrics.outcomes import judge
from pedviz.metrics.records import Kind, PredictionRecord
from pedviz.metrics.store import measured_results, predictions_of
from tests.metrics.scenes import random_scenes, record_scenes

MEASURED = {result.predictions: result for result in measured_results()}
THRESHOLDS = (0.05, 0.5, 0.55, 0.73, 0.75, 0.95, 1.0)
JUDGE = """async (given) => {
    const { judge } = await import("/maths/outcomes.js");
    return given.thresholds.map((threshold) => judge(given.pictures, { threshold, limit: given.limit }));
}"""


def _pictures(run: PredictionRecord, kind: Kind) -> list[dict]:
    return [
        {
            "scores": [float(str(score)) for score in picture.scores],
            "ious": picture.ious(kind).tolist(),
            "people": len(picture.people_areas),
        }
        for picture in run.pictures
    ]


def _expect_equal(page, run: PredictionRecord, *, kind: Kind, limit: int) -> None:
    given = {"pictures": _pictures(run, kind), "thresholds": THRESHOLDS, "limit": limit}
    found = page.evaluate(JUDGE, json.loads(json.dumps(given)))
    expected = judge(run, kind=kind, iou_thresholds=THRESHOLDS, limit=limit)
    for place, one in enumerate(found):
        assert np.array_equal(np.float32(one["scores"]), expected.scores)
        assert one["pictures"] == expected.pictures.tolist()
        assert one["places"] == expected.places.tolist()
        assert one["matches"] == expected.matches[place].tolist()
        assert one["hits"] == expected.hits[place].tolist()
        assert one["people"] == expected.people.sum()


@pytest.mark.parametrize("kind", ["bbox", "segm"])
@pytest.mark.parametrize("seed", range(40))
def test_random_scenes(page, seed, kind):
    _expect_equal(page, record_scenes(random_scenes(seed)), kind=kind, limit=100 if seed % 2 else 3)


@pytest.mark.parametrize("name", list(MEASURED))
def test_every_measured_run(page, name):
    run = predictions_of(MEASURED[name])
    for kind in run.kinds:
        _expect_equal(page, run, kind=kind, limit=100)
