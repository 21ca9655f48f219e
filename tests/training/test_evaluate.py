"""Evaluation with a detector whose answers are made up, and once with a real one on real pictures."""

import json
from dataclasses import dataclass, replace
from threading import Event

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from pedviz.data.pennfudan import open_pennfudan, split
from pedviz.download import sha256_of
from pedviz.errors import CheckpointError, DatasetError, MissingCheckpointError, ResultsError
from pedviz.metrics import records, store
from pedviz.metrics.evaluate import coco_stats, stats_from_predictions
from pedviz.models.compact import save_compact
from pedviz.models.specs import ModelSpec, get_spec
from pedviz.types import Timings
from tests.metrics.scenes import make_detections, random_scenes
from training import evaluate as command
from training import measuring
from training.provenance import file_weights, shipped_weights

MODEL_ID = "maskrcnn_mobilenet_v2_fpn"
NAMES = split().test
SCENES = dict(zip(NAMES, random_scenes(9, count=len(NAMES)), strict=True))


class MadeUpPictures:
    """Each picture's first pixel tells the detector which scene it is."""

    def image(self, name):
        pixels = np.zeros((240, 320, 3), np.uint8)
        pixels[0, 0, 0] = NAMES.index(name)
        return pixels

    def ground_truth(self, name):
        return SCENES[name][1]


