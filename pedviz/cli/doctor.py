"""What is installed, which weights verify, which data is here, and what to do about each gap."""

import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata

from pedviz.cli.tables import megabytes, printable
from pedviz.data.pennfudan import IMAGES, open_pennfudan, split
from pedviz.errors import CheckpointError, DatasetError
from pedviz.metrics.store import load_measured
from pedviz.models.specs import SPECS

OLDEST_PYTHON = (3, 11)
NEEDED = ("numpy", "pillow", "torch", "torchvision", "safetensors", "tqdm")
USEFUL = {
    "gradio": "the page",
    "pycocotools": "COCO numbers and masks in exports",
}
INSTALL = "run: pip install -r requirements.txt"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: its name.
        state: "ok"; "gap" where something optional is missing; "bad" where detecting cannot work.
        found: what there is.
        advice: what to do about it, "" for nothing.
    """

    what: str
    state: str
    found: str
    advice: str = ""


def examine(*, say: Callable[[str], None]) -> int:
    """Look at everything and print one line each.

    Returns:
        The exit status: 1 where something is "bad", else 0.
    """
    findings = [*_python(), *_packages(), *_weights(), _data(), _results()]
    width = max(len(finding.what) for finding in findings)
    for finding in findings:
        advice = f"; {finding.advice}" if finding.advice else ""
        say(f"{finding.state:4}{finding.what:{width}}  {finding.found}{advice}")
    bad = sum(finding.state == "bad" for finding in findings)
    gaps = sum(finding.state == "gap" for finding in findings)
    say(f"{bad} bad, {gaps} optional missing" if bad or gaps else "everything is here")
    return 1 if bad else 0


def _python() -> Iterator[Finding]:
    fine = sys.version_info >= OLDEST_PYTHON
    yield Finding(
        what="Python",
        state="ok" if fine else "bad",
        found=f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        advice="" if fine else "install Python 3.11 or newer",
    )


def _packages() -> Iterator[Finding]:
    for name in (*NEEDED, *USEFUL):
        needed = name in NEEDED
        try:
            yield Finding(what=name, state="ok", found=metadata.version(name))
        except metadata.PackageNotFoundError:
            purpose = "everything" if needed else USEFUL[name]
            yield Finding(
                what=name,
                state="bad" if needed else "gap",
                found=f"not installed, needed for {purpose}",
                advice=INSTALL,
            )


def _weights() -> Iterator[Finding]:
    try:
        from pedviz.models.checkpoints import verify
        from pedviz.models.manifest import available
    except (ImportError, OSError) as error:
        yield Finding(what="weights", state="bad", found=f"torch cannot be imported: {error}", advice=INSTALL)
        return
    try:
        entries = available()
    except CheckpointError as error:
        yield Finding(what="weights", state="bad", found=str(error))
        return
    if not entries:
        advice = f"run: python -m training.train {SPECS[0].id}"
        yield Finding(what="weights", state="bad", found="none", advice=advice)
    for spec_id, entry in entries.items():
        try:
            verify(entry)
            yield Finding(what=spec_id, state="ok", found=f"verified, {megabytes(entry.bytes)}")
        except CheckpointError as error:
            yield Finding(what=spec_id, state="bad", found=str(error))


def _data() -> Finding:
    try:
        archive = open_pennfudan()
        missing = sorted(set(split().train + split().test) - set(archive.ids))
    except DatasetError as error:
        return Finding(what="Penn-Fudan", state="gap", found=printable(error))
    if missing:
        return Finding(
            what="Penn-Fudan",
            state="gap",
            found=f"{len(missing)} of {IMAGES} images are missing, first {missing[0]}",
            advice="run: python -m pedviz data download",
        )
    return Finding(what="Penn-Fudan", state="ok", found=f"{IMAGES} images in {printable(archive.path)}")


def _results() -> Finding:
    results, problems = load_measured()
    if problems:
        return Finding(what="results", state="gap", found=printable(problems[0]))
    if not results:
        advice = f"run: python -m training.evaluate {SPECS[0].id}"
        return Finding(what="results", state="gap", found="nothing measured", advice=advice)
    return Finding(what="results", state="ok", found=f"{len(results)} evaluations")
