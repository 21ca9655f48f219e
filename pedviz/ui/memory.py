"""Freed memory that still says what was in it: overwritten and given back, with GNU's C library.

What a program frees stays readable in its memory until something else is written there. Elsewhere than on
Linux with that library, garbage is collected and no more.
"""

import ctypes
import gc
import sys
from contextlib import suppress

MOST_BYTES = 2**29  # overwritten at a time
BLOCKS = (2**16, 2**12, 2**8)  # bytes: whatever is free is used up by these, the largest first
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


def scrub() -> None:
    """Collect garbage, overwrite what is free, and give it back."""
    gc.collect()
    libc = _libc()
    if libc is None:
        return
    libc.malloc_trim(0)
    blocks = []
    for size in BLOCKS:
        for _ in range(min(libc.mallinfo2().fordblks, MOST_BYTES) // size):
            block = libc.malloc(size)
            if block:
                ctypes.memset(block, 0, size)
                blocks.append(block)
    for block in blocks:
        libc.free(block)
    libc.malloc_trim(0)
