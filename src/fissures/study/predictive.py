"""What the claims imply before any data: no set of priors may make violence certain, or unthinkable.

Every pressure is held at nothing, then at its reference surge, claims are drawn from their priors, and the weeks are
counted on which a front reaches its fourth rung (a prior predictive check: Gelman, Simpson & Betancourt 2017).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fissures.model.causes import normals
from fissures.model.fit import Fit
from fissures.model.plan import LeverPlan, Plan
from fissures.model.simulate import simulate
from fissures.study.records import Implied

RUNG = 3  # the fourth: where a ladder of violence leaves exchanges of fire
LEAST, MOST = 0.001, 0.9  # of weeks, at nothing and at the surge
PATHS, WEEKS = 500, 13


def implied(plan: Plan, fit: Fit) -> tuple[Implied, ...]:
    """Chance of a week on the fourth rung or above, front by front, with every pressure at nothing and at its surge."""
    believed = {name: mean + sd * normals(fit.seed, name) for name, (mean, sd) in fit.priors.items()}
    prior = replace(fit, draws=fit.draws | {name: draws for name, draws in believed.items() if name in fit.draws})
    low, high = (_weeks(plan, prior, level) for level in (0.0, 1.0))
    out = []
    for f, front in enumerate(plan.fronts):
        rungs = plan.rungs(f)
        at = min(RUNG, len(rungs) - 1)
        nothing, surge = (float((weeks[f] >= at).mean()) for weeks in (low, high))
        out.append(Implied(front, rungs[at], nothing, surge, nothing > LEAST and surge < MOST))
    return tuple(out)


def _weeks(plan: Plan, fit: Fit, level: float) -> np.ndarray:
    """Highest rung by front, week and path, with every pressure held."""
    held = tuple((p, level) for p in range(len(plan.pressures)))
    days = min(7 * WEEKS, plan.horizon_days // 7 * 7)
    clamped = replace(plan, levers=(LeverPlan("all", (), held, 0, plan.horizon_days),))
    run = simulate(clamped, fit, paths=PATHS, seed=fit.seed, days=days)
    return run.rungs[: len(plan.fronts)].reshape(len(plan.fronts), days // 7, 7, -1).max(axis=2)
