"""Runs made by hand: the names of the small case, arrays of the test's own, and no model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import fissures as fs
from fissures.case.records import Case
from fissures.events import panel as events
from fissures.events.panel import Panel
from fissures.kernel.world import NOBODY, Paths
from fissures.model import plan as layout
from fissures.model.plan import Plan
from fissures.model.simulate import Run

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"
TYPES = {"deaths": np.int32, "first": np.int32, "advances": np.int8, "in_force": np.bool_, "levels": np.float32}
Cells = Sequence[tuple[Any, Any, Any, Any]]
Made = Callable[..., Run]


@pytest.fixture(scope="session")
def case() -> Case:
    """The record of the small case: fronts weir and ford (calm, scuffles, raids, feud, uprising), the track council."""
    return fs.load(TWO_VALLEYS).record


@pytest.fixture(scope="session")
def panel(case: Case) -> Panel:
    """Its panel."""
    return events.build(case, TWO_VALLEYS, "parent")


@pytest.fixture(scope="session")
def plan(case: Case, panel: Panel) -> Plan:
    """Its plan."""
    return layout.build(case, panel)


def blank(plan: Plan, paths: int) -> Paths:
    """Paths on which nothing happens at all: calm, silent, nobody moves."""
    rows = {f.name: len(plan.fronts) for f in fields(Paths)}
    rows |= {"rungs": len(plan.places), "counts": len(plan.streams), "in_force": len(plan.commitments)}
    arrays = {name: np.zeros((n, plan.horizon_days, paths), TYPES.get(name, np.uint8)) for name, n in rows.items()}
    arrays["levels"] = np.zeros((len(plan.pressures), paths), np.float32)
    arrays["by"][:] = NOBODY
    return Paths(**arrays)


@pytest.fixture(scope="session")
def made(plan: Plan) -> Made:
    """A run of calm and silent paths, but for the cells given as (place or stream, day, path, value)."""

    def make(paths: int, **cells: Cells) -> Run:
        out = blank(plan, paths)
        for name, given in cells.items():
            for row, day, path, value in given:
                getattr(out, name)[row, day, path] = value
        start = SimpleNamespace(rungs=np.zeros((4, len(plan.places)), np.int64))
        fit: Any = SimpleNamespace(findings=(), seed=1, digest="fit", start=start)
        return Run("fit", "run", plan, fit, 1, paths, out)

    return make
