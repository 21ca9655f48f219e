"""Training curves of released weights: losses, learning rate and AP per epoch."""

from typing import Any

from pedviz.dashboard.stored import Stored


def build_training(stored: Stored) -> dict[str, Any]:
    """`runs`: the epochs of every released variant's last training run.

    `averaged` is the run's share where its average with what it began from is shipped, else None.
    """
    return {
        "runs": [
            {
                "spec_id": spec_id, "run_id": result.run_id, "epochs": stored.logs[result.run_id],
                "averaged": result.recipe.get("averaged"),
            }
            for spec_id, result in stored.shipped.items()
            if stored.logs.get(result.run_id)
        ]
    }  # fmt: skip
