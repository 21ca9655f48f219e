"""`python -m pedviz models`, `doctor` and `data`."""

from importlib import metadata
from pathlib import Path

import pytest

from pedviz.__main__ import main
from pedviz.errors import DownloadError
from pedviz.models.specs import SPECS

LARGE, SMALL = SPECS[0].id, SPECS[1].id
(COCO_ID,) = (spec.id for spec in SPECS if spec.on_demand)


def _lines(capsys) -> dict[str, list[str]]:
    return {line.split()[0]: line.split() for line in capsys.readouterr().out.splitlines()}


def test_models_lists_every_variant_with_the_state_of_its_weights(checkpoints, capsys):
    assert main(["models"]) == 0
    lines = _lines(capsys)
    assert [spec.id for spec in SPECS if spec.id in lines] == [spec.id for spec in SPECS]
    assert {"verified", "1.5", "MB", "22,040,795"} <= set(lines[SMALL])
    assert "none" in lines[LARGE]


@pytest.mark.parametrize(("bytes_here", "state"), [(None, "demand"), (2_000_000, "downloaded")], ids=str)
def test_models_says_whether_weights_on_demand_are_here(tmp_path, monkeypatch, capsys, bytes_here, state):
    monkeypatch.setenv("PEDVIZ_CACHE", str(tmp_path))
    if bytes_here:
        (tmp_path / f"{COCO_ID}.safetensors").write_bytes(b"x" * bytes_here)
    assert main(["models"]) == 0
    assert state in _lines(capsys)[COCO_ID]


def test_models_shows_damaged_weights(checkpoints, capsys):
    (checkpoints / "small.safetensors").write_bytes(b"y" * 1_500_000)
    assert main(["models"]) == 0
    assert "damaged" in _lines(capsys)[SMALL]


def test_doctor_is_content_with_whole_weights(checkpoints, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("PEDVIZ_DATA", str(tmp_path / "nowhere"))
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert f"numpy{' ' * 20}" in said
    assert metadata.version("torch") in said
    assert "verified, 1.5 MB" in said
    assert "gap Penn-Fudan" in said
    assert "python -m pedviz data download" in said


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        pytest.param(
            lambda f: (f / "small.safetensors").write_bytes(b"y"), "is not the file of the", id="other"
        ),
        pytest.param(
            lambda f: (f / "small.safetensors").unlink(), "small.safetensors is missing", id="missing"
        ),
        pytest.param(
            lambda f: (f / "manifest.json").write_text("{"), "manifest.json cannot be read", id="manifest"
        ),
        pytest.param(lambda f: (f / "manifest.json").unlink(), "python -m training.train", id="none"),
    ],
)
def test_doctor_says_what_is_wrong_with_weights(checkpoints, capsys, damage, message):
    damage(checkpoints)
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert message in said
    assert "1 bad" in said


@pytest.mark.parametrize(("package", "status"), [("torch", 1), ("gradio", 0)], ids=["needed", "optional"])
def test_doctor_says_how_to_install_what_is_missing(checkpoints, monkeypatch, capsys, package, status):
    real = metadata.version

    def version(name: str) -> str:
        if name == package:
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(metadata, "version", version)
    assert main(["doctor"]) == status
    assert "pip install -r requirements.txt" in capsys.readouterr().out


def test_download_shows_its_progress_and_says_where_the_archive_is(monkeypatch, tmp_path, capsys):
    def download(destination: Path, *, progress, checking) -> Path:
        assert destination == tmp_path
        for done in (512_000, 1_024_000):
            progress(done, 1_024_000)
        checking(170, 170)
        return destination / "PennFudanPed.zip"

    monkeypatch.setattr("pedviz.cli.data.download", download)
    assert main(["data", "download", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert "100%" in said.err
    assert "170/170" in said.err
    assert f"{tmp_path / 'PennFudanPed.zip'} is here and whole" in said.out


def test_a_failed_download_is_one_sentence(monkeypatch, tmp_path, capsys):
    def download(destination: Path, *, progress, checking) -> None:
        raise DownloadError("the server did not answer")

    monkeypatch.setattr("pedviz.cli.data.download", download)
    assert main(["data", "download", str(tmp_path)]) == 2
    assert "pedviz: the server did not answer" in capsys.readouterr().err


@pytest.mark.data
def test_the_archive_checks_as_whole(capsys):
    assert main(["data", "check"]) == 0
    said = capsys.readouterr()
    assert "is whole: 170 images" in said.out
    assert "170/170" in said.err


def test_a_missing_archive_is_one_sentence(tmp_path, capsys):
    assert main(["data", "check", str(tmp_path)]) == 2
    assert "no Penn-Fudan at" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["data"], ["detect"], ["paint"]], ids=str)
def test_an_incomplete_command_shows_how_it_is_used(arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "usage: python -m pedviz" in capsys.readouterr().err
