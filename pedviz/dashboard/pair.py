"""Two variants compared: the difference of their AP over the same images, with its interval."""

from functools import lru_cache, partial
from typing import Any

import numpy as np

from pedviz.dashboard.rows import label_of
from pedviz.dashboard.stored import Stored
from pedviz.errors import PedvizError, ResultsError
from pedviz.metrics.bootstrap import difference_of, drawn_average_precision, verdict
from pedviz.metrics.records import KINDS, Kind, PredictionRecord


def compare(stored: Stored, *, first: str, second: str) -> dict[str, Any]:
    """AP of `second` minus AP of `first`, the released weights of two variants, for boxes and for masks.

    Returns:
        Kind to value, low, high in [-1, 1], pictures, people and one plain sentence; or to a sentence alone
        where one of the two has no masks.

    Raises:
        ResultsError: a variant has no stored predictions, or the two are of different images.
    """
    one, other = (_record(stored, spec_id) for spec_id in (first, second))
    return {kind: _compare_kind(one, other, kind) for kind in KINDS}


def _record(stored: Stored, spec_id: str) -> PredictionRecord:
    result = stored.shipped.get(spec_id)
    record = result and stored.records.get(result.predictions)
    if not record:
        raise ResultsError(
            f"no predictions of '{spec_id[:60]}' are stored; run: python -m training.evaluate with its id"
        )
    return record


def _compare_kind(first: PredictionRecord, second: PredictionRecord, kind: Kind) -> dict[str, Any]:
    labels = [label_of(record.spec_id) for record in (first, second)]
    without = [
        label for label, record in zip(labels, (first, second), strict=True) if kind not in record.kinds
    ]
    if without:
        return {"sentence": f"{' and '.join(dict.fromkeys(without))}: no masks to compare."}
    found = difference_of(first, second, drawn=partial(_drawn, kind=kind))
    return {
        "value": found.value, "low": found.low, "high": found.high, "pictures": found.images,
        "people": found.objects, "sentence": verdict(found, first=labels[0], second=labels[1]),
    }  # fmt: skip


@lru_cache(maxsize=64)
def _drawn(run: PredictionRecord, kind: Kind) -> np.ndarray:
    # The draws of a run take a tenth of a second and serve every pair; records are compared by identity.
    return drawn_average_precision(run, kind=kind)


def answer(stored: Stored, *, first: str, second: str) -> tuple[dict[str, Any], int]:
    """`compare` for the page, with an HTTP status; a failure is one sentence under "problem"."""
    try:
        return compare(stored, first=first, second=second), 200
    except PedvizError as error:
        return {"problem": str(error)}, 404
