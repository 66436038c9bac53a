"""What the priors imply before the data: no set of claims may make clashes certain, or unthinkable."""

from __future__ import annotations

from dataclasses import replace

import pytest

import fissures as fs
from fissures.api import Fit
from fissures.model.causes import normals
from fissures.model.plan import LeverPlan
from fissures.model.simulate import simulate

CLASH = 3


@pytest.fixture(scope="module")
def fitted() -> Fit:
    return fs.fit(fs.load("south-caucasus-2020"))


@pytest.mark.slow
@pytest.mark.parametrize(("level", "low", "high"), [(0.0, 0.001, 0.9), (1.0, 0.001, 0.9)])
def test_weekly_chance_of_a_clash_is_neither_certain_nor_unthinkable(
    fitted: Fit, level: float, low: float, high: float
) -> None:
    """With every pressure held at nothing, or at its reference surge, and claims drawn from their priors."""
    priors = {name: mean + sd * normals(1, name) for name, (mean, sd) in fitted.on.priors.items()}
    held = tuple((p, level) for p in range(len(fitted.plan.pressures)))
    plan = replace(fitted.plan, levers=(LeverPlan("all", (), held, 0, fitted.plan.horizon_days),))
    run = simulate(plan, replace(fitted.on, draws=fitted.on.draws | priors), paths=2000)
    weeks = run.rungs[:, :161].reshape(2, 23, 7, -1).max(axis=2)
    for front in weeks:
        assert low < (front >= CLASH).mean() < high
