"""Pages as HTML. No script stands in a document: modules run it, and a policy forbids the rest."""

import html
import json
from dataclasses import replace

import pedviz
from pedviz.site.assets import SITE_SHEET
from pedviz.site.bundles import bundle
from pedviz.site.pages import FRONT, PAGES, Page

TITLE = "PedViz"
FIRST_SCRIPT = "base/first_paint.js"  # light or dark must be known before anything is painted
START = "base/document.js"
# blob: and data: are images and files that the page makes itself; attributes named style are ours.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "connect-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
NEEDS_SERVER = (
    '<p class="pv-notice">This page computes, so it needs the server, which this copy of the site lacks. '
    "Install PedViz and run: <code>pedviz app</code></p>"
)
NO_SERVER = (
    "<p>This is a copy of the site as files: it shows stored results and computes nothing. For photos of "
    "your own install PedViz and start its server: <code>pedviz app</code>.</p>"
)
PROGRAMS = """<details><summary>For programs: the same detections by API</summary>
<pre>from gradio_client import Client, handle_file

client = Client("<span class="pv-address"></span>")
coco = client.predict(
    photo=handle_file("photo.jpg"),
    models=["maskrcnn_resnet50_fpn", "maskrcnn_mobilenet_v2_lite"],
    score_threshold=0.5,
    api_name="/detect",
)</pre></details>"""


def _link(page: Page, current: Page | None) -> str:
    mark = ' aria-current="page"' if current and page.name == current.name else ""
    return f'<a href="{page.address}"{mark}>{html.escape(page.title)}</a>'


def header_html(current: Page | None = None) -> str:
    """Name and navigation; the visitor is on `current`, or on none of the pages."""
    links = "".join(_link(page, current) for page in PAGES if page.in_navigation)
    return (
        '<a class="pv-skip" href="#main">Skip to the content</a>'
        '<header class="pv-header"><div class="pv-wide">'
        f'<a class="pv-brand" href="{FRONT}">'
        f'<img src="web/mark.svg" alt="" width="28" height="28">{TITLE}</a>'
        f'<nav class="pv-nav" aria-label="Pages">{links}</nav></div></header>'
    )


def footer_html(*, is_copy: bool = False) -> str:
    """What this is, its licences and its version; how programs ask, or how to get what a copy lacks."""
    more = NO_SERVER if is_copy else PROGRAMS
    return (
        '<footer class="pv-footer"><div class="pv-wide">'
        f"<p>{TITLE} shows what pedestrian detectors see, and how far to trust it. The detectors were "
        "fine-tuned on 120 street images of Penn-Fudan, most of them with photos of other people as well. "
        "They miss people and see some who are not there: not for safety-critical use.</p>"
        f'<p>Version {pedviz.__version__} · <a href="licence.txt">Licence of the code</a> · '
        f'<a href="about.html#licences">weights: non-commercial</a></p>{more}</div></footer>'
    )


def script_address(page: Page) -> str:
    """Where the one script of a document is, below the root."""
    return f"web/pages/{page.name or 'index'}.js"


def script(page: Page, *, exports: str = "") -> str:
    """The one script of a document: what every page has, and what fills this one.

    Args:
        page: the document's.
        exports: a function of the page's module that other scripts import from this one.
    """
    if page.module is None:
        return bundle((START,), last="{0}.start(null);")
    given = f"\nexport const {{{{ {exports} }}}} = {{1}};" if exports else ""
    return bundle((START, page.module), last="{0}.start({1}.mount);" + given)


def _data_block(page: Page) -> str:
    """Data, which no browser runs. "<" would be read as a tag even there."""
    if page.data is None:
        return ""
    content = json.dumps(page.data(), separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json" id="page-data">{content}</script>'


def _preload(address: str) -> str:
    kind = "fetch" if address.endswith(".json") else "image"
    mode = " crossorigin" if kind == "fetch" else ""  # as its module fetches it
    return f'<link rel="preload" as="{kind}" href="{address}"{mode}>'


def head_html(page: Page) -> str:
    """What a page says of itself, and what it loads."""
    sheets = "".join(f'<link rel="stylesheet" href="web/{sheet}">' for sheet in page.sheets)
    return (
        f"<title>{html.escape(page.title)} · {TITLE}</title>"
        f'<meta name="description" content="{html.escape(page.description)}">'
        f'<link rel="canonical" href="{page.address}"><link rel="icon" href="web/mark.svg">'
        f"{sheets}{''.join(map(_preload, page.fetches))}"
        f'<script type="module" src="{script_address(page)}"></script>'
    )


def body_html(page: Page, *, is_copy: bool = False) -> str:
    """What a page shows, before and after its module has come."""
    classes = f"pv-main {page.main_class}".strip()
    scripting = '<noscript><p class="pv-notice">This page draws itself with JavaScript.</p></noscript>'
    main = f'<main class="{classes}" id="main" tabindex="-1">{page.main}{scripting}</main>'
    return _shown(f"{header_html(page)}{main}{_data_block(page)}{footer_html(is_copy=is_copy)}")


def _shown(body: str) -> str:
    return f'<script src="web/{FIRST_SCRIPT}"></script><div class="pv-root">{body}</div>'


def _frame(*, head: str, body: str, is_copy: bool = False) -> str:
    mark = " data-copy" if is_copy else ""
    return (
        f'<!doctype html><html lang="en"{mark}><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_SECURITY_POLICY}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>'
        f'<body class="pv-document">{body}</body></html>\n'
    )


def for_copy(page: Page) -> Page:
    """The page as it stands among files: without what only a server could do."""
    return replace(page, module=None, main=page.main + NEEDS_SERVER) if page.needs_server else page


def document(page: Page, *, is_copy: bool = False) -> str:
    """The page as HTML.

    Args:
        page: any page whose module can start by itself.
        is_copy: it stands among files, with no server of ours behind it.
    """
    page = for_copy(page) if is_copy else page
    return _frame(head=head_html(page), body=body_html(page, is_copy=is_copy), is_copy=is_copy)


def missing_document(*, root: str) -> str:
    """What a browser shows at an address where nothing is: what happened, and the ways back.

    Args:
        root: the path of the front page, with a slash at its end.
    """
    head = (
        f'<title>Not found · {TITLE}</title><base href="{html.escape(root)}">'
        f'<link rel="icon" href="web/mark.svg"><link rel="stylesheet" href="web/{SITE_SHEET}">'
    )
    main = (
        '<main class="pv-wide pv-main pv-missing"><h1>There is nothing at this address</h1>'
        "<p>It may be mistyped, or of an earlier version. All that there is can be reached from "
        f'<a href="{FRONT}">Detect</a> and the other pages above.</p></main>'
    )
    return _frame(head=head, body=_shown(header_html() + main))
