"""Oracle: counting by hand, one threshold at a time."""

import numpy as np
import pytest

from pedviz.metrics.curves import operating_points, score_bins
from pedviz.metrics.matching import score_against_truth
from pedviz.metrics.outcomes import judge
from pedviz.metrics.overlaps import overlaps_of_record
from tests.metrics.scenes import make_detections, make_truth, random_scenes, record_scenes

PERSON, NEIGHBOUR, NOBODY = [10, 10, 50, 110], [100, 10, 140, 110], [200, 150, 240, 230]


def judged(run, iou=0.5):
    return judge(overlaps_of_record(run, kind="bbox"), iou_thresholds=(iou,))


def test_operating_points_count_everything_at_or_above_each_score():
    found = make_detections([PERSON, NOBODY, NEIGHBOUR, PERSON], [0.9, 0.8, 0.8, 0.3])
    points = operating_points(judged(record_scenes([(found, make_truth([PERSON, NEIGHBOUR]))])))
    assert points.scores.tolist() == pytest.approx([0.9, 0.8, 0.3])
    assert points.precision.tolist() == pytest.approx([1, 2 / 3, 1 / 2])
    assert points.recall.tolist() == pytest.approx([1 / 2, 1, 1])
    assert points.f1.tolist() == pytest.approx([2 / 3, 4 / 5, 2 / 3])
    assert points.best == 1


@pytest.mark.parametrize("seed", range(6))
def test_operating_points_equal_what_the_page_counts(seed):
    scenes = random_scenes(seed + 300)
    points = operating_points(judged(record_scenes(scenes)))
    for place, score in enumerate(points.scores):
        counts = [
            score_against_truth(found.select(np.flatnonzero(found.scores >= score)), truth, iou_threshold=0.5)
            for found, truth in scenes
        ]
        tp, fp, fn = (sum(getattr(count, name) for count in counts) for name in ("tp", "fp", "fn"))
        assert points.precision[place] == pytest.approx(tp / (tp + fp))
        assert points.recall[place] == pytest.approx(tp / (tp + fn))
        assert points.f1[place] == pytest.approx(2 * tp / (2 * tp + fp + fn))


def test_nothing_found_has_no_operating_point():
    points = operating_points(judged(record_scenes([(make_detections([], []), make_truth([PERSON]))])))
    assert len(points.scores) == 0
    with pytest.raises(ValueError, match="no best score threshold"):
        _ = points.best


def test_score_bins_hold_right_and_wrong_detections():
    found = make_detections([PERSON, NEIGHBOUR, NOBODY, PERSON], [1.0, 0.9, 0.5, 0.13])
    bins = score_bins(judged(record_scenes([(found, make_truth([PERSON, NEIGHBOUR]))])))
    assert bins.right.tolist() == [0, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    assert bins.wrong.tolist() == [0, 1, 0, 0, 0, 1, 0, 0, 0, 0]
    np.testing.assert_allclose(bins.mean_scores[[1, 5, 9]], [0.13, 0.5, 0.95], rtol=1e-6)
    np.testing.assert_allclose(bins.precision[[0, 1, 9]], [np.nan, 0, 1])


def test_every_detection_is_in_one_bin():
    run = record_scenes(random_scenes(5))
    bins = score_bins(judged(run), bins=7)
    assert (bins.right + bins.wrong).sum() == sum(len(picture.scores) for picture in run.images)
