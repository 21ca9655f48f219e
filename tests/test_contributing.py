"""The guide for those who carry it on names places that exist."""

import re

from pedviz.paths import ROOT


def test_every_place_that_the_guide_names_exists():
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = set(re.findall(r"`((?:pedviz|training|tests|assets|docs)/[^`\s]+)`", guide))
    assert len(named) > 20
    missing = {place for place in named if "NAME" not in place and not list(ROOT.glob(place))}
    assert not missing
