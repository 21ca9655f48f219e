"""What the web server adds to Gradio: documents, our own files, and headers that keep the site to itself."""

from collections.abc import Callable
from pathlib import Path

from starlette._utils import get_route_path
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pedviz.errors import PedvizError
from pedviz.paths import CODE_LICENCE, results_folder
from pedviz.site.assets import SHEETS, WEB_FOLDER
from pedviz.site.documents import CONTENT_SECURITY_POLICY
from pedviz.site.pages import Page
from pedviz.ui.documents import document_routes
from pedviz.ui.exposure import Exposure
from pedviz.ui.front import GRADIO_PAGES, FrontPage, Query
from pedviz.ui.gallery import Gallery
from pedviz.ui.guard import Allowed, Guard, NotFound
from pedviz.ui.payload import sentence
from pedviz.ui.quiet import Quiet
from pedviz.ui.sample_routes import sample_routes

# Gradio evaluates its templates and writes inline styles, hence the two "unsafe" entries. Everything the
# page loads comes from this server; blob: and data: are images and files that the page makes itself.
GRADIO_POLICY = CONTENT_SECURITY_POLICY.replace(
    "script-src 'self'", "script-src 'self' 'unsafe-inline' 'unsafe-eval'"
).replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
PERSONAL = ("/gradio_api/", "/config")
# The same for everybody. A frame in a sandbox has an origin of its own, so it may read these only if all may.
PUBLIC_FOLDERS = ("/web/", "/results/", "/samples/")
HEADERS = {"Referrer-Policy": "same-origin", "X-Content-Type-Options": "nosniff"}


class OwnHeaders:
    """Adds `HEADERS` to every answer, has browsers ask again for our own files and keep nothing personal.

    Args:
        app: what answers.
        exposure: who may frame which page.
        quiet: is told of every request.
    """

    def __init__(self, app: ASGIApp, *, exposure: Exposure, quiet: Quiet) -> None:
        self._app = app
        self._exposure = exposure
        self._quiet = quiet

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        self._quiet.disturb()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers, path = MutableHeaders(scope=message), get_route_path(scope)
                headers.update(HEADERS | {"Content-Security-Policy": self._policy(path)})
                if path.startswith("/web/"):
                    headers["Cache-Control"] = "no-cache"
                elif path in GRADIO_PAGES or path.startswith(PERSONAL):
                    headers["Cache-Control"] = "no-store"
                if path.startswith(PUBLIC_FOLDERS) or path.endswith(".json"):
                    headers["Access-Control-Allow-Origin"] = "*"
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)

    def _policy(self, path: str) -> str:
        if path in GRADIO_PAGES:
            return f"{GRADIO_POLICY}; frame-ancestors {self._exposure.frame_ancestors}"
        return f"{CONTENT_SECURITY_POLICY}; frame-ancestors {self._exposure.document_ancestors}"


def routes(gallery: Gallery) -> list[BaseRoute]:
    """Documents, our modules and stylesheets, stored results, thumbnails of `gallery`, the licence."""

    def thumbnail(request: Request) -> Response:
        try:
            content = gallery.thumbnail(request.path_params["sample_id"])
        except PedvizError as error:
            return Response(sentence(error), status_code=404, media_type="text/plain")
        return Response(content, media_type="image/webp", headers={"Cache-Control": "max-age=3600"})

    def sheet(request: Request) -> Response:
        return Response(SHEETS[request.url.path.rpartition("/")[2]](), media_type="text/css")

    def licence(_: Request) -> Response:
        return FileResponse(CODE_LICENCE, media_type="text/plain; charset=utf-8")

    return [
        *(Route(f"/web/{name}", sheet) for name in SHEETS),
        *document_routes(gallery),  # with their scripts, which are no files of the folder
        _folder("/web", WEB_FOLDER),
        _folder("/results", results_folder()),
        Route("/thumbnails/{sample_id}.webp", thumbnail),
        Route("/licence.txt", licence),
        *sample_routes(),
    ]


def _folder(address: str, folder: Path) -> Route:
    """The files of a folder. A mounted folder would not be found behind a proxy that strips a prefix."""
    files = StaticFiles(directory=folder, check_dir=False)

    async def file(request: Request) -> Response:
        return await files.get_response(files.get_path({"path": request.path_params["path"]}), request.scope)

    return Route(f"{address}/{{path:path}}", file)


def middleware(
    allowed: Allowed, *, not_found: NotFound, exposure: Exposure, quiet: Quiet, front: Callable[[Query], Page]
) -> list[Middleware]:
    """What wraps every answer of the server, the outermost first."""
    guard = Middleware(Guard, allowed=allowed, not_found=not_found, origins=exposure.origins)
    return [Middleware(OwnHeaders, exposure=exposure, quiet=quiet), guard, Middleware(FrontPage, page=front)]
