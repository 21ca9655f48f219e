"""A comparison as a whole: typed, as JSON, as a notebook shows it, and what progress may stop."""

import json

import numpy as np
import pytest

import pedviz
from pedviz.errors import DatasetError
from pedviz.metrics.evaluate import STAT_KEYS
from tests.metrics.coco_scenes import pycocotools_numbers, random_files


@pytest.fixture(scope="module")
def files():
    """A ground truth and the results of two detectors, the second with half of the first's detections."""
    truth, results = random_files(3, images=12)
    generator = np.random.default_rng(0)
    return truth, results, [found for found in results if generator.random() < 0.4]


@pytest.fixture(scope="module")
def found(files):
    return pedviz.compare(*files, draws=200)


def test_numbers_are_pycocotools_and_lie_within_their_intervals(files, found):
    assert found.kinds == ("bbox", "segm")
    for run, results in enumerate(files[1:]):
        for kind in found.kinds:
            oracle = pycocotools_numbers(files[0], results, kind)[0]
            ours = [found.number(key, kind=kind, run=run) for key in STAT_KEYS]
            assert ours == pytest.approx(oracle, abs=1e-12)
    numbers = found.data["by_kind"]["bbox"]["runs"][0]["numbers"]
    assert all(one["low"] <= one["value"] <= one["high"] for one in numbers.values() if one)


def test_the_difference_is_that_of_the_numbers_and_is_told(found):
    difference = found.difference()
    assert difference["value"] == pytest.approx(found.number(run=1) - found.number(run=0), abs=1e-12)
    assert found.is_worse() == (difference["high"] < 0 or found.difference(kind="segm")["high"] < 0)
    assert "on these 12 images" in difference["sentence"]


def test_a_detector_against_itself_is_exactly_alike(files):
    same = pedviz.compare(files[0], files[1], files[1], draws=50)
    assert same.difference()["value"] == same.difference()["low"] == same.difference()["high"] == 0
    assert not same.is_worse()
    assert same.data["by_kind"]["bbox"]["disagreement"]["images"] == []


def test_everything_is_json_and_html_that_names_cannot_break(files):
    found = pedviz.compare(*files, draws=20, names=["<img src=x>", "b"])
    assert json.loads(found.to_json()) == json.loads(json.dumps(found.data))
    assert "<img" not in found._repr_html_()
    assert "&lt;img" in found._repr_html_()


def test_disagreement_counts_what_one_alone_found(found):
    shown = found.data["by_kind"]["bbox"]["disagreement"]["images"]
    assert shown
    for image in shown:
        for key, first, second in (("only_first", True, False), ("only_second", False, True)):
            assert image[key] == sum(one["found"] == [first, second] for one in image["objects"])
    totals = [image["only_first"] + image["only_second"] for image in shown]
    assert totals == sorted(totals, reverse=True)


def test_one_category_alone_is_that_of_pycocotools(files):
    one = pedviz.compare(files[0], files[1], category="c2", draws=0)
    oracle = pycocotools_numbers(files[0], files[1], "bbox", catIds=[2])[0]
    assert [one.number(key) for key in STAT_KEYS] == pytest.approx(oracle, abs=1e-12)
    assert one.difference() is None
    with pytest.raises(DatasetError, match="has no category 'dog'; it has c1, c2"):
        pedviz.compare(files[0], files[1], category="dog")


def test_nothing_to_find_and_nothing_found_are_results(files):
    empty = {**files[0], "annotations": []}
    found = pedviz.compare(empty, files[1], [], draws=20)
    assert found.number() is None
    assert found.difference() is None
    nothing = pedviz.compare(files[0], [], files[1], draws=20)
    assert (nothing.number(), nothing.is_worse()) == (0, False)


def test_progress_is_told_and_may_stop(files):
    stages = []

    def stop(stage: str, share: float) -> None:
        stages.append(stage)
        assert 0 <= share <= 1
        if stage.startswith("Resampling"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pedviz.compare(*files, draws=20, progress=stop)
    assert stages[0] == "Reading"
    assert any(stage.startswith("Measuring boxes of") for stage in stages)
