"""Where the pressures stand: levels at the as-of date and on an average day, in reference surges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from fissures.case.records import Case
from fissures.model.simulate import Run
from fissures.study.pressures import levels


def test_every_pressure_is_named_with_its_surge_and_its_two_levels(case: Case, made: Callable[..., Run]) -> None:
    """Draws at nothing and at two surges stand at one on average; the record's average day stands at a quarter."""
    run = made(1)
    scales = np.array([pressure.scale for pressure in run.plan.pressures])
    start = SimpleNamespace(pressures=np.array([0 * scales, 2 * scales]), average=scales / 4)
    fit: Any = SimpleNamespace(start=start)
    found = levels(case, replace(run, fit=fit))
    assert [(name, surge) for name, surge, _, _ in found] == [
        ("water withheld", "3 events in 14 days"),
        ("time without a council in earnest", "180 days"),
        ("days since blood was shed here (The upper weir)", "7 days"),
        ("days since blood was shed here (The lower ford)", "7 days"),
        ("fear of fire", "3 events in 14 days"),
    ]
    assert [(level, average) for _, _, level, average in found] == [pytest.approx((1.0, 0.25))] * 5
