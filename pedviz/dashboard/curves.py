"""What the curves are drawn from: where the stored predictions are, and the numbers they must agree with."""

from typing import Any

from pedviz.dashboard.stored import Stored


def build_curves(stored: Stored) -> dict[str, Any]:
    """The file of each shipped variant below results/, and its AP, AP50 and AP75 as pycocotools has them."""
    return {
        "files": {
            spec_id: f"results/predictions/{result.predictions}.json"
            for spec_id, result in stored.shipped.items()
            if result.predictions in stored.records
        },
        "stats": {spec_id: result.stats for spec_id, result in stored.shipped.items()},
    }
