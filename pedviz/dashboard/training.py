"""Training curves of released weights: losses, learning rate and AP per epoch."""

from pedviz.dashboard.experiment_types import TrainingData
from pedviz.dashboard.stored import Stored


def build_training(stored: Stored) -> TrainingData:
    """`runs`: the epochs of every released variant's last training run.

    `averaged` is the run's share where its average with what it began from is shipped, else None.
    """
    return {
        "runs": [
            {
                "spec_id": spec_id,
                "epochs": [
                    {"epoch": epoch["epoch"], "lr": epoch["lr"], "losses": epoch["losses"],
                     "ap": epoch.get("AP")}
                    for epoch in stored.logs[result.run_id]
                ],
                "averaged": result.recipe.get("averaged"),
            }
            for spec_id, result in stored.shipped.items()
            if stored.logs.get(result.run_id)
        ]
    }  # fmt: skip
