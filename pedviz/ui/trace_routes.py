"""The addresses below /trace: what there is to choose, and the detector's pass over a sample or a photo.

Nothing is kept of a request; every refusal is one plain sentence with a status that says whose fault it is.
"""

import asyncio
import threading
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from pedviz.data.photos import MAX_BYTES
from pedviz.errors import (
    BusyError,
    Cancelled,
    CheckpointError,
    DatasetError,
    DownloadError,
    PedvizError,
    PhotoError,
    UnknownModelError,
)
from pedviz.ui.gallery import Gallery
from pedviz.ui.memory import scrub_soon
from pedviz.ui.payload import sentence
from pedviz.ui.receiving import NO_STORE, TOO_LARGE_STATUS, UNAVAILABLE, RefusedError, pieces, refusal
from pedviz.ui.tracing import IsGone, Tracer
from pedviz.ui.uploads import TooLargeError, Uploads
from pedviz.ui.variants import choices

LOOK_SECONDS = 0.25  # how often a waiting request is asked whether its visitor is still there
NOT_FOUND, UNUSABLE = 404, 422
STATUSES: tuple[tuple[type[PedvizError], int], ...] = (
    (UnknownModelError, NOT_FOUND),
    (PhotoError, UNUSABLE),
    (BusyError, UNAVAILABLE),
    (CheckpointError, UNAVAILABLE),
    (DatasetError, UNAVAILABLE),
    (DownloadError, UNAVAILABLE),
    (Cancelled, UNAVAILABLE),
)


def _refused(error: PedvizError, *, status: int | None = None) -> Response:
    found = next((code for kind, code in STATUSES if isinstance(error, kind)), UNAVAILABLE)
    return Response(sentence(error), status_code=status or found, media_type="text/plain", headers=NO_STORE)


async def _watch(request: Request, gone: threading.Event) -> None:
    while not await request.is_disconnected():
        await asyncio.sleep(LOOK_SECONDS)
    gone.set()


async def _computed(request: Request, compute: Callable[[IsGone], bytes]) -> Response:
    """What `compute` gives, in a thread that stops once the visitor has left."""
    gone = threading.Event()
    watching = asyncio.create_task(_watch(request, gone))
    try:
        content = await run_in_threadpool(compute, gone.is_set)
    finally:
        watching.cancel()
    return Response(content, media_type="application/json", headers=NO_STORE)


async def _body(request: Request, uploads: Uploads) -> bytes:
    """The photo that was sent.

    Raises:
        RefusedError, TooLargeError, BusyError: it is too large, it takes too long, or there is no room.
        Cancelled: the visitor left.
    """
    token = uploads.begin(request.client.host if request.client else "")
    try:
        async for piece in pieces(request, most_bytes=MAX_BYTES):
            uploads.write(token, piece)
        return uploads.take(token)
    finally:
        uploads.drop(token)


def trace_routes(gallery: Gallery, tracer: Tracer, *, uploads: Uploads) -> list[BaseRoute]:
    """`GET trace`: the samples and variants. `GET trace/<sample>` and `POST trace`: a pass, ?model=<id>."""
    def listed(_: Request) -> Response:
        offer = {"samples": gallery.listed(), "models": choices(), "max_bytes": MAX_BYTES}
        return JSONResponse(offer, headers=NO_STORE)

    async def sample(request: Request) -> Response:
        sample_id, model_id = request.path_params["sample_id"], request.query_params.get("model", "")
        try:
            return await _computed(request, lambda gone: tracer.sample(sample_id, model_id, gone=gone))
        except PhotoError as error:  # of a sample it says that there is no such image
            return _refused(error, status=NOT_FOUND)
        except PedvizError as error:
            return _refused(error)

    async def photo(request: Request) -> Response:
        model_id = request.query_params.get("model", "")
        try:
            content = await _body(request, uploads)
            return await _computed(request, lambda gone: tracer.photo(content, model_id, gone=gone))
        except RefusedError as error:
            return refusal(error)
        except TooLargeError as error:
            return _refused(error, status=TOO_LARGE_STATUS)
        except PedvizError as error:
            return _refused(error)
        finally:
            scrub_soon()

    return [
        Route("/trace", listed, methods=["GET"]),
        Route("/trace", photo, methods=["POST"]),
        Route("/trace/{sample_id}", sample, methods=["GET"]),
    ]
