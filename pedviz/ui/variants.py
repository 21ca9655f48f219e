"""What the page says of each variant: before it is chosen, and below its pane."""

from pedviz.errors import CheckpointError
from pedviz.metrics.store import latest_by_spec
from pedviz.models.manifest import available
from pedviz.models.specs import SPECS, ModelSpec
from pedviz.ui.payload import model_payload
from pedviz.ui.payload_types import ChoicePayload, MissingPayload, ModelPayload

LIVE_MODEL = "maskrcnn_mobilenet_v2_lite"  # for moving images: the fastest


def choices() -> list[ChoicePayload]:
    """Every variant for the choosers, in order."""
    here = _with_weights()
    return [
        {
            "id": spec.id,
            "label": spec.label,
            "summary": spec.summary,
            "missing": None if spec.id in here else _missing(spec),
        }
        for spec in SPECS
    ]


def _with_weights() -> set[str]:
    """Ids that the manifest lists.

    A manifest that cannot be read lists nothing; choosing a variant then says what is wrong with it.
    """
    try:
        return set(available())
    except CheckpointError:
        return set()


def _missing(spec: ModelSpec) -> MissingPayload:
    if spec.on_demand:
        return {
            "short": "downloaded on first use",
            "sentence": "Its weights are downloaded on first use.",
            "command": None,
        }
    return {
        "short": "weights not installed",
        "sentence": "Its weights are not installed; train them with",
        "command": f"python -m training.train {spec.id}",
    }


def describe(spec: ModelSpec) -> ModelPayload:
    """What is told of a variant below its pane.

    Raises:
        CheckpointError: the manifest cannot be read.
    """
    entry, measured = available().get(spec.id), latest_by_spec().get(spec.id)
    return model_payload(spec, entry=entry, measured=measured)
