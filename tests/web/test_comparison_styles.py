"""Drawing styles: what is drawn on the canvas is what the records of pedviz.viz.palette say."""

import pytest
from playwright.sync_api import Page

from pedviz.viz.palette import STYLES, STYLES_BY_ID
from tests.web.comparison_page import canvas_pixels
from tests.web.comparison_scene import A_SCORES

RECORD = """() => {
  const drawn = { texts: [], strokes: [] };
  const { fillText, strokeRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
    drawn.texts.push([text, this.fillStyle]);
    return fillText.call(this, text, ...place);
  };
  CanvasRenderingContext2D.prototype.strokeRect = function (...place) {
    drawn.strokes.push(this.strokeStyle);
    return strokeRect.call(this, ...place);
  };
  window.drawn = drawn;
}"""


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.id)
def test_labels_and_lines_are_those_of_the_record(stage: Page, style):
    stage.evaluate(RECORD)
    stage.evaluate("(style) => comparison.applyState({ style })", style.id)
    canvas_pixels(stage, 0)
    drawn = stage.evaluate("drawn")
    texts = dict(drawn["texts"])
    for number, score in enumerate(A_SCORES[:2], start=1):
        label = f"{f'{number} · ' if style.numbered else ''}{style.prefix}{score:.{style.decimals}f}"
        if style.text:
            sure = style.sure_text if score > style.sure_score else None
            assert texts[label] == (sure or style.text)
        else:
            assert label in texts
    assert style.box is None or style.box in drawn["strokes"]


def test_report_styles_draw_as_their_reports_do(stage: Page):
    plain = canvas_pixels(stage, 0)
    stage.get_by_role("button", name="Course report B").click()
    report_b = canvas_pixels(stage, 0)
    stage.get_by_role("button", name="Course report A").click()
    rules = STYLES_BY_ID["report_a"]
    state = stage.evaluate("comparison.state()")
    assert (state["mask"], state["mask_b"], state["opacity"]) == (
        rules.mask_threshold, rules.mask_threshold, rules.opacity,
    )  # fmt: skip
    assert len({plain, report_b, canvas_pixels(stage, 0)}) == 3


def test_a_style_without_settings_of_its_own_leaves_the_visitors(stage: Page):
    stage.get_by_label("Mask threshold, as a number").fill("0.3")
    stage.get_by_role("button", name="Course report B").click()
    assert stage.evaluate("comparison.state().mask") == 0.3
