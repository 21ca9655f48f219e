"""The front page as HTML: our document, in which Gradio's page stands behind."""

import re
from dataclasses import replace

import httpx
import pytest

from pedviz.data.samples import samples
from pedviz.site.documents import footer_html, header_html, script_address
from pedviz.site.pages import PAGES
from pedviz.ui import gallery
from pedviz.ui.detect import EVENTS
from pedviz.ui.front import front_page
from pedviz.ui.gallery import Gallery
from pedviz.ui.service import DEFAULT_MODELS, DetectService
from pedviz.ui.uploads import Uploads

A, B = DEFAULT_MODELS
OTHER = "maskrcnn_mobilenet_v2"
WITHOUT_WEIGHTS = "maskrcnn_resnext101_32x8d_fpn"


@pytest.fixture(scope="module")
def front():
    """The page with what is stored of the released detectors."""
    return front_page(DetectService(Gallery(), uploads=Uploads()))


@pytest.fixture(scope="module")
def text(running_site) -> str:
    return httpx.get(running_site[1], timeout=30).text


def test_the_document_stands_once_in_gradios_page(text):
    for part in (header_html(PAGES[0]), PAGES[0].main, footer_html()):
        assert text.count(part) == 1
    assert len(re.findall("<body", text)) == len(re.findall("<title>", text)) == 1
    assert text.index('<body class="pv-document"') < text.index(PAGES[0].main) < text.index("<gradio-app")


def test_its_script_comes_first_and_is_the_one_that_gradios_components_look_for(running_site, text):
    site, _ = running_site
    ours = script_address(PAGES[0])
    assert re.findall('<script type="module"[^>]* src="([^"]+)"', text)[0] == ours
    behind = text[text.index('<template class="pv-gradio">') : text.index("</template>")]
    assert "<gradio-app" in behind
    assert text.count("./assets/") == behind.count("./assets/") == 2  # its script and its style
    scripts = [block.js_on_load for block in site.blocks.blocks.values() if hasattr(block, "js_on_load")]
    assert all(ours in script for script in scripts)
    assert all(any(repr(event) in script for script in scripts) for event in EVENTS)


@pytest.mark.parametrize(
    ("query", "sample", "models"),
    [
        ({}, "three-people", [A, B]),
        ({"sample": "opera", "b": OTHER}, "opera", [A, OTHER]),
        ({"a": B}, "three-people", [B]),
        ({"sample": "../etc", "a": "none", "b": WITHOUT_WEIGHTS}, "three-people", [A]),
    ],
)
def test_what_is_stored_of_the_first_picture_is_asked_for_with_the_page(front, query, sample, models):
    facts, image, *results = front(query).fetches
    assert (facts, image) == (f"samples/{sample}.json", f"samples/{sample}.webp")
    assert results == [f"samples/{sample}/{model}.json" for model in models]


def test_nothing_is_asked_for_where_nothing_is_stored(monkeypatch, text):
    assert 'rel="preload"' not in text
    arrived = replace(samples()[0], id="arrived")
    monkeypatch.setattr(gallery, "pennfudan_samples", lambda: (arrived,))
    assert front_page(DetectService(Gallery(), uploads=Uploads()))({"sample": "arrived"}).fetches == ()
