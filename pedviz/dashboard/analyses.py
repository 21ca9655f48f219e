"""What the curves and the errors of every variant are drawn from, as of anybody's results."""

from pedviz.dashboard.payload_types import AnalysesData
from pedviz.dashboard.stored import Stored
from pedviz.metrics.analysis import analyse
from pedviz.metrics.overlaps import overlaps_of_record


def build_analyses(stored: Stored) -> AnalysesData:
    """`variants`: spec id to kind to what is shown of the stored predictions of its released weights.

    Without intervals, which no curve shows: the table has those of AP that the evaluation stored, and a
    comparison computes the others when it is asked for.
    """
    records = {spec_id: stored.record_of(spec_id) for spec_id in stored.shipped}
    return {
        "variants": {
            spec_id: {kind: analyse(overlaps_of_record(record, kind=kind)) for kind in record.kinds}
            for spec_id, record in records.items()
            if record
        }
    }
