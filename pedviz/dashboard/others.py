"""The second measured table: photos of other people and places, by kind of photo."""

from pedviz.dashboard.payload_types import OthersData
from pedviz.dashboard.stored import Stored
from pedviz.metrics.bootstrap import Interval
from pedviz.metrics.people import ALL, people_results
from pedviz.metrics.result_types import Estimate


def build_others(stored: Stored) -> OthersData:
    """`kinds`: names with `images` and `people`; `rows`: AP50 and AP of a variant by kind, with intervals;
    `missing`: released variants that were not measured, or whose weights have changed since.
    """
    measured = people_results()
    rows = {
        spec_id: measured[spec_id]
        for spec_id, shipped in stored.shipped.items()
        if spec_id in measured and measured[spec_id].checkpoint_sha256 == shipped.checkpoint_sha256
    }
    first = next(iter(rows.values()), None)
    kinds = first.kinds if first else {}
    order = sorted(kinds, key=lambda kind: (kind != ALL, -kinds[kind].ap50.images))
    return {
        "kinds": [
            {"name": kind, "images": kinds[kind].ap50.images, "people": kinds[kind].ap50.objects}
            for kind in order
        ],
        "rows": [
            {
                "spec_id": spec_id,
                "kinds": {
                    kind: {"ap50": _estimate(found.ap50), "ap": _estimate(found.ap)}
                    for kind, found in row.kinds.items()
                },
            }
            for spec_id, row in rows.items()
        ],
        "missing": [spec_id for spec_id in stored.shipped if spec_id not in rows],
    }


def _estimate(found: Interval) -> Estimate:
    return {"value": found.value, "low": found.low, "high": found.high}
