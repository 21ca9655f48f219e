"""The site as files behind a plain file server, at some path, with every other address cut off."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from pedviz.data.samples import samples
from pedviz.errors import PedvizError
from pedviz.models.manifest import available
from pedviz.site.pages import PAGES
from pedviz.ui.static_copy import write_site
from tests.axe import grave_problems
from tests.e2e.conftest import Visit, people, wait_for_both
from tests.serving import serving

MOST_BYTES = 12e6


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The site twice."""
    folders = [tmp_path_factory.mktemp("copy") / "some" / "where" for _ in range(2)]
    for folder in folders:
        write_site(folder)
    return folders[0], folders[1]


@pytest.fixture(scope="module")
def home(copies: tuple[Path, Path]) -> Iterator[str]:
    with serving(copies[0].parents[1]) as address:
        yield f"{address}some/where/"


def _files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_copy_is_small_and_the_same_twice(copies):
    first, second = map(_files, copies)
    assert first == second
    assert sum(path.stat().st_size for path in copies[0].rglob("*") if path.is_file()) < MOST_BYTES
    results = {f"samples/{sample.id}/{model}.json" for sample in samples() for model in available()}
    assert results <= set(first)


def test_a_folder_that_holds_something_is_refused(copies):
    with pytest.raises(PedvizError, match="is not empty; name a new folder"):
        write_site(copies[0])


def test_every_page_works_without_our_server(visit: Callable[..., Visit], home: str):
    made = visit(home)
    missing = []
    made.page.on("response", lambda answer: answer.status >= 400 and missing.append(answer.url))
    for page in PAGES:
        made.page.goto(home + page.address)
        expect(made.page).to_have_title(f"{page.title} · PedViz")
        expect(made.page.locator("h1").first).to_be_visible()
        made.page.wait_for_load_state("networkidle")
        expect(made.page.locator("[role=alert]:visible")).to_have_count(0)
    assert missing == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_on_pages_and_in_frames(visit: Callable[..., Visit], home: str, scheme: str):
    page = visit(home).page
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    pages = [listed.address for listed in PAGES if not listed.name.startswith("lesson-")]
    for address in [*pages, "lesson-iou.html?embed=1"]:
        page.goto(home + address)
        page.wait_for_load_state("networkidle")
        assert grave_problems(page, colours_alone=scheme == "dark") == [], address


def test_the_dashboard_compares_two_variants_in_boxes_and_masks(visit: Callable[..., Visit], home: str):
    page = visit(home).page
    page.goto(f"{home}dashboard.html?a=maskrcnn_resnet50_fpn&b=maskrcnn_mobilenet_v2")
    part = page.locator("#compare")
    expect(part.locator("article")).to_have_count(2)
    expect(part.locator("tbody tr")).to_have_count(3)
    expect(part.locator("tbody")).to_contain_text("minus")
    expect(part.locator("a[href^=your-results]")).to_have_count(0)
    part.get_by_role("link", name="error analysis").click()
    expect(page.get_by_role("tabpanel", name="Errors").locator("svg").first).to_be_in_viewport()


def test_the_whole_detector_is_shown_with_its_feature_maps(visit: Callable[..., Visit], home: str):
    made = visit(home)
    page = made.page
    with page.expect_response(lambda answer: answer.url.endswith("/0.json")) as asked:
        page.goto(f"{home}lesson-photo.html?sample=opera&step=2&level=0")
    assert asked.value.status == 200
    expect(page.locator(".pvl-photo-channel")).to_have_count(6)
    page.get_by_role("combobox", name="Detector").select_option("maskrcnn_resnet50_fpn")
    expect(page.locator(".pvl-photo-cover")).to_contain_text("stores no such pass: it needs the server")
    assert made.problems.pop().startswith("Failed to load resource")


def test_detect_shows_stored_results_and_says_what_needs_the_server(visit: Callable[..., Visit], home: str):
    made = visit(home)
    page = made.open("sample=opera&b=maskrcnn_mobilenet_v2_proj256")
    wait_for_both(page)
    before = people(page)
    page.get_by_label("NMS IoU threshold").or_(page.get_by_label("Suppression (NMS)")).first.fill("1")
    assert all(loose > strict for loose, strict in zip(people(page), before, strict=True))
    page.locator(".pv-sample[data-sample=astronaut]").click()
    wait_for_both(page, photo="astronaut")
    expect(page.locator(".pv-drop")).to_contain_text("A photo of your own needs the server")
    page.get_by_label("Detector A").select_option("maskrcnn_resnet50_fpn_coco")
    expect(page.get_by_text("needs the server. Install PedViz").first).to_be_visible()
