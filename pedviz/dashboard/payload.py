"""What the dashboard's page starts from: the variants, and the data of every part of the page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, cast

from pedviz.dashboard.ablations import build_ablations
from pedviz.dashboard.analyses import build_analyses
from pedviz.dashboard.cost import build_cost
from pedviz.dashboard.others import build_others
from pedviz.dashboard.payload_types import DashboardPayload, DashboardSections, VariantData, VariantsPayload
from pedviz.dashboard.reports import build_reports
from pedviz.dashboard.stored import Stored, read_stored
from pedviz.dashboard.tables import build_tables
from pedviz.dashboard.training import build_training
from pedviz.dashboard.verdicts import build_verdicts
from pedviz.errors import PedvizError
from pedviz.models.specs import SPECS
from pedviz.types import THRESHOLDS
from pedviz.viz.palette import chart_inks, variant_style


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the page.

    Attributes:
        id: names its data in the payload.
        build: makes its data of what is stored, of the type that `DashboardSections` has under `id`.
    """

    id: str
    build: Callable[[Stored], Any]


_one_at_a_time = Lock()  # visitors who come together wait for one computation
SECTIONS: tuple[Section, ...] = (
    Section(id="verdicts", build=build_verdicts),
    Section(id="tables", build=build_tables),
    Section(id="others", build=build_others),
    Section(id="analyses", build=build_analyses),
    Section(id="cost", build=build_cost),
    Section(id="ablations", build=build_ablations),
    Section(id="training", build=build_training),
    Section(id="reports", build=build_reports),
)


def variants_payload() -> VariantsPayload:
    """Variants, chart styles and thresholds: what `dashboard_payload` has beside its sections."""
    return _common(read_stored())


def dashboard_payload() -> DashboardPayload:
    """Variants, what charts draw with, the data of each section, and a sentence for everything that is wrong.

    A section that cannot be built is left out and named among the problems.
    """
    with _one_at_a_time:
        return _payload(read_stored())


@lru_cache(maxsize=1)
def _payload(stored: Stored) -> DashboardPayload:
    problems = list(stored.problems)
    sections = {}
    for section in SECTIONS:
        try:
            sections[section.id] = section.build(stored)
        except (PedvizError, ValueError, LookupError, TypeError, ArithmeticError, AttributeError) as error:
            # a result file that parses and makes no sense
            problems.append(f"The section '{section.id}' cannot be shown: {error!r}.")
    return {**_common(stored), "problems": problems, "sections": cast(DashboardSections, sections)}


def _common(stored: Stored) -> VariantsPayload:
    return {"variants": _variants(stored), "inks": chart_inks(), "thresholds": THRESHOLDS}


def _variants(stored: Stored) -> list[VariantData]:
    """Every variant there is, in the order of the registry, with its looks and its shipped result."""
    shipped = stored.shipped
    return [
        {
            "id": spec.id, "label": spec.label, "style": variant_style(place),
            "predictions": shipped[spec.id].predictions if spec.id in shipped else None,
        }
        for place, spec in enumerate(SPECS)
    ]  # fmt: skip
