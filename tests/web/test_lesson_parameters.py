"""The lesson on counting parameters in a real Chromium, against torchvision's networks."""

import pytest
import torchvision
from playwright.sync_api import Page, expect

from pedviz.lessons.parameters import LESSON
from pedviz.models.specs import SPECS
from tests.web.lesson_scene import open_lesson, query_of

DEFAULTS = {setting.key: setting.default for setting in LESSON.settings}
VALUES = """async ({ data, state }) => {
    const { deriver } = await import("/lessons/parameters_values.js");
    return deriver(data)(state);
}"""


def _values(page: Page, **state) -> dict:
    return page.evaluate(VALUES, {"data": LESSON.data(), "state": DEFAULTS | state})


def test_vgg16_is_torchvisions_layer_by_layer(page: Page):
    network = torchvision.models.vgg16(weights=None)
    sizes = [parameter.numel() for parameter in network.parameters()]  # weight and bias in turn
    found = _values(page)["vgg"]
    assert [size for layer in found["layers"] for size in (layer["weights"], layer["biases"])] == sizes
    assert found["total"] == sum(sizes) == 138_357_544
    assert found["layers"][13]["weights"] == 102_760_448


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.id)
def test_a_variant_has_as_many_as_the_network_that_is_built(page: Page, spec):
    found = _values(page, model=spec.id, mask=spec.mask_hidden)["variant"]
    assert found["total"] == sum(found["parts"].values()) == spec.parameters


def test_inputs_of_a_layer_are_what_leaves_the_one_before(page: Page):
    layers = _values(page, k=5, ch=4, side=300, hid=100, w=[8, 16, 24, 32, 40])["vgg"]["layers"]
    convolutions, connected = layers[:13], layers[13:]
    assert [layer["inputs"] for layer in convolutions] == [4] + [one["outputs"] for one in convolutions[:-1]]
    assert [layer["inputs"] for layer in connected] == [40 * 9 * 9, 100, 100]


def test_the_page_works_out_the_chosen_layer(page: Page):
    open_lesson(page, LESSON)
    formula = page.get_by_role("group", name="Parameters of a layer")
    expect(formula).to_contain_text("102,764,544")
    page.get_by_role("button", name="conv1_1").click()
    expect(formula).to_contain_text("1,792")
    picture = page.locator(".pvl-main .pvl-picture")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    page.mouse.click(box["x"] + 200, box["y"] + 46 + 27 * 15 + 12)
    expect(formula).to_contain_text("fc8")


def test_a_fraction_of_a_channel_is_refused(page: Page):
    open_lesson(page, LESSON)
    field = page.get_by_label("Kernel side", exact=True)
    field.fill("2.5")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("expected a whole number, got 2.5").first).to_be_visible()
    open_lesson(page, LESSON, query_of({"layer": 1.5}))
    expect(page.get_by_label("Layer", exact=True)).to_have_value("14")


def test_the_single_level_head_is_two_dozen_trunks(page: Page):
    open_lesson(page, LESSON)
    head = page.get_by_role("group", name="The first layer of the box head")
    expect(head).to_contain_text("64,226,304")
    page.locator("#lesson-head").get_by_label("Channels that reach the box head", exact=True).fill("256")
    expect(head).to_contain_text("12,846,080")
