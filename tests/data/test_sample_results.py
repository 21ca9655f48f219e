import json
import shutil

import numpy as np
import pytest

from pedviz.data import sample_results as module
from pedviz.data.sample_results import FOLDER, PASSES, load_sample_pass, load_sample_result
from pedviz.data.samples import samples
from pedviz.errors import ResultsError
from pedviz.lessons.photo import DEFAULT_MODEL
from pedviz.models.manifest import available
from pedviz.models.specs import get_spec
from pedviz.paths import samples_folder

MODEL = "maskrcnn_mobilenet_v2_proj256"
OPENED_UP = DEFAULT_MODEL  # of lesson 7
STALE = "run: python -m training.sample_results"


@pytest.mark.parametrize("model_id", available())
def test_every_released_variant_has_its_result_for_every_sample_with_all_masks(model_id):
    weights = available()[model_id].scores_from
    for sample in samples():
        found = load_sample_result(sample, model_id, scores_from=weights)
        assert found is not None, f"{sample.id}: {STALE}"
        assert found.image_size == sample.load().pixels.shape[:2]
        assert len(found) > 0
        assert (found.map_rows >= 0).all() == get_spec(model_id).masks


def test_every_sample_has_its_pass_for_the_lessons():
    weights = available()[OPENED_UP].scores_from
    for sample in samples():
        found = load_sample_pass(sample, OPENED_UP, scores_from=weights)
        assert found is not None, f"{sample.id}: {STALE}"
        assert found["detections"]["image_size"] == list(sample.load().pixels.shape[:2])
        assert load_sample_pass(sample, OPENED_UP, scores_from="0" * 64) is None
    assert len(list((samples_folder() / PASSES).rglob("*.json"))) == len(samples())


def test_nothing_is_stored_of_what_is_not_released():
    stored = {
        path.relative_to(samples_folder() / FOLDER).as_posix() for path in samples_folder().rglob("*.json")
        if FOLDER in path.parts
    }  # fmt: skip
    assert stored == {f"{model_id}/{sample.id}.json" for model_id in available() for sample in samples()}


def test_a_stored_result_is_what_the_network_finds():
    import torch

    from pedviz.inference import load_predictor

    sample = next(sample for sample in samples() if sample.id == "cameraman")
    stored = load_sample_result(sample, MODEL, scores_from=available()[MODEL].scores_from)
    found = load_predictor(MODEL, dtype=torch.float32).detect(sample.load().pixels)
    both = min(len(found), len(stored))
    assert abs(len(found) - len(stored)) <= 2  # those at the score floor depend on the machine
    sure = stored.scores[:both] > 0.5
    np.testing.assert_allclose(found.scores[:both][sure], stored.scores[:both][sure], atol=2e-3)
    np.testing.assert_allclose(found.boxes_xyxy[:both][sure], stored.boxes_xyxy[:both][sure], atol=0.5)
    usual = stored.map_rows[found.ids[found.map_rows >= 0]][0]
    first = found.mask_maps[found.map_rows[found.map_rows >= 0][0]]
    assert np.abs(first.astype(int) - stored.mask_maps[usual]).max() <= 8


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    shutil.copytree(samples_folder() / FOLDER / MODEL, tmp_path / FOLDER / MODEL)
    monkeypatch.setattr(module, "samples_folder", lambda: tmp_path)
    return tmp_path


def test_a_result_of_other_weights_or_of_another_picture_does_not_count(own_folder):
    first, second = samples()[:2]
    weights = available()[MODEL].scores_from
    assert load_sample_result(first, MODEL, scores_from=weights)
    assert load_sample_result(first, MODEL, scores_from="0" * 64) is None
    assert load_sample_result(first, "maskrcnn_resnet50_fpn", scores_from=weights) is None
    folder = own_folder / FOLDER / MODEL
    (folder / f"{second.id}.json").replace(folder / f"{first.id}.json")
    assert load_sample_result(first, MODEL, scores_from=weights) is None


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"boxes": 1}'])
def test_a_damaged_file_names_the_command(own_folder, damage):
    path = own_folder / FOLDER / MODEL / f"{samples()[0].id}.json"
    origin = json.loads(path.read_text())
    path.write_text(damage if damage != '{"boxes": 1}' else json.dumps(origin | {"boxes": 1}))
    with pytest.raises(ResultsError, match=STALE):
        load_sample_result(samples()[0], MODEL, scores_from=available()[MODEL].scores_from)
