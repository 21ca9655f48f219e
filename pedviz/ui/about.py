"""The about page: the server gives its content as JSON at every visit, the browser lays it out."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from pedviz.about.page import page_data
from pedviz.ui.shell import Page, frame, mount_script

PATH = "about"
CONTENT = "about.json"


def build_about() -> None:
    """Lay out the page, inside the Blocks of the caller."""
    frame(
        '<div class="pv-root"><main class="pv-wide pva" id="main"><h1>About PedViz</h1></main></div>',
        script=mount_script("about/page.js", CONTENT),
    )


def about_page() -> Page:
    """The page, for the site's list."""
    return Page(path=PATH, title="About", build=build_about)


def about_route() -> Route:
    """What the page asks for."""

    def content(_: Request) -> JSONResponse:
        return JSONResponse(page_data(), headers={"Cache-Control": "no-cache"})

    return Route(f"/{CONTENT}", content)
