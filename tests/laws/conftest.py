"""The invented case, fitted once for all laws."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from fissures import api
from fissures.case.records import Case
from fissures.events import panel as events
from fissures.model import fit as fitting
from fissures.model import history as past
from fissures.model import plan as layout

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"


@dataclass(frozen=True)
class Fitted:
    """A case with its plan and fit."""

    case: Case
    plan: layout.Plan
    fit: fitting.Fit


def prepared(case: Case, seed: int = 1) -> tuple[events.Panel, layout.Plan, past.History]:
    """Panel, plan and history of a case on the invented evidence."""
    panel = events.build(case, TWO_VALLEYS, "laws")
    plan = layout.build(case, panel)
    return panel, plan, past.build(case, plan, panel, seed)


def fitted(case: Case, seed: int = 1) -> Fitted:
    """Fit a case to the invented evidence."""
    panel, plan, history = prepared(case, seed)
    return Fitted(case, plan, fitting.fit(case, plan, panel, history, seed))


@pytest.fixture(scope="session")
def valleys() -> Fitted:
    """The invented case as it stands."""
    return fitted(api.load(TWO_VALLEYS).record)
