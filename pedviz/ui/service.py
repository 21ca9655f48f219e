"""What the Detect page asks of the server, apart from how Gradio carries it."""

import logging
import threading
from collections.abc import Callable
from functools import partial

import numpy as np

from pedviz.data import pennfudan
from pedviz.data.photos import full_size, load
from pedviz.detectors import LoadDetector, load_detector
from pedviz.errors import Cancelled, PedvizError, PhotoError
from pedviz.models.specs import get_spec
from pedviz.paths import data_source
from pedviz.tiles import Progress, detect_with_tiles, tile_sides
from pedviz.types import Detections
from pedviz.ui.fetching import WeightsFetcher
from pedviz.ui.gallery import Gallery
from pedviz.ui.payload import photo_payload, result_payload, sentence
from pedviz.ui.payload_types import ResultPayload
from pedviz.ui.requests import PhotoRequest, Requests, RunRequest, download_ticket, stopped_until
from pedviz.ui.sample_routes import sample_url
from pedviz.ui.session import BoundedCache, Pane, Results, StagePhoto, Visitor, Visitors
from pedviz.ui.uploads import GONE, Uploads
from pedviz.ui.variants import describe

MAX_SAMPLE_RESULTS = 64
DEFAULT_MODELS = ("maskrcnn_resnet50_fpn", "maskrcnn_mobilenet_v2_lite")
_log = logging.getLogger(__name__)


