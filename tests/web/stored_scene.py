"""What the server answers about stored results, for pages that are tested without it."""

import json
from functools import cache

from pedviz.dashboard.payload import variants_payload
from pedviz.paths import results_folder

EMPTY_PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


@cache
def _variants() -> str:
    return json.dumps(variants_payload() | {"test_images": False})


def answer(path: str) -> tuple[str, str] | None:
    """The media type and body at a path: the variants, stored predictions, empty images.

    None for any other path.
    """
    folder, _, name = path.rpartition("/")
    if path == "/variants.json":
        return "application/json", _variants()
    if folder.endswith("/results/predictions"):
        return "application/json", (results_folder() / "predictions" / name).read_text("utf-8")
    if folder.endswith(("/thumbnails", "/samples")):
        return "image/svg+xml", EMPTY_PICTURE
    return None
