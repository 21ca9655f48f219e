"""What a lesson paints, and when: nothing that is folded, late what is out of view, and only what differs."""

from playwright.sync_api import Page, expect

from pedviz.lessons.registry import LESSONS
from pedviz.site.pages import lesson_data
from tests.web.lesson_scene import START, dress, open_lesson

IOU = next(lesson for lesson in LESSONS if lesson.slug == "iou")
FAR = "document.querySelector('#lesson-descent .pvl-box-b').outerHTML"
# From here on rest comes when the test lets it, however slow the machine.
HOLD = """() => {
  window.held = [];
  window.setTimeout = (act) => window.held.push(act) && 0;
}"""
MOVE = f"""async () => {{
  const frame = () => new Promise(requestAnimationFrame);
  const near = () => document.querySelector(".pvl-main .pvl-box-b").outerHTML;
  const rest = () => window.held.splice(0).forEach((act) => act());
  const isSeen = (done) => new IntersectionObserver(done).observe(document.querySelector("#lesson-descent"));
  await new Promise(isSeen);
  for (rest(); window.held.length; rest()) await frame();
  await frame();
  const parts = [...document.querySelectorAll(".pvl-main .pvl-box, .pvl-aside math mn")];
  const before = {{ near: near(), far: {FAR} }};
  const field = document.querySelector("[aria-label='B, the ground truth x1']");
  field.value = Number(field.value) + 1;
  field.dispatchEvent(new Event("input"));
  await frame();
  await frame();
  const seen = {{
    moved: near() !== before.near, waits: {FAR} === before.far,
    kept: parts.length > 9 && parts.every((part) => part.isConnected),
  }};
  rest();
  return {{ ...seen, follows: {FAR} !== before.far }};
}}"""


def test_what_is_folded_is_painted_once_it_is_opened(page: Page):
    dress(page, dark=False)
    page.evaluate(START, lesson_data(IOU))
    expect(page.locator(".pvl-main .pvl-picture")).not_to_be_empty()
    table = page.locator("#lesson-crowd tbody")
    expect(table).to_be_empty()
    page.locator("#lesson-crowd summary").first.click()
    expect(table.locator("tr")).to_have_count(4)


def test_out_of_view_waits_for_rest_and_pictures_keep_their_elements(page: Page):
    page.evaluate(HOLD)
    open_lesson(page, IOU)
    assert page.evaluate(MOVE) == {"moved": True, "waits": True, "kept": True, "follows": True}
