"""The comparison on an empty page, and hands for the tests that use it."""

from playwright.sync_api import Page, expect

from tests.drawing import wait_for_drawing
from tests.web.comparison_scene import HEIGHT, WIDTH, scene

START = """async ({ scene, dark }) => {
  for (const name of ["base/theme", "base/shell", "detect/detect", "detect/comparison"]) {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href: `/${name}.css` });
    document.head.append(link);
    await new Promise((done) => { link.onload = done; });
  }
  document.documentElement.classList.toggle("dark", dark);
  const root = document.createElement("main");
  document.body.append(root);
  const { createComparison } = await import("/detect/comparison.js");
  window.asked = [];
  window.said = "";
  window.states = [];
  window.comparison = createComparison(root, {
    palette: scene.palette,
    defaults: scene.thresholds,
    requestMaps: (pane, ids) => window.asked.push([pane, ids]),
    onStateChange: (state) => window.states.push(state),
    announce: (text) => { window.said = text; },
  });
  await comparison.setPhoto(scene.photo);
  comparison.setResult("a", scene.a);
  comparison.setResult("b", scene.b);
}"""


def start(page: Page, *, dark: bool = False, **options) -> Page:
    page.evaluate(START, {"scene": scene(**options), "dark": dark})
    expect(page.locator(".pvc-found").first).to_contain_text("found")
    return page


def found(page: Page) -> list[str]:
    wait_for_drawing(page)
    return page.locator(".pvc-found").all_inner_texts()


def canvas_pixels(page: Page, pane: int) -> bytes:
    wait_for_drawing(page)
    return page.locator("canvas").nth(pane).screenshot()


def to_screen(page: Page, pane: int, x: float, y: float) -> tuple[float, float]:
    """A photo point on the screen, with the whole photo in sight."""
    box = page.locator("canvas").nth(pane).bounding_box()
    return box["x"] + x * box["width"] / WIDTH, box["y"] + y * box["height"] / HEIGHT


def drag(page: Page, pane: int, start_point: tuple, end_point: tuple) -> None:
    page.mouse.move(*to_screen(page, pane, *start_point))
    page.mouse.down()
    page.mouse.move(*to_screen(page, pane, *end_point), steps=6)
    page.mouse.up()
