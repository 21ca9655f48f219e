"""Accessibility: axe-core's rules, run in the page under test. A tool of the tests, never part of the app."""

import pytest
from playwright.sync_api import Page

from pedviz.paths import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
MOST_SHOWN = 3  # elements of one rule in a message

ON_COLOURS = ["color-contrast", "link-in-text-block"]

_RUN = """async ([within, rules]) => {
  const chosen = rules ? { runOnly: { type: "rule", values: rules } } : {};
  const { violations } = await axe.run(within, { resultTypes: ["violations"], ...chosen });
  return violations.map(({ id, impact, help, nodes }) => ({
    id, impact, help,
    places: nodes.map(({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary}`),
  }));
}"""


def grave_problems(page: Page, *, within: str = "body", colours_alone: bool = False) -> list[str]:
    """What axe-core calls serious or critical in the page as it stands: one text per broken rule.

    Colours are judged as they are at this moment: let transitions end, and call it once per theme.

    Args:
        page: any page; axe-core is added to it by the first call.
        within: CSS selector of the part to look at.
        colours_alone: for the other theme of a page of which everything was looked at in one.
    """
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci")
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text("utf-8"))  # a script element would be refused by the page's policy
    return [
        "\n  ".join([f"{found['impact']} {found['id']}: {found['help']}", *found["places"][:MOST_SHOWN]])
        for found in page.evaluate(_RUN, [within, ON_COLOURS if colours_alone else None])
        if found["impact"] in GRAVE
    ]
