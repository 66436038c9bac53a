"""Causes over the past, and what every block of the fit shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.kernel.paths import MOST_SURGES
from fissures.kernel.rng import name_key, path_numbers, uniforms
from fissures.model import history as past
from fissures.model.plan import Column, Plan

Floats = NDArray[np.float64]

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
    """One block of the posterior: its name, how it was fitted, and whether that worked."""

    name: str
    method: str
    converged: bool
    coefficients: int


def normals(seed: int, name: str) -> Floats:
    """Standard normals of one coefficient over draws, keyed by its name; shape (D,)."""
    from scipy.special import ndtri

    return np.asarray(ndtri(uniforms(name_key(seed, name, "draw"), 0, path_numbers(0, DRAWS))), np.float64)


def cause_path(
    plan: Plan, history: past.History, column: Column, above: float | None, completion: int, moved: bool = False
) -> Floats:
    """phi(cause) on each day after the first, from the state at the start of that day; shape (T - 1,).

    With `moved`, rungs are those that the fronts have reached that day: what streams react to.
    """
    if column.kind == "pressure":
        x = history.pressures[completion, column.index, 1:] / plan.pressures[column.index].scale
    elif column.kind == "rung":
        rungs = history.rungs[completion, column.index]
        x = ((rungs[1:] if moved else rungs[:-1]) >= column.level).astype(np.float64)
    else:
        x = np.full(history.rungs.shape[2] - 1, column.level)
    phi = (x > above).astype(np.float64) if above is not None else x
    return np.minimum(phi, MOST_SURGES)


def usual_causes(plan: Plan, history: past.History) -> dict[str, float]:
    """Mean of phi(cause) over the record, by claim, for causes that are pressures; others act from zero.

    A commitment that binds on every front alike has no variation at all: what it always was is its usual level.
    """
    found: dict[str, list[float]] = {}
    for name in {term.name for term in plan.ladder_terms if term.column.kind == "constant"}:
        levels = [term.column.level for term in plan.ladder_terms if term.name == name]
        if min(levels) == max(levels):
            found[name] = levels
    for term in (*plan.ladder_terms, *plan.stream_terms):
        if term.column.kind == "pressure":
            means = [cause_path(plan, history, term.column, term.above, c).mean() for c in range(past.COMPLETIONS)]
            found.setdefault(term.name, []).extend(float(m) for m in means)
    return {name: float(np.mean(means)) for name, means in found.items()}
