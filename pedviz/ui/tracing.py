"""The whole detector on one image, stored or on request. Of a visitor's photo nothing is kept."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from pedviz.data.photos import load
from pedviz.detectors import LoadDetector, at_once, load_detector
from pedviz.download import cancellable_lock
from pedviz.errors import BusyError
from pedviz.models.specs import ModelSpec, get_spec
from pedviz.packed import PackedPass
from pedviz.ui.fetching import WeightsFetcher
from pedviz.ui.gallery import Gallery
from pedviz.ui.session import BoundedCache, StagePhoto
from pedviz.ui.trace_payload import SampleTrace, sample_trace, stored_pass, trace_payload

if TYPE_CHECKING:  # it imports torch, which stays out of the page's start
    from pedviz.trace import Trace

MOST_WAITING = 8
KEPT_SAMPLES = 16  # answers for sample images, about 0.3 MB each
TOO_MANY = "too many images are waiting for the detector; try again in a moment"
FETCHING = "the weights of {label} are being downloaded; try again in a moment"
IsGone = Callable[[], bool]
MakeTrace = Callable[[str, np.ndarray, IsGone], "Trace"]


class Slots:
    """A bounded number of requests at once; the next one is refused, not queued.

    Args:
        most: how many.
    """

    def __init__(self, most: int) -> None:
        self._free = threading.BoundedSemaphore(most)

    @contextmanager
    def acquired(self) -> Iterator[None]:
        """Hold one slot for the block.

        Raises:
            BusyError: all are taken.
        """
        if not self._free.acquire(blocking=False):
            raise BusyError(TOO_MANY)
        try:
            yield
        finally:
            self._free.release()


def tracer_of(load_predictor: LoadDetector) -> MakeTrace:
    """What runs a variant's detector and keeps all that it made."""

    def make(model_id: str, image: np.ndarray, gone: IsGone) -> "Trace":
        return load_predictor(model_id).trace(image, cancelled=gone)

    return make


class Tracer:
    """Images in, answers for lesson 7 out: as many at a time as `at_once` says, a bounded number waiting.

    Args:
        gallery: the sample images.
        make_trace: runs the detector.
        weights: downloads the weights of variants that are fetched on demand.
    """

    def __init__(
        self,
        gallery: Gallery,
        *,
        make_trace: MakeTrace | None = None,
        weights: WeightsFetcher | None = None,
    ) -> None:
        self._gallery = gallery
        self._make_trace = make_trace or tracer_of(load_detector)
        self._weights = weights or WeightsFetcher()
        self._slots = Slots(MOST_WAITING)
        self._turn = threading.Semaphore(at_once())
        self._samples: BoundedCache[tuple[str, str], SampleTrace] = BoundedCache(KEPT_SAMPLES)

    def sample(self, sample_id: str, model_id: str, *, gone: IsGone) -> SampleTrace:
        """The answer for a sample image: what is stored of it, else the network's.

        Args:
            sample_id: an image of the gallery.
            model_id: the variant.
            gone: whether nobody waits for the answer any more.

        Raises:
            PhotoError: no such image.
            UnknownModelError, CheckpointError: no such variant, or no weights for it.
            ResultsError: what is stored cannot be read.
            BusyError: too many wait already.
            Cancelled: `gone()` said so.
        """
        spec = get_spec(model_id)
        known = self._samples.get((sample_id, model_id))
        if known is None:
            if (found := stored_pass(sample_id, spec)) is not None:
                staged = self._gallery.open(sample_id)
            else:
                staged, found = self._look(lambda: self._gallery.open(sample_id), spec, gone)
            known = sample_trace(found, staged=staged, spec=spec)
            self._samples.put((sample_id, model_id), known)
        return known

    def photo(self, content: bytes, model_id: str, *, gone: IsGone) -> bytes:
        """The answer for a visitor's photo, as JSON; neither is kept.

        Args:
            content: the file.
            model_id: the variant.
            gone: as for `sample`.

        Raises:
            PhotoError: the file is no photo that can be used.
            UnknownModelError, CheckpointError, BusyError, Cancelled: as for `sample`.
        """
        spec = get_spec(model_id)
        staged, found = self._look(lambda: StagePhoto(photo=load(content, name="Your photo")), spec, gone)
        return json.dumps(trace_payload(found, staged=staged, spec=spec)).encode()

    def _look(
        self, open_staged: Callable[[], StagePhoto], spec: ModelSpec, gone: IsGone
    ) -> tuple[StagePhoto, PackedPass]:
        if spec.on_demand and self._weights.waiting() is not None:
            raise BusyError(FETCHING.format(label=spec.label))
        with self._slots.acquired():
            staged = open_staged()
            with cancellable_lock(self._turn, gone):
                found = self._make_trace(spec.id, staged.photo.pixels, gone)
        from pedviz.trace import pack_trace

        return staged, pack_trace(found)
