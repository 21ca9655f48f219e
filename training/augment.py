"""How images of people change before a network learns from them: crops, colours, scales, pasted people.

K people, H x W pixels.
"""

from typing import NamedTuple, Self

import torch
from torch import Tensor
from torchvision import tv_tensors
from torchvision.ops import masks_to_boxes
from torchvision.transforms import v2

from training.recipes import Recipe

CROP_KEEPS = (0.5, 1.0)  # share of each side that a random crop keeps
SEEN_AT_LEAST = 0.2  # share of a person that pasted people leave in sight, or the person is taken out


class Scene(NamedTuple):
    """An image on its way to the network.

    `image` (3, H, W) uint8, `boxes` (K, 4) float32, `masks` (K, H, W) uint8 or, where `has_masks` is False,
    (0, H, W).
    """

    image: tv_tensors.Image
    boxes: tv_tensors.BoundingBoxes
    masks: tv_tensors.Mask
    has_masks: bool

    @property
    def size(self) -> tuple[int, int]:
        """(H, W)."""
        return tuple(self.image.shape[-2:])

    def around_what_is_left(self) -> Self:
        """The people whose masks have something left, each in a new box: a cut one is wider."""
        if not self.has_masks:
            return self
        left = self.masks[self.masks.flatten(1).amax(dim=1) > 0]
        boxes = masks_to_boxes(left) + torch.tensor([0.0, 0.0, 1.0, 1.0])  # the last pixel belongs to the box
        around = tv_tensors.BoundingBoxes(boxes, format="XYXY", canvas_size=self.size)
        return self._replace(boxes=around, masks=tv_tensors.Mask(left))


def augmentation(recipe: Recipe) -> v2.Compose:
    """Flip, crop and colour, in that order; resizing comes after, with the size that was drawn."""
    return v2.Compose(
        [
            v2.RandomHorizontalFlip(recipe.flip),
            v2.RandomApply([_RandomCrop()], recipe.crop),
            v2.ColorJitter(recipe.colour, recipe.colour, recipe.colour, recipe.colour / 10),
        ]
    )


class _RandomCrop(v2.Transform):
    """Keep a random window with CROP_KEEPS of each side."""

    def make_params(self, flat_inputs: list[torch.Tensor]) -> dict[str, int]:
        height, width = flat_inputs[0].shape[-2:]
        keep_h, keep_w = (CROP_KEEPS[0] + (CROP_KEEPS[1] - CROP_KEEPS[0]) * torch.rand(2)).tolist()
        return _window((height, width), (int(height * keep_h), int(width * keep_w)))

    def transform(self, inpt: Tensor, params: dict[str, int]) -> Tensor:
        return self._call_kernel(v2.functional.crop, inpt, **params)


def _window(size: tuple[int, int], wanted: tuple[int, int]) -> dict[str, int]:
    """A random window of at most `wanted` (height, width) in an image of `size`."""
    height, width = (min(pair) for pair in zip(size, wanted, strict=True))
    top = int(torch.randint(size[0] - height + 1, ()))
    left = int(torch.randint(size[1] - width + 1, ()))
    return {"top": top, "left": left, "height": height, "width": width}


def jitter_scale(scene: Scene, scales: tuple[float, float]) -> Scene:
    """The image at a random scale; what grows beyond the size that it had is cropped to that at random.

    What shrinks stays smaller: the batch pads it.

    Source: Ghiasi et al., Simple copy-paste is a strong data augmentation method, CVPR 2021, section 3.
    """
    low, high = scales
    scale = low + (high - low) * float(torch.rand(()))
    scaled = [max(1, round(side * scale)) for side in scene.size]
    parts = [v2.functional.resize(part, scaled, antialias=True) for part in scene[:3]]
    window = _window((scaled[0], scaled[1]), scene.size)
    cut = Scene._make([*(v2.functional.crop(part, **window) for part in parts), scene.has_masks])
    return cut.around_what_is_left() if scale > 1 else cut


def paste_people(scene: Scene, other: Scene) -> Scene:
    """`scene` with a random half of the people of `other` on top; both have masks.

    People of `scene` lose what is covered, and those of whom hardly anything is left are taken out.

    Source: Ghiasi et al., CVPR 2021.
    """
    height, width = (min(pair) for pair in zip(scene.size, other.size, strict=True))
    chosen = other.masks[torch.rand(len(other.masks)) < 0.5][:, :height, :width]
    if not len(chosen):
        return scene
    pasted = chosen.new_zeros(len(chosen), *scene.size)
    pasted[:, :height, :width] = chosen
    covered = pasted.amax(dim=0).bool()
    image = scene.image.clone()
    inside = covered[:height, :width]
    image[:, :height, :width][:, inside] = other.image[:, :height, :width][:, inside]
    left = scene.masks * ~covered
    before, after = (masks.flatten(1).sum(dim=1) for masks in (scene.masks, left))
    left = left[after >= SEEN_AT_LEAST * before]
    masks = tv_tensors.Mask(torch.cat([left, pasted]))
    return Scene(tv_tensors.Image(image), scene.boxes, masks, True).around_what_is_left()
