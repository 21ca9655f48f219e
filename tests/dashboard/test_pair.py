"""Two variants compared as the page asks for it."""

from itertools import pairwise

import pytest

from pedviz.dashboard.pair import answer, compare
from pedviz.dashboard.stored import read_stored
from pedviz.errors import ResultsError
from pedviz.metrics.bootstrap import paired_difference
from pedviz.metrics.store import latest_by_spec, predictions_of

SHIPPED = latest_by_spec()


@pytest.mark.parametrize("spec_id", SHIPPED)
def test_a_variant_against_itself_differs_by_exactly_nothing(spec_id):
    for found in compare(read_stored(), first=spec_id, second=spec_id).values():
        if "value" in found:
            assert (found["value"], found["low"], found["high"]) == (0, 0, 0)
            assert "exactly 0" in found["sentence"]


@pytest.mark.parametrize(("first", "second"), list(pairwise(SHIPPED)))
def test_the_difference_is_that_of_the_stored_predictions(first, second):
    found = compare(read_stored(), first=first, second=second)["bbox"]
    records = [predictions_of(SHIPPED[spec_id]) for spec_id in (first, second)]
    expected = paired_difference(*records, kind="bbox")
    assert (found["value"], found["low"], found["high"]) == (expected.value, expected.low, expected.high)
    swapped = compare(read_stored(), first=second, second=first)["bbox"]
    assert swapped["value"] == -found["value"]
    assert SHIPPED[second].stats["bbox"]["AP"] - SHIPPED[first].stats["bbox"]["AP"] == pytest.approx(
        found["value"], abs=1e-9
    )


@pytest.mark.parametrize("wrong", ["", "nothing", "<script>"])
def test_an_unknown_variant_is_refused_with_a_sentence(wrong):
    with pytest.raises(ResultsError, match="no predictions of"):
        compare(read_stored(), first=next(iter(SHIPPED)), second=wrong)
    found, status = answer(read_stored(), first=wrong, second=wrong)
    assert (list(found), status) == (["problem"], 404)
