"""The page "Your results" on the real site: files in, a verdict out, a folder of images, our own example."""

import json
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.axe import grave_problems
from tests.metrics.coco_scenes import SIDE, random_files
from tests.web.lesson_scene import width_overflow

WIDTH_OF = """async (address) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image.width;
}"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    truth, results = random_files(3, images=10)
    for name, content in (("truth", truth), ("a", results), ("b", results[::3])):
        (folder / f"{name}.json").write_text(json.dumps(content))
    images = folder / "images" / "val"
    images.mkdir(parents=True)
    for entry in truth["images"]:
        Image.new("RGB", (SIDE, SIDE), "teal").save(images / entry["file_name"])
    return folder


def _compare(page: Page, files: Path) -> None:
    for name in ("truth", "a", "b"):
        page.set_input_files(f"input[name={name}]", files / f"{name}.json")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="Significance")).to_be_visible(timeout=120_000)


def test_two_results_are_compared_and_deleted(visit, real_site, files):
    page = visit(real_site).page
    page.goto(f"{real_site}your-results.html")
    _compare(page, files)
    expect(page.get_by_role("region", name="COCO numbers, scrolls sideways")).to_contain_text("b minus a")
    for title in ("Precision-recall curve", "Calibration", "AP gained if fixed, by error type"):
        expect(page.locator("figure", has_text=title).first).to_be_visible()
    page.emulate_media(reduced_motion="reduce")  # no colour is on its way to another
    for dark in (False, True):
        page.evaluate("(dark) => document.body.classList.toggle('dark', dark)", dark)
        assert grave_problems(page) == []
    for width in (1440, 1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert width_overflow(page) <= 0
    page.get_by_role("button", name="Delete my files and results").click()
    expect(page.get_by_text("Deleted.")).to_be_visible()
    expect(page.locator(".pvr-table")).to_have_count(0)
    page.set_input_files("input[name=truth]", files / "a.json")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "a.json: it holds a list; ground truth is", timeout=120_000
    )


def test_a_folder_of_images_is_shown_with_the_boxes_and_never_sent(visit, real_site, files):
    made = visit(real_site)
    page = made.page
    page.goto(f"{real_site}your-results.html")
    _compare(page, files)
    listed = page.locator(".pvr-images > li")
    expect(listed.locator("image")).to_have_count(0)
    asked = len(made.requests)
    page.get_by_label("Open the folder of images").set_input_files(files / "images")
    for place in range(listed.count()):
        listed.nth(place).scroll_into_view_if_needed()
        expect(listed.nth(place).locator("image")).to_have_count(1)
    found = page.get_by_text("images found in the folder")
    expect(found).to_contain_text(f"{listed.count()} of {listed.count()}")
    address = listed.first.locator("image").get_attribute("href")
    assert page.evaluate(WIDTH_OF, address) == SIDE
    assert listed.first.locator("rect").count() > 0
    assert all(one.startswith("data:") for one in made.requests[asked:])


def test_two_of_our_own_variants_are_one_press_away(visit, real_site):
    page = visit(real_site).page
    page.goto(f"{real_site}your-results.html")
    page.get_by_role("button", name="Show an example").click()
    expect(page.get_by_role("heading", name="Significance")).to_be_visible()
    expect(page.locator("article").first).to_contain_text("on these 50 images")
    expect(page.locator("figure", has_text="AP gained if fixed, by error type")).to_be_visible()
    page.reload()  # the address keeps it
    expect(page.get_by_role("heading", name="Significance")).to_be_visible()
