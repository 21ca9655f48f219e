"""The detectors on a Hugging Face Space with ZeroGPU, which lends a GPU for a call of a decorated function.

Imported at the start of the page where the package `spaces` is, which has to come before torch. A call runs
in a process of its own, so it cannot be stopped once it has begun.
"""

from typing import Any

import spaces

from pedviz.detectors import Cancelled as IsCancelled
from pedviz.detectors import DistantDetector
from pedviz.errors import Cancelled

SECONDS = 20  # at most, after which the Space ends a call


@spaces.GPU(duration=SECONDS)
def _ask(method: str, model_id: str, *arguments: object, **options: object) -> Any:
    """What a method of the variant's detector returns."""
    import torch

    from pedviz.trace import LocalDetector

    device = "cuda" if torch.cuda.is_available() else "cpu"
    return getattr(LocalDetector(model_id, device), method)(*arguments, **options)


class ZeroGpuDetector(DistantDetector):
    """Asks on whichever GPU is lent."""

    def _ask(self, method: str, *arguments: object, cancelled: IsCancelled, **options: object) -> Any:
        if cancelled():
            raise Cancelled("the detection was stopped")
        return _ask(method, self._model_id, *arguments, **options)
