"""Oracle: pycocotools on random files of several categories."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pedviz.data.coco import parse_truth
from pedviz.data.coco_results import parse_results
from pedviz.metrics.coco_overlaps import overlaps_of_coco
from pedviz.metrics.evaluate import STAT_KEYS, category_numbers, coco_numbers
from pedviz.metrics.resampling import draw_images, draw_numbers
from tests.metrics.coco_scenes import pycocotools_numbers, random_files


def _overlaps(truth: dict, results: list[dict], kind="bbox", **options):
    read = parse_truth(truth, file="t.json")
    return overlaps_of_coco(read, parse_results(results, read, file="r.json"), kind=kind, **options)


def _assert_same(ours: dict, oracle: list) -> None:
    for key, expected in zip(STAT_KEYS, oracle, strict=True):
        assert (ours[key] is None) == (expected is None), key
        assert expected is None or abs(ours[key] - expected) <= 1e-12, key


def _without_boxes(results: list[dict]) -> list[dict]:
    return [{key: value for key, value in found.items() if key != "bbox"} for found in results]


@pytest.mark.parametrize("kind", ["bbox", "segm"])
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), images=st.integers(1, 8), categories=st.integers(2, 6))
def test_twelve_numbers_are_pycocotools(kind, seed, images, categories):
    truth, results = random_files(seed, images=images, categories=categories)
    if not results:
        return
    for found in (results, _without_boxes(results)) if kind == "segm" else (results,):
        numbers = coco_numbers(category_numbers(_overlaps(truth, found, kind)))
        _assert_same(numbers, pycocotools_numbers(truth, found, kind)[0])


def test_more_than_a_hundred_detections_are_cut_as_in_pycocotools():
    truth, results = random_files(5, images=2, categories=2, most=700)
    assert len(results) > 300
    _assert_same(
        coco_numbers(category_numbers(_overlaps(truth, results))),
        pycocotools_numbers(truth, results, "bbox")[0],
    )


@pytest.mark.parametrize("seed", range(3))
def test_each_category_and_a_chosen_one_are_pycocotools(seed):
    truth, results = random_files(seed, images=8)
    by_category = category_numbers(_overlaps(truth, results))
    assert np.isnan(by_category[-1]).all()  # nothing of the last to find
    for place in range(3):
        oracle = pycocotools_numbers(truth, results, "bbox", catIds=[place + 1])[0]
        _assert_same(coco_numbers(by_category[[place]]), oracle)
        _assert_same(coco_numbers(category_numbers(_overlaps(truth, results, categories=[place]))), oracle)


def test_sizes_go_by_the_area_of_annotations():
    truth, results = random_files(1)
    for one in truth["annotations"]:
        one.update(area=100.0)
    numbers = coco_numbers(category_numbers(_overlaps(truth, results)))
    assert (numbers["APm"], numbers["APl"]) == (None, None)
    _assert_same(numbers, pycocotools_numbers(truth, results, "bbox")[0])


def test_draws_are_pycocotools_on_repeated_images():
    """All twelve numbers of every draw, with the images really repeated."""
    truth, results = random_files(11, images=5, categories=3)
    # scores that differ between images, or the order of ties would depend on the order of copies
    results = [{**found, "score": found["score"] - 0.001 * found["image_id"]} for found in results]
    drawn = draw_numbers(_overlaps(truth, results), draws=6).numbers
    (weights,) = draw_images(5, draws=6)
    for place, times in enumerate([np.ones(5), *weights]):
        oracle = pycocotools_numbers(*_repeated(truth, results, times.astype(int)), "bbox")[0]
        _assert_same(_as_stats(drawn[place]), oracle)


def _as_stats(values: np.ndarray) -> dict:
    return {key: None if np.isnan(value) else value for key, value in zip(STAT_KEYS, values, strict=True)}


def _repeated(truth: dict, results: list[dict], times: np.ndarray) -> tuple[dict, list[dict]]:
    images, annotations, found = [], [], []
    for image in truth["images"]:
        for _ in range(times[image["id"] - 1]):
            new_id = len(images) + 1
            images.append({**image, "id": new_id})
            of_image = [one for one in truth["annotations"] if one["image_id"] == image["id"]]
            annotations += [{**one, "image_id": new_id} for one in of_image]
            found += [{**one, "image_id": new_id} for one in results if one["image_id"] == image["id"]]
    annotations = [{**one, "id": place} for place, one in enumerate(annotations, start=1)]
    return {**truth, "images": images, "annotations": annotations}, found
