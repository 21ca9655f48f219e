"""The site below a path, behind nginx as Gradio's guide sets it up, and in frames of other pages."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from pedviz.site.pages import PAGES
from pedviz.ui.app import build_app
from tests.e2e.conftest import Visit, upload, wait_for_both
from tests.serving import free_port, launched, serving
from tests.ui.conftest import FakePredictors

CONFIGURATION = """
{user} daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off; client_max_body_size 25m;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location /pedviz/ {{
      proxy_pass {app};
      proxy_buffering off; proxy_redirect off; proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";
      proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
    }}
  }}
}}
"""
FRAMES = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A course</title>
<link rel="icon" href="data:,">
<iframe id="detect" src="{home}" style="width: 100%; height: 1200px"></iframe>
{code}
<iframe id="sandbox" sandbox="allow-scripts" src="{home}lesson-attention.html?embed=1"></iframe>"""


@pytest.fixture(scope="module")
def proxied_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site with made-up detectors, at /pedviz/ of an nginx that strips the prefix."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no nginx here: apt-get install nginx-light")
    folder = tmp_path_factory.mktemp("prefix")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_ROOT_PATH", "/pedviz")
        patch.setenv("PEDVIZ_FRAME_ANCESTORS", "http://127.0.0.1:*")
        patch.setenv("GRADIO_TEMP_DIR", str(folder / "uploads"))
        patch.setenv("PEDVIZ_DATA", str(folder))
        site = build_app(load_predictor=FakePredictors())
        port, app_port = free_port(), free_port()
        launched(site, port=app_port)
    user = "" if os.getuid() else "user root;"  # its workers must be able to write below pytest's folder
    settings = CONFIGURATION.format(user=user, folder=folder, port=port, app=f"http://127.0.0.1:{app_port}/")
    (folder / "nginx.conf").write_text(settings)
    proxy = subprocess.Popen([nginx, "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    try:
        yield f"http://127.0.0.1:{port}/pedviz/"
    finally:
        proxy.terminate()
        proxy.wait(10)
        site.blocks.close(verbose=False)


def test_pages_thumbnails_and_uploads_work_below_a_prefix(
    visit: Callable[..., Visit], proxied_site: str, street: Path
):
    made = visit(proxied_site)
    missing = []
    made.page.on("response", lambda answer: answer.status >= 400 and missing.append(answer.url))
    page = made.open()
    wait_for_both(page)
    upload(page, street)
    wait_for_both(page, photo=street.name)
    for image in page.locator(".pv-sample img").all():
        expect(image).not_to_have_js_property("naturalWidth", 0)
    for listed in PAGES[1:]:
        page.goto(proxied_site + listed.name)  # the address of an earlier version
        assert page.url == proxied_site + listed.address
        expect(page.locator("h1").first).to_be_visible()
        page.wait_for_load_state("networkidle")
    assert missing == []
    lost = httpx.get(f"{proxied_site}no/such/page", headers={"accept": "text/html"})
    assert lost.status_code == 404
    assert '<base href="/pedviz/">' in lost.text


def _embed_code(page: Page) -> str:
    page.evaluate("""() => Object.defineProperty(navigator, "clipboard",
        { value: { writeText: async (text) => { window.copied = text; } } })""")
    page.get_by_role("button", name="Embed").click()
    expect(page.get_by_text("Code copied")).to_be_visible()
    return page.evaluate("copied")


def test_pages_work_in_frames_of_another_site(visit, proxied_site: str, tmp_path: Path):
    lesson = visit(proxied_site)
    lesson.page.goto(f"{proxied_site}lesson-iou.html?a=1_2_9_12")
    expect(lesson.page.locator(".pvl-picture").first).not_to_be_empty()
    code = _embed_code(lesson.page)
    (tmp_path / "index.html").write_text(FRAMES.format(home=proxied_site, code=code))
    with serving(tmp_path) as other:
        page = visit("http://127.0.0.1").page
        page.goto(other)
        frame = page.frame_locator("iframe[title]")
        expect(frame.locator(".pv-header")).to_be_hidden()
        expect(frame.get_by_label("x1").first).to_have_value("1")
        page.wait_for_function("document.querySelector('iframe[title]').offsetHeight > 1500")
        inner = frame.locator("html").evaluate("(html) => html.scrollHeight - html.clientHeight")
        assert inner <= 1  # no scroll bar
        sandboxed = page.frame_locator("#sandbox")
        expect(sandboxed.locator(".pvl-picture").first).not_to_be_empty()
        wait_for_both(page.frame_locator("#detect"))
