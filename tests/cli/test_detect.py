"""`python -m pedviz detect`, with a predictor made for the test, and once with the real weights."""

import csv
import errno
import io
import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pycocotools.coco import COCO

from pedviz import inference
from pedviz.__main__ import main
from pedviz.errors import DownloadError
from pedviz.models.specs import SPECS, get_spec
from pedviz.paths import samples_folder
from pedviz.types import MAP_SIZE, Detections
from tests.metrics.scenes import make_detections

LARGE, SMALL = SPECS[0].id, SPECS[1].id
(COCO_ID,) = (spec.id for spec in SPECS if spec.on_demand)


class FakePredictor:
    """Sees two people at fixed places of every image; a third overlaps the first and has no map yet."""

    def __init__(self, model_id: str) -> None:
        self.spec = get_spec(model_id)

    def detect(self, image: np.ndarray, *, cancelled: object = None) -> Detections:
        height, width = image.shape[:2]
        shares = np.array([[0.1, 0.2, 0.4, 0.9], [0.6, 0.1, 0.9, 0.8], [0.1, 0.2, 0.4, 0.7]])
        maps = np.full((3, MAP_SIZE, MAP_SIZE), 150, np.uint8)
        everyone = make_detections(
            shares * (width, height, width, height), [0.95, 0.85, 0.82], maps=maps, size=(height, width)
        )
        return replace(everyone, map_rows=np.array([0, 1, -1]))

    def add_maps(
        self, image: np.ndarray, detections: Detections, *, ids: np.ndarray, cancelled: object = None
    ) -> Detections:
        if len(detections) > 3:  # of tiles
            return detections
        return replace(detections, map_rows=np.where(np.isin(np.arange(3), ids), np.arange(3), -1))


@pytest.fixture
def fake(monkeypatch):
    """Every variant is a `FakePredictor`; gives the ids that were loaded."""
    loaded = []

    def load_predictor(model_id: str) -> FakePredictor:
        loaded.append(model_id)
        return FakePredictor(model_id)

    monkeypatch.setattr("pedviz.inference.load_predictor", load_predictor)
    return loaded


@pytest.fixture
def photo(tmp_path) -> Path:
    return _photo(tmp_path / "street.png")


def _photo(path: Path, size: tuple[int, int] = (200, 100)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.effect_noise(size, 40).convert("RGB").save(path)
    return path


def _detect(*arguments: object, models: str = LARGE) -> int:
    return main(["detect", *map(str, arguments), "--models", models])


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))


def test_detect_writes_a_picture_a_model_and_one_json_and_table(fake, photo, tmp_path, capsys):
    out = tmp_path / "found"
    assert _detect(photo, "--out", out, models=f"{LARGE},{SMALL}") == 0
    assert {path.name for path in out.iterdir()} == {
        f"street.{LARGE}.png", f"street.{SMALL}.png", "street.json", "people.csv",
    }  # fmt: skip
    drawn = np.asarray(Image.open(out / f"street.{SMALL}.png"))
    assert drawn.shape == (100, 200, 3)
    assert not np.array_equal(drawn, np.asarray(Image.open(photo)))
    truth = COCO(str(out / "street.json"))
    listed = json.loads((out / "street.json").read_text("utf-8"))["results"]
    assert [len(truth.loadRes(listed[model]["segm"]).anns) for model in (LARGE, SMALL)] == [2, 2]
    assert [row["model"] for row in _rows(out / "people.csv")] == [LARGE, LARGE, SMALL, SMALL]
    assert "street.png, 200 x 100 pixels" in capsys.readouterr().out


def test_the_printed_table_holds_every_person(fake, photo, capsys):
    assert _detect(photo) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[1].startswith(f"  {LARGE}: 2 people in ")
    assert [line.split() for line in printed[2:5]] == [
        ["person", "score", "x1", "y1", "x2", "y2"],
        ["1", "0.9500", "20.0", "20.0", "80.0", "90.0"],
        ["2", "0.8500", "120.0", "10.0", "180.0", "80.0"],
    ]


