"""How each variant is trained: settings as data, so that a run can say exactly what it was."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Literal

from pedviz.models.specs import ModelSpec, Norm

Optimiser = Literal["sgd", "adamw"]
BoxLoss = Literal["smooth_l1", "giou"]
ADAMW_LR = 1e-4  # about what a weight moves in a step, whatever its gradient
LONGEST = 5  # thirds of the shorter side that the longer one may have, at least, as torchvision's 1333 of 800


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Every setting that changes what is learned.

    Attributes:
        epochs: passes over the training images.
        batch: images a step, over all processes together.
        optimiser: "sgd", or "adamw" (Loshchilov and Hutter, ICLR 2019), see `with_optimiser`.
        lr: peak learning rate.
        momentum: of the gradient; AdamW's first beta.
        schedule: "cosine" to zero, or "step": a tenth every `step_epochs`.
        warmup: steps over which the rate rises linearly from a thousandth.
        sizes: shorter sides in pixels that images are resized to, one drawn for each.
        max_size: cap on the longer side, pixels.
        jitter: smallest and largest factor of a random change of scale after that; None changes nothing.
        copy_paste: chance that people of another image are pasted on one, both with masks.
        crop: chance that an image is cropped at random before resizing.
        colour: strength of brightness, contrast and saturation changes.
        frozen_stages: how many of the backbone's stages are not trained, of five.
        regions: boxes an image that the box head learns from; a quarter are people.
        proposals: regions an image that the proposal network hands on while training.
        box_loss: of the box head: "smooth_l1" of the coded shifts, or "giou" of the boxes that they mean.
        layer_decay: factor from one stage of the backbone to the one before it in the learning rate, 1 for
            the heads.
        ema: decay of the moving average of the weights, which is what a run ends with; 0 averages nothing.
        clip: largest gradient norm; 0 does not clip.
        fold: frozen norms are folded into the convolutions before them while training.
        teacher: id of a variant whose released pyramid is imitated; none where empty.
        heads: proposal network and heads learn too; without them backbone and pyramid imitate alone.
        norm, hidden: options that change layers, see pedviz.models.build.
    """

    epochs: int = 12
    batch: int = 2
    optimiser: Optimiser = "sgd"
    lr: float = 0.01
    momentum: float = 0.9
    weight_decay: float = 5e-4
    schedule: Literal["cosine", "step"] = "cosine"
    step_epochs: int = 3
    warmup: int = 60
    sizes: tuple[int, ...] = (336, 368, 400, 432, 464)
    max_size: int = 800
    flip: float = 0.5
    jitter: tuple[float, float] | None = None
    copy_paste: float = 0.0
    crop: float = 0.3
    colour: float = 0.2
    frozen_stages: int = 2
    regions: int = 128
    proposals: int = 500
    box_loss: BoxLoss = "smooth_l1"
    layer_decay: float = 1.0
    ema: float = 0.0
    clip: float = 10.0
    fold: bool = True
    teacher: str = ""
    heads: bool = True
    norm: Norm = "frozen"
    hidden: int = 256


# Report A's listing: ten epochs at torchvision's default sizes, flips alone, a tenth of the rate every three.
REPORT_A = Recipe(
    epochs=10, lr=0.005, schedule="step", sizes=(800,), max_size=1333, crop=0.0, colour=0.0,
    regions=512, proposals=2000, clip=0.0, fold=False, norm="batch",
)  # fmt: skip

# Two stages: other people first, then Penn-Fudan with some of them beside it. Small batches learn more in the
# same time than large ones, and sizes near those of the photos cost least.
PEOPLE = Recipe(
    epochs=3, optimiser="adamw", lr=3e-4, weight_decay=0.01, sizes=(320, 352, 384, 416), max_size=700,
    jitter=(0.6, 1.6), copy_paste=0.3, box_loss="giou", layer_decay=0.8, ema=0.999, regions=64, proposals=300,
)  # fmt: skip
PENNFUDAN = replace(PEOPLE, epochs=16, lr=2e-4, max_size=800, copy_paste=0.5)  # sizes: see `preset_recipe`

# A backbone that has seen few people imitates one that has seen many, whatever is in the photos.
# Without heads a step costs so little beside padding that images go one by one.
IMITATE = replace(PEOPLE, epochs=1, batch=1, lr=4e-4, copy_paste=0.0, heads=False)

PRESETS: dict[str, Recipe] = {
    "ours": Recipe(), "report_a": REPORT_A, "people": PEOPLE, "pennfudan": PENNFUDAN, "imitate": IMITATE,
}  # fmt: skip
AROUND = (10 / 11, 1, 12 / 11)  # of the side that a variant sees when it detects
REHEARSED, REHEARSED_SIZE = 480, 352  # other people's photos in an epoch of "pennfudan", their shorter side

# One level at stride 32 sees a 400-pixel image as 13 rows: these variants need more pixels.
_SINGLE_LEVEL = replace(Recipe(), sizes=(560, 600, 640, 680), max_size=1066)


def default_recipe(spec: ModelSpec) -> Recipe:
    """What `python -m training.train` uses for a variant unless told otherwise."""
    return _SINGLE_LEVEL if spec.neck in ("single", "proj256") else Recipe()


def preset_recipe(name: str, spec: ModelSpec) -> Recipe:
    """A preset for one variant: the second stage has sizes around that at which the variant detects."""
    if name != "pennfudan":
        return PRESETS[name]
    return at_size(PENNFUDAN, *(round(spec.min_size * part) for part in AROUND))


def with_optimiser(recipe: Recipe, optimiser: Optimiser) -> Recipe:
    """`recipe` with another optimiser and that one's usual learning rate."""
    usual = ADAMW_LR if optimiser == "adamw" else Recipe.lr
    return recipe if optimiser == recipe.optimiser else replace(recipe, optimiser=optimiser, lr=usual)


def at_size(recipe: Recipe, *sides: int) -> Recipe:
    """`recipe` with images whose shorter side has one of `sides` pixels; the longer may grow with it."""
    return replace(recipe, sizes=sides, max_size=max(recipe.max_size, LONGEST * max(sides) // 3))


def recipe_hash(recipe: Recipe, **more: object) -> str:
    """Eight hexadecimal digits that change with any setting of `recipe` or any of `more`."""
    text = json.dumps({**asdict(recipe), **more}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:8]
