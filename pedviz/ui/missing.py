"""What a browser shows at an address where nothing is: what happened, and the ways back."""

import html
from collections.abc import Awaitable, Callable

from fastapi.exception_handlers import http_exception_handler
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from pedviz.ui.shell import TITLE, Page, header_html

NOT_FOUND = 404
_DARK = "if (matchMedia('(prefers-color-scheme: dark)').matches) document.body.classList.add('dark')"


def missing_page(pages: tuple[Page, ...], *, root: str) -> str:
    """The page as HTML; `root` is the path of the front page, with a slash at its end."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Not found · {TITLE}</title>'
        f'<meta name="viewport" content="width=device-width"><base href="{html.escape(root)}">'
        '<link rel="icon" href="web/mark.svg"><link rel="stylesheet" href="web/site.css"></head>'
        f'<body style="margin: 0"><script>{_DARK}</script><div class="pv-root">{header_html(pages)}'
        '<main class="pv-wide pv-missing"><h1>There is nothing at this address</h1>'
        "<p>It may be mistyped, or of an earlier version. All that there is can be reached from "
        f'<a href="./">Detect</a> and the other pages above.</p></main></div></body></html>'
    )


def missing_handler(pages: tuple[Page, ...]) -> Callable[[Request, HTTPException], Awaitable[Response]]:
    """Answers 404 with `missing_page` where a browser asks for a page, with JSON or nothing elsewhere."""

    async def answer(request: Request, error: HTTPException) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            return await http_exception_handler(request, error)
        # Inside a mounted folder root_path is that folder's; the whole site's is kept beside it.
        root = request.scope.get("app_root_path", request.scope.get("root_path", ""))
        return HTMLResponse(missing_page(pages, root=f"{root}/"), status_code=NOT_FOUND)

    return answer
