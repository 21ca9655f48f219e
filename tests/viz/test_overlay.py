"""Drawing against torchvision's own drawing functions, and the two reports' rules."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torchvision.utils import draw_bounding_boxes, draw_segmentation_masks

from pedviz.theory.masks import paste_masks
from pedviz.types import MAP_SIZE, Detections
from pedviz.viz.overlay import PARTS, draw, stretch
from pedviz.viz.palette import PEOPLE_COLOURS, STYLES, rgb
from tests.metrics.scenes import make_detections

SIZE = (240, 320)
BOXES = [[20, 30, 110, 200], [180, 40, 300, 220]]
RED, GREEN = (255, 0, 0), (0, 255, 0)


def _photo(low: int = 30, high: int = 220) -> np.ndarray:
    return np.random.default_rng(0).integers(low, high, (*SIZE, 3), dtype=np.uint8)


def _people(scores=(0.95, 0.6), boxes=BOXES) -> Detections:
    ramp = np.linspace(0, 255, MAP_SIZE).astype(np.uint8)
    return make_detections(boxes, scores, maps=np.tile(ramp, (len(boxes), MAP_SIZE, 1)), size=SIZE)


def _tensor(pixels: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(pixels).permute(2, 0, 1)


@pytest.mark.parametrize(("threshold", "opacity"), [(0.7, 0.5), (0.3, 0.25), (0.5, 1.0), (0.5, 0.0)], ids=str)
def test_masks_of_report_a_equal_torchvision(threshold, opacity):
    photo = _photo(0, 256)
    drawn = draw(
        photo, _people(), style="report_a", mask_threshold=threshold, opacity=opacity, show={"masks"}
    )
    masks = torch.from_numpy(paste_masks(_people(), mask_threshold=threshold))
    expected = draw_segmentation_masks(_tensor(photo), masks, alpha=opacity, colors="blue")
    assert masks.any()
    np.testing.assert_allclose(np.asarray(drawn), expected.permute(1, 2, 0), atol=1)


@pytest.mark.parametrize("style", ["report_a", "report_b"])
def test_boxes_of_the_reports_equal_torchvision(style):
    photo = _photo(0, 256)
    drawn = draw(photo, _people(), style=style, show={"boxes"})
    inclusive = torch.tensor(BOXES) - torch.tensor([0, 0, 1, 1])
    expected = draw_bounding_boxes(_tensor(photo), inclusive, colors="red", width=2)
    np.testing.assert_array_equal(np.asarray(drawn), expected.permute(1, 2, 0))


def test_stretch_equals_the_formula_of_report_a():
    photo = _photo()
    tensor = _tensor(photo)
    expected = (255.0 * (tensor - tensor.min()) / (tensor.max() - tensor.min())).to(torch.uint8)
    np.testing.assert_array_equal(stretch(photo), expected.permute(1, 2, 0))
    assert (stretch(photo).min(), stretch(photo).max()) == (0, 255)


def test_a_picture_of_one_value_is_not_stretched():
    grey = np.full((*SIZE, 3), 77, np.uint8)
    np.testing.assert_array_equal(stretch(grey), grey)


@pytest.mark.parametrize(
    ("style", "changed"), [("plain", False), ("report_a", True), ("report_b", False)], ids=str
)
def test_only_report_a_stretches_the_picture(style, changed):
    drawn = draw(_photo(), _people(), style=style, show=())
    assert np.array_equal(np.asarray(drawn), _photo()) is not changed


@pytest.mark.parametrize(
    ("score", "colour"),
    [
        pytest.param(0.9001, GREEN, id="above"),
        pytest.param(0.9, RED, id="at"),
        pytest.param(0.2, RED, id="below"),
    ],
)
def test_report_b_writes_sure_scores_in_green_seven_pixels_inside_the_corner(score, colour):
    black = np.zeros((*SIZE, 3), np.uint8)
    people = _people(scores=(score,), boxes=BOXES[:1])
    written = np.asarray(draw(black, people, style="report_b", show={"labels"}))
    rows, columns = np.nonzero(written.any(axis=2))
    assert (columns.min(), rows.min()) == (BOXES[0][0] + 7, BOXES[0][1] + 7)
    strongest = written.reshape(-1, 3)[written.sum(axis=2).argmax()]
    assert strongest.argmax() == np.argmax(colour)


@pytest.mark.parametrize(
    ("style", "score", "text"),
    [
        pytest.param("plain", 0.98765, "1 · 0.99", id="plain"),
        pytest.param("report_a", 0.98765, "pedestrian: 0.988", id="report-a"),
        pytest.param("report_b", 0.98765, "0.9876", id="report-b"),
    ],
)
def test_each_style_words_the_score_in_its_own_way(monkeypatch, style, score, text):
    said = []
    monkeypatch.setattr(
        "PIL.ImageDraw.ImageDraw.text", lambda self, place, words, **rest: said.append((words, place))
    )
    draw(_photo(), _people(scores=(score,), boxes=BOXES[:1]), style=style, show={"labels"})
    assert [words for words, _ in said] == [text]


def _painted(people: Detections) -> np.ndarray:
    return np.asarray(draw(_photo(), people, opacity=1, mask_threshold=0.0, show={"masks"}))


def test_people_take_their_colours_by_rank():
    assert tuple(_painted(_people())[100, 100]) == rgb(PEOPLE_COLOURS[0])
    assert tuple(_painted(_people())[100, 290]) == rgb(PEOPLE_COLOURS[1])


def test_a_lower_threshold_recolours_nobody():
    few, all_ = (_painted(_people().view(score)) for score in (0.7, 0.5))
    np.testing.assert_array_equal(few[:, :150], all_[:, :150])
    assert (few != all_).any()


def test_the_best_score_is_drawn_on_top():
    people = _people(boxes=[BOXES[0], BOXES[0]])
    assert tuple(_painted(people)[100, 100]) == rgb(PEOPLE_COLOURS[0])


def test_default_masks_of_report_a_are_those_above_its_own_threshold():
    own = draw(_photo(), _people(), style="report_a", show={"masks"})
    named = draw(_photo(), _people(), style="report_a", mask_threshold=0.7, opacity=0.5, show={"masks"})
    assert np.array_equal(np.asarray(own), np.asarray(named))


@pytest.mark.parametrize("style", [style.id for style in STYLES])
@pytest.mark.parametrize(
    "boxes",
    [
        pytest.param(np.zeros((0, 4)), id="nobody"),
        pytest.param([[0, 0, 320, 240]], id="whole-picture"),
        pytest.param([[310.5, 230.2, 320, 240]], id="last-corner"),
        pytest.param([[100.1, 100.1, 100.2, 100.2]], id="less-than-a-pixel"),
        pytest.param([[-20, -20, 400, 300]], id="beyond-the-edges"),
    ],
)
def test_any_box_can_be_drawn(style, boxes):
    drawn = draw(_photo(), _people(scores=[0.9] * len(boxes), boxes=boxes), style=style)
    assert (drawn.size, drawn.mode) == ((320, 240), "RGB")


@pytest.mark.parametrize("part", PARTS)
def test_every_part_can_be_shown_alone(part):
    photo = _photo()
    assert not np.array_equal(np.asarray(draw(photo, _people(), show={part})), photo)
    np.testing.assert_array_equal(photo, _photo())


def test_detections_without_masks_are_drawn_as_boxes():
    bare = replace(_people(), map_rows=np.full(2, -1), mask_maps=np.zeros((0, MAP_SIZE, MAP_SIZE), np.uint8))
    np.testing.assert_array_equal(np.asarray(draw(_photo(), bare, show={"masks"})), _photo())


@pytest.mark.parametrize(
    ("photo", "options", "message"),
    [
        pytest.param(
            np.zeros((9, 9, 3), np.uint8),
            {},
            r"expected an image \(240, 320, 3\), got \(9, 9, 3\)",
            id="size",
        ),
        pytest.param(_photo(), {"style": "fancy"}, "got fancy", id="style"),
        pytest.param(_photo(), {"show": ["box"]}, r"parts of .* got plain, \['box'\]", id="part"),
    ],
)
def test_what_cannot_be_drawn_is_refused(photo, options, message):
    with pytest.raises(ValueError, match=message):
        draw(photo, _people(), **options)
