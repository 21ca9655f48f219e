"""The comparison in a real Chromium, by mouse, finger and keyboard, on a made-up scene."""

import csv
import io
import json
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from pycocotools.coco import COCO

from pedviz.metrics.matching import match_people, score_against_truth
from pedviz.theory.masks import mask_iou, paste_masks
from pedviz.types import GroundTruth
from tests.web.comparison_scene import HEIGHT, SCALE, TRUTH, WIDTH, A, B, scene

START = """async ({ scene, dark }) => {
  for (const name of ["theme", "shell", "detect", "comparison"]) {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href: `/${name}.css` });
    document.head.append(link);
    await new Promise((done) => { link.onload = done; });
  }
  document.documentElement.classList.toggle("dark", dark);
  const root = document.createElement("main");
  document.body.append(root);
  const { createComparison } = await import("/comparison.js");
  window.asked = [];
  window.said = "";
  window.states = [];
  window.comparison = createComparison(root, {
    palette: scene.palette,
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


@pytest.fixture
def stage(page: Page) -> Page:
    return start(page)


def found(page: Page) -> list[str]:
    page.wait_for_timeout(60)
    return page.locator(".pvc-found").all_inner_texts()


def canvas_pixels(page: Page, pane: int) -> bytes:
    page.wait_for_timeout(60)
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


def test_the_default_view_lists_the_people_of_both(stage: Page):
    assert found(stage) == ["2 people found", "3 people found"]
    expect(stage.locator("tbody tr")).to_have_count(5)
    facts = stage.locator(".pvc-facts")
    expect(facts.nth(0)).to_contain_text("315 ms (4 / 310 / 1)")
    expect(facts.nth(0)).to_contain_text("12.3 M")
    expect(facts.nth(0)).to_contain_text("50.0")
    expect(facts.nth(1)).to_contain_text("cached")
    expect(facts.nth(1)).to_contain_text("n/a")


def test_the_score_slider_follows_the_mouse_without_any_request(stage: Page):
    requests: list[str] = []
    stage.on("request", lambda request: requests.append(request.url))
    before = canvas_pixels(stage, 0)
    slider = stage.get_by_label("Score", exact=True)
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    stage.mouse.move(box["x"] + box["width"] * 0.47, y)
    stage.mouse.down()
    stage.mouse.move(box["x"] + box["width"] * 0.9, y, steps=12)
    stage.mouse.up()
    assert found(stage) == ["1 person found", "1 person found"]
    assert canvas_pixels(stage, 0) != before
    assert not requests


@pytest.mark.parametrize("name", ["Score", "Mask", "Suppression (NMS)", "Mask opacity"])
def test_every_slider_moves_by_arrow_keys_and_redraws(stage: Page, name):
    before = canvas_pixels(stage, 0)
    slider = stage.get_by_label(name, exact=True)
    slider.focus()
    key = "PageDown" if name.startswith("Suppression") else "PageUp"
    for _ in range(4):
        stage.keyboard.press(key)
    stage.keyboard.press("ArrowRight")
    assert float(slider.input_value()) != 0.5
    if not name.startswith("Suppression"):
        assert canvas_pixels(stage, 0) != before


def test_number_fields_refuse_what_is_out_of_range(stage: Page):
    field = stage.get_by_label("Score, as a number")
    field.fill("0.95")
    assert found(stage) == ["1 person found", "1 person found"]
    field.fill("7")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert found(stage) == ["1 person found", "1 person found"]


def test_nobody_above_the_threshold_names_the_best_score(stage: Page):
    stage.get_by_label("Score, as a number").fill("1")
    expect(stage.locator(".pvc-found").first).to_have_text(
        "Nobody above the threshold; the best score is 0.99"
    )


def test_thresholds_can_be_separate(stage: Page):
    stage.get_by_role("button", name="Same for A and B").click()
    stage.get_by_label("Score of B, as a number").fill("0.9")
    assert found(stage) == ["2 people found", "1 person found"]
    stage.get_by_role("button", name="Separate for A and B").click()
    assert found(stage) == ["2 people found", "3 people found"]


def test_a_looser_suppression_asks_once_for_the_missing_mask(stage: Page):
    stage.get_by_label("Score, as a number").fill("0.2")
    stage.get_by_label("Suppression (NMS), as a number").fill("0.9")
    stage.wait_for_function("window.asked.length > 0")
    stage.get_by_label("Suppression (NMS), as a number").fill("0.92")
    stage.wait_for_timeout(700)
    assert stage.evaluate("window.asked") == [["a", [3]]]
    assert found(stage)[0] == "4 people found"


def test_people_keep_their_colour_and_share_it_with_their_partner(stage: Page):
    def colours() -> dict[str, str]:
        stage.wait_for_timeout(200)
        rows = stage.locator("tbody tr").all()
        return {
            " ".join(row.locator("td").nth(n).inner_text() for n in (0, 3)): row.locator(
                ".pvc-swatch"
            ).get_attribute("style")
            for row in rows
        }

    first = colours()
    stage.get_by_label("Score, as a number").fill("0.25")
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
    stage.get_by_label("Matching IoU, as a number").fill("0.95")
    expect(stage.locator(".pvc-summary")).to_contain_text("0 found by both")


def test_the_truth_view_counts_as_python_does(stage: Page):
    stage.get_by_role("button", name="Ground truth").click()
    truth = GroundTruth(image_size=(HEIGHT, WIDTH), boxes_xyxy=np.array(TRUTH, np.float32))
    for pane, found_people in enumerate((A, B)):
        counts = score_against_truth(found_people.view(), truth, iou_threshold=0.5)
        line = stage.locator(".pvc-counts").nth(pane)
        expect(line).to_contain_text(f"{counts.tp} TP · {counts.fp} FP · {counts.fn} FN")
        expect(line).to_contain_text(f"precision {counts.precision:.3f} · recall {counts.recall:.3f}")
    stage.get_by_label("Score, as a number").fill("0.35")
    expect(stage.locator(".pvc-counts").first).to_contain_text("2 TP · 1 FP · 0 FN")


def test_boxes_are_drawn_changed_and_undone_by_mouse_and_keyboard(page: Page):
    stage = start(page, known=False)
    stage.get_by_role("button", name="Ground truth").click()
    stage.get_by_role("button", name="Draw boxes").click()
    stage.locator("canvas").first.scroll_into_view_if_needed()
    drag(stage, 0, (20, 60), (90, 260))
    edges = [stage.get_by_label(f"{edge} of person 1") for edge in ("x1", "y1", "x2", "y2")]
    values = [float(edge.input_value()) for edge in edges]
    assert values == pytest.approx([20, 60, 90, 260], abs=2)
    expect(stage.locator(".pvc-counts").first).to_contain_text("1 TP · 1 FP · 0 FN")
    drag(stage, 0, (90, 260), (120, 250))
    assert float(edges[2].input_value()) == pytest.approx(120, abs=3)
    stage.get_by_role("button", name="Undo").click()
    assert float(edges[2].input_value()) == pytest.approx(90, abs=2)
    stage.locator("canvas").first.focus()
    before = float(edges[0].input_value())
    stage.keyboard.press("ArrowRight")
    assert float(edges[0].input_value()) == pytest.approx(before + 1)
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


def test_rows_and_people_light_up_together(stage: Page):
    row = stage.locator("tbody tr").first
    row.focus()
    stage.wait_for_timeout(60)
    lit = stage.locator("tbody tr.is-lit")
    assert lit.count() == 2  # the person in A and the partner in B
    row.evaluate("row => row.blur()")
    stage.locator("canvas").first.scroll_into_view_if_needed()
    stage.mouse.move(*to_screen(stage, 0, 185, 100))
    stage.wait_for_timeout(60)
    assert "A" in lit.first.inner_text()
    assert lit.count() == 2


def test_the_table_sorts_by_any_column(stage: Page):
    stage.get_by_role("button", name="Score", exact=True).click()
    stage.wait_for_timeout(150)
    scores = [float(text) for text in stage.locator("tbody tr td:nth-child(3)").all_inner_texts()]
    assert scores == sorted(scores, reverse=True)
    assert stage.locator("th[aria-sort=descending]").count() == 1


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
    stage.get_by_role("button", name="Whole photo").click()
    stage.locator("canvas").first.evaluate("canvas => canvas.blur()")
    assert canvas_pixels(stage, 1) == before[1]


def _download(stage: Page, name: str) -> bytes:
    with stage.expect_download() as info:
        stage.get_by_role("button", name=name, exact=True).click()
    return info.value.path().read_bytes()


def test_coco_export_loads_and_its_masks_are_pythons(stage: Page, tmp_path):
    content = _download(stage, "COCO JSON")
    (tmp_path / "export.json").write_bytes(content)
    exported = json.loads(content)
    truth = COCO(str(tmp_path / "export.json"))
    assert exported["images"][0]["width"] == WIDTH * SCALE
    assert [a["bbox"] for a in exported["annotations"]] == [
        [x1 * SCALE, y1 * SCALE, (x2 - x1) * SCALE, (y2 - y1) * SCALE] for x1, y1, x2, y2 in TRUTH
    ]
    for model, found_people in (("model_a", A), ("model_b", B)):
        view = found_people.view()
        boxes = truth.loadRes(exported["results"][model]["bbox"])
        got = np.array([boxes.anns[i]["bbox"] for i in sorted(boxes.anns)])
        np.testing.assert_allclose(got[:, :2], view.boxes_xyxy[:, :2] * SCALE, rtol=1e-6)
        masks = truth.loadRes(exported["results"][model]["segm"])
        expected = paste_masks(view, image_size=(HEIGHT * SCALE, WIDTH * SCALE), scale_xy=(SCALE, SCALE))
        for annotation, mask in zip(sorted(masks.anns), expected, strict=True):
            decoded = masks.annToMask(masks.anns[annotation]).astype(bool)
            assert (decoded & mask).sum() / (decoded | mask).sum() > 0.999


def test_csv_export_has_a_row_for_everyone_and_runs_nothing(page: Page):
    stage = start(page, name='=cmd|"calc"!A1.png')
    rows = list(csv.DictReader(io.StringIO(_download(stage, "CSV").decode())))
    assert [row["model"] for row in rows] == ["model_a"] * 2 + ["model_b"] * 3
    assert float(rows[0]["x2"]) == 90 * SCALE
    assert rows[0]["photo"].startswith("'=cmd")


def test_picture_export_has_the_size_of_the_original(stage: Page):
    picture = Image.open(io.BytesIO(_download(stage, "Picture A")))
    assert picture.size == (WIDTH * SCALE, HEIGHT * SCALE)
    pixels = np.asarray(picture.convert("RGB")).astype(int)
    assert np.ptp(pixels[200 * SCALE, 55 * SCALE]) > 20  # a mask's colour over a grey photo


def test_report_styles_draw_as_their_reports_do(stage: Page):
    plain = canvas_pixels(stage, 0)
    stage.get_by_role("button", name="Report B").click()
    report_b = canvas_pixels(stage, 0)
    stage.get_by_role("button", name="Report A").click()
    assert stage.evaluate("comparison.state().mask") == 0.7
    assert len({plain, report_b, canvas_pixels(stage, 0)}) == 3


def test_alternative_text_and_announcement_say_what_is_seen(stage: Page):
    canvas = stage.locator("canvas").first
    expect(canvas).to_have_attribute(
        "aria-label", re.compile(r"made\.png\. A, Model model_a: 2 people found")
    )
    stage.wait_for_function("window.said.includes('B, Model model_b: 3 people found')")


def test_a_settings_change_is_reported_and_can_be_put_back(stage: Page):
    stage.get_by_label("Score, as a number").fill("0.8")
    state = stage.evaluate("window.states.at(-1)")
    assert state["score"] == 0.8
    stage.evaluate("comparison.applyState({ score: 0.25, view: 'truth' })")
    assert stage.get_by_label("Score", exact=True).input_value() == "0.25"
    expect(stage.locator(".pvc-truth")).to_be_visible()


def test_a_result_of_another_photo_is_not_drawn_over_this_one(stage: Page):
    stage.evaluate(
        """async (scene) => {
          scene.photo.id = "0".repeat(16);
          await comparison.setPhoto(scene.photo);
        }""",
        scene(),
    )
    stage.wait_for_timeout(200)
    assert found(stage) == ["", ""]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(page: Page, dark):
    page.set_viewport_size({"width": 390, "height": 844})
    stage = start(page, dark=dark)
    for view in ("Disagreement", "Ground truth", "Detections"):
        stage.get_by_role("button", name=view).click()
        assert stage.evaluate("document.documentElement.scrollWidth") <= 390
