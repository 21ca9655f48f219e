"""Penn-Fudan: fetch it, or read all of it once to see that it is whole."""

from collections.abc import Callable
from pathlib import Path

from pedviz.cli.bars import byte_bar
from pedviz.cli.tables import printable
from pedviz.data.pennfudan import download, open_pennfudan
from pedviz.paths import data_source


def download_data(destination: Path | None, *, say: Callable[[str], None]) -> int:
    """Fetch the archive from its authors' page, with a progress bar.

    Args:
        destination: the folder to put it in; None takes `pedviz.paths.data_source()`.
        say: prints the result.

    Returns:
        The exit status, 0.

    Raises:
        DownloadError: it could not be fetched or stored; what has arrived is kept for the next call.
        DatasetError: it is not whole.
    """
    with byte_bar("Penn-Fudan") as progress:
        archive = download(destination or data_source(), progress=progress)
    say(f"{printable(archive)} is here and whole")
    return 0


def check_data(source: Path | None, *, say: Callable[[str], None]) -> int:
    """Read every picture and every mask.

    Args:
        source: the archive or a folder that holds it; None takes `pedviz.paths.data_source()`.
        say: prints the result.

    Returns:
        The exit status, 0.

    Raises:
        DatasetError: something is missing or damaged; the message names it.
    """
    archive = open_pennfudan(source)
    archive.check()
    say(f"{printable(archive.path)} is whole: {len(archive.ids)} pictures with their masks")
    return 0
