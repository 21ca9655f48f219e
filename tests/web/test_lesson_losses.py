"""The losses lesson in a real Chromium, against torch and torchvision."""

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect
from torchvision.models.detection._utils import BoxCoder

from pedviz.lessons.losses import LESSON, PRESETS
from tests.web.lesson_scene import open_lesson, query_of

VALUES = """async (state) => {
    const { lossValues } = await import("/lessons/losses_values.js");
    return lossValues(state);
}"""
DEFAULTS = {setting.key: setting.default for setting in LESSON.settings}
coder = BoxCoder((1.0, 1.0, 1.0, 1.0))


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_codes_and_decoded_boxes_are_torchvisions(page: Page, preset):
    state = DEFAULTS | preset.state
    found = page.evaluate(VALUES, state)
    boxes, anchors = (torch.tensor([state[key]], dtype=torch.float64) for key in ("b", "a"))
    codes = coder.encode_single(boxes, anchors)
    np.testing.assert_allclose(found["code"], codes[0], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(LESSON.data()["codes"][preset.key], codes[0], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["decoded"], coder.decode_single(codes, anchors)[0], rtol=1e-6)
    cost = torch.nn.functional.smooth_l1_loss(codes, torch.zeros_like(codes), reduction="sum")
    assert found["boxLoss"] == pytest.approx(cost.item())


@pytest.mark.parametrize("logits", [(1.0, 0.0, -1.0), (1.0, 6.0, -1.0), (-8.0, 8.0, 8.0)])
def test_a_cells_losses_and_slopes_are_torchs(page: Page, logits):
    found = page.evaluate(VALUES, DEFAULTS | {"z": list(logits)})["cell"]
    z = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    shared = torch.nn.functional.cross_entropy(z[None], torch.tensor([0]))
    (slopes,) = torch.autograd.grad(shared, z)
    assert found["shared"]["loss"] == pytest.approx(shared.item())
    np.testing.assert_allclose(found["shared"]["slope"], slopes, atol=1e-12)
    alone = torch.nn.functional.binary_cross_entropy_with_logits(z[0], torch.ones((), dtype=torch.float64))
    assert found["alone"]["loss"] == pytest.approx(alone.item())


def test_another_class_moves_the_softmax_alone(page: Page):
    def losses(z):
        open_lesson(page, LESSON, query_of({"z": z}))
        return page.locator("#lesson-mask tbody td[data-answer]").all_inner_texts()

    (alone, shared), (alone_after, shared_after) = losses((1, 0, -1)), losses((1, 6, -1))
    assert alone_after == alone
    assert float(shared_after) > float(shared) + 1


def test_dragging_the_anchor_onto_the_person_makes_every_number_zero(page: Page):
    open_lesson(page, LESSON)
    page.get_by_role("button", name="Already right").click()
    formula = page.get_by_role("group", name="From an anchor to a box in four numbers")
    expect(formula).to_contain_text("four times: 0")
    assert page.evaluate(VALUES, DEFAULTS | PRESETS[1].state)["code"] == [0, 0, 0, 0]


def test_a_box_without_an_area_is_said_and_breaks_nothing(page: Page):
    open_lesson(page, LESSON, query_of({"a": (10, 10, 10, 10)}))
    expect(page.get_by_text("A has no area").first).to_be_visible()
    expect(page.get_by_role("group", name="From an anchor to a box in four numbers")).to_contain_text(
        "no code"
    )


def test_the_error_moves_with_arrow_keys(page: Page):
    open_lesson(page, LESSON)
    cursor = page.locator("#lesson-regression").get_by_role("button", name="Error x").first
    cursor.press("ArrowLeft")
    expect(page.locator("#lesson-regression").get_by_label("Error of one number").first).to_have_value("1.45")
