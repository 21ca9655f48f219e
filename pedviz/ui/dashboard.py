"""The dashboard page: its data comes as JSON when it is opened, so that no other page carries it."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from pedviz.dashboard.pair import answer
from pedviz.dashboard.payload import dashboard_payload
from pedviz.dashboard.stored import read_stored
from pedviz.ui.gallery import Gallery
from pedviz.ui.shell import Page, frame, mount_script

PATH = "dashboard"
CONTENT = "dashboard.json"
HEADERS = {"Cache-Control": "no-cache"}


def build_dashboard() -> None:
    """Lay out the page, inside the Blocks of the caller."""
    frame(
        '<div class="pv-root"><main class="pv-wide pvd" id="main"><h1>How good is each detector?</h1>'
        '<p class="pvd-wait" role="status">Reading the stored results …</p></main></div>',
        script=mount_script("dashboard/entry.js", CONTENT),
    )


def dashboard_page() -> Page:
    """The page, for the site's list."""
    return Page(path=PATH, title="Dashboard", build=build_dashboard)


def dashboard_routes(gallery: Gallery) -> list[Route]:
    """What the page asks for: everything at once, and the comparison of two variants.

    Args:
        gallery: knows whether the test pictures can be shown.
    """

    def content(_: Request) -> JSONResponse:
        shown = {"test_pictures": gallery.has_pennfudan}
        return JSONResponse(dashboard_payload() | shown, headers=HEADERS)

    def pair(request: Request) -> JSONResponse:
        first, second = (request.query_params.get(name, "") for name in ("a", "b"))
        found, status = answer(read_stored(), first=first, second=second)
        return JSONResponse(found, status_code=status, headers=HEADERS)

    return [Route(f"/{CONTENT}", content), Route("/dashboard-pair.json", pair)]
