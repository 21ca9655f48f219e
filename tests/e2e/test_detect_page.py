"""The Detect page with real weights, from the start command to the exported file."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

from tests.e2e.conftest import PHONE, Visit, upload, wait_for_both


@pytest.fixture
def opened(visit, real_site) -> Visit:
    made = visit(real_site)
    made.open()
    return made


@pytest.fixture
def page(opened) -> Page:
    wait_for_both(opened.page)
    return opened.page


def people(page: Page) -> list[int]:
    """How many are found in A and in B."""
    page.wait_for_timeout(120)
    texts = page.locator(".pvc-found").all_inner_texts()
    return [int(re.match(r"(\d+) p", text).group(1)) if text[0].isdigit() else 0 for text in texts]


def test_before_anything_is_chosen_a_worked_comparison_is_there(page):
    assert page.title() == "Detect · PedViz"
    assert sum(people(page)) > 0
    assert page.locator(".pvc-facts dd").first.inner_text()
    expect(page.get_by_role("button", name="Forget my photo")).to_be_hidden()


def test_an_uploaded_photo_is_detected_by_both_and_can_be_forgotten(page, people_photo):
    upload(page, people_photo)
    wait_for_both(page, photo="my photo.jpg")
    assert min(people(page)) > 0
    page.get_by_role("button", name="Forget my photo").click()
    expect(page.locator(".pv-live")).to_have_text("Your photo and its results are deleted.")
    expect(page.get_by_role("button", name="Forget my photo")).to_be_hidden()


def test_nobody_above_the_threshold_says_so(page, street):
    upload(page, street)
    wait_for_both(page, photo="an evening street.png")
    expect(page.locator(".pvc-found").first).to_contain_text("Nobody")


def test_sliders_follow_mouse_and_keyboard_without_asking_the_server(page, opened):
    slider = page.get_by_label("Score", exact=True)
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
    page.get_by_label("Score, as a number").fill("0.1")
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


@pytest.mark.parametrize("name", ["Picture A", "CSV"])
def test_other_exports_arrive(page, name):
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    assert Path(download.value.path()).stat().st_size > 100


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("notes.jpg", b"hello, I am text", "notes.jpg is not a picture", id="no-picture"),
        pytest.param("empty.png", b"", "This file is empty", id="empty"),
        pytest.param("clip.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 64, "This is a video", id="video"),
        pytest.param("huge.jpg", b"\xff" * (21 * 2**20), "photos up to", id="too-large"),
        pytest.param(
            "${alert(1)}<img src=x onerror=alert(1)>.png",
            b"nothing",
            "is not a picture",
            id="script-like-name",
        ),
    ],
)
def test_a_bad_file_is_one_sentence_and_the_picture_stays(page, tmp_path, name, content, said):
    before = people(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a photo").click()
    kinds = {".mp4": "video/mp4", ".png": "image/png"}
    mime = kinds.get(Path(name).suffix, "image/jpeg")
    chooser.value.set_files({"name": name, "mimeType": mime, "buffer": content})
    message = page.locator(".pv-photo-message")
    expect(message).to_contain_text(said)
    expect(message).to_have_attribute("aria-live", "polite")
    assert people(page) == before
    assert page.locator(".toast-wrap .toast-body").count() == 0


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
    expect(page.get_by_label("Detector A")).to_have_value("maskrcnn_mobilenet_v2_fpn")
    wait_for_both(page)
    assert people(page) == first[::-1]
    for pane in (0, 1):
        expect(page.locator(".pvc-facts").nth(pane)).to_contain_text("cached")


def test_a_link_shows_the_same_comparison_elsewhere(page, opened, visit):
    page.locator("[data-sample=astronaut]").click()
    page.get_by_label("Detector A").select_option("maskrcnn_mobilenet_v2_fpn")
    page.get_by_label("Score, as a number").fill("0.12")
    page.get_by_role("button", name="Disagreement").click()
    page.wait_for_url(re.compile("show=disagreement"))
    other = visit(opened.home)
    other.page.goto(page.url)
    wait_for_both(other.page)
    expect(other.page.get_by_label("Detector A")).to_have_value("maskrcnn_mobilenet_v2_fpn")
    expect(other.page.get_by_label("Score, as a number")).to_have_value("0.12")
    expect(other.page.locator("[data-sample=astronaut]")).to_have_attribute("aria-pressed", "true")
    expect(other.page.locator(".pvc-summary")).to_be_visible()


def test_a_malformed_link_falls_back_to_the_defaults(visit, real_site):
    page = visit(real_site).open("a=nonsense&b=&score=9&nms=abc&mask=&show=%3Cb%3E&sample=../../etc&linked=7")
    expect(page.get_by_label("Detector A")).to_have_value("maskrcnn_resnet50_fpn")
    expect(page.get_by_label("Score, as a number")).to_have_value("0.50")
    expect(page.get_by_label("Suppression (NMS), as a number")).to_have_value("0.50")
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


def test_a_dropped_file_is_taken_anywhere_on_the_page(page):
    transfer = page.evaluate_handle(
        """async () => {
          const blob = await (await fetch(document.querySelector('.pv-sample img').src)).blob();
          const transfer = new DataTransfer();
          transfer.items.add(new File([blob], 'dropped.jpg', { type: 'image/jpeg' }));
          return transfer;
        }"""
    )
    page.dispatch_event("footer", "dragover", {"dataTransfer": transfer})
    expect(page.locator(".pv-veil")).to_be_visible()
    page.dispatch_event("footer", "drop", {"dataTransfer": transfer})
    expect(page.locator(".pv-veil")).to_be_hidden()
    expect(page.locator(".pv-live")).to_contain_text("dropped.jpg")


def test_a_pasted_picture_is_taken(page):
    page.evaluate(
        """async () => {
          const blob = await (await fetch(document.querySelector('.pv-sample img').src)).blob();
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File([blob], 'pasted.jpg', { type: 'image/jpeg' }));
          document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
        }"""
    )
    expect(page.locator(".pv-live")).to_contain_text("pasted.jpg")


def test_the_camera_takes_a_photo(page):
    page.get_by_role("button", name="Camera", exact=True).click()
    page.wait_for_function("document.querySelector('.pv-camera video')?.videoWidth > 0")
    page.get_by_role("button", name="Take the photo").click()
    expect(page.locator(".pv-live")).to_contain_text("camera.jpg")
    expect(page.locator("dialog")).to_have_count(0)


NO_CAMERA_OBJECT = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined })"
CAMERA_REFUSED = """void (navigator.mediaDevices.getUserMedia =
  () => Promise.reject(new DOMException('no', 'NotAllowedError')))"""


@pytest.mark.parametrize(
    ("script", "said"),
    [
        pytest.param(NO_CAMERA_OBJECT, "only on https", id="absent"),
        pytest.param(CAMERA_REFUSED, "was not allowed to use the camera", id="refused"),
    ],
)
def test_a_camera_that_cannot_be_used_is_explained(page, script, said):
    page.evaluate(script)
    page.get_by_role("button", name="Camera", exact=True).click()
    expect(page.locator(".pv-photo-message")).to_contain_text(said)


@pytest.mark.parametrize("view", ["Detections", "Disagreement", "Ground truth"])
def test_a_phone_never_scrolls_sideways(visit, real_site, view):
    page = visit(real_site, viewport=PHONE, has_touch=True).open()
    wait_for_both(page)
    page.get_by_role("button", name=view).click()
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    shown = page.locator("body > gradio-app").bounding_box()
    assert shown["width"] <= PHONE["width"]


def brightness(page: Page) -> float:
    page.wait_for_timeout(100)
    channels = re.findall(r"\d+", page.evaluate("getComputedStyle(document.body).backgroundColor"))
    return float(np.mean([int(channel) for channel in channels[:3]]))


def test_dark_mode_follows_the_system_the_address_and_the_button(visit, real_site):
    assert brightness(visit(real_site, color_scheme="dark").open()) < 60
    page = visit(real_site, color_scheme="dark").open("__theme=light")
    assert brightness(page) > 200
    page.get_by_role("button", name="Switch to the dark theme").click()
    assert brightness(page) < 60
    assert "__theme=dark" in page.url


def test_the_header_leads_to_the_other_pages_and_back(page):
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Lessons").click()
    expect(page.get_by_role("heading", name="Lessons")).to_be_visible()
    assert page.title() == "Lessons · PedViz"
    page.get_by_role("link", name="PedViz").click()
    wait_for_both(page)


def test_the_footer_shows_the_api_with_this_sites_address(page, opened):
    page.get_by_text("For programs").click()
    expect(page.locator(".pv-footer pre")).to_contain_text(f'Client("{opened.home}")')
    page.get_by_role("link", name="Licence of the code").click()
    expect(page.locator("body")).to_contain_text("Licen")


def test_nothing_of_gradios_chrome_is_left(page):
    assert page.locator("footer[aria-label='Gradio footer navigation']").count() == 0
    text = page.locator("body").inner_text().lower()
    assert "gradio" not in text.replace("gradio_client", "")


@pytest.mark.data
def test_penn_fudan_brings_its_ground_truth(visit, penn_fudan_site):
    page = visit(penn_fudan_site).open("sample=FudanPed00016&show=truth")
    wait_for_both(page)
    expect(page.locator(".pvc-counts").first).to_contain_text("TP")
    tp, _, fn = map(int, re.findall(r"(\d+) [TF][PN]", page.locator(".pvc-counts").first.inner_text()))
    assert tp + fn == page.locator(".pvc-boxes li").count() > 1
    expect(page.get_by_role("button", name="Download Penn-Fudan")).to_be_hidden()
