"""Small people in large photos: the detectors look at tiles of the visitor's file as well."""

import csv
import io

import pytest
from playwright.sync_api import Page, expect

from pedviz.ui.service import DEFAULT_MODELS
from tests.e2e.conftest import people, upload, wait_for_both

A, B = DEFAULT_MODELS


@pytest.fixture
def large(timed_site, visit, street) -> Page:
    page = visit(timed_site.address).open()
    upload(page, street)
    wait_for_both(page, photo=street.name)
    return page


def models_in_csv(page: Page) -> set[str]:
    with page.expect_download() as info:
        page.get_by_role("button", name="CSV", exact=True).click()
    return {row["model"] for row in csv.DictReader(io.StringIO(info.value.path().read_text()))}


def test_tiles_find_more_are_marked_and_are_remembered(large, timed_site):
    before = people(large)
    closer = large.get_by_role("button", name="Look closer")
    closer.click()
    expect(large.locator(".pvc-model").first).to_contain_text("with tiles", timeout=60_000)
    expect(large.locator(".pvc-model").nth(1)).to_contain_text("with tiles", timeout=60_000)
    expect(closer).to_have_attribute("aria-pressed", "true")
    more = people(large)
    assert more[0] > before[0]
    assert models_in_csv(large) == {f"{A}+tiles", f"{B}+tiles"}
    runs = [timed_site.predictors(model).runs for model in (A, B)]
    closer.click()
    expect(large.locator(".pvc-model").first).not_to_contain_text("with tiles")
    assert people(large) == before
    closer.click()
    expect(large.locator(".pvc-model").first).to_contain_text("with tiles")
    assert people(large) == more
    assert [timed_site.predictors(model).runs for model in (A, B)] == runs


def test_looking_closer_can_be_cancelled(large, timed_site):
    timed_site.predictors(A).gate.clear()
    large.get_by_role("button", name="Look closer").click()
    expect(large.locator(".pv-job").first).to_contain_text("is looking closer")
    large.get_by_role("button", name="Cancel detection A").click()
    expect(large.locator(".pvc-error").first).to_have_text("Stopped before it finished.")
    expect(large.locator(".pvc-model").nth(1)).to_contain_text("with tiles", timeout=60_000)
    timed_site.predictors(A).gate.set()


def test_a_sample_has_no_file_to_look_into(timed_site, visit):
    page = visit(timed_site.address).open()
    wait_for_both(page)
    expect(page.get_by_role("button", name="Look closer")).to_be_hidden()
