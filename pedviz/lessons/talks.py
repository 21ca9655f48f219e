"""What a lecturer shows: one sentence at a time, each with its figure and what it points at."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pedviz.lessons.payload_types import StepData


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a talk.

    Attributes:
        says: what the last row reads.
        at: key of the section whose figure is shown, "" for the lesson's main figure.
        state: settings that differ from their defaults.
        spot: things of the figure that are lit up, as in `data-of`.
        picture: which of the main pictures, from 1.
        formula: whether the lesson's formula stands beneath the sentence.
    """

    says: str
    at: str = ""
    state: Mapping[str, object] = field(default_factory=dict)
    spot: tuple[str, ...] = ()
    picture: int = 1
    formula: bool = False

    def as_data(self) -> StepData:
        """What the page receives as JSON."""
        return {
            "says": self.says, "at": self.at, "state": dict(self.state), "spot": list(self.spot),
            "picture": self.picture, "formula": self.formula,
        }  # fmt: skip


_APART = {"a": (4.0, 8.0, 14.0, 18.0), "b": (24.0, 8.0, 34.0, 18.0)}
_INSIDE = {"a": (10.0, 10.0, 18.0, 18.0), "b": (4.0, 4.0, 24.0, 24.0)}
_SQUARE, _QUARTER = (2.0, 2.0, 5.0, 5.0), (2.25, 2.25, 5.25, 5.25)
_BEST, _WORST = "TTTTTFFFFF", "FFFFFTTTTT"

TALKS: dict[str, tuple[Step, ...]] = {
    "iou": (
        Step(says="How well does the predicted box A fit the ground truth B?", spot=("a", "b")),
        Step(says="The intersection: the area that both boxes share.", spot=("inter",)),
        Step(says="The union: all that they cover together, each pixel once.", spot=("union",)),
        Step(says="IoU divides the first by the second.", formula=True),
        Step(says="Exactly 0.5: COCO counts this as a match.",
             state={"a": (6.0, 2.0, 16.0, 12.0), "b": (6.0, 2.0, 16.0, 22.0)}, formula=True),
        Step(says="A lies within B, and yet IoU is low: B is much larger.", state=_INSIDE, spot=("a",)),
        Step(says="Apart, IoU is 0, and stays 0 wherever A moves: there is no gradient.", state=_APART),
        Step(says="GIoU, DIoU and CIoU still tell near from far.", at="four",
             state=_APART | {"loss": "giou"}),
        Step(says="The same definition holds for masks: shared cells over all cells.", at="masks"),
    ),
    "ap": (
        Step(says="A detector ranks what it returns by score. Which of the ten are true positives?"),
        Step(says="Precision: the fraction of the returned detections that is correct.", state={"rank": 5.0},
             formula=True),
        Step(says="Recall: the fraction of the people that is found.", formula=True),
        Step(says="Average precision is the area under the curve.", spot=("area",)),
        Step(says="The best order has an AP of 1, whatever follows the last true positive.",
             state={"hits": _BEST}),
        Step(says="The worst order of the same ten detections.", state={"hits": _WORST}),
        Step(says="Everything returned: recall is 1, and precision a sixth.",
             state={"hits": "FFFFFT" * 3, "people": 3.0, "rank": 18.0}),
        Step(says="A detection is matched with the person it fits best, of those not matched yet.",
             at="scene"),
    ),
    "roi": (
        Step(says="A region of any size must become a map of one size.", spot=("box",)),
        Step(says="RoIPool first rounds the corners to whole cells.", spot=("box", "whole")),
        Step(says="Then it cuts the cells into bins.", spot=("bin",)),
        Step(says="Of every bin it keeps the maximum.", spot=("max",), formula=True),
        Step(says="A square of three cells, as torchvision reads it.",
             state={"box": _SQUARE, "rule": "torchvision"}),
        Step(says="Moved by a quarter of a cell, RoIPool gives the very same numbers.",
             state={"box": _QUARTER, "rule": "torchvision"}),
        Step(says="RoIAlign rounds nothing and reads points between the cells.", at="align",
             state={"box": _QUARTER, "rule": "torchvision"}),
        Step(says="While the region moves, RoIPool jumps and RoIAlign follows.", at="drift"),
    ),
    "losses": (
        Step(says="Which four numbers turn the anchor A into the person B?", spot=("a", "b")),
        Step(says="Two shifts, in sides of the anchor; two stretches, as logarithms.", formula=True),
        Step(says="Already right: all four numbers are 0.",
             state={"a": (150.0, 90.0, 250.0, 360.0), "b": (150.0, 90.0, 250.0, 360.0)}),
        Step(says="Smooth L1: small gradients near 0, and none larger than 1.", at="regression"),
        Step(says="Cross-entropy: confident and wrong costs without bound.", at="log"),
        Step(says="Confident and correct costs almost nothing.", at="log", state={"p": 0.97}),
    ),
    "attention": (
        Step(says="Three vectors. How similar is each to the others?"),
        Step(says="A dot product is large where vectors are long and point the same way."),
        Step(says="Divided by their sum, similarities become weights.", picture=2),
        Step(says="One vector turned round: a weight falls below 0, another rises above 1.",
             state={"z2": (0.0, -2.0, 1.0, 0.0)}, picture=2),
        Step(says="Softmax keeps every weight between 0 and 1.",
             state={"z2": (0.0, -2.0, 1.0, 0.0), "how": "softmax"}, picture=2),
        Step(says="Linear weights grow without bound where the similarities cancel.", at="turn"),
    ),
    "parameters": (
        Step(says="Where do the 138 million parameters of VGG16 sit?"),
        Step(says="Thirteen convolutions hold a tenth of them.", spot=("conv",)),
        Step(says="The first fully connected layer holds three quarters.", spot=("fc",), formula=True),
        Step(says="An image twice as wide: convolutions stay, the first connected layer grows fourfold.",
             state={"side": 448.0}),
        Step(says="The detectors of this site, by component.", at="detectors"),
        Step(says="1,280 channels into the box head cost 64 million parameters.", at="head"),
    ),
    "photo": (
        Step(says="The photo is scaled, and padded to multiples of 32."),
        Step(says="The backbone turns pixels into feature maps.", state={"step": 2.0}),
        Step(says="The best of many thousand anchors become proposals.", state={"step": 3.0}),
        Step(says="The box head scores each proposal: background or person.", state={"step": 4.0}),
        Step(says="NMS keeps one box per person.", state={"step": 5.0}),
        Step(says="The mask head segments each person on 28 × 28 cells.", state={"step": 6.0}),
        Step(says="The result: people, boxes and masks.", state={"step": 7.0}),
    ),
}  # fmt: skip
