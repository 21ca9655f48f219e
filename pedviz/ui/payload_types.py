"""What travels between Python and the page, field by field; the page's types are written from these.

Those of the dashboard, the About page, lessons and a comparison stand beside their builders.
`python -m pedviz.ui.payload_types` writes them, as TypeScript's compiler reads them, to web/payloads.d.ts.
"""

import json
import re
import sys
from types import ModuleType, NoneType, UnionType
from typing import Any, Literal, TypedDict, get_args, get_origin, get_type_hints, is_typeddict

import pedviz.about.payload_types
import pedviz.dashboard.experiment_types
import pedviz.dashboard.payload_types
import pedviz.lessons.payload_types
import pedviz.metrics.result_types
import pedviz.packed
import pedviz.viz.palette
from pedviz.packed import Packed, PackedLevel, ProposalsPayload
from pedviz.site.assets import WEB_FOLDER
from pedviz.types import Thresholds
from pedviz.viz.palette import Palette

FILE = WEB_FOLDER / "payloads.d.ts"


class TruthPayload(TypedDict):
    """Ground truth: boxes [x1, y1, x2, y2] in pixels of the photo."""

    boxes: list[list[float]]


class PhotoPayload(TypedDict):
    """A photo as the page shows it; width and height in pixels of what detectors see."""

    id: str
    url: str
    width: int
    height: int
    original_width: int
    original_height: int
    name: str
    notice: str | None
    ground_truth: TruthPayload | None


class ModelPayload(TypedDict):
    """What is told of a variant below its pane; null where something is not known."""

    id: str
    label: str
    summary: str
    parameters: int
    checkpoint_bytes: int | None
    min_size: int
    max_size: int
    masks: bool
    box_ap: float | None
    mask_ap: float | None
    note: str


class TimingsPayload(TypedDict):
    """Seconds that a detection took."""

    prepare: float
    network: float
    finish: float


class ResultPayload(Packed):
    """All candidates of one detection, with what made them."""

    photo_id: str
    model_id: str
    timings: TimingsPayload
    cached: bool
    tiles: bool
    model: ModelPayload


class MissingPayload(TypedDict):
    """Why a variant cannot run here: a few words, a sentence, and what to type."""

    short: str
    sentence: str
    command: str | None


class ChoicePayload(TypedDict):
    """A variant for the choosers; missing is null where its weights are here."""

    id: str
    label: str
    summary: str
    missing: MissingPayload | None


class SamplePayload(TypedDict):
    """A sample image in the gallery; thumbnail is an address below the site's root."""

    id: str
    title: str
    alt: str
    credit: str
    licence: str
    thumbnail: str


class SetupPayload(TypedDict):
    """What the Detect page knows before anything is chosen."""

    models: list[ChoicePayload]
    default_models: list[str]
    default_sample: str
    stored: dict[str, list[str]]
    stage_ratio: float
    palette: Palette
    thresholds: Thresholds
    max_bytes: int
    max_side: int
    kept_minutes: int
    upload_url: str | None
    live_url: str | None
    on_cluster: bool


class MapsPayload(TypedDict):
    """The shown channels of one level (channels, rows, columns) in 8 bits and base64."""

    pixels: str


class LevelPayload(PackedLevel):
    """One level of the pyramid: the sides of its anchors in pixels, and its maps.

    maps: null where they are a file of their own, so that only those who look at them fetch them.
    """

    sides: list[int]
    maps: MapsPayload | None


class TracePayload(TypedDict):
    """One image's way through a detector: sizes are [height, width] in pixels, levels finest first.

    scale, the factor from the photo to `resized`; kept, what stays at the default suppression; shown, what
    the Detect page shows at its defaults.
    """

    photo: PhotoPayload
    sample: str | None
    scale: float
    resized: list[int]
    padded: list[int]
    ratios: list[float]
    levels: list[LevelPayload]
    proposals: ProposalsPayload
    detections: ResultPayload
    kept: list[int]
    shown: list[int]
    thresholds: Thresholds


def _written(hint: Any) -> str:
    """A type hint as TypeScript writes it."""
    simple = {str: "string", int: "number", float: "number", bool: "boolean", NoneType: "null", Any: "any"}
    if get_origin(hint) is Literal:
        return " | ".join(json.dumps(value) for value in get_args(hint))
    parts = [_written(part) for part in get_args(hint) if part is not Ellipsis]
    match get_origin(hint):
        case None:
            return hint.__name__ if is_typeddict(hint) else simple[hint]
        case origin if origin is UnionType:
            return " | ".join(parts)
        case origin if origin is tuple and Ellipsis not in get_args(hint):
            return f"[{', '.join(parts)}]"
        case origin if origin in (list, tuple):
            return f"{parts[0]}[]" if " " not in parts[0] else f"({parts[0]})[]"
        case origin if origin is dict:
            return f"Record<{', '.join(parts)}>"
    raise TypeError(f"no TypeScript for {hint}")


def _types() -> list[type]:
    """Every TypedDict that is written, once; one that another module imports is that module's too."""
    modules: list[ModuleType] = [
        sys.modules[__name__],
        pedviz.packed,
        pedviz.metrics.result_types,
        pedviz.viz.palette,
        pedviz.dashboard.experiment_types,
        pedviz.dashboard.payload_types,
        pedviz.about.payload_types,
        pedviz.lessons.payload_types,
    ]
    found = [kind for module in modules for kind in vars(module).values() if is_typeddict(kind)]
    return list(dict.fromkeys(found))


def _fields(kind: type) -> list[str]:
    """A line for each field; `?` is one that may be missing."""
    optional: frozenset[str] = getattr(kind, "__optional_keys__", frozenset())
    hints = get_type_hints(kind).items()
    return [f"  {name}{'?' * (name in optional)}: {_written(hint)};" for name, hint in hints]


def declarations() -> str:
    """The content of FILE.

    Raises:
        ValueError: two types have one name.
    """
    text = ["// Written by python -m pedviz.ui.payload_types from the types there; do not edit."]
    names: set[str] = set()
    for kind in _types():
        if kind.__name__ in names:
            raise ValueError(f"two types are called {kind.__name__}")
        names.add(kind.__name__)
        about = re.sub(r"\n *", "\n * ", (kind.__doc__ or "").strip()).replace(" \n", "\n")
        text += ["", f"/** {about} */", f"export interface {kind.__name__} {{", *_fields(kind), "}"]
    return "\n".join([*text, ""])


if __name__ == "__main__":
    FILE.write_text(declarations(), "utf-8")
