"""The IoU lesson in a real Chromium: what it computes, how it is moved, and what it says."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from pedviz.lessons.iou import BOX_PRESETS, LESSON
from pedviz.theory.iou_losses import LOSS_KINDS, box_loss_gradient, box_similarity, one_sided_slopes
from tests.web.lesson_scene import expect_parameters, open_lesson, parameters, query_of

OVERLAP = {"a": (4, 4, 16, 14), "b": (10, 8, 22, 18)}
APART = {"a": (4, 8, 14, 18), "b": (24, 8, 34, 18)}


def _numbers(text: str) -> list[float]:
    return [float(part) for part in text.replace("\u2212", "-").split("|")]


def _scores(page: Page) -> dict[str, list[list[float]]]:
    """The table beneath the picture: by kind similarity, loss, and one or two slopes for each edge."""
    rows = page.get_by_role("region", name="Four similarities and their gradients").locator("tbody tr").all()
    return {
        kind: [_numbers(cell) for cell in row.locator("td").all_inner_texts()]
        for kind, row in zip(LOSS_KINDS, rows, strict=True)
    }


def _field(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=name, exact=True)


def _drag(page: Page, handle: Locator, *, by: tuple[float, float]) -> None:
    """Drag the middle of a handle by so many units of the picture."""
    unit = page.evaluate("document.querySelector('.pvl-main .pvl-stage').clientWidth") / (26 * 1.04)
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0] * unit / 2, y + by[1] * unit / 2)
    page.mouse.move(x + by[0] * unit, y + by[1] * unit)
    page.mouse.up()


@pytest.mark.parametrize("preset", BOX_PRESETS, ids=lambda preset: preset.key)
def test_the_table_says_what_python_says_at_every_preset(page: Page, preset):
    open_lesson(page, LESSON, query_of(preset.state))
    first, second = (np.array([preset.state[key]], float) for key in ("a", "b"))
    shown = _scores(page)
    for kind in LOSS_KINDS:
        similarity = box_similarity(first, second, kind=kind)[0, 0]
        assert shown[kind][0] + shown[kind][1] == pytest.approx([similarity, 1 - similarity], abs=6e-5)
        sides = one_sided_slopes(first, second, kind=kind)[0, 0]
        gradient = box_loss_gradient(first, second, kind=kind)[0, 0]
        for edge, slopes in enumerate(shown[kind][2:]):
            kinked = abs(sides[edge, 0] - sides[edge, 1]) > 1e-9
            assert slopes == pytest.approx(list(sides[edge]) if kinked else [gradient[edge]], abs=6e-5)


def test_the_cases_show_the_numbers_of_python(page: Page):
    open_lesson(page, LESSON)
    rows = page.get_by_role("region", name="The cases side by side").locator("tbody tr").all()
    for preset, row in zip(BOX_PRESETS, rows, strict=True):
        first, second = (np.array([preset.state[key]], float) for key in ("a", "b"))
        shown = [_numbers(text)[0] for text in row.locator("td").all_inner_texts()]
        assert shown == pytest.approx(
            [box_similarity(first, second, kind=kind)[0, 0] for kind in LOSS_KINDS], abs=6e-5
        )


def test_a_corner_follows_the_mouse_and_one_undo_takes_it_back(page: Page):
    open_lesson(page, LESSON)
    _drag(page, page.get_by_role("button", name="A, upper left corner"), by=(2, 3))
    expect_parameters(page, {"a": "6_7_16_14"})
    expect(_field(page, "A, the prediction x1")).to_have_value("6")
    page.keyboard.press("Control+z")
    expect_parameters(page, {})


def test_a_corner_stops_at_the_opposite_one(page: Page):
    open_lesson(page, LESSON)
    _drag(page, page.get_by_role("button", name="A, upper left corner"), by=(20, 14))
    expect_parameters(page, {"a": "16_14_16_14"})
    expect(page.get_by_text("A has no area")).to_be_visible()


def test_a_whole_box_moves_and_keeps_its_size(page: Page):
    open_lesson(page, LESSON)
    handle = page.get_by_role("button", name="Box A")
    box = handle.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] - 500, box["y"] - 500)
    page.mouse.up()
    expect_parameters(page, {"a": "0_0_12_10"})


def test_a_box_that_lies_within_the_other_can_still_be_grabbed(page: Page):
    open_lesson(page, LESSON, query_of({"a": (2, 2, 24, 18), "b": (8, 6, 16, 12)}))
    middle = page.locator(".pvl-box-b").first.bounding_box()
    page.mouse.move(middle["x"] + middle["width"] / 3, middle["y"] + middle["height"] / 3)
    page.mouse.down()
    page.mouse.move(0, 0)
    page.mouse.up()
    expect_parameters(page, {"a": "2_2_24_18", "b": "0_0_8_6"})


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        pytest.param(["ArrowRight"], "4.5_4_16.5_14", id="one step"),
        pytest.param(["Shift+ArrowDown"], "4_9_16_19", id="ten steps with shift"),
        pytest.param(["ArrowLeft"] * 9, "0_4_12_14", id="not beyond the edge"),
    ],
)
def test_arrow_keys_move_a_box(page: Page, keys: list[str], expected: str):
    open_lesson(page, LESSON)
    page.get_by_role("button", name="Box A").focus()
    for key in keys:
        page.keyboard.press(key)
    expect_parameters(page, {"a": expected})


def test_a_finger_drags_too(page: Page):
    open_lesson(page, LESSON)
    handle = page.get_by_role("button", name="B, lower right corner")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)
    for kind, dx in (("touchStart", 0), ("touchMove", -20), ("touchMove", -40), ("touchEnd", None)):
        points = [] if dx is None else [{"x": x + dx, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.wait_for_function("location.search.includes('b=')")
    left, top, right, bottom = map(float, parameters(page)["b"].split("_"))
    assert (left, top, bottom) == (10, 8, 18)
    assert right < 22


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        pytest.param("A, the prediction x1", "four", "is not a number", id="a word"),
        pytest.param("A, the prediction x1", "NaN", "is not a number", id="NaN"),
        pytest.param("A, the prediction x1", "", "is not a number", id="nothing"),
        pytest.param(
            "A, the prediction x1", "17", "reversed: x1 = 17 is right of x2 = 16", id="reversed across"
        ),
        pytest.param("B, the ground truth y2", "1", "reversed: y1 = 8 is below y2 = 1", id="reversed down"),
        pytest.param("B, the ground truth x2", "5000", "expected 0 to 1333, got 5000", id="too large"),
        pytest.param("A, the prediction y1", "-1", "got \u22121", id="negative"),
    ],
)
def test_what_cannot_be_turns_red_says_why_and_changes_nothing(page: Page, name: str, typed: str, says: str):
    open_lesson(page, LESSON)
    field = _field(page, name)
    field.fill(typed)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text(says)).to_be_visible()
    assert field.evaluate("(node) => getComputedStyle(node).borderColor") == "rgb(173, 31, 34)"
    assert _scores(page)["iou"][0] == pytest.approx([36 / 204], abs=6e-5)
    page.get_by_role("button", name="Apart", exact=True).first.click()
    expect(field).to_have_attribute("aria-invalid", "false")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        pytest.param("5", 5.0, id="whole"),
        pytest.param("5,5", 5.5, id="comma"),
        pytest.param("11/2", 5.5, id="fraction"),
    ],
)
def test_a_field_moves_the_picture(page: Page, typed: str, value: float):
    open_lesson(page, LESSON)
    _field(page, "A, the prediction x1").fill(typed)
    expect_parameters(page, {"a": f"{value:g}_4_16_14"})


@pytest.mark.parametrize(
    "wrong", ["a=9_4_3_14", "a=1_2_3", "a=1_2_3_x", "a=NaN_0_1_1", "a=-5_0_1_1", "loss=l2", "m1=!!"]
)
def test_a_malformed_setting_falls_back_and_the_others_stay(page: Page, wrong: str):
    open_lesson(page, LESSON, f"{wrong}&b=10_8_22_20")
    expect(_field(page, "A, the prediction x1")).to_have_value("4")
    expect(_field(page, "B, the ground truth y2")).to_have_value("20")


def test_a_link_opens_the_same_picture(page: Page):
    query = query_of(
        APART | {"loss": "giou", "path": "down", "step": 3, "n": 50, "rate": 0.05, "brush": "m2"}
    )
    open_lesson(page, LESSON, query)
    page.get_by_role("button", name="Next step").click()
    page.get_by_role("button", name="Undo").click()
    page.wait_for_timeout(400)
    assert parameters(page) == dict(part.split("=") for part in query.split("&"))


def test_copy_link_gives_the_address_of_this_picture(page: Page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_lesson(page, LESSON)
    _field(page, "A, the prediction x1").fill("6")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Link copied")).to_be_visible()
    assert "a=6_4_16_14" in page.evaluate("navigator.clipboard.readText()")


def test_kinks_are_ringed_and_have_two_slopes(page: Page):
    open_lesson(page, LESSON, query_of({"a": (4, 8, 14, 18), "b": (14, 8, 24, 18)}))
    assert page.locator(".pvl-kink").count() == 1  # the right edge, where they touch
    assert _scores(page)["iou"][4] == [0.0, -0.05]


def test_a_box_apart_gets_no_arrow_from_iou_and_some_from_giou(page: Page):
    open_lesson(page, LESSON, query_of(APART))
    expect(page.locator(".pvl-arrow")).to_have_count(0)
    page.get_by_role("radio", name="GIoU").check()
    expect(page.locator(".pvl-arrow")).to_have_count(2)


def test_descent_leaves_only_the_iou_loss_stuck(page: Page):
    open_lesson(page, LESSON)
    page.get_by_role("button", name="Put the boxes apart").click()
    outcomes = page.locator("#lesson-descent .pvl-outcome")
    expect(outcomes.first).to_have_text("Stuck: the gradient is 0. IoU stays 0.000.")
    for other in outcomes.all()[1:]:
        expect(other).to_have_text(re.compile("→"))


def test_the_dot_on_the_curve_moves_the_box(page: Page):
    open_lesson(page, LESSON)
    dot = page.get_by_role("button", name="A on its way")
    dot.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect_parameters(page, {"a": "9_4_21_14"})


def test_the_curve_is_flat_apart_and_bends_where_boxes_touch(page: Page):
    open_lesson(page, LESSON, query_of(APART))
    items = page.locator(".pvl-kinks li")
    expect(items.first).to_have_text("at 14 the gradient jumps from 0 to \u22120.05")
    expect(items).to_have_count(3)  # touch, same place, touch


def test_the_argument_points_at_the_picture_step_by_step(page: Page):
    open_lesson(page, LESSON)
    page.get_by_role("button", name="Start the proof").click()
    lit = page.locator(".pvl-main .pvl-lit")
    expect(lit).not_to_have_count(0)  # drawn in the next frame
    assert {element.get_attribute("data-of") for element in lit.all()} == {"inter"}
    for _ in range(4):
        page.get_by_role("button", name="Next step").click()
    expect(page.get_by_role("button", name="Next step")).to_be_disabled()
    expect(page.locator(".pvl-steps li:visible")).to_have_count(5)


def test_question_mode_asks_checks_and_explains(page: Page):
    open_lesson(page, LESSON)
    page.get_by_role("button", name="Question mode").click()
    ask = page.locator("form").filter(has_text="How many square pixels do they share?")
    ask.get_by_role("textbox").fill("40")
    ask.get_by_role("button", name="Check").click()
    expect(ask.get_by_role("status")).to_have_text("Not yet: it is less than that.")
    ask.get_by_role("textbox").fill("36")
    ask.get_by_role("button", name="Check").click()
    expect(ask.get_by_role("status")).to_have_text(
        "Right: 36. Width max(0, 16 − 10) times height max(0, 14 − 8)."
    )
    expect(page.locator("[data-answer=inter][aria-hidden]")).to_have_count(0)
    assert page.locator("[data-answer=iou][aria-hidden]").count() > 0


def test_another_picture_asks_anew(page: Page):
    open_lesson(page, LESSON, "ask=1")
    ask = page.locator("form").filter(has_text="What is their IoU?")
    ask.get_by_role("textbox").fill("3/17")
    ask.get_by_role("button", name="Check").click()
    expect(page.locator("[data-answer=iou][aria-hidden]")).to_have_count(0)
    page.get_by_role("button", name="Apart", exact=True).first.click()
    expect(page.locator("[data-answer=iou][aria-hidden]").first).to_be_attached()
    expect(ask.get_by_role("textbox")).to_have_value("")


def test_a_report_claim_is_shown_on_the_page(page: Page):
    open_lesson(page, LESSON)
    claim = page.locator(".pvl-claim").filter(has_text="may not be continuous")
    expect(claim).to_have_attribute("data-verdict", "wrong")
    claim.get_by_role("button", name="Show example").click()
    expect_parameters(page, {"a": "4_8_14_18", "b": "14_8_24_18"})
    expect(page.locator("#lesson-path")).to_be_in_viewport()
