"""Every variant in one table: how large, whether its weights are here and whole, how good it was measured."""

from collections.abc import Callable

from pedviz.cli.tables import megabytes, table
from pedviz.errors import CheckpointError
from pedviz.metrics.store import MeasuredResult, latest_by_spec
from pedviz.models.manifest import CheckpointEntry, available
from pedviz.models.specs import SPECS, ModelSpec

HEADER = ("id", "label", "weights", "parameters", "size", "box AP", "mask AP")


def list_models(*, say: Callable[[str], None]) -> int:
    """Print the table.

    Returns:
        The exit status, 0.

    Raises:
        CheckpointError: the manifest cannot be read.
    """
    entries, measured = available(), latest_by_spec()
    rows = []
    for spec in SPECS:
        weights, size = _weights(spec, entries.get(spec.id))
        rows.append((spec.id, spec.label, weights, f"{spec.parameters:,}", size, *_ap(measured.get(spec.id))))
    say(table(HEADER, rows, left=3))
    say("AP: measured on the 50 test images of Penn-Fudan.")
    say("Weights: where there are none, python -m training.train ID; on demand, fetched when first used.")
    return 0


def _weights(spec: ModelSpec, entry: CheckpointEntry | None) -> tuple[str, str]:
    """What is known of a variant's weights in a word or two, and their size."""
    from pedviz.models.checkpoints import verify
    from pedviz.models.coco import cached_file

    if spec.on_demand:
        path = cached_file()
        return ("downloaded", megabytes(path.stat().st_size)) if path.exists() else ("on demand", "-")
    if entry is None:
        return "none", "-"
    try:
        verify(entry)
    except CheckpointError:
        return "damaged", megabytes(entry.bytes)
    return "verified", megabytes(entry.bytes)


def _ap(result: MeasuredResult | None) -> tuple[str, str]:
    stats = result.stats if result else {}
    values = [(stats.get(kind) or {}).get("AP") for kind in ("bbox", "segm")]
    box, mask = ("-" if value is None else f"{value:.3f}" for value in values)
    return box, mask
