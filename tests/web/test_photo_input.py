"""What the photo chooser says of a photo before one is chosen, in a real Chromium."""

import pytest
from playwright.sync_api import Page

TEXT = """async (on_cluster) => {
  const { createPhotoInput } = await import("/base/photo_input.js");
  const root = document.body.appendChild(document.createElement("div"));
  const setup = { upload_url: "upload", kept_minutes: 60, max_side: 1333, max_bytes: 1, on_cluster };
  createPhotoInput(root, { setup, onPhoto: () => {}, onSample: () => {} });
  const text = root.querySelector(".pv-privacy").textContent;
  root.remove();
  return text;
}"""


@pytest.mark.parametrize("on_cluster", [False, True])
def test_where_photos_travel_the_visitor_is_told(page: Page, on_cluster: bool):
    said = page.evaluate(TEXT, on_cluster)
    assert "stays in this server's memory" in said
    assert ("without encryption" in said) == on_cluster
