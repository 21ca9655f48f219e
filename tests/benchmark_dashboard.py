"""How quick the dashboard is with 12 variants and 50 images each: python -m tests.benchmark_dashboard.

Needs Chromium and Playwright. The server is app.py itself; the variants that are missing to twelve are copies
of a measured one. Nothing here passes or fails.
"""

import json
import statistics
import time

from playwright.sync_api import Page, Route

from tests.benchmark_page import chromium_page, running_app

VARIANTS, CHANGES = 12, 20
# Two frames after the event everything that it changed has been laid out and painted.
CHANGE = """async ({ id, low, step, count }) => {
  const frame = () => new Promise(requestAnimationFrame);
  const times = [];
  for (let i = 0; i < count; i += 1) {
    const field = document.getElementById(id) ?? document.querySelector(id);
    const started = performance.now();
    if (field.tagName === "SELECT") field.selectedIndex = i % field.options.length;
    else field.value = low + step * i;
    field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input"));
    await frame();
    await frame();
    times.push(performance.now() - started);
  }
  return times;
}"""


def _with_copies(route: Route) -> None:
    data = route.fetch().json()
    analyses = data["sections"]["analyses"]["variants"]
    template = next(variant for variant in data["variants"] if variant["predictions"])
    for place in range(VARIANTS - len(analyses)):
        copy = f"copy_{place}"
        data["variants"].append(template | {"id": copy, "label": f"Copy {place + 1}"})
        analyses[copy] = analyses[template["id"]]
    route.fulfill(body=json.dumps(data), content_type="application/json")


def _report(label: str, milliseconds: list[float]) -> None:
    middle, worst = statistics.median(milliseconds), max(milliseconds)
    print(f"{label:44} median {middle:6.0f} ms, worst {worst:6.0f} ms")


def _measure(page: Page, address: str) -> None:
    page.route("**/dashboard.json", _with_copies)
    visits = {
        "first visit": lambda: page.goto(address + "dashboard.html#curves"),
        "second visit": page.reload,  # the same address again would not leave the document
    }
    for label, visit in visits.items():
        started = time.perf_counter()
        visit()
        page.locator("#curves .pvg-legend li").nth(VARIANTS - 1).wait_for()
        print(f"{label:44} overview and curves after {time.perf_counter() - started:.2f} s")
    changes = {
        "IoU slider": {"id": "#curves input[type=range]", "low": 0.5, "step": 0.05},
        "boxes or masks, everything drawn": {"id": "#curves select", "low": 0, "step": 0},
    }
    for label, change in changes.items():
        _report(label, page.evaluate(CHANGE, change | {"count": CHANGES}))


def main() -> None:
    """Start the site, open the dashboard twice and change everything that can be changed."""
    with running_app() as (address, _, _), chromium_page(1440) as page:
        _measure(page, address)


if __name__ == "__main__":
    main()
