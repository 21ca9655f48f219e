"""The value types refuse what they do not promise, and views keep identities and maps."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchvision.ops import nms

from pedviz.types import MAP_SIZE, Detections, GroundTruth, Timings


def _candidates(seed: int = 0, count: int = 12) -> Detections:
    """Overlapping candidates; every second one has a map, filled with its place."""
    generator = np.random.default_rng(seed)
    near = generator.uniform(0, 40, (count, 2))
    boxes = np.concatenate([near, near + generator.uniform(10, 50, (count, 2))], axis=1).astype(np.float32)
    rows = np.full(count, -1, np.int64)
    rows[::2] = np.arange(len(rows[::2]))
    maps = np.zeros((len(rows[::2]), MAP_SIZE, MAP_SIZE), np.uint8)
    maps += np.arange(0, count, 2, dtype=np.uint8)[:, None, None]
    return Detections(
        image_size=(100, 100),
        boxes_xyxy=boxes,
        scores=np.sort(generator.uniform(0.06, 1, count).astype(np.float32))[::-1],
        labels=np.ones(count, np.int64),
        ids=np.arange(count),
        map_rows=rows,
        mask_maps=maps,
    )


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param(
            {"boxes_xyxy": np.zeros((12, 4))},
            r"float32 \('any', 4\), got float64 \(12, 4\)",
            id="boxes-dtype",
        ),
        pytest.param(
            {"boxes_xyxy": np.zeros(12, np.float32)}, r"'any', 4\), got float32 \(12,\)", id="boxes-shape"
        ),
        pytest.param(
            {"boxes_xyxy": np.tile(np.float32([5, 0, 3, 9]), (12, 1))},
            "expected finite x1 <= x2",
            id="reversed",
        ),
        pytest.param({"boxes_xyxy": np.full((12, 4), np.nan, np.float32)}, "expected finite", id="boxes-nan"),
        pytest.param(
            {"scores": np.ones(11, np.float32)}, r"float32 \(12,\), got float32 \(11,\)", id="scores-count"
        ),
        pytest.param({"scores": np.linspace(0.1, 0.9, 12, dtype=np.float32)}, "best first", id="worst-first"),
        pytest.param({"scores": np.full(12, np.nan, np.float32)}, r"expected \(0, 1\]", id="scores-nan"),
        pytest.param({"scores": np.full(12, 1.5, np.float32)}, r"expected \(0, 1\]", id="scores-above-one"),
        pytest.param({"scores": np.zeros(12, np.float32)}, r"expected \(0, 1\]", id="scores-zero"),
        pytest.param({"labels": np.ones(12, np.int32)}, "labels: expected int64", id="labels-dtype"),
        pytest.param({"ids": np.zeros(12, np.int64)}, "ids: expected distinct places", id="ids-repeat"),
        pytest.param({"ids": np.arange(-1, 11)}, "ids: expected distinct places from 0", id="ids-negative"),
        pytest.param({"map_rows": np.full(12, 6)}, "map_rows: expected -1 to 5", id="rows-beyond"),
        pytest.param({"map_rows": np.full(12, -2)}, "map_rows: expected -1 to 5", id="rows-negative"),
        pytest.param(
            {"mask_maps": np.zeros((6, 14, 14), np.uint8)}, r"\('any', 28, 28\), got", id="maps-size"
        ),
        pytest.param({"mask_maps": np.zeros((6, 28, 28))}, "mask_maps: expected uint8", id="maps-dtype"),
    ],
)
def test_detections_refuse_what_they_do_not_promise(changed, message):
    with pytest.raises(ValueError, match=message):
        replace(_candidates(), **changed)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param({"boxes_xyxy": np.zeros((1, 4))}, "expected float32", id="boxes-dtype"),
        pytest.param({"boxes_xyxy": np.float32([[0, 9, 9, 0]])}, "y1 <= y2", id="reversed"),
        pytest.param(
            {"masks": np.zeros((2, 8, 9), bool)}, r"\(1, 8, 9\), got bool \(2, 8, 9\)", id="masks-count"
        ),
        pytest.param({"masks": np.zeros((1, 8, 9), np.uint8)}, "masks: expected bool", id="masks-dtype"),
    ],
)
def test_ground_truth_refuses_what_it_does_not_promise(changed, message):
    truth = GroundTruth(
        image_size=(8, 9), boxes_xyxy=np.float32([[0, 0, 9, 8]]), masks=np.ones((1, 8, 9), bool)
    )
    assert len(truth) == 1
    with pytest.raises(ValueError, match=message):
        replace(truth, **changed)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"boxes_xyxy": np.float32([[1e37, 0.1, -1e37, 0.3]] * 500)}, id="boxes"),
        pytest.param({"scores": np.linspace(1e-30, 1, 500, dtype=np.float32)}, id="scores"),
        pytest.param({"ids": np.arange(500) - 2**62}, id="ids"),
        pytest.param({"map_rows": np.arange(500) + 2**62}, id="rows"),
    ],
)
def test_a_refusal_is_one_short_line_however_long_the_list(changed):
    with pytest.raises(ValueError, match="expected") as refused:
        replace(_candidates(count=500), **changed)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 200


def test_values_are_frozen():
    with pytest.raises(FrozenInstanceError, match="scores"):
        _candidates().scores = np.zeros(12, np.float32)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.integers(0, 25), st.floats(0, 1), st.floats(0, 1))
def test_view_is_cut_then_suppressed_as_torchvision_does(seed, count, score, threshold):
    candidates = _candidates(seed, count)
    above = candidates.scores > np.float32(score)
    boxes, scores = (torch.from_numpy(a[above].copy()) for a in (candidates.boxes_xyxy, candidates.scores))
    view = candidates.view(score, nms_threshold=threshold)
    assert view.ids.tolist() == nms(boxes, scores, threshold).tolist()


def test_view_keeps_identities_and_their_own_maps():
    candidates = _candidates()
    view = candidates.view(0.0, nms_threshold=0.4)
    assert 1 < len(view) < len(candidates)
    np.testing.assert_array_equal(view.boxes_xyxy, candidates.boxes_xyxy[view.ids])
    np.testing.assert_array_equal(view.scores, candidates.scores[view.ids])
    for identity, row in zip(view.ids, view.map_rows, strict=True):
        assert (row >= 0) == (identity % 2 == 0)
        assert row < 0 or view.mask_maps[row].max() == identity
    assert len(view.mask_maps) == (view.map_rows >= 0).sum()


def test_view_drops_nobody_at_loosest_thresholds():
    assert len(_candidates().view(0.0, nms_threshold=1.0)) == 12


def test_a_score_at_the_threshold_is_not_shown():
    candidates = _candidates()
    third = float(candidates.scores[2])
    assert candidates.view(third, nms_threshold=1.0).ids.tolist() == [0, 1]


def test_the_limit_keeps_the_best():
    assert _candidates().view(0.0, nms_threshold=1.0, limit=3).ids.tolist() == [0, 1, 2]


def test_view_of_nobody_is_nobody():
    assert len(_candidates(count=0).view()) == 0


def test_a_view_is_not_the_view_of_a_view():
    """Why `view` must be called on the full list: what a middle box removed does not come back."""
    row = np.float32([[0, 0, 10, 10], [3, 0, 13, 10], [7, 0, 17, 10]])
    candidates = replace(_candidates(count=3), boxes_xyxy=row)
    loose_after_strict = candidates.view(0.0, nms_threshold=0.1).view(0.0, nms_threshold=0.9)
    assert len(loose_after_strict) < len(candidates.view(0.0, nms_threshold=0.9))


def test_timings_sum_their_stages():
    assert Timings(prepare_seconds=1, network_seconds=2, finish_seconds=4).total_seconds == 7
    assert _candidates().view().timings == Timings()
