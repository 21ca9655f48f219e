"""The lesson on counting parameters in a real Chromium, against torchvision's networks."""

import itertools
import re

import pytest
import torchvision
from playwright.sync_api import Page, expect

from pedviz.lessons.parameters import LESSON
from pedviz.models.specs import SPECS
from pedviz.theory.detector_parameters import detector_layers
from pedviz.theory.parameters import count_by_part, count_parameters, vgg16_layers
from tests.web.lesson_scene import open_lesson, query_of

DEFAULTS = {setting.key: setting.default for setting in LESSON.settings}
VALUES = """async ({ data, state }) => {
    const { deriver } = await import("/lessons/parameters/values.js");
    return deriver(data)(state);
}"""
TOTALS = """async ({ data, states }) => {
    const { deriver } = await import("/lessons/parameters/values.js");
    return states.map((state) => deriver(data)(state).vgg.total);
}"""


def _values(page: Page, **state) -> dict:
    return page.evaluate(VALUES, {"data": LESSON.data(), "state": DEFAULTS | state})


def test_vgg16_is_torchvisions_layer_by_layer(functions: Page):
    network = torchvision.models.vgg16(weights=None)
    sizes = [parameter.numel() for parameter in network.parameters()]  # weight and bias in turn
    found = _values(functions)["vgg"]
    assert [size for layer in found["layers"] for size in (layer["weights"], layer["biases"])] == sizes
    assert found["total"] == sum(sizes) == 138_357_544
    assert found["layers"][13]["weights"] == 102_760_448


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.id)
def test_a_variant_has_as_many_as_the_network_that_is_built(functions: Page, spec):
    found = _values(functions, model=spec.id, mask=spec.mask_hidden)["variant"]
    assert found["total"] == sum(found["parts"].values()) == spec.parameters


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.id)
@pytest.mark.parametrize(("mask", "norm"), [(256, True), (32, False), (100, True)])
def test_layers_of_a_variant_are_pythons_layer_by_layer(functions: Page, spec, mask, norm):
    found = _values(functions, model=spec.id, mask=mask, norm=norm)["variant"]["layers"]
    expected = detector_layers(
        spec.backbone, spec.neck, anchors=spec.anchors, masks=spec.masks, num_classes=spec.num_classes,
        mask_hidden=mask, norm="batch" if norm else "frozen",
    )  # fmt: skip
    told = [(one["name"], one["part"], one["weights"], one["biases"]) for one in found]
    assert told == [(layer.name, layer.part, layer.weights, layer.biases) for layer in expected]


def test_inputs_of_a_layer_are_what_leaves_the_one_before(functions: Page):
    layers = _values(functions, k=5, ch=4, side=300, hid=100, w=[8, 16, 24, 32, 40])["vgg"]["layers"]
    convolutions, connected = layers[:13], layers[13:]
    assert [layer["inputs"] for layer in convolutions] == [4] + [one["outputs"] for one in convolutions[:-1]]
    assert [layer["inputs"] for layer in connected] == [40 * 9 * 9, 100, 100]


def test_the_page_works_out_the_chosen_layer(page: Page):
    open_lesson(page, LESSON)
    formula = page.get_by_role("group", name="Parameters of a layer")
    expect(formula).to_contain_text("102,764,544")
    page.get_by_role("button", name="conv1_1").click()
    expect(formula).to_contain_text("1,792")
    picture = page.locator(".pvl-main .pvl-picture").first
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


def test_the_single_level_head_is_two_dozen_backbones(page: Page):
    open_lesson(page, LESSON)
    head = page.get_by_role("group", name="The first layer of the box head")
    expect(head).to_contain_text("64,226,304")
    page.locator("#lesson-head").get_by_label("Input channels of the box head", exact=True).fill("256")
    expect(head).to_contain_text("12,846,080")


def test_the_curve_is_the_count_at_every_side(functions: Page):
    script = """async (state) => {
        const { growthOf } = await import("/lessons/parameters/values.js");
        return growthOf(state, 512);
    }"""
    points = functions.evaluate(script, DEFAULTS)
    steps = [[side, min(side + 32, 512)] for side in range(32, 513, 32)]
    assert [[left[0], right[0]] for left, right in zip(points[::2], points[1::2], strict=True)] == steps
    features = sum(size.numel() for size in torchvision.models.vgg16(weights=None).features.parameters())
    assert {convolutions for _, convolutions, _ in points} == {features}
    ends = {}  # side to its total: at the start of each step, and just before the next
    for start, end in zip(points[::2], points[1::2], strict=True):
        assert start[2] == end[2]
        ends |= {start[0]: start[2], max(start[0], end[0] - 1): start[2]}
    states = [DEFAULTS | {"side": side} for side in ends]
    assert functions.evaluate(TOTALS, {"data": LESSON.data(), "states": states}) == list(ends.values())


