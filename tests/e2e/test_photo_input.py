"""How a photo gets in: a file, a drop, the clipboard, the camera; and what is said where it does not."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import people


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("notes.jpg", b"hello, I am text", "notes.jpg is not an image", id="no-picture"),
        pytest.param("empty.png", b"", "This file is empty", id="empty"),
        pytest.param("clip.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 64, "This is a video", id="video"),
        pytest.param("huge.jpg", b"\xff" * (21 * 2**20), "photos up to", id="too-large"),
        pytest.param(
            "${alert(1)}<img src=x onerror=alert(1)>.png",
            b"nothing",
            "is not an image",
            id="script-like-name",
        ),
    ],
)
def test_a_bad_file_is_one_sentence_and_the_picture_stays(page, tmp_path, name, content, said):
    before = people(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a photo").click()
    file = tmp_path / name
    file.write_bytes(content)
    chooser.value.set_files(file)
    message = page.locator(".pv-photo-message")
    expect(message).to_contain_text(said)
    expect(message).to_have_attribute("aria-live", "polite")
    assert people(page) == before
    assert page.locator(".toast-wrap .toast-body").count() == 0


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
