"""The Detect page with real weights, from the start command to the exported file."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

from pedviz.ui.service import DEFAULT_MODELS
from tests.e2e.conftest import people, upload, wait_for_both


def test_before_anything_is_chosen_a_worked_comparison_is_there(page):
    assert page.title() == "Detect · PedViz"
    assert sum(people(page)) > 0
    assert page.locator(".pvc-facts dd").first.text_content()  # folded at first
    expect(page.get_by_role("button", name="Delete my photo")).to_be_hidden()


def test_an_uploaded_photo_is_detected_by_both_and_can_be_forgotten(page, people_photo):
    upload(page, people_photo)
    wait_for_both(page, photo="my photo.jpg")
    assert min(people(page)) > 0
    page.get_by_role("button", name="Delete my photo").click()
    expect(page.locator(".pv-live")).to_have_text("Your photo and its results are deleted.")
    expect(page.get_by_role("button", name="Delete my photo")).to_be_hidden()


def test_nobody_above_the_threshold_says_so(page, street):
    upload(page, street)
    wait_for_both(page, photo="an evening street.png")
    expect(page.locator(".pvc-found").first).to_contain_text("Nobody")


def test_sliders_follow_mouse_and_keyboard_without_asking_the_server(page, opened):
    slider = page.get_by_label("Score threshold", exact=True)
    slider.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # thumbnails that scrolled into view
    before, asked = people(page), len(opened.requests)
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.5, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.03, y, steps=25)
    page.mouse.up()
    loose = people(page)
    assert sum(loose) > sum(before)
    slider.focus()
    page.keyboard.press("End")
    assert people(page) == [0, 0]
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert sum(people(page)) > sum(before)
    page.wait_for_timeout(600)
    assert opened.requests[asked:] == []


def test_disagreement_counts_both_and_only(page):
    page.get_by_label("Score threshold, as a number").fill("0.1")
    page.get_by_role("button", name="Disagreement").click()
    both, only_a, only_b = map(
        int, re.findall(r"(\d+) (?:found|only)", page.locator(".pvc-summary").inner_text())
    )
    assert [both + only_a, both + only_b] == people(page)


def test_ground_truth_can_be_drawn_and_is_counted(page, people_photo):
    upload(page, people_photo)
    wait_for_both(page, photo="my photo.jpg")
    page.get_by_role("button", name="Ground truth").click()
    page.get_by_role("button", name="Draw boxes").click()
    canvas = page.locator(".pvc-canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.05, box["y"] + box["height"] * 0.05)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.95, box["y"] + box["height"] * 0.97, steps=8)
    page.mouse.up()
    found = people(page)
    for pane in (0, 1):
        counts = page.locator(".pvc-counts").nth(pane).inner_text()
        tp, fp, fn = map(int, re.match(r"(\d+) TP · (\d+) FP · (\d+) FN", counts).groups())
        assert (tp + fp, tp + fn) == (found[pane], 1)


def test_the_exported_json_is_read_by_pycocotools_in_pixels_of_the_original(page, people_photo, tmp_path):
    upload(page, people_photo)
    wait_for_both(page, photo="my photo.jpg")
    with page.expect_download() as download:
        page.get_by_role("button", name="COCO JSON").click()
    path = tmp_path / "export.json"
    download.value.save_as(path)
    exported = json.loads(path.read_text())
    assert (exported["images"][0]["width"], exported["images"][0]["height"]) == (2048, 2400)
    coco = COCO(str(path))
    found = people(page)
    for model, count in zip(exported["results"].values(), found, strict=True):
        assert len(coco.loadRes(model["bbox"]).anns) == count
        masks = coco.loadRes(model["segm"]).anns.values()
        assert all(coco_mask.decode(entry["segmentation"]).shape == (2400, 2048) for entry in masks)
        widest = max(entry["bbox"][0] + entry["bbox"][2] for entry in model["bbox"])
        assert 1024 < widest <= 2048


@pytest.mark.parametrize("name", ["Image A", "CSV"])
def test_other_exports_arrive(page, name):
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    assert Path(download.value.path()).stat().st_size > 100


def test_a_variant_without_weights_names_the_command_that_trains_it(page):
    page.get_by_label("Detector B").select_option("maskrcnn_resnext101_32x8d_fpn")
    command = "python -m training.train maskrcnn_resnext101_32x8d_fpn"
    expect(page.locator(".pv-pane").nth(1)).to_contain_text(command)
    expect(page.locator(".pvc-error").nth(1)).to_contain_text("No weights for")
    page.get_by_label("Detector B").select_option("maskrcnn_mobilenet_v2_fpn")
    wait_for_both(page)
    expect(page.locator(".pvc-error").nth(1)).to_be_hidden()


def test_swapping_takes_both_results_from_memory(page):
    first = people(page)
    page.get_by_role("button", name="Swap A and B").click()
    expect(page.get_by_label("Detector A")).to_have_value(DEFAULT_MODELS[1])
    wait_for_both(page)
    assert people(page) == first[::-1]
    for pane in (0, 1):
        expect(page.locator(".pvc-facts").nth(pane)).to_contain_text("cached")


def test_a_link_shows_the_same_comparison_elsewhere(page, opened, visit):
    page.locator("[data-sample=astronaut]").click()
    page.get_by_label("Detector A").select_option("maskrcnn_mobilenet_v2_fpn")
    page.get_by_label("Score threshold, as a number").fill("0.12")
    page.get_by_role("button", name="Disagreement").click()
    page.wait_for_url(re.compile("show=disagreement"))
    other = visit(opened.home, alone=True)
    other.page.goto(page.url)
    wait_for_both(other.page)
    expect(other.page.get_by_label("Detector A")).to_have_value("maskrcnn_mobilenet_v2_fpn")
    expect(other.page.get_by_label("Score threshold, as a number")).to_have_value("0.12")
    expect(other.page.locator("[data-sample=astronaut]")).to_have_attribute("aria-pressed", "true")
    expect(other.page.locator(".pvc-summary")).to_be_visible()


def test_a_malformed_link_falls_back_to_the_defaults(visit, real_site):
    page = visit(real_site).open("a=nonsense&b=&score=9&nms=abc&mask=&show=%3Cb%3E&sample=../../etc&linked=7")
    expect(page.get_by_label("Detector A")).to_have_value("maskrcnn_resnet50_fpn")
    expect(page.get_by_label("Score threshold, as a number")).to_have_value("0.50")
    expect(page.get_by_label("NMS IoU threshold, as a number")).to_have_value("0.50")
    expect(page.locator(".pv-sample").first).to_have_attribute("aria-pressed", "true")


def test_the_link_can_be_copied(page, opened):
    opened.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".pv-live")).to_have_text("Link copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_everything_can_be_done_by_keyboard(page, people_photo):
    page.locator("#main").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Choose a photo")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.wait_for_timeout(300)  # until the browser hands choosers over to the test
        page.keyboard.press("Enter")
    chooser.value.set_files(people_photo)
    wait_for_both(page, photo="my photo.jpg")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Camera", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    first = page.locator(".pv-sample").first
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(first).to_have_attribute("aria-pressed", "true")
    wait_for_both(page)
    page.get_by_label("Detector A").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Detector A")).to_have_value("maskrcnn_mobilenet_v2_fpn")
    wait_for_both(page)


def test_focus_is_visible(page):
    page.locator("#main").focus()
    page.keyboard.press("Tab")
    style = page.evaluate("(({ outline }) => outline)(getComputedStyle(document.activeElement))")
    assert "solid 3px" in style


@pytest.mark.data
def test_penn_fudan_brings_its_ground_truth(visit, penn_fudan_site):
    page = visit(penn_fudan_site).open(
        "sample=FudanPed00016&show=truth&a=maskrcnn_mobilenet_v2_lite&b=maskrcnn_mobilenet_v2_proj256"
    )
    wait_for_both(page)
    expect(page.locator(".pvc-counts").first).to_contain_text("TP")
    tp, _, fn = map(int, re.findall(r"(\d+) [TF][PN]", page.locator(".pvc-counts").first.inner_text()))
    assert tp + fn == page.locator(".pvc-boxes li").count() > 1
    expect(page.get_by_role("button", name="Add Penn-Fudan")).to_be_hidden()
