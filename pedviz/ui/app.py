"""The whole site: Gradio's page, our documents beside it, and how both are launched."""

import threading
from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from pedviz.dashboard.payload import dashboard_payload
from pedviz.data.photos import MAX_BYTES
from pedviz.detectors import LoadDetector, load_detector
from pedviz.site.assets import WEB_FOLDER
from pedviz.site.documents import TITLE
from pedviz.site.pages import PAGES
from pedviz.ui.answers import AnsweringBlocks
from pedviz.ui.comparison_jobs import ComparisonJobs
from pedviz.ui.comparison_routes import comparison_routes
from pedviz.ui.detect import build_detect_page
from pedviz.ui.documents import NOT_FOUND, missing_handler
from pedviz.ui.exposure import Exposure
from pedviz.ui.forgetting import Forgetting, use_forgetful_loop
from pedviz.ui.front import front_page
from pedviz.ui.gallery import Gallery
from pedviz.ui.guard import Allowed
from pedviz.ui.live_routes import live_routes
from pedviz.ui.quiet import Quiet
from pedviz.ui.receiving import upload_route
from pedviz.ui.server import middleware, routes
from pedviz.ui.service import DetectService
from pedviz.ui.trace_routes import trace_routes
from pedviz.ui.tracing import Tracer, tracer_of
from pedviz.ui.uploads import Uploads
from pedviz.ui.waiting import MOST_IN_ALL, session_of

SESSIONS = 500
QUIET_SECONDS, WARM_UP_AT_LATEST_SECONDS = 4.0, 60.0
DETECT = PAGES[0]
BACKGROUND = dict.fromkeys(("body_background_fill", "body_background_fill_dark"), "var(--pv-bg)")
SANS, MONO = ("system-ui", "sans-serif"), ("ui-monospace", "monospace")


def build_blocks(service: DetectService) -> gr.Blocks:
    """Lay out the page that computes; every other one is a document.

    Args:
        service: what answers it; told of a visitor who closes the tab.
    """

    async def leave(request: gr.Request) -> None:
        service.forget(session_of(request))

    title = f"{DETECT.title} · {TITLE}"
    with AnsweringBlocks(title=title, analytics_enabled=False, fill_width=True) as blocks:
        build_detect_page(service)
        blocks.unload(leave)
    return blocks


@dataclass(frozen=True, kw_only=True)
class Site:
    """The app, ready to launch.

    Attributes:
        blocks: Gradio's part.
        service: what answers the Detect page.
        quiet: how long nobody has asked anything.
    """

    blocks: gr.Blocks
    service: DetectService
    quiet: Quiet = field(default_factory=Quiet)

    def warm_up(self) -> None:
        """Compute what visitors of the dashboard and of the Detect page would wait for, once nobody asks.

        Importing torch and a first detection take all that a small machine has: not while a page is fetched.
        """
        self.quiet.wait(QUIET_SECONDS, most=WARM_UP_AT_LATEST_SECONDS)
        dashboard_payload()
        self.service.warm_up()

    def launch(self, *, in_background: bool = False, warm_up: bool = True, **options: Any) -> str:
        """Start the server; warm up a little later.

        Args:
            in_background: return once the server is up, instead of serving until interrupted.
            warm_up: false where a test decides what is detected when.
            options: for `gr.Blocks.launch`, beside or instead of `launch_options`.

        Returns:
            The site's address, with a slash at the end.
        """
        use_forgetful_loop()
        self.blocks.queue(max_size=MOST_IN_ALL, default_concurrency_limit=1, api_open=False)
        settings = launch_options(self.service, quiet=self.quiet) | options
        _, address, _ = self.blocks.launch(**settings, prevent_thread_lock=True)
        if warm_up:
            threading.Thread(target=self.warm_up, daemon=True).start()
        if not in_background:
            self.blocks.block_thread()
        return address


def build_app(*, load_predictor: LoadDetector = load_detector) -> Site:
    """The site with all its pages and the /detect endpoint.

    Args:
        load_predictor: gives the detector of a variant; tests put theirs here.
    """
    service = DetectService(Gallery(), uploads=Uploads(), load_predictor=load_predictor)
    return Site(blocks=build_blocks(service), service=service)


def launch_options(
    service: DetectService, exposure: Exposure | None = None, *, quiet: Quiet | None = None
) -> dict[str, Any]:
    """Everything for `gr.Blocks.launch` that makes the site private, self-contained and ours to look at.

    Args:
        service: what answers the Detect page.
        exposure: who may reach the site; as the environment says by default.
        quiet: is told of every request.
    """
    tracer = Tracer(service.gallery, make_trace=tracer_of(service.load_predictor), weights=service.weights)
    exposure, uploads = exposure or Exposure.from_environment(), service.uploads
    jobs = ComparisonJobs()
    forgetting = Forgetting([uploads.sweep, service.visitors.sweep, jobs.sweep], keep=uploads.keep)
    service.after_forgetting = forgetting.forgotten
    traces = trace_routes(service.gallery, tracer, uploads=uploads)
    live = live_routes(service.load_predictor)
    our_routes = [*routes(service.gallery), *traces, *live, upload_route(uploads), *comparison_routes(jobs)]
    not_found = missing_handler()
    return {
        "theme": gr.themes.Base(font=SANS, font_mono=MONO).set(**BACKGROUND),
        "favicon_path": WEB_FOLDER / "mark.svg",
        "footer_links": [],
        "max_file_size": MAX_BYTES,
        "run_history": False,
        "enable_monitoring": False,
        "ssr_mode": False,
        # Or Gradio asks its own page once more and ends the server where it takes more than 3 seconds, as it
        # does on a busy machine whose first visitor is there already. It has waited for the start before.
        "_frontend": False,
        "allowed_paths": [],
        "state_session_capacity": SESSIONS,
        "show_error": False,
        "auth": exposure.login,
        "app_kwargs": {
            "routes": our_routes,
            "middleware": middleware(
                Allowed(ours=our_routes),
                not_found=not_found,
                exposure=exposure,
                quiet=quiet or Quiet(),
                front=front_page(service),
            ),
            "exception_handlers": {NOT_FOUND: not_found},
            "lifespan": forgetting.lifespan,
        },
    }
