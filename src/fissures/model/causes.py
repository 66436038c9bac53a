"""Causes over the past, and what every block of the fit shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import nan

import numpy as np
from numpy.typing import NDArray

from fissures.kernel import world
from fissures.kernel.factors import MOST_SURGES
from fissures.kernel.rng import name_key, path_numbers, uniforms
from fissures.kernel.world import Factor
from fissures.model import history as past
from fissures.model.past import shown, switched
from fissures.model.plan import Plan, Term

Floats = NDArray[np.float64]
Priors = Mapping[str, tuple[float, float]]

# Causes whose average over the record is what they usually are: what was never counted must not act as if it were zero.
_CENTRED = (world.PRESSURE, world.WITHIN, world.IN_FORCE)

DRAWS = 1000
VARIES = 0.05  # reference surges: a cause that moved by less over the record did not vary


@dataclass(frozen=True)
class Learnt:
    """What one fit says of a coefficient: mean and sd after the data, and how many moves or events spoke of it."""

    mean: float
    sd: float
    informed_by: int
    varies: bool


@dataclass(frozen=True)
class Block:
    """One block of the posterior: its name, how it was fitted, and whether that worked.

    `khat` and `effective` judge the approximation against the exact posterior on 1,000 proposals (None: not judged).
    """

    name: str
    method: str
    converged: bool
    coefficients: int
    khat: float | None = None
    effective: float | None = None


def normals(seed: int, name: str) -> Floats:
    """Standard normals of one coefficient over draws, keyed by its name; shape (D,)."""
    from scipy.special import ndtri

    return np.asarray(ndtri(uniforms(name_key(seed, name, "draw"), 0, path_numbers(0, DRAWS))), np.float64)


def cause_path(plan: Plan, history: past.History, term: Term, completion: int, moved: bool = False) -> Floats:
    """phi(cause) of a term on each day after the first, from the state at the start of that day; shape (T - 1,).

    With `moved`, what fronts show is that of the day itself: what streams and marks react to.
    """
    total = np.ones(history.rungs.shape[2] - 1)
    for factor in term.factors:
        total = total * _factor_path(plan, history, factor, completion, moved)
    return np.minimum(np.sqrt(total) if term.root else total, MOST_SURGES)


def _factor_path(plan: Plan, history: past.History, factor: Factor, completion: int, moved: bool) -> Floats:
    if factor.kind == world.PRESSURE:
        values = history.pressures[completion, factor.places[0], 1:] / factor.scale
    else:
        key = replace(factor, above=nan, below=nan)
        if key not in history.shown:
            history.shown[key] = shown(plan, key, history.seen)
        at_end_of_day = moved and factor.kind != world.WITHIN
        values = history.shown[key][completion, 1:] if at_end_of_day else history.shown[key][completion, :-1]
    return switched(factor, values)


def usual_causes(plan: Plan, history: past.History) -> dict[str, float]:
    """Mean of phi(cause) over the record, by term, for causes that vary on it; a front's state acts from zero.

    A commitment that binds on every front alike has no variation at all: what it always was is its usual level.
    """
    key = f"{plan.digest} {len(plan.terms)}"  # a plan without its claims has the digest of the whole one
    if key not in history.usual:
        found: dict[str, float] = {}
        for term in plan.terms:
            if any(factor.kind in _CENTRED for factor in term.factors) or _everywhere_alike(plan, term):
                means = [cause_path(plan, history, term, c).mean() for c in range(past.COMPLETIONS)]
                found[term.key] = float(np.mean(means))
        history.usual[key] = found
    return history.usual[key]


def _everywhere_alike(plan: Plan, term: Term) -> bool:
    """Whether the cause is a commitment that deters equally wherever this coefficient acts."""
    if any(factor.kind != world.STANDING for factor in term.factors):
        return False
    return len({t.factors[0].level for t in plan.terms if t.name == term.name}) == 1
