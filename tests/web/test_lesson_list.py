"""The list of lessons: what each card says, and its miniature."""

from playwright.sync_api import Page, expect

from pedviz.lessons.registry import LESSONS
from pedviz.site.pages import PAGES, lesson_data
from tests.web.lesson_scene import START, dress

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


def test_a_lesson_says_what_it_takes_and_folds_what_goes_further(page: Page):
    for lesson in LESSONS:
        page.evaluate("document.body.replaceChildren()")
        page.evaluate(START, lesson_data(lesson))
        head = page.locator(".pvl-course")
        expect(head).to_contain_text(f"{lesson.minutes} minutes without the parts marked “Further”")
        listed = next(entry for entry in PAGES if entry.name == f"lesson-{lesson.slug}")
        assert head.evaluate("(node) => node.outerHTML") in listed.main  # nothing shifts
        further = page.locator(".pvl-section > .pvl-further")
        sections = {section["key"] for section in lesson.page_data()["prose"]}
        expect(further).to_have_count(len(sections - set(lesson.core)) + 1)  # and the claims of the reports
        expect(page.locator(".pvl-further[open]")).to_have_count(0)
        expect(page.locator(".pvl-claim").first).to_be_hidden()
