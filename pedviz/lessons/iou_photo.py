"""Photo mode of the IoU lesson: sample images with their people, and a box to draw for one of them."""

from dataclasses import dataclass
from typing import Any

from pedviz.lessons.sample_list import listed_samples
from pedviz.lessons.settings import Choice, Flag, Numbers, Setting

LONGEST_SIDE = 1333.0  # of an image, as the Detect page shows it


@dataclass(frozen=True, kw_only=True)
class DrawnPhoto:
    """A sample to draw in.

    Attributes:
        id: of the sample.
        label: on its button.
        note: what to look at.
        size: width and height, pixels.
        start: the box that is there at first, (x1, y1, x2, y2) in pixels.
    """

    id: str
    label: str
    note: str
    size: tuple[int, int]
    start: tuple[float, float, float, float]


PHOTOS = (
    DrawnPhoto(
        id="three-people", label="Three people", size=(1098, 448), start=(400, 120, 560, 330),
        note="Clear outlines, and yet: where exactly does each person end?",
    ),
    DrawnPhoto(
        id="opera", label="A crowd", size=(1024, 683), start=(430, 380, 600, 560),
        note="People hide each other. Each box of the ground truth holds what can be seen of one person.",
    ),
    DrawnPhoto(
        id="astronaut", label="One person", size=(512, 512), start=(120, 120, 260, 330),
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
        OSError, ValueError: the list of samples is missing or damaged.
    """
    listed = listed_samples()
    return [
        {
            "id": photo.id, "label": photo.label, "note": photo.note, "start": list(photo.start),
            "width": photo.size[0], "height": photo.size[1], "address": f"samples/{listed[photo.id]['file']}",
        } | {key: listed[photo.id][key] for key in ("alt", "credit", "people")}
        for photo in PHOTOS
    ]  # fmt: skip
