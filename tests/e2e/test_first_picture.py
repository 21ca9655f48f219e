"""A stored comparison waits for nothing: neither for Gradio, nor for the photo, nor for a detection."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from pedviz.ui.service import DEFAULT_MODELS
from tests.e2e.conftest import wait_for_both


def _held(page: Page, address: str) -> list[Route]:
    """The requests to an address, which stay without an answer."""
    held: list[Route] = []
    page.route(address, lambda route: held.append(route))
    return held


def _asked(requests: list[str], ending: str) -> int:
    return sum(url.endswith(ending) for url in requests)


def test_it_is_there_before_gradio(visit, real_site):
    made = visit(real_site, alone=True)
    scripts = _held(made.page, re.compile(r"/assets/.*\.js"))
    made.page.goto(real_site)
    wait_for_both(made.page, photo="three-people")
    assert scripts
    assert made.page.evaluate("customElements.get('gradio-app')") is None


def test_a_detection_that_was_asked_for_before_gradio_came_is_made(visit, timed_site):
    made = visit(timed_site.address, alone=True)
    _held(made.page, re.compile(r"/assets/index-.*\.js"))
    made.page.goto(timed_site.address, wait_until="commit")
    expect(made.page.locator(".pv-sample").first).to_have_attribute("aria-pressed", "true")
    assert timed_site.predictors.loaded == {}
    made.page.unroute_all()  # which lets go what is held
    wait_for_both(made.page)


def test_results_are_asked_for_beside_the_photo(visit, real_site):
    made = visit(real_site, alone=True)
    page = made.open()
    wait_for_both(page)
    photos = _held(page, "**/samples/opera.webp")
    with (
        page.expect_request(f"**/samples/opera/{DEFAULT_MODELS[0]}.json"),
        page.expect_request(f"**/samples/opera/{DEFAULT_MODELS[1]}.json"),
    ):
        page.locator("[data-sample=opera]").click()
    expect(page.locator(".pv-live")).to_contain_text("opera")
    for route in photos:
        route.continue_()
    wait_for_both(page, photo="opera")


def test_everything_stored_comes_once_and_nothing_goes_through_the_queue(visit, real_site):
    made = visit(real_site, alone=True)
    page = made.open()
    wait_for_both(page)
    expect(page.locator(".pv-main .block.pv-block")).to_have_count(3)  # Gradio is there
    page.locator("[data-sample=opera]").click()
    wait_for_both(page, photo="opera")
    for sample in ("three-people", "opera"):
        names = [".json", ".webp", *(f"/{model}.json" for model in DEFAULT_MODELS)]
        assert [_asked(made.requests, f"samples/{sample}{name}") for name in names] == [1] * len(names)
    assert [url for url in made.requests if "/queue/" in url] == []


@pytest.mark.parametrize("query", ["", "sample=opera&a=maskrcnn_mobilenet_v2"])
def test_a_link_preloads_what_it_shows(visit, real_site, query):
    made = visit(real_site, alone=True)
    wait_for_both(made.open(query))
    preloaded = made.page.evaluate(
        "[...document.querySelectorAll('link[rel=preload]')].map(({ href }) => href)"
    )
    assert len(preloaded) == 4
    assert [made.requests.count(address) for address in preloaded] == [1] * 4
