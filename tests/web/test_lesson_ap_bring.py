"""A ranking of one's own in the lesson on average precision: pasted, or from the Detect page."""

from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from pedviz.lessons.ap import LESSON, LONGEST
from pedviz.theory.boxes import box_iou
from tests.web.comparison_scene import TRUTH, A
from tests.web.lesson_scene import expect_parameters, open_lesson

READ = """async (cases) => {
  const { readRanking } = await import("/lessons/ap/ranking.js");
  return cases.map((text) => readRanking(text, 5));
}"""


def test_tables_as_programs_write_them_become_letters(functions: Page):
    cases = {
        "score,hit\n0.9,1\n0.8,0\n": "TF",
        "0.1,1\n0.9,0\n0.5,1": "FTT",  # the score ranks
        "0.5,0\n0.5,1": "FT",  # equal scores stay in their order
        "score;tp\n0,9;TP\n0,8;fp": "TF",  # as a spreadsheet of another language
        '"1e-3"\ttrue\r\n"2e-3"\tFalse\r\n': "FT",
        "\n 0.9 , yes \n\n 0.8 , no\n": "TF",
    }
    found = functions.evaluate(READ, list(cases))
    assert found == [{"hits": hits} for hits in cases.values()]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no line with a score and 1 or 0"),
        ("score,hit", "no line with a score and 1 or 0"),
        ("0.9,1\nx,0", "Line 2: “x” is not a score"),
        ("NaN,1\n0.9,0", "Line 1: “NaN” is not a score"),
        ("0.9,1\n-inf,0", "Line 2: “-inf” is not a score"),
        (",1\n0.9,0", "Line 1: “” is not a score"),
        ("0,93,1", "Line 1: expected two fields"),
        ("0.9,1\n0.8", "Line 2: expected two fields"),
        ("0.9,1,2", "Line 1: expected two fields"),
        ("0.9,maybe", "“maybe” is neither 1 nor 0"),
        ("0.9,1\n" * 6, "6 detections; the list holds at most 5"),
        ("score,hit\n" + "0.9,1\n" * 100_000, "100000 detections; the list holds at most 5"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(functions: Page, text: str, says: str):
    (found,) = functions.evaluate(READ, [text])
    assert says in found["problem"]
    assert "hits" not in found


def test_a_pasted_ranking_becomes_the_list(page: Page):
    open_lesson(page, LESSON)
    page.get_by_text("Bring your ranking").click()
    area = page.get_by_label("Scores and true positives as CSV")
    area.fill("0.4,1\n0.9,maybe")
    page.get_by_role("button", name="Use this ranking").click()
    expect(area).to_have_attribute("aria-invalid", "true")
    area.fill("score,hit\n0.4,1\n0.9,1\n0.7,0")
    page.get_by_role("button", name="Use this ranking").click()
    expect(area).to_have_attribute("aria-invalid", "false")
    expect_parameters(page, {"hits": "TFT", "people": "2", "rank": "3"})
    expect(page.get_by_text("3 detections, 2 of them true positives.")).to_be_visible()


def test_the_longest_list_is_drawn(page: Page):
    open_lesson(page, LESSON, f"hits={'TF' * (LONGEST // 2)}&people={LONGEST}&rank={LONGEST}")
    expect(page.locator(".pvl-chip:visible")).to_have_count(LONGEST)


def test_the_present_detections_are_one_press_away(stage: Page):
    stage.get_by_role("button", name="Ground truth").click()
    link = stage.get_by_role("link", name="Average precision of this list").first
    address = urlsplit(link.get_attribute("href"))
    query = {key: value for key, (value,) in parse_qs(address.query).items()}
    shown = A.boxes_xyxy[A.scores > 0.5]
    fits = (box_iou(shown.astype(float), np.array(TRUTH, float)) >= 0.5).any(axis=1)
    assert query == {
        "hits": "".join("T" if fit else "F" for fit in fits),
        "people": str(len(TRUTH)), "rank": str(len(shown)),
    }  # fmt: skip
    assert address.path == "/lesson-ap.html"
    stage.get_by_role("button", name="Detections").click()
    expect(link).to_be_hidden()
