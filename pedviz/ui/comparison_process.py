"""The process that makes one comparison: python -m pedviz.ui.comparison_process FOLDER.

The folder holds the files and REQUEST; what is being done, the result or one sentence about a problem are
written beside them. The process gives way to others and may use MOST_MEMORY and MOST_SECONDS.
"""

import json
import os
import sys
import time
from pathlib import Path

from pedviz.comparison import NamedFile, compare
from pedviz.errors import PedvizError
from pedviz.paths import write_whole
from pedviz.report import payload, report_html

REQUEST, PROGRESS, FAILED = "request.json", "progress.json", "problem.txt"
RESULT, REPORT = "result.json", "report.html"
MOST_MEMORY = 3_000_000_000  # bytes
MOST_SECONDS = 1800  # of processor time
BETWEEN_SECONDS = 0.25  # how often progress is written
TOO_LARGE = "these files need more memory than a comparison may have here; run pedviz compare at home"


def main(folder: Path) -> int:
    """Compare as the request says; the exit status."""
    _limit()
    request = json.loads((folder / REQUEST).read_text("utf-8"))
    try:
        named = zip(request["slots"], request["names"], strict=True)
        truth, *results = [NamedFile(path=folder / slot, name=name) for slot, name in named]
        last = 0.0

        def progress(stage: str, share: float) -> None:
            nonlocal last
            if time.monotonic() - last > BETWEEN_SECONDS:
                last = time.monotonic()
                write_whole(folder / PROGRESS, json.dumps({"stage": stage, "share": share}))

        found = compare(truth, *results, category=request["category"], progress=progress)
        write_whole(folder / REPORT, report_html(found))
        write_whole(folder / RESULT, json.dumps(payload(found), allow_nan=False))
    except PedvizError as error:
        write_whole(folder / FAILED, str(error))
        return 1
    except MemoryError:
        write_whole(folder / FAILED, TOO_LARGE)
        return 1
    finally:
        for slot in request["slots"]:
            (folder / slot).unlink(missing_ok=True)  # the files are not needed once they were read
    return 0


def _limit() -> None:
    os.nice(5)
    try:
        import resource
    except ImportError:  # Windows knows no such limits
        return
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
