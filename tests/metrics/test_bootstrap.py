"""Oracle: pycocotools on a data set in which images really are repeated."""

import time
from dataclasses import replace

import numpy as np
import pytest

from pedviz.errors import ResultsError
from pedviz.metrics.bootstrap import (
    Interval,
    interval,
    paired_difference,
    verdict,
)
from pedviz.metrics.evaluate import coco_stats, stats_from_predictions
from pedviz.metrics.outcomes import judge
from pedviz.metrics.overlaps import overlaps_of_record
from pedviz.metrics.records import KINDS
from pedviz.metrics.resampling import draw_images, weighted_average_precision
from tests.metrics.scenes import make_detections, make_truth, random_scenes, record_scenes


def all_draws(images):
    return np.concatenate(list(draw_images(images)))


@pytest.fixture(scope="module")
def run():
    return record_scenes(random_scenes(21, count=12), run_id="first")


@pytest.fixture(scope="module")
def other():
    """The same images and people; the detections shifted a little."""
    moved = [
        (make_detections(found.boxes_xyxy + 3, found.scores, maps=found.mask_maps), truth)
        for found, truth in random_scenes(21, count=12)
    ]
    return record_scenes(moved, run_id="second")


@pytest.mark.parametrize("seed", range(6))
def test_weights_equal_pycocotools_on_repeated_pictures(seed):
    scenes = random_scenes(seed + 50, count=5)
    # scores that differ between images, or the order of ties would depend on the order of copies
    scenes = [
        (make_detections(found.boxes_xyxy, found.scores - np.float32(0.001 * place)), truth)
        for place, (found, truth) in enumerate(scenes)
    ]
    (weights,) = draw_images(5, draws=3, seed=seed)
    ours = weighted_average_precision(
        judge(overlaps_of_record(record_scenes(scenes, masks=False), kind="bbox")), weights
    )
    for value, times in zip(ours, weights.astype(int), strict=True):
        repeated = [scene for scene, count in zip(scenes, times, strict=True) for _ in range(count)]
        oracle = coco_stats(*zip(*repeated, strict=True), masks=False)["bbox"]["AP"]
        assert (None if np.isnan(value) else value) == pytest.approx(oracle, abs=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_value_is_the_average_precision_itself(run, kind):
    assert interval(run, kind=kind).value == pytest.approx(stats_from_predictions(run, kind)["AP"], abs=1e-12)


def test_interval_holds_the_value_and_counts_what_it_rests_on(run):
    found = interval(run, kind="bbox")
    assert 0 <= found.low < found.value < found.high <= 1
    assert (found.images, found.objects) == (12, run.people)


def test_one_draw_in_forty_lies_beyond_each_end(run):
    values = weighted_average_precision(judge(overlaps_of_record(run, kind="bbox")), all_draws(12))
    found = interval(run, kind="bbox")
    assert [(values < found.low).sum(), (values > found.high).sum()] == pytest.approx([25, 25], abs=3)


def test_same_seed_gives_the_same_interval(run):
    assert interval(run, kind="bbox") == interval(run, kind="bbox")
    assert interval(run, kind="bbox", seed=1) != interval(run, kind="bbox")


def test_every_draw_has_as_many_pictures_as_the_split():
    draws = all_draws(50)
    assert draws.shape == (1000, 50)
    assert set(draws.sum(axis=1)) == {50}
    assert draws.mean() == 1


def test_interval_narrows_with_more_pictures(run):
    larger = replace(run, images=run.images * 4)
    few, many = interval(run, kind="bbox"), interval(larger, kind="bbox")
    assert many.high - many.low < 0.7 * (few.high - few.low)


@pytest.mark.parametrize("kind", KINDS)
def test_run_against_itself_differs_by_exactly_zero(run, kind):
    found = paired_difference(run, run, kind=kind)
    assert (found.value, found.low, found.high) == (0, 0, 0)


def test_difference_changes_sign_with_the_order(run, other):
    forth, back = paired_difference(run, other, kind="bbox"), paired_difference(other, run, kind="bbox")
    assert (forth.value, forth.low, forth.high) == pytest.approx((-back.value, -back.high, -back.low))
    assert forth.value < 0


def test_pairing_is_sharper_than_two_separate_intervals(run, other):
    paired = paired_difference(run, other, kind="bbox")
    separate = [interval(one, kind="bbox") for one in (run, other)]
    assert paired.high - paired.low < sum(one.high - one.low for one in separate)


def test_runs_on_other_pictures_are_refused(run):
    with pytest.raises(ResultsError, match="first and elsewhere were measured on different images"):
        paired_difference(run, replace(run, run_id="elsewhere", split_sha256="0" * 64), kind="bbox")
    with pytest.raises(ResultsError, match="different images"):
        paired_difference(run, replace(run, images=run.images[1:]), kind="bbox")


def test_nobody_to_find_is_an_error():
    empty = record_scenes([(make_detections([], []), make_truth([]))])
    with pytest.raises(ValueError, match="expected somebody to find in 1 images, got nobody"):
        interval(empty, kind="bbox")


def test_thousand_draws_of_a_full_run_take_well_under_a_second():
    scenes = random_scenes(3, count=50)
    run = record_scenes(scenes, masks=False)
    started = time.thread_time()
    interval(run, kind="bbox")
    assert time.thread_time() - started < 2  # 0.2 s on an idle machine


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        pytest.param(
            (0.031, 0.012, 0.05), "B is better by 3.1 AP [1.2, 5.0] on these 50 images.", id="second"
        ),
        pytest.param(
            (-0.03, -0.05, -0.01), "A is better by 3.0 AP [1.0, 5.0] on these 50 images.", id="first"
        ),
        pytest.param(
            (0.004, -0.01, 0.02),
            "A and B cannot be told apart on these 50 images: the difference is +0.4 AP [-1.0, +2.0].",
            id="neither",
        ),
        pytest.param(
            (0.0, 0.0, 0.0),
            "A and B score alike: their difference is exactly 0 on these 50 images.",
            id="same",
        ),
    ],
)
def test_verdict_is_a_plain_sentence(numbers, sentence):
    value, low, high = numbers
    assert (
        verdict(Interval(value=value, low=low, high=high, images=50, objects=124), first="A", second="B")
        == sentence
    )
