"""What those who do not see the Detect page get of it: axe-core's rules, and what is announced."""

import pytest
from playwright.sync_api import expect

from tests.axe import grave_problems
from tests.drawing import wait_for_drawing
from tests.e2e.conftest import upload, wait_for_both


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_photo_its_ground_truth_and_the_table_have_no_grave_problem(timed_site, visit, street, scheme):
    page = visit(timed_site.address, color_scheme=scheme).open()
    upload(page, street)
    wait_for_both(page, photo=street.name)
    expect(page.locator(".pvc-table tbody tr")).to_have_count(4)
    assert grave_problems(page) == []
    page.get_by_role("button", name="Ground truth").click()
    page.get_by_role("button", name="Add a box").click()
    wait_for_drawing(page, after_ms=150)
    assert grave_problems(page) == []


def test_only_sentences_are_announced(timed_site, visit, street):
    page = visit(timed_site.address).open()
    upload(page, street)
    wait_for_both(page, photo=street.name)
    page.get_by_label("Detector A").select_option("maskrcnn_mobilenet_v2_lite")
    wait_for_both(page, photo=street.name)
    page.wait_for_function("document.querySelector('.sr-only[role=status]').textContent.includes('complete')")
    said = page.get_by_role("status").all_text_contents()
    assert any("2 people found" in text for text in said)
    assert not any("common." in text for text in said)
