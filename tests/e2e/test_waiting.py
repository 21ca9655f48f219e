"""What the page does while a detection runs, with detectors that wait until they are told."""

import threading
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from pedviz.data import pennfudan
from pedviz.data.samples import Sample, samples
from pedviz.errors import DownloadError
from pedviz.ui import gallery
from pedviz.ui.service import DEFAULT_MODELS
from tests.e2e.conftest import upload, wait_for_both
from tests.ui.conftest import photo_file

A, B = DEFAULT_MODELS


@pytest.fixture
def waiting(timed_site, visit, street):
    """A visitor whose photo is being looked at by A, which does not come to an end."""
    made = visit(timed_site.address)
    page = made.open()
    wait_for_both(page)
    timed_site.predictors(A).gate.clear()
    timed_site.predictors(A).started.clear()
    upload(page, street)
    expect(page.locator(".pv-job").first).to_contain_text("is looking for people")
    assert timed_site.predictors(A).started.wait(10)
    return page


def test_a_running_detection_can_be_cancelled_and_run_again(waiting, timed_site):
    waiting.get_by_role("button", name="Cancel detection A").click()
    expect(waiting.locator(".pvc-error").first).to_have_text("Stopped before it finished.")
    expect(waiting.locator(".pvc-found").nth(1)).to_have_text("2 people found")
    timed_site.predictors(A).gate.set()
    waiting.get_by_role("button", name="Run detection A again").click()
    wait_for_both(waiting)
    expect(waiting.locator(".pvc-found").first).to_have_text("2 people found")
    expect(waiting.locator(".pvc-error").first).to_be_hidden()


def test_a_newer_photo_wins_over_the_late_answer(waiting, timed_site, tmp_path):
    newer = tmp_path / "newer.png"
    newer.write_bytes(photo_file((200, 40, 40)))
    upload(waiting, newer)
    timed_site.predictors(A).gate.set()
    wait_for_both(waiting, photo="newer.png")


def test_another_detector_in_one_pane_runs_only_that_pane(waiting, timed_site):
    runs_of_b = timed_site.predictors(B).runs
    waiting.get_by_label("Detector A").select_option("maskrcnn_mobilenet_v2_proj256")
    wait_for_both(waiting)
    assert timed_site.predictors("maskrcnn_mobilenet_v2_proj256").runs == 1
    assert timed_site.predictors(B).runs <= runs_of_b + 1


def test_the_place_in_the_queue_is_shown(waiting):
    expect(waiting.locator(".pv-block-pane_b .progress-text")).to_contain_text("queue: 1/1")


def test_visitors_do_not_see_each_others_photos(waiting, timed_site, visit):
    other = visit(timed_site.address, alone=True)
    page = other.open()
    assert "an evening street" not in page.content()
    assert len(timed_site.site.service.visitors) == 2


def test_leaving_the_page_deletes_the_photo(waiting, timed_site):
    visitors = timed_site.site.service.visitors
    assert len(visitors) == 1
    waiting.close()
    pause = threading.Event()
    for _ in range(600):  # a busy machine notices late that somebody has gone
        if len(visitors) == 0:
            break
        pause.wait(0.1)
    assert len(visitors) == 0


def test_missing_masks_are_fetched_once_suppression_is_loosened(timed_site, visit):
    page = visit(timed_site.address).open()
    wait_for_both(page)
    page.wait_for_timeout(1500)
    facts = page.locator("tbody tr")
    expect(facts).to_have_count(4)
    expect(page.locator(".pv-running")).to_have_count(0)


class Download:
    """Stands in for Penn-Fudan's: waits half way, then brings a picture or fails."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.error: DownloadError | None = None
        self.brought: tuple[Sample, ...] = ()

    def __call__(self, destination, *, progress) -> None:
        progress(25_000_000, 50_000_000)
        self.go_on.wait(30)
        if self.error:
            raise self.error
        self.brought = (replace(samples()[0], id="arrived"),)


@pytest.fixture
def download(monkeypatch):
    stand_in = Download()
    monkeypatch.setattr(pennfudan, "download", stand_in)
    monkeypatch.setattr(gallery, "pennfudan_samples", lambda: stand_in.brought)
    yield stand_in
    stand_in.go_on.set()


def test_penn_fudan_is_downloaded_with_a_progress_bar(download, timed_site, visit):
    page = visit(timed_site.address).open()
    page.get_by_role("button", name="Add Penn-Fudan to this server").click()
    expect(page.get_by_role("progressbar", name="Penn-Fudan")).to_have_attribute("aria-valuenow", "50")
    download.go_on.set()
    expect(page.locator("[data-sample=arrived]")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Penn-Fudan")).to_have_count(0)


def test_a_failed_download_is_one_sentence_and_can_be_tried_again(download, timed_site, visit):
    page = visit(timed_site.address).open()
    download.error = DownloadError("there is no network")
    download.go_on.set()
    page.get_by_role("button", name="Add Penn-Fudan to this server").click()
    expect(page.locator(".pv-photo-message")).to_have_text("There is no network.")
    expect(page.get_by_role("button", name="Add Penn-Fudan to this server")).to_be_enabled()
