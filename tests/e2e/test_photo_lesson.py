"""Lesson 7 on the real site: real weights, real pictures, a visitor's own photo."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import RESULT_MS, Visit, wait_for_both

STAGES = 7


def _open(made: Visit, query: str = "") -> Page:
    made.page.goto(f"{made.home}lesson-photo.html?{query}")
    _wait(made.page)
    return made.page


def _wait(page: Page) -> None:
    expect(page.locator(".pvl-photo-cover")).to_be_hidden(timeout=RESULT_MS)
    expect(page.locator(".pvl-main .pvl-picture").first).not_to_be_empty()


@pytest.mark.parametrize("model", ["maskrcnn_mobilenet_v2_fpn", "maskrcnn_mobilenet_v2_proj256"])
def test_the_replay_shows_the_people_of_the_detect_page(
    real_site: str, visit: Callable[..., Visit], model: str
):
    page = _open(visit(real_site), f"step={STAGES}&sample=opera&model={model}")
    expect(page.locator(".pvl-photo-check")).to_have_attribute("data-same", "true")
    words = page.locator("#lesson-result").inner_text()
    count = int(re.search(r"(\d+) people:", words)[1])
    scores = [f"{float(score):.2f}" for score in re.findall(r"\((\d\.\d{3})\)", words)]
    page.get_by_role("link", name="Open it on the Detect page").click()
    wait_for_both(page)
    shown = page.locator(".pvc-canvas").first.get_attribute("aria-label")
    assert f"{count} people" in shown
    assert len(scores) == count


def test_every_stage_of_a_real_picture_can_be_seen(real_site: str, visit: Callable[..., Visit]):
    page = _open(visit(real_site))
    for _ in range(STAGES - 1):
        page.get_by_role("button", name=re.compile("^Next: ")).click()
        expect(page.locator(".pvl-side .pvl-section:visible")).to_have_count(1)
    picture = page.locator(".pvl-main [role=img]").first
    expect(picture).to_have_attribute("aria-label", re.compile("people with their boxes"))


def test_a_photo_of_ones_own_goes_through_and_a_bad_file_is_refused(
    real_site: str, visit: Callable[..., Visit], people_photo: Path
):
    made = visit(real_site)
    page = _open(made)
    page.locator("input[type=file]").set_input_files(people_photo)
    expect(page.locator(".pvl-main [role=img]").first).to_have_attribute(
        "aria-label", re.compile("^Your photo, 1137 by 1333"), timeout=RESULT_MS
    )
    page.locator("input[type=file]").set_input_files(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no photo"}
    )
    cover = page.locator(".pvl-photo-cover")
    expect(cover).to_contain_text("Your photo is not an image that can be opened; try a JPEG or PNG.")
    assert made.problems.pop().startswith("Failed to load resource")
    page.get_by_role("button", name="On a stage").click()
    _wait(page)