class DetectService:
    """Photos in, detections out, for every visitor.

    Results for the sample images are shared by all; those of a visitor's own photo belong to that visitor.

    Args:
        gallery: the sample images.
        uploads: files that arrived and wait to be read.
        load_predictor: gives the detector of a variant.
        visitors: who is here.
        weights: downloads the weights of variants that are fetched on demand.
    """

    def __init__(
        self,
        gallery: Gallery,
        *,
        uploads: Uploads,
        load_predictor: LoadDetector = load_detector,
        visitors: Visitors | None = None,
        weights: WeightsFetcher | None = None,
    ) -> None:
        self.gallery = gallery
        self.visitors = visitors or Visitors()
        self.weights = weights or WeightsFetcher()
        self.uploads = uploads
        self.load_predictor = load_predictor
        self.after_forgetting: Callable[[str], None] = lambda _: None
        self._sample_results: Results = BoundedCache(MAX_SAMPLE_RESULTS)
        self._one_sample_at_a_time = threading.Lock()

    def samples(self) -> dict[str, object]:
        """The gallery for the page: {"samples": what `Gallery.listed` says, "can_download"}."""
        return {"samples": self.gallery.listed(), "can_download": not self.gallery.has_pennfudan}

    def download_images(self, requests: Requests, *, progress: Callable[..., object]) -> dict[str, object]:
        """Fetch Penn-Fudan into the data folder; its test images join the gallery.

        Returns:
            What `samples` returns, or {"error"}, with the request's "ticket".
        """
        ticket = download_ticket(requests["download"])

        def report(done: int, total: int | None) -> None:
            progress((done, total), desc="Penn-Fudan", unit="bytes")

        try:
            pennfudan.download(data_source(), progress=report)
        except PedvizError as error:
            return {"ticket": ticket, "error": sentence(error)}
        self.gallery.find()
        return {"ticket": ticket} | self.samples()

    def choose(self, session: str, requests: Requests, *, address: str = "") -> dict[str, object]:
        """Put a sample or an uploaded photo on the visitor's stage.

        Returns:
            {"ticket", "sample", "photo"} or {"ticket", "error"}.
        """
        request = PhotoRequest.read(requests["photo"])
        try:
            staged = self._open(request)
        except PedvizError as error:
            return {"ticket": request.ticket, "error": sentence(error)}
        self.visitors.of(session, address=address).show(staged, ticket=request.ticket)
        shown = photo_payload(staged, url=sample_url(request.sample_id))
        return {"ticket": request.ticket, "sample": request.sample_id, "photo": shown}

    def _open(self, request: PhotoRequest) -> StagePhoto:
        if request.sample_id is not None:
            return self.gallery.open(request.sample_id)
        return StagePhoto(photo=load(self.uploads.take(request.upload), name=request.name))

    def run(
        self,
        session: str,
        requests: Requests,
        *,
        pane: Pane,
        gone: Callable[[], bool] = lambda: False,
        progress: Progress = lambda done, total: None,
    ) -> dict[str, object]:
        """Detect people in the photo on the visitor's stage, unless `gone()` says that nobody waits for it.

        With tiles, `progress` is called with those done and those in all.

        Returns:
            {"ticket", "result"}, {"ticket", "error"}, or {"ticket", "fetching": {"done", "total"}} in bytes
            while the weights are downloaded, upon which the page asks again; it drops an answer whose
            ticket is old.
        """
        request = RunRequest.read(requests[pane])
        try:
            waiting = self.weights.waiting() if get_spec(request.model_id).on_demand else None
            if waiting is not None:
                fetching = dict(zip(("done", "total"), waiting, strict=True))
                return {"ticket": request.ticket, "fetching": fetching}
            result = self._result(self.visitors.find(session), pane, request, gone=gone, progress=progress)
            return {"ticket": request.ticket, "result": result}
        except PedvizError as error:
            return {"ticket": request.ticket, "error": sentence(error)}

    def _result(
        self,
        visitor: Visitor | None,
        pane: Pane,
        request: RunRequest,
        *,
        gone: Callable[[], bool],
        progress: Progress,
    ) -> ResultPayload:
        staged = visitor.staged if visitor else None
        if visitor is None or staged is None or staged.photo.id != request.photo_id:
            raise PhotoError(GONE)

        def cancelled() -> bool:
            wanted = visitor.wants(pane, ticket=request.ticket, photo_id=request.photo_id)
            return gone() or not wanted

        detections, cached = self._detections(
            visitor, staged, request, cancelled=cancelled, progress=progress
        )
        if cancelled():
            raise Cancelled("the detection was stopped")
        model = describe(get_spec(request.model_id))
        return result_payload(
            detections, photo_id=request.photo_id, model=model, cached=cached, tiles=request.tiles
        )

    def _look(
        self,
        staged: StagePhoto,
        request: RunRequest,
        *,
        cancelled: Callable[[], bool],
        progress: Progress,
    ) -> Detections:
        """Detect in the photo on the stage, or in tiles of its file too."""
        spec = get_spec(request.model_id)
        detect = partial(self.load_predictor(spec.id).detect, cancelled=cancelled)
        photo = staged.photo
        if not request.tiles:
            return detect(photo.pixels)
        original = full_size(self.uploads.take(request.upload), name=photo.name, whole=False)
        if original.shape[:2] != photo.original_size:
            raise PhotoError(GONE)
        return detect_with_tiles(
            detect, photo.pixels, original=original, sides=tile_sides(spec), progress=progress
        )

    def _detections(
        self,
        visitor: Visitor,
        staged: StagePhoto,
        request: RunRequest,
        *,
        cancelled: Callable[[], bool],
        progress: Progress = lambda done, total: None,
    ) -> tuple[Detections, bool]:
        """All candidates, and whether they were known already."""
        known_or_new = partial(self._known_or_new, cancelled=cancelled, progress=progress)
        if staged.sample_id is None:
            return known_or_new(visitor.results, staged, request)
        with self._one_sample_at_a_time:  # two visitors of one sample: the second finds the first's result
            return known_or_new(self._sample_results, staged, request)

    def _known_or_new(
        self,
        results: Results,
        staged: StagePhoto,
        request: RunRequest,
        *,
        cancelled: Callable[[], bool],
        progress: Progress,
    ) -> tuple[Detections, bool]:
        key = (staged.photo.id, request.model_id, request.tiles)
        detections = results.get(key)
        is_known = detections is not None
        if detections is None:
            detections = self._look(staged, request, cancelled=cancelled, progress=progress)
        ids = np.array([place for place in request.ids if place < len(detections)], np.int64)
        if (detections.map_rows[ids] < 0).any():
            predictor = self.load_predictor(request.model_id)
            detections = predictor.add_maps(staged.photo.pixels, detections, ids=ids, cancelled=cancelled)
        if not cancelled():  # what was forgotten meanwhile stays forgotten
            results.put(key, detections)
        return detections, is_known

    def stop(self, session: str, requests: Requests, *, pane: Pane) -> None:
        """Give up the detection that the visitor's pane is waiting for."""
        visitor = self.visitors.find(session)
        if visitor is not None:
            visitor.stop(pane, ticket=stopped_until(requests[f"stop_{pane}"]))

    def forget(self, session: str) -> None:
        """Delete the visitor's photo and results."""
        self.visitors.drop(session)
        self.after_forgetting(session)

    def warm_up(self) -> None:
        """Detect in the first sample with both default variants, so that the first visitor need not wait."""
        try:
            staged = self.gallery.open(self.gallery.default_id)
            for model_id in DEFAULT_MODELS:
                request = RunRequest(ticket=1, photo_id=staged.photo.id, model_id=model_id, ids=())
                self._detections(Visitor(), staged, request, cancelled=lambda: False)
        except PedvizError as error:
            _log.warning("the worked example is not ready: %s", error)
