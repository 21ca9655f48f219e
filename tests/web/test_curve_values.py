"""The dashboard's curves, computed in a real Chromium, against pycocotools and Python."""

import json

import numpy as np
import pytest
from playwright.sync_api import Page

from pedviz.metrics.curves import cut_scores, operating_points, score_bins
from pedviz.metrics.evaluate import stats_from_predictions
from pedviz.metrics.outcomes import judge
from pedviz.metrics.overlaps import overlaps_of_record
from pedviz.metrics.records import predictions_file
from pedviz.metrics.store import latest_by_spec, predictions_of

SHIPPED = latest_by_spec()
RUNS = [
    pytest.param(spec_id, kind, id=f"{spec_id}-{kind}")
    for spec_id, result in SHIPPED.items()
    for kind in ("bbox", "segm")
    if result.stats[kind]
]
PREPARE = """async ({ run, kind }) => {
    window.values = await import("/maths/curves.js");
    window.pictures = values.picturesOf(run, kind);
}"""


@pytest.fixture
def prepared(page: Page):
    """A function that loads a stored run into the browser."""

    def prepare(spec_id: str, kind: str) -> Page:
        run = json.loads(predictions_file(SHIPPED[spec_id].predictions).read_text("utf-8"))
        page.evaluate(PREPARE, {"run": run, "kind": kind})
        return page

    return prepare


@pytest.mark.parametrize(("spec_id", "kind"), RUNS)
def test_ap_is_that_of_pycocotools(prepared, spec_id, kind):
    found = prepared(spec_id, kind).evaluate(
        "values.COCO_IOUS.map((iou) => values.averagePrecision(pictures, iou))"
    )
    stats = SHIPPED[spec_id].stats[kind]  # by pycocotools when it was measured
    assert np.mean(found) == pytest.approx(stats["AP"], abs=1e-4)
    assert (found[0], found[5]) == pytest.approx((stats["AP50"], stats["AP75"]), abs=1e-4)


@pytest.mark.parametrize(("spec_id", "kind"), RUNS)
@pytest.mark.parametrize("iou", [0.5, 0.67, 0.95])
def test_curves_are_those_of_python(prepared, spec_id, kind, iou):
    found = prepared(spec_id, kind).evaluate("(iou) => values.curvesAt(pictures, iou)", iou)
    outcomes = judge(overlaps_of_record(predictions_of(SHIPPED[spec_id]), kind=kind), iou_thresholds=(iou,))
    points = operating_points(outcomes)
    for key in ("precision", "recall", "f1"):
        np.testing.assert_allclose([point[key] for point in found["points"]], getattr(points, key))
    assert np.float32(found["best"]["score"]) == np.float32(points.scores[points.best])
    bins = score_bins(outcomes)
    assert [one["right"] for one in found["bins"]] == bins.right.tolist()
    assert [one["wrong"] for one in found["bins"]] == bins.wrong.tolist()
    means = [np.nan if one["meanScore"] is None else one["meanScore"] for one in found["bins"]]
    np.testing.assert_allclose(means, bins.mean_scores, rtol=1e-6)


@pytest.mark.parametrize(("spec_id", "kind"), RUNS[:2])
@pytest.mark.parametrize("score", [0.05, 0.5, 0.9])
def test_cutting_scores_changes_ap_as_in_python(prepared, spec_id, kind, score):
    found = prepared(spec_id, kind).evaluate(
        "(score) => values.atScore(pictures, { iou: 0.5, score })", score
    )
    cut = cut_scores(predictions_of(SHIPPED[spec_id]), score)
    assert found["ap"] == pytest.approx(stats_from_predictions(cut, kind)["AP50"], abs=1e-9)
    assert found["detections"] == sum(len(picture.scores) for picture in cut.pictures)
