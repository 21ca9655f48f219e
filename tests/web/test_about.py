"""The about page in a real Chromium, laid out from its real content and from content meant to harm it."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from pedviz.about.page import page_data
from tests.web.lesson_scene import dress, width_overflow

SHOW = """async (data) => {
  const root = document.createElement("div");
  root.className = "pv-root";
  root.innerHTML = '<main class="pv-wide pva"><h1>About PedViz</h1></main>';
  document.body.replaceChildren(root);
  const { showAbout } = await import("/about/page.js");
  showAbout(root.firstChild, data);
}"""
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


def _open(page: Page, data: dict, *, size: dict[str, int] = DESKTOP, dark: bool = False) -> None:
    page.set_viewport_size(size)
    dress(page, dark=dark)
    page.evaluate(SHOW, data)


@pytest.fixture(scope="module")
def data() -> dict:
    return page_data()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_part_is_there_and_nothing_scrolls_sideways(page: Page, data: dict, size: dict, dark: bool):
    _open(page, data, size=size, dark=dark)
    for summary in page.locator("summary").all():
        summary.click()
    assert width_overflow(page) <= 0
    titles = page.locator(".pva-section > h2").all_inner_texts()
    assert titles[:2] == [data["sections"]["purpose"]["title"], "Model cards"]
    assert titles == page.locator(".pva-contents a").all_inner_texts()
    for link in page.locator(".pva-contents a").all():
        assert page.locator(link.get_attribute("href")).count() == 1
    levels = [int(node.evaluate("(n) => n.tagName")[1]) for node in page.locator("h1, h2, h3").all()]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_card_shows_its_figures(page: Page, data: dict):
    _open(page, data)
    cards = page.locator("#cards article")
    expect(cards).to_have_count(len(data["cards"]))
    for place, card in enumerate(data["cards"]):
        shown = cards.nth(place)
        expect(shown.get_by_role("heading", level=3)).to_have_text(card["label"])
        for row in card["measured"]["rows"]:
            low, high = row["interval"]
            expect(shown.get_by_role("row", name=row["label"])).to_contain_text(
                f"{row['values'][0]} [{low}, {high}]"
            )
        for said in (card["sha256"], card["start"], card["licence"], card["run_id"], card["data"]):
            expect(shown).to_contain_text(said)
        missed = card["failures"]["sizes"][0]
        everyone = shown.get_by_role("row", name=f"all {missed['people']}")
        expect(everyone).to_contain_text(
            f"{missed['people']}{missed['found']}{missed['people'] - missed['found']}"
        )


def test_commands_and_bibtex_are_copied(page: Page, data: dict):
    _open(page, data)
    page.evaluate("""() => Object.defineProperty(navigator, "clipboard",
        { value: { writeText: async (text) => { window.copied = text; } } })""")
    card = page.locator("#cards article").first
    card.get_by_text("Get it again").click()
    card.get_by_role("button", name="Copy the command").first.click()
    assert page.evaluate("copied") == data["cards"][0]["commands"][0]["command"]
    expect(card.get_by_role("status").first).to_have_text("Copied")
    page.get_by_text("All of them as BibTeX").press("Enter")
    page.get_by_role("button", name="Copy BibTeX of all works").press("Enter")
    assert page.evaluate("copied") == "\n\n".join(entry["bibtex"] for entry in data["references"])


def test_a_licence_of_its_own_for_the_code_and_for_the_weights(page: Page, data: dict):
    _open(page, data)
    licences = page.locator("#licences article")
    expect(licences.nth(0)).to_contain_text("Permission is hereby granted")
    expect(licences.nth(1).locator("table tbody tr")).to_have_count(
        data["licences"]["weights"].count("\n|") - 2
    )


def test_words_from_files_stay_words(page: Page, data: dict):
    evil = "<img src=x onerror=\"document.title='broken in'\">"
    first = {**data["cards"][0], "note": evil, "start": evil, "settings": {evil: evil}}
    harmful = {**data, "cards": [first], "problems": [evil]}
    _open(page, harmful)
    expect(page.get_by_role("alert")).to_contain_text(evil)
    assert page.locator("img").count() == 0
    assert page.title() == "Test"


def test_with_every_file_gone_the_page_says_so(page: Page):
    _open(
        page,
        {
            "cards": [], "sections": {}, "references": [], "problems": ["manifest.json is missing"],
            "licences": {"code": "", "weights": ""},
        },
    )  # fmt: skip
    expect(page.get_by_role("alert")).to_contain_text("manifest.json is missing")
    expect(page.locator("#cards")).to_contain_text("No weights are installed")


def test_a_link_to_a_section_leads_there(page: Page, data: dict):
    page.evaluate("location.hash = '#privacy'")
    _open(page, data)
    expect(page.locator("#privacy")).to_be_in_viewport()
