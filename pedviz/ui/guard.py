"""What stands before every request: which addresses answer at all, to whom, and how much they take.

Gradio answers some eighty addresses and each version adds more. Those that this product uses are listed
here; the others are not found, so a new one has to be allowed by hand.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette._utils import get_route_path
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pedviz.errors import ArgumentError, Cancelled
from pedviz.ui.receiving import BAD_REQUEST, SILENT_SECONDS, RefusedError, pieces, refusal
from pedviz.ui.requests import check_event
from pedviz.ui.waiting import Pace, check_room

# Method and path of Gradio's routes that the page and Gradio's clients need.
GRADIO_ROUTES = (
    ("GET", "/"),
    ("HEAD", "/"),
    ("GET", "/config"),
    ("GET", "/theme.css"),
    ("GET", "/favicon.ico"),
    ("GET", "/assets/{path:path}"),
    ("GET", "/static/{path:path}"),
    ("GET", "/gradio_api/info"),
    ("GET", "/gradio_api/startup-events"),
    ("POST", "/login"),
    ("GET", "/gradio_api/app_id"),  # asked when a connection breaks, to notice a restarted server
    ("GET", "/gradio_api/heartbeat/{session_hash}"),
    ("POST", "/gradio_api/queue/join"),
    ("GET", "/gradio_api/queue/data"),
    ("POST", "/gradio_api/run/predict"),
    ("POST", "/gradio_api/call/detect"),
    ("GET", "/gradio_api/call/detect/{event_id}"),
)
SENT = ("data", "fn_index", "session_hash")  # all that the page and Gradio's clients need to send
MAX_JSON_BYTES = 2**20
NOT_FOUND, FORBIDDEN, UNAUTHORISED = 404, 403, 401
FOREIGN = "requests from pages of other sites are refused here"
LOGIN, CALL = "/login", "/call/detect"  # a call is named by its address, other events by their number
DIRECT = "/run/predict"  # answers events that need not wait; the others go through the queue
PUBLIC = ("/web/", "/licence")  # what the page with the login form needs
LOG_IN = "log in at the front page of this site first"
NO_JSON = "expected a JSON object"
NO_DATA = "data: expected a list"
NO_EVENT = "there is no such event here; reload the page"
TOO_MUCH_JSON = "this request is larger than 1 MB"
NotFound = Callable[[Request, HTTPException], Awaitable[Response]]


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """Which requests are answered.

    Args:
        ours: routes of our own, all of which answer.
    """

    ours: Sequence[BaseRoute]

    def is_ours(self, scope: Scope) -> bool:
        """Whether one of our own routes answers."""
        return any(route.matches(scope)[0] is not Match.NONE for route in self.ours)

    def is_gradios(self, method: str, path: str) -> bool:
        """Whether Gradio answers a method at a path below the site's root."""
        return any(verb == method and _PATTERNS[pattern].match(path) for verb, pattern in GRADIO_ROUTES)


_PATTERNS = {pattern: compile_path(pattern)[0] for _, pattern in GRADIO_ROUTES}


def from_elsewhere(headers: Headers, *, allowed: Sequence[str] = ()) -> bool:
    """Whether a browser sends this on behalf of a page of another site.

    Args:
        headers: of the request.
        allowed: other sites whose pages may, such as "https://example.org".
    """
    origin = headers.get("origin")
    if origin is None or origin in allowed:
        return False
    hosts = (headers.get("host"), headers.get("x-forwarded-host"))
    return (urlsplit(origin).netloc or origin) not in hosts


def without_file_marks(value: Any) -> Any:
    """What a client sends, without the mark by which Gradio recognises files.

    Gradio would look the file up in its own folder, copy it and keep the copy; ours are read by us.
    """
    if isinstance(value, dict):
        return {key: without_file_marks(part) for key, part in value.items() if key != "meta"}
    return [without_file_marks(part) for part in value] if isinstance(value, list) else value


async def _body(request: Request) -> bytes:
    sent = pieces(request, most_bytes=MAX_JSON_BYTES, too_large=TOO_MUCH_JSON)
    return b"".join([piece async for piece in sent])


