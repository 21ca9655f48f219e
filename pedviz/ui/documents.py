"""The pages that need no Gradio, what they fetch, and where an address of an earlier version leads now."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from fastapi.exception_handlers import http_exception_handler
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from pedviz.dashboard.pair import answer
from pedviz.dashboard.stored import read_stored
from pedviz.site.documents import document, missing_document, script, script_address
from pedviz.site.pages import DATA_FILES, FRONT, LINKS_TO_IMAGES, PAGES, Page
from pedviz.ui.gallery import Gallery

SERVED = "detect/served.js"
NOT_FOUND, MOVED = 404, 301
HEADERS = {"Cache-Control": "no-cache"}


def document_routes(gallery: Gallery) -> list[Route]:
    """A route for every document, for its old address, and for the data that documents fetch.

    Args:
        gallery: knows whether the test images can be shown.
    """
    documents = [page for page in PAGES if page.name]
    front = replace(PAGES[0], module=SERVED)

    def data(name: str) -> Callable[[Request], Response]:
        def show(_: Request) -> Response:
            shown = {"test_images": gallery.has_pennfudan} if name in LINKS_TO_IMAGES else {}
            return JSONResponse({**DATA_FILES[name](), **shown}, headers=HEADERS)

        return show

    def pair(request: Request) -> Response:
        first, second = (request.path_params[name] for name in ("a", "b"))
        found, status = answer(read_stored(), first=first, second=second)
        return JSONResponse(found, status_code=status, headers=HEADERS)

    return [
        *(Route(f"/{page.address}", _shown(page)) for page in documents),
        *(Route(f"/{script_address(page)}", _script(page)) for page in documents),
        Route(f"/{script_address(front)}", _script(front, exports="connect")),
        *(Route(f"/{page.name}", _moved(page.address)) for page in documents),
        Route("/index.html", _moved(FRONT)),
        Route("/licence", _moved("licence.txt")),
        *(Route(f"/{name}", data(name)) for name in DATA_FILES),
        Route("/dashboard-pair/{a}/{b}.json", pair),
    ]


def _shown(page: Page) -> Callable[[Request], Response]:
    def show(_: Request) -> Response:
        return HTMLResponse(document(page), headers=HEADERS)

    return show


def _script(page: Page, *, exports: str = "") -> Callable[[Request], Response]:
    if page.address == FRONT:
        script(page, exports=exports)  # made before anybody waits for it

    def show(_: Request) -> Response:
        return Response(script(page, exports=exports), media_type="text/javascript", headers=HEADERS)

    return show


def _moved(address: str) -> Callable[[Request], Response]:
    """Leads to `address`, beside the present one, so that it holds behind any prefix; the query stays."""

    def move(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return Response(status_code=MOVED, headers={"Location": address + query})

    return move


def missing_handler() -> Callable[[Request, HTTPException], Awaitable[Response]]:
    """Answers 404 with a page where a browser asks for one, with JSON or nothing elsewhere."""

    async def answer_missing(request: Request, error: HTTPException) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            return await http_exception_handler(request, error)
        root = request.scope.get("root_path", "")
        return HTMLResponse(missing_document(root=f"{root}/"), status_code=NOT_FOUND)

    return answer_missing
