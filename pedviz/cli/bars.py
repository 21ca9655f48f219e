"""Progress on stderr."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

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
    """A bar that begins with what the first call says is there: its speed is of what comes after it."""
    with ExitStack() as stack:
        bar: tqdm | None = None

        def show(done: int, total: int | None) -> None:
            nonlocal bar
            if bar is None:
                first = tqdm(desc=what, file=sys.stderr, total=total, initial=done, **options)
                bar = stack.enter_context(first)
            bar.update(done - bar.n)

        yield show
