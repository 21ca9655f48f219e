"""The lesson on average precision in a real Chromium, against pycocotools and Python."""

import contextlib
import io

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from pedviz.lessons.ap import LESSON, PEOPLE_BOXES, PRESETS
from pedviz.metrics.store import measured_results, shipped_by_spec
from tests.web.lesson_scene import expect_parameters, open_lesson, query_of

DEFAULTS = {setting.key: setting.default for setting in LESSON.settings}
SCENES = """async (cases) => {
    const { sceneValues } = await import("/lessons/ap/values.js");
    return cases.map(({ state, people }) => sceneValues(state, people));
}"""
LISTS = """async (states) => {
    const { listValues } = await import("/lessons/ap/values.js");
    return states.map(listValues);
}"""


def _coco(people: list, boxes: list, scores: list) -> np.ndarray:
    """AP at each of the ten thresholds as pycocotools has it."""
    corner_and_size = [[x1, y1, x2 - x1, y2 - y1] for x1, y1, x2, y2 in people]
    truth = COCO()
    truth.dataset = {
        "images": [{"id": 1}], "categories": [{"id": 1}],
        "annotations": [
            {"id": place, "image_id": 1, "category_id": 1, "bbox": box, "area": box[2] * box[3], "iscrowd": 0}
            for place, box in enumerate(corner_and_size, start=1)
        ],
    }  # fmt: skip
    results = [[1, x1, y1, x2 - x1, y2 - y1, s, 1] for (x1, y1, x2, y2), s in zip(boxes, scores, strict=True)]
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        run = COCOeval(truth, truth.loadRes(np.array(results, np.float64)), "bbox")
        run.evaluate()
        run.accumulate()
    return run.eval["precision"][:, :, 0, 0, 2].mean(axis=1)


def _random_scene(generator: np.random.Generator) -> dict:
    """One to six people; detections near them, some exactly on them, many with equal scores."""
    corner = generator.integers(0, 70, size=(generator.integers(1, 7), 2))
    people = np.hstack([corner, corner + generator.integers(5, 50, size=corner.shape)])
    chosen = people[generator.integers(0, len(people), size=5)]
    boxes = (chosen + generator.integers(-4, 5, size=(5, 4)) * generator.integers(0, 3, size=(5, 1))).clip(0)
    boxes[:, 2:] = np.maximum(boxes[:, 2:], boxes[:, :2] + 1)
    state = DEFAULTS | {f"d{place}": box.tolist() for place, box in enumerate(boxes, start=1)}
    state["s"] = (generator.integers(1, 8, size=5) / 10).tolist()
    return {"state": state, "people": people.tolist()}


def test_random_scenes_have_the_averages_of_pycocotools(functions: Page):
    generator = np.random.default_rng(0)
    cases = [_random_scene(generator) for _ in range(300)]
    for case, found in zip(cases, functions.evaluate(SCENES, cases), strict=True):
        state = case["state"]
        wanted = _coco(case["people"], [state[f"d{place}"] for place in range(1, 6)], state["s"])
        np.testing.assert_allclose([one["ap"] for one in found["perThreshold"]], wanted, atol=1e-6)
        assert found["ap"] == pytest.approx(wanted[0], abs=1e-6)
        assert found["mean"] == pytest.approx(wanted.mean(), abs=1e-6)


def test_lists_have_the_averages_that_python_computed(functions: Page):
    states = [DEFAULTS | preset.state for preset in PRESETS]
    averages = LESSON.data()["averages"]
    for preset, found in zip(PRESETS, functions.evaluate(LISTS, states), strict=True):
        assert found["averages"] == pytest.approx(averages[preset.key], abs=1e-12)
    assert averages["example"] == pytest.approx(
        {"raw": 0.7143, "all": 0.7286, "voc": 0.7532, "coco": 0.7313}, abs=5e-5
    )


def test_a_person_counts_once(page: Page):
    found = page.evaluate(LISTS, [DEFAULTS | {"hits": "TTTF", "people": 2, "rank": 4}])[0]
    assert found["hits"] == [True, True, False, False]
    open_lesson(page, LESSON, query_of({"hits": "TTTF", "people": 2.0, "rank": 4.0}))
    expect(page.get_by_text("a person counts once, so the last 1 count").first).to_be_visible()


def test_a_chip_is_flipped_moved_added_and_removed_by_keyboard(page: Page):
    open_lesson(page, LESSON)
    first = page.get_by_role("button", name="Detection 1:")
    first.press("Alt+ArrowRight")
    expect(page.get_by_role("button", name="Detection 2:")).to_be_focused()
    first.press("Enter")
    expect_parameters(page, {"hits": "FTFFFTTFFT"})
    first.press("Delete")
    expect_parameters(page, {"hits": "TFFFTTFFT", "rank": "9"})
    page.get_by_role("button", name="Add a true positive").click()
    expect_parameters(page, {"hits": "TFFFTTFFTT"})
    page.keyboard.press("Control+z")
    expect_parameters(page, {"hits": "TFFFTTFFT", "rank": "9"})


@pytest.mark.parametrize(("count", "shown_of_last_row"), [(10, 1.0), (11, 0.5), (30, 0.0)])
def test_ten_ranks_are_in_sight_and_a_longer_list_is_visibly_cut(
    page: Page, count: int, shown_of_last_row: float
):
    open_lesson(page, LESSON, query_of({"hits": "T" * count, "people": count, "rank": count}))
    table = page.locator(".pvl-rank-table")
    rows, frame = table.locator("tbody tr"), table.bounding_box()
    expect(rows).to_have_count(count)
    last = rows.nth(count - 1).bounding_box()
    shown = (frame["y"] + frame["height"] - last["y"]) / last["height"]
    assert min(max(shown, 0.0), 1.0) == pytest.approx(shown_of_last_row, abs=0.25)
    head = table.locator("thead th").first
    before = head.bounding_box()["y"]
    table.evaluate("element => element.scrollTo(0, element.scrollHeight)")
    assert head.bounding_box()["y"] == pytest.approx(before, abs=1)


