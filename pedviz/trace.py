"""The detector's pass opened up, for the lessons: what each stage made of one image, as NumPy.

Letters in shapes: P proposals, N candidates, C channels, H x W pixels of the image, h x w of a map.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor
from torchvision.models.detection.transform import resize_boxes

from pedviz.download import cancellable_lock
from pedviz.inference import ONE_AT_A_TIME, Features, Predictor, load_predictor, never
from pedviz.packed import ChannelPayload, PackedPass, base64_of, pack
from pedviz.theory.nms import Suppression, explain_suppression
from pedviz.types import DEFAULT_NMS_THRESHOLD, Detections

SHOWN_CHANNELS = 6
LARGEST = 255


@dataclass(frozen=True, kw_only=True, eq=False)
class FeatureMap:
    """One level of the pyramid.

    Attributes:
        name: the level's key in the network.
        stride: pixels of the resized image that one cell covers.
        values: (C, h, w) float32, the whole map without padding.
        grid: (rows, columns) of cells with padding, each of which has its anchors.
        shown: the channels that vary most over the image, most first.
    """

    name: str
    stride: int
    values: np.ndarray
    grid: tuple[int, int]
    shown: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Trace:
    """Everything between an image and its detections.

    Attributes:
        resized_size: (height, width) that the network saw.
        padded_size: (height, width) after padding to a multiple of 32.
        levels: the feature maps, finest first.
        proposals_xyxy: (P, 4) float32 in pixels of the image, best first.
        proposal_scores: (P,) float32, the probability of "something is here".
        detections: what `Predictor.detect` returns for the image.
        suppressions: which candidate went because of which, at the default threshold.
        kept: ids of the candidates that stay, best first.
    """

    resized_size: tuple[int, int]
    padded_size: tuple[int, int]
    levels: tuple[FeatureMap, ...]
    proposals_xyxy: np.ndarray
    proposal_scores: np.ndarray
    detections: Detections
    suppressions: tuple[Suppression, ...]
    kept: np.ndarray


def _level(name: str, tensor: Tensor, features: Features) -> FeatureMap:
    # Levels halve; the coarsest has a cell more than a whole number where the level before it is odd.
    stride = 2 ** round(np.log2(features.tensors.shape[-1] / tensor.shape[-1]))
    rows, columns = (-(-side // stride) for side in features.resized)
    values = tensor[0, :, :rows, :columns].float().contiguous().cpu().numpy()
    busiest = np.argsort(-values.std(axis=(1, 2)), kind="stable")[:SHOWN_CHANNELS]
    return FeatureMap(
        name=name,
        stride=stride,
        values=values,
        grid=(tensor.shape[-2], tensor.shape[-1]),
        shown=tuple(busiest.tolist()),
    )


@torch.inference_mode()
def trace(predictor: Predictor, image: np.ndarray, *, cancelled: Callable[[], bool] = never) -> Trace:
    """Run the detector on `image` ((H, W, 3) uint8, RGB) and keep what each stage made.

    Args:
        predictor: the detector.
        image: the image.
        cancelled: asked between stages; once it says True the pass stops.

    Raises:
        ValueError: `image` is not such an array.
        Cancelled: `cancelled()` said so.
    """
    detections, features = predictor.detect_with_features(image, cancelled=cancelled)
    with cancellable_lock(ONE_AT_A_TIME, cancelled):
        boxes, scores = predictor.proposals(features)
    kept, suppressions = explain_suppression(
        detections.boxes_xyxy, detections.scores, threshold=DEFAULT_NMS_THRESHOLD
    )
    return Trace(
        resized_size=features.resized,
        padded_size=(features.tensors.shape[-2], features.tensors.shape[-1]),
        levels=tuple(_level(name, tensor, features) for name, tensor in features.maps.items()),
        proposals_xyxy=resize_boxes(boxes, features.resized, features.original).cpu().numpy(),
        proposal_scores=scores.cpu().numpy(),
        detections=detections,
        suppressions=suppressions,
        kept=kept,
    )


def _in_8_bits(values: np.ndarray, channel: int) -> tuple[ChannelPayload, np.ndarray]:
    low, high = float(values.min()), float(values.max())
    grey = np.round((values - low) * (LARGEST / ((high - low) or 1.0)))
    return {"channel": channel, "low": low, "high": high}, grey


def pack_trace(trace: Trace) -> PackedPass:
    """A pass for the lessons, and for what is stored of the sample images: of each map the shown channels."""
    levels = [
        (level, [_in_8_bits(level.values[channel], channel) for channel in level.shown])
        for level in trace.levels
    ]
    return {
        "resized": list(trace.resized_size),
        "padded": list(trace.padded_size),
        "levels": [
            {
                "stride": level.stride,
                "rows": level.values.shape[1],
                "columns": level.values.shape[2],
                "channels": level.values.shape[0],
                "grid": list(level.grid),
                "shown": [channel for channel, _ in shown],
            }
            for level, shown in levels
        ],
        "pixels": [base64_of(np.stack([grey for _, grey in shown]), "u1") for _, shown in levels],
        "proposals": {
            "count": len(trace.proposals_xyxy),
            "boxes": base64_of(trace.proposals_xyxy, "<f4"),
            "scores": base64_of(trace.proposal_scores, "<f4"),
        },
        "detections": pack(trace.detections),
    }


class LocalDetector:
    """A variant in this process: `load_predictor` with everything that `pedviz.detectors.Detector` names.

    Args:
        model_id: the variant.
        device: where it runs, as PyTorch calls it.

    Raises:
        UnknownModelError, MissingCheckpointError, CheckpointError: see `load_predictor`.
    """

    def __init__(self, model_id: str, device: str = "cpu") -> None:
        predictor = load_predictor(model_id).to(device)
        self.detect = predictor.detect
        self.add_maps = predictor.add_maps
        self.trace = partial(trace, predictor)
