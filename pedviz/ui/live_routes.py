"""`POST live`: one frame of a visitor's camera, looked at by the fastest variant. Nothing is kept of it.

A frame is worth nothing once the next one is there, so it never waits: while a photo is looked at or waits,
and while another camera's frame is looked at, it is not looked at, and the page tries again.
"""

import asyncio
import json
import threading

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pedviz.data.photos import load
from pedviz.detectors import LoadDetector
from pedviz.errors import PedvizError
from pedviz.models.specs import get_spec
from pedviz.types import DEFAULT_SCORE_THRESHOLD
from pedviz.ui.api import INFERENCE
from pedviz.ui.memory import scrub_soon
from pedviz.ui.payload import result_payload, sentence
from pedviz.ui.receiving import BAD_REQUEST, NO_STORE, RefusedError, pieces, refusal
from pedviz.ui.variants import LIVE_MODEL, describe

MAX_FRAME_BYTES = 2**20
NOT_LOOKED_AT = 204
STOPPED_AFTER = 1.0  # seconds without a frame


def _found(frame: bytes, load_predictor: LoadDetector) -> bytes:
    """What the variant finds in a frame, as the page takes a result, with masks for those that it draws."""
    photo = load(frame, name="camera.jpg")
    detections = load_predictor(LIVE_MODEL).detect(
        photo.pixels, maps_from=DEFAULT_SCORE_THRESHOLD, cancelled=lambda: False
    )
    model = describe(get_spec(LIVE_MODEL))
    return json.dumps(result_payload(detections, photo_id=photo.id, model=model, cached=False)).encode()


class _Afterwards:
    """Memory is scrubbed once no frame has come for a while: .3 s of a core, every few seconds while they do.

    For one thread, that of the event loop.
    """

    def __init__(self) -> None:
        self._due: asyncio.TimerHandle | None = None

    def postpone(self) -> None:
        """A frame was looked at."""
        if self._due:
            self._due.cancel()
        self._due = asyncio.get_running_loop().call_later(STOPPED_AFTER, scrub_soon)


def live_routes(load_predictor: LoadDetector) -> list[BaseRoute]:
    """The route, which looks at one frame at a time."""
    looking = threading.Lock()
    scrubbing = _Afterwards()

    async def live(request: Request) -> Response:
        line = request.scope["app"].get_blocks()._queue.event_queue_per_concurrency_id[INFERENCE]
        try:
            frame = b"".join([piece async for piece in pieces(request, most_bytes=MAX_FRAME_BYTES)])
            if line.queue or line.current_concurrency > 0 or not looking.acquire(blocking=False):
                return Response(status_code=NOT_LOOKED_AT, headers=NO_STORE)
            try:
                content = await run_in_threadpool(_found, frame, load_predictor)
            finally:
                looking.release()
                scrubbing.postpone()
        except RefusedError as error:
            return refusal(error)
        except PedvizError as error:
            return refusal(RefusedError(sentence(error), BAD_REQUEST))
        return Response(content, media_type="application/json", headers=NO_STORE)

    return [Route("/live", live, methods=["POST"])]
