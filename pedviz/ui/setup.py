"""What the Detect page needs to know before anything is chosen, with a server behind it or without."""

from pedviz.data.decoding import MAX_SIDE
from pedviz.data.photos import MAX_BYTES
from pedviz.detectors import is_on_cluster
from pedviz.types import THRESHOLDS
from pedviz.ui.gallery import Gallery
from pedviz.ui.payload_types import ChoicePayload, SetupPayload
from pedviz.ui.service import DEFAULT_MODELS
from pedviz.ui.session import KEPT_SECONDS
from pedviz.viz.palette import palette_table


def page_setup(
    gallery: Gallery,
    *,
    models: list[ChoicePayload],
    stored: dict[str, list[str]],
    upload_url: str | None,
    live_url: str | None = None,
) -> SetupPayload:
    """The setup, JSON-able.

    Args:
        gallery: the sample images.
        models: every variant for the choosers, see `pedviz.ui.variants.choices`.
        stored: sample id to the variants whose results lie among the site's files.
        upload_url: where photos are sent; None where nothing can look at them.
        live_url: where frames of a camera are sent; None where nothing can look at them.
    """
    return {
        "models": models,
        "default_models": list(DEFAULT_MODELS),
        "default_sample": gallery.default_id,
        "stored": stored,
        "stage_ratio": gallery.default_ratio,
        "palette": palette_table(),
        "thresholds": THRESHOLDS,
        "max_bytes": MAX_BYTES,
        "max_side": MAX_SIDE,
        "kept_minutes": round(KEPT_SECONDS / 60),
        "upload_url": upload_url,
        "live_url": live_url,
        "on_cluster": upload_url is not None and is_on_cluster(),
    }