@dataclass
class MadeUpPredictor:
    """Answers with the scene's detections moved by `shift` pixels, in one second of network time."""

    spec: ModelSpec
    network: torch.nn.Module
    shift: float = 0.0

    @property
    def parameters(self):
        return sum(weight.numel() for weight in self.network.parameters())

    def detect(self, image):
        found = SCENES[NAMES[image[0, 0, 0]]][0]
        moved = make_detections(found.boxes_xyxy + self.shift, found.scores, maps=found.mask_maps)
        return replace(moved, timings=Timings(prepare_seconds=0.5, network_seconds=1.0))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty results folder, a made-up detector and made-up pictures."""
    monkeypatch.setattr(store, "results_folder", lambda: tmp_path)
    monkeypatch.setattr(records, "results_folder", lambda: tmp_path)
    monkeypatch.setattr(command, "open_pennfudan", lambda source: MadeUpPictures())
    monkeypatch.setattr(
        command, "predictor_of", lambda spec, weights, *, dtype: MadeUpPredictor(spec, torch.nn.Linear(3, 2))
    )
    return tmp_path


@pytest.fixture
def weight_file(tmp_path):
    """Weights as training leaves them."""
    facts = {"spec_id": MODEL_ID, "run_id": f"{MODEL_ID}-s3-0123abcd", "seed": 3, "init": "none",
             "recipe": {"epochs": 2, "hidden": 64}, "norm": "frozen", "hidden": 64}  # fmt: skip
    path = tmp_path / "final.safetensors"
    save_file({"weight": torch.zeros(2, 64)}, path, metadata={"pedviz": json.dumps(facts)})
    return path


def view_of(name):
    return SCENES[name][0].view(0.05)


def test_one_command_stores_numbers_predictions_and_provenance(folder, weight_file, capsys):
    status = command.main([MODEL_ID, "--checkpoint", str(weight_file), "--experiment", "hidden"])
    (result,), problems = store.load_measured()
    assert (status, problems) == (0, [])
    expected = coco_stats([view_of(name) for name in NAMES], [SCENES[n][1] for n in NAMES], masks=True)
    assert result.stats == expected
    assert (result.run_id, result.spec_id, result.seed) == (f"{MODEL_ID}-s3-0123abcd", MODEL_ID, 3)
    assert (result.weights, result.shipped, result.experiment) == ("float32", False, "hidden")
    assert result.checkpoint_sha256 == sha256_of(weight_file)
    assert (result.split_sha256, result.images) == (split().sha256, 50)
    assert result.people == sum(len(truth) for _, truth in SCENES.values())
    assert sum(result.people_by_size.values()) >= result.people
    assert result.parameters == 3 * 2 + 2
    assert result.recipe == {"epochs": 2, "hidden": 64, "seed": 3}
    assert result.settings["max_detections"] == 100
    assert set(result.versions) == {"python", "torch", "torchvision", "numpy", "pycocotools"}
    assert result.hardware["cores"] >= 1
    assert result.seconds_per_image == pytest.approx(1.5)
    assert result.outside_network_share == pytest.approx(1 - 50 * 1.5 / result.wall_seconds)
    for kind in ("bbox", "segm"):
        low, high = result.intervals[kind]
        assert low < result.stats[kind]["AP"] < high
    assert store.predictions_of(result).people == result.people
    low, high = result.intervals["bbox"]
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("bbox"))
    assert row.split()[1] == f"{result.stats['bbox']['AP']:.3f}"
    assert row.endswith(f"{low:.3f} to {high:.3f}")


def test_the_next_picture_is_read_while_the_network_looks_at_this_one():
    read = {name: Event() for name in NAMES[:5]}

    class Pictures(MadeUpPictures):
        def ground_truth(self, name):
            read[name].set()
            return super().ground_truth(name)

    class Predictor(MadeUpPredictor):
        def detect(self, image):
            place = image[0, 0, 0]
            waited.append(all(read[name].wait(timeout=30) for name in NAMES[: min(place + 2, 5)]))
            return super().detect(image)

    waited = []
    command.ask(Predictor(get_spec(MODEL_ID), None), Pictures(), names=NAMES[:5])
    assert waited == [True] * 5


def test_compact_and_float32_rows_of_one_run_both_stay(folder, weight_file, tmp_path):
    compact = tmp_path / "compact.safetensors"
    facts = {"spec_id": MODEL_ID, "run_id": f"{MODEL_ID}-s3-0123abcd"}
    save_compact({"weight": torch.ones(2, 64)}, compact, metadata=facts)
    for path in (weight_file, compact):
        assert command.main([MODEL_ID, "--checkpoint", str(path)]) == 0
    results = store.measured_results()
    assert [result.weights for result in results] == ["float32", "compact"]
    assert len({result.run_id for result in results}) == 1
    assert len({store.predictions_of(result).checkpoint_sha256 for result in results}) == 2


@pytest.mark.parametrize(
    "options", [["--size", "480"], ["--limit", "3"], ["--checkpoint", "a"], ["--stock"], ["--data", "b"]]
)
def test_what_only_a_network_can_answer_is_refused_with_stored_predictions(folder, capsys, options):
    with pytest.raises(SystemExit):
        command.main([MODEL_ID, "--from-predictions", *options])
    assert f"there is no use for {options[0]}" in capsys.readouterr().err


def test_numbers_that_cannot_be_stored_are_printed_all_the_same(folder, weight_file, capsys, monkeypatch):
    (folder / "in the way").touch()
    monkeypatch.setattr(command, "predictions_file", lambda name: folder / "in the way" / name)
    assert command.main([MODEL_ID, "--checkpoint", str(weight_file)]) == 1
    printed = capsys.readouterr()
    assert "50 images" in printed.out
    assert "in the way" in printed.err


def test_weights_on_demand_are_those_downloaded(tmp_path, monkeypatch):
    spec = get_spec("maskrcnn_resnet50_fpn_coco")
    monkeypatch.setattr("pedviz.models.coco.cached_file", lambda: tmp_path / "coco.safetensors")
    with pytest.raises(MissingCheckpointError, match="were not downloaded yet"):
        shipped_weights(spec)
    save_file({"weight": torch.zeros(2)}, tmp_path / "coco.safetensors")
    found = shipped_weights(spec)
    assert (found.path.name, found.form, found.shipped) == ("coco.safetensors", "float32", False)


@pytest.mark.parametrize(
    ("at", "size", "longest", "proposals"),
    [(["--stock"], 800, 1333, 1000), (["--size", "600"], 600, 1200, 200)],
)
def test_shipped_weights_at_another_size_are_a_row_of_their_own(
    folder, weight_file, monkeypatch, at, size, longest, proposals
):
    shipped = replace(file_weights(get_spec(MODEL_ID), weight_file), shipped=True, form="compact")
    monkeypatch.setattr(measuring, "shipped_weights", lambda spec: shipped)
    assert command.main([MODEL_ID]) == 0
    assert command.main([MODEL_ID, *at, "--experiment", "size"]) == 0
    usual, other = store.measured_results()
    assert usual.settings["min_size"] == get_spec(MODEL_ID).min_size
    assert (other.settings["min_size"], other.settings["max_size"]) == (size, longest)
    assert (other.settings["proposals"], other.shipped) == (proposals, False)
    assert store.latest_by_spec() == {MODEL_ID: usual}
    assert other.predictions != usual.predictions
    assert store.predictions_of(other).settings == other.settings


@pytest.mark.parametrize(("trial", "images"), [(["--limit", "7"], 7), (["--dtype", "bfloat16"], len(NAMES))])
def test_trial_on_a_few_pictures_or_in_bfloat16_stores_nothing(folder, weight_file, capsys, trial, images):
    assert command.main([MODEL_ID, "--checkpoint", str(weight_file), *trial]) == 0
    printed = capsys.readouterr().out
    assert f"{images} images" in printed
    assert "nothing is stored" in printed
    assert not (folder / "metrics.jsonl").exists()
    assert not (folder / "predictions").exists()


def test_from_predictions_needs_neither_network_nor_data(folder, weight_file, monkeypatch, capsys):
    command.main([MODEL_ID, "--checkpoint", str(weight_file)])
    first = capsys.readouterr().out
    monkeypatch.setattr(command, "open_pennfudan", None)
    monkeypatch.setattr(command, "predictor_of", None)
    assert command.main([f"{MODEL_ID}-s3-0123abcd", "--from-predictions"]) == 0
    assert capsys.readouterr().out == first
    assert len(store.measured_results()) == 1


def test_from_predictions_names_a_number_that_is_not_what_is_stored(folder, weight_file, capsys):
    command.main([MODEL_ID, "--checkpoint", str(weight_file)])
    line = json.loads((folder / "metrics.jsonl").read_text())
    line["stats"]["segm"]["AP75"] += 2e-6
    (folder / "metrics.jsonl").write_text(json.dumps(line))
    assert command.main([line["run_id"], "--from-predictions"]) == 1
    assert "gives segm AP75 0." in capsys.readouterr().err


def test_several_runs_are_compared_in_words(folder, weight_file, capsys):
    command.main([MODEL_ID, "--checkpoint", str(weight_file)])
    again = f"{MODEL_ID}-s3-0123abcd"
    capsys.readouterr()
    assert command.main([again, again, "--from-predictions"]) == 0
    printed = capsys.readouterr().out
    assert (
        f"bbox: {again} and {again} score alike: their difference is exactly 0 on these 50 images." in printed
    )


def test_worse_boxes_are_found_worse(folder, weight_file):
    weights = file_weights(get_spec(MODEL_ID), weight_file)
    right, moved = (
        command.evaluate(
            weights,
            MadeUpPredictor(get_spec(MODEL_ID), torch.nn.Linear(1, 1), shift),
            MadeUpPictures(),
            names=NAMES,
        )[1]
        for shift in (0.0, 6.0)
    )
    assert command.comparisons([moved, right])[0].startswith(f"bbox: {weights.run_id} is better by ")


def test_detector_without_masks_has_a_row_for_boxes_alone(folder, weight_file):
    spec = get_spec("fasterrcnn_mobilenet_v2")
    weights = replace(file_weights(get_spec(MODEL_ID), weight_file), spec_id=spec.id)
    predictor = MadeUpPredictor(spec, torch.nn.Linear(1, 1))
    result, record = command.evaluate(weights, predictor, MadeUpPictures(), names=NAMES)
    assert (result.stats["segm"], result.intervals["segm"], record.kinds) == (None, None, ("bbox",))
    assert "segm" not in command.table(result)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["maskrcnn_resnet101"], "no model 'maskrcnn_resnet101'", id="unknown variant"),
        pytest.param(
            [MODEL_ID, "--checkpoint", "absent.safetensors"], "absent.safetensors is not", id="no file"
        ),
        pytest.param(
            ["maskrcnn_resnext101_32x8d_fpn"], "no weights for 'maskrcnn_resnext101", id="no weights"
        ),
        pytest.param(
            [MODEL_ID, "--from-predictions"], "run: python -m training.evaluate", id="nothing stored"
        ),
    ],
)
def test_mistakes_end_in_one_sentence(arguments, message, folder, capsys):
    assert command.main(arguments) == 1
    assert message in capsys.readouterr().err


def test_one_file_cannot_be_two_variants(folder, capsys):
    with pytest.raises(SystemExit):
        command.main([MODEL_ID, "maskrcnn_resnet50_fpn", "--checkpoint", "a.safetensors"])
    assert "--checkpoint belongs to one variant, got 2" in capsys.readouterr().err


def test_weights_of_another_variant_are_refused(weight_file):
    with pytest.raises(CheckpointError, match=f"belongs to '{MODEL_ID}', not to 'maskrcnn_resnet50_fpn'"):
        file_weights(get_spec("maskrcnn_resnet50_fpn"), weight_file)


def test_variant_without_weights_names_both_ways_out():
    with pytest.raises(MissingCheckpointError, match=r"training\.train .*--checkpoint"):
        shipped_weights(get_spec("maskrcnn_resnext101_32x8d_fpn"))


def test_nothing_stored_is_a_results_error(folder):
    with pytest.raises(ResultsError, match="no evaluation of 'x' is stored"):
        command.evaluate_again("x")


@pytest.mark.data
@pytest.mark.network
def test_stored_predictions_of_a_real_detector_give_pycocotools_numbers():
    try:
        open_pennfudan()
    except DatasetError as absent:
        pytest.skip(str(absent))
    [(result, record)] = command.measure(command.parser().parse_args([MODEL_ID, "--limit", "3"]))
    for kind in ("bbox", "segm"):
        assert stats_from_predictions(record, kind) == pytest.approx(result.stats[kind], abs=1e-9)
    assert [picture.name for picture in record.images] == list(NAMES[:3])
