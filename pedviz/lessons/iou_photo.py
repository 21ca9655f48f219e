"""Photo mode of the IoU lesson: sample images with their people, and a box to draw for one of them."""

from dataclasses import dataclass
from typing import Any

from pedviz.data.samples import samples
from pedviz.lessons.settings import Choice, Flag, Numbers, Setting

LONGEST_SIDE = 1333.0  # of an image, as the Detect page shows it


@dataclass(frozen=True, kw_only=True)
class DrawnPhoto:
    """A sample to draw in.

    Attributes:
        id: of the sample.
        label: on its button.
        note: what to look at.
        start: the box that is there at first, (x1, y1, x2, y2) in pixels.
    """

    id: str
    label: str
    note: str
    start: tuple[float, float, float, float]


PHOTOS = (
    DrawnPhoto(
        id="three-people", label="Three people", start=(400, 120, 560, 330),
        note="Clear outlines, and yet: where exactly does each person end?",
    ),
    DrawnPhoto(
        id="opera", label="A crowd", start=(430, 380, 600, 560),
        note="People hide each other. Each box of the ground truth holds what can be seen of one person.",
    ),
    DrawnPhoto(
        id="astronaut", label="One person", start=(120, 120, 260, 330),
        note="The image cuts her off at the lower edge, and so does the box.",
    ),
)  # fmt: skip

PHOTO_SETTINGS: tuple[Setting, ...] = (
    Choice(
        key="photo", label="Photo", default=PHOTOS[0].id,
        options=tuple((photo.id, photo.label) for photo in PHOTOS),
    ),
    Numbers(
        key="mine", label="Your box", default=PHOTOS[0].start, low=0, high=LONGEST_SIDE, step=1,
        names=("x1", "y1", "x2", "y2"),
    ),
    Flag(key="truth", label="Show the ground truth"),
)  # fmt: skip


def photo_data() -> list[dict[str, Any]]:
    """The images: id, label, note, start, alt, credit, address, width and height in pixels, people as boxes.

    Raises:
        ResultsError: the list of samples cannot be read.
        PhotoError: a file is damaged.
    """
    known = {sample.id: sample for sample in samples()}
    found = []
    for photo in PHOTOS:
        sample = known[photo.id]
        height, width = sample.load().pixels.shape[:2]
        found.append(
            {
                "id": photo.id, "label": photo.label, "note": photo.note, "start": list(photo.start),
                "alt": sample.alt, "credit": sample.credit, "address": f"samples/{sample.path.name}",
                "width": width, "height": height, "people": [list(box) for box in sample.people],
            }
        )  # fmt: skip
    return found
