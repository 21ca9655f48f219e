"""What lessons 3 and 7 ask for: what there is to choose, and the detector's pass over a sample or a photo.

    trace.json                            the samples and variants
    trace/<sample>/<model>.json           a pass over a sample, without feature maps
    trace/<sample>/<model>/<level>.json   the feature maps of one level, from 0, the finest
    POST trace?model=<id>                 a pass over a photo, whole

But for the last, these are the addresses of a copy of the site as files. Nothing is kept of a photo; every
refusal is one plain sentence with a status that says whose fault it is.
"""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

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
    ResultsError,
    UnknownModelError,
)
from pedviz.ui.gallery import Gallery
from pedviz.ui.memory import scrub_soon
from pedviz.ui.payload import sentence
from pedviz.ui.receiving import NO_STORE, TOO_LARGE_STATUS, UNAVAILABLE, RefusedError, pieces, refusal
from pedviz.ui.sample_routes import HEADERS
from pedviz.ui.tracing import IsGone, Tracer
from pedviz.ui.uploads import TooLargeError, Uploads
from pedviz.ui.variants import choices

Found = TypeVar("Found")
LOOK_SECONDS = 0.25  # how often a waiting request is asked whether its visitor is still there
NOT_FOUND, UNUSABLE = 404, 422
STATUSES: tuple[tuple[type[PedvizError], int], ...] = (
    (UnknownModelError, NOT_FOUND),
    (PhotoError, UNUSABLE),
    (BusyError, UNAVAILABLE),
    (CheckpointError, UNAVAILABLE),
    (DatasetError, UNAVAILABLE),
    (DownloadError, UNAVAILABLE),
    (ResultsError, UNAVAILABLE),
    (Cancelled, UNAVAILABLE),
)


def _refused(error: PedvizError, *, status: int | None = None) -> Response:
    found = next((code for kind, code in STATUSES if isinstance(error, kind)), UNAVAILABLE)
    return Response(sentence(error), status_code=status or found, media_type="text/plain", headers=NO_STORE)


async def _watch(request: Request, gone: threading.Event) -> None:
    while not await request.is_disconnected():
        await asyncio.sleep(LOOK_SECONDS)
    gone.set()


async def _computed(request: Request, compute: Callable[[IsGone], Found]) -> Found:
    """What `compute` gives, in a thread that stops once the visitor has left."""
    gone = threading.Event()
    watching = asyncio.create_task(_watch(request, gone))
    try:
        return await run_in_threadpool(compute, gone.is_set)
    finally:
        watching.cancel()


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
    """The addresses above."""

    def listed(_: Request) -> Response:
        offer = {"samples": gallery.listed(), "models": choices(), "max_bytes": MAX_BYTES}
        return JSONResponse(offer, headers=HEADERS)

    async def sample(request: Request) -> Response:
        asked = request.path_params
        sample_id, model_id, level = asked["sample_id"], asked["model_id"], asked.get("level")
        try:
            found = await _computed(request, lambda gone: tracer.sample(sample_id, model_id, gone=gone))
            if level is None:
                return JSONResponse(found.trace, headers=HEADERS)
            if level < len(found.maps):
                return JSONResponse(found.maps[level], headers=HEADERS)
            return Response("There is no such level.", status_code=NOT_FOUND, media_type="text/plain")
        except PhotoError as error:  # of a sample it says that there is no such image
            return _refused(error, status=NOT_FOUND)
        except PedvizError as error:
            return _refused(error)

    async def photo(request: Request) -> Response:
        model_id = request.query_params.get("model", "")
        try:
            content = await _body(request, uploads)
            found = await _computed(request, lambda gone: tracer.photo(content, model_id, gone=gone))
            return Response(found, media_type="application/json", headers=NO_STORE)
        except RefusedError as error:
            return refusal(error)
        except TooLargeError as error:
            return _refused(error, status=TOO_LARGE_STATUS)
        except PedvizError as error:
            return _refused(error)
        finally:
            scrub_soon()

    return [
        Route("/trace.json", listed, methods=["GET"]),
        Route("/trace", photo, methods=["POST"]),
        Route("/trace/{sample_id}/{model_id}.json", sample, methods=["GET"]),
        Route("/trace/{sample_id}/{model_id}/{level:int}.json", sample, methods=["GET"]),
    ]
