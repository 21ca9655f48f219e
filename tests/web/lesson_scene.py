"""Opens lessons in the tests' browser, without the document around them."""

from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Page, expect

from pedviz.lessons.lesson import Lesson, State
from pedviz.site.assets import SHEETS
from pedviz.site.pages import lesson_data

START = """async (data) => {
  const main = document.createElement("main");
  main.className = "pv-wide";
  const root = document.createElement("div");
  root.className = "pv-root";
  root.append(main);
  document.body.append(root);
  const { mount } = await import(`/lessons/${data.module}`);
  mount(main, data);
}"""

# Opens what goes beyond the core, and waits for it to be drawn.
UNFOLD = """async () => {
  for (const fold of document.querySelectorAll(".pvl-further")) fold.open = true;
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
}"""


def as_text(value: object) -> str:
    """A setting's value as an address has it."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, tuple):
        return "_".join(as_text(entry) for entry in value)
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return str(value)


def query_of(state: State) -> str:
    """The query of an address for a state."""
    return urlencode({key: as_text(value) for key, value in state.items()})


def dress(page: Page, *, dark: bool) -> None:
    """Give the page the site's styles, light or dark."""
    for sheet in SHEETS.values():
        page.add_style_tag(content=sheet())
    page.evaluate("(dark) => document.body.classList.toggle('dark', dark)", dark)


def open_lesson(page: Page, lesson: Lesson, query: str = "", *, dark: bool = False) -> None:
    """Show a lesson at an address with this query, drawn and ready."""
    if not page.evaluate("document.body.childElementCount === 0"):
        page.goto(page.url.split("?")[0])
    page.evaluate("(query) => history.replaceState(null, '', query && '?' + query)", query)
    dress(page, dark=dark)
    page.evaluate(START, lesson_data(lesson))
    page.evaluate(UNFOLD)
    expect(page.locator(".pvl-picture").first).not_to_be_empty()


def parameters(page: Page) -> dict[str, str]:
    """The address's parameters now."""
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


def written_parameters(page: Page) -> dict[str, str]:
    """The address's parameters, once a lesson that had none has written its own, all at once."""
    page.wait_for_function("location.search !== ''")
    return parameters(page)


def expect_parameters(page: Page, wanted: dict[str, str]) -> None:
    """Wait until the address has exactly these parameters."""
    script = """(wanted) => {
      const found = [...new URLSearchParams(location.search)].sort();
      return JSON.stringify(found) === JSON.stringify(wanted);
    }"""
    page.wait_for_function(script, arg=sorted(map(list, wanted.items())))


def width_overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")
