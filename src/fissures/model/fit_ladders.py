"""The ladders' block: every front's moves and the claims on them, fitted on each completion of the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.events.panel import Panel
from fissures.kernel import ladder as law
from fissures.kernel.posterior import Laplace, fit_mode
from fissures.model import history as past
from fissures.model import prior as belief
from fissures.model.causes import Block, Learnt, cause_path, normals, usual_causes
from fissures.model.plan import Plan

Floats = NDArray[np.float64]
Priors = Mapping[str, belief.Prior]

HALF_LIFE_OF_EVIDENCE = 5 * 365.25  # days: a day five years back counts half


@dataclass(frozen=True)
class Rows:
    """The moves of one ladder in one completion: design (n, R, k), rung reached (n,), weights (n,)."""

    design: Floats
    reached: NDArray[np.int64]
    weights: Floats


def fit_ladders(
    case: Case,
    plan: Plan,
    panel: Panel,
    history: past.History,
    priors: Priors,
    seed: int,
    which: NDArray[np.int64],
) -> tuple[dict[str, Floats], dict[str, Learnt], list[Block]]:
    """All ladders and their claims as one block, fitted on each completion."""
    names, mean, sd = _ladder_block(plan, priors)
    fits = [
        _fit_completion(case, plan, panel, history, names, (mean, sd), completion)
        for completion in range(past.COMPLETIONS)
    ]
    z = np.stack([normals(seed, name) for name in names], axis=1)
    drawn = np.empty_like(z)
    for completion, laplace in enumerate(fits):
        mine = which == completion
        drawn[mine] = laplace.draw(z[mine])
    modes, sds = np.stack([f.mode for f in fits]), np.stack([f.sd() for f in fits])
    total_sd = np.sqrt((sds**2).mean(axis=0) + modes.var(axis=0))
    learnt = {
        name: Learnt(float(modes[:, k].mean()), float(total_sd[k]), *_informed(plan, history, name))
        for k, name in enumerate(names)
        if name.startswith("claim:")
    }
    block = Block("ladders", "mode + Laplace", all(f.converged for f in fits), len(names))
    return {name: drawn[:, k].copy() for k, name in enumerate(names)}, learnt, [block]


def _ladder_block(plan: Plan, priors: Priors) -> tuple[list[str], Floats, Floats]:
    parts = [belief.ladder_prior(plan, number) for number in range(len(plan.ladders))]
    names = [name for number in range(len(plan.ladders)) for name in belief.ladder_names(plan, number)]
    claims = [name for name in dict.fromkeys(t.name for t in plan.ladder_terms) if name in priors]
    mean = np.concatenate([p[0] for p in parts] + [np.array([priors[name][0] for name in claims])])
    sd = np.concatenate([p[1] for p in parts] + [np.array([priors[name][1] for name in claims])])
    return names + claims, mean, sd


def _fit_completion(
    case: Case,
    plan: Plan,
    panel: Panel,
    history: past.History,
    names: list[str],
    prior: tuple[Floats, Floats],
    completion: int,
) -> Laplace:
    rows = [ladder_rows(case, plan, panel, history, names, n, completion) for n in range(len(plan.ladders))]

    def curve(theta: Floats) -> tuple[float, Floats, Floats]:
        value, slope, bend = law.log_likelihood(theta, rows[0].design, rows[0].reached, rows[0].weights)
        for more in rows[1:]:
            part = law.log_likelihood(theta, more.design, more.reached, more.weights)
            value, slope, bend = value + part[0], slope + part[1], bend + part[2]
        return value, slope, bend

    return fit_mode(curve, *prior)


def ladder_rows(
    case: Case, plan: Plan, panel: Panel, history: past.History, names: list[str], ladder: int, completion: int
) -> Rows:
    """Observed moves of a ladder's fronts, then its pseudo-days, as rows of the multinomial logit."""
    at, usual = {name: k for k, name in enumerate(names)}, usual_causes(plan, history)
    fronts = [f for f, which in enumerate(plan.ladder_of) if which == ladder]
    rungs = history.rungs[completion][fronts]
    start, reached = rungs[:, :-1].ravel(), rungs[:, 1:].ravel()
    memories = past.felt(history.memories[completion][fronts][:, 1:]).reshape(-1, plan.memories)
    age = np.tile(np.arange(panel.days - 1)[::-1], len(fronts))
    extra = _pseudo_rows(case, plan, ladder, start, memories)
    design = _kernel_design(plan, ladder, np.concatenate([start, extra[0]]), np.concatenate([memories, extra[2]]), at)
    for term in plan.ladder_terms:
        if term.name in at and term.target in fronts and term.moves is not None:
            phi = term.sign * (
                cause_path(plan, history, term.column, term.above, completion) - usual.get(term.name, 0.0)
            )
            block = np.s_[
                fronts.index(term.target) * (panel.days - 1) : (fronts.index(term.target) + 1) * (panel.days - 1)
            ]
            design[block, :, at[term.name]] += phi[:, None] * term.moves[start[block]]
    weights = np.concatenate([2.0 ** (-age / HALF_LIFE_OF_EVIDENCE), extra[3]])
    return Rows(design, np.concatenate([reached, extra[1]]), weights)


def _kernel_design(plan: Plan, ladder: int, start: NDArray[np.int64], memories: Floats, at: dict[str, int]) -> Floats:
    """What the kernel's coefficients add to each destination; shape (n, R, k)."""
    count, n = len(plan.rungs[ladder]), start.size
    shape, single = law.basis(count), np.eye(count)
    design = np.zeros((n, count, len(at)))
    block = np.concatenate([shape, single]).T  # (R, 3 + R)
    first = at[f"{plan.ladders[ladder]}:{plan.rungs[ladder][0]}:b0"]
    for rung in range(count):
        columns = first + rung * block.shape[1] + np.arange(block.shape[1])
        design[np.ix_(start == rung, np.arange(count), columns)] = block
    for q in range(plan.memories):
        columns = at[f"{plan.ladders[ladder]}:memory{q}:b0"] + np.arange(law.BASIS)
        design[:, :, columns] = memories[:, q, None, None] * shape.T
    return design


def _pseudo_rows(
    case: Case, plan: Plan, ladder: int, start: NDArray[np.int64], memories: Floats
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats, Floats]:
    """Pseudo-days as rows: start, reached, memories typical of the rung (or of the highest seen), weights."""
    days = past.pseudo_days(case, plan.ladders[ladder])
    begin, end = np.nonzero(days)
    seen = [r for r in range(len(days)) if np.any(start == r)]
    typical = np.zeros((begin.size, memories.shape[1]))
    for row, rung in enumerate(begin):
        likest = max((r for r in seen if r <= rung), default=seen[0])
        typical[row] = memories[start == likest].mean(axis=0)
    return begin, end, typical, days[begin, end]


def _informed(plan: Plan, history: past.History, name: str) -> tuple[int, bool]:
    """How many moves that a claim speaks of happened while its cause was present, and whether its cause varied."""
    moves, lowest, highest = 0.0, np.inf, -np.inf
    for term in plan.ladder_terms:
        if term.name != name or term.moves is None:
            continue
        for completion in range(past.COMPLETIONS):
            x = cause_path(plan, history, term.column, term.above, completion)
            rungs = history.rungs[completion, term.target]
            moves += float(np.sum(term.moves[rungs[:-1], rungs[1:]] & (x > 0.1)))
            lowest, highest = min(lowest, float(x.min())), max(highest, float(x.max()))
    return round(moves / past.COMPLETIONS), highest - lowest > 0.05
