import html
import re
from pathlib import Path

import httpx
import pytest

from pedviz.site.assets import WEB_FOLDER, stylesheet
from pedviz.site.pages import PAGES


@pytest.fixture
def get(running_site):
    _, address = running_site
    with httpx.Client(base_url=address, timeout=30) as client:
        yield client.get


def test_every_module_is_served_as_javascript_and_asked_for_again(get):
    for path in WEB_FOLDER.rglob("*.js"):
        answer = get(f"web/{path.relative_to(WEB_FOLDER).as_posix()}")
        assert "javascript" in answer.headers["content-type"], path.name
        assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["web/../server.py", "web/%2e%2e/server.py", "web/..%2fserver.py", "web/none.js"]
)
def test_nothing_outside_the_web_folder_is_served(get, path):
    assert get(path).status_code == 404


@pytest.mark.parametrize("path", ["", "web/site.css", "gradio_api/info", "thumbnails/none.webp"])
def test_every_answer_forbids_other_hosts(get, path):
    policy = get(path).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy


@pytest.mark.parametrize(
    "path", ["gradio_api/upload", "gradio_api/heartbeat/none", "config", "trace", "live", "comparisons"]
)
def test_nothing_personal_is_kept_by_anybody(running_site, path):
    assert httpx.post(running_site[1] + path, content=b"{}").headers["cache-control"] == "no-store"


def test_a_thumbnail_is_a_small_webp(get, running_site):
    site, _ = running_site
    answer = get(f"thumbnails/{site.service.gallery.default_id}.webp")
    assert answer.headers["content-type"] == "image/webp"
    assert 1000 < len(answer.content) < 30_000


@pytest.mark.parametrize("name", ["none", "..%2f..%2fetc%2fpasswd"])
def test_an_unknown_thumbnail_is_not_found(get, name):
    assert get(f"thumbnails/{name}").status_code == 404


def test_the_stylesheet_names_every_rule_of_every_part_once():
    served = stylesheet()
    for name in ("base/shell.css", "detect/detect.css", "detect/comparison.css"):
        rule = re.search(r"^\.pvc?-[a-z]+ \{[^}]+\}", (WEB_FOLDER / name).read_text("utf-8"), re.M).group()
        assert served.count(rule) == 1
    nested = served.index(":is(.pv-root, #pv) {")
    assert served.index("@keyframes") < nested
    assert "@keyframes" not in served[nested:]
    assert served.count("{") == served.count("}")


def test_our_files_name_no_other_host():
    for path in WEB_FOLDER.rglob("*"):
        if path.suffix in (".js", ".css", ".html", ".svg"):
            hosts = set(re.findall(r"https?://([\w.-]+)", path.read_text("utf-8")))
            assert hosts <= {"www.w3.org"}, f"{path.name}: {hosts}"


@pytest.mark.parametrize("path", ["gradio_api/monitoring/summary", "monitoring/summary"])
def test_monitoring_is_off(get, path):
    assert get(path).status_code in (403, 404)


def test_files_of_the_server_are_not_served(get):
    for path in (Path("/etc/passwd"), Path(__file__)):
        assert get(f"gradio_api/file={path}").status_code in (403, 404)


@pytest.mark.parametrize("name", ["dashboard.json", "variants.json"])
def test_pages_that_link_to_test_images_are_told_whether_there_are_any(get, running_site, name):
    site, _ = running_site
    answer = get(name).json()
    assert answer["test_images"] == site.service.gallery.has_pennfudan
    assert any(variant["predictions"] for variant in answer["variants"])


def test_what_the_about_page_says_is_read_at_every_visit(get, monkeypatch, tmp_path):
    assert get("about.html").status_code == 200
    assert get("about.json").json()["problems"] == []
    monkeypatch.setenv("PEDVIZ_CHECKPOINTS", str(tmp_path))
    assert any("manifest.json" in problem for problem in get("about.json").json()["problems"])


@pytest.mark.parametrize("path", ["foo", "lessons/iou", "web/none.js"])
def test_a_browser_at_a_wrong_address_is_told_the_way_back(running_site, path):
    _, address = running_site
    answer = httpx.get(address + path, headers={"accept": "text/html,*/*"}, timeout=30)
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.text
    links = re.findall(r'<a href="([^"]*)"', answer.text)
    assert {page.address for page in PAGES if page.in_navigation} <= set(links)
    assert all(httpx.get(address + link, timeout=30).status_code == 200 for link in links)
    assert '<base href="/">' in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert httpx.get(address + path, timeout=30).headers["content-type"] != answer.headers["content-type"]


def test_a_sample_and_its_stored_results_are_files(get, running_site):
    site, _ = running_site
    sample = site.service.gallery.default_id
    photo = get(f"samples/{sample}.json").json()
    assert get(photo["url"]).headers["content-type"] == "image/webp"
    result = get(f"samples/{sample}/maskrcnn_resnet50_fpn.json").json()
    assert (result["photo_id"], result["cached"]) == (photo["id"], True)
    assert result["image_size"] == [photo["height"], photo["width"]]
    assert result["model"]["id"] == "maskrcnn_resnet50_fpn"


@pytest.mark.parametrize(
    "path",
    ["none.json", "credits.json", "none.webp", "..%2fLICENSE", "three-people/none.json", "none/none.json"],
)
def test_nothing_else_is_served_beside_the_samples(get, path):
    assert get(f"samples/{path}").status_code == 404


DOCUMENTS = [page for page in PAGES if page.name]


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: page.name)
def test_a_page_is_a_plain_document_and_its_old_address_leads_to_it(get, page):
    old = get(f"{page.name}?a=1_2&b=x")
    assert (old.status_code, old.headers["location"]) == (301, f"{page.address}?a=1_2&b=x")
    answer = get(page.address)
    assert answer.status_code == 200
    assert "gradio" not in answer.text.replace("gradio_client", "").lower()
    assert "unsafe-eval" not in answer.headers["content-security-policy"]
    assert "script-src 'self';" in answer.headers["content-security-policy"]
    tags = re.findall(r"<script([^>]*)>", answer.text)
    assert all("src=" in tag or 'type="application/json"' in tag for tag in tags)
    assert "onload=" not in answer.text


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: page.name)
def test_everything_that_a_document_names_is_there(get, page):
    text = get(page.address).text
    assert f"<title>{html.escape(page.title)} · PedViz</title>" in text
    assert f'<link rel="canonical" href="{page.address}">' in text
    assert html.escape(page.description) in text
    named = {address.partition("#")[0] for address in re.findall(r'(?:href|src)="([^"]+)"', text)}
    assert all(get(address).status_code == 200 for address in named if address)