def test_without_out_nothing_is_written(fake, photo, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert _detect(photo) == 0
    assert list(tmp_path.iterdir()) == [photo]


def test_a_bad_file_is_named_and_does_not_stop_the_others(fake, tmp_path, capsys):
    first, last = _photo(tmp_path / "a.png"), _photo(tmp_path / "c.png")
    bad, absent = tmp_path / "b.jpg", tmp_path / "nowhere.jpg"
    bad.write_bytes(b"not an image")
    assert _detect(first, bad, absent, last, "--out", tmp_path / "out") == 1
    said = capsys.readouterr()
    assert f"{bad}: b.jpg is not an image" in said.err
    assert f"{absent}: nowhere.jpg could not be read" in said.err
    assert "2 of 4 photos have no results" in said.err
    assert {path.stem for path in (tmp_path / "out").glob("*.json")} == {"a", "c"}
    assert [row["photo"] for row in _rows(tmp_path / "out" / "people.csv")] == [str(first)] * 2 + [
        str(last)
    ] * 2


def test_many_photos_show_a_progress_bar_on_stderr_and_one_does_not(fake, photo, capsys):
    assert _detect(photo, photo, photo) == 0
    assert "3/3" in capsys.readouterr().err
    assert _detect(photo) == 0
    assert capsys.readouterr().err == ""


def test_photos_of_one_name_overwrite_nothing(fake, tmp_path):
    out = tmp_path / "out"
    photos = [_photo(tmp_path / folder / "street.png", (200 + 20 * i, 100)) for i, folder in enumerate("abc")]
    assert _detect(*photos, "--out", out) == 0
    sizes = {path.stem: json.loads(path.read_text("utf-8"))["images"][0] for path in out.glob("*.json")}
    assert {stem: image["width"] for stem, image in sizes.items()} == {
        "street": 200, "street-2": 220, "street-3": 240,
    }  # fmt: skip
    assert sorted(image["id"] for image in sizes.values()) == [1, 2, 3]
    assert {image["file_name"] for image in sizes.values()} == set(map(str, photos))
    assert {row["photo"] for row in _rows(out / "people.csv")} == set(map(str, photos))


def test_a_second_run_overwrites_nothing(fake, photo, tmp_path):
    out = tmp_path / "out"
    assert _detect(photo, "--out", out) == 0
    before = {path: path.read_bytes() for path in out.iterdir()}
    assert _detect(photo, "--out", out, "--score", "0.9") == 0
    assert all(path.read_bytes() == content for path, content in before.items())
    assert len(list(out.iterdir())) == 2 * len(before)


def test_coordinates_are_in_pixels_of_the_original(fake, tmp_path):
    wide = tmp_path / "wide.png"
    Image.new("RGB", (2666, 1000), "grey").save(wide)
    assert _detect(wide, "--out", tmp_path / "out") == 0
    export = json.loads((tmp_path / "out" / "wide.json").read_text("utf-8"))
    assert (export["images"][0]["width"], export["images"][0]["height"]) == (2666, 1000)
    expected = [266.6, 200, 799.8, 700]
    np.testing.assert_allclose(export["results"][LARGE]["bbox"][0]["bbox"], expected, atol=0.01)
    assert export["results"][LARGE]["segm"][0]["segmentation"]["size"] == [1000, 2666]


def _scores_and_areas(folder: Path) -> list[tuple[float, int]]:
    return [(float(row["score"]), int(row["mask_area"])) for row in _rows(folder / "people.csv")]


@pytest.mark.parametrize(
    ("options", "scores", "masks"),
    [
        pytest.param((), [0.95, 0.85], True, id="defaults"),
        pytest.param(("--score", "0.9"), [0.95], True, id="score"),
        pytest.param(("--nms", "0.9"), [0.95, 0.85, 0.82], True, id="looser-nms-gets-its-masks"),
        pytest.param(("--mask", "0.6"), [0.95, 0.85], False, id="mask"),
        pytest.param(("--style", "report_a"), [0.95, 0.85], False, id="report-a-has-its-own-mask-threshold"),
        pytest.param(("--style", "report_a", "--mask", "0.5"), [0.95, 0.85], True, id="named-mask-threshold"),
    ],
)
def test_thresholds_decide_who_is_exported(fake, photo, tmp_path, options, scores, masks):
    assert _detect(photo, "--out", tmp_path / "out", *options) == 0
    found = _scores_and_areas(tmp_path / "out")
    assert [score for score, _ in found] == scores
    assert all((area > 0) is masks for _, area in found)


def test_nobody_above_the_threshold_says_so_with_the_best_score(fake, photo, tmp_path, capsys):
    assert _detect(photo, "--score", "0.99", "--out", tmp_path / "out") == 0
    assert "nobody above 0.99" in (said := capsys.readouterr().out)
    assert "the best score is 0.9500" in said
    assert _rows(tmp_path / "out" / "people.csv") == []


def test_a_variant_named_twice_runs_once(fake, photo):
    assert _detect(photo, models=f"{SMALL}, {LARGE},{SMALL}") == 0
    assert fake == [SMALL, LARGE]


def test_the_default_variant_is_the_first_with_weights(fake, photo, checkpoints):
    assert main(["detect", str(photo)]) == 0
    assert fake == [SMALL]


def test_an_unknown_variant_stops_before_anything_happens(fake, photo, tmp_path, capsys):
    assert _detect(photo, "--out", tmp_path / "out", models=f"{LARGE},yolo") == 2
    assert "no model 'yolo'; known: maskrcnn_resnet50_fpn," in capsys.readouterr().err
    assert fake == []
    assert not (tmp_path / "out").exists()


def test_a_variant_without_weights_names_the_training_command(photo, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PEDVIZ_CHECKPOINTS", str(tmp_path))
    inference._load.cache_clear()  # another test of this process may have loaded the weights
    assert _detect(photo) == 2
    assert f"python -m training.train {LARGE}" in capsys.readouterr().err
    assert main(["detect", str(photo)]) == 2
    assert "no variant has weights here" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_named(fake, photo, capsys):
    assert _detect(photo, "--out", photo) == 2
    assert f"results cannot go to {photo}: File exists" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["1.5", "-0.1", "half", "nan"])
def test_a_threshold_that_is_no_share_is_refused(photo, value, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["detect", str(photo), f"--score={value}"])
    assert f"expected a number from 0 to 1, got '{value}'" in capsys.readouterr().err


def test_a_file_name_cannot_steer_the_terminal(fake, tmp_path, capsys):
    name = "\x1b[2J\x07\u202egnp.png"
    assert _detect(_photo(tmp_path / name), tmp_path / f"{name}.jpg", "--out", tmp_path / "out") == 1
    said = capsys.readouterr()
    assert not {"\x1b", "\x07", "\u202e"} & set(said.out + said.err.replace("\x1b[A", ""))


def test_a_very_long_file_name_still_gets_its_results(fake, tmp_path):
    assert _detect(_photo(tmp_path / ("通" * 80 + ".png")), "--out", tmp_path / "out") == 0
    assert len(list((tmp_path / "out").glob("通*.png"))) == 1


def test_a_photo_whose_results_cannot_be_written_does_not_stop_the_others(
    fake, tmp_path, monkeypatch, capsys
):
    """As on a disk that is full for a while: nothing half is left, and the exit status tells."""
    first, last, out = _photo(tmp_path / "a.png"), _photo(tmp_path / "b.png"), tmp_path / "out"
    write = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.name == f"a.{LARGE}.png":
            write(path, content[:5])
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    assert _detect(first, last, "--out", out) == 1
    assert f"{first}: its results: No space left on device" in capsys.readouterr().err
    assert {path.name for path in out.iterdir()} == {"b.json", f"b.{LARGE}.png", "people.csv"}
    assert {row["photo"] for row in _rows(out / "people.csv")} == {str(last)}


@pytest.mark.network
def test_a_reader_that_has_gone_loses_no_files(tmp_path):
    """In a process of its own, as in a shell; the terminal knows Latin-1 and the locale ASCII."""
    photos = [str(_photo(tmp_path / f"{name}.png")) for name in ("a", "通")]
    code = (
        "import sys, pedviz.inference, tests.cli.test_detect as t; from pedviz.__main__ import main;"
        "pedviz.inference.load_predictor = t.FakePredictor; sys.exit(main(sys.argv[1:]))"
    )
    arguments = ["detect", *photos, "--models", LARGE, "--out", str(tmp_path / "out")]
    ascii_alone = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    running = subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONIOENCODING": "latin-1"} | ascii_alone, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    running.stdout.close()
    said = running.stderr.read().decode()
    running.stderr.close()
    assert running.wait(timeout=120) == 0
    assert "Traceback" not in said
    assert "Exception" not in said
    written = {path.stem: json.loads(path.read_text("utf-8")) for path in (tmp_path / "out").glob("*.json")}
    assert {stem: coco["images"][0]["file_name"] for stem, coco in written.items()} == {
        "a": photos[0], "通": photos[1],
    }  # fmt: skip


def test_a_disk_that_is_full_of_what_is_printed_loses_no_files(fake, tmp_path, monkeypatch, capsys):
    photos = [_photo(tmp_path / f"{name}.png") for name in "ab"]
    with Path("/dev/full").open("w") as full:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", full)
            assert _detect(*photos, "--out", tmp_path / "out") != 0
        with suppress(OSError):
            full.close()
    assert {path.stem for path in (tmp_path / "out").glob("*.json")} == {"a", "b"}
    assert f"{photos[1]}: its results: No space left on device" in capsys.readouterr().err


def test_a_terminal_that_is_closed_ends_no_command(fake, photo, tmp_path, monkeypatch):
    for stream in ("stdout", "stderr"):
        monkeypatch.setattr(sys, stream, None)
    assert _detect(photo, tmp_path / "none.png", "--out", tmp_path / "out") == 1
    for stream in (sys.stdout, sys.stderr):
        stream.close()
    assert (tmp_path / "out" / "street.json").exists()


def test_tiles_look_closer_and_say_how_far_they_are(fake, tmp_path, capsys):
    wide = _photo(tmp_path / "wide.png", (2000, 800))
    wide.write_bytes(wide.read_bytes()[:-100_000])  # cut off, and shown all the same
    assert _detect(wide, "--tiles", "--nms", "0.95", "--out", tmp_path / "out") == 0
    assert f"{LARGE}, tiles" in capsys.readouterr().err
    assert len(_rows(tmp_path / "out" / "people.csv")) > 3


def test_interrupting_ends_without_a_traceback(photo, monkeypatch):
    def interrupted(_: str) -> FakePredictor:
        raise KeyboardInterrupt

    monkeypatch.setattr("pedviz.inference.load_predictor", interrupted)
    assert _detect(photo) == 130


def test_weights_on_demand_are_fetched_with_a_progress_bar_before_they_load(fake, photo, monkeypatch, capsys):
    def ensure_downloaded(*, progress) -> None:
        assert fake == []
        progress(178_000_000, 178_000_000)

    monkeypatch.setattr("pedviz.models.coco.ensure_downloaded", ensure_downloaded)
    assert _detect(photo, models=COCO_ID) == 0
    assert f"{COCO_ID}: 100%" in capsys.readouterr().err
    assert fake == [COCO_ID]


def test_weights_that_cannot_be_fetched_stop_the_command_with_one_sentence(fake, photo, monkeypatch, capsys):
    def ensure_downloaded(*, progress) -> None:
        raise DownloadError("the server cannot be reached")

    monkeypatch.setattr("pedviz.models.coco.ensure_downloaded", ensure_downloaded)
    assert _detect(photo, models=COCO_ID) == 2
    assert "pedviz: the server cannot be reached" in capsys.readouterr().err


@pytest.mark.network
def test_the_real_command_finds_people_with_the_shipped_weights(tmp_path):
    """One real run in a process of its own, with real weights on a sample image."""
    person = samples_folder() / "grace-hopper.webp"
    command = [
        sys.executable,
        "-m",
        "pedviz",
        "detect",
        str(person),
        "--models",
        SMALL,
        "--out",
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (first, *_) = _rows(tmp_path / "people.csv")
    assert float(first["score"]) > 0.5
    assert int(first["mask_area"]) > 0.1 * float(first["box_area"])
