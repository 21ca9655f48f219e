"""Measuring on a COCO folder, with a detector that says what it is told to."""

import json
import shutil
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from pedviz.errors import DatasetError
from pedviz.metrics.evaluate import stats_from_predictions
from pedviz.models.specs import ModelSpec, get_spec
from tests.metrics.scenes import make_detections
from training import evaluate_own
from training.sources import CocoSamples

SPEC = get_spec("maskrcnn_mobilenet_v2_fpn")


@dataclass
class Oracle:
    """Finds everyone exactly where they are; `shift` pixels beside that."""

    spec: ModelSpec
    boxes: np.ndarray
    shift: float = 0

    def detect(self, pixels: np.ndarray):
        """The people's boxes, sure of each."""
        scores = np.linspace(0.9, 0.5, len(self.boxes))
        return make_detections(self.boxes + np.float32(self.shift), scores, size=pixels.shape[:2])


def _boxes(folder) -> np.ndarray:
    source = CocoSamples(folder)
    return source.load(source.ids[0]).boxes


def test_a_perfect_detector_has_ap_one_in_boxes_and_masks(masked_folder):
    oracle = Oracle(SPEC, _boxes(masked_folder))
    record = evaluate_own.answer(oracle, [CocoSamples(masked_folder)], run_id="own")
    assert record.kinds == ("bbox", "segm")
    assert record.people == 2 * len(record.images) == 80
    assert stats_from_predictions(record, "bbox")["AP"] == pytest.approx(1)
    assert stats_from_predictions(record, "segm")["AP"] > 0.85  # a map of 28 cells rounds its edges


def test_a_shifted_detector_is_right_at_low_thresholds_alone(masked_folder):
    oracle = Oracle(SPEC, _boxes(masked_folder), shift=4)
    record = evaluate_own.answer(oracle, [CocoSamples(masked_folder)], run_id="own")
    stats = stats_from_predictions(record, "bbox")
    assert stats["AP50"] == pytest.approx(1)
    assert stats["AP75"] == 0


def test_what_the_threshold_of_the_page_gives_is_said_beside_the_best(masked_folder):
    boxes = _boxes(masked_folder)
    beside = boxes + np.float32(20)
    oracle = Oracle(SPEC, np.concatenate([boxes, beside]))  # scores .9, .77, .63 and .5
    lines = evaluate_own.table(evaluate_own.answer(oracle, [CocoSamples(masked_folder)], run_id="own"))
    assert "scores from 0.77 on, where F1 is best: precision 1.000, recall 1.000, F1 1.000" in lines
    assert "as the page shows: precision 0.667, recall 1.000, F1 0.800" in lines


def _change(folder: Path, copy: Path, change: Callable[[list[dict]], list[dict]]) -> Path:
    """A copy of a folder with other annotations."""
    own = Path(shutil.copytree(folder, copy))
    listed = json.loads((own / "annotations.json").read_text())
    listed["annotations"] = change(listed["annotations"])
    (own / "annotations.json").write_text(json.dumps(listed))
    return own


def test_what_is_found_where_nobody_is_counts_against_the_detector(masked_folder, tmp_path):
    oracle = Oracle(SPEC, _boxes(masked_folder))
    own = _change(masked_folder, tmp_path / "own", lambda people: [p for p in people if p["image_id"] > 20])
    record = evaluate_own.answer(oracle, [CocoSamples(own, measuring=True)], run_id="own")
    assert "own: 40 images (20 with nobody), 40 people" in evaluate_own.table(record)
    # Half of what is found is right; the order of equal scores moves AP a little.
    assert stats_from_predictions(record, "bbox")["AP"] == pytest.approx(0.5, abs=0.1)


