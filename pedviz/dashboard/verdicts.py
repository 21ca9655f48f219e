"""Which variant to use, and why: computed from the measured rows, for whatever variants there are."""

from collections import Counter
from typing import Any, cast

from pedviz.dashboard.cost import read_components
from pedviz.dashboard.payload_types import VerdictCard, VerdictsData
from pedviz.dashboard.rows import label_of
from pedviz.dashboard.stored import Stored
from pedviz.metrics.bootstrap import paired_difference
from pedviz.metrics.records import KINDS, PredictionRecord
from pedviz.metrics.store import MeasuredResult


def build_verdicts(stored: Stored) -> VerdictsData:
    """`cards`: the most accurate, the smallest without measurable loss and the fastest variant, each with its
    `title`, `spec_id`, `value` and `because`; `caveats`: what the rows cannot tell.
    """
    shipped = {spec_id: row for spec_id, row in stored.shipped.items() if stored.record_of(spec_id)}
    if not shipped:
        return {"cards": [], "caveats": []}
    best = max(shipped.values(), key=_box_ap)
    alike = [row for row in shipped.values() if row is not best and not _is_worse(stored, best, row)]
    rows = list(shipped.values())
    cards = [_most_accurate(best), _smallest(best, alike, rows=rows), _fastest(rows)]
    return {"cards": cards, "caveats": _caveats(best, alike)}


def _box_ap(row: MeasuredResult) -> float:
    return (row.stats["bbox"] or {}).get("AP") or 0.0


def _is_worse(stored: Stored, best: MeasuredResult, row: MeasuredResult) -> bool:
    """Whether a row is worse than the best beyond luck, in boxes or in masks; without masks it is."""
    one, other = (cast(PredictionRecord, stored.record_of(result.spec_id)) for result in (best, row))
    return any(
        kind not in one.kinds or kind not in other.kinds or paired_difference(one, other, kind=kind).high < 0
        for kind in KINDS
    )


def _most_accurate(best: MeasuredResult) -> VerdictCard:
    low, high = best.intervals.get("bbox") or (None, None)
    masks = best.stats["segm"]
    return {
        "title": "Most accurate",
        "spec_id": best.spec_id,
        "value": f"box AP {_box_ap(best):.3f}",
        "because": "The highest measured box AP"
        + (f", 95 % interval {low:.3f} to {high:.3f}" if low is not None else "")
        + (f"; mask AP {masks['AP']:.3f}." if masks else "."),
    }


def _smallest(
    best: MeasuredResult, alike: list[MeasuredResult], *, rows: list[MeasuredResult]
) -> VerdictCard:
    smallest = min((best, *alike), key=lambda row: row.checkpoint_bytes)
    if smallest is not best:
        because = (
            f"Box AP {_box_ap(smallest):.3f}: on these {best.images} images it cannot be told "
            f"apart from {label_of(best.spec_id)}, which is {best.checkpoint_bytes / 1e6:.1f} MB."
        )
    elif smallest is min(rows, key=lambda row: row.checkpoint_bytes):
        because = "The most accurate variant has the smallest file as well."
    else:
        because = f"Every smaller variant is measurably worse than {label_of(best.spec_id)}."
    return {
        "title": "Smallest without measurable loss", "spec_id": smallest.spec_id,
        "value": f"{smallest.checkpoint_bytes / 1e6:.1f} MB", "because": because,
    }  # fmt: skip


def _fastest(rows: list[MeasuredResult]) -> VerdictCard:
    """By the run that timed all variants on one machine; without it among the rows of the machine that timed
    most of them, because times of two machines do not compare.
    """
    timed = read_components()
    if timed and all(row.spec_id in timed["variants"] for row in rows):
        cpu, threads = timed["hardware"]["cpu"], timed["hardware"]["threads"]
        seconds = {
            row.spec_id: sum(timed["variants"][row.spec_id]["milliseconds"].values()) / 1e3 for row in rows
        }
    else:
        ((cpu, threads), _), *_ = Counter(map(_machine, rows)).most_common(1)
        seconds = {row.spec_id: row.seconds_per_image for row in rows if _machine(row) == (cpu, threads)}
    fastest = min(seconds, key=seconds.__getitem__)
    left_out = [label_of(row.spec_id) for row in rows if row.spec_id not in seconds]
    others = f" {' and '.join(left_out)} ran elsewhere, so this says nothing of it." if left_out else ""
    return {
        "title": "Fastest", "spec_id": fastest, "value": f"{seconds[fastest]:.2f} s per image",
        "because": f"Of {len(seconds)} timed on {threads} thread{'s' * (threads != 1)} of {cpu}.{others}",
    }  # fmt: skip


def _machine(row: MeasuredResult) -> tuple[Any, Any]:
    return row.hardware.get("cpu"), row.hardware.get("threads")


def _caveats(best: MeasuredResult, alike: list[MeasuredResult]) -> list[str]:
    names = " and ".join(label_of(row.spec_id) for row in alike)
    told = f"{names} cannot be told apart from {label_of(best.spec_id)}" if alike else ""
    return [
        f"Measured on {best.images} images with {best.people} people of two campuses"
        + (f": {told}." if told else "."),
        "Photos of other places score lower.",
    ]
