"""The matching of stored overlaps in a real Chromium, against the Python that it is the twin of."""

import json
from dataclasses import replace

import numpy as np
import pytest

from pedviz.metrics.outcomes import judge
from pedviz.metrics.overlaps import overlaps_of_record
from pedviz.metrics.records import ImageRecord, Kind, PredictionRecord
from pedviz.metrics.store import measured_results, predictions_of
from tests.metrics.scenes import random_scenes, record_scenes

MEASURED = {result.predictions: result for result in measured_results()}
THRESHOLDS = (0.1, 0.5, 0.55, 0.73, 0.75, 0.95, 1.0)
# As text in both directions: Playwright takes far longer over nested lists than both parsers.
JUDGE = """async (text) => {
    const { judge } = await import("/maths/outcomes.js");
    const { pictures, thresholds, limit } = JSON.parse(text);
    return JSON.stringify(thresholds.map((threshold) => judge(pictures, { threshold, limit })));
}"""


def _pictures(run: PredictionRecord, kind: Kind) -> list[dict]:
    return [
        {
            "scores": [float(str(score)) for score in picture.scores],
            "ious": picture.ious(kind).tolist(),
            "people": len(picture.people_areas),
        }
        for picture in run.images
    ]


def _in_tenths(picture: ImageRecord) -> ImageRecord:
    return replace(picture, box_ious=picture.box_ious.round(1), mask_ious=picture.mask_ious.round(1))


def _expect_equal(page, run: PredictionRecord, *, kind: Kind, limit: int) -> None:
    given = {"pictures": _pictures(run, kind), "thresholds": THRESHOLDS, "limit": limit}
    found = json.loads(page.evaluate(JUDGE, json.dumps(given)))
    overlaps = overlaps_of_record(run, kind=kind)
    expected = judge(overlaps, iou_thresholds=THRESHOLDS)
    kept = np.flatnonzero(overlaps.ranks < limit)
    first_people = np.searchsorted(overlaps.objects.images, overlaps.images[kept])
    for place, one in enumerate(found):
        matches = expected.matches[place, kept]
        assert np.array_equal(np.float32(one["scores"]), overlaps.scores[kept].astype(np.float32))
        assert one["pictures"] == overlaps.images[kept].tolist()
        assert one["places"] == overlaps.ranks[kept].tolist()
        assert one["matches"] == np.where(matches < 0, -1, matches - first_people).tolist()
        assert one["hits"] == expected.hits[place, kept].tolist()
        assert one["people"] == expected.positives.sum()


@pytest.mark.parametrize("kind", ["bbox", "segm"])
@pytest.mark.parametrize("seed", range(40))
def test_random_scenes(functions, seed, kind):
    """In every fourth scene overlaps are tenths, so that detections overlap several people equally."""
    run = record_scenes(random_scenes(seed))
    if seed % 4 == 0:
        run = replace(run, images=tuple(map(_in_tenths, run.images)))
    _expect_equal(functions, run, kind=kind, limit=100 if seed % 2 else 3)


@pytest.mark.parametrize("name", list(MEASURED))
def test_every_measured_run(functions, name):
    run = predictions_of(MEASURED[name])
    for kind in run.kinds:
        _expect_equal(functions, run, kind=kind, limit=100)
