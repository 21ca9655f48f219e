"""The visitor's own images below the boxes of two detectors: each name its file, and only small copies."""

import unicodedata
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.web.lesson_scene import dress

NAMES = {  # what the ground truth says -> where the file lies, and its colour
    "val/0001.jpg": ("val/0001.jpg", (255, 0, 0)),
    "train/0001.jpg": ("train/0001.jpg", (0, 255, 0)),
    "data\\set\\0002.jpg": ("val/0002.jpg", (0, 0, 255)),
    unicodedata.normalize("NFC", "caf\u00e9.jpg"): (
        f"train/{unicodedata.normalize('NFD', 'café')}.jpg",
        (255, 255, 0),
    ),
}
TWICE, ABSENT, DAMAGED = "0003.jpg", "0004.jpg", "0005.jpg"
SHOW = """async (names) => {
  const { disagreementSection } = await import("/charts/disagreement.js");
  const image = (name) => ({
    image: name, size: [4000, 3000], objects: [{ box: [1000, 1000, 500, 900], name: "person" }],
    detections: [[], []],
    only_first: 1, only_second: 0, first_wrong: 0, second_wrong: 0,
  });
  const runs = ["A", "B"].map((label) => ({ label, style: {} }));
  const found = { scores: [0.5, 0.5], differing: names.length, images: names.map(image) };
  const root = document.body.appendChild(document.createElement("main"));
  root.className = "pvr";
  root.append(disagreementSection(found, runs));
}"""
MIDDLE = """async (image) => {
  const picture = new Image();
  picture.src = image.getAttribute("href");
  await picture.decode();
  const pencil = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  pencil.drawImage(picture, 0, 0);
  const pixel = pencil.getImageData(picture.width / 2, picture.height / 2, 1, 1).data;
  return [picture.width, [...pixel].slice(0, 3)];
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("images")
    files = [*NAMES.values(), (f"val/{TWICE}", (9, 9, 9)), (f"train/{TWICE}", (99, 99, 99))]
    for name, colour in files:
        (folder / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (4000, 3000), colour).save(folder / name)
    (folder / DAMAGED).write_bytes(b"not an image")
    return folder


def test_each_name_gets_its_own_image_and_only_a_small_copy(page: Page, folder: Path):
    dress(page, dark=False)
    page.evaluate(SHOW, [*NAMES, TWICE, ABSENT, DAMAGED])
    page.get_by_label("Open the folder of images").set_input_files(folder)
    expect(page.get_by_text("images found in the folder")).to_contain_text("5 of 7")
    listed = page.locator(".pvr-images > li")
    for place, (_, colour) in enumerate(NAMES.values()):
        listed.nth(place).scroll_into_view_if_needed()
        image = listed.nth(place).locator("image")
        expect(image).to_have_count(1)
        width, pixel = image.evaluate(MIDDLE)
        assert width == 800
        assert pixel == pytest.approx(colour, abs=6)
    listed.last.scroll_into_view_if_needed()
    page.evaluate(
        "import('/charts/image_folder.js').then(({ smallCopy }) => "
        "smallCopy(new File([], 'last'), { width: 1, isWanted: () => false }))"
    )  # after all others
    for place in range(len(NAMES), len(NAMES) + 3):
        expect(listed.nth(place).locator("image")).to_have_count(0)
        expect(listed.nth(place).locator("rect")).to_have_count(1)
