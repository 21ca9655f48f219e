"""What the Detect page needs to know before anything is chosen, with a server behind it or without."""

from pedviz.data.decoding import MAX_SIDE
from pedviz.data.photos import MAX_BYTES
from pedviz.types import THRESHOLDS
from pedviz.ui.service import DEFAULT_MODELS
from pedviz.ui.session import KEPT_SECONDS
from pedviz.viz.palette import palette_table


def page_setup(
    models: list[dict[str, object]], *, default_sample: str, upload_url: str | None
) -> dict[str, object]:
    """The setup, JSON-able.

    Args:
        models: every variant for the choosers, see `pedviz.ui.variants.choices`.
        default_sample: the image that is shown first.
        upload_url: where photos are sent; None where nothing can look at them.
    """
    return {
        "models": models,
        "default_models": DEFAULT_MODELS,
        "default_sample": default_sample,
        "palette": palette_table(),
        "thresholds": THRESHOLDS,
        "max_bytes": MAX_BYTES,
        "max_side": MAX_SIDE,
        "kept_minutes": round(KEPT_SECONDS / 60),
        "upload_url": upload_url,
    }
