"""Penn-Fudan: fetch it, or read all of it once to see that it is whole."""

from collections.abc import Callable
from pathlib import Path

from pedviz.cli.bars import byte_bar, image_bar
from pedviz.cli.tables import printable
from pedviz.data.pennfudan import download, open_pennfudan
from pedviz.errors import DatasetError
from pedviz.paths import data_source


def download_data(destination: Path | None, *, say: Callable[[str], None], force: bool = False) -> int:
    """Fetch the archive from its authors' page, with a progress bar.

    A data set that is there and whole stays as it is, also where it is another file than the published one,
    such as an archive that was packed again.

    Args:
        destination: the folder to put it in; None takes `pedviz.paths.data_source()`.
        say: prints the result.
        force: fetch it all the same.

    Returns:
        The exit status, 0.

    Raises:
        DownloadError: it could not be fetched or stored; what has arrived is kept for the next call.
        DatasetError: it is not whole.
    """
    destination = destination or data_source()
    here = None if force else _whole(destination)
    if here:
        say(f"{printable(here)} is here and whole already and stays as it is; --force fetches it anew")
        return 0
    with byte_bar("Penn-Fudan") as progress, image_bar("Reading") as checking:
        archive = download(destination, progress=progress, checking=checking)
    say(f"{printable(archive)} is here and whole")
    return 0


def _whole(source: Path) -> Path | None:
    """The data set at `source` if all of it can be read, else None."""
    try:
        archive = open_pennfudan(source)
        with image_bar("Reading") as checking:
            archive.check(checking)
    except DatasetError:
        return None
    return archive.path


def check_data(source: Path | None, *, say: Callable[[str], None]) -> int:
    """Read every image and every mask.

    Args:
        source: the archive or a folder that holds it; None takes `pedviz.paths.data_source()`.
        say: prints the result.

    Returns:
        The exit status, 0.

    Raises:
        DatasetError: something is missing or damaged; the message names it.
    """
    archive = open_pennfudan(source)
    with image_bar("Reading") as checking:
        archive.check(checking)
    say(f"{printable(archive.path)} is whole: {len(archive.ids)} images with their masks")
    return 0
