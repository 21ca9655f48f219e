"""After an upload, the photo with its detections and the three thresholds are in view together."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE, upload, wait_for_both
from tests.ui.conftest import photo_file

SIZES = [DESKTOP, {"width": 1280, "height": 720}, PHONE]
LABELS = ("Score threshold", "Mask threshold", "NMS IoU threshold")
MOST_SHIFT = 0.05  # what web.dev calls good is below .1
WATCH_SHIFTS = """
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const moved = entry.sources.map(({ node, previousRect, currentRect }) =>
          `${node?.className}: ${JSON.stringify(previousRect)} to ${JSON.stringify(currentRect)}`);
        window.shifts.push([entry.value, moved]); // a press excuses none: people take longer to choose a file
      }
    }).observe({ type: "layout-shift", buffered: true });
"""


def assert_nothing_moved(page: Page) -> None:
    """Since the last time."""
    shifts = page.evaluate("window.shifts.splice(0)")
    assert sum(value for value, _ in shifts) < MOST_SHIFT, shifts


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size['width']}x{size['height']}")
def test_photo_and_thresholds_are_in_view_together(timed_site, visit, tmp_path, size):
    opened = visit(timed_site.address, viewport=size)
    opened.page.add_init_script(WATCH_SHIFTS)
    page = opened.open()
    wait_for_both(page)
    assert_nothing_moved(page)
    for name, pixels in (("wide.png", (1200, 800)), ("tall.png", (900, 1200))):
        (tmp_path / name).write_bytes(photo_file((90, 120, 150), size=pixels))
        upload(page, tmp_path / name)
        wait_for_both(page, photo=name)
        assert_nothing_moved(page)
        parts = [page.locator(".pvc-canvas").first]
        parts += [page.get_by_label(label, exact=True) for label in LABELS]
        for part in parts:
            expect(part).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
