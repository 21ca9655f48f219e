"""Progress on stderr."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from pedviz.download import Progress


@contextmanager
def byte_bar(what: str) -> Iterator[Progress]:
    """A bar for a download: gives the function to call with the bytes so far and the bytes in all."""
    with tqdm(desc=what, unit="B", unit_scale=True, file=sys.stderr) as bar:

        def show(done: int, total: int | None) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show
