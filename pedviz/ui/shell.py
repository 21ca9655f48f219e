"""How our own HTML and modules get into the one page that Gradio lays out."""

import gradio as gr

from pedviz.site.assets import SITE_SHEET
from pedviz.site.documents import footer_html, header_html, meta_html, preloads
from pedviz.site.pages import Page

FIRST_MODULE = "detect/page.js"
SHELL = "base/shell.js"
NOT_LOADED = "This part of the page could not be loaded; reload the page."


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


def head_html(page: Page) -> str:
    """What Gradio's <head> needs for `page`; its own modules start later, so ours are fetched meanwhile."""
    sheet = f'<link rel="stylesheet" href="web/{SITE_SHEET}">'
    return f"{meta_html(page)}{sheet}{preloads(page, first=FIRST_MODULE)}"


def header(page: Page) -> gr.HTML:
    """Name, navigation, and the light and dark switch."""
    return frame(f'<div class="pv-root">{header_html(page)}</div>', script=mount_script(SHELL, "header"))


def footer() -> gr.HTML:
    """What this is, its licences and its version."""
    return frame(f'<div class="pv-root">{footer_html()}</div>', script=mount_script(SHELL, "footer"))


def frame(template: str, *, script: str | None = None) -> gr.HTML:
    """A component that shows fixed HTML of our own, without Gradio's styles around it."""
    return gr.HTML(
        html_template=template, js_on_load=script, apply_default_css=False, elem_classes=["pv-block"]
    )
