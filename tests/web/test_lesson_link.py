"""From a detection and its best person to the IoU lesson; torchvision says what their overlap is."""

from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect
from torchvision.ops import box_iou

from pedviz.lessons.iou import BOX_PRESETS, LESSON
from tests.web.comparison_page import drag, start
from tests.web.comparison_scene import TRUTH, A, B
from tests.web.lesson_scene import open_lesson, width_overflow

PLACES = [("a", 0), ("a", 1), ("b", 0), ("b", 1), ("b", 2)]  # pane and candidate of each row at score .5


def _links(stage: Page) -> dict[tuple[str, int], dict[str, list[float]]]:
    """The numbers in each row's link; rows without one are left out."""
    stage.get_by_role("button", name="Ground truth").click()
    expect(stage.get_by_role("columnheader", name="IoU with ground truth")).to_be_visible()
    found = {}
    for place, row in zip(PLACES, stage.locator("tbody tr").all(), strict=True):
        if row.locator("a").count():
            address = urlsplit(row.locator("a").get_attribute("href"))
            assert address.path == "/lesson-iou.html"
            query = parse_qs(address.query, strict_parsing=True)
            found[place] = {key: list(map(float, value.split("_"))) for key, (value,) in query.items()}
    return found


def test_the_two_boxes_are_the_detection_and_the_person_it_overlaps_most(stage: Page):
    links = _links(stage)
    truth = torch.tensor(TRUTH)
    for (pane, candidate), numbers in links.items():
        detections = {"a": A, "b": B}[pane]
        box = torch.from_numpy(detections.boxes_xyxy[candidate][None].copy())
        overlaps = box_iou(box, truth)[0]
        assert set(numbers) == {"a", "b", "found"}
        np.testing.assert_allclose(numbers["a"], box[0], atol=5e-5)
        np.testing.assert_allclose(numbers["b"], TRUTH[int(overlaps.argmax())], atol=5e-5)
        assert numbers["found"] == pytest.approx([detections.scores[candidate]], abs=5e-5)
        again = box_iou(torch.tensor([numbers["a"]]), torch.tensor([numbers["b"]])).item()
        assert again == pytest.approx(overlaps.max().item(), abs=1e-5)


def test_who_overlaps_nobody_has_no_link(stage: Page):
    links = _links(stage)
    for pane, candidate in PLACES:
        detections = {"a": A, "b": B}[pane]
        box = torch.from_numpy(detections.boxes_xyxy[candidate][None].copy())
        assert ((pane, candidate) in links) == bool(box_iou(box, torch.tensor(TRUTH)).max() > 0)
    assert 0 < len(links) < len(PLACES)


def test_a_person_drawn_by_the_visitor_counts_as_well(page: Page):
    stage = start(page, known=False)
    stage.get_by_role("button", name="Ground truth").click()
    expect(stage.locator("tbody a")).to_have_count(0)
    stage.get_by_role("button", name="Draw boxes").click()
    stage.locator("canvas").first.scroll_into_view_if_needed()
    drag(stage, 0, (10, 10), (390, 290))
    expect(stage.locator("tbody a")).to_have_count(len(PLACES))


def test_following_the_link_pins_nobody_and_keeps_this_tab(stage: Page):
    _links(stage)
    link = stage.locator("tbody a").first
    row = stage.locator("tbody tr").first
    for follow in (link.click, lambda: link.press("Enter")):
        with stage.context.expect_page() as opened:
            follow()
        assert urlsplit(opened.value.url).path == "/lesson-iou.html"
        opened.value.close()
        expect(row).to_have_attribute("aria-current", "false")
    row.press("Enter")
    expect(row).to_have_attribute("aria-current", "true")


def test_the_lesson_opens_with_these_boxes_and_says_where_they_came_from(page: Page):
    open_lesson(
        page, LESSON, "a=130.2889_99.3562_207.5127_368.2436&b=158.6682_88.0225_228.9424_362.6456&found=0.87"
    )
    origin = page.locator(".pvl-origin")
    expect(origin).to_contain_text("a detection with score 0.87")
    expect(page.get_by_role("textbox", name="A, the prediction x1", exact=True)).to_have_value("130.2889")
    page.get_by_role("textbox", name="A, the prediction x1", exact=True).fill("100")
    expect(origin).to_be_visible()
    page.locator(f"[data-preset='{BOX_PRESETS[0].key}']").click()
    expect(origin).to_be_hidden()
    page.keyboard.press("Control+z")
    expect(origin).to_be_visible()


def test_without_a_detection_the_lesson_speaks_of_none(page: Page):
    open_lesson(page, LESSON, "a=1_1_5_5&b=2_2_6_6&found=7")
    expect(page.locator(".pvl-origin")).to_be_hidden()


def test_numbers_of_a_photo_do_not_widen_the_lesson_on_a_phone(page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    open_lesson(
        page,
        LESSON,
        "a=1130.2889_899.3562_1207.5127_998.2436&b=1158.6682_888.0225_1228.9424_992.6456&found=1",
    )
    expect(page.locator(".pvl-origin")).to_be_visible()
    assert width_overflow(page) <= 0
