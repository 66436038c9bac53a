"""What the past showed of a factor, day by day; where nobody can know, what was to be expected.

The marks of violence (who moved, by what means) are not on record: their chances stand in for them. A stream that was
not counted stands at its usual rate, since missing is not zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from fissures.kernel import world
from fissures.kernel.world import BOTH, FIRST, SECOND, Factor
from fissures.model.plan import CommitmentPlan, Plan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Seen:
    """What completions hold by day, C completions over T days: rungs (C, F, T), deaths (C, N, T), counts (C, S, T),
    and the events to expect of streams on days when nobody counted them (S, T)."""

    rungs: Ints
    deaths: Floats
    counts: Floats
    usual: Floats
    breaks: Floats  # (number of breaks, T): 1 from the day of the break on
    owed_from: Ints  # (K,): the day from which each commitment stands


def shown(plan: Plan, factor: Factor, seen: Seen) -> Floats:
    """What a factor other than a pressure came to at the end of each day; shape (C, T)."""
    if factor.kind == world.WITHIN:
        return _within(factor, seen)
    if factor.kind == world.STANDING:
        return np.full(_shape(seen), factor.level * plan.commitments[factor.places[0]].binds)
    if factor.kind == world.BREAK:
        return np.broadcast_to(seen.breaks[factor.places[0]] * factor.level, _shape(seen)).astype(np.float64)
    if factor.kind == world.IN_FORCE:
        return _in_force(plan, plan.commitments[factor.places[0]], seen)
    parts = [_at(plan, factor, place, code, seen) for place, code in _parts(factor)]
    if factor.kind in (world.DEAD, world.DEATHS):
        return np.asarray(np.log1p(sum(parts, np.zeros(_shape(seen)))), np.float64)
    none = np.ones(_shape(seen))
    for part in parts:
        none = none * (1.0 - part)
    return 1.0 - none


def switched(factor: Factor, values: Floats) -> Floats:
    """A factor's values, or whether they lie above or below its level."""
    if factor.above == factor.above:
        return (values > factor.above).astype(np.float64)
    if factor.below == factor.below:
        return (values < factor.below).astype(np.float64)
    return values


def _shape(seen: Seen) -> tuple[int, int]:
    return seen.rungs.shape[0], seen.rungs.shape[2]


def _parts(factor: Factor) -> list[tuple[int, int]]:
    codes = factor.codes or (0,) * len(factor.places)
    return list(zip(factor.places, codes, strict=True))


def _at(plan: Plan, factor: Factor, place: int, code: int, seen: Seen) -> Floats:
    """One place's part: a state as 0 or 1, a mark as its chance, deaths as a number; shape (C, T)."""
    rungs = seen.rungs[:, place]
    if factor.kind == world.RUNG:
        return (rungs >= code).astype(np.float64)
    if factor.kind == world.JUST:
        return (rungs == code).astype(np.float64)
    if factor.kind == world.REACHES:
        climbed = (rungs[:, 1:] >= code) & (rungs[:, :-1] < code)
        return np.concatenate([np.zeros((len(rungs), 1)), climbed], axis=1)
    front, ladder = plan.front_plans[place], plan.ladders[plan.ladder_of[place]]
    if factor.kind == world.MEANS:
        bit = code.bit_length() - 1
        return np.asarray(ladder.means[bit][rungs], np.float64)
    if factor.kind == world.MOVED:
        chance = sum(float(front.by[who]) for who in (FIRST, SECOND, BOTH) if code >> who & 1)
        return np.asarray(chance * ((rungs >= ladder.active) & (rungs >= factor.level)), np.float64)
    if factor.kind == world.ADVANCE:
        share = {0: 1.0, 1: front.by[FIRST], -1: front.by[SECOND]}[code] + (0.5 * front.by[BOTH:].sum() if code else 0)
        return np.asarray(ladder.advance[rungs] * share, np.float64)
    if factor.kind == world.DEAD:
        first = first_share(front.dead)
        return seen.deaths[:, place] * (first if code == 0 else 1.0 - first)
    return seen.deaths[:, place]


def first_share(dead: tuple[float, float], doubt: float = 10.0) -> float:
    """The first side's share of the dead, shrunk to one half by `doubt` dead.

    >>> first_share((0, 0))
    0.5
    """
    return (dead[0] + doubt / 2) / (sum(dead) + doubt)


def rolling(values: Floats, window: int) -> Floats:
    """Sums over each day and the days before it, `window` days in all; last axis T."""
    running = np.concatenate([np.zeros((*values.shape[:-1], 1)), np.cumsum(values, axis=-1)], axis=-1)
    ends = np.arange(1, values.shape[-1] + 1)
    return np.asarray(running[..., ends] - running[..., np.maximum(ends - window, 0)], np.float64)


def _within(factor: Factor, seen: Seen) -> Floats:
    """Whether an event fell within the window; where the stream was not counted, the chance of one.

    A day's count below one is the chance that what the stream is read from was so.
    """
    stream, window = factor.places[0], days_in(factor.level)
    counts = seen.counts[:, stream]
    unread = -np.log1p(-np.where(counts < 1.0, counts, 0.0))
    expected = np.maximum(rolling(unread, window) + rolling(seen.usual[stream], window), 0.0)
    return np.where(rolling((counts >= 1.0).astype(np.float64), window) > 0, 1.0, 1.0 - np.exp(-expected))


def days_in(duration: float) -> int:
    """Whole days of age below a duration: how long the kernel sees an event as lying within it.

    >>> days_in(30.4375), days_in(14.0)
    (31, 14)
    """
    return max(ceil(duration), 1)


def _in_force(plan: Plan, owed: CommitmentPlan, seen: Seen) -> Floats:
    """The chance that a commitment was in force; one that needs a request never was, on this record."""
    if owed.requested >= 0:
        return np.zeros(_shape(seen))
    none = rolling(np.log(np.maximum(1.0 - triggered(plan, owed, seen), 1e-9)), days_in(owed.lasts))
    return owed.binds * (1.0 - np.exp(np.minimum(none, 0.0)))


def triggered(plan: Plan, owed: CommitmentPlan, seen: Seen) -> Floats:
    """The chance that a day triggered a commitment, (C, T); no day does before the commitment stands."""
    stands = np.arange(_shape(seen)[1]) >= seen.owed_from[plan.commitments.index(owed)]
    return shown(plan, owed.trigger, seen) * stands
