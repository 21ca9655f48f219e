"""What surrounds every page: header, footer, light and dark, a phone's width; and the About page."""

import pytest
from playwright.sync_api import Page, expect

from pedviz.models.manifest import available
from tests.e2e.conftest import PHONE, wait_for_both


@pytest.mark.parametrize("view", ["Detections", "Disagreement", "Ground truth"])
def test_a_phone_never_scrolls_sideways(visit, real_site, view):
    page = visit(real_site, viewport=PHONE, has_touch=True).open()
    wait_for_both(page)
    page.get_by_role("button", name=view).click()
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_page_says_that_it_is_loading_until_its_module_comes(browser, real_site):
    page = browser.new_page()
    held = []
    page.route("**/web/pages/index.js", lambda route: held.append(route))
    page.goto(real_site, wait_until="commit")
    page.wait_for_selector(".pv-photo")
    before = "getComputedStyle(document.querySelector('.pv-photo'), '::before').content"
    assert "Loading" in page.evaluate(before)
    for route in held:
        route.continue_()
    expect(page.locator(".pv-photo button").first).to_be_visible()
    assert page.evaluate(before) == "none"
    page.close()


# Red, green and blue of the page behind everything, from 0 to 255, as their mean.
BRIGHTNESS = """() => {
  const channels = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3);
  return channels.reduce((sum, channel) => sum + Number(channel), 0) / 3;
}"""


def expect_dark(page: Page) -> None:
    page.wait_for_function(f"({BRIGHTNESS})() < 60")


def expect_light(page: Page) -> None:
    page.wait_for_function(f"({BRIGHTNESS})() > 200")


def test_dark_mode_follows_the_system_the_address_and_the_button(visit, real_site):
    expect_dark(visit(real_site, color_scheme="dark").open())
    page = visit(real_site, color_scheme="dark").open("__theme=light")
    expect_light(page)
    page.get_by_role("button", name="Switch to the dark theme").click()
    expect_dark(page)
    assert "__theme=dark" in page.url


def test_the_chosen_theme_holds_in_every_tab(visit, real_site):
    other = visit(real_site).page
    other.goto(f"{real_site}lessons.html")
    page = visit(real_site).open()
    expect_light(other)
    page.get_by_role("button", name="Switch to the dark theme").click()
    expect_dark(other)
    for address in ("about.html", ""):
        other.goto(f"{real_site}{address}")
        expect_dark(other)


def test_the_header_leads_to_the_other_pages_and_back(page):
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Lessons").click()
    expect(page.get_by_role("heading", name="Lessons")).to_be_visible()
    expect(page).to_have_title("Lessons · PedViz")
    page.get_by_role("link", name="PedViz").click()
    wait_for_both(page)


def test_the_footer_shows_the_api_with_this_sites_address(page, opened):
    page.get_by_text("For programs").click()
    expect(page.locator(".pv-footer pre")).to_contain_text(f'Client("{opened.home}")')
    page.get_by_role("link", name="Licence of the code").click()
    expect(page.locator("body")).to_contain_text("Licen")


def test_nothing_of_gradios_chrome_is_left(page):
    assert page.locator("footer[aria-label='Gradio footer navigation']").count() == 0
    text = page.locator("body").inner_text().lower()
    assert "gradio" not in text.replace("gradio_client", "")


def test_the_about_page_has_a_card_for_every_weight(page):
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="About").click()
    expect(page.locator("#cards article")).to_have_count(len(available()))
    expect(page).to_have_title("About · PedViz")
    assert page.get_by_role("alert").count() == 0
    page.get_by_role("link", name="weights: non-commercial").click()
    expect(page.locator("#licences")).to_be_in_viewport()
