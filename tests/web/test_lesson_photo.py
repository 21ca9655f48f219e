"""The lesson on the whole detector in a real Chromium, on a made-up trace."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from pedviz.lessons.photo import DEFAULT_MODEL, LESSON, STAGES
from pedviz.theory.masks import paste_person
from pedviz.theory.nms import explain_suppression
from pedviz.theory.resizing import padded_size, resized_size
from tests.web.lesson_scene import expect_parameters, open_lesson, query_of, width_overflow
from tests.web.trace_scene import BOXES, SCORES, SIZE, detections

STEP = {key: place for place, (key, _, _) in enumerate(STAGES, start=1)}
FATES = "Candidates and the outcome of NMS"


def _fates(page: Page) -> list[list[str]]:
    rows = page.get_by_role("region", name=FATES).locator("tbody tr:visible").all()
    return [row.locator("th, td").all_inner_texts() for row in rows]


def _words(page: Page) -> str:
    return page.locator(".pvl-main [role=img]").first.get_attribute("aria-label")


def _boxes(page: Page, thing: str) -> Locator:
    return page.locator(f".pvl-photo-box[data-of={thing}]")


@pytest.mark.parametrize("seed", range(20))
def test_reasons_in_the_browser_are_those_of_python(functions: Page, seed: int):
    random = np.random.default_rng(seed)
    corners = random.uniform(0, 60, (40, 2))
    boxes = np.hstack([corners, corners + random.uniform(0, 50, (40, 2))]).astype(np.float32)
    scores = np.sort(random.uniform(0.06, 1, 40).astype(np.float32))[::-1]
    script = """async ({boxes, scores, cases}) => {
      const { explain } = await import("/maths/nms.js");
      const [all, best] = [Float32Array.from(boxes), Float32Array.from(scores)];
      const given = { count: best.length, boxes: all, scores: best };
      return cases.map((nms) => explain(given, { score: 0.05, nms }));
    }"""
    cases = [0.0, 0.2, 0.5, 0.7, 1.0]
    payload = {"boxes": boxes.ravel().tolist(), "scores": scores.tolist(), "cases": cases}
    for threshold, got in zip(cases, functions.evaluate(script, payload), strict=True):
        kept, reasons = explain_suppression(boxes, scores, threshold=threshold)
        assert got["kept"] == kept.tolist()
        assert [(one["id"], one["by"], one["iou"]) for one in got["gone"]] == [
            (reason.place, reason.by, reason.iou) for reason in reasons
        ]


def test_the_input_has_the_sizes_of_python(page: Page):
    open_lesson(page, LESSON)
    (height, width), (rows, columns) = resized_size(*SIZE, min_size=400, max_size=800), (416, 544)
    assert (rows, columns) == padded_size(height, width)
    assert f"to {width} by {height} and padded to {columns} by {rows}" in _words(page)


def test_back_and_next_walk_through_all_stages(page: Page):
    open_lesson(page, LESSON)
    for place, (key, _, _) in enumerate(STAGES, start=1):
        expect(page.locator(f"#lesson-{key}")).to_be_visible()
        expect(page.locator(".pvl-side .pvl-section:visible")).to_have_count(1)
        if place < len(STAGES):
            page.get_by_role("button", name=re.compile("^Next: ")).click()
    expect(page.get_by_role("button", name="The end")).to_be_disabled()
    page.get_by_role("button", name="Back").click()
    expect_parameters(page, {"step": str(len(STAGES) - 1)})


def test_a_level_and_a_channel_can_be_chosen(page: Page):
    open_lesson(page, LESSON, query_of({"step": STEP["features"]}))
    section = page.locator("#lesson-features")
    expect(section).to_contain_text("8 maps of 34 × 25 cells. One cell stands for 16 × 16 pixels")
    section.get_by_role("button", name="1 / 32").click()
    page.get_by_role("button", name="channel 4").click()
    expect_parameters(page, {"step": "2", "level": "3", "channel": "2"})
    assert _words(page).startswith("Channel 4 of the level with stride 32, 17 by 13 cells")


def test_the_slider_shows_the_best_proposals(page: Page):
    open_lesson(page, LESSON, query_of({"step": STEP["proposals"], "n": 12}))
    expect(_boxes(page, "proposal")).to_have_count(12)
    expect(_boxes(page, "anchor")).to_have_count(3)
    page.get_by_role("checkbox", name="Show the anchors of one cell").uncheck()
    expect(_boxes(page, "anchor")).to_have_count(0)
    page.get_by_role("textbox", name="Best proposals shown").fill("1000")
    expect(_boxes(page, "proposal")).to_have_count(42)
    page.get_by_role("textbox", name="Best proposals shown").fill("0")
    expect(page.locator(".pvl-problem:visible")).to_contain_text("expected 1 to 1000, got 0")


@pytest.mark.parametrize("threshold", [0.05, 0.5, 0.7, 0.95])
def test_the_table_says_which_box_removed_which(page: Page, threshold: float):
    open_lesson(page, LESSON, query_of({"step": STEP["suppression"], "score": 0.05, "nms": threshold}))
    kept, reasons = explain_suppression(BOXES, SCORES, threshold=threshold)
    expected = {id_: ["kept", ""] for id_ in kept}
    for reason in reasons:
        expected[reason.place] = [f"removed by box {reason.by + 1}", f"{reason.iou:.3f}"]
    assert _fates(page) == [
        [f"box {id_ + 1}", f"{SCORES[id_]:.3f}", *fate] for id_, fate in sorted(expected.items())
    ]


def test_a_focused_row_shows_its_box_and_who_removed_it(page: Page):
    open_lesson(page, LESSON, query_of({"step": STEP["suppression"], "score": 0.05}))
    row = page.get_by_role("region", name=FATES).get_by_role("button", name="box 5")
    row.focus()
    expect(page.locator(".pvl-photo-tag")).to_have_text(["kept: 3 · 0.85", "removed: 5 · 0.60"])
    row.blur()
    expect(page.locator(".pvl-photo-tag")).to_have_text(["kept: 1 · 0.98", "removed: 2 · 0.91"])
    row.click()
    expect_parameters(page, {"step": "5", "score": "0.05", "box": "5"})


def test_a_box_in_the_picture_can_be_chosen(page: Page):
    open_lesson(page, LESSON, query_of({"step": STEP["suppression"], "score": 0.05}))
    frame = page.locator(".pvl-photo-stage")
    frame.scroll_into_view_if_needed()
    size = frame.bounding_box()
    scale = min(size["width"] / SIZE[1], size["height"] / SIZE[0])
    left = (size["width"] - SIZE[1] * scale) / 2
    frame.hover(position={"x": left + 255 * scale, "y": 225 * scale})
    expect(page.locator(".pvl-photo-tag")).to_have_count(3)  # box 3 stays: nothing to explain
    frame.hover(position={"x": left + 177 * scale, "y": 65 * scale})
    expect(page.locator(".pvl-photo-tag").last).to_have_text("removed: 5 · 0.60")
    frame.click(position={"x": left + 150 * scale, "y": 150 * scale})
    expect_parameters(page, {"step": "5", "score": "0.05", "box": "6"})


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.8])
def test_the_mask_has_the_pixels_of_python(page: Page, threshold: float):
    open_lesson(page, LESSON, query_of({"step": STEP["mask"], "mask": threshold, "box": 3}))
    pasted, _ = paste_person(detections(), 2, mask_threshold=threshold)
    assert f"{pasted.sum()} pixels" in _words(page)


def test_a_box_without_a_map_says_why(page: Page):
    open_lesson(page, LESSON, query_of({"step": STEP["mask"], "nms": 0.95, "box": 2}))
    expect(page.locator("#lesson-mask")).to_contain_text("made no map for box 2")


def test_the_result_is_checked_against_the_model_and_linked(page: Page):
    open_lesson(page, LESSON, query_of({"step": STEP["result"], "score": 0.4, "sample": "opera"}))
    expect(page.locator(".pvl-photo-check")).to_have_attribute("data-same", "true")
    expect(page.locator("#lesson-result")).to_contain_text("2 people: box 1 (0.980), box 3 (0.850).")
    link = page.get_by_role("link", name="Open it on the Detect page").get_attribute("href")
    assert link == f"./?a={DEFAULT_MODEL}&sample=opera&score=0.4&nms=0.5&mask=0.5"


def test_a_photo_of_ones_own_is_sent_and_no_part_of_the_address(page: Page):
    page.route("**/trace?*", lambda route: route.continue_())  # only then does a request show a file's bytes
    open_lesson(page, LESSON, query_of({"step": STEP["result"]}))
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.locator("input[type=file]").set_input_files(
            {"name": "me.png", "mimeType": "image/png", "buffer": b"pixels"}
        )
    assert sent.value.post_data_buffer == b"pixels"
    assert sent.value.url.endswith(f"/trace?model={DEFAULT_MODEL}")
    expect(page.locator("#lesson-result")).to_contain_text("Your own photo is not part of a link")
    expect(page.get_by_role("link", name="Open it")).not_to_have_attribute("href", re.compile("sample"))
    page.get_by_role("button", name="opera").click()
    expect(page.get_by_role("link", name="Open it")).to_have_attribute("href", re.compile("sample=opera"))
    expect_parameters(page, {"step": "7", "sample": "opera"})


def test_an_empty_file_is_refused_before_it_is_sent(page: Page):
    open_lesson(page, LESSON)
    page.locator("input[type=file]").set_input_files(
        {"name": "empty.png", "mimeType": "image/png", "buffer": b""}
    )
    expect(page.get_by_text("This file is empty; choose another one.")).to_be_visible()


def test_a_failure_is_one_sentence_with_a_way_to_try_again(page: Page):
    open_lesson(page, LESSON)
    page.evaluate("""() => {
      const real = window.fetch;
      window.fetch = async (address, options) => {
        window.fetch = real;
        return new Response("Too many pictures are waiting.", { status: 503 });
      };
    }""")
    page.get_by_role("button", name="opera").click()
    cover = page.locator(".pvl-photo-cover")
    expect(cover).to_contain_text("Too many pictures are waiting.")
    cover.get_by_role("button", name="Try again").click()
    expect(cover).to_be_hidden()


def test_the_newest_choice_wins(page: Page):
    open_lesson(page, LESSON, query_of({"step": STEP["result"]}))
    page.evaluate("""() => {
      const real = window.fetch;
      window.fetch = async (address, options) => {
        if (address.includes("opera")) await new Promise((resolve) => setTimeout(resolve, 300));
        return real(address, { ...options, signal: undefined });
      };
    }""")
    page.get_by_role("button", name="opera").click()
    page.get_by_role("button", name="three-people").click()
    page.wait_for_timeout(600)
    expect(page.get_by_role("link", name="Open it")).to_have_attribute("href", re.compile("sample=three"))
    expect(page.locator(".pvl-photo-cover")).to_be_hidden()


@pytest.mark.parametrize("stage", STEP.values(), ids=STEP.keys())
def test_no_stage_scrolls_a_phone_sideways(page: Page, stage: int):
    page.set_viewport_size({"width": 390, "height": 844})
    open_lesson(page, LESSON, query_of({"step": stage}))
    expect(page.locator(".pvl-side .pvl-section:visible")).to_have_count(1)
    assert width_overflow(page) == 0


def test_the_questions_give_the_numbers_of_the_picture_and_are_asked_anew_for_another(page: Page):
    open_lesson(page, LESSON, query_of({"step": STEP["suppression"]}) + "&ask=1")
    ask = page.locator("form").filter(has_text=" is 320 × 240 pixels.")
    ask.get_by_role("textbox").fill("5/3")
    ask.get_by_role("button", name="Check").click()
    expect(ask.get_by_role("status")).to_have_text("Right: 1.6667. The smaller of 400 / 240 and 800 / 320.")
    overlap = page.locator("form").filter(has_text="Box 2 and box 1 share")
    overlap.get_by_role("button", name="Show").click()
    expect(overlap.get_by_role("status")).to_contain_text("Box 1 removed box 2.")
    page.locator("input[type=file]").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": b"pixels"}
    )
    expect(ask.locator(".pvl-verdict")).to_be_empty()
    expect(ask.get_by_role("textbox")).to_have_value("")
