from dataclasses import replace

import pytest

from pedviz.metrics.columns import METRICS, METRICS_BY_KEY
from pedviz.metrics.evaluate import STAT_KEYS
from pedviz.metrics.reported import load_reported

RUNS = {run.id: run for run in load_reported().runs}


def text(key, run_id):
    return METRICS_BY_KEY[key].text(RUNS[run_id])


@pytest.mark.parametrize("column", METRICS, ids=lambda column: column.key)
def test_every_column_reads_every_row(column):
    for run in RUNS.values():
        value = column.compute(run)
        assert value is None or value >= 0
        assert column.text(run)


@pytest.mark.parametrize("column", METRICS, ids=lambda column: column.key)
def test_every_tooltip_says_what_is_good(column):
    assert column.tooltip.endswith(("Higher is better.", "Lower is better."))
    assert column.meaning.endswith(".")


@pytest.mark.parametrize("kind", ["bbox", "segm"])
def test_the_twelve_numbers_of_coco_come_in_its_order(kind):
    shown = [column.compute(RUNS["a_maskrcnn_resnet50_fpn"]) for column in METRICS if column.group == kind]
    numbers = RUNS["a_maskrcnn_resnet50_fpn"].stats[kind]
    assert shown == [numbers[key] for key in STAT_KEYS]


@pytest.mark.parametrize(
    ("key", "run_id", "expected"),
    [
        pytest.param("box_ap", "a_maskrcnn_resnet50_fpn", "0.802", id="a number"),
        pytest.param("box_ap_small", "a_fasterrcnn_mobilenet_v2", "0.000", id="a true zero"),
        pytest.param("box_ap_small", "a_maskrcnn_mobilenet_v2", "n/a (no objects)", id="nobody of that size"),
        pytest.param("box_ap", "b_maskrcnn_resnet50_fpn", "not shown", id="cut off in the report"),
        pytest.param("mask_ap", "b_maskrcnn_resnet50_fpn", "0.772", id="same name, other kind"),
        pytest.param("mask_ap", "a_fasterrcnn_mobilenet_v2", "n/a", id="no masks"),
        pytest.param("parameters", "a_maskrcnn_resnet50_fpn", "n/a", id="not printed"),
        pytest.param("seconds_per_image", "a_maskrcnn_resnet50_fpn", "2.555", id="seconds"),
    ],
)
def test_cells_say_why_they_are_empty(key, run_id, expected):
    assert text(key, run_id) == expected


def test_costs_of_a_measured_row(measured):
    row = replace(measured, parameters=43_922_395, checkpoint_bytes=44_532_064, seconds_per_image=1.25)
    shown = {column.key: column.text(row) for column in METRICS if column.group == "cost"}
    assert shown == {"seconds_per_image": "1.250", "parameters": "43.9", "checkpoint_megabytes": "44.5"}
