"""`pedviz compare` and `pedviz figures`: a report, its numbers and figures for the paper."""

import argparse
from collections.abc import Callable
from pathlib import Path

from tqdm import tqdm

from pedviz.comparison import Comparison, compare
from pedviz.errors import ResultsError
from pedviz.metrics.evaluate import STAT_KEYS
from pedviz.metrics.parsing import parse_json, read_lines
from pedviz.metrics.resampling import DRAWS, SEED
from pedviz.paths import results_folder
from pedviz.report import KIND_NAMES, report_html

Say = Callable[[str], None]
FORMATS = ("pdf", "svg", "png")  # of figures; matplotlib itself loads only where some are drawn
WORSE = 3


def add_compare(commands: argparse._SubParsersAction, *, say: Say) -> None:
    """Add both commands to the parser.

    Args:
        commands: of the command line.
        say: prints a line.
    """
    parser = commands.add_parser(
        "compare",
        help="measure COCO results of one or two detectors, with significance",
        description="Measure COCO results of one or two detectors against a COCO ground truth.",
    )
    parser.add_argument("truth", type=Path, help="COCO instances JSON, or a zip with one")
    parser.add_argument(
        "results", nargs="+", type=Path, metavar="RESULTS", help="one or two COCO results JSON"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="write report.html and report.json here")
    parser.add_argument("--figures", choices=FORMATS, help="write publication figures too, into --out")
    parser.add_argument("--category", help="only this category, by name or id (default: all, their mean)")
    parser.add_argument(
        "--draws", type=_count, default=DRAWS, help=f"bootstrap resamples (default {DRAWS}; 0: none)"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="of the resamples")
    parser.add_argument(
        "--fail-if-worse", action="store_true",
        help=f"exit with {WORSE} where the second is worse than the first beyond luck",
    )  # fmt: skip
    parser.set_defaults(run=lambda options: run_compare(options, parser.error, say=say))
    figures = commands.add_parser("figures", help="training curves of a run as publication figures")
    figures.add_argument(
        "source", type=Path, metavar="RUN", help="folder of a run, its log.jsonl, or the id of a stored run"
    )
    figures.add_argument("--out", type=Path, default=Path("figures"), metavar="DIR", help="default: figures/")
    figures.add_argument("--format", choices=FORMATS, default="pdf", help="default: pdf")
    figures.set_defaults(run=lambda options: run_figures(options, say=say))


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number from 0, got '{text}'")
    return int(text)


def run_compare(options: argparse.Namespace, refuse: Callable[[str], None], *, say: Say) -> int:
    """Compare as the options say; the exit status.

    Raises:
        DatasetError: a file cannot be used.
    """
    if len(options.results) > 2:
        refuse(f"expected one or two results, got {len(options.results)}")
    if options.figures and not options.out:
        refuse("--figures needs --out, the folder to write to")
    if options.fail_if_worse and (len(options.results) < 2 or not options.draws):
        refuse("--fail-if-worse needs two results and --draws above 0")
    found = _with_bar(options)
    for line in text_lines(found):
        say(line)
    if options.out:
        _write(found, options.out, figures=options.figures, say=say)
    return WORSE if options.fail_if_worse and found.is_worse() else 0


def _with_bar(options: argparse.Namespace) -> Comparison:
    """The comparison, under a progress bar where someone looks."""
    with tqdm(
        total=100, unit="%", leave=False, disable=None, bar_format="{desc}: {n:.0f} %|{bar}| {elapsed}"
    ) as bar:

        def progress(stage: str, share: float) -> None:
            bar.set_description(stage)
            bar.update(100 * share - bar.n)

        return compare(
            options.truth, *options.results, category=options.category, draws=options.draws,
            seed=options.seed, progress=progress,
        )  # fmt: skip


def text_lines(found: Comparison) -> list[str]:
    """The twelve numbers of each, the verdict, and how the files were read."""
    lines = [
        f"note: {notice}" for run in (found.data["truth"], *found.data["runs"]) for notice in run["notices"]
    ]
    width = max(8, *(len(name) for name in found.names))
    for kind in found.kinds:
        lines.append(f"{KIND_NAMES[kind]:<{width}}" + "".join(f"{key:>7}" for key in STAT_KEYS))
        for place, name in enumerate(found.names):
            numbers = [found.number(key, kind=kind, run=place) for key in STAT_KEYS]
            shown = "".join("    n/a" if value is None else f"{value:7.3f}" for value in numbers)
            lines.append(f"{name:<{width}}{shown}")
        if difference := found.difference(kind=kind):
            lines.append(difference["sentence"])
    return lines


def _write(found: Comparison, folder: Path, *, figures: str | None, say: Say) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.html").write_text(report_html(found), "utf-8")
        (folder / "report.json").write_text(found.to_json(), "utf-8")
        say(f"wrote {folder / 'report.html'} and report.json")
        if figures:
            from pedviz.viz.figures import save_figures

            say(f"wrote {len(save_figures(found.data, folder, form=figures))} figures to {folder}")
    except OSError as error:
        raise ResultsError(f"{folder} cannot be written: {error.strerror}") from error


def run_figures(options: argparse.Namespace, *, say: Say) -> int:
    """Draw the training curves of a run; the exit status.

    Raises:
        ResultsError: there is no log, or no loss in it.
    """
    from pedviz.viz.figures import save_training_figures

    epochs = [value for value in read_lines(_log(options.source), parse_json)[0] if isinstance(value, dict)]
    try:
        files = save_training_figures(epochs, options.out, form=options.format)
    except (ValueError, OSError) as error:
        raise ResultsError(f"{options.source}: {error}") from error
    for file in files:
        say(f"wrote {file}")
    return 0


def _log(run: Path) -> Path:
    """The log of a run: the file itself, that of its folder, or a stored one of this id."""
    choices = [run, run / "log.jsonl", results_folder() / "training" / f"{run.name}.jsonl"]
    for path in choices:
        if path.is_file():
            return path
    raise ResultsError(f"{run}: no log.jsonl there, and no stored run of that id")
