"""The sample images as lessons list them: a lesson shows addresses and numbers, and opens no image."""

import json
from typing import Any

from pedviz.paths import samples_folder


def listed_samples() -> dict[str, dict[str, Any]]:
    """What credits.json says of each sample (id, file, alt, credit, people as boxes, ...), by id.

    Raises:
        OSError, ValueError: the list is missing or damaged.
    """
    listed = json.loads((samples_folder() / "credits.json").read_text("utf-8"))
    return {entry["id"]: entry for entry in listed}
