"""Runs made by hand: the names of the small case, arrays of the test's own, and no model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import fissures as fs
from fissures.case.records import Case
from fissures.events import panel as events
from fissures.events.panel import Panel
from fissures.model import plan as layout
from fissures.model.plan import Plan
from fissures.model.simulate import Run

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"
Cells = Sequence[tuple[Any, Any, Any, Any]]
Made = Callable[..., Run]


@pytest.fixture(scope="session")
def case() -> Case:
    """The record of the small case: fronts weir and ford; calm, scuffles, raids, feud, uprising; 184 days."""
    return fs.load(TWO_VALLEYS).record


@pytest.fixture(scope="session")
def panel(case: Case) -> Panel:
    """Its panel."""
    return events.build(case, TWO_VALLEYS, "parent")


@pytest.fixture(scope="session")
def plan(case: Case, panel: Panel) -> Plan:
    """Its plan."""
    return layout.build(case, panel)


@pytest.fixture(scope="session")
def made(plan: Plan) -> Made:
    """A run of calm and silent paths, but for the cells given as (front or stream, day, path, value)."""

    def make(paths: int, rungs: Cells = (), deaths: Cells = (), counts: Cells = ()) -> Run:
        shape = (plan.horizon_days, paths)
        arrays = (
            np.zeros((2, *shape), np.uint8),
            np.zeros((2, *shape), np.int32),
            np.zeros((3, *shape), np.uint16),
        )
        for array, cells in zip(arrays, (rungs, deaths, counts), strict=True):
            for row, day, path, value in cells:
                array[row, day, path] = value
        fit: Any = SimpleNamespace(findings=())
        return Run("fit", "run", plan, fit, 1, paths, *arrays)

    return make
