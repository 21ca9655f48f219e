"""Error types where there are several categories, on hand-made scenes, by the definitions of TIDE."""

import pytest

from pedviz.data.coco import parse_truth
from pedviz.data.coco_results import parse_results
from pedviz.metrics.coco_overlaps import overlaps_of_coco
from pedviz.metrics.error_types import ERROR_TYPES, diagnose

CAT, DOG = 1, 2
HERE, THERE = [10, 10, 40, 100], [200, 10, 40, 100]  # x, y, width, height


def shifted(box: list[float], down: float) -> list[float]:
    """The box moved down by `down` of its 100 pixels: their IoU is (100 - down) / (100 + down)."""
    return [box[0], box[1] + down, *box[2:]]


def diagnosis(objects: list[tuple], detections: list[tuple]):
    """Objects are (category, box) and detections (category, box, score), all in one image."""
    truth = parse_truth(
        {
            "images": [{"id": 1, "file_name": "street.png", "width": 400, "height": 300}],
            "categories": [{"id": CAT, "name": "cat"}, {"id": DOG, "name": "dog"}],
            "annotations": [
                {"id": place, "image_id": 1, "category_id": category, "bbox": box, "area": 4000, "iscrowd": 0}
                for place, (category, box) in enumerate(objects, 1)
            ],
        },
        file="truth",
    )
    results = parse_results(
        [
            {"image_id": 1, "category_id": category, "bbox": box, "score": score}
            for category, box, score in detections
        ],
        truth,
        file="results",
    )
    return diagnose(overlaps_of_coco(truth, results, kind="bbox"))


@pytest.mark.parametrize(
    ("objects", "detections", "expected"),
    [
        pytest.param([(CAT, HERE)], [(DOG, HERE, 0.9)], {"classification": 1}, id="the wrong category"),
        pytest.param(
            [(CAT, HERE)], [(DOG, shifted(HERE, 50), 0.9)], {"both": 1, "missed": 1},
            id="the wrong category, beside it",
        ),
        pytest.param(
            [(CAT, HERE)], [(DOG, THERE, 0.9)], {"background": 1, "missed": 1}, id="nothing is there"
        ),
        pytest.param(
            [(CAT, HERE)], [(CAT, HERE, 0.9), (DOG, HERE, 0.8)], {"classification": 1},
            id="the wrong category of a cat that was found",
        ),
        pytest.param(
            [(CAT, HERE)], [(CAT, HERE, 0.9), (CAT, HERE, 0.8)], {"duplicate": 1}, id="found twice"
        ),
        pytest.param(
            [(CAT, shifted(HERE, 50)), (DOG, HERE)], [(CAT, HERE, 0.9)], {"localisation": 1, "missed": 1},
            id="localisation comes before classification",
        ),
        pytest.param(
            [(CAT, HERE), (DOG, HERE)], [(CAT, HERE, 0.9), (CAT, HERE, 0.8)], {"classification": 1},
            id="classification comes before duplicate",
        ),
    ],
)  # fmt: skip
def test_every_error_has_the_first_cause_that_fits(objects, detections, expected):
    found = diagnosis(objects, detections)
    counted = {entry.key: found.count(entry.key) for entry in ERROR_TYPES}
    assert {key: count for key, count in counted.items() if count} == expected


def test_a_corrected_category_finds_the_object():
    """Cats: one, found. Dogs: one, called a cat. AP 1 and 0; after the fix both are 1."""
    found = diagnosis([(CAT, HERE), (DOG, THERE)], [(CAT, HERE, 0.9), (CAT, THERE, 0.8)])
    assert found.average_precision() == pytest.approx(0.5)
    assert found.gain("classification") == pytest.approx(0.5)
    assert found.gain("missed") == 0  # a classification error points at the dog


def test_a_corrected_category_leaves_the_ranking_of_its_own():
    """The better of two detections is a dog called a cat: the cat's precision is 1/2 until that is fixed."""
    found = diagnosis([(CAT, HERE), (DOG, THERE)], [(CAT, THERE, 0.9), (CAT, HERE, 0.8)])
    assert found.average_precision() == pytest.approx(0.25)
    assert found.gain("classification") == pytest.approx(0.75)


def test_removing_both_finds_nothing_and_a_missed_object_is_no_longer_asked_for():
    found = diagnosis([(CAT, HERE)], [(CAT, THERE, 0.9), (DOG, shifted(HERE, 50), 0.8)])
    assert (found.count("both"), found.count("missed"), found.count("background")) == (1, 1, 1)
    assert found.average_precision() == 0
    assert found.gain("both") == 0
    assert found.average_precision(["missed", "both", "background"]) == 1


def test_one_object_is_found_by_the_best_of_several_corrections():
    """A cat called a dog twice: the better becomes right, the other goes."""
    found = diagnosis([(CAT, HERE)], [(DOG, HERE, 0.9), (DOG, HERE, 0.8)])
    assert found.count("classification") == 2
    assert found.repaired(["classification"]).tolist() == [True, False]
    assert found.gain("classification") == 1
