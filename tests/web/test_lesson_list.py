"""The list of lessons: what each card says, and its miniature."""

from playwright.sync_api import Page, expect

from pedviz.lessons.registry import LESSONS
from pedviz.site.pages import PAGES
from tests.web.lesson_scene import dress

MOUNT = """async (html) => {
  document.body.innerHTML = `<div class="pv-root"><main class="pvl-index">${html}</main></div>`;
  const { mount } = await import("/lessons/index/page.js");
  mount(document.querySelector("main"));
}"""


def test_each_card_says_what_it_takes_and_draws_its_subject(page: Page):
    listed = next(entry for entry in PAGES if entry.name == "lessons")
    assert listed.module == "lessons/index/page.js"
    dress(page, dark=False)
    page.evaluate(MOUNT, listed.main)
    cards = page.locator(".pvl-card")
    expect(cards).to_have_count(len(LESSONS))
    for place, lesson in enumerate(LESSONS):
        card = cards.nth(place)
        expect(card).to_contain_text(f"Lesson {lesson.number} · {lesson.minutes} minutes")
        expect(card).to_contain_text(f"Needs: {lesson.needs}.")
        if place + 1 < len(LESSONS):
            expect(card).to_contain_text(f"Next: {LESSONS[place + 1].title}.")
        picture = card.locator(".pvl-miniature")
        resting = picture.inner_html()
        card.hover(position={"x": 8, "y": 20})
        assert picture.inner_html() != resting
        page.mouse.move(0, 0)
        assert picture.inner_html() == resting
