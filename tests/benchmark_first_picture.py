"""Seconds to a first picture after a fresh start: python -m tests.benchmark_first_picture [detect iou ...].

Needs Chromium and Playwright. For the Detect page and every lesson the server is started anew, app.py itself,
and so is the browser, with an empty profile. The time runs from the start of the navigation until the frame
after the one in which the picture is there: both detectors' stored results on the Detect page, in a lesson
its main figure, with the detector's pass where it shows one. Nothing here passes or fails; the machine's
load meanwhile is printed.
"""

import os
import statistics
import sys
from collections.abc import Sequence

from pedviz.lessons.registry import LESSONS
from tests.benchmark_page import DESKTOP_WIDTH, chromium_page, running_app

RUNS = 3
PICTURED = """window.pictured = new Promise((painted) => {
  const shown = () => {
    const found = [...document.querySelectorAll(".pvc-found")]; // says so with its drawing
    if (found.length) return found.every(({ textContent }) => /\\d+ (people|person)/.test(textContent));
    const cover = document.querySelector(".pvl-photo-cover");
    return document.querySelector(".pvl-main .pvl-picture")?.childElementCount > 0 && (cover?.hidden ?? true);
  };
  const look = () => {
    if (!shown()) return requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => painted(performance.now())));
  };
  requestAnimationFrame(look);
});"""


def first_picture_ms(address: str) -> float:
    """Milliseconds from a fresh server and browser until a page's first picture is painted."""
    with running_app() as (home, _, _), chromium_page(DESKTOP_WIDTH) as page:
        page.add_init_script(PICTURED)
        page.goto(home + address, wait_until="commit")
        return page.evaluate("pictured")


def main(names: Sequence[str] = tuple(sys.argv[1:])) -> None:
    """The named pages, or all of them, `RUNS` times each."""
    for name in names or ("detect", *(lesson.slug for lesson in LESSONS)):
        address = "" if name == "detect" else f"lesson-{name}.html"
        times = [first_picture_ms(address) for _ in range(RUNS)]
        print(
            f"picture {name:12} after {statistics.median(times):5.0f} ms "
            f"({min(times):.0f} to {max(times):.0f}); load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores",
            flush=True,
        )


if __name__ == "__main__":
    main()
