"""The shipped case and the invented one, completed once; the invented one also fitted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from fissures import api
from fissures.case.records import Case
from fissures.events import panel as events
from fissures.model import fit as fitting
from fissures.model import history as past
from fissures.model import plan as layout

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"


@dataclass(frozen=True)
class Prepared:
    """A case laid out and completed."""

    case: Case
    panel: events.Panel
    plan: layout.Plan
    history: past.History
    seed: int = 1

    def day(self, when: str) -> int:
        """Day number of a calendar date."""
        return (date.fromisoformat(when) - self.panel.first).days

    def days(self, first: str, last: str) -> slice:
        """The days from one date to another, both included."""
        return slice(self.day(first), self.day(last) + 1)


def prepare(case: Case, panel: events.Panel, seed: int = 1) -> Prepared:
    """Plan and history of a case on a panel."""
    plan = layout.build(case, panel)
    return Prepared(case, panel, plan, past.build(case, plan, panel, seed), seed)


def invented(case: Case) -> events.Panel:
    """The panel of the invented evidence."""
    return events.build(case, TWO_VALLEYS, "model")


def fit(made: Prepared, seed: int = 1, claims: str = "with") -> fitting.Fit:
    """Fit what has been prepared."""
    return fitting.fit(made.case, made.plan, made.panel, made.history, seed, claims)


@cache
def shipped(seed: int) -> Prepared:
    """The shipped case, completed."""
    loaded = api.load("south-caucasus-2020")
    return prepare(loaded.record, events.build(loaded.record, loaded.folder, "model"), seed)


@pytest.fixture(scope="session", params=[1, 2], ids=["seed 1", "seed 2"])
def caucasus(request: pytest.FixtureRequest) -> Prepared:
    """The shipped case, completed under two seeds."""
    return shipped(request.param)


@pytest.fixture(scope="session")
def valleys() -> Prepared:
    """The invented case."""
    case = api.load(TWO_VALLEYS).record
    return prepare(case, invented(case))


@pytest.fixture(scope="session")
def valleys_fit(valleys: Prepared) -> fitting.Fit:
    """The invented case, fitted."""
    return fit(valleys)


def silent(panel: events.Panel, stream: int, name: str) -> events.Panel:
    """The panel with a stream that was watched all along and never seen."""
    evidence = panel.evidence.copy()
    evidence[stream] = 0.0
    watched = replace(panel.observed[name], count=np.zeros_like(panel.observed[name].count))
    return replace(panel, evidence=evidence, observed={**panel.observed, name: watched})
