"""How smoothly lessons follow a drag: python -m tests.benchmark_lessons.

Needs Chromium and Playwright. In every lesson the first handle is dragged, or where there is none the first
slider, by one move a frame. The server is app.py itself. Nothing here passes or fails.
"""

import statistics

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
    if (handle) return send("pointermove", 24 * Math.sin(i / 12));
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


def main() -> None:
    """Open every lesson and drag."""
    with running_app() as (address, _, _), chromium_page(WIDTH) as page:
        for lesson in LESSONS:
            page.goto(f"{address}lesson-{lesson.slug}")
            page.locator(".pvl-picture").first.wait_for()
            page.wait_for_timeout(SETTLE_MS)
            found = page.evaluate(DRAG, FRAMES)
            times = found["times"]
            rate = 1000 * len(times) / sum(times)
            late = statistics.quantiles(times, n=20)[-1]
            name = found["what"]
            print(f"{lesson.slug:12} {rate:5.1f} frames a second, 1 in 20 after {late:.0f} ms: {name}")


if __name__ == "__main__":
    main()
