"""The comparison in a real Chromium on a made-up scene: thresholds, views and the table of people."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from pedviz.metrics.matching import match_people, score_against_truth
from pedviz.theory.masks import mask_iou, paste_masks
from pedviz.types import GroundTruth
from tests.drawing import wait_for_drawing
from tests.web.comparison_page import canvas_pixels, found, start
from tests.web.comparison_scene import HEIGHT, TRUTH, WIDTH, A, B, scene


def test_the_default_view_lists_the_people_of_both(stage: Page):
    assert found(stage) == ["2 people found", "3 people found"]
    expect(stage.locator("tbody tr")).to_have_count(5)
    facts = stage.locator(".pvc-facts")
    expect(facts.nth(0)).to_contain_text("315 ms prepare 4 · network 310 · finish 1")
    expect(facts.nth(0)).to_contain_text("12.3 M")
    expect(facts.nth(0)).to_contain_text("50.0")
    expect(facts.nth(1)).to_contain_text("cached")
    expect(facts.nth(1)).to_contain_text("n/a")


def test_the_score_slider_follows_the_mouse_without_any_request(stage: Page):
    requests: list[str] = []
    stage.on("request", lambda request: requests.append(request.url))
    before = canvas_pixels(stage, 0)
    slider = stage.get_by_label("Score threshold", exact=True)
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    stage.mouse.move(box["x"] + box["width"] * 0.47, y)
    stage.mouse.down()
    stage.mouse.move(box["x"] + box["width"] * 0.85, y, steps=12)
    stage.mouse.up()
    assert found(stage) == ["1 person found", "1 person found"]
    assert canvas_pixels(stage, 0) != before
    assert not requests


@pytest.mark.parametrize("name", ["Score threshold", "Mask threshold", "NMS IoU threshold", "Mask opacity"])
def test_every_slider_moves_by_arrow_keys_and_redraws(stage: Page, name):
    before = canvas_pixels(stage, 0)
    slider = stage.get_by_label(name, exact=True)
    slider.focus()
    key = "PageDown" if name.startswith("NMS") else "PageUp"
    for _ in range(4):
        stage.keyboard.press(key)
    stage.keyboard.press("ArrowRight")
    assert float(slider.input_value()) != 0.5
    if not name.startswith("NMS"):
        assert canvas_pixels(stage, 0) != before


def test_number_fields_refuse_what_is_out_of_range(stage: Page):
    field = stage.get_by_label("Score threshold, as a number")
    field.fill("0.95")
    assert found(stage) == ["1 person found", "1 person found"]
    field.fill("7")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert found(stage) == ["1 person found", "1 person found"]


def test_nobody_above_the_threshold_names_the_best_score(stage: Page):
    stage.get_by_label("Score threshold, as a number").fill("1")
    expect(stage.locator(".pvc-found").first).to_have_text(
        "Nobody above the threshold; the best score is 0.990"
    )


def test_thresholds_can_be_separate(stage: Page):
    together = stage.get_by_role("button", name="Link A and B")
    together.click()
    expect(together).to_have_attribute("aria-pressed", "false")
    stage.get_by_label("Score threshold of B, as a number").fill("0.9")
    assert found(stage) == ["2 people found", "1 person found"]
    expect(stage.get_by_label("Score threshold of A, as a number")).to_have_value("0.50")
    together.click()
    assert found(stage) == ["2 people found", "3 people found"]


def test_a_looser_suppression_asks_once_for_the_missing_mask(stage: Page):
    stage.get_by_label("Score threshold, as a number").fill("0.2")
    stage.get_by_label("NMS IoU threshold, as a number").fill("0.9")
    stage.wait_for_function("window.asked.length > 0")
    stage.get_by_label("NMS IoU threshold, as a number").fill("0.92")
    stage.wait_for_timeout(700)
    assert stage.evaluate("window.asked") == [["a", [3]]]
    assert found(stage)[0] == "4 people found"


def test_masks_that_do_not_come_take_nothing_away(stage: Page):
    stage.evaluate("comparison.setError('a', 'Stopped before it finished.')")
    assert found(stage)[0] == "2 people found"
    expect(stage.locator(".pvc-error").first).to_have_text("Stopped before it finished.")


def test_a_detection_that_fails_leaves_no_older_result(stage: Page):
    stage.evaluate("comparison.setBusy('a', 'Looking …')")
    expect(stage.locator(".pvc-pane-a")).to_have_attribute("aria-busy", "true")
    expect(stage.locator(".pvc-busy").first).to_have_text("Looking …")
    stage.evaluate("comparison.setBusy('a', null); comparison.setError('a', 'No weights.')")
    assert found(stage) == ["", "3 people found"]


def test_people_keep_their_colour_and_share_it_with_their_partner(stage: Page):
    def colours() -> dict[str, str]:
        wait_for_drawing(stage, after_ms=200)
        rows = stage.locator("tbody tr").all()
        return {
            " ".join(row.locator("td").nth(n).inner_text() for n in (0, 3)): row.locator(
                ".pvc-swatch"
            ).get_attribute("style")
            for row in rows
        }

    first = colours()
    stage.get_by_label("Score threshold, as a number").fill("0.25")
    second = colours()
    assert len(second) > len(first)
    assert {key: second[key] for key in first} == first
    by_pane = [[value for key, value in first.items() if key.startswith(pane)] for pane in "AB"]
    assert by_pane[0][0] == by_pane[1][0]
    assert len(set(by_pane[1])) == 3


def test_the_disagreement_view_is_pythons_matching(stage: Page):
    stage.get_by_role("button", name="Disagreement").click()
    a, b = A.view(), B.view()
    expected = match_people(a.boxes_xyxy, b.boxes_xyxy, iou_threshold=0.5)
    both, only_a, only_b = len(expected.pairs), len(expected.only_first), len(expected.only_second)
    expect(stage.locator(".pvc-summary")).to_have_text(
        f"{both} found by both, {only_a} only by A, {only_b} only by B, at IoU ≥ 0.50."
    )
    first = stage.locator("tbody tr").first
    masks = [paste_masks(view)[place] for view, place in zip((a, b), expected.pairs[0], strict=True)]
    overlap = mask_iou(masks[0][None], masks[1][None])[0, 0]
    expect(first).to_contain_text(f"{expected.ious[0]:.3f}")
    expect(first).to_contain_text(f"{overlap:.3f}")
    expect(first).to_contain_text(f"{a.scores[0] - b.scores[0]:.4f}")
    stage.get_by_label("IoU threshold for matching, as a number").fill("0.95")
    expect(stage.locator(".pvc-summary")).to_contain_text("0 found by both")


def test_the_truth_view_counts_as_python_does(stage: Page):
    stage.get_by_role("button", name="Ground truth").click()
    truth = GroundTruth(image_size=(HEIGHT, WIDTH), boxes_xyxy=np.array(TRUTH, np.float32))
    for pane, found_people in enumerate((A, B)):
        counts = score_against_truth(found_people.view(), truth, iou_threshold=0.5)
        line = stage.locator(".pvc-counts").nth(pane)
        expect(line).to_contain_text(f"{counts.tp} TP · {counts.fp} FP · {counts.fn} FN")
        expect(line).to_contain_text(f"precision {counts.precision:.3f} · recall {counts.recall:.3f}")
    stage.get_by_label("Score threshold, as a number").fill("0.35")
    expect(stage.locator(".pvc-counts").first).to_contain_text("2 TP · 1 FP · 0 FN")


def test_alternative_text_and_announcement_say_what_is_seen(stage: Page):
    canvas = stage.locator("canvas").first
    expect(canvas).to_have_attribute(
        "aria-label", re.compile(r"made\.png\. A, Model model_a: 2 people found")
    )
    stage.wait_for_function("window.said.includes('B, Model model_b: 3 people found')")


def test_a_settings_change_is_reported_and_can_be_put_back(stage: Page):
    stage.get_by_label("Score threshold, as a number").fill("0.6")
    state = stage.evaluate("window.states.at(-1)")
    assert state["score"] == 0.6
    stage.evaluate("comparison.applyState({ score: 0.25, view: 'truth' })")
    assert stage.get_by_label("Score threshold", exact=True).input_value() == "0.25"
    expect(stage.locator(".pvc-truth")).to_be_visible()


def test_a_result_of_another_photo_is_left_alone(stage: Page):
    stage.evaluate(
        "(late) => comparison.setResult('a', { ...late, photo_id: '0'.repeat(16), count: 0 })", scene()["a"]
    )
    assert found(stage) == ["2 people found", "3 people found"]


def test_a_new_photo_starts_with_nobody_found(stage: Page):
    stage.evaluate("(photo) => comparison.setPhoto({ ...photo, id: '0'.repeat(16) })", scene()["photo"])
    assert found(stage) == ["", ""]
    expect(stage.locator(".pvc-table-frame")).to_be_hidden()  # nobody has been looked for yet


def test_nothing_of_a_forgotten_photo_stays_on_the_page(stage: Page):
    stage.evaluate("comparison.setPhoto(null)")
    assert found(stage) == ["", ""]
    sizes = stage.evaluate("[...document.querySelectorAll('canvas')].map((canvas) => canvas.width)")
    assert sizes == [0, 0]
    expect(stage.locator("canvas").first).to_have_attribute("aria-label", "No photo yet")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(page: Page, dark):
    page.set_viewport_size({"width": 390, "height": 844})
    stage = start(page, dark=dark)
    for view in ("Disagreement", "Ground truth", "Detections"):
        stage.get_by_role("button", name=view).click()
        assert stage.evaluate("document.documentElement.scrollWidth") <= 390
