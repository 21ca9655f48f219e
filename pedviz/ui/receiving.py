"""Reading what a client sends, with limits of size and time, and the address that photos are uploaded to."""

import asyncio
from collections.abc import AsyncIterator

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from pedviz.errors import BusyError, Cancelled, PedvizError
from pedviz.ui.payload import sentence
from pedviz.ui.uploads import TOO_LARGE, TooLargeError, Uploads

SILENT_SECONDS = 60.0  # without a byte, after which a client is given up
WHOLE_SECONDS = 600.0  # for everything that one request sends
MOST_FILES = 50
UPLOAD_PATH = "/gradio_api/upload"  # Gradio's own clients send their files there
BAD_REQUEST, TIMEOUT, TOO_LARGE_STATUS, UNAVAILABLE = 400, 408, 413, 503
TOO_SLOW = "the photo did not arrive in time; try again"
NO_FILES = f"expected a form with 1 to {MOST_FILES} files"
NO_STORE = {"Cache-Control": "no-store"}


class RefusedError(PedvizError):
    """A request that is refused, with its HTTP status.

    Args:
        message: one sentence.
        status: of the answer.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def refusal(error: RefusedError) -> Response:
    """The answer to a refused request: its sentence."""
    return Response(
        sentence(error), status_code=error.status, media_type="text/plain",
        headers=NO_STORE | {"Connection": "close"},
    )  # fmt: skip


async def pieces(request: Request, *, most_bytes: int, too_large: str = TOO_LARGE) -> AsyncIterator[bytes]:
    """What the client sends, as it comes.

    Args:
        request: whose body is read.
        most_bytes: of the whole body.
        too_large: what is said of more.

    Raises:
        RefusedError: it is too large, or nothing came for too long.
        Cancelled: the client left.
    """
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > most_bytes:
        raise RefusedError(too_large, TOO_LARGE_STATUS)
    arrived, stream = 0, aiter(request.stream())
    try:
        async with asyncio.timeout(WHOLE_SECONDS):
            while True:
                async with asyncio.timeout(SILENT_SECONDS):
                    piece = await anext(stream, None)
                if piece is None:
                    return
                arrived += len(piece)
                if arrived > most_bytes:
                    raise RefusedError(too_large, TOO_LARGE_STATUS)
                yield piece
    except TimeoutError:
        raise RefusedError(TOO_SLOW, TIMEOUT) from None
    except ClientDisconnect:
        raise Cancelled("the client left") from None


class _Form:
    """Writes the files of a form into `Uploads` while it arrives.

    Args:
        uploads: where the files go.
        address: of the client.
        boundary: between the parts of the form.
    """

    def __init__(self, uploads: Uploads, *, address: str, boundary: bytes) -> None:
        self._uploads = uploads
        self._address = address
        self.tokens: list[str] = []
        self.complete = False
        self._parser = MultipartParser(
            boundary, {"on_part_begin": self._begin, "on_part_data": self._data, "on_end": self._end}
        )

    def feed(self, piece: bytes) -> None:
        self._parser.write(piece)

    def drop(self) -> None:
        for token in self.tokens:
            self._uploads.drop(token)

    def _begin(self) -> None:
        if len(self.tokens) == MOST_FILES:
            raise RefusedError(NO_FILES, BAD_REQUEST)
        self.tokens.append(self._uploads.begin(self._address))

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._uploads.write(self.tokens[-1], data[start:end])

    def _end(self) -> None:
        self.complete = True


async def _receive(request: Request, uploads: Uploads) -> list[str]:
    """The tokens of the files that a form holds. Files of a form that is not whole are removed."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise RefusedError(NO_FILES, BAD_REQUEST)
    address = request.client.host if request.client else ""
    form = _Form(uploads, address=address, boundary=options[b"boundary"])
    try:
        async for piece in pieces(request, most_bytes=MOST_FILES * 2**25):
            form.feed(piece)
        if not form.complete or not form.tokens:
            raise RefusedError(NO_FILES, BAD_REQUEST)
    except FormParserError:
        form.drop()
        raise RefusedError(NO_FILES, BAD_REQUEST) from None
    except BaseException:
        form.drop()
        raise
    return form.tokens


def upload_route(uploads: Uploads) -> BaseRoute:
    """`POST gradio_api/upload`: a form of files, answered with the list of their tokens.

    It takes the place of Gradio's own, which names a file after its content, so that two visitors of one
    photo share a file, and leaves behind what breaks off.
    """

    async def upload(request: Request) -> Response:
        try:
            return JSONResponse(await _receive(request, uploads), headers=NO_STORE)
        except RefusedError as error:
            return refusal(error)
        except TooLargeError as error:
            return refusal(RefusedError(str(error), TOO_LARGE_STATUS))
        except BusyError as error:
            return refusal(RefusedError(str(error), UNAVAILABLE))
        except PedvizError as error:
            return refusal(RefusedError(str(error), BAD_REQUEST))

    return Route(UPLOAD_PATH, upload, methods=["POST"])
