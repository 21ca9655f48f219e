"""The lesson on RoIPool and RoIAlign in a real Chromium, against torchvision and torch."""

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect
from torchvision.ops import roi_align, roi_pool

from pedviz.lessons.roi import LESSON, REPORT_BOX
from tests.web.lesson_scene import open_lesson, query_of

DEFAULTS = {setting.key: setting.default for setting in LESSON.settings}
DATA = LESSON.data()
VALUES = """async ({ maps, states }) => {
    const { deriver } = await import("/lessons/roi/values.js");
    return states.map(deriver(maps));
}"""


def _states(count: int) -> list[dict]:
    generator = np.random.default_rng(0)
    states = []
    for _ in range(count):
        corner = np.round(generator.uniform(0, 6, 2) * 20) / 20
        far = np.minimum(corner + np.round(generator.uniform(0.1, 6, 2) * 20) / 20, 8)
        states.append(
            DEFAULTS
            | {
                "box": [*corner.tolist(), *far.tolist()], "rule": "torchvision",
                "map": str(generator.choice(list(DATA["maps"]))), "bins": int(generator.integers(1, 5)),
                "sr": int(generator.integers(0, 5)), "half": bool(generator.random() < 0.5),
            }
        )  # fmt: skip
    return states


def test_both_readings_and_their_gradients_are_torchvisions(functions: Page):
    states = _states(120)
    found = functions.evaluate(VALUES, {"maps": DATA["maps"], "states": states})
    for state, values in zip(states, found, strict=True):
        features = torch.tensor(DATA["maps"][state["map"]], dtype=torch.float64, requires_grad=True)
        regions = [torch.tensor([state["box"]], dtype=torch.float64)]
        answers = {
            "pooled": roi_pool(features[None, None], regions, state["bins"]),
            "aligned": roi_align(
                features[None, None], regions, state["bins"], 1.0, state["sr"], state["half"]
            ),
        }
        for name, answer in answers.items():
            np.testing.assert_allclose(values[name]["values"], answer[0, 0].detach(), atol=1e-5)
            (gradient,) = torch.autograd.grad(answer.sum(), features)
            np.testing.assert_allclose(values["back"][name], gradient, atol=1e-5)


def test_the_reports_example_and_a_square_are_what_was_worked_out():
    assert DATA["report"] == [[19, 22], [51, 54]]
    assert DATA["pooled"] == [[27, 29], [43, 45]]
    assert DATA["aligned"] == [[24.75, 26.25], [36.75, 38.25]]


def test_the_page_shows_both_ways_to_pool_side_by_side(page: Page):
    open_lesson(page, LESSON)
    tables = page.locator(".pvl-main .pvl-roi-output")
    expect(tables.nth(0).locator("td")).to_have_text(["19", "22", "51", "54"])
    features = torch.arange(64.0).reshape(1, 1, 8, 8)
    wanted = roi_pool(features, [torch.tensor([REPORT_BOX])], 2).flatten().tolist()
    expect(tables.nth(1).locator("td")).to_have_text([f"{value:g}" for value in wanted])


def test_a_quarter_of_a_cell_moves_one_reading_and_not_the_other(functions: Page):
    quarter = {"box": (2.25, 2.25, 5.25, 5.25), "rule": "torchvision"}
    states = [DEFAULTS | {"box": (2, 2, 5, 5), "rule": "torchvision"}, DEFAULTS | quarter]
    still, moved = functions.evaluate(VALUES, {"maps": DATA["maps"], "states": states})
    assert moved["pooled"]["values"] == still["pooled"]["values"]
    assert moved["aligned"]["values"][0][0] == pytest.approx(still["aligned"]["values"][0][0] + 0.25 * 9)


def test_a_region_is_dragged_and_stepped_by_keys(page: Page):
    open_lesson(page, LESSON)
    page.locator(".pvl-main").get_by_role("button", name="Region", exact=True).press("ArrowDown")
    expect(page.get_by_label("Region y1")).to_have_value("0.25")
    expect(page.get_by_label("Region y2")).to_have_value("6.25")


def test_reversed_corners_are_refused_and_say_why(page: Page):
    open_lesson(page, LESSON)
    field = page.get_by_label("Region x1")
    field.fill("7.5")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("The corners of the region are reversed").first).to_be_visible()
    expect(page.locator(".pvl-main .pvl-roi-output td").first).to_have_text("19")


def test_a_region_without_area_breaks_nothing(page: Page):
    open_lesson(page, LESSON, query_of({"box": (3, 3, 3, 3), "half": True, "sr": 0.0}))
    expect(page.get_by_text("no sample points: the region has no area").first).to_be_attached()
    expect(page.get_by_text("No area:").first).to_be_visible()


def test_cells_beyond_the_map_are_not_counted(page: Page):
    open_lesson(page, LESSON, query_of({"box": (0, 0, 8, 8), "rule": "torchvision", "ask": True}))
    prompt = page.get_by_text("How many cells does RoIPool read").locator("xpath=ancestor::form")
    prompt.get_by_role("button", name="Show").click()
    expect(prompt).to_contain_text("64. 8 columns times 8 rows.")


def test_a_detected_person_is_read_from_the_level_of_its_size(page: Page):
    open_lesson(page, LESSON)
    section = page.locator("#lesson-real")
    section.scroll_into_view_if_needed()
    expect(section.locator(".pvl-outcome")).to_contain_text("is level")
    first = section.locator(".pvl-outcome").inner_text()
    section.get_by_label("Person, best first", exact=True).fill("2")
    expect(section.locator(".pvl-outcome")).not_to_have_text(first)
    for canvas in section.locator("canvas").all():
        assert "from" in canvas.get_attribute("aria-label") or "level" in canvas.get_attribute("aria-label")


def test_nothing_of_the_last_picture_stays_while_another_is_fetched(page: Page):
    open_lesson(page, LESSON)
    section = page.locator("#lesson-real")
    section.scroll_into_view_if_needed()
    expect(section.locator(".pvl-outcome")).to_contain_text("is level")
    page.evaluate("""() => {
      const real = window.fetch;
      window.fetch = async (address, options) => {
        await new Promise((resolve) => { window.goOn = resolve; });
        window.fetch = real;
        return real(address, options);
      };
    }""")
    section.get_by_label("Image").select_option("opera")
    expect(section).to_contain_text("The detector is running on the image")
    expect(section.locator(".pvl-outcome")).to_be_empty()
    for canvas in section.locator("canvas").all():
        expect(canvas).to_be_hidden()
    page.evaluate("goOn()")
    expect(section.locator(".pvl-outcome")).to_contain_text("is level")
    expect(section.locator("canvas").first).to_be_visible()


@pytest.mark.parametrize("bins", [2, 4])
def test_formulas_fit_a_phone(page: Page, bins: int):
    page.set_viewport_size({"width": 390, "height": 844})
    state = {"box": (1.15, 0.35, 6.85, 7.65), "map": "noise", "bins": float(bins), "pt": 3.0}
    open_lesson(page, LESSON, query_of(state))
    wide = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.ariaLabel)"
    assert page.locator(".pvl-formula").evaluate_all(wide) == []