def test_what_is_found_in_a_crowd_counts_neither_way(masked_folder, tmp_path):
    def crowd(people: list[dict]) -> list[dict]:
        return [person | {"iscrowd": int(place % 4 == 0)} for place, person in enumerate(people)]

    oracle = Oracle(SPEC, _boxes(masked_folder))
    source = CocoSamples(_change(masked_folder, tmp_path / "own", crowd), measuring=True)
    record = evaluate_own.answer(oracle, [source], run_id="own")
    assert record.people == 60
    assert stats_from_predictions(record, "bbox")["AP"] == pytest.approx(1)


def test_sizes_go_by_the_area_of_annotations(masked_folder, tmp_path):
    own = _change(masked_folder, tmp_path / "own", lambda people: [p | {"area": 1025} for p in people])
    oracle = Oracle(SPEC, _boxes(masked_folder))
    record = evaluate_own.answer(oracle, [CocoSamples(own, measuring=True)], run_id="own")
    stats = stats_from_predictions(record, "bbox")
    assert (stats["APs"], stats["APl"]) == (None, None)
    assert stats["APm"] == pytest.approx(1)


def test_masks_are_left_out_where_somebody_has_none(coco_folder):
    record = evaluate_own.answer(Oracle(SPEC, _boxes(coco_folder)), [CocoSamples(coco_folder)], run_id="own")
    assert record.kinds == ("bbox",)
    assert "own: 6 images, 12 people" in evaluate_own.table(record)
    assert "segm" not in evaluate_own.table(record)


def test_a_detector_without_masks_is_measured_in_boxes_alone(masked_folder):
    oracle = Oracle(get_spec("fasterrcnn_mobilenet_v2"), _boxes(masked_folder))
    assert evaluate_own.answer(oracle, [CocoSamples(masked_folder)], run_id="own").kinds == ("bbox",)


def test_one_picture_is_in_memory_at_a_time(masked_folder):
    before, seen = [], []

    class Watched(CocoSamples):
        def load(self, sample_id: str):
            before.append(sum(picture() is not None for picture in seen))
            sample = super().load(sample_id)
            seen.extend(weakref.ref(array) for array in (sample.pixels, sample.masks))
            return sample

    record = evaluate_own.answer(Oracle(SPEC, _boxes(masked_folder)), [Watched(masked_folder)], run_id="own")
    assert record.kinds == ("bbox", "segm")
    assert before == [0] * 40


def test_no_picture_of_a_kind_is_said(coco_folder):
    with pytest.raises(DatasetError, match="no image with people was found"):
        evaluate_own.answer(
            Oracle(SPEC, _boxes(coco_folder)), [CocoSamples(coco_folder, kinds=("none",))], run_id="own"
        )


def test_a_picture_that_is_damaged_is_named_on_a_line_of_its_own(coco_folder, tmp_path, capfd):
    own = shutil.copytree(coco_folder, tmp_path / "own")
    (own / "images" / "picture_1.png").write_bytes(b"")
    assert evaluate_own.main([SPEC.id, "--coco", str(own)]) == 1
    assert capfd.readouterr().err.splitlines()[-1].startswith(f"{own}: images/picture_1.png is not an image")


@pytest.mark.parametrize(("at", "size"), [([], SPEC.min_size), (["--size", "96"], 96), (["--stock"], 800)])
def test_the_size_is_the_one_asked_for(coco_folder, monkeypatch, capsys, at, size):
    asked = []

    def made(spec: ModelSpec, weights: object, *, dtype: str) -> Oracle:
        asked.append(spec)
        return Oracle(spec, _boxes(coco_folder))

    monkeypatch.setattr(evaluate_own, "predictor_of", made)
    assert evaluate_own.main([SPEC.id, "--coco", str(coco_folder), *at]) == 0
    assert [spec.min_size for spec in asked] == [size]
    assert "6 images, 12 people" in capsys.readouterr().out


def test_a_folder_that_is_none_is_named(tmp_path, capsys):
    assert evaluate_own.main([SPEC.id, "--coco", str(tmp_path)]) == 1
    assert "no COCO annotations.json" in capsys.readouterr().err
