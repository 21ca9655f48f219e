"""The lesson on attention in a real Chromium, against torch."""

from fractions import Fraction

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from pedviz.lessons.attention import LESSON, PRESETS
from pedviz.theory import attention
from tests.web.lesson_scene import expect_parameters, open_lesson, query_of

DEFAULTS = {setting.key: setting.default for setting in LESSON.settings}
VALUES = """async (states) => {
    const { valuesOf } = await import("/lessons/attention/values.js");
    const written = (value) => Array.isArray(value) ? value.map(written) : value && String(value);
    const exact = (values) => ({
        gram: values.gram, linear: values.weights.linear, mixed: values.outputs.linear, poles: values.poles,
        turned: [values.turned.sum, ...(values.turned.weights ?? [])],
    });
    return states.map(valuesOf).map((values) => ({
        ...Object.fromEntries(Object.entries(exact(values)).map(([key, value]) => [key, written(value)])),
        scaled: values.weights.scaled, outputs: values.outputs.scaled, norms: values.norms, rows: values.rows,
        comparisons: values.comparisons, costs: values.costs,
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


def _exact(state: dict) -> np.ndarray:
    return attention.as_fractions([[int(x) for x in state[key]] for key in ("z1", "z2", "z3")])


def _fractions(written: list) -> list:
    return [_fractions(part) if isinstance(part, list) else part and Fraction(part) for part in written]


def test_softmax_weights_and_outputs_are_those_of_torchs_attention(functions: Page):
    states = _states(200)
    for state, found in zip(states, functions.evaluate(VALUES, states), strict=True):
        z = torch.tensor([state[key] for key in ("z1", "z2", "z3")], dtype=torch.float64)
        looked = state["alpha"] * z
        wanted = torch.nn.functional.scaled_dot_product_attention(looked[None], looked[None], z[None])[0]
        np.testing.assert_allclose(found["outputs"], wanted, atol=1e-9)
        np.testing.assert_allclose(
            [[float(Fraction(x)) for x in row] for row in found["gram"]], looked @ looked.T, atol=1e-9
        )
        np.testing.assert_allclose(found["norms"], looked.norm(dim=1), atol=1e-9)


def test_linear_mixtures_are_exact(functions: Page):
    states = _states(100)
    for state, found in zip(states, functions.evaluate(VALUES, states), strict=True):
        similarities = attention.gram(_exact(state))
        for place, kind in enumerate(attention.linear_row_states(similarities)):
            if kind == "undefined":
                assert found["linear"][place] is found["mixed"][place] is None
                continue
            weights = attention.linear_weights(similarities[[place]])
            mixed = attention.mixtures(weights, _exact(state))[0]
            assert _fractions(found["linear"][place]) == weights[0].tolist()
            assert _fractions(found["mixed"][place]) == mixed.tolist()


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_a_case_has_the_weights_that_python_computes(functions: Page, preset):
    found = functions.evaluate(VALUES, [DEFAULTS | preset.state])[0]
    similarities = attention.gram(_exact(preset.state))
    for row, weights in zip(similarities, found["linear"], strict=True):
        exact = None if sum(row) == 0 else attention.linear_weights(row[None])[0].tolist()
        assert (weights and [Fraction(weight) for weight in weights]) == exact
    scaled = preset.state["alpha"] ** 2 * similarities.astype(np.float64)
    np.testing.assert_allclose(found["scaled"], attention.softmax_weights(scaled, dimension=4), atol=1e-12)


def test_linear_weights_are_exact_for_typed_decimals(functions: Page):
    state = DEFAULTS | {"z1": [0.1, 0.2, 0, 0], "z2": [0.3, 0, 0, 0], "z3": [0, 0.1, 0, 0]}
    row = functions.evaluate(VALUES, [state])[0]["linear"][0]
    assert [Fraction(weight) for weight in row] == [Fraction(5, 10), Fraction(3, 10), Fraction(2, 10)]


def test_a_turned_row_divides_by_zero_exactly_at_its_poles(functions: Page):
    states = [state | {"row": row} for state in _states(40) for row in "123"]
    for state, found in zip(states, functions.evaluate(VALUES, states), strict=True):
        z, place = _exact(state), int(state["row"]) - 1
        for pole in map(Fraction, found["poles"]):
            turned = np.array([z[0], z[1], pole * z[2]])
            assert attention.gram(turned)[place].sum() == 0
        assert len(found["poles"]) <= 2


@pytest.mark.parametrize("t", [-5, -2.3, -1, 0, 0.35, 5])
def test_a_turned_row_is_that_of_the_turned_vector(functions: Page, t: float):
    found = functions.evaluate(VALUES, [DEFAULTS | {"t": t}])[0]["turned"]
    turned = np.array(attention.EXAMPLE_VECTORS) * np.array([[1], [1], [t]])
    similarities = attention.gram(turned)
    assert float(Fraction(found[0])) == pytest.approx(similarities[0].sum())
    weights = attention.linear_weights(similarities[[0]])[0]
    np.testing.assert_allclose([float(Fraction(weight)) for weight in found[1:]], weights, atol=1e-9)


def test_a_ring_is_in_the_region_exactly_where_its_dot_product_is_the_larger(functions: Page):
    states = _states(100)
    for state, found in zip(states, functions.evaluate(VALUES, states), strict=True):
        z = np.array([state[key] for key in ("z1", "z2", "z3")])
        for one in found["comparisons"]:
            i, j, k = one["i"], one["j"], one["k"]
            assert one["exceeds"] == (z[i] @ z[j] > z[k] @ z[k])
            if z[i] @ z[j] != z[k] @ z[k]:
                assert one["exceeds"] == (one["bar"] < one["cosine"])


def test_costs_are_those_of_the_products_themselves(functions: Page):
    found = functions.evaluate(VALUES, [DEFAULTS | {"n": 7, "d": 5}])[0]["costs"]
    z = np.ones((7, 5))
    orders = {"scores": "scores_first", "summary": "summary_first"}
    assert found == {
        key: attention.linear_attention(z, z, values=z, order=order).multiplications
        for key, order in orders.items()
    }


def test_a_float_becomes_the_simplest_fraction_that_it_can_mean(functions: Page):
    generator = np.random.default_rng(3)
    fractions = [Fraction(int(n), int(d)) for n, d in generator.integers((-5000, 1), (5000, 1000), (500, 2))]
    numbers = (
        [float(fraction) for fraction in fractions] + generator.normal(size=200).tolist() + [1e-300, 5e-324]
    )
    script = """async (numbers) => {
        const { Fraction } = await import("/maths/fractions.js");
        return numbers.map((number) => String(Fraction.simplest(number)));
    }"""
    found = [Fraction(text) for text in functions.evaluate(script, numbers)]
    assert found[: len(fractions)] == fractions
    assert [float(fraction) for fraction in found] == numbers


def test_the_reports_mixtures_are_written_in_fractions(page: Page):
    open_lesson(page, LESSON)
    fractions = page.get_by_role("group", name="Weights and mixture").locator("mfrac")
    written = fractions.evaluate_all(
        "(all) => all.map((one) => [...one.children].map((part) => part.textContent).join('/'))"
    )
    for weight in ("1/2", "1/5", "3/10", "3/13", "10/13"):
        assert weight in written
    expect(page.get_by_text("z1·z3 = 3 > z2·z2 = 2.")).to_have_count(2)  # the claim, and what is found here


def test_a_row_that_cancels_has_no_linear_weights(page: Page):
    open_lesson(page, LESSON)
    page.get_by_role("button", name="A sum of zero").click()
    expect(page.get_by_role("group", name="Weights and mixture")).to_contain_text("does not exist")
    expect(page.get_by_role("region", name="Linear").locator("td").first).to_have_text("none")
    expect(page.get_by_text("The similarities of z1 sum to 0").first).to_be_visible()


def test_a_typed_fraction_meets_the_pole(page: Page):
    open_lesson(page, LESSON)
    section = page.locator("#lesson-turn")
    section.get_by_role("textbox", name="t, the factor of z3").fill("-7/3")
    expect(section).to_contain_text("divided by 0")
    section.get_by_role("button", name="t = −1").click()
    expect(section).to_contain_text("weights leave 0 to 1")


def test_a_tip_is_moved_by_keys(page: Page):
    open_lesson(page, LESSON)
    tip = page.get_by_role("button", name="z2 in the plane of p and q")
    tip.press("ArrowUp")
    expect_parameters(page, {"z2": "0_2_1_0"})
    expect(page.get_by_label("z2 q", exact=True)).to_have_value("2")


def test_all_zero_vectors_break_nothing(page: Page):
    zero = (0.0, 0.0, 0.0, 0.0)
    open_lesson(page, LESSON, query_of({"z1": zero, "z2": zero, "z3": zero}))
    expect(page.get_by_role("group", name="Weights and mixture")).to_contain_text("does not exist")
    assert page.locator("#lesson-crossing .pvl-picture").first.get_attribute("aria-label") == (
        "A vector without length has no angle."
    )


def test_a_tie_is_not_more_in_the_sentence_nor_in_the_table(page: Page):
    state = {"z1": (9, 6, 0, 0), "z3": (0, 6, 0, 0), "row": "1", "key": "3"}
    open_lesson(page, LESSON, query_of(state))
    said = page.get_by_text("The projection of z1 onto z3").first
    expect(said).to_contain_text("z3 is not more similar to z1")
    expect(page.get_by_text("36 ≤ 36").first).to_be_attached()


def test_arrows_grow_with_the_axes(page: Page):
    def tip(alpha: float) -> float:
        open_lesson(page, LESSON, query_of({"alpha": alpha}))
        plane = page.locator(".pvl-main .pvl-stage").first
        dot = plane.get_by_role("button", name="z3 in the plane").locator(".pvl-dot")
        ticks = {one.text_content(): one for one in plane.locator(".pvg-tick[text-anchor=middle]").all()}
        unit = float(ticks["2"].get_attribute("x")) - float(ticks["1"].get_attribute("x"))
        zero = float(ticks["1"].get_attribute("x")) - unit
        return (float(dot.get_attribute("cx")) - zero) / unit

    assert tip(1.0) == pytest.approx(3, abs=0.02)
    assert tip(0.7) == pytest.approx(2.1, abs=0.02)
    page.get_by_role("button", name="z3 in the plane of p and q").press("ArrowLeft")
    expect(page.get_by_label("z3 p", exact=True)).to_have_value("2")


def test_what_lies_above_the_plot_points_up_and_is_no_ring_at_its_edge(page: Page):
    open_lesson(page, LESSON, query_of({"z3": (9, 0, 0, 0)}))
    plot = page.locator("#lesson-crossing .pvl-plot .pvl-picture")
    beyond = page.evaluate(VALUES, [DEFAULTS | {"z3": [9, 0, 0, 0]}])[0]["comparisons"]
    assert plot.locator(".pvg-beyond").count() == sum(one["bar"] > 2 for one in beyond) > 0
    assert plot.locator("circle.pvg-ring").count() == sum(one["bar"] <= 2 for one in beyond)
