"""What the page "Your results" asks for: to take files, compare them, say how far it is, and forget them."""

import json
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from pedviz.data.json_fields import LARGEST_FILE
from pedviz.errors import BusyError, Cancelled, PedvizError, ResultsError
from pedviz.ui.comparison_jobs import SLOTS, ComparisonJobs
from pedviz.ui.receiving import BAD_REQUEST, NO_STORE, UNAVAILABLE, RefusedError, pieces, refusal

PATH = "/comparisons"
MOST_REQUEST_BYTES = 10_000
TOO_LARGE = f"this file is larger than {LARGEST_FILE // 1_000_000} MB; run pedviz compare on your own machine"
NOT_FOUND = 404
Handler = Callable[[Request], Awaitable[Response]]


def comparison_routes(jobs: ComparisonJobs) -> list[BaseRoute]:
    """The addresses of comparisons.

    Args:
        jobs: holds them.
    """

    async def begin(_: Request) -> Response:
        return _answer({"token": jobs.begin()})

    async def receive(request: Request) -> Response:
        token, slot = request.path_params["token"], request.path_params["slot"]
        if slot not in SLOTS:
            raise ResultsError(f"expected one of the files {', '.join(SLOTS)}")
        async for piece in pieces(request, most_bytes=LARGEST_FILE, too_large=TOO_LARGE):
            await run_in_threadpool(jobs.write, token, slot, piece=piece)
        return _answer({})

    async def start(request: Request) -> Response:
        content = bytearray()
        async for piece in pieces(request, most_bytes=MOST_REQUEST_BYTES):
            content += piece
        names, category = _request(bytes(content))
        await run_in_threadpool(jobs.start, request.path_params["token"], names, category=category)
        return _answer({})

    async def state(request: Request) -> Response:
        return _answer(await run_in_threadpool(jobs.state, request.path_params["token"]))

    async def result(request: Request) -> Response:
        is_report = request.path_params["form"] == "html"
        path = jobs.result(request.path_params["token"], report=is_report)
        name = "report.html" if is_report else None
        kind = "text/html" if is_report else "application/json"
        return FileResponse(path, media_type=kind, filename=name, headers=NO_STORE)

    async def drop(request: Request) -> Response:
        await run_in_threadpool(jobs.drop, request.path_params["token"])
        return _answer({})

    one = f"{PATH}/{{token}}"
    return [
        Route(PATH, _safe(begin), methods=["POST"]),
        Route(f"{one}/report.{{form:str}}", _safe(result), methods=["GET"]),
        Route(f"{one}/{{slot}}", _safe(receive), methods=["PUT"]),
        Route(one, _safe(start), methods=["POST"]),
        Route(one, _safe(state), methods=["GET"]),
        Route(one, _safe(drop), methods=["DELETE"]),
    ]


def _request(content: bytes) -> tuple[dict[str, str], str | None]:
    try:
        body = json.loads(content)
        names = {slot: str(name) for slot, name in body["names"].items() if slot in SLOTS}
        category = body.get("category")
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise ResultsError("expected the names of the files") from error
    return names, str(category) if category else None


def _answer(content: dict[str, object]) -> Response:
    return JSONResponse(content, headers=NO_STORE)


def _safe(handle: Handler) -> Handler:
    """`handle`, with every refusal as one sentence."""

    async def answer(request: Request) -> Response:
        try:
            return await handle(request)
        except RefusedError as error:
            return refusal(error)
        except BusyError as error:
            return refusal(RefusedError(str(error), UNAVAILABLE))
        except ResultsError as error:
            return refusal(RefusedError(str(error), NOT_FOUND))
        except Cancelled:
            return Response(status_code=BAD_REQUEST)
        except PedvizError as error:
            return refusal(RefusedError(str(error), BAD_REQUEST))

    return answer
