"""Priors: what is believed of every coefficient before the data, and where that belief comes from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.case.strength import claim_prior
from fissures.kernel.ladder import BASIS
from fissures.model.class_prior import centred_on
from fissures.model.plan import Plan

Floats = NDArray[np.float64]
Prior = tuple[float, float]

VAGUE: Prior = (0.0, 0.4)
# Before any evidence a front stays where it is on nine days in ten, and each further rung is five times rarer. The
# smooth part may tilt that, memories may tilt it less, and single destinations hardly, so that thin rungs borrow from
# their neighbours. A declared break may change a ladder's life outright. Where a case states moves, the row is centred
# on them, with one day of the general rule for what they leave out.
STAY, REACH = 0.9, 5.0
ROW_SD, MEMORY_SD, SINGLE_SD, BREAK_SD = 1.5, 0.5, 0.5, 1.5
OWN_MEMORY: Prior = (0.2, 0.2)  # elasticity of a stream in its own recent count; below 1 feedback cannot explode
RUNG_RESPONSE: Prior = (0.0, 1.0)  # log rate of a stream from the lowest to the highest rung
OWN_VOLUME: Prior = (0.0, 10.0)  # log of a source's volume over the stated rate: so wide that it leaves the rate alone
MEANS_DAYS = 10.0  # a stated chance of a means on a day weighs as so many days of record
DEAD_DOUBT = 10.0  # dead on either side that an even split is worth beside the record's
LOG_SIZE: Prior = (float(np.log(0.5)), 1.0)  # of a stream; deaths on a day have theirs, measured, in deaths_prior.py


def claim_priors(case: Case) -> dict[str, Prior]:
    """The analyst's prior of every coupling with a coefficient of its own, by coefficient name."""
    own = {name: claim for name, claim in case.claims.items() if claim.moves_something and claim.same_as is None}
    return {f"claim:{name}": claim_prior(case, claim) for name, claim in own.items()}


def break_priors(case: Case) -> dict[str, Prior]:
    """The prior of every declared break that is one coefficient; it stands with claims and without."""
    return {
        f"break:{name}": (record.prior.mean, record.prior.sd) if record.prior else (0.0, BREAK_SD)
        for name, record in case.breaks.items()
        if record.effect is not None
    }


def ladder_names(plan: Plan, ladder: int) -> list[str]:
    """Coefficient names of one ladder's kernel: by rung the smooth part and single destinations, then memories."""
    name, rungs = plan.ladders[ladder].name, plan.ladders[ladder].rungs
    rows = [
        f"{name}:{rung}:{part}"
        for rung in rungs
        for part in (*(f"b{b}" for b in range(BASIS)), *(f"to_{end}" for end in rungs))
    ]
    return rows + [f"{name}:memory{q}:b{b}" for q in range(plan.memories) for b in range(BASIS)]


def ladder_prior(case: Case, plan: Plan, ladder: int) -> tuple[Floats, Floats]:
    """Prior means and sds in the order of `ladder_names`; a row with stated moves is centred on them, another on a
    general rule, and above the lowest band of deaths on what the reference class says of moves between bands."""
    rungs, smooth = len(plan.ladders[ladder].rungs), BASIS * plan.memories
    sd = np.array(([ROW_SD] * BASIS + [SINGLE_SD] * rungs) * rungs + [MEMORY_SD] * smooth)
    stated = pseudo_days(case, plan.ladders[ladder].name)
    base = np.exp(base_logits(rungs))
    base = base / base.sum(axis=1, keepdims=True)
    bands = plan.ladders[ladder].bands
    if bands is not None:
        # The lowest band holds all calm days: its average day says nothing of a rung on which guns already speak.
        told = ~stated.any(axis=1) & (np.array(bands.of_rung) > 0)
        base = np.where(told[:, None], centred_on(bands, base), base)
    chance = (stated + base) / (stated.sum(axis=1, keepdims=True) + 1.0)
    rows = np.concatenate([np.zeros((rungs, BASIS)), np.log(chance)], axis=1)
    breaks = np.arange(sd.size) >= sd.size - BASIS * sum(b.smooth for b in plan.breaks)
    return np.concatenate([rows.ravel(), np.zeros(smooth)]), np.where(breaks, BREAK_SD, sd)


def pseudo_days(case: Case, ladder: str) -> Floats:
    """The case's prior moves of a ladder as pseudo-days; shape (rungs, rungs)."""
    rungs = list(case.ladders[ladder].rungs)
    out = np.zeros((len(rungs), len(rungs)))
    for start, moves in case.ladders[ladder].moves.items():
        for end, days in moves.to.items():
            out[rungs.index(start), rungs.index(end)] = days
    return out


def base_logits(rungs: int) -> Floats:
    """Logits of moves r -> j (row r) before any evidence: STAY on the diagonal, REACH times less per rung."""
    r, j = np.indices((rungs, rungs))
    one_rung = np.log((1.0 - STAY) / 2.0)
    return np.where(r == j, np.log(STAY), one_rung - np.log(REACH) * (np.abs(r - j) - 1.0))
