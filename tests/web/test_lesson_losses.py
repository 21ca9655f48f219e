"""The losses lesson in a real Chromium, against torch and torchvision."""

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Page, expect
from torchvision.models.detection._utils import BoxCoder, Matcher
from torchvision.ops import box_iou

from pedviz.lessons.cells import LETTERS, SIDE
from pedviz.lessons.losses import BOX_PRESETS, LESSON, MAP_PRESETS, SAMPLE
from pedviz.paths import samples_folder
from tests.web.lesson_scene import open_lesson, query_of

VALUES = """async (state) => {
    const { lossValues } = await import("/lessons/losses/values.js");
    return lossValues(state);
}"""
DEFAULTS = {setting.key: setting.default for setting in LESSON.settings}
STORED = ("loss_objectness", "loss_rpn_box_reg", "loss_classifier", "loss_box_reg", "loss_mask")
coder = BoxCoder((1.0, 1.0, 1.0, 1.0))


@pytest.mark.parametrize("preset", BOX_PRESETS, ids=lambda preset: preset.key)
def test_codes_and_decoded_boxes_are_torchvisions(functions: Page, preset):
    state = DEFAULTS | preset.state
    found = functions.evaluate(VALUES, state)
    boxes, anchors = (torch.tensor([state[key]], dtype=torch.float64) for key in ("b", "a"))
    codes = coder.encode_single(boxes, anchors)
    np.testing.assert_allclose(found["code"], codes[0], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["decoded"], coder.decode_single(codes, anchors)[0], rtol=1e-6)
    cost = torch.nn.functional.smooth_l1_loss(codes, torch.zeros_like(codes), reduction="sum")
    assert found["boxLoss"] == pytest.approx(cost.item())


@pytest.mark.parametrize("logits", [(1.0, 0.0, -1.0), (1.0, 6.0, -1.0), (-8.0, 8.0, 8.0)])
def test_a_cells_losses_and_slopes_are_torchs(functions: Page, logits):
    found = functions.evaluate(VALUES, DEFAULTS | {"z": list(logits)})["cell"]
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
    assert page.evaluate(VALUES, DEFAULTS | BOX_PRESETS[1].state)["code"] == [0, 0, 0, 0]


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


DERIVED = """async ({ data, state }) => {
    const { deriver } = await import("/lessons/losses/values.js");
    const { anchors, maps } = deriver(data)(state);
    return { anchors, maps: { alone: maps.alone, shared: maps.shared } };
}"""
DATA = LESSON.data()


def _derived(page: Page, **state) -> dict:
    return page.evaluate(DERIVED, {"data": DATA, "state": DEFAULTS | state})


@pytest.mark.parametrize("thresholds", [(0.7, 0.3), (0.5, 0.5), (0.9, 0.1)], ids=str)
def test_anchors_of_the_picture_get_torchvisions_labels(functions: Page, thresholds):
    high, low = thresholds
    found = _derived(functions, high=high, low=low)["anchors"]
    people = torch.tensor(DATA["picture"]["people"], dtype=torch.float64)
    overlaps = box_iou(people, torch.tensor(found["boxes"], dtype=torch.float64))
    matched = Matcher(high, low, allow_low_quality_matches=True)(overlaps)
    wanted = torch.where(matched >= 0, 1, torch.where(matched == -1, 0, -1))
    assert found["labels"] == wanted.tolist()
    assert found["counts"]["positive"] == int((wanted == 1).sum())


def test_a_draw_takes_256_anchors_and_another_draw_takes_others(functions: Page):
    first, same, other = (_derived(functions, draw=draw)["anchors"] for draw in (1, 1, 2))
    assert len(first["sampled"]) == len(set(first["sampled"])) == 256
    assert first["sampled"] == same["sampled"] != other["sampled"]
    positive = {place for place, label in enumerate(first["labels"]) if label == 1}
    assert positive <= set(first["sampled"])  # so few that all are learned from
    assert not any(first["labels"][place] == -1 for place in first["sampled"])


@pytest.mark.parametrize("preset", MAP_PRESETS, ids=lambda preset: preset.key)
def test_losses_of_whole_maps_are_torchs(functions: Page, preset):
    found = _derived(functions, **preset.state, sure=2.5)["maps"]
    truth, person, other = (torch.tensor(_unpacked(preset.state[key])) for key in ("mt", "mp", "mo"))
    person, other = (torch.where(cells, 2.5, -2.5).double() for cells in (person, other))
    alone = torch.nn.functional.binary_cross_entropy_with_logits(person, truth.double())
    logits = torch.stack([torch.zeros_like(person), person, other])
    shared = torch.nn.functional.cross_entropy(logits[None], truth.long()[None])
    assert found["alone"]["value"] == pytest.approx(alone.item())
    assert found["shared"]["value"] == pytest.approx(shared.item())


def _unpacked(letters: str) -> np.ndarray:
    bits = [f"{LETTERS.index(letter):06b}" for letter in letters]
    return np.array([bit == "1" for bit in "".join(bits)[: SIDE * SIDE]]).reshape(SIDE, SIDE)


def test_a_rival_map_moves_the_softmax_alone(functions: Page):
    maps = [_derived(functions, **preset.state)["maps"] for preset in MAP_PRESETS[:2]]
    assert maps[0]["alone"] == maps[1]["alone"]
    assert maps[1]["shared"]["value"] > maps[0]["shared"]["value"] + 0.05
    assert np.count_nonzero(maps[1]["alone"]["slopes"][2]) == 0


def test_painting_a_cell_of_the_bicycle_map_changes_the_link(page: Page):
    open_lesson(page, LESSON)
    page.get_by_role("application", name="The ground truth (blue) and the bicycle map").press("Space")
    page.wait_for_function("new URLSearchParams(location.search).has('mo')")


def test_the_stored_step_is_shown_with_its_sum(page: Page):
    open_lesson(page, LESSON)
    rows = page.get_by_role("region", name="Losses of a training step").locator("tbody tr")
    expect(rows).to_have_count(6)
    numbers = [float(text) for text in rows.locator("td:last-child").all_inner_texts()]
    assert sum(numbers[:-1]) == pytest.approx(numbers[-1], abs=5e-4)
    assert numbers[:-1] == pytest.approx(
        [DATA["step"]["steps"]["shipped"]["losses"][key] for key in STORED], abs=5e-5
    )


def test_without_a_stored_step_the_page_says_how_to_make_one(page: Page, monkeypatch, tmp_path):
    monkeypatch.setattr("pedviz.lessons.losses.results_folder", lambda: tmp_path)
    open_lesson(page, LESSON)
    expect(page.get_by_text("python -m training.explain_step ID stores one")).to_be_visible()


def test_the_picture_is_as_large_as_it_is_said_to_be():
    with Image.open(samples_folder() / f"{SAMPLE}.webp") as picture:
        assert picture.size == (DATA["picture"]["width"], DATA["picture"]["height"])


def test_a_question_follows_its_slider(page: Page):
    open_lesson(page, LESSON, query_of({"ask": True, "r": 1.5}))
    expect(page.locator("#lesson-regression .pvl-questions")).to_contain_text("an error of 1.5")
    page.get_by_label("Error of one number", exact=True).last.fill("2")
    expect(page.locator("#lesson-regression .pvl-questions")).to_contain_text("an error of 2")
