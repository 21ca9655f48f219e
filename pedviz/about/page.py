"""Everything on the about page as plain data, read anew at each call, with every file that cannot be read."""

from pathlib import Path

from pedviz.about.cards import card
from pedviz.about.payload_types import AboutPayload, ProseSection
from pedviz.about.references import REFERENCES
from pedviz.errors import CheckpointError, PedvizError, ResultsError, reason_of
from pedviz.lessons.prose import Section, read_sections
from pedviz.metrics.store import load_measured
from pedviz.models.manifest import MANIFEST, CheckpointEntry, available
from pedviz.models.specs import SPECS
from pedviz.paths import ASSETS, CODE_LICENCE, checkpoints_folder

PROSE = ASSETS / "about" / "about.md"
WEIGHTS_LICENCE = "LICENSE.md"


def page_data() -> AboutPayload:
    """Cards, prose, references, both licences, and `problems`: a sentence for each file that is wrong."""
    problems: list[PedvizError] = []
    entries = _entries(problems)
    results, unread = load_measured(required=True)
    problems += unread
    cards = []
    for entry in entries:
        made, unread = card(entry, results=results)
        cards.append(made)
        problems += unread
    weights_licence = checkpoints_folder() / WEIGHTS_LICENCE
    return {
        "cards": cards,
        "sections": {section.key: _as_data(section) for section in _sections(problems)},
        "references": [
            {
                "authors": list(reference.authors), "title": reference.title, "venue": reference.venue,
                "year": reference.year, "address": reference.address, "used_for": reference.used_for,
                "bibtex": reference.bibtex,
            }
            for reference in REFERENCES
        ],
        "licences": {"code": _read(CODE_LICENCE, problems), "weights": _read(weights_licence, problems)},
        "problems": [str(problem) for problem in problems],
    }  # fmt: skip


def _entries(problems: list[PedvizError]) -> list[CheckpointEntry]:
    """The manifest's entries in the order of the variants, those of unknown variants last."""
    try:
        entries = available()
    except CheckpointError as error:
        problems.append(error)
        return []
    if not entries:
        problems.append(CheckpointError(f"{MANIFEST} is missing or empty; restore it from the repository"))
    order = [spec.id for spec in SPECS if spec.id in entries]
    return [entries[spec_id] for spec_id in dict.fromkeys([*order, *entries])]


def _sections(problems: list[PedvizError]) -> tuple[Section, ...]:
    try:
        return read_sections(_read(PROSE, problems))
    except ValueError as error:
        problems.append(ResultsError(f"{PROSE.name} cannot be read: {error}"))
        return ()


def _as_data(section: Section) -> ProseSection:
    return {"title": section.title, "text": section.text}


def _read(path: Path, problems: list[PedvizError]) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError) as error:
        problems.append(
            ResultsError(f"{path.name} cannot be read: {reason_of(error)}; restore it from the repository")
        )
        return ""
