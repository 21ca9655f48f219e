"""What the web server adds to Gradio: our own files, thumbnails, and headers that keep the page to itself."""

import re
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pedviz.errors import PedvizError
from pedviz.paths import CODE_LICENCE, results_folder
from pedviz.ui.about import about_route
from pedviz.ui.dashboard import dashboard_routes
from pedviz.ui.gallery import Gallery
from pedviz.ui.sample_routes import sample_routes

WEB_FOLDER = Path(__file__).parent / "web"
PAGE_STYLES = ("base/theme.css", "base/gradio.css")
PART_STYLES = (
    "base/shell.css",
    "detect/detect.css",
    "detect/comparison.css",
    "about/about.css",
    "dashboard/dashboard.css",
    "charts/charts.css",
)
KEYFRAMES = re.compile(r"@keyframes [^{]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")

# Gradio evaluates its templates and writes inline styles, hence the two "unsafe" entries. Everything the
# page loads comes from this server; blob: and data: are pictures and files that the page makes itself.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class OwnHeaders:
    """Adds `HEADERS` to every answer, and has browsers ask again for our own files after an update.

    Args:
        app: what answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if scope["path"].startswith("/web/"):
                    headers["Cache-Control"] = "no-cache"
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def stylesheet() -> str:
    """All our CSS as one file.

    Gradio's reset (".gradio-container-6-31-0 button" and the like) is stronger than a class of ours. So the
    stylesheets of our parts are nested below .pv-root together with an id that no element has: that lends
    them the strength of an id, wherever and in whatever order Gradio loads its own. Keyframes cannot be
    nested and come first.
    """
    pages = [(WEB_FOLDER / name).read_text("utf-8") for name in PAGE_STYLES]
    parts = "\n".join((WEB_FOLDER / name).read_text("utf-8") for name in PART_STYLES)
    animations = KEYFRAMES.findall(parts)
    return "\n".join([*pages, *animations, ":is(.pv-root, #pv) {", KEYFRAMES.sub("", parts), "}", ""])


def routes(gallery: Gallery) -> list[BaseRoute]:
    """Our modules and stylesheets, stored results, thumbnails of `gallery`, the licence, what About says."""

    def thumbnail(request: Request) -> Response:
        try:
            content = gallery.thumbnail(request.path_params["sample_id"])
        except PedvizError as error:
            return Response(str(error), status_code=404, media_type="text/plain")
        return Response(content, media_type="image/jpeg", headers={"Cache-Control": "max-age=3600"})

    def styles(_: Request) -> Response:
        return Response(stylesheet(), media_type="text/css")

    def licence(_: Request) -> Response:
        return FileResponse(CODE_LICENCE, media_type="text/plain; charset=utf-8")

    return [
        Route("/web/site.css", styles),
        Mount("/web", StaticFiles(directory=WEB_FOLDER)),
        Mount("/results", StaticFiles(directory=results_folder(), check_dir=False)),
        Route("/thumbnails/{sample_id}", thumbnail),
        Route("/licence", licence),
        about_route(),
        *dashboard_routes(gallery),
        *sample_routes(),
    ]


def middleware() -> list[Middleware]:
    """What wraps every answer of the server."""
    return [Middleware(OwnHeaders)]
