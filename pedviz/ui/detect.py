"""The Detect page: which components carry what, and which event calls which part of the service.

The page is a document of ours (front.py) that draws itself in the browser. Gradio's components are carriers
here: the value of the request channel holds what the page asks for, the others hold the answers. No template
contains a value, because Gradio runs templates as code.
"""

import json
from collections.abc import Callable
from typing import Any

import gradio as gr

from pedviz.detectors import at_once
from pedviz.site.documents import script_address
from pedviz.site.pages import PAGES
from pedviz.ui.api import INFERENCE, add_detect_endpoint
from pedviz.ui.requests import Requests
from pedviz.ui.service import DetectService
from pedviz.ui.waiting import client_is_gone, lent_slot, session_of

PANES = ("a", "b")
BATCH = "batch"  # answers to photos of a list that are not on screen
PHOTOS_AT_ONCE = 4
VERBS = ("run", "look", "stop")
EVENTS = (
    "choose",
    "forget",
    "download",
    f"run_{BATCH}",
    *(f"{verb}_{pane}" for verb in VERBS for pane in PANES),
)
BROKEN = "Something went wrong on the server; try again, or reload the page."


def _carrier(name: str, *, value: object = None) -> gr.HTML:
    """A component without content, handed over to the page's script once it is there.

    Args:
        name: what web/detect/served.js knows it by.
        value: the first one.
    """
    # Gradio knows an event by its quoted name in this text.
    events = f"/* triggers {list(EVENTS)} */ " if name == "channel" else ""
    script = (
        f"{events}import(new URL('{script_address(PAGES[0])}', document.baseURI).href)"
        f".then(({{ connect }}) => connect('{name}', {{ element, trigger, watch, props }}));"
    )
    return gr.HTML(
        value=value, html_template="", js_on_load=script, apply_default_css=False,
        elem_classes=["pv-block", f"pv-block-{name}"],
    )  # fmt: skip


def build_detect_page(service: DetectService) -> None:
    """Wire the page with its public endpoint, inside the Blocks of the caller."""
    channel = _carrier("channel", value={})
    photo, samples, batch = map(_carrier, ("photo", "samples", BATCH))
    _wire_photo(service, channel, photo=photo, samples=samples)
    for pane in PANES:
        _wire_pane(service, channel, pane=pane, answer=_carrier(f"pane_{pane}"))
    _wire_run(service, channel, pane=BATCH, answer=batch)
    add_detect_endpoint(service.load_predictor, uploads=service.uploads)


def _broken(request: str) -> dict[str, Any]:
    """How a failed event is told to the page: in the browser, because the server may be gone."""
    answer = f"{{ ticket: requests.{request}.ticket, error: {json.dumps(BROKEN)} }}"
    return {
        "fn": None, "js": f"(requests) => ({answer})", "show_progress": "hidden", "api_visibility": "private",
    }  # fmt: skip


def _wire_photo(service: DetectService, channel: gr.HTML, *, photo: gr.HTML, samples: gr.HTML) -> None:
    def choose(requests: Requests, http: gr.Request) -> dict[str, object]:
        address = http.client.host if http.client else ""
        return service.choose(session_of(http), requests, address=address)

    async def forget(http: gr.Request) -> None:
        service.forget(session_of(http))

    def download(requests: Requests, progress: gr.Progress = gr.Progress()) -> dict[str, object]:  # noqa: B008
        return service.download_images(requests, progress=progress)

    private: dict[str, Any] = {"trigger_mode": "always_last", "api_visibility": "private"}
    chosen = channel.choose(
        choose, channel, photo, concurrency_limit=PHOTOS_AT_ONCE, show_progress="hidden", **private
    )
    chosen.failure(**_broken("photo"), inputs=channel, outputs=photo)
    channel.forget(forget, None, None, queue=False, show_progress="hidden", api_visibility="private")
    fetched = channel.download(download, channel, samples, show_progress="minimal", **private)
    fetched.failure(**_broken("download"), inputs=channel, outputs=samples)


def _wire_detection(
    function: Callable[..., dict[str, object]], channel: gr.HTML, *, verb: str, pane: str, answer: gr.HTML
) -> None:
    """Have an event answered by a detection, which waits in the line of all of them."""
    running = getattr(channel, f"{verb}_{pane}")(
        function, channel, answer, trigger_mode="always_last", show_progress="minimal",
        api_visibility="private", concurrency_limit=at_once(), concurrency_id=INFERENCE,
    )  # fmt: skip
    running.failure(**_broken(pane), inputs=channel, outputs=answer)


def _wire_run(service: DetectService, channel: gr.HTML, *, pane: str, answer: gr.HTML) -> None:
    def run(requests: Requests, http: gr.Request) -> dict[str, object]:
        return service.run(session_of(http), requests, pane=pane, gone=client_is_gone())

    _wire_detection(run, channel, verb="run", pane=pane, answer=answer)


def _wire_pane(service: DetectService, channel: gr.HTML, *, pane: str, answer: gr.HTML) -> None:
    def stop(requests: Requests, http: gr.Request) -> None:
        service.stop(session_of(http), requests, pane=pane)

    def look(
        requests: Requests,
        http: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> dict[str, object]:
        """Run with tiles: they take long, so whoever waits for a short detection comes in between."""

        def report(done: int, total: int) -> None:
            progress((done, total), unit="tiles")

        gone = client_is_gone()
        with lent_slot(INFERENCE):
            return service.run(session_of(http), requests, pane=pane, gone=gone, progress=report)

    _wire_run(service, channel, pane=pane, answer=answer)
    _wire_detection(look, channel, verb="look", pane=pane, answer=answer)
    # Gradio's own `cancels` is not used: the run itself asks whether it is still wanted, waiting or running.
    getattr(channel, f"stop_{pane}")(
        stop, channel, None, queue=False, show_progress="hidden", api_visibility="private"
    )
