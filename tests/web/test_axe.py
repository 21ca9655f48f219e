"""The accessibility check itself: it finds what is broken, and nothing where nothing is."""

from playwright.sync_api import Page

from tests.axe import grave_problems

IMAGE = '<main><h1>Title</h1><img src="data:," {}></main>'


def test_an_image_without_a_text_is_found_and_named(page: Page):
    page.set_content(IMAGE.format("class=left"))
    (found,) = grave_problems(page)
    assert found.startswith("critical image-alt")
    assert "  img: Fix any of the following" in found


def test_the_same_image_with_a_text_is_in_order(page: Page):
    page.set_content(IMAGE.format('alt="A street"'))
    assert grave_problems(page) == []
