"""The dashboard in the real site: what is chosen on the Detect page comes along, and pictures lead back."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import wait_for_both

CHOSEN = "maskrcnn_mobilenet_v2_proj256"


def test_the_detect_pages_choice_carries_over(visit, real_site):
    page = visit(real_site).open(f"b={CHOSEN}")
    wait_for_both(page)
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Dashboard").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How good is each detector?")
    expect(page.locator("#compare").get_by_label("B", exact=True)).to_have_value(CHOSEN)
    expect(page.locator("#compare article").first).to_contain_text("on these 50 images")


def test_the_data_are_fetched_once_and_without_gradio(visit, real_site):
    made = visit(real_site)
    asked = []
    made.page.on("request", lambda request: asked.append(request.url.removeprefix(real_site)))
    made.page.goto(f"{real_site}dashboard.html")
    expect(made.page.locator(".pvd-speed .pvg-plot")).to_be_visible()
    assert asked.count("dashboard.json") == 1
    assert not any("assets/" in address or "gradio" in address for address in asked)


@pytest.mark.slow(reason="two networks of full size are loaded and look at an image")
def test_an_image_of_an_error_opens_with_its_ground_truth(visit, penn_fudan_site):
    made = visit(penn_fudan_site)
    made.page.goto(f"{penn_fudan_site}dashboard.html#errors")
    made.page.locator("#errors .pvr-table tbody button").first.click()
    link = made.page.locator(".pvd-images a").first
    name = link.inner_text()
    link.click()
    wait_for_both(made.page)
    assert re.search(rf"sample={name}", made.page.url)
    chosen = made.page.get_by_role("button", name="Ground truth", exact=True)
    expect(chosen).to_have_attribute("aria-pressed", "true")
