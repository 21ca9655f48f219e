"""The page "Your results" on the real site: two files in, a verdict out, deleted on request."""

import json

import pytest
from playwright.sync_api import expect

from tests.metrics.coco_scenes import random_files


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    truth, results = random_files(3, images=10)
    for name, content in (("truth", truth), ("a", results), ("b", results[::3])):
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder


def test_two_results_are_compared_and_deleted(visit, real_site, files):
    page = visit(real_site).page
    page.goto(f"{real_site}your-results.html")
    for name in ("truth", "a", "b"):
        page.set_input_files(f"input[name={name}]", files / f"{name}.json")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="Significance")).to_be_visible(timeout=120_000)
    expect(page.get_by_role("region", name="COCO numbers, scrolls sideways")).to_contain_text("b minus a")
    for title in ("Precision-recall curve", "Calibration", "AP gained if fixed, by error type"):
        expect(page.locator("figure", has_text=title).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.get_by_role("button", name="Delete my files and results").click()
    expect(page.get_by_text("Deleted.")).to_be_visible()
    expect(page.locator(".pvr-table")).to_have_count(0)
    page.set_input_files("input[name=truth]", files / "a.json")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "a.json: it holds a list; ground truth is", timeout=120_000
    )
