"""Where detections are made: in this process, by the replicas of a cluster, or on GPUs that a Space lends.

PEDVIZ_CLUSTER in the environment names a cluster, see `pedviz.cluster`; for GPUs see `pedviz.zero_gpu`.
Whoever asks a `Detector` does not know the difference.
"""

import importlib.util
import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from pedviz.models.specs import get_spec
from pedviz.types import Detections

if TYPE_CHECKING:
    from pedviz.trace import Trace

CLUSTER = "PEDVIZ_CLUSTER"
CLUSTER_AT_ONCE = 16
Cancelled = Callable[[], bool]


class Finder(Protocol):
    """What finds people.

    Each method stops with `pedviz.errors.Cancelled` soon after `cancelled()` says True; images are (H, W, 3)
    uint8, RGB, upright. Of a cluster each may raise BusyError.
    """

    def detect(self, image: np.ndarray, *, maps_from: float = 0.0, cancelled: Cancelled) -> Detections:
        """As `pedviz.inference.Predictor.detect`."""

    def add_maps(
        self, image: np.ndarray, detections: Detections, *, ids: np.ndarray, cancelled: Cancelled
    ) -> Detections:
        """As `pedviz.inference.Predictor.add_maps`."""


class Detector(Finder, Protocol):
    """One variant, ready to detect, wherever it runs."""

    def trace(self, image: np.ndarray, *, cancelled: Cancelled) -> "Trace":
        """As `pedviz.trace.trace`."""


LoadDetector = Callable[[str], Detector]


class DistantDetector(ABC):
    """A `Detector` whose work is done in another process.

    Args:
        model_id: the variant.
    """

    def __init__(self, model_id: str) -> None:
        self._model_id = model_id

    def detect(self, image: np.ndarray, *, maps_from: float = 0.0, cancelled: Cancelled) -> Detections:
        """As `pedviz.inference.Predictor.detect`."""
        return self._ask("detect", image, maps_from=maps_from, cancelled=cancelled)

    def add_maps(
        self, image: np.ndarray, detections: Detections, *, ids: np.ndarray, cancelled: Cancelled
    ) -> Detections:
        """As `pedviz.inference.Predictor.add_maps`; where nothing is missing it is not asked."""
        if not get_spec(self._model_id).masks or not (detections.map_rows[ids] < 0).any():
            return detections
        return self._ask("add_maps", image, detections, ids=ids, cancelled=cancelled)

    def trace(self, image: np.ndarray, *, cancelled: Cancelled) -> "Trace":
        """As `pedviz.trace.trace`."""
        return self._ask("trace", image, cancelled=cancelled)

    @abstractmethod
    def _ask(self, method: str, *arguments: object, cancelled: Cancelled, **options: object) -> Any:
        """What a method of the variant's detector returns there."""


def load_detector(model_id: str) -> Detector:
    """The detector of a variant, where the environment says.

    Raises:
        UnknownModelError, MissingCheckpointError, CheckpointError: see `pedviz.inference.load_predictor`.
        BusyError: the cluster cannot be reached.
    """
    if address := os.environ.get(CLUSTER):
        from pedviz.cluster import remote_detector

        return remote_detector(model_id, address=address)
    if has_zero_gpu():
        from pedviz.zero_gpu import ZeroGpuDetector

        return ZeroGpuDetector(model_id)
    return local_detector(model_id)


def prepare() -> None:
    """What has to come before the page: the connection to the cluster, or the decorated functions of a Space.

    Raises:
        ClusterError, BusyError: the cluster cannot be reached.
    """
    if address := os.environ.get(CLUSTER):
        from pedviz.cluster import connect

        connect(address)
    elif has_zero_gpu():
        import pedviz.zero_gpu  # noqa: F401 - before torch


def has_zero_gpu() -> bool:
    """Whether this is a Hugging Face Space that lends GPUs by the call."""
    return importlib.util.find_spec("spaces") is not None


def local_detector(model_id: str) -> Detector:
    """The detector of a variant in this process, whatever the environment says; torch is imported here."""
    from pedviz.trace import LocalDetector

    return LocalDetector(model_id)


def is_on_cluster() -> bool:
    """Whether photos go to the replicas of a cluster."""
    return bool(os.environ.get(CLUSTER))


def at_once() -> int:
    """How many detections the page may have under way: one in this process, several on a cluster."""
    return CLUSTER_AT_ONCE if is_on_cluster() else 1


def detect_people(
    detector: Finder, image: np.ndarray, *, score_threshold: float, nms_threshold: float,
    cancelled: Cancelled = lambda: False,
) -> tuple[Detections, Detections]:
    """Everyone at these thresholds, all with masks where the variant makes masks.

    A looser suppression than the usual one shows people whose masks `Detector.detect` has not made; they
    are made here.

    Args:
        detector: a variant.
        image: (H, W, 3) uint8, RGB.
        score_threshold, nms_threshold: in [0, 1], as for `Detections.view`.
        cancelled: as for `pedviz.inference.Predictor.detect`.

    Returns:
        All candidates, and the view of them at the thresholds.
    """
    candidates = detector.detect(image, cancelled=cancelled)
    shown = candidates.view(score_threshold, nms_threshold=nms_threshold)
    candidates = detector.add_maps(image, candidates, ids=shown.ids, cancelled=cancelled)
    return candidates, candidates.view(score_threshold, nms_threshold=nms_threshold)