def test_the_pictures_side_moves_along_the_curve(page: Page):
    open_lesson(page, LESSON)
    cursor = page.get_by_role("button", name="Side of the image").first
    cursor.press("ArrowRight")
    expect(page.get_by_label("Side of the image, pixels", exact=True)).to_have_value("256")


@pytest.mark.parametrize("side", [32, 250, 512, 600, 1024])
def test_the_cursor_is_on_the_curve_at_every_side(page: Page, side: int):
    open_lesson(page, LESSON, query_of({"side": float(side)}))
    plot = page.locator(".pvl-main .pvl-plot")
    width = plot.locator(".pvg-plot").get_attribute("viewBox")
    page.set_viewport_size({"width": 700, "height": 900})
    expect(plot.locator(".pvg-plot")).not_to_have_attribute("viewBox", width)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    dot = plot.get_by_role("button", name="Side of the image").locator(".pvl-dot")
    x, y = (float(dot.get_attribute(name)) for name in ("cx", "cy"))
    path = plot.locator(".pvg-plot [data-of=total] path").get_attribute("d")
    corners = [tuple(map(float, place.split(","))) for place in re.split("[ML]", path)[1:]]
    assert any(
        left - 0.1 <= x <= right + 0.1 and min(top, bottom) - 0.1 <= y <= max(top, bottom) + 0.1
        for (left, top), (right, bottom) in itertools.pairwise(corners)
    )


@pytest.mark.parametrize("width", [390, 1440, 1920])
def test_names_of_layers_are_clear_of_the_edge(page: Page, width: int):
    page.set_viewport_size({"width": width, "height": 900})
    open_lesson(page, LESSON)
    picture = page.locator(".pvl-main .pvl-picture").first
    edge = picture.bounding_box()["x"]
    for name in picture.locator("text", has_text=re.compile(r"^(conv|fc)\d")).all():
        assert name.bounding_box()["x"] - edge > 8


def test_numbers_of_layers_are_clear_of_the_bars_on_a_projector(page: Page):
    page.set_viewport_size({"width": 1280, "height": 720})
    open_lesson(page, LESSON, "present=3")  # the narrowest figure of the talk
    page.wait_for_function("document.querySelector('.pvl-present-zoomed').style.zoom > 0")
    room = page.evaluate("""() => {
      const bars = [...document.querySelectorAll(".pvl-present-room .pvl-count-bar")];
      const box = (node) => node.getBoundingClientRect();
      const gap = (bar) => box(bar.nextElementSibling).left - box(bar).right;
      return Math.min(...bars.map(gap));
    }""")
    assert room > 0


@pytest.mark.parametrize(
    ("name", "section"),
    [("conv3_2", "layers"), ("fc7", "layers"), ("MobileNetV2 256", "detectors")],
)
def test_the_focus_stays_on_what_was_pressed(page: Page, name: str, section: str):
    open_lesson(page, LESSON)
    button = page.locator(f"#lesson-{section}").get_by_role("button", name=name).first
    button.press("Enter")
    page.wait_for_function("location.search !== ''")
    expect(button).to_be_focused()


def test_question_mode_gives_no_answer_away_beside_the_questions(page: Page):
    open_lesson(page, LESSON, "ask=1")
    seen = """() => {
        const copy = document.querySelector(".pvl").cloneNode(true);
        const apart = "[aria-hidden=true], .pvl-claim, .pvl-exercises, .pvl-answers";
        copy.querySelectorAll(apart).forEach((node) => node.remove());
        return copy.textContent;
    }"""
    text = page.evaluate(seen)
    for answer in ("102,764,544", "25,088", "89.4 %", "64,226,304"):
        assert answer not in text


def test_counts_in_notes_and_claims_are_counted():
    layers = vgg16_layers()
    counted = {1280, 25_088, 4096, 1728 - 576, count_parameters(layers), *count_by_part(layers).values()}
    counted |= {size for layer in layers for size in (layer.weights, layer.parameters)}
    words = [preset.note for preset in LESSON.presets] + [claim.answer for claim in LESSON.claims]
    figures = {int(found.replace(",", "")) for text in words for found in re.findall(r"\d[\d,]*,\d{3}", text)}
    assert len(figures) > 5
    assert figures <= counted
