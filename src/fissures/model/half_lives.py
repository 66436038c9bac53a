"""Half-lives are never a point: a stated one is believed to within a factor, and the record weighs its multiples.

Each pressure's half-life is tried at the equally likely multiples of `pressures.MULTIPLES`, the others as stated. What
the claims that ride on it gain at their mode says how likely each multiple is, and how far their coefficients move with
it. Draws then take a multiple each, and their coefficients the move that belongs to it. Pressures are weighed one at a
time: two that the record can only tell apart together stay as they were believed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fissures.case.records import Case
from fissures.events.panel import Panel
from fissures.kernel import importance, world
from fissures.kernel.posterior import Laplace, fit_mode, log_evidence
from fissures.kernel.rng import name_key, path_numbers, uniforms
from fissures.model import history as past
from fissures.model import joint
from fissures.model.blocks import MOST_CARRIED, STATED, Joint, Solved
from fissures.model.causes import DRAWS, Priors, cause_path, usual_causes
from fissures.model.plan import Plan, Term
from fissures.model.pressures import MULTIPLES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MIDDLE = MULTIPLES.index(1.0)
# A claim that the record narrows by less than this says nothing of a half-life either: at best a tenth of a nat.
LEAST = 0.05
LOOKED_AT = 1  # completions of the record on which a half-life is weighed: all of them would take as long as the fit


@dataclass(frozen=True)
class HalfLife:
    """What is believed of one pressure's half-life: as stated (days), and the weight of each of MULTIPLES after the
    data; `told` says whether any likelihood spoke of it, else every multiple is as likely as it was."""

    name: str
    days: float
    weights: tuple[float, ...]
    told: bool


@dataclass(frozen=True)
class Profile:
    """Log evidence of each multiple over that of the stated half-life (G,), and by coefficient how far its mode moves
    with each (G,)."""

    evidence: Floats
    moves: dict[str, Floats]


Profiles = Mapping[str, Profile]


@dataclass(frozen=True)
class Bent:
    """A history under every multiple at once: pressures (G, C, P, T), and after the as-of date (G, C, P)."""

    pressures: Floats
    start: Floats


def bent(plan: Plan, panel: Panel, history: past.History) -> Bent:
    """Every pressure's course under each multiple of its half-life."""
    each = [past.under(plan, panel, history, g) for g in range(len(MULTIPLES))]
    return Bent(np.stack([one[0] for one in each]), np.stack([one[1] for one in each]))


def riders(plan: Plan) -> dict[str, list[Term]]:
    """By pressure of the case whose half-life is doubted, the terms that ride on it."""
    out: dict[str, list[Term]] = {p.record: [] for p in plan.pressures if p.halving}
    for term in plan.terms:
        for name in {plan.pressures[f.places[0]].record for f in term.factors if f.kind == world.PRESSURE}:
            if name in out:
                out[name].append(term)
    return out


def under(plan: Plan, history: past.History, paths: Bent, name: str, multiple: int) -> past.History:
    """A history in which one pressure of the case (on every front) has a multiple of its half-life."""
    mine = [p for p, one in enumerate(plan.pressures) if one.record == name]
    pressures = history.pressures.copy()
    pressures[:, mine] = paths.pressures[multiple][:, mine]
    usual = dict(usual_causes(plan, history))
    changed = replace(history, pressures=pressures, usual={})
    for term in riders(plan)[name]:
        if term.key in usual:
            usual[term.key] = float(np.mean([cause_path(plan, changed, term, c) for c in range(past.COMPLETIONS)]))
    return replace(changed, usual=dict.fromkeys(history.usual, usual))


def profiles(
    case: Case, plan: Plan, panel: Panel, history: past.History, paths: Bent, priors: Priors, solved: Sequence[Solved]
) -> dict[str, Profile]:
    """What each doubted half-life's multiples gain, by pressure, over all blocks that say anything of a claim on it."""
    groups = joint.together(joint.units(plan, panel, priors))
    narrowed = [_narrowed(one) for one in solved]
    out: dict[str, Profile] = {}
    for name, terms in riders(plan).items():
        claims = {term.name for term in terms}
        met = [(one, group) for one, group, spoken in zip(solved, groups, narrowed, strict=True) if claims & spoken]
        if not met:
            continue
        others = [under(plan, history, paths, name, g) for g in range(len(MULTIPLES)) if g != MIDDLE]
        told = [
            profile(one, [joint.block(case, plan, panel, other, priors, group, LOOKED_AT) for other in others])
            for one, group in met
        ]
        moves = {claim: values for each in told for claim, values in each.moves.items()}
        out[name] = Profile(np.sum([each.evidence for each in told], axis=0), moves)
    return out


def _narrowed(solved: Solved) -> set[str]:
    """Claims of a block of which the record says anything."""
    t = _stated(solved)
    narrower = solved.fits[t][0].sd() < (1.0 - LEAST) * solved.block.scaled(solved.taus[t])
    return {name for name, so in zip(solved.block.names, narrower, strict=True) if so}


def _stated(solved: Solved) -> int:
    """The point of the grid next to the stated doubt."""
    return min(range(len(solved.taus)), key=lambda k: abs(solved.taus[k] - STATED))


