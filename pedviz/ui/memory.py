"""Freed memory that still says what was in it: overwritten and given back, with GNU's C library.

What a program frees stays readable in its memory until something else is written there. Elsewhere than on
Linux with that library, garbage is collected and no more.
"""

import ctypes
import gc
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import ParamSpec, TypeVar

import numpy as np

Given = ParamSpec("Given")
Found = TypeVar("Found")
MOST_BYTES, MOST_BLOCKS = 2**28, 2**18  # of each size, overwritten at a time
BLOCKS = (2**16, 2**12, 2**8, 2**6)  # bytes: whatever is free is used up by these, the largest first
# Each thread has a few free blocks of each small size to itself, and NumPy some for all.
SMALL, KEPT_BY_THREAD = range(24, 1048, 16), 8
LARGEST_OF_NUMPY, KEPT_BY_NUMPY = 1024, 7
# Python's own small objects: free space of all sizes, and free blocks among those of one size.
OBJECT, HEAD, OBJECT_BYTES, OBJECT_BYTES_A_SIZE = 512, sys.getsizeof(b""), 2**25, 2**20
_ONE_AT_A_TIME = threading.Lock()
_ARENA_MAX = -8  # mallopt's name for the number of arenas


class _Usage(ctypes.Structure):
    """What mallinfo2 returns."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks",
            "keepcost",
        )
    ]  # fmt: skip


def _libc() -> ctypes.CDLL | None:
    if sys.platform != "linux":
        return None
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        libc.mallinfo2.restype = _Usage
        libc.malloc.restype = ctypes.c_void_p
        libc.malloc.argtypes = [ctypes.c_size_t]
        libc.free.argtypes = [ctypes.c_void_p]
        return libc
    return None


def keep_in_one_place() -> None:
    """Have all threads share one pool of memory, whose end can be given back; called before any other."""
    if libc := _libc():
        libc.mallopt(_ARENA_MAX, 1)


def _overwrite_objects() -> None:
    """Fill the free space among Python's small objects with zeros, and free it again."""
    filled = [bytes(OBJECT - HEAD) for _ in range(OBJECT_BYTES // OBJECT)]
    for size in range(HEAD + 15 & ~15, OBJECT, 16):
        filled += [bytes(size - HEAD) for _ in range(OBJECT_BYTES_A_SIZE // size)]


def _overwrite_arrays() -> None:
    """Fill the small blocks that NumPy keeps for its next arrays."""
    arrays = [np.empty(size + 1, np.uint8) for size in range(LARGEST_OF_NUMPY) for _ in range(KEPT_BY_NUMPY)]
    for array in arrays:
        array.fill(0)


def _overwrite(libc: ctypes.CDLL, size: int, count: int) -> list[int]:
    """Take free blocks of one size and fill them; they are still to be freed."""
    blocks = [block for _ in range(count) if (block := libc.malloc(size))]
    for block in blocks:
        ctypes.memset(block, 0, size)
    return blocks


def scrub_thread() -> None:
    """Overwrite the small free blocks that this thread has to itself."""
    if libc := _libc():
        for block in [block for size in SMALL for block in _overwrite(libc, size, KEPT_BY_THREAD)]:
            libc.free(block)


def scrubbed(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """`function`, after which the thread that ran it keeps no small blocks of what went through."""

    @wraps(function)
    def then_scrub(*arguments: Given.args, **options: Given.kwargs) -> Found:
        try:
            return function(*arguments, **options)
        finally:
            scrub_thread()

    return then_scrub


def scrub() -> None:
    """Collect garbage, overwrite what is free, and give it back; one thread at a time."""
    with _ONE_AT_A_TIME:
        _scrub()


def _scrub() -> None:
    gc.collect()
    _overwrite_objects()
    _overwrite_arrays()
    libc = _libc()
    if libc is None:
        return
    libc.malloc_trim(0)
    blocks: list[int] = []
    for size in BLOCKS:
        free = min(libc.mallinfo2().fordblks, MOST_BYTES) // size
        blocks += _overwrite(libc, size, min(free, MOST_BLOCKS))
    for block in blocks:
        libc.free(block)
    scrub_thread()
    libc.malloc_trim(0)
