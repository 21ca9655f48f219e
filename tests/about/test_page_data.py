import json
import re
import shutil

import pytest

from pedviz import paths
from pedviz.about.page import page_data
from pedviz.about.references import REFERENCES
from pedviz.models.manifest import available, write_manifest


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Copies of the manifest and the results, to damage."""
    for name in ("checkpoints", "results"):
        shutil.copytree(paths.ASSETS / name, tmp_path / name, ignore=shutil.ignore_patterns("*.safetensors"))
    monkeypatch.setenv("PEDVIZ_CHECKPOINTS", str(tmp_path / "checkpoints"))
    for user in ("pedviz.metrics.store", "pedviz.metrics.records"):
        monkeypatch.setattr(f"{user}.results_folder", lambda: tmp_path / "results")
    return tmp_path


def test_nothing_is_wrong_with_what_is_shipped():
    data = page_data()
    assert data["problems"] == []
    assert {card["id"] for card in data["cards"]} == set(available())
    assert set(data["sections"]) >= {"purpose", "data", "limits", "reproduce", "privacy", "licences"}
    assert data["licences"]["code"].startswith("MIT License")
    json.dumps(data, allow_nan=False)


def test_a_new_weight_gets_a_card_by_being_listed(folders):
    entries = available()
    first = next(iter(entries.values()))
    new = type(first)(**{**vars(first), "spec_id": "maskrcnn_resnet18_fpn", "sha256": "f" * 64})
    write_manifest({**entries, new.spec_id: new})
    added = next(card for card in page_data()["cards"] if card["id"] == new.spec_id)
    assert (added["label"], added["measured"]) == ("ResNet-18 FPN", None)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        pytest.param("checkpoints/manifest.json", "[{", "manifest.json cannot be read", id="manifest"),
        pytest.param("checkpoints/manifest.json", '{"a": 1}', "manifest.json cannot", id="no list"),
        pytest.param("checkpoints/manifest.json", None, "manifest.json is missing", id="no manifest"),
        pytest.param("checkpoints/LICENSE.md", None, "LICENSE.md cannot be read", id="no licence"),
        pytest.param("results/metrics.jsonl", "{}\n[", "metrics.jsonl line 2", id="results"),
        pytest.param("results/metrics.jsonl", None, "metrics.jsonl is missing", id="no results"),
        pytest.param("results/metrics.jsonl", b"\xff\xfe", "metrics.jsonl line 1", id="no text"),
    ],
)
def test_a_file_that_is_wrong_is_named_and_the_rest_is_there(folders, file, content, said):
    path = folders / file
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    data = page_data()
    assert any(said in problem for problem in data["problems"])
    assert not any(str(folders) in problem for problem in data["problems"])
    assert data["references"]
    assert data["sections"]


def test_lost_predictions_cost_only_the_misses(folders):
    shutil.rmtree(folders / "results" / "predictions")
    data = page_data()
    assert len(data["problems"]) == len(data["cards"])
    assert all(card["measured"] and not card["failures"] for card in data["cards"])
    assert not any(str(folders) in problem for problem in data["problems"])


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda reference: reference.key)
def test_bibtex_is_well_formed_and_ascii(reference):
    entry = reference.bibtex
    assert entry.isascii()
    assert entry.count("{") == entry.count("}")
    head, *fields, tail = entry.split("\n")
    assert re.fullmatch(r"@(inproceedings|article|book)\{[a-z]+\d{4}[a-z0-9]+,", head)
    assert tail == "}"
    assert all(re.fullmatch(r"  [a-z]+ = \{.+\},?", field) for field in fields)
    assert str(reference.year) in head
    assert fields[0].count(" and ") == len(reference.authors) - 1
