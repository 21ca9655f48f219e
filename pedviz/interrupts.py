"""Ctrl-C at any moment: one word instead of a traceback."""

import sys
from types import TracebackType


def end_quietly() -> None:
    """Let Ctrl-C end this process with `stopped`, also while it still imports what takes seconds.

    Other errors are shown as before. The exit status is that of a process that the signal ended.
    """
    before = sys.excepthook

    def shown(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.stderr.write("stopped\n")
        else:
            before(kind, error, traceback)

    sys.excepthook = shown