def _is_logged_in(request: Request) -> bool:
    """Whether no login is asked for, or this browser has one. Gradio's own routes ask for themselves."""
    app: Any = request.scope.get("app")
    if getattr(app, "auth", None) is None:
        return True
    cookies = (f"access-token-{app.cookie_id}", f"access-token-unsecure-{app.cookie_id}")
    return any(request.cookies.get(cookie) in app.tokens for cookie in cookies)


async def _json_body(request: Request) -> dict[str, object]:
    try:
        body = json.loads(await _body(request))
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise RefusedError(NO_JSON, BAD_REQUEST)
    return body


class _TakesNothingError(Exception):
    """Ends the answer to a client that was given up."""


def _impatient(receive: Receive, send: Send) -> Send:
    """Sends, and gives up a client that takes nothing for too long.

    Its connection is cut off: what was to be sent would otherwise wait for it for ever.
    """

    async def send_in_time(message: Message) -> None:
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                await send(message)
        except TimeoutError:
            cycle = getattr(receive, "__self__", None)  # uvicorn's, which alone knows the connection
            if transport := getattr(cycle, "transport", None):
                transport.abort()
            raise _TakesNothingError from None

    return send_in_time


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Gives `body` once, and then whatever else comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


class Guard:
    """Refuses what the product does not use, and reads the body of every question to Gradio before it.

    Args:
        app: what answers.
        allowed: which requests are answered.
        not_found: the answer to all others.
        origins: other sites whose pages may ask.
    """

    def __init__(
        self, app: ASGIApp, *, allowed: Allowed, not_found: NotFound, origins: Sequence[str] = ()
    ) -> None:
        self._app = app
        self._allowed = allowed
        self._not_found = not_found
        self._origins = origins
        self._pace = Pace()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with suppress(_TakesNothingError):
            await self._answer(scope, receive, _impatient(receive, send))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if self._allowed.is_ours(scope):
            await self._own(request, scope, receive, send)
        elif self._allowed.is_gradios(request.method, get_route_path(scope)):
            await self._gradios(request, scope, receive, send)
        else:
            answer = await self._not_found(request, HTTPException(NOT_FOUND))
            await answer(scope, receive, send)

    async def _own(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        if request.method not in ("GET", "HEAD") and from_elsewhere(request.headers, allowed=self._origins):
            await refusal(RefusedError(FOREIGN, FORBIDDEN))(scope, receive, send)
        elif not _is_logged_in(request) and not get_route_path(scope).startswith(PUBLIC):
            await refusal(RefusedError(LOG_IN, UNAUTHORISED))(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _gradios(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if from_elsewhere(request.headers, allowed=self._origins):
                raise RefusedError(FOREIGN, FORBIDDEN)
            if get_route_path(scope) == LOGIN:
                receive = _replayed(await _body(request), receive)
            elif request.method == "POST":
                await asyncio.sleep(self._pace.pause(_address(request)))
                body = without_file_marks(await _json_body(request))
                body = {name: body.get(name) for name in SENT}
                _check_event(request, body)
                receive = _replayed(json.dumps(body).encode(), receive)
                scope = {**scope, "headers": _with_length(scope["headers"])}
        except Cancelled:
            return
        except RefusedError as error:
            await refusal(error)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _check_event(request: Request, body: dict[str, object]) -> None:
    """Refuse what is no event of ours, and who has enough in the queue already."""
    blocks, path = request.scope["app"].get_blocks(), request.url.path
    is_call, is_direct = path.endswith(CALL), path.endswith(DIRECT)
    data, event, session = (body[name] for name in SENT)
    fn = blocks.fns.get(event) if type(event) is int and not is_call else None  # True would be 1
    is_ours = is_call if fn is None else fn.fn is not None and is_direct == (fn.queue is False)
    if not is_ours or not (isinstance(session, str) or (is_call and session is None)):
        raise RefusedError(NO_EVENT, BAD_REQUEST)
    if not isinstance(data, list):
        raise RefusedError(NO_DATA, BAD_REQUEST)
    try:
        for _, name in fn.targets if fn is not None else ():
            check_event(name, data)
    except ArgumentError as error:
        raise RefusedError(str(error), BAD_REQUEST) from error
    if not is_direct:
        check_room(blocks._queue, session=session, address=_address(request))


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _with_length(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of a JSON body whose length nobody needs any more."""
    kept = [(name, value) for name, value in headers if name not in (b"content-length", b"content-type")]
    return [*kept, (b"content-type", b"application/json")]
