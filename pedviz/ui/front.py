"""The front page: the Detect page's document, with Gradio's own page behind it.

The document shows a stored comparison before Gradio has started. Gradio's components carry what is asked of
the server and the answers, see web/detect/served.js.
"""

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

from starlette._utils import get_route_path
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pedviz.detectors import load_detector
from pedviz.site.documents import body_html, head_html
from pedviz.site.pages import PAGES, Page
from pedviz.ui.documents import SERVED
from pedviz.ui.payload_types import SetupPayload
from pedviz.ui.sample_routes import FOLDER, find_sample, sample_photo, sample_url, stored_pairs
from pedviz.ui.service import DetectService
from pedviz.ui.setup import page_setup
from pedviz.ui.variants import LIVE_MODEL, choices

Query = Mapping[str, str]
UPLOAD_URL, LIVE_URL = "gradio_api/upload", "live"
GRADIO_PAGES = ("", "/")
SCRIPT, BODY, APP, APP_END = b"<script", b"<body", b"<gradio-app", b"</gradio-app>"
LOADED = re.compile(rb'<script type="module"[^>]*></script>|<link rel="stylesheet"[^>]*>')
ASKS_FOR_LOGIN = b'"auth_required"'


def front_page(service: DetectService) -> Callable[[Query], Page]:
    """The Detect page for the query of its address."""
    # Stored results are of the released weights, and of no other detectors.
    stored = stored_pairs() if service.load_predictor is load_detector else {}
    models = choices()
    can_live = any(model["id"] == LIVE_MODEL and model["missing"] is None for model in models)
    setup = page_setup(
        service.gallery, models=models, stored=stored, upload_url=UPLOAD_URL,
        live_url=LIVE_URL if can_live else None,
    )  # fmt: skip

    if default := find_sample(setup["default_sample"]):
        sample_photo(default)  # read before anybody waits for it

    def page(query: Query) -> Page:
        data = {"setup": setup, "samples": service.samples()}
        listed = {entry["id"] for entry in service.gallery.listed()}
        sample = _known(query.get("sample"), listed, setup["default_sample"])
        fetches = _first_files(setup, sample, query)
        return replace(PAGES[0], module=SERVED, data=lambda: data, fetches=fetches)

    return page


def _known(asked: str | None, known: Container[str], default: str) -> str:
    """As readChoice of web/base/address.js."""
    return asked if asked is not None and asked in known else default


def _first_files(setup: SetupPayload, sample: str, query: Query) -> tuple[str, ...]:
    """What the page shows first, as far as it is stored: an image, what is known of it, and two results."""
    stored, url = setup["stored"].get(sample), sample_url(sample)
    if stored is None or url is None:
        return ()
    models = {model["id"] for model in setup["models"]}
    panes = zip("ab", setup["default_models"], strict=True)
    chosen = dict.fromkeys(_known(query.get(pane), models, default) for pane, default in panes)
    results = (f"{FOLDER}/{sample}/{name}.json" for name in chosen if name in stored)
    return (f"{FOLDER}/{sample}.json", url, *results)


def in_front(gradio: bytes, page: Page) -> bytes:
    """Gradio's HTML with a page's document in it, whose script takes Gradio out of a template to start it."""
    loaded = b"".join(LOADED.findall(gradio))
    gradio = LOADED.sub(b"", gradio)
    added = (
        (SCRIPT, head_html(page).encode() + SCRIPT),
        (BODY, b'<body class="pv-document"'),
        (APP, body_html(page).encode() + b'<template class="pv-gradio">' + loaded + APP),
        (APP_END, APP_END + b"</template>"),
    )
    for old, new in added:
        gradio = gradio.replace(old, new, 1)
    return gradio


class FrontPage:
    """Puts the Detect page's document into the answer that is Gradio's page; a login stays as it is.

    Args:
        app: what answers.
        page: of the front page's query.
    """

    def __init__(self, app: ASGIApp, page: Callable[[Query], Page]) -> None:
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        is_front = scope["type"] == "http" and get_route_path(scope) in GRADIO_PAGES
        if not is_front or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        started: list[Message] = []
        pieces: list[bytes] = []

        async def send_whole(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
                return
            pieces.append(message.get("body", b""))
            if message.get("more_body"):
                return
            text, [start] = b"".join(pieces), started
            if start["status"] == 200 and ASKS_FOR_LOGIN not in text:
                text = in_front(text, self._page(dict(parse_qsl(scope["query_string"].decode("latin-1")))))
            MutableHeaders(scope=start)["Content-Length"] = str(len(text))
            await send(start)
            await send({"type": "http.response.body", "body": text})

        await self._app(scope, receive, send_whole)
