"""The detectors on a Hugging Face Space with ZeroGPU, which lends a GPU for a call of a decorated function.

Imported at the start of the page where the package `spaces` is, which has to come before torch. A call runs
in a process of its own, so it cannot be stopped once it has begun.
"""

from typing import Any

import numpy as np
import spaces

from pedviz.detectors import Cancelled as IsCancelled
from pedviz.errors import Cancelled
from pedviz.types import Detections

SECONDS = 20  # at most, after which the Space ends a call


@spaces.GPU(duration=SECONDS)
def _ask(method: str, model_id: str, *arguments: object, **options: object) -> Any:
    """What a method of the variant's detector returns."""
    import torch

    from pedviz.trace import LocalDetector

    device = "cuda" if torch.cuda.is_available() else "cpu"
    return getattr(LocalDetector(model_id, device), method)(*arguments, **options)


class ZeroGpuDetector:
    """A `pedviz.detectors.Detector` on whichever GPU is lent.

    Args:
        model_id: the variant.
    """

    def __init__(self, model_id: str) -> None:
        self._model_id = model_id

    def detect(self, image: np.ndarray, *, cancelled: IsCancelled) -> Detections:
        """As `pedviz.inference.Predictor.detect`."""
        return self._ask("detect", image, cancelled=cancelled)

    def add_maps(
        self, image: np.ndarray, detections: Detections, *, ids: np.ndarray, cancelled: IsCancelled
    ) -> Detections:
        """As `pedviz.inference.Predictor.add_maps`; where nothing is missing no GPU is lent."""
        if not (detections.map_rows[ids] < 0).any():
            return detections
        return self._ask("add_maps", image, detections, ids=ids, cancelled=cancelled)

    def trace(self, image: np.ndarray, *, cancelled: IsCancelled) -> Any:
        """As `pedviz.trace.trace`."""
        return self._ask("trace", image, cancelled=cancelled)

    def _ask(self, method: str, *arguments: object, cancelled: IsCancelled, **options: object) -> Any:
        if cancelled():
            raise Cancelled("the detection was stopped")
        return _ask(method, self._model_id, *arguments, **options)
