"""What the curves and the errors of every variant are drawn from, as of anybody's results."""

from typing import Any

from pedviz.dashboard.pair import draws_of
from pedviz.dashboard.stored import Stored
from pedviz.metrics.analysis import analyse
from pedviz.metrics.overlaps import overlaps_of_record


def build_analyses(stored: Stored) -> dict[str, Any]:
    """`variants`: spec id to kind to `analyse` of the stored predictions of its released weights."""
    records = {spec_id: stored.record_of(spec_id) for spec_id in stored.shipped}
    return {
        "variants": {
            spec_id: {
                kind: analyse(overlaps_of_record(record, kind=kind), draws=draws_of(record, kind))
                for kind in record.kinds
            }
            for spec_id, record in records.items()
            if record
        }
    }
