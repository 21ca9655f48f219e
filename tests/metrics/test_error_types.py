"""Hand-made scenes, in which every mistake and what undoing it gives back can be worked out on paper."""

from dataclasses import replace

import numpy as np
import pytest

from pedviz.metrics.error_types import ERROR_TYPES, diagnose
from pedviz.metrics.evaluate import average_precision
from pedviz.metrics.outcomes import judge
from pedviz.metrics.overlaps import overlaps_of_record
from tests.metrics.scenes import make_detections, make_truth, random_scenes, record_scenes

KEYS = [error.key for error in ERROR_TYPES]
PERSON, NEIGHBOUR = [10, 10, 50, 110], [100, 10, 140, 110]
NEAR_PERSON = [10, 80, 50, 120]  # IoU 1200 / 4400 = .27
ON_NOTHING = [200, 150, 240, 230]


def diagnosis(boxes, scores, people=(PERSON, NEIGHBOUR)):
    return diagnose(
        overlaps_of_record(record_scenes([(make_detections(boxes, scores), make_truth(people))]), kind="bbox")
    )


def test_what_is_found_in_a_crowd_is_no_mistake():
    people = replace(make_truth([PERSON, NEIGHBOUR]), crowds=1)
    found = make_detections([PERSON, NEIGHBOUR, NEIGHBOUR, ON_NOTHING], [0.9, 0.8, 0.7, 0.6])
    run = record_scenes([(found, people), (make_detections([PERSON], [0.5]), make_truth([PERSON]))])
    assert counts(diagnose(overlaps_of_record(run, kind="bbox"))) == {"background": 1}


def counts(found):
    return {key: found.count(key) for key in KEYS if found.count(key)}


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        pytest.param([PERSON, NEIGHBOUR], {}, id="all right"),
        pytest.param([], {"missed": 2}, id="nothing found"),
        pytest.param([PERSON, NEIGHBOUR, ON_NOTHING], {"background": 1}, id="nobody there"),
        pytest.param([PERSON, NEIGHBOUR, PERSON, PERSON], {"duplicate": 2}, id="found three times"),
        pytest.param([PERSON, NEAR_PERSON], {"localisation": 1, "missed": 1}, id="near one already found"),
        pytest.param([NEAR_PERSON, NEIGHBOUR], {"localisation": 1}, id="near one not found is not missed"),
        pytest.param([NEAR_PERSON, NEAR_PERSON], {"localisation": 2, "missed": 1}, id="twice near the same"),
    ],
)
def test_every_mistake_has_its_cause(boxes, expected):
    scores = np.linspace(0.9, 0.5, len(boxes))
    assert counts(diagnosis(boxes, scores)) == expected


@pytest.mark.parametrize(
    ("iou_gap", "expected"),
    [
        # a box of 40 x 100 shifted down by g overlaps (100 - g) / (100 + g)
        pytest.param(33, {}, id=".504 is found"),
        pytest.param(34, {"localisation": 1}, id=".493 is near"),
        pytest.param(81, {"localisation": 1}, id=".105 is near"),
        pytest.param(82, {"background": 1, "missed": 1}, id=".099 is nobody"),
    ],
)
def test_thresholds_are_half_and_a_tenth(iou_gap, expected):
    shifted = [10, 10 + iou_gap, 50, 110 + iou_gap]
    assert counts(diagnosis([shifted], [0.9], people=[PERSON])) == expected


def test_undoing_a_background_mistake_in_front():
    """Ranked: nobody, right, right. Precision 1/2 and 2/3, smoothed 2/3 throughout; without it 1."""
    found = diagnosis([ON_NOTHING, PERSON, NEIGHBOUR], [0.9, 0.8, 0.7])
    assert found.average_precision() == pytest.approx(2 / 3)
    assert found.gain("background") == pytest.approx(1 / 3)
    assert [found.gain(key) for key in ("localisation", "duplicate", "missed")] == [0, 0, 0]


def test_undoing_a_duplicate_between_two_hits():
    """Ranked: right, again, right. Precision 1 up to recall .5 (51 points), 2/3 beyond (50)."""
    found = diagnosis([PERSON, PERSON, NEIGHBOUR], [0.9, 0.8, 0.7])
    assert found.average_precision() == pytest.approx((51 + 50 * 2 / 3) / 101)
    assert found.gain("duplicate") == pytest.approx(1 - (51 + 50 * 2 / 3) / 101)


def test_undoing_a_localisation_mistake_finds_the_person():
    """Of two near the same person the better becomes right and the other goes."""
    found = diagnosis([NEIGHBOUR, NEAR_PERSON, NEAR_PERSON], [0.9, 0.8, 0.7])
    assert found.average_precision() == pytest.approx(51 / 101)
    assert found.gain("localisation") == pytest.approx(1 - 51 / 101)
    assert found.repaired(["localisation"]).tolist() == [False, True, False]


def test_undoing_a_missed_person_asks_for_one_fewer():
    found = diagnosis([PERSON], [0.9])
    assert found.average_precision() == pytest.approx(51 / 101)
    assert found.gain("missed") == pytest.approx(1 - 51 / 101)


def test_mistakes_lead_to_their_pictures_most_first():
    scenes = [
        (make_detections([PERSON, NEIGHBOUR], [0.9, 0.8]), make_truth([PERSON, NEIGHBOUR])),
        (make_detections([ON_NOTHING], [0.9]), make_truth([PERSON])),
        (make_detections([ON_NOTHING, [250, 10, 290, 90]], [0.9, 0.8]), make_truth([])),
    ]
    found = diagnose(overlaps_of_record(record_scenes(scenes), kind="segm"))
    assert list(found.count_by_image("background").items()) == [("picture-2", 2), ("picture-1", 1)]
    assert found.count_by_image("missed") == {"picture-1": 1}
    assert found.count_by_image("duplicate") == {}


@pytest.mark.parametrize("kind", ["bbox", "segm"])
@pytest.mark.parametrize("seed", range(8))
def test_causes_add_up_and_undoing_all_of_them_is_perfect(seed, kind):
    run = record_scenes(random_scenes(seed + 100))
    found = diagnose(overlaps_of_record(run, kind=kind))
    hits = int((found.causes == "hit").sum())
    wrong = sum(found.count(key) for key in KEYS if key != "missed")
    assert hits + wrong == sum(len(picture.scores) for picture in run.images)
    assert hits + found.repaired(KEYS).sum() + found.count("missed") == run.people
    assert found.average_precision(KEYS) == pytest.approx(1)
    judged = judge(overlaps_of_record(run, kind=kind), iou_thresholds=(0.5,))
    assert found.average_precision() == pytest.approx(average_precision(judged)[0])


@pytest.mark.parametrize("seed", range(8))
def test_undoing_a_mistake_never_costs(seed):
    found = diagnose(overlaps_of_record(record_scenes(random_scenes(seed + 200)), kind="bbox"))
    assert all(found.gain(key) >= -1e-12 for key in KEYS)


def test_everybody_missed_leaves_nobody_to_ask_for():
    assert diagnosis([], []).gain("missed") == 1
    assert diagnosis([ON_NOTHING], [0.9]).gain("missed") == 0
