"""Progress on stderr."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from pedviz.download import Progress


@contextmanager
def byte_bar(what: str) -> Iterator[Progress]:
    """A bar for a download: gives the function to call with the bytes so far and the bytes in all."""
    with _bar(what, unit="B", unit_scale=True) as show:
        yield show


@contextmanager
def image_bar(what: str, *, unit: str = "image") -> Iterator[Progress]:
    """A bar for reading images: gives the function to call with those read so far and those in all."""
    with _bar(what, unit=unit) as show:
        yield show


@contextmanager
def _bar(what: str, **options: object) -> Iterator[Progress]:
    with tqdm(desc=what, file=sys.stderr, **options) as bar:

        def show(done: int, total: int | None) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show
