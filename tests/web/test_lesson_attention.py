"""The lesson on attention in a real Chromium, against torch."""

from fractions import Fraction

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from pedviz.lessons.attention import LESSON, PRESETS
from tests.web.lesson_scene import expect_parameters, open_lesson, query_of

DEFAULTS = {setting.key: setting.default for setting in LESSON.settings}
CASES = LESSON.data()["cases"]
VALUES = """async (states) => {
    const { valuesOf } = await import("/lessons/attention_values.js");
    return states.map(valuesOf).map(({ weights, ...values }) => ({
        ...values, similarities: null, scaled: weights.scaled,
        linear: weights.linear.map((row) => row && row.map(String)),
    }));
}"""


def _states(count: int) -> list[dict]:
    generator = np.random.default_rng(0)
    return [
        DEFAULTS
        | {key: generator.integers(-3, 4, 4).tolist() for key in ("z1", "z2", "z3")}
        | {"alpha": float(generator.integers(1, 30)) / 10}
        for _ in range(count)
    ]


def test_softmax_weights_and_outputs_are_those_of_torchs_attention(page: Page):
    states = [state | {"how": "scaled"} for state in _states(200)]
    for state, found in zip(states, page.evaluate(VALUES, states), strict=True):
        z = torch.tensor([state[key] for key in ("z1", "z2", "z3")], dtype=torch.float64)
        looked = state["alpha"] * z
        wanted = torch.nn.functional.scaled_dot_product_attention(looked[None], looked[None], z[None])[0]
        np.testing.assert_allclose(found["outputs"], wanted, atol=1e-9)
        np.testing.assert_allclose(found["gram"], looked @ looked.T, atol=1e-9)
        np.testing.assert_allclose(found["norms"], looked.norm(dim=1), atol=1e-9)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_a_case_has_the_weights_that_python_computed(page: Page, preset):
    found = page.evaluate(VALUES, [DEFAULTS | preset.state])[0]
    assert found["linear"] == CASES[preset.key]["linear"]
    np.testing.assert_allclose(found["scaled"], CASES[preset.key]["scaled"], atol=1e-12)


def test_linear_weights_are_exact_for_typed_decimals(page: Page):
    state = DEFAULTS | {"z1": [0.1, 0.2, 0, 0], "z2": [0.3, 0, 0, 0], "z3": [0, 0.1, 0, 0]}
    row = page.evaluate(VALUES, [state])[0]["linear"][0]
    assert [Fraction(weight) for weight in row] == [Fraction(5, 10), Fraction(3, 10), Fraction(2, 10)]


def test_a_pair_crosses_exactly_where_its_dot_product_is_the_larger(page: Page):
    states = _states(100)
    for state, found in zip(states, page.evaluate(VALUES, states), strict=True):
        z = np.array([state[key] for key in ("z1", "z2", "z3")])
        for pair in found["pairs"]:
            dot, itself = z[pair["i"]] @ z[pair["j"]], z[pair["j"]] @ z[pair["j"]]
            if dot != itself:
                assert pair["exceeds"] == (dot > itself)


def test_the_reports_mixture_is_written_in_fractions(page: Page):
    open_lesson(page, LESSON)
    formula = page.get_by_role("group", name="Weights and mixture")
    for weight in ("1/2", "1/5", "3/10"):
        expect(formula).to_contain_text(weight)
    expect(page.get_by_text("z1·z3 = 3 > z2·z2 = 2.")).to_have_count(2)  # the claim, and what is found here


def test_a_row_that_cancels_has_no_linear_weights(page: Page):
    open_lesson(page, LESSON)
    page.get_by_role("button", name="A sum of zero").click()
    expect(page.get_by_role("group", name="Weights and mixture")).to_contain_text("does not exist")
    expect(page.get_by_role("region", name="Linear").locator("td").first).to_have_text("none")


def test_a_coordinate_is_moved_by_keys(page: Page):
    open_lesson(page, LESSON)
    page.get_by_role("button", name="z2, coordinate q").press("ArrowUp")
    expect_parameters(page, {"z2": "0_2_1_0"})
    expect(page.get_by_label("z2 q", exact=True)).to_have_value("2")


def test_all_zero_vectors_break_nothing(page: Page):
    zero = (0.0, 0.0, 0.0, 0.0)
    open_lesson(page, LESSON, query_of({"z1": zero, "z2": zero, "z3": zero}))
    expect(page.get_by_role("group", name="Weights and mixture")).to_contain_text("does not exist")
    assert page.locator("#lesson-crossing .pvl-picture").first.get_attribute("aria-label") == (
        "A vector without length has no angle."
    )
