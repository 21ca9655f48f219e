"""How smoothly lessons follow a drag: python -m tests.benchmark_lessons.

Needs Chromium and Playwright. In every lesson the first handle is dragged, or where there is none the first
slider, by one move a frame. The server is app.py itself. Nothing here passes or fails. Frames a second depend
on what else the machine does; the processor's time on the page's main thread hardly does: 60 frames a second
leave 16.7 ms for each.
"""

import statistics

from playwright.sync_api import CDPSession

from pedviz.lessons.registry import LESSONS
from tests.benchmark_page import chromium_page, running_app

FRAMES, WIDTH = 240, 1440
SETTLE_MS = 2000  # until modules and images have arrived
DRAG = """async (frames) => {
  const frame = () => new Promise(requestAnimationFrame);
  const handle = document.querySelector(".pvl-main .pvl-handle:not(.pvl-brush)");
  const slider = document.querySelector(".pvl input[type=range]");
  const { left, top, width, height } = (handle ?? slider).getBoundingClientRect();
  const [x, y] = [left + width / 2, top + height / 2];
  const send = (type, dx) => handle.dispatchEvent(new PointerEvent(type, {
    bubbles: true, pointerId: 1, button: 0, buttons: 1, clientX: x + dx, clientY: y + dx,
  }));
  const range = slider && [Number(slider.min), Number(slider.max)];
  const move = (i) => {
    if (handle) return send("pointermove", 80 * Math.sin(i / 12));
    slider.value = range[0] + ((range[1] - range[0]) * (1 + Math.sin(i / 12))) / 2;
    slider.dispatchEvent(new Event("input"));
  };
  if (handle) {
    handle.setPointerCapture = () => {}; // there is no real pointer to capture
    send("pointerdown", 0);
  }
  await frame();
  const times = [];
  let last = performance.now();
  for (let i = 0; i < frames; i += 1) {
    move(i);
    await frame();
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  if (handle) send("pointerup", 0);
  return { what: handle ? handle.getAttribute("aria-label") : slider.getAttribute("aria-label"), times };
}"""


def _seconds_of_main_thread(session: CDPSession) -> float:
    measured = session.send("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in measured if one["name"] == "TaskDuration")


def main() -> None:
    """Open every lesson and drag."""
    with running_app() as (address, _, _), chromium_page(WIDTH) as page:
        session = page.context.new_cdp_session(page)
        session.send(
            "Performance.enable", {"timeDomain": "threadTicks"}
        )  # of the processor, not of the clock
        for lesson in LESSONS:
            page.goto(f"{address}lesson-{lesson.slug}")
            page.locator(".pvl-picture").first.wait_for()
            page.wait_for_timeout(SETTLE_MS)
            before = _seconds_of_main_thread(session)
            found = page.evaluate(DRAG, FRAMES)
            work = 1000 * (_seconds_of_main_thread(session) - before) / FRAMES
            times = found["times"]
            rate = 1000 * len(times) / sum(times)
            late = statistics.quantiles(times, n=20)[-1]
            print(
                f"{lesson.slug:12} {work:4.1f} ms of the main thread a step; {rate:5.1f} frames a second, "
                f"1 in 20 after {late:.0f} ms: {found['what']}"
            )


if __name__ == "__main__":
    main()
