"""From an image to detections. NumPy outside, tensors inside; a predictor keeps weights and nothing else.

The pass is torchvision's, taken apart at one place: the candidates are kept before suppression, and the
mask head's 28 x 28 maps are kept as they are instead of being pasted into full-size images.

Letters in shapes: N candidates, M candidates with a map, H x W pixels of the image.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.roi_heads import maskrcnn_inference
from torchvision.models.detection.transform import resize_boxes
from torchvision.ops import boxes as box_ops

from pedviz.download import cancellable_lock
from pedviz.errors import Cancelled
from pedviz.models.build import count_parameters, fastest_layout
from pedviz.models.checkpoints import load_network
from pedviz.models.fold import fold_norms
from pedviz.models.pooling import pool_regions
from pedviz.models.precision import compute_in, fastest_dtype
from pedviz.models.proposals import propose
from pedviz.models.specs import ModelSpec, get_spec
from pedviz.types import MAP_SIZE, PERSON_LABEL, Detections, Timings

SMALLEST_SIDE = 1e-2  # pixels of the resized image; torchvision drops thinner boxes
ONE_AT_A_TIME = threading.Lock()  # a second network at once would only make both slow


@dataclass(frozen=True, kw_only=True, eq=False)
class Features:
    """An image on its way through the network.

    Attributes:
        maps: the pyramid, each (1, C, h, w), in what the backbone computes in.
        tensors: (1, 3, h, w), the resized, normalised and padded image.
        resized: (height, width) before padding.
        original: (height, width) of the image given.
    """

    maps: OrderedDict[str, Tensor]
    tensors: Tensor
    resized: tuple[int, int]
    original: tuple[int, int]


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidates:
    """Before suppression, best first: `boxes` (N, 4) in pixels of the resized image, `scores` (N,)."""

    boxes: Tensor
    scores: Tensor


def never() -> bool:
    """Says that nothing is cancelled."""
    return False


class Predictor:
    """One variant, ready to detect. Safe to share between threads and visitors.

    Args:
        spec: the variant.
        network: its network, in evaluation mode; its frozen norms are folded, so it is the predictor's now.
        dtype: what its heavy parts compute in; by default what is fastest here (`pedviz.models.precision`).

    Attributes:
        parameters: weights and biases of the network as it was given.
        device: where the network is, the processor at first.
    """

    def __init__(self, spec: ModelSpec, network: FasterRCNN, *, dtype: torch.dtype | None = None) -> None:
        self.spec = spec
        self.parameters = count_parameters(network)
        self.network = fold_norms(network).to(memory_format=fastest_layout())
        compute_in(self.network, dtype or fastest_dtype())
        self.device = torch.device("cpu")

    def to(self, device: str) -> "Predictor":
        """Move the network, such as to "cuda", where it computes in float32; results are NumPy everywhere."""
        self.device = torch.device(device)
        self.network.to(self.device)
        if self.device.type != "cpu":
            self.network.float()
        return self

    def detect(
        self,
        image: np.ndarray,
        *,
        maps_from: float = 0.0,
        cancelled: Callable[[], bool] = never,
    ) -> Detections:
        """Find people.

        Args:
            image: (H, W, 3) uint8, RGB, upright.
            maps_from: the score in [0, 1] below which nobody gets a mask map, for who has no time for them.
            cancelled: asked between stages; once it says True the detection stops.

        Returns:
            Every candidate before suppression whose score was above 0.05 before calibration, in pixels of
            `image`; mask maps for those that the default `Detections.view` of such scores keeps.

        Raises:
            ValueError: `image` is not such an array.
            Cancelled: `cancelled()` said so.
        """
        return self.detect_with_features(image, maps_from=maps_from, cancelled=cancelled)[0]

    @torch.inference_mode()
    def detect_with_features(
        self, image: np.ndarray, *, maps_from: float = 0.0, cancelled: Callable[[], bool] = never
    ) -> tuple[Detections, Features]:
        """What `detect` returns, and the maps that it was read from: for `pedviz.trace`.

        Args: as for `detect`.
        Raises: as `detect` does.
        """
        with cancellable_lock(ONE_AT_A_TIME, cancelled):
            started = time.perf_counter()
            batch = self._prepare(image)
            prepared = time.perf_counter()
            features = self._features(batch, image.shape[:2], cancelled)
            candidates = self._candidates(features, cancelled)
            detections = self._to_detections(candidates, features)
            shown = detections.view(maps_from)
            maps = self._maps(features, candidates.boxes[torch.from_numpy(shown.ids)], cancelled)
            computed = time.perf_counter()
            detections = _with_maps(detections, shown.ids, maps)
            finished = time.perf_counter()
        timings = Timings(
            prepare_seconds=prepared - started,
            network_seconds=computed - prepared,
            finish_seconds=finished - computed,
        )
        return replace(detections, timings=timings), features

    @torch.inference_mode()
    def add_maps(
        self, image: np.ndarray, detections: Detections, *,
        ids: np.ndarray, cancelled: Callable[[], bool] = never,
    ) -> Detections:  # fmt: skip
        """The same full list of candidates with mask maps for the candidates `ids` too.

        The backbone runs again, because no image is kept between calls.

        Args:
            image: the image that `detections` came from.
            detections: the full list that `detect` returned.
            ids: (P,) int places in that list.
            cancelled: as for `detect`.

        Raises:
            Cancelled: `cancelled()` said so.
        """
        missing = np.unique(ids[detections.map_rows[ids] < 0]).astype(np.int64)
        if not len(missing) or not self.spec.masks:
            return detections
        with cancellable_lock(ONE_AT_A_TIME, cancelled):
            features = self.features(image, cancelled=cancelled)
            boxes = torch.from_numpy(detections.boxes_xyxy[missing]).to(self.device)
            maps = self._maps(features, resize_boxes(boxes, features.original, features.resized), cancelled)
        return _with_maps(detections, missing, maps)

    @torch.inference_mode()
    def features(self, image: np.ndarray, *, cancelled: Callable[[], bool] = never) -> Features:
        """The backbone's and neck's maps of `image`, as `detect` sees them.

        Args: as for `detect`.
        Raises: as `detect` does.
        """
        return self._features(self._prepare(image), image.shape[:2], cancelled)

    def _prepare(self, image: np.ndarray) -> tuple[Tensor, tuple[int, int]]:
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
            raise ValueError(f"expected an (H, W, 3) uint8 image, got {image.dtype} {image.shape}")
        # The copy lets callers hand over read-only images, which PyTorch does not know.
        tensor = torch.from_numpy(image.copy()).to(self.device).permute(2, 0, 1).float().div_(255)
        transform: Any = self.network.transform
        batch, _ = transform([tensor])
        return batch.tensors.contiguous(memory_format=fastest_layout()), batch.image_sizes[0]

    def _features(
        self, batch: tuple[Tensor, tuple[int, int]], original: tuple[int, int], cancelled: Callable[[], bool]
    ) -> Features:
        tensors, resized = batch
        _stop_if(cancelled)
        backbone: Any = self.network.backbone
        maps = backbone(tensors)
        _stop_if(cancelled)
        return Features(maps=maps, tensors=tensors, resized=resized, original=original)

    def _candidates(self, features: Features, cancelled: Callable[[], bool]) -> Candidates:
        """Proposals, classified and refined: people above the network's own floor, best first."""
        proposals, _ = self.proposals(features)
        _stop_if(cancelled)
        heads: Any = self.network.roi_heads
        pooled = pool_regions(heads.box_roi_pool, features.maps, boxes=[proposals], sizes=[features.resized])
        logits, deltas = heads.box_predictor(heads.box_head(pooled))
        boxes = heads.box_coder.decode(deltas, [proposals])[:, self.spec.person_class]
        scores = logits.softmax(-1)[:, self.spec.person_class]
        boxes = box_ops.clip_boxes_to_image(boxes, features.resized)
        kept = torch.where(scores > heads.score_thresh)[0]
        kept = kept[box_ops.remove_small_boxes(boxes[kept], SMALLEST_SIDE)]
        order = kept[scores[kept].sort(descending=True, stable=True).indices]
        return Candidates(boxes=boxes[order], scores=scores[order])

    @torch.inference_mode()
    def proposals(self, features: Features) -> tuple[Tensor, Tensor]:
        """Regions worth a look, (P, 4) in pixels of the resized image, and their (P,) scores, best first."""
        maps, sizes = list(features.maps.values()), [features.resized]
        return propose(self.network.rpn, maps, images=ImageList(features.tensors, sizes))

    def _maps(self, features: Features, boxes: Tensor, cancelled: Callable[[], bool]) -> np.ndarray:
        """(P, 28, 28) uint8 mask probabilities of `boxes` (P, 4), in pixels of the resized image."""
        if not self.spec.masks or not len(boxes):
            return np.zeros((0, MAP_SIZE, MAP_SIZE), np.uint8)
        _stop_if(cancelled)
        heads: Any = self.network.roi_heads
        pooled = pool_regions(heads.mask_roi_pool, features.maps, boxes=[boxes], sizes=[features.resized])
        logits = heads.mask_predictor(heads.mask_head(pooled))
        people = torch.full((len(boxes),), self.spec.person_class)
        probabilities = maskrcnn_inference(logits, [people])[0][:, 0]
        return probabilities.mul(255).round_().to(torch.uint8).cpu().numpy()

    def _to_detections(self, candidates: Candidates, features: Features) -> Detections:
        count = len(candidates.boxes)
        boxes = resize_boxes(candidates.boxes, features.resized, features.original)
        return Detections(
            image_size=features.original,
            boxes_xyxy=boxes.cpu().numpy().astype(np.float32),
            scores=candidates.scores.cpu().numpy().astype(np.float32),
            labels=np.full(count, PERSON_LABEL, np.int64),
            ids=np.arange(count),
            map_rows=np.full(count, -1, np.int64),
            mask_maps=np.zeros((0, MAP_SIZE, MAP_SIZE), np.uint8),
        )


def _stop_if(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise Cancelled("the detection was stopped")


def _with_maps(detections: Detections, ids: np.ndarray, maps: np.ndarray) -> Detections:
    """`detections` with `maps` added for the candidates `ids`; nothing changes without maps."""
    if not len(maps):
        return detections
    rows = detections.map_rows.copy()
    rows[ids] = len(detections.mask_maps) + np.arange(len(ids))
    return replace(detections, map_rows=rows, mask_maps=np.concatenate([detections.mask_maps, maps]))


_loading = threading.Lock()


def load_predictor(model_id: str, *, dtype: torch.dtype | None = None) -> Predictor:
    """The predictor of a variant; loaded and verified on first use, then shared by the whole process.

    Args:
        model_id: the variant.
        dtype: see `Predictor`.

    Raises:
        UnknownModelError: no such variant.
        MissingCheckpointError: its weights are not installed; the message names the command that trains them.
        CheckpointError: its weights are damaged.
    """
    with _loading:
        return _load(get_spec(model_id), dtype or fastest_dtype())


@cache
def _load(spec: ModelSpec, dtype: torch.dtype) -> Predictor:
    return Predictor(spec, load_network(spec), dtype=dtype)
