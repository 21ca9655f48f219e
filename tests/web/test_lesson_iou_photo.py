"""Photo mode and the crowd of the IoU lesson, in a real Chromium."""

import re
from itertools import permutations

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from pedviz.data.samples import samples
from pedviz.lessons.iou import LESSON
from pedviz.lessons.iou_crowd import CROWD_PRESETS, KEYS, PEOPLE, THRESHOLD
from pedviz.lessons.iou_photo import PHOTOS
from pedviz.theory.boxes import box_iou
from tests.web.lesson_scene import open_lesson, parameters, query_of


def _scrolled(page: Page, key: str) -> Locator:
    section = page.locator(f"#lesson-{key}")
    section.locator(".pvl-handles").scroll_into_view_if_needed()
    return section


def test_a_box_drawn_with_the_mouse_is_compared_with_the_person_it_fits_best(page: Page):
    open_lesson(page, LESSON, "truth=1")
    section = _scrolled(page, "photo")
    frame = section.locator(".pvl-handles").bounding_box()
    at = [
        (frame["x"] + frame["width"] * x, frame["y"] + frame["height"] * y)
        for x, y in ((0.67, 0.1), (0.98, 0.95))
    ]
    page.mouse.move(*at[0])
    page.mouse.down()
    page.mouse.move(*at[1], steps=4)
    page.mouse.up()
    expect(section.locator(".pvl-outcome")).to_contain_text("then compare")  # a new box hides the answer
    page.wait_for_function("location.search.includes('mine=')")
    mine = [float(edge) for edge in parameters(page)["mine"].split("_")]
    people = np.array(next(sample.people for sample in samples() if sample.id == "three-people"))
    ious = box_iou(np.array([mine]), people)[0]
    assert ious.argmax() == 2
    section.get_by_role("button", name="Compare").click()
    expect(section.locator(".pvl-outcome")).to_have_text(f"IoU with the ground truth: {ious.max():.3f}.")
    edges = section.locator("tbody tr").nth(2).locator("td").all_inner_texts()
    assert [float(edge.replace("\u2212", "-")) for edge in edges] == [mine[2], 1098, mine[2] - 1098]


def test_photos_have_the_sizes_of_their_files():
    known = {sample.id: sample.load().pixels.shape[:2] for sample in samples()}
    assert {photo.id: photo.size[::-1] for photo in PHOTOS}.items() <= known.items()


def test_another_photo_begins_with_a_box_of_its_own(page: Page):
    open_lesson(page, LESSON, "truth=1")
    section = _scrolled(page, "photo")
    section.get_by_role("button", name="One person").click()
    expect(section.get_by_role("button", name="Compare")).to_be_visible()
    expect(section.get_by_role("button", name="One person")).to_have_attribute("aria-pressed", "true")
    image = section.locator("image")
    expect(image).to_have_attribute("href", re.compile("samples/astronaut.webp$"))
    box = section.locator(".pvl-handles").bounding_box()
    assert box["width"] == pytest.approx(box["height"], abs=2)  # the stage has taken the photo's shape


@pytest.mark.parametrize("preset", CROWD_PRESETS, ids=lambda preset: preset.key)
def test_the_crowd_s_assignment_is_the_best_of_all_orders(page: Page, preset):
    open_lesson(page, LESSON, query_of(preset.state))
    ious = box_iou(np.array([preset.state[key] for key in KEYS], float), np.array(PEOPLE, float))
    gains = np.where(ious >= THRESHOLD, ious, 0)
    best = max(
        sum(gains[row, column] for row, column in enumerate(order)) for order in permutations(range(4))
    )
    assert LESSON.data()["crowd"]["totals"][preset.key] == pytest.approx(best)
    section = page.locator("#lesson-crowd")
    expect(section).to_contain_text(re.compile(rf"Best assignment: .*, IoU together {best:.3f}\."))
    matrix = [re.match(r"[\d.]+", cell)[0] for cell in section.locator("td").all_inner_texts()]
    np.testing.assert_allclose(np.array(matrix, float).reshape(4, 4), ious, atol=6e-4)


def test_greedy_matching_loses_a_pair_that_the_assignment_finds(page: Page):
    open_lesson(page, LESSON, query_of(CROWD_PRESETS[0].state))
    section = page.locator("#lesson-crowd")
    expect(section).to_contain_text("Greedy, as COCO: 3 pairs (1 with Q, 3 with R, 4 with S)")
    expect(section).to_contain_text("Best assignment: 4 pairs (1 with P, 2 with Q, 3 with R, 4 with S)")
