"""What the priors imply before the data: no set of claims may make clashes certain, or unthinkable."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fissures.model import fit as fitting
from fissures.model.causes import normals
from fissures.model.plan import LeverPlan
from fissures.model.simulate import simulate

from .conftest import fit, shipped

CLASH = 3


@pytest.fixture(scope="module")
def fitted() -> fitting.Fit:
    """The shipped case fitted, without the refit under vague priors, which nobody asks for here."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fitting, "_vague", lambda *_: {})
        return fit(shipped(1))


@pytest.mark.slow
@pytest.mark.parametrize(("level", "low", "high"), [(0.0, 0.001, 0.9), (1.0, 0.001, 0.9)])
def test_weekly_chance_of_a_clash_is_neither_certain_nor_unthinkable(
    fitted: fitting.Fit, level: float, low: float, high: float
) -> None:
    """With every pressure held at nothing, or at its reference surge, and claims drawn from their priors."""
    made = shipped(1)
    priors = {name: mean + sd * normals(1, name) for name, (mean, sd) in fitted.priors.items()}
    held = tuple((p, level) for p in range(len(made.plan.pressures)))
    plan = replace(made.plan, levers=(LeverPlan("all", (), held, 0, made.plan.horizon_days),))
    run = simulate(plan, replace(fitted, draws=fitted.draws | priors), paths=2000, days=161)
    weeks = run.rungs.reshape(len(made.plan.places), 23, 7, -1).max(axis=2)
    for front in ("loc", "tavush"):
        assert low < (weeks[made.plan.places.index(front)] >= CLASH).mean() < high
    for place, week in zip(made.plan.places, weeks, strict=True):
        assert (week > 0).mean() > 0, place  # no place is so sure to stay at its lowest rung that it never leaves it
