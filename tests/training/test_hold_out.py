import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from pedviz.cli.terminal import CANNOT_START, guarded
from pedviz.errors import ResultsError
from pedviz.metrics.people import measure_people, people_results, store_people
from pedviz.metrics.records import ImageRecord, PredictionRecord
from training.hold_out import deal, main
from training.sources import CocoSamples


def _names(folder) -> set[str]:
    return {image["file_name"] for image in json.loads((folder / "annotations.json").read_text())["images"]}


def test_every_photo_lands_in_one_part_with_its_people(coco_folder, tmp_path, capsys):
    out = tmp_path / "parts"
    assert main([str(coco_folder), "--out", str(out), "--photos", "2"]) == 0
    parts = {name: CocoSamples(out / name) for name in ("held", "calibrate", "train")}
    assert [len(part.ids) for part in parts.values()] == [2, 2, 2]
    source = CocoSamples(coco_folder)
    assert set().union(*(part.ids for part in parts.values())) == set(source.ids)
    for part in parts.values():
        for name in part.ids:
            expected, got = source.load(name), part.load(name)
            np.testing.assert_array_equal(got.pixels, expected.pixels)
            np.testing.assert_array_equal(got.boxes, expected.boxes)
            assert (got.masks is None) == (expected.masks is None)
    assert guarded(lambda: main([str(coco_folder), "--out", str(out)])) == CANNOT_START
    assert "is not empty" in capsys.readouterr().err
    again = shutil.copytree(coco_folder, tmp_path / "again")
    assert guarded(lambda: main([str(coco_folder), str(again), "--out", str(tmp_path / "b")])) == CANNOT_START
    assert "6 photos have a name that another has" in capsys.readouterr().err
    unknown = [str(coco_folder), "--held-from", "other", "--out", str(tmp_path / "c")]
    assert guarded(lambda: main(unknown)) == CANNOT_START


def test_kinds_that_are_not_named_are_learned_from(coco_folder, tmp_path):
    assert main([str(coco_folder), "--out", str(tmp_path / "p"), "--photos", "1", "--kinds", "k0"]) == 0
    left_out = _names(tmp_path / "p" / "held") | _names(tmp_path / "p" / "calibrate")
    assert len(left_out) == 2
    kinds = {image.file_name: image.kind for image in CocoSamples(coco_folder).truth.images}
    assert {kinds[name] for name in left_out} == {"k0"}


def test_a_photo_stays_in_its_part_when_others_follow_it():
    some = [f"{number}.jpg" for number in range(40)]
    first = deal(some, photos=5, may_be_held=set(some))
    assert sorted(first) == sorted(some)
    assert deal(some[::-1], photos=5, may_be_held=set(some)) == first
    only = deal(some, photos=5, may_be_held=set(some[:5]))
    assert {name for name, part in only.items() if part == "held"} == set(some[:5])


def _record(*, sure: bool) -> PredictionRecord:
    """Ten photos with one person each; the detector finds those of kind "a" and misses those of "b"."""
    pictures = tuple(
        ImageRecord(
            name=f"{'ab'[place % 2]}/{place}.jpg",
            image_size=(50, 50),
            scores=np.array([0.9 if sure else 0.5], np.float32),
            boxes_xyxy=np.array([[0, 0, 20, 40]], np.float32),
            people_areas=np.array([800.0]),
            box_ious=np.array([[0.8 if place % 2 == 0 else 0.1]]),
        )
        for place in range(10)
    )
    return PredictionRecord(
        run_id="r",
        spec_id="maskrcnn_mobilenet_v2_lite",
        checkpoint_sha256="c",
        split_sha256="s",
        images=pictures,
    )


def test_the_table_is_by_kind_and_comes_back_from_its_file(tmp_path, monkeypatch):
    monkeypatch.setattr("pedviz.metrics.people.results_folder", lambda: tmp_path)
    assert people_results() == {}
    result = measure_people(_record(sure=False))
    assert list(result.kinds) == ["all", "a", "b"]
    assert result.kinds["a"].ap50.value == 1
    assert result.kinds["b"].ap50.value == 0
    assert result.kinds["a"].ap.value == pytest.approx(0.7)  # seven of ten thresholds are at most .8
    row = result.kinds["all"].ap50
    assert (row.images, row.objects) == (10, 10)
    assert row.low < row.value < row.high
    assert result.calibration_error == pytest.approx(0, abs=1e-6)  # half of them are right, as the score says
    assert measure_people(_record(sure=True)).calibration_error == pytest.approx(0.4)
    store_people(result)
    store_people(replace(result, spec_id="other"))
    assert people_results() == {result.spec_id: result, "other": replace(result, spec_id="other")}
    (tmp_path / "people.json").write_text("[{}]")
    with pytest.raises(ResultsError, match=r"people\.json"):
        people_results()
