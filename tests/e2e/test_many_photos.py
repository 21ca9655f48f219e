"""Many photos at once: a strip, results as they come, what is on screen first, and downloads of all."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from pycocotools.coco import COCO

from pedviz.ui.service import DEFAULT_MODELS
from tests.e2e.conftest import wait_for_both
from tests.ui.conftest import photo_file

A, B = DEFAULT_MODELS
SIZES = ((2000, 1000), (320, 240), (300, 400))  # the first is larger than the cap


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"street {number}.png" for number in range(len(SIZES))]
    for number, (path, size) in enumerate(zip(paths, SIZES, strict=True)):
        path.write_bytes(photo_file((40 * number, 90, 120), size=size))
    return paths


def choose(page: Page, paths: list[Path]) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a photo").click()
    chooser.value.set_files(paths)


@pytest.fixture
def many(timed_site, visit, files) -> Page:
    page = visit(timed_site.address).open()
    choose(page, files)
    return page


def progress(page: Page) -> Locator:
    return page.locator(".pv-strip [role=status]")


def download(page: Page, name: str) -> bytes:
    with page.expect_download() as info:
        page.get_by_role("group", name="Download all").get_by_role("button", name=name).click()
    return info.value.path().read_bytes()


def test_every_photo_is_looked_at_and_arrow_keys_show_them(many, files):
    expect(progress(many)).to_have_text("3 photos done")
    expect(many.locator(".pv-strip-counts")).to_have_text(["A 2 · B 2"] * 3)
    wait_for_both(many, photo="street 0.png")
    many.locator(".pv-strip-photo").first.focus()
    many.keyboard.press("ArrowRight")
    wait_for_both(many, photo="street 1.png")
    expect(many.locator(".pv-strip-photo").nth(1)).to_have_attribute("aria-current", "true")
    expect(many.locator(".pv-strip-photo").nth(1)).to_be_focused()


def test_a_dot_marks_where_the_two_disagree(many):
    expect(progress(many)).to_have_text("3 photos done")
    expect(many.locator(".pv-differ")).to_have_count(0)
    many.get_by_role("button", name="Link A and B").click()
    many.get_by_label("Score threshold of A, as a number").fill("0.9")
    expect(many.locator(".pv-strip-counts")).to_have_text(["A 1 · B 2"] * 3)
    expect(many.locator(".pv-differ")).to_have_count(3)
    expect(many.get_by_role("button", name="A and B disagree")).to_have_count(3)


def test_downloads_hold_all_photos_in_pixels_of_their_originals(many, files, tmp_path):
    expect(progress(many)).to_have_text("3 photos done")
    (tmp_path / "all.json").write_bytes(download(many, "COCO JSON"))
    exported = json.loads((tmp_path / "all.json").read_text())
    truth = COCO(str(tmp_path / "all.json"))
    found = [(image["file_name"], (image["width"], image["height"])) for image in truth.imgs.values()]
    assert found == [(path.name, size) for path, size in zip(files, SIZES, strict=True)]
    assert list(exported["results"]) == [A, B]
    boxes = truth.loadRes(exported["results"][A]["bbox"])
    assert sorted(one["image_id"] for one in boxes.anns.values()) == [1, 1, 2, 2, 3, 3]
    assert max(one["bbox"][0] for one in boxes.anns.values()) == pytest.approx(1000, abs=2)
    rows = list(csv.DictReader(io.StringIO(download(many, "CSV").decode())))
    assert [row["photo"] for row in rows] == [path.name for path in files for _ in range(4)]
    assert [int(row["image_id"]) for row in rows] == [image for image in truth.imgs for _ in range(4)]
    archive = zipfile.ZipFile(io.BytesIO(download(many, "Images")))
    assert archive.testzip() is None
    assert len(archive.namelist()) == 6
    assert Image.open(archive.open(f"02-street_1-a-{A}.png")).size == SIZES[1]


def test_what_is_on_screen_goes_first_and_the_list_can_be_stopped(timed_site, visit, files):
    page = visit(timed_site.address).open()
    wait_for_both(page)
    timed_site.predictors(B).gate.clear()
    choose(page, files)
    expect(page.locator(".pv-job").nth(1)).to_contain_text("is looking for people")
    page.get_by_role("button", name="Stop", exact=True).click()
    timed_site.predictors(B).gate.set()
    wait_for_both(page, photo="street 0.png")
    page.locator(".pv-strip-photo").nth(2).click()
    wait_for_both(page, photo="street 2.png")
    expect(progress(page)).to_have_text("2 of 3 photos done")
    page.get_by_role("button", name="Continue").click()
    expect(progress(page)).to_have_text("3 photos done")
    page.get_by_role("button", name="Delete my photos").click()
    expect(page.locator(".pv-strip")).to_be_hidden()


def test_a_file_that_is_no_photo_is_marked_and_the_others_go_on(timed_site, visit, files):
    files[1].write_bytes(b"hello")
    page = visit(timed_site.address).open()
    choose(page, files)
    expect(progress(page)).to_have_text("3 photos done")
    expect(page.locator(".pv-strip-counts")).to_have_text(["A 2 · B 2", "Not read", "A 2 · B 2"])


def test_files_beyond_the_fiftieth_are_named_beside_the_first(timed_site, visit, tmp_path):
    paths = [tmp_path / f"{number}.png" for number in range(51)]
    for path in paths:
        path.write_bytes(photo_file((90, 120, 150), size=(60, 40)))
    page = visit(timed_site.address).open()
    choose(page, paths)
    wait_for_both(page, photo="0.png")
    expect(page.locator(".pv-photo-message")).to_have_text("These are 51 files; the first 50 are here.")
    expect(page.locator(".pv-strip-photo")).to_have_count(50)
