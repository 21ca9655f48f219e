"""What every section says of a row, reported or measured alike."""

from pedviz.metrics.columns import ResultRow
from pedviz.metrics.records import Kind
from pedviz.models.specs import SPECS, SPECS_BY_ID

_PLACES = {spec.id: place for place, spec in enumerate(SPECS)}


def label_of(spec_id: str) -> str:
    """What the visitor reads for a variant; the id of one that the registry does not know."""
    spec = SPECS_BY_ID.get(spec_id)
    return spec.label if spec else spec_id


def place_of(spec_id: str) -> int:
    """The place of a variant in the registry, and so everywhere on the page; unknown ones come last."""
    return _PLACES.get(spec_id, len(_PLACES))


def ap_by_kind(row: ResultRow) -> dict[Kind, float | None]:
    """AP in [0, 1] of boxes and of masks; None where there is none."""
    return {kind: stats["AP"] if stats else None for kind, stats in row.stats.items()}
