"""The benchmark command: what it says of several variants, and where it cannot measure anything."""

import pytest

from training.benchmark import TOGETHER, main, together


@pytest.fixture(autouse=True)
def _nothing_at_hand(tmp_path, monkeypatch):
    monkeypatch.setenv("PEDVIZ_DATA", str(tmp_path))
    monkeypatch.setenv("PEDVIZ_CHECKPOINTS", str(tmp_path))


@pytest.mark.parametrize("name", ["detect", "train"])
def test_without_penn_fudan_a_sentence_says_how_to_get_it(name, capsys):
    assert main([name]) == 1
    assert capsys.readouterr().err.endswith("run: python -m pedviz data download\n")


@pytest.mark.parametrize(
    ("model_id", "said"),
    [("maskrcnn_resnet50_fpn", "no weights for 'maskrcnn_resnet50_fpn' here"), ("yolo", "'yolo'")],
)
def test_a_model_that_is_not_here_is_named(model_id, said, capsys):
    assert main(["load", "--models", model_id]) == 1
    assert said in capsys.readouterr().err


def test_a_manifest_that_cannot_be_read_is_named(tmp_path, capsys):
    (tmp_path / "manifest.json").write_text("[{")
    assert main(["load"]) == 1
    assert "manifest.json cannot be read" in capsys.readouterr().err


def test_no_threads_at_all_are_refused(capsys):
    with pytest.raises(SystemExit):
        main(["load", "--threads", "0"])
    assert "expected 1 or more, got 0" in capsys.readouterr().err


def test_three_on_one_photo_are_compared_with_the_first_alone_in_stock():
    medians = dict(zip(TOGETHER, [(0.5, 4.0), (0.3, 3.0), (0.2, 2.0)], strict=True))
    assert "ours 1.000 s, maskrcnn_resnet50_fpn alone in stock 4.000 s, 4.00 times" in together(medians)
    del medians[TOGETHER[1]]
    assert together(medians) == ""
