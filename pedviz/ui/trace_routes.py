"""The addresses below /trace: what there is to choose, and the detector's pass over a sample or a photo.

Nothing is kept of a request; every refusal is one plain sentence with a status that says whose fault it is.
"""

import asyncio
import threading
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
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
from pedviz.ui.payload import sentence
from pedviz.ui.tracing import IsGone, Slots, Tracer
from pedviz.ui.variants import choices

UPLOAD_SECONDS = 60
MOST_UPLOADS = 8
LOOK_SECONDS = 0.25  # how often a waiting request is asked whether its visitor is still there
TOO_LARGE = f"this file is larger than {MAX_BYTES // 2**20} MB; choose a smaller image"
TOO_SLOW = "the photo did not arrive in time; try again"
NOT_FOUND, TIMEOUT, TOO_LARGE_STATUS, UNUSABLE, UNAVAILABLE = 404, 408, 413, 422, 503
STATUSES: tuple[tuple[type[PedvizError], int], ...] = (
    (UnknownModelError, NOT_FOUND),
    (PhotoError, UNUSABLE),
    (BusyError, UNAVAILABLE),
    (CheckpointError, UNAVAILABLE),
    (DatasetError, UNAVAILABLE),
    (DownloadError, UNAVAILABLE),
    (Cancelled, UNAVAILABLE),
)
NO_STORE = {"Cache-Control": "no-store"}


class _Refusal(PedvizError):
    """A request that is refused before it reaches the detector, with its status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


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


async def _body(request: Request) -> bytes:
    """The file that was sent, never more than is allowed of it.

    Raises:
        _Refusal: it is too large, or it takes too long.
    """
    if int(request.headers.get("content-length") or 0) > MAX_BYTES:
        raise _Refusal(TOO_LARGE, TOO_LARGE_STATUS)
    content = bytearray()
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            async for piece in request.stream():
                content += piece
                if len(content) > MAX_BYTES:
                    raise _Refusal(TOO_LARGE, TOO_LARGE_STATUS)
    except TimeoutError:
        raise _Refusal(TOO_SLOW, TIMEOUT) from None
    except ClientDisconnect:
        raise Cancelled("the visitor left") from None
    return bytes(content)


def trace_routes(gallery: Gallery, tracer: Tracer) -> list[BaseRoute]:
    """`GET trace`: the samples and variants. `GET trace/<sample>` and `POST trace`: a pass, ?model=<id>."""
    uploads = Slots(MOST_UPLOADS)

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
            with uploads.acquired():
                content = await _body(request)
            return await _computed(request, lambda gone: tracer.photo(content, model_id, gone=gone))
        except _Refusal as error:
            return _refused(error, status=error.status)
        except PedvizError as error:
            return _refused(error)

    return [
        Route("/trace", listed, methods=["GET"]),
        Route("/trace", photo, methods=["POST"]),
        Route("/trace/{sample_id}", sample, methods=["GET"]),
    ]
