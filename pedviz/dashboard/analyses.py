"""What the curves and the errors of every variant are drawn from, as of anybody's results."""

from pedviz.dashboard.pair import measured_run
from pedviz.dashboard.payload_types import AnalysesData
from pedviz.dashboard.stored import Stored


def build_analyses(stored: Stored) -> AnalysesData:
    """`variants`: spec id to kind to what is shown of the stored predictions of its released weights."""
    records = {spec_id: stored.record_of(spec_id) for spec_id in stored.shipped}
    return {
        "variants": {
            spec_id: {kind: measured_run(record, kind).analysis for kind in record.kinds}
            for spec_id, record in records.items()
            if record
        }
    }
