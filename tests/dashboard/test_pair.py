"""Two variants compared as the page asks for it."""

from dataclasses import replace
from itertools import pairwise

import pytest

from pedviz.dashboard.analyses import build_analyses
from pedviz.dashboard.pair import answer, compare, measured_run
from pedviz.dashboard.rows import label_of
from pedviz.dashboard.stored import Stored, read_stored
from pedviz.dashboard.verdicts import build_verdicts
from pedviz.errors import ResultsError
from pedviz.metrics.bootstrap import paired_difference
from pedviz.metrics.records import KINDS
from pedviz.metrics.store import latest_by_spec, predictions_of

SHIPPED = latest_by_spec()


def _difference(first, second):
    return compare(read_stored(), first=first, second=second)["by_kind"]["bbox"]["difference"]["AP"]


def _pair():
    first, second, *_ = SHIPPED
    return compare(read_stored(), first=first, second=second)


@pytest.mark.parametrize("spec_id", SHIPPED)
def test_a_variant_against_itself_differs_by_exactly_nothing(spec_id):
    for kind in compare(read_stored(), first=spec_id, second=spec_id)["by_kind"].values():
        found = kind["difference"]["AP"]
        assert (found["value"], found["low"], found["high"]) == (0, 0, 0)
        assert "exactly 0" in found["sentence"]
        assert kind["disagreement"]["images"] == []


@pytest.mark.parametrize(("first", "second"), list(pairwise(SHIPPED)))
def test_the_difference_is_that_of_the_stored_predictions(first, second):
    found = _difference(first, second)
    records = [predictions_of(SHIPPED[spec_id]) for spec_id in (first, second)]
    expected = paired_difference(*records, kind="bbox")
    assert [found[key] for key in ("value", "low", "high")] == pytest.approx(
        [expected.value, expected.low, expected.high], abs=1e-12
    )
    assert _difference(second, first)["value"] == -found["value"]
    assert SHIPPED[second].stats["bbox"]["AP"] - SHIPPED[first].stats["bbox"]["AP"] == pytest.approx(
        found["value"], abs=1e-9
    )


def test_without_masks_boxes_alone_are_compared_and_the_page_says_so():
    masked, boxes_only = "maskrcnn_resnet50_fpn", "fasterrcnn_mobilenet_v2"
    found = compare(read_stored(), first=masked, second=boxes_only)
    assert list(found["by_kind"]) == ["bbox"]
    assert [bool(run["notices"]) for run in found["runs"]] == [False, True]


def test_the_numbers_are_those_that_were_measured():
    for run, spec_id in zip(_pair()["by_kind"]["segm"]["runs"], list(SHIPPED)[:2], strict=True):
        for key, value in SHIPPED[spec_id].stats["segm"].items():
            found = run["numbers"][key]
            assert (found and found["value"]) == (value if value is None else pytest.approx(value, abs=1e-9))


def test_an_image_of_disagreement_is_a_file_of_the_data_set_with_both_detectors_boxes():
    first = _pair()["by_kind"]["bbox"]["disagreement"]["images"][0]
    assert first["image"].endswith(".png")
    assert first["only_first"] + first["only_second"] > 0
    assert all(0 <= entry["box"][2] <= first["size"][0] for run in first["detections"] for entry in run)


@pytest.mark.parametrize("wrong", ["", "nothing", "<script>"])
def test_an_unknown_variant_is_refused_with_a_sentence(wrong):
    with pytest.raises(ResultsError, match="no predictions of"):
        compare(read_stored(), first=next(iter(SHIPPED)), second=wrong)
    found, status = answer(read_stored(), first=wrong, second=wrong)
    assert (list(found), status) == (["problem"], 404)


def test_the_verdict_is_what_the_comparisons_say():
    best = max(SHIPPED, key=lambda spec_id: SHIPPED[spec_id].stats["bbox"]["AP"])
    alike = []
    for other in (spec_id for spec_id in SHIPPED if spec_id != best):
        kinds = compare(read_stored(), first=best, second=other)["by_kind"]
        if set(kinds) == set(KINDS) and all(one["difference"]["AP"]["high"] >= 0 for one in kinds.values()):
            alike.append(label_of(other))
    assert len(alike) < len(SHIPPED) - 1
    said = build_verdicts(read_stored())["caveats"][0]
    named = said.partition(": ")[2].partition(" cannot be told apart")[0]
    assert sorted(named.split(" and ") if named else []) == sorted(alike)


@pytest.mark.parametrize(
    ("best_bytes", "alike", "reason"),
    [(1, False, "the smallest file as well"), (9, False, "Every smaller variant"), (9, True, "told apart")],
)
def test_the_smallest_variant_without_loss_says_why_it_is(monkeypatch, best_bytes, alike, reason):
    stored = read_stored()
    best, other, *_ = sorted(stored.shipped, key=lambda spec_id: -SHIPPED[spec_id].stats["bbox"]["AP"])
    sizes = {best: best_bytes, other: 5}
    rows = {spec_id: replace(SHIPPED[spec_id], checkpoint_bytes=size) for spec_id, size in sizes.items()}
    monkeypatch.setattr(Stored, "shipped", property(lambda _: rows))
    monkeypatch.setattr("pedviz.dashboard.verdicts._is_worse", lambda *_: not alike)
    card = build_verdicts(stored)["cards"][1]
    assert reason in card["because"]
    assert card["spec_id"] == (other if alike else best)


def test_curves_and_errors_need_no_resampling(monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("resampled")

    monkeypatch.setattr("pedviz.metrics.resampling.draw_images", refuse)
    measured_run.cache_clear()
    variants = build_analyses(read_stored())["variants"]
    assert list(variants) == list(read_stored().shipped)
