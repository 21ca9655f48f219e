"""Training curves of released weights: losses, learning rate and AP per epoch, with the reports' losses."""

from dataclasses import asdict
from typing import Any

from pedviz.dashboard.stored import Stored


def build_training(stored: Stored) -> dict[str, Any]:
    """`runs`: the epochs of every shipped variant's last training run; `reported`: the reports' points.

    `averaged` is the run's share where its average with what it began from is shipped, else None.
    """
    runs = [
        {
            "spec_id": spec_id,
            "run_id": result.run_id,
            "epochs": stored.logs[result.run_id],
            "averaged": result.recipe.get("averaged"),
        }
        for spec_id, result in stored.shipped.items()
        if stored.logs.get(result.run_id)
    ]
    reported = [asdict(entry) for entry in stored.reported.losses] if stored.reported else []
    return {"runs": runs, "reported": reported, "caveats": stored.reported.caveats if stored.reported else {}}
