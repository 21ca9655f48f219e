"""The whole site as files, for a server of somebody else's."""

from collections.abc import Callable
from pathlib import Path


def copy_site(folder: Path, *, say: Callable[[str], None]) -> int:
    """Write the site into a folder.

    Args:
        folder: new or empty.
        say: prints the result.

    Returns:
        The exit status, 0.

    Raises:
        PedvizError: the folder is not empty, or something stored is damaged.
    """
    from pedviz.ui.static_copy import write_site

    total = write_site(folder)
    say(f"{folder}: the site as files, {total / 1e6:.1f} MB; any web server can publish it, at any path")
    return 0
