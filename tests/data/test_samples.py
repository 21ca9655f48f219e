import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pedviz.data import samples as module
from pedviz.data.decoding import MAX_SIDE
from pedviz.data.pennfudan import split
from pedviz.data.samples import CREDITS, Sample, pennfudan_samples, samples
from pedviz.errors import ResultsError
from pedviz.paths import samples_folder

TOTAL_BYTES = 10**6


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.id)
def test_a_sample_opens_and_says_who_made_it(sample: Sample):
    photo = sample.load()
    assert photo.scale_xy == (1.0, 1.0)
    assert min(photo.pixels.shape[:2]) >= 400
    assert sample.title
    assert len(sample.alt) > 40
    assert sample.credit
    assert "CC0" in sample.licence or "ublic domain" in sample.licence


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.id)
def test_the_people_of_a_sample_lie_inside_it(sample: Sample):
    height, width = sample.load().pixels.shape[:2]
    truth = sample.ground_truth()
    boxes = truth.boxes_xyxy
    assert truth.image_size == (height, width)
    assert len(truth) >= 1
    assert (boxes >= 0).all()
    assert (boxes <= [width, height, width, height]).all()
    assert ((boxes[:, 2:] - boxes[:, :2]) > 50).all()


def test_there_are_at_least_three_and_one_shows_several_people():
    ids = [sample.id for sample in samples()]
    assert len(set(ids)) == len(ids) >= 3
    assert len(samples()[0].ground_truth()) >= 3


def test_every_picture_in_the_folder_is_credited_and_small():
    pictures = [path for path in samples_folder().glob("*.*") if path.name != CREDITS]
    assert sorted(pictures) == sorted(sample.path for sample in samples())
    assert sum(path.stat().st_size for path in pictures) < TOTAL_BYTES


def test_the_put_together_picture_is_made_of_the_others():
    together = samples()[0].load().pixels.astype(float)
    for sample, box in zip(_parts(), samples()[0].ground_truth().boxes_xyxy, strict=True):
        own = sample.ground_truth().boxes_xyxy[0]
        x1, y1, x2, y2 = box.astype(int)
        part = Image.fromarray(sample.load().pixels).crop(tuple(own.tolist())).resize((x2 - x1, y2 - y1))
        assert np.abs(together[y1:y2, x1:x2] - np.asarray(part)).mean() < 12


def _parts() -> list[Sample]:
    by_id = {sample.id: sample for sample in samples()}
    return [by_id[name] for name in ("astronaut", "cameraman", "grace-hopper")]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="missing"),
        pytest.param("[{", id="cut-off"),
        pytest.param(json.dumps([{"id": "a"}]), id="without-credit"),
        pytest.param("[1]", id="no-records"),
    ],
)
def test_damaged_credits_are_said_plainly(tmp_path: Path, monkeypatch, content):
    monkeypatch.setattr(module, "samples_folder", lambda: tmp_path)
    if content is not None:
        (tmp_path / CREDITS).write_text(content)
    with pytest.raises(ResultsError, match=r"credits\.json cannot be read: .*; restore it"):
        samples()


def test_without_penn_fudan_there_are_only_our_own(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("PEDVIZ_DATA", str(tmp_path))
    assert pennfudan_samples() == ()


@pytest.mark.data
def test_penn_fudans_test_pictures_come_with_their_people():
    found = pennfudan_samples()
    if not found:
        pytest.skip("no Penn-Fudan here: set PEDVIZ_DATA")
    assert tuple(sample.id for sample in found) == split().test
    for sample in found[::10]:
        photo, truth = sample.load(), sample.ground_truth()
        assert photo.name == f"{sample.id}.png"
        assert photo.pixels.shape[:2] == truth.image_size == photo.original_size
        assert truth.masks.any(axis=(1, 2)).all()
        assert max(truth.image_size) <= MAX_SIDE
