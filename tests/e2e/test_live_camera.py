"""Detections on the moving picture of a camera, which Chromium makes up."""

import re

import pytest
from playwright.sync_api import Page, expect

from pedviz.types import DEFAULT_SCORE_THRESHOLD
from pedviz.ui.service import DEFAULT_MODELS
from pedviz.ui.variants import LIVE_MODEL
from tests.e2e.conftest import upload, wait_for_both

A = DEFAULT_MODELS[0]
FRAMES = re.compile(r"^2 people · \d+\.\d frames a second$")
DRAWN = """canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  .data.some(Boolean)"""
HIDE = "Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })"


@pytest.fixture
def page(timed_site, visit) -> Page:
    page = visit(timed_site.address).open()
    wait_for_both(page)
    return page


def start(page: Page) -> None:
    page.get_by_role("button", name="Camera", exact=True).click()
    page.wait_for_function("document.querySelector('.pv-camera video')?.videoWidth > 0")
    page.get_by_role("button", name="Detect live").click()


def test_frames_are_looked_at_one_after_the_other_until_it_is_closed(page, timed_site):
    start(page)
    expect(page.locator(".pv-camera p")).to_have_text(FRAMES)
    assert page.locator(".pv-camera canvas").evaluate(DRAWN)
    assert timed_site.predictors(LIVE_MODEL).options == {"maps_from": DEFAULT_SCORE_THRESHOLD}
    page.get_by_role("button", name="Close").click()
    expect(page.locator("dialog")).to_have_count(0)
    page.wait_for_timeout(300)
    runs = timed_site.predictors(LIVE_MODEL).runs
    page.wait_for_timeout(700)
    assert timed_site.predictors(LIVE_MODEL).runs == runs


NOTE_WIDTHS = """void (window.widths = [], HTMLCanvasElement.prototype.toBlob = new Proxy(
  HTMLCanvasElement.prototype.toBlob,
  { apply: (made, canvas, given) => (widths.push(canvas.width), made.apply(canvas, given)) }))"""
RATIO = """(({ videoWidth, videoHeight }) => videoWidth / videoHeight)(
  document.querySelector('.pv-camera video'))"""
SIZE = "document.querySelector('.pv-camera video').videoWidth"


def test_the_camera_sends_smaller_images_while_they_are_looked_at_and_its_own_for_a_photo(page):
    start(page)
    page.wait_for_function(f"{SIZE} === 640")
    view = page.evaluate(RATIO)
    page.get_by_role("button", name="Detect live").click()
    page.wait_for_function(f"{SIZE} > 640")
    assert page.evaluate(RATIO) == pytest.approx(view, abs=0.01)
    own = page.evaluate(SIZE)
    page.get_by_role("button", name="Detect live").click()
    page.wait_for_function(f"{SIZE} === 640")
    page.evaluate(NOTE_WIDTHS)
    page.get_by_role("button", name="Take the photo").click()
    expect(page.locator(".pv-live")).to_contain_text("camera.jpg")
    assert own in page.evaluate("widths")


def test_a_hidden_page_sends_nothing(page, timed_site):
    start(page)
    expect(page.locator(".pv-camera p")).to_have_text(FRAMES)
    page.evaluate(HIDE)
    page.wait_for_timeout(300)
    runs = timed_site.predictors(LIVE_MODEL).runs
    page.wait_for_timeout(700)
    assert timed_site.predictors(LIVE_MODEL).runs == runs


def test_photos_that_wait_come_before_the_camera(page, timed_site, street):
    timed_site.predictors(A).gate.clear()
    timed_site.predictors(A).started.clear()
    upload(page, street)
    assert timed_site.predictors(A).started.wait(10)
    before = timed_site.predictors(LIVE_MODEL).runs
    start(page)
    expect(page.locator(".pv-camera p")).to_contain_text("Others are waiting")
    assert timed_site.predictors(LIVE_MODEL).runs == before
    timed_site.predictors(A).gate.set()
    expect(page.locator(".pv-camera p")).to_have_text(FRAMES)
