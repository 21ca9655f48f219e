"""Waiting for what a page draws, in a browser that may be slow."""

from playwright.sync_api import Page

# What is drawn in a frame is on the page once the frame after it has begun.
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def wait_for_drawing(page: Page, *, after_ms: int = 60) -> None:
    """Wait until everything asked for within `after_ms` has been drawn, however long a frame takes."""
    page.wait_for_timeout(after_ms)
    page.evaluate(DRAWN)
