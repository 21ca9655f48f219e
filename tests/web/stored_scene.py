"""What the server answers about stored results, for pages that are tested without it."""

import json

from playwright.sync_api import Page, Route

from pedviz.dashboard.payload import dashboard_payload
from pedviz.paths import results_folder


def _predictions(route: Route) -> None:
    name = route.request.url.rpartition("/")[2]
    route.fulfill(body=(results_folder() / "predictions" / name).read_text("utf-8"))


def _payload(route: Route) -> None:
    content = dashboard_payload() | {"test_pictures": False}
    route.fulfill(body=json.dumps(content), content_type="application/json")


def _thumbnail(route: Route) -> None:
    empty = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
    route.fulfill(content_type="image/svg+xml", body=empty)


def answer_stored(page: Page) -> None:
    """Answer requests for the dashboard's data and for stored predictions from the repository's results.

    Thumbnails are empty pictures.
    """
    page.route("**/thumbnails/*", _thumbnail)
    page.route("**/dashboard.json", _payload)
    page.route("**/results/predictions/*", _predictions)
