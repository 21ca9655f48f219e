"""Freed memory still says what was in it, until something else is written there: here it is overwritten.

With GNU's C library, which fills whatever is freed if it is told to before a process starts, and in Python's
and NumPy's own pools of small blocks. With another library, garbage is collected and these pools are filled.
"""

import ctypes
import gc
import os
import sys
import threading
import time
from contextlib import suppress
from functools import cache

import numpy as np

# A freed block is filled at once; none is kept aside by a thread, where it would not be; all threads share
# one pool, whose end can be given back. Costs a detection 4 % (measured with two variants on one thread).
SETTINGS = {"glibc.malloc.perturb": 255, "glibc.malloc.tcache_count": 0, "glibc.malloc.arena_max": 1}
AFTER_SECONDS = 3.0  # for what is still on its way to the visitor
LARGEST_OF_NUMPY, KEPT_BY_NUMPY = 1024, 7  # NumPy has a few free blocks of each small size to itself
# Python's own small objects: free space of all sizes, and free blocks among those of one size.
OBJECT, HEAD, OBJECT_BYTES, OBJECT_BYTES_A_SIZE = 512, sys.getsizeof(b""), 2**25, 2**20
_TUNABLES = "GLIBC_TUNABLES"  # the environment variable in which the C library finds its settings
_ASKED = threading.Event()


def _libc() -> ctypes.CDLL | None:
    """GNU's C library, if this process runs on it."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            libc = ctypes.CDLL(None)
            libc.gnu_get_libc_version  # noqa: B018 - others have none
            return libc
    return None


def overwrite_what_is_freed() -> None:
    """Begin this process anew with `SETTINGS`; nothing where it has them, or another C library.

    That library reads its settings when a process starts, and at no other time.
    """
    given = os.environ.get(_TUNABLES, "")
    missing = [f"{name}={value}" for name, value in SETTINGS.items() if name not in given]
    if _libc() is not None and missing:
        os.environ[_TUNABLES] = ":".join(filter(None, (given, *missing)))
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


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


def scrub() -> None:
    """Collect garbage, overwrite the free blocks that Python and NumPy keep, and give memory back."""
    gc.collect()
    _overwrite_objects()
    _overwrite_arrays()
    if (libc := _libc()) is not None:
        libc.malloc_trim(0)


def _scrub_whenever_asked() -> None:
    while True:
        _ASKED.wait()
        _ASKED.clear()
        time.sleep(AFTER_SECONDS)
        scrub()


@cache
def _scrubber() -> threading.Thread:
    thread = threading.Thread(target=_scrub_whenever_asked, daemon=True)
    thread.start()
    return thread


def scrub_soon() -> None:
    """Scrub a few seconds after a photo has passed, and later again if another one passes until then."""
    _ASKED.set()
    _scrubber()