def test_a_chip_is_dragged_to_another_rank(page: Page):
    open_lesson(page, LESSON)
    last = page.get_by_role("button", name="Detection 10:").bounding_box()
    third = page.get_by_role("button", name="Detection 3:").bounding_box()
    page.mouse.move(last["x"] + 15, last["y"] + 20)
    page.mouse.down()
    page.mouse.move(third["x"] + 15, third["y"] + 20, steps=12)
    page.mouse.up()
    expect_parameters(page, {"hits": "TTTFFFTTFF"})


def test_letters_that_are_none_turn_red_and_change_nothing(page: Page):
    open_lesson(page, LESSON)
    field = page.get_by_label("The list in letters")
    field.fill("TTX")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("group", name="Precision, recall and their average")).to_contain_text("0.7313")
    field.fill("ttf")
    expect(field).to_have_attribute("aria-invalid", "false")
    expect_parameters(page, {"hits": "ttf"})


def test_a_second_detection_of_a_person_is_wrong_until_the_first_leaves(page: Page):
    open_lesson(page, LESSON)
    outcome = page.get_by_role("region", name="Who is matched with whom").locator("tbody tr").nth(2)
    expect(outcome).to_contain_text("false positive: that person is matched already")
    page.get_by_role("button", name="Detection 1", exact=True).press("Shift+ArrowRight")
    expect(outcome).to_contain_text("true positive: matched with P")
    assert PEOPLE_BOXES[0] == (8, 10, 32, 66)


@pytest.mark.parametrize("kind", ["bbox", "segm"])
def test_real_detections_have_the_measured_average(page: Page, kind: str):
    result = shipped_by_spec(measured_results())["maskrcnn_mobilenet_v2_fpn"]
    open_lesson(page, LESSON, query_of({"model": "maskrcnn_mobilenet_v2_fpn", "of": kind, "t": 0.75}))
    section = page.locator("#lesson-real")
    section.scroll_into_view_if_needed()
    expect(section.locator(".pvl-outcome")).to_contain_text(f"= {result.stats[kind]['AP75']:.3f}")
    plot = section.locator(".pvg-plot")
    plot.focus()
    plot.press("ArrowRight")
    expect(section.locator(".pvg-tip")).to_contain_text("detection 1 of")


def test_a_detector_without_masks_says_so(page: Page):
    open_lesson(page, LESSON, query_of({"model": "fasterrcnn_mobilenet_v2", "of": "segm"}))
    section = page.locator("#lesson-real")
    section.scroll_into_view_if_needed()
    expect(section.get_by_text("finds boxes only")).to_be_visible()


BROKEN = """(part) => {
  const real = window.fetch;
  window.fetch = async (address, options) =>
    String(address).includes(part) ? new Response("", { status: 503 }) : real(address, options);
  window.mend = () => { window.fetch = real; };
}"""
FAILED = "The stored predictions could not be fetched"


def test_stored_answers_that_failed_are_asked_for_again(page: Page):
    open_lesson(page, LESSON, query_of({"model": "maskrcnn_resnet50_fpn"}))
    section = page.locator("#lesson-real")
    section.scroll_into_view_if_needed()
    expect(section.locator(".pvl-outcome")).to_contain_text("people, AP at")
    choice = section.get_by_label("Model")
    page.evaluate(BROKEN, "results/predictions")
    choice.select_option("maskrcnn_mobilenet_v2_fpn")
    expect(section).to_contain_text(FAILED)
    expect(section.locator(".pvl-outcome")).to_be_empty()
    choice.select_option("maskrcnn_resnet50_fpn")  # is there already
    expect(section.locator(".pvl-outcome")).to_contain_text("people, AP at")
    page.evaluate("mend()")
    choice.select_option("maskrcnn_mobilenet_v2_fpn")
    expect(section.locator(".pvl-outcome")).to_contain_text("MobileNetV2 FPN: ")
    expect(section).not_to_contain_text(FAILED)


@pytest.mark.parametrize("part", ["results/predictions", "variants.json"])
def test_what_failed_can_be_tried_again_at_once(page: Page, part: str):
    open_lesson(page, LESSON)
    page.evaluate(BROKEN, part)
    section = page.locator("#lesson-real")
    section.scroll_into_view_if_needed()
    expect(section).to_contain_text(FAILED)
    page.evaluate("mend()")
    section.get_by_role("button", name="Try again").click()
    expect(section.locator(".pvl-outcome")).to_contain_text("people, AP at")


def test_a_plot_says_its_values_but_not_in_question_mode(page: Page):
    open_lesson(page, LESSON)
    chart = page.get_by_role("figure", name="Precision-recall curve")
    chart.locator(".pvg-plot").press("ArrowRight")
    expect(chart.locator(".pvg-tip")).to_contain_text("at Recall")
    chart.get_by_text("As a table").click()
    expect(chart.get_by_role("row")).not_to_have_count(1)
    page.get_by_role("button", name="Question mode").click()
    expect(chart.locator("details")).to_be_hidden()
    chart.locator(".pvg-plot").press("ArrowRight")
    expect(chart.locator(".pvg-tip")).to_be_empty()
    assert "Arrow keys" not in chart.locator(".pvg-plot").get_attribute("aria-label")
