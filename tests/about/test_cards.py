"""Oracle: pycocotools, for whom a run finds; the shipped manifest and results, for the rest."""

import json
import shlex
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from pedviz.about.cards import card, failures
from pedviz.about.recipe import commands, in_words
from pedviz.metrics.store import latest_by_spec, load_measured, predictions_of
from pedviz.models.manifest import available
from pedviz.types import DEFAULT_SCORE_THRESHOLD
from tests.metrics.scenes import random_scenes, record_scenes
from training.options import options_of, parser, recipe_from

ENTRIES = available()
each_weight = pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)


@pytest.fixture(scope="module")
def results():
    return load_measured()[0]


def _coco_objects(boxes, image: int, **more) -> list[dict]:
    corners = boxes.astype(float)
    sizes = corners[:, 2:] - corners[:, :2]
    return [
        {"image_id": image, "category_id": 1, "bbox": [*corner, *size], "area": size.prod(), "iscrowd": 0}
        | {key: float(values[place]) for key, values in more.items()}
        for place, (corner, size) in enumerate(zip(corners[:, :2], sizes, strict=True))
    ]


def _found_by_pycocotools(scenes) -> dict[str, int]:
    people, shown = [], []
    for image, (found, truth) in enumerate(scenes, start=1):
        people += _coco_objects(truth.boxes_xyxy, image)
        shown += _coco_objects(found.boxes_xyxy, image, score=found.scores)
    truth = COCO()
    truth.dataset = {
        "images": [{"id": image} for image in range(1, len(scenes) + 1)],
        "annotations": [entry | {"id": place} for place, entry in enumerate(people, start=1)],
        "categories": [{"id": 1}],
        "info": {},
    }
    truth.createIndex()
    kept = [entry for entry in shown if entry["score"] >= np.float32(DEFAULT_SCORE_THRESHOLD)]
    run = COCOeval(truth, truth.loadRes(kept), "bbox")
    run.params.iouThrs, run.params.maxDets = np.array([0.5]), [100]
    run.evaluate()
    found = dict.fromkeys(run.params.areaRngLbl, 0)
    per_size = np.array(run.evalImgs, object).reshape(len(found), -1)
    for size, pictures in zip(found, per_size, strict=True):
        for picture in filter(None, pictures):
            found[size] += int(((picture["dtMatches"][0] > 0) & ~picture["dtIgnore"][0]).sum())
    return found


@pytest.mark.parametrize("seed", range(5))
def test_people_found_are_those_that_pycocotools_matches(seed):
    scenes = random_scenes(seed, count=12)
    told = failures(record_scenes(scenes))
    theirs = _found_by_pycocotools(scenes)
    ours = {entry["size"]: entry["found"] for entry in told["sizes"]}
    assert dict.fromkeys(theirs, 0) | ours == theirs
    shown = sum(int((found.scores >= DEFAULT_SCORE_THRESHOLD).sum()) for found, _ in scenes)
    assert (told["shown"], told["wrong"]) == (shown, shown - theirs["all"])


@each_weight
def test_a_card_says_what_manifest_and_results_say(entry, results):
    made, problems = card(entry, results=results)
    result = latest_by_spec()[entry.spec_id]
    assert problems == []
    assert (made["sha256"], made["bytes"], made["start"]) == (entry.sha256, entry.bytes, entry.start)
    boxes, *_ = made["measured"]["rows"]
    assert boxes["values"][0] == f"{result.stats['bbox']['AP']:.3f}"
    assert [float(end) for end in boxes["interval"]] == pytest.approx(result.intervals["bbox"], abs=5e-4)
    assert made["failures"]["sizes"][0]["people"] == predictions_of(result).people == result.people


@each_weight
def test_the_training_command_is_the_recipe_of_the_weight(entry, results):
    made, _ = card(entry, results=results)
    (command,) = [entry["command"] for entry in made["commands"] if ".train " in entry["command"]]
    options = _parsed(command)
    recipe = recipe_from(options)
    assert options.seed == entry.recipe["seed"]
    for key in set(entry.recipe) - {"seed", "data", "averaged"}:  # the last is done to finished weights
        value = getattr(recipe, key)
        assert (list(value) if isinstance(value, tuple) else value) == entry.recipe[key], key


def _parsed(command: str):
    """What the training command reads, as a shell hands it over."""
    return parser().parse_args(shlex.split(command.replace("\\\n", ""))[3:])


