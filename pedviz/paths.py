"""Every folder that PedViz reads or writes, decided in one place, and how a file comes into one.

The environment is read at each call, so a test or a notebook can change it at any time.
"""

import os
from contextlib import suppress
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent  # the checkout, or site-packages
IS_INSTALLED = (PACKAGE / "assets").is_dir()  # a wheel brings the assets inside the package
ASSETS = (PACKAGE if IS_INSTALLED else ROOT) / "assets"
CODE_LICENCE = ASSETS.parent / "LICENSE"


def _from_environment(name: str, default: Path) -> Path:
    value = os.environ.get(name, "").strip()
    return Path(value).expanduser() if value else default


def data_source() -> Path:
    """Penn-Fudan: a folder that holds it, or its zip archive. PEDVIZ_DATA overrides."""
    return _from_environment("PEDVIZ_DATA", (cache_folder() if IS_INSTALLED else ROOT) / "data")


def people_source() -> Path:
    """Photos of people in COCO's format, for the first stage of training. PEDVIZ_PEOPLE overrides."""
    return _from_environment("PEDVIZ_PEOPLE", ROOT / "data" / "people" / "train")


def checkpoints_folder() -> Path:
    """Compact weights and their manifest. PEDVIZ_CHECKPOINTS overrides."""
    return _from_environment("PEDVIZ_CHECKPOINTS", ASSETS / "checkpoints")


def cache_folder() -> Path:
    """Downloads made on demand (the COCO baseline, unpacked archives). PEDVIZ_CACHE overrides."""
    return _from_environment("PEDVIZ_CACHE", Path.home() / ".cache" / "pedviz")


def results_folder() -> Path:
    """Reported and measured results that the page reads."""
    return ASSETS / "results"


def samples_folder() -> Path:
    """Images that the project may redistribute, with credits.json."""
    return ASSETS / "samples"


def runs_folder() -> Path:
    """Where training, which needs a checkout, writes checkpoints and logs. Never committed."""
    return ROOT / "runs"


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file, text as UTF-8, in one step, so that nobody ever reads half of it; its folder is made.

    Raises:
        OSError: it cannot be written; a file that was there is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.part")
    try:
        partial.write_bytes(content.encode() if isinstance(content, str) else content)
        partial.replace(path)
    except OSError:
        with suppress(OSError):
            partial.unlink()
        raise
