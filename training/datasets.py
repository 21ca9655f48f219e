"""Images with people as a network learns from them: flipped, cropped, coloured and resized, epoch by epoch.

Randomness is a function of (seed, epoch, sample id) alone, so the number of worker processes, an
interrupted run and the order of loading change nothing. K people, H x W pixels.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset
from torchvision import tv_tensors
from torchvision.transforms import v2

from training.augment import Scene, augmentation, jitter_scale, paste_people
from training.recipes import Recipe, at_size
from training.sources import CocoSamples, PennFudanSamples, Sample

MIN_SIDE_PIXELS = 4.0  # people thinner than this in the resized image teach nothing


def stable_seed(*parts: object) -> int:
    """A 63-bit seed that depends on `parts` alone, the same in every process."""
    return random.Random(repr(parts)).getrandbits(63)


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """Images shown along with the others, which limits forgetting.

    Source: Robins, Catastrophic forgetting, rehearsal and pseudorehearsal, Connection Science 1995.

    Attributes:
        sources: where they are.
        count: how many an epoch shows; all of them take their turn before any comes again.
        size: their shorter side in pixels, whatever the recipe's largest; None draws it from the recipe's.
    """

    sources: tuple[CocoSamples, ...]
    count: int
    size: int | None = None


class TrainingImages(Dataset):
    """Augmented, resized images, ready for the network.

    Its length is the number that an epoch visits. An item is (image (3, H, W) float32 in [0, 1], target)
    where target has `boxes` (K, 4) float32, `labels` (K,) int64, `masks` (K, H, W) uint8, `has_masks` bool
    and `id`.
    """

    def __init__(
        self,
        sources: Sequence[PennFudanSamples | CocoSamples],
        recipe: Recipe,
        *,
        seed: int,
        rehearsal: Rehearsal | None = None,
    ) -> None:
        self.places = [(source, sample_id) for source in sources for sample_id in source.ids]
        self.always = len(self.places)
        self.recipe = recipe
        self.seed = seed
        self.rehearsed_at = at_size(recipe, rehearsal.size) if rehearsal and rehearsal.size else recipe
        if rehearsal:
            self.places += [(source, sample_id) for source in rehearsal.sources for sample_id in source.ids]
        pool = range(self.always, len(self.places))
        self.turns = random.Random(repr((seed, "rehearsal"))).sample(pool, len(pool))
        self.rehearsed = min(rehearsal.count, len(pool)) if rehearsal else 0
        self.augment = augmentation(recipe)
        self.masked = [(source, name) for source, name in self.places if source.has_masks(name)]

    def __len__(self) -> int:
        return self.always + self.rehearsed

    def order(self, epoch: int) -> list[int]:
        """The places that an epoch visits, in its own order."""
        first = epoch * self.rehearsed  # of the window of this epoch; the list of turns goes round
        window = (self.turns[place % len(self.turns)] for place in range(first, first + self.rehearsed))
        visited = [*range(self.always), *window]
        return random.Random(repr((self.seed, epoch, "order"))).sample(visited, len(visited))

    def __getitem__(self, key: tuple[int, int]) -> tuple[Tensor, dict[str, object]]:
        """`key` is (epoch, place): the epoch travels with the request, so workers never hold a stale one."""
        epoch, place = key
        source, sample_id = self.places[place]
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(stable_seed(self.seed, epoch, sample_id))
            recipe = self.recipe if place < self.always else self.rehearsed_at
            return self._augmented(source.load(sample_id), recipe)

    def _augmented(self, sample: Sample, recipe: Recipe) -> tuple[Tensor, dict[str, object]]:
        scene = self._scene(sample, recipe)
        if recipe.copy_paste and scene.has_masks and torch.rand(()) < recipe.copy_paste:
            source, sample_id = self.masked[int(torch.randint(len(self.masked), ()))]
            scene = paste_people(scene, self._scene(source.load(sample_id), recipe))
        boxes, masks = scene.boxes, scene.masks
        kept = (boxes[:, 2:] - boxes[:, :2]).amin(dim=1) >= MIN_SIDE_PIXELS
        if scene.has_masks:
            kept &= masks.flatten(1).amax(dim=1) > 0
        target = {
            "boxes": boxes[kept].as_subclass(Tensor),
            "labels": torch.ones(int(kept.sum()), dtype=torch.int64),
            "masks": masks[kept].as_subclass(Tensor) if scene.has_masks else masks.as_subclass(Tensor),
            "has_masks": scene.has_masks,
            "id": sample.id,
        }
        image = v2.functional.to_dtype(scene.image, torch.float32, scale=True)
        return image.as_subclass(Tensor), target

    def _scene(self, sample: Sample, recipe: Recipe) -> Scene:
        """One image flipped, cropped, coloured, resized and jittered in scale, with its people."""
        image = tv_tensors.Image(torch.tensor(sample.pixels).permute(2, 0, 1))
        canvas = image.shape[-2:]
        has_masks = sample.masks is not None
        masks = torch.zeros(0, *canvas)
        if sample.masks is not None:
            masks = torch.from_numpy(sample.masks.astype(np.uint8))
        boxes = tv_tensors.BoundingBoxes(
            torch.from_numpy(sample.boxes), format="XYXY", canvas_size=tuple(canvas)
        )
        scene = Scene._make([*self.augment(image, boxes, tv_tensors.Mask(masks)), has_masks])
        if scene.image.shape[-2:] != canvas:
            scene = scene.around_what_is_left()
        side = recipe.sizes[int(torch.randint(len(recipe.sizes), ()))]
        resize = v2.Resize(side, max_size=recipe.max_size, antialias=True)
        scene = Scene._make([*resize(*scene[:3]), has_masks])
        scene = jitter_scale(scene, recipe.jitter) if recipe.jitter else scene
        return scene._replace(boxes=v2.functional.clamp_bounding_boxes(scene.boxes))