def _training_of(entry) -> dict[str, str]:
    (command,) = [command for command in commands(entry) if ".train " in command["command"]]
    return command


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("--lr 0.003", id="Penn-Fudan alone"),
        pytest.param("--optimiser adamw --seed 2", id="another optimiser"),
        pytest.param("--preset report_a --init coco --size 640 --norm frozen --epochs 2", id="a preset"),
        pytest.param(
            "--init none --init w/start.safetensors --coco a/people-1.zip --coco 'a/my people' "
            "--kinds street,park --rehearse 180 --rehearse-size 384 --batch 4 --regions 64 --threads 1 --amp "
            "--teacher maskrcnn_mobilenet_v2_fpn --seed 3",
            id="rehearsing",
        ),
    ],
)
def test_the_training_command_repeats_the_options_of_the_run(given):
    said = parser().parse_args(["maskrcnn_resnet50_fpn", *shlex.split(given)])
    recipe = json.loads(json.dumps(asdict(recipe_from(said)) | {"seed": said.seed}))
    entry = replace(ENTRIES["maskrcnn_resnet50_fpn"], recipe=recipe, options=options_of(said))
    training = _training_of(entry)
    assert "not recorded" not in training["purpose"]
    assert max(map(len, training["command"].splitlines())) < 110
    assert "/" not in training["command"]
    again = _parsed(training["command"])
    assert recipe_from(again) == recipe_from(said)
    for name in ("preset", "kinds", "rehearse", "rehearse_size", "threads", "amp", "seed"):
        assert getattr(again, name) == getattr(said, name), name
    assert [path.name for path in again.coco] == [path.name for path in said.coco]
    assert again.init == ([Path(start).name for start in said.init] or ["imagenet"])


def test_a_weight_without_recorded_options_says_so():
    entry = replace(ENTRIES["maskrcnn_resnet50_fpn"], options={})
    assert "were not recorded with this weight" in _training_of(entry)["purpose"]


def test_an_averaged_weight_says_how_it_was_averaged():
    entry = ENTRIES["maskrcnn_resnet50_fpn"]
    for recipe in ({"seed": 2}, {"seed": 2, "averaged": 0.25}):
        told = [command["command"] for command in commands(replace(entry, recipe=recipe))]
        averaging = [command for command in told if ".average " in command]
        expected = "python -m training.average BEFORE runs/maskrcnn_resnet50_fpn-s2-... --share 0.25"
        assert averaging == [expected] * ("averaged" in recipe)


@each_weight
def test_the_words_use_every_setting_of_a_recipe(entry):
    words = " ".join(in_words(entry.recipe))
    assert "{" not in words
    left_out = {
        "schedule",
        "step_epochs",
        "norm",
        "optimiser",
        "data",
        "fold",
        "heads",
    }  # said in other words, or elsewhere on the card
    for key in set(entry.recipe) - left_out:
        value = entry.recipe[key]
        assert (str(value).strip("[]")) in words, key


def test_a_recipe_with_few_or_unknown_settings_still_reads():
    assert in_words({"epochs": 3, "batch": 4, "news": 1}) == ["3 passes over the images, 4 at a time."]
    assert in_words({"heads": True}) == ["Proposal network and heads learn along with the pyramid."]
    assert in_words({"heads": False}) == ["Proposal network and heads do not learn."]
    assert in_words({}) == []


@pytest.mark.parametrize(
    ("recorded", "words"),
    [
        ({}, "Stochastic gradient descent"),
        ({"optimiser": "sgd"}, "Stochastic"),
        ({"optimiser": "adamw"}, "AdamW"),
        ({"optimiser": "lion"}, "lion with"),
    ],
)
def test_the_optimiser_is_named_and_was_gradient_descent_where_none_is_recorded(recorded, words):
    (said,) = in_words({"momentum": 0.9, "weight_decay": 0.01, "clip": 0.0, **recorded})
    assert said.startswith(words)


@each_weight
def test_a_weight_without_results_has_a_card(entry):
    made, problems = card(entry, results=[])
    assert (made["measured"], made["failures"], problems) == (None, None, [])


@each_weight
def test_results_of_another_file_are_not_claimed(entry, results):
    others = [result for result in results if result.checkpoint_sha256 != entry.sha256]
    assert card(entry, results=others)[0]["measured"] is None
