"""The comparison under mouse, fingers and keys: drawing the truth, zooming, flipping."""

import pytest
from playwright.sync_api import Page, expect

from tests.drawing import wait_for_drawing
from tests.web.comparison_page import canvas_pixels, drag, start, to_screen
from tests.web.comparison_scene import SCALE, WIDTH

EDGES = ("x1", "y1", "x2", "y2")


def test_boxes_are_drawn_changed_and_undone_by_mouse_and_keyboard(page: Page):
    stage = start(page, known=False)
    stage.get_by_role("button", name="Ground truth").click()
    stage.get_by_role("button", name="Draw boxes").click()
    stage.locator("canvas").first.scroll_into_view_if_needed()
    drag(stage, 0, (20, 60), (90, 260))
    edges = [stage.get_by_label(f"{edge} of person 1") for edge in EDGES]
    values = [float(edge.input_value()) for edge in edges]
    assert values == pytest.approx([edge * SCALE for edge in (20, 60, 90, 260)], abs=2 * SCALE)
    expect(stage.locator(".pvc-counts").first).to_contain_text("1 TP · 1 FP · 0 FN")
    drag(stage, 0, (90, 260), (120, 250))
    assert float(edges[2].input_value()) == pytest.approx(120 * SCALE, abs=3 * SCALE)
    stage.get_by_role("button", name="Undo").click()
    assert float(edges[2].input_value()) == pytest.approx(90 * SCALE, abs=2 * SCALE)
    stage.locator("canvas").first.focus()
    before = float(edges[0].input_value())
    stage.keyboard.press("ArrowRight")
    assert float(edges[0].input_value()) == pytest.approx(before + 1)  # a pixel of the original
    stage.keyboard.press("Shift+ArrowDown")
    stage.keyboard.press("Delete")
    expect(stage.locator(".pvc-boxes li")).to_have_count(0)
    expect(stage.locator(".pvc-counts").first).to_contain_text("recall n/a")


def test_reversed_edges_turn_red_and_change_nothing(stage: Page):
    stage.get_by_role("button", name="Ground truth").click()
    field = stage.get_by_label("x1 of person 1")
    field.fill("350")
    field.press("Tab")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(stage.locator(".pvc-counts").first).to_contain_text("1 TP")
    stage.get_by_role("button", name="Remove person 2").click()
    expect(field).to_have_attribute("aria-invalid", "false")
    expect(field).to_have_value(str(20 * SCALE))


def test_f_flips_the_panes_and_escape_shows_both(stage: Page):
    stage.keyboard.press("f")
    expect(stage.locator(".pvc-pane-a")).to_be_visible()
    expect(stage.locator(".pvc-pane-b")).to_be_hidden()
    stage.keyboard.press("f")
    expect(stage.locator(".pvc-pane-b")).to_be_visible()
    expect(stage.locator(".pvc-pane-a")).to_be_hidden()
    stage.keyboard.press("Escape")
    expect(stage.locator(".pvc-pane-a")).to_be_visible()


def test_both_panes_zoom_and_pan_together(stage: Page):
    before = [canvas_pixels(stage, pane) for pane in (0, 1)]
    stage.locator("canvas").first.focus()
    for key in ("+", "+", "ArrowRight"):
        stage.keyboard.press(key)
    zoomed = [canvas_pixels(stage, pane) for pane in (0, 1)]
    assert zoomed[0] != before[0]
    assert zoomed[1] != before[1]
    stage.get_by_role("button", name="Fit to view").click()
    stage.locator("canvas").first.evaluate("canvas => canvas.blur()")
    assert canvas_pixels(stage, 1) == before[1]


def test_f_flips_while_a_slider_has_the_focus_but_not_in_a_text_field(stage: Page):
    stage.get_by_label("Score threshold, as a number").focus()
    stage.keyboard.press("f")
    expect(stage.locator(".pvc-pane-b")).to_be_visible()
    stage.get_by_label("Score threshold", exact=True).focus()
    stage.keyboard.press("f")
    expect(stage.locator(".pvc-pane-b")).to_be_hidden()


def edges_of_person_1(stage: Page) -> list[float]:
    return [float(stage.get_by_label(f"{edge} of person 1").input_value()) for edge in EDGES]


def touch(page: Page, *frames: list[tuple[float, float]]) -> None:
    """Fingers at one place after another; the number of fingers may change."""
    session = page.context.new_cdp_session(page)
    down = 0
    for points in [*frames, []]:
        kind = "touchStart" if len(points) > down else "touchEnd" if len(points) < down else "touchMove"
        fingers = [{"x": x, "y": y, "id": place} for place, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
        down = len(points)


def test_two_fingers_zoom_both_panes_and_carry_the_photo_with_them(stage: Page):
    stage.locator("canvas").first.scroll_into_view_if_needed()
    before = canvas_pixels(stage, 1)
    (left, y), (right, _) = to_screen(stage, 0, 90, 150), to_screen(stage, 0, 110, 150)
    spread = [[(left - step, y), (right + step, y)] for step in (0, 10, 20, 40)]
    touch(stage, [(left, y)], *spread, [(left - 20, y), (right + 60, y)])
    assert canvas_pixels(stage, 1) != before
    zoom = (right - left + 80) / (right - left)
    scale = zoom * (right - left) / 20  # screen pixels for one photo pixel
    middle = (left + right) / 2 + 20  # now over photo point 100, between the first two people of A
    for photo_x, people_lit in ((100, 0), (88, 2), (92, 0), (148, 0), (152, 2)):
        stage.mouse.move(middle + (photo_x - 100) * scale, y)
        wait_for_drawing(stage)
        assert stage.locator("tbody tr.is-lit").count() == people_lit, photo_x


def test_a_finger_draws_a_box_that_both_panes_show(page: Page):
    stage = start(page, known=False)
    stage.get_by_role("button", name="Ground truth").click()
    stage.get_by_role("button", name="Draw boxes").click()
    stage.locator("canvas").first.scroll_into_view_if_needed()
    before = canvas_pixels(stage, 1)
    path = [[to_screen(stage, 0, x, y)] for x, y in ((280, 70), (300, 100), (330, 200), (360, 280))]
    touch(stage, *path)
    edges = edges_of_person_1(stage)
    assert edges == pytest.approx([edge * SCALE for edge in (280, 70, 360, 280)], abs=2 * SCALE)
    assert canvas_pixels(stage, 1) != before


def test_a_box_stays_in_the_photo_however_far_it_is_dragged(stage: Page):
    stage.get_by_role("button", name="Ground truth").click()
    stage.get_by_role("button", name="Draw boxes").click()
    stage.locator("canvas").first.scroll_into_view_if_needed()
    drag(stage, 0, (55, 160), (900, -500))
    edges = edges_of_person_1(stage)
    assert edges == [edge * SCALE for edge in (WIDTH - 70, 0, WIDTH, 200)]
