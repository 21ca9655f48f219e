"""What all pages share: the record that describes a page, its frame, and how modules reach components."""

import html
from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr

import pedviz

TITLE = "PedViz"
HEAD = '<link rel="stylesheet" href="web/site.css"><script type="module" src="web/base/preload.js"></script>'
PROGRAMS = """<details><summary>For programs: the same detections by API</summary>
<pre>from gradio_client import Client, handle_file

client = Client("<span class="pv-address"></span>")
coco = client.predict(
    photo=handle_file("photo.jpg"),
    models=["maskrcnn_resnet50_fpn", "maskrcnn_mobilenet_v2_fpn"],
    score_threshold=0.8,
    api_name="/detect",
)</pre></details>"""
NOT_LOADED = "This part of the page could not be loaded; reload the page."


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of the site.

    Attributes:
        path: its address below the root, "" for the front page; Gradio allows no slash in it.
        title: its name in the navigation and in the browser's tab.
        build: lays it out, inside a Blocks context.
        in_navigation: whether the header links to it.
    """

    path: str
    title: str
    build: Callable[[], None]
    in_navigation: bool = True


def mount_script(module: str, part: str, *, events: tuple[str, ...] = ()) -> str:
    """JavaScript that hands a component over to a module of web/.

    Args:
        module: its file, which exports `mount(part, {element, trigger, watch, props})`.
        part: the name that the component gets there.
        events: what it may trigger; Gradio knows an event by its quoted name in this text.
    """
    listed = f"/* triggers {list(events)} */ " if events else ""
    return (
        f"{listed}import(new URL('web/{module}', document.baseURI).href)"
        f".then(({{ mount }}) => mount('{part}', {{ element, trigger, watch, props }}))"
        f".catch((error) => {{ element.append('{NOT_LOADED}'); throw error; }});"
    )


def _link(page: Page, current: Page | None) -> str:
    mark = ' aria-current="page"' if page is current else ""
    return f'<a href="./{page.path}"{mark}>{html.escape(page.title)}</a>'


def header_html(pages: tuple[Page, ...], current: Page | None = None) -> str:
    """Name and navigation over `pages`, of which the visitor is on `current`, or on none of them."""
    links = "".join(_link(page, current) for page in pages if page.in_navigation)
    return (
        '<header class="pv-header"><div class="pv-wide">'
        f'<a class="pv-brand" href="./"><img src="web/mark.svg" alt="">{TITLE}</a>'
        f'<nav class="pv-nav" aria-label="Pages">{links}</nav></div></header>'
    )


def header(pages: tuple[Page, ...], current: Page) -> gr.HTML:
    """Name, navigation over `pages`, and the light and dark switch."""
    skip = '<a class="pv-skip" href="#main">Skip to the content</a>'
    template = f'<div class="pv-root">{skip}{header_html(pages, current)}</div>'
    return frame(template, script=mount_script("base/shell.js", current.title))


def footer() -> gr.HTML:
    """What this is, its licences and its version."""
    template = (
        '<div class="pv-root"><footer class="pv-footer"><div class="pv-wide">'
        f"<p>{TITLE} shows what pedestrian detectors see, and how far to trust it. The detectors were "
        "fine-tuned on 120 street pictures of Penn-Fudan. They miss people and see some who are not there: "
        "rely on them for nothing that matters.</p>"
        f'<p>Version {pedviz.__version__} · <a href="licence">Licence of the code</a> · '
        f'<a href="about#licences">weights: non-commercial</a></p>{PROGRAMS}</div></footer></div>'
    )
    return frame(template, script=mount_script("base/shell.js", ""))


def frame(template: str, *, script: str | None = None) -> gr.HTML:
    """A component that shows fixed HTML of our own, without Gradio's styles around it."""
    return gr.HTML(
        html_template=template, js_on_load=script, apply_default_css=False, elem_classes=["pv-block"]
    )
