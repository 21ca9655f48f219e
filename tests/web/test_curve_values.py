"""AP of stored predictions, computed in a real Chromium, against pycocotools."""

import json

import numpy as np
import pytest
from playwright.sync_api import Page

from pedviz.metrics.outcomes import COCO_IOU_THRESHOLDS
from pedviz.metrics.records import predictions_file
from pedviz.metrics.store import latest_by_spec

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
        "(ious) => ious.map((iou) => values.averagePrecision(pictures, iou))",
        list(COCO_IOU_THRESHOLDS),
    )
    stats = SHIPPED[spec_id].stats[kind]  # by pycocotools when it was measured
    assert np.mean(found) == pytest.approx(stats["AP"], abs=1e-4)
    assert (found[0], found[5]) == pytest.approx((stats["AP50"], stats["AP75"]), abs=1e-4)