def profile(solved: Solved, others: Sequence[Joint]) -> Profile:
    """What one block says of the multiples, given the block under each but the stated one, in order.

    Narrow blocks are fitted anew. In wide ones a single step with the curvature found at the stated half-life stands
    for that, so that how sharply the record speaks is taken to stay. Completions looked at count alike.
    """
    t = _stated(solved)
    sd = solved.block.scaled(solved.taus[t])
    step = _refitted if len(solved.block.names) <= MOST_CARRIED else _stepped
    at = [step(solved.block, c, solved.fits[t][c], sd) for c in range(len(others[0].parts))]
    gains, moved = [], []
    for other in others:
        now = [step(other, c, solved.fits[t][c], sd) for c in range(len(other.parts))]
        each = [(a[0] - b[0], a[1] - b[1]) for a, b in zip(now, at, strict=True)]
        top = max(gain for gain, _ in each)
        gains.append(top + float(np.log(np.mean([np.exp(gain - top) for gain, _ in each]))))
        moved.append(np.mean([move for _, move in each], axis=0))
    evidence = np.insert(np.array(gains), MIDDLE, 0.0)
    moves = np.insert(np.array(moved), MIDDLE, 0.0, axis=0)
    return Profile(evidence, {name: moves[:, k] for k, name in enumerate(solved.block.names) if np.any(moves[:, k])})


def _refitted(block: Joint, completion: int, near: Laplace, sd: Floats) -> tuple[float, Floats]:
    """Log evidence and mode, fitted anew."""
    fit = fit_mode(partial(block.curve, completion), block.mean, sd, start=near.mode)
    return log_evidence(fit, sd), fit.mode


def _stepped(block: Joint, completion: int, near: Laplace, sd: Floats) -> tuple[float, Floats]:
    """The highest log posterior, and the mode, by one step of the chord method."""
    value, slope = block.slope(completion, near.mode)
    gap = (near.mode - block.mean) / sd
    slope = slope - gap / sd
    move = near.step(slope)
    return value - 0.5 * float(gap @ gap) + 0.5 * float(slope @ move), near.mode + move


def believed(plan: Plan, found: Profiles) -> tuple[HalfLife, ...]:
    """Every doubted half-life after the data, in case order; the multiples were equally likely before."""
    out = {}
    for pressure in plan.pressures:
        if pressure.halving:
            told = pressure.record in found
            gains = found[pressure.record].evidence if told else np.zeros(len(MULTIPLES))
            weights = importance.grid_weights(gains, np.zeros(len(MULTIPLES)))
            days = float(np.log(0.5) / np.log(pressure.decay))
            out[pressure.record] = HalfLife(pressure.record, days, tuple(weights.tolist()), told)
    return tuple(out.values())


def assigned(half_lives: Sequence[HalfLife], seed: int) -> dict[str, Ints]:
    """Which multiple each draw stands on, by pressure; shape (D,)."""
    numbers = path_numbers(0, DRAWS)
    return {
        one.name: importance.assign(
            np.array(one.weights), uniforms(name_key(seed, one.name, "half-life"), 0, numbers)[:, None]
        )[:, 0]
        for one in half_lives
    }


def drawn(which: Mapping[str, Ints]) -> dict[str, Floats]:
    """Draws of every doubted half-life, as a multiple of the stated one, by name (D,)."""
    return {name_of(name): np.array(MULTIPLES)[at] for name, at in which.items()}


def name_of(pressure: str) -> str:
    """The name by which draws know a pressure's half-life."""
    return f"pressure:{pressure}:half_life_times"


def moved(draws: Mapping[str, Floats], found: Profiles, which: Mapping[str, Ints]) -> dict[str, Floats]:
    """Draws of a block's coefficients, each moved to where its half-lives put it."""
    out = dict(draws)
    for name, profiled in found.items():
        for coefficient, moves in profiled.moves.items():
            if coefficient in out:
                out[coefficient] = out[coefficient] + moves[which[name]]
    return out


def spread(found: Profiles, half_lives: Sequence[HalfLife], coefficient: str) -> tuple[float, float]:
    """Mean and variance that the doubt about half-lives adds to a coefficient."""
    mean, variance = 0.0, 0.0
    for one in half_lives:
        if one.name in found and coefficient in found[one.name].moves:
            weights, moves = np.array(one.weights), found[one.name].moves[coefficient]
            centre = float(weights @ moves)
            mean, variance = mean + centre, variance + float(weights @ (moves - centre) ** 2)
    return mean, variance


def usual(plan: Plan, history: past.History, paths: Bent, which: Mapping[str, Ints]) -> dict[str, float | Floats]:
    """What causes usually are, by term: under the half-lives of each draw (D,) where these are doubted.

    A product of two pressures takes the difference that each makes alone.
    """
    stated = usual_causes(plan, history)
    out: dict[str, float | Floats] = dict(stated)
    for name, terms in riders(plan).items():
        keys = [term.key for term in terms if term.key in stated]
        if keys:
            other = [usual_causes(plan, under(plan, history, paths, name, g)) for g in range(len(MULTIPLES))]
            for key in keys:
                differ = np.array([one[key] - stated[key] for one in other])
                out[key] = out[key] + differ[which[name]]
    return out


def start(plan: Plan, history: past.History, paths: Bent, which: Mapping[str, Ints], completion_of: Ints) -> Floats:
    """Where every pressure stands after the as-of date, by draw, in raw units; shape (D, P)."""
    out = history.start_pressures[completion_of]
    for p, pressure in enumerate(plan.pressures):
        if pressure.record in which:
            out[:, p] = paths.start[which[pressure.record], completion_of, p]
    return out
