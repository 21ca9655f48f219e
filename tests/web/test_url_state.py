"""What the address keeps, in a real browser."""

import pytest
from playwright.sync_api import Page

DEFAULTS = {"score": 0.5, "linked": True, "style": "plain", "view": "detections"}
READ = "async (parts) => (await import('/base/address.js')).readSettings(...parts)"
CHOICE = "async (parts) => (await import('/base/address.js')).readChoice(...parts)"
ADDRESS = "async (parts) => (await import('/base/address.js')).addressWith(...parts)"


def read(page: Page, query: str) -> dict:
    return page.evaluate(READ, [query, DEFAULTS])


def address(page: Page, href: str, settings: dict) -> str:
    return page.evaluate(ADDRESS, [href, settings, DEFAULTS])


def test_an_empty_address_gives_the_defaults(functions: Page):
    assert read(functions, "") == DEFAULTS


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"score": 0.05}, id="number"),
        pytest.param({"score": 0}, id="zero"),
        pytest.param({"linked": False}, id="switch"),
        pytest.param({"style": "report_b", "view": "truth"}, id="texts"),
    ],
)
def test_settings_come_back_from_their_address(functions: Page, settings):
    href = address(functions, "http://site/", DEFAULTS | settings)
    assert read(functions, href.partition("?")[2]) == DEFAULTS | settings
    assert href.count("=") == len(settings)


@pytest.mark.parametrize(
    "query",
    ["score=", "score=abc", "score=1.5", "score=-1", "score=Infinity", "score=%20", "linked=yes", "linked=2",
     "linked=toString", "style=neon", "show=toString", "style=__proto__", "score=0.5&score=9"],
)  # fmt: skip
def test_what_is_malformed_falls_back_to_the_default(functions: Page, query):
    assert read(functions, query) == DEFAULTS


def test_other_parameters_of_the_address_stay(functions: Page):
    assert address(functions, "http://site/?__theme=dark&score=0.1", DEFAULTS) == "http://site/?__theme=dark"


def test_nothing_is_written_for_a_setting_without_a_value(functions: Page):
    assert address(functions, "http://site/?sample=astronaut", {"sample": None}) == "http://site/"


@pytest.mark.parametrize(
    ("query", "chosen"),
    [("a=second", "second"), ("a=third", "first"), ("a=", "first"), ("", "first")],
    ids=["known", "unknown", "empty", "absent"],
)
def test_only_ids_that_exist_are_chosen(functions: Page, query, chosen):
    assert functions.evaluate(CHOICE, [query, "a", ["first", "second"], "first"]) == chosen
