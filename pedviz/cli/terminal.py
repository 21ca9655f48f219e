"""What every command does at the terminal: it prints what can be printed, and ends without a traceback."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from tqdm import tqdm

from pedviz.errors import Cancelled, PedvizError

CANNOT_START = 2
INTERRUPTED = 130


def say(text: str) -> None:
    """Print a result. Where nobody reads any more (`| head`), this and all that follows goes nowhere."""
    try:
        tqdm.write(text)  # clears a progress bar first; plain print without one
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(text: str) -> None:
    """Print what went wrong."""
    tqdm.write(text, file=sys.stderr)


def guarded(command: Callable[[], int], *, stopped: str = "stopped") -> int:
    """Run a command for its exit status; `stopped` is said of one that Ctrl-C ends.

    Characters that the terminal does not have are written as escapes; a stream that is closed takes
    everything and shows nothing. An error of ours becomes one sentence, and so do Ctrl-C, a reader that has
    gone, and a disk that is full.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # as after >&-
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - to the end
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = command()
        sys.stdout.flush()
        return status
    except (KeyboardInterrupt, Cancelled):
        complain(stopped)
        return INTERRUPTED
    except PedvizError as error:
        complain(f"pedviz: {error}")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        complain(f"pedviz: {error.strerror or error}{where}; make room or choose another place")
    return CANNOT_START
