"""Publication figures of a comparison and of a training run, by matplotlib.

Figures are objects of their own (never pyplot), in widths of one and of two columns, with fonts embedded as
text and colours that stay apart for colour-blind readers, dashes and markers beside them.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pedviz.metrics.result_types import Analysis, ComparisonData, Curves
from pedviz.viz.palette import NEUTRAL, variant_style

ONE_COLUMN, TWO_COLUMNS = 3.35, 6.9  # inches, as most two-column papers have them
FORMATS = ("pdf", "svg", "png")
STYLE = {
    "font.size": 8, "axes.titlesize": 8, "axes.labelsize": 8, "legend.fontsize": 7, "xtick.labelsize": 7,
    "ytick.labelsize": 7, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
    "grid.alpha": 0.3, "grid.linewidth": 0.5, "lines.linewidth": 1.2, "lines.markersize": 4,
    "pdf.fonttype": 42, "ps.fonttype": 42, "svg.fonttype": "none", "svg.hashsalt": "pedviz",
    "legend.frameon": False, "savefig.dpi": 300,
}  # fmt: skip
MARKERS = {"circle": "o", "square": "s", "triangle": "^", "diamond": "D", "cross": "P"}
SHORT = {  # types of errors, as TIDE's figures name them
    "localisation": "Loc", "classification": "Cls", "duplicate": "Dupe", "background": "Bkg",
    "missed": "Miss",
}  # fmt: skip


def save_figures(data: ComparisonData, folder: Path, *, form: str) -> list[Path]:
    """Write every figure of a comparison, in one and in two columns' width.

    Args:
        data: of `pedviz.comparison.Comparison`.
        folder: where to; it is made if need be.
        form: one of FORMATS.

    Returns:
        The files.
    """
    names = [run["name"] for run in data["runs"]]
    drawn = []
    for kind, found in data["by_kind"].items():
        runs = [run for run in found["runs"] if run["curves"]]
        if not runs:
            continue
        for name, draw in PLOTS.items():
            for columns, width in ((1, ONE_COLUMN), (2, TWO_COLUMNS)):
                path = folder / f"{name}-{'boxes' if kind == 'bbox' else 'masks'}-{columns}col.{form}"
                drawn.append(_save(path, width, draw, runs, names))
    return drawn


def save_training_figures(epochs: Sequence[dict[str, Any]], folder: Path, *, form: str) -> list[Path]:
    """Write the training curves of a run, in one and in two columns' width.

    Args:
        epochs: one entry an epoch, with "epoch" and "losses", as the run's log has them.
        folder: where to; it is made if need be.
        form: one of FORMATS.

    Raises:
        ValueError: no epoch has a loss.
    """
    logged = [epoch for epoch in epochs if isinstance(epoch.get("losses"), dict)]
    if not logged or not (losses := list(logged[0]["losses"])):
        raise ValueError("the log has no epoch with losses")

    def draw(axes: Axes) -> None:
        places = [epoch.get("epoch", place) for place, epoch in enumerate(logged, start=1)]
        for place, key in enumerate(losses):
            values = [epoch["losses"].get(key, float("nan")) for epoch in logged]
            axes.plot(places, values, **_line(place), label=key.removeprefix("loss_").replace("_", " "))
        axes.set(xlabel="Epoch", ylabel="Loss", ylim=(0, None))
        axes.legend()

    return [
        _save(folder / f"training-{columns}col.{form}", width, draw)
        for columns, width in ((1, ONE_COLUMN), (2, TWO_COLUMNS))
    ]


def _save(path: Path, width: float, draw: Callable[..., None], *data: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with rc_context(cast(Any, STYLE)):
        figure = Figure(figsize=(width, min(0.75 * width, 3.2)), layout="constrained")
        draw(figure.add_subplot(), *data)
        dates = {"png": {}, "pdf": {"CreationDate": None}, "svg": {"Date": None}}
        figure.savefig(path, metadata=dates[path.suffix[1:]])
    return path


def _line(place: int) -> dict[str, Any]:
    style = variant_style(place)
    dash = style["dash"]
    return {"color": style["light"], "linestyle": (0, tuple(dash)) if dash else "-"}


def _curves(runs: Sequence[Analysis], names: Sequence[str]) -> Iterator[tuple[str, Curves, dict[str, Any]]]:
    for place, (run, name) in enumerate(zip(runs, names, strict=False)):
        if run["curves"]:
            yield name, run["curves"], _line(place)


def _numbers(values: Sequence[float | None]) -> np.ndarray:
    """As matplotlib draws them: NaN, which leaves a gap, where there is no value."""
    return np.array(values, np.float64)


def _precision_recall(axes: Axes, runs: Sequence[Analysis], names: Sequence[str]) -> None:
    recall, lowest = np.linspace(0, 1, 101), 1.0
    for name, curves, line in _curves(runs, names):
        precision = _numbers(curves["precision"][0])
        axes.step(recall, precision, where="post", label=name, **line)
        lowest = min([lowest, *precision[precision > 0]])
    axes.set(xlabel="Recall", ylabel="Precision (IoU .50)", xlim=(0, 1), ylim=(0.95 * lowest, 1.01))
    axes.legend()


def _ap_by_iou(axes: Axes, runs: Sequence[Analysis], names: Sequence[str]) -> None:
    for name, curves, line in _curves(runs, names):
        axes.plot(curves["iou"], _numbers(curves["ap"]), label=name, **line)
    axes.set(xlabel="IoU threshold", ylabel="AP", xlim=(0.5, 0.95), ylim=(0, None))
    axes.legend()


def _calibration(axes: Axes, runs: Sequence[Analysis], names: Sequence[str]) -> None:
    axes.plot([0, 1], [0, 1], color=NEUTRAL[0], linestyle=(0, (2, 2)), label="Perfect calibration")
    for place, (name, curves, line) in enumerate(_curves(runs, names)):
        bins = curves["calibration"]
        if not bins:
            continue
        x, y = _numbers(bins["score"]), _numbers(bins["fraction"])
        spread = np.stack([y - _numbers(bins["low"]), _numbers(bins["high"]) - y]).clip(min=0)  # (2, bins)
        kept = ~np.isnan(x)
        marker = MARKERS.get(variant_style(place)["marker"], "o")
        axes.errorbar(
            x[kept],
            y[kept],
            yerr=spread[:, kept],
            marker=marker,
            capsize=1.5,
            elinewidth=0.7,
            label=name,
            **line,
        )
    axes.set(xlabel="Mean score", ylabel="Fraction correct", xlim=(0, 1), ylim=(0, 1))
    axes.legend()


def _errors(axes: Axes, runs: Sequence[Analysis], names: Sequence[str]) -> None:
    types = list(runs[0]["errors"]["types"].values())
    width = 0.8 / len(runs)
    for place, (name, run) in enumerate(zip(names, runs, strict=False)):
        gains = [max(0.0, run["errors"]["types"][entry["key"]]["gain"]) for entry in types]
        at = [index + width * (place - (len(runs) - 1) / 2) for index in range(len(types))]
        axes.bar(
            at,
            gains,
            width,
            color=_line(place)["color"],
            hatch=("", "////")[place % 2],
            edgecolor="white",
            label=name,
        )
    axes.set_xticks(range(len(types)), [SHORT.get(entry["key"], entry["label"]) for entry in types])
    axes.set(ylabel="AP50 gained if fixed")
    axes.legend()


def _scores(axes: Axes, runs: Sequence[Analysis], names: Sequence[str]) -> None:
    for name, curves, line in _curves(runs, names):
        found = curves["histogram"]
        if found:
            style = {"color": line["color"]}
            axes.stairs(found["right"], _numbers(found["edges"]), label=f"{name}, true positives", **style)
            axes.stairs(
                found["wrong"],
                _numbers(found["edges"]),
                label=f"{name}, false positives",
                linestyle=":",
                **style,
            )
    axes.set(xlabel="Score", ylabel="Detections", xlim=(0, 1), yscale="symlog")
    axes.legend(ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1.0))  # above: curves fill the plot


PLOTS: dict[str, Callable[[Axes, Sequence[Analysis], Sequence[str]], None]] = {
    "precision-recall": _precision_recall, "ap-by-iou": _ap_by_iou, "calibration": _calibration,
    "errors": _errors, "scores": _scores,
}  # fmt: skip
