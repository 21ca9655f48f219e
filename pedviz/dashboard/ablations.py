"""One setting changed at a time, as measured here: how far AP moves, beside what another seed moves it."""

from collections.abc import Iterable
from statistics import fmean

from pedviz.dashboard.experiment_types import (
    AblationsData,
    Headline,
    PyramidNumbers,
    Spread,
    Trial,
    TrialsInCommon,
)
from pedviz.dashboard.rows import ap_by_kind, label_of
from pedviz.dashboard.stored import Stored
from pedviz.metrics.records import KINDS, Kind
from pedviz.metrics.store import BASE_EXPERIMENT, MeasuredResult
from pedviz.models.manifest import UNNAMED_OPTIMISER
from pedviz.models.specs import SPECS

NECKS = {spec.id: spec.neck for spec in SPECS}
FACTORS = {
    "hidden": "Mask layer channels",
    "lr": "Peak learning rate",
    "optimiser": "Optimiser",
    "epochs": "Epochs",
    "norm": "BatchNorm",
    "neck": "Neck",
    "start": "Initialisation",
    "jitter": "Scale jitter",
    "copy_paste": "Copy-paste",
    "box_loss": "Box loss",
    "ema": "Average of weights",
    "fold": "BatchNorm folded",
    "teacher": "Teacher",
}
# What a run did whose recipe has no such field: the base is older than some of them.
UNRECORDED = {
    "start": "imagenet", "optimiser": UNNAMED_OPTIMISER, "jitter": None, "copy_paste": 0.0,
    "box_loss": "smooth_l1", "ema": 0.0, "fold": False,
    "teacher": "",
}  # fmt: skip
SPELLED = {
    "None": "none", "0.0": "none", "": "none", "False": "no", "smooth_l1": "smooth L1", "giou": "GIoU",
    **{spec.id: spec.label for spec in SPECS},
}  # fmt: skip
SMALL, LARGE = "maskrcnn_mobilenet_v2_fpn", "maskrcnn_resnet50_fpn"


def build_ablations(stored: Stored) -> AblationsData:
    """`base`: mean AP and the spread over its seeds; `trials`: one each, in the order of `FACTORS` and of the
    settings' values; `common`: what all of them share; `headline`: the two pyramids beside each other.
    """
    base = [result for result in stored.measured if result.experiment == BASE_EXPERIMENT]
    return {
        "base": {kind: _spread(base, kind) for kind in KINDS},
        "trials": [
            trial
            for factor in FACTORS
            for trial in sorted(_trials(factor, base, stored.measured), key=_by_value)
        ],
        "common": _common(stored.measured),
        "headline": _headline(stored),
    }


def _spread(base: Iterable[MeasuredResult], kind: Kind) -> Spread | None:
    found = [ap for result in base if (ap := ap_by_kind(result)[kind]) is not None]
    if not found:
        return None
    return {"mean": fmean(found), "low": min(found), "high": max(found), "seeds": len(found)}


def _trials(factor: str, base: list[MeasuredResult], measured: Iterable[MeasuredResult]) -> list[Trial]:
    """The trials of a factor; the setting of the base stands among them, without a trial of its own."""
    tried = [result for result in measured if result.experiment.startswith(f"{factor}=")]
    if not tried or not base:
        return []
    return [
        {
            "factor": FACTORS[factor], "value": _spelled(result.experiment.partition("=")[2]),
            "seed": result.seed, "base": _spelled(_base_value(factor, base[0])), "ap": ap_by_kind(result),
        }
        for result in tried
    ]  # fmt: skip


def _by_value(trial: Trial) -> tuple[float, str, int]:
    """Numbers in their order, words after them in theirs."""
    try:
        number = float(trial["value"])
    except ValueError:
        number = float("inf")
    return number, trial["value"], trial["seed"] or 0


def _base_value(factor: str, result: MeasuredResult) -> object:
    if factor == "neck":
        return NECKS.get(result.spec_id, "fpn")
    return result.recipe.get(factor, UNRECORDED.get(factor, "unknown"))


def _spelled(value: object) -> str:
    """A setting's value in words."""
    return SPELLED.get(str(value), str(value))


def _common(results: tuple[MeasuredResult, ...]) -> TrialsInCommon | None:
    """What all trials share: the variant and recipe of the base; None without one."""
    base = next((result for result in results if result.experiment == BASE_EXPERIMENT), None)
    if base is None:
        return None
    kept = ("epochs", "batch", "lr", "sizes", "hidden", "norm", "frozen_stages")
    return {
        "label": label_of(base.spec_id), "images": base.images, "people": base.people,
        "tested_at": _tested_at(results),
        "recipe": {key: base.recipe[key] for key in kept if key in base.recipe},
    }  # fmt: skip


def _tested_at(results: tuple[MeasuredResult, ...]) -> dict[str, list[str]]:
    """Shorter side in pixels to the necks whose trials were tested at it."""
    sides: dict[str, list[str]] = {}
    for result in (result for result in results if result.experiment):
        necks = sides.setdefault(f"{result.settings['min_size']:.0f}", [])
        if (neck := NECKS.get(result.spec_id, "fpn")) not in necks:
            necks.append(neck)
    return sides


def _headline(stored: Stored) -> Headline | None:
    """The two pyramids beside each other, from measured rows; None until both are measured."""
    small, large = (stored.shipped.get(spec_id) for spec_id in (SMALL, LARGE))
    return {"small": _pyramid(small), "large": _pyramid(large)} if small and large else None


def _pyramid(row: MeasuredResult) -> PyramidNumbers:
    return {"label": label_of(row.spec_id), "parameters": row.parameters, "ap": ap_by_kind(row)}
