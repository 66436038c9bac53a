"""Factors: what a day shows, as numbers elementwise over paths (or over the days of the past)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.kernel import world
from fissures.kernel.arith import log1p_count
from fissures.kernel.world import Factor, Floats, Ints, Link

MOST_SURGES = 2.0  # a claim is stated for one reference surge; past two of them its straight line is a guess


@dataclass
class Day:
    """What can be read on a day; the last axis M runs over paths, or over days of the past.

    pressures (P, M) raw; rungs and before (F, M), today's and yesterday's; by (N, M) who moved; means (N, M) bits;
    advances (N, M); deaths (N, M), of which first (N, M) are the first side's; since (S, M) days since a stream's last
    event; in_force (K, M) and binding (K, M) commitments.
    """

    pressures: Floats
    rungs: Ints
    before: Ints
    by: NDArray[np.uint8]
    means: NDArray[np.uint8]
    advances: NDArray[np.int8]
    deaths: Floats
    first: Floats
    since: Floats
    in_force: NDArray[np.bool_]
    binding: Floats


def value(factor: Factor, day: Day) -> Floats:
    """What a factor comes to; shape (M,)."""
    raw = _READ[factor.kind](factor, day)
    if factor.above == factor.above:
        return (raw > factor.above).astype(np.float64)
    if factor.below == factor.below:
        return (raw < factor.below).astype(np.float64)
    return raw


def product(link: Link, day: Day) -> Floats:
    """phi(cause): the product of a link's factors, or its square root, never past two surges; shape (M,)."""
    total = value(link.factors[0], day)
    for factor in link.factors[1:]:
        total = total * value(factor, day)
    return np.minimum(np.sqrt(total) if link.root else total, MOST_SURGES)


def _any(flags: list[NDArray[np.bool_]], day: Day) -> Floats:
    """Whether any place shows it; where nobody concerned stands on any front, none does."""
    found = np.zeros(day.rungs.shape[1:], bool)
    for flag in flags:
        found = found | flag
    return found.astype(np.float64)


def _pressure(factor: Factor, day: Day) -> Floats:
    return np.asarray(day.pressures[factor.places[0]] / factor.scale, np.float64)


def _rung(factor: Factor, day: Day) -> Floats:
    return _any([day.rungs[f] >= rung for f, rung in zip(factor.places, factor.codes, strict=True)], day)


def _just(factor: Factor, day: Day) -> Floats:
    return _any([day.rungs[f] == rung for f, rung in zip(factor.places, factor.codes, strict=True)], day)


def _reaches(factor: Factor, day: Day) -> Floats:
    parts = zip(factor.places, factor.codes, strict=True)
    return _any([(day.rungs[f] >= rung) & (day.before[f] < rung) for f, rung in parts], day)


def _moved(factor: Factor, day: Day) -> Floats:
    parts = zip(factor.places, factor.codes, strict=True)
    return _any([((mask >> day.by[f]) & 1 > 0) & (day.rungs[f] >= factor.level) for f, mask in parts], day)


def _means(factor: Factor, day: Day) -> Floats:
    return _any([day.means[f] & bit > 0 for f, bit in zip(factor.places, factor.codes, strict=True)], day)


def _advance(factor: Factor, day: Day) -> Floats:
    parts = zip(factor.places, factor.codes, strict=True)
    return _any([day.advances[f] == sign if sign else day.advances[f] != 0 for f, sign in parts], day)


def _dead(factor: Factor, day: Day) -> Floats:
    """log1p of the dead of a side, summed over fronts."""
    total = np.zeros(day.deaths.shape[1:])
    for f, side in zip(factor.places, factor.codes, strict=True):
        total = total + (day.first[f] if side == 0 else day.deaths[f] - day.first[f])
    return log1p_count(total)


def _deaths(factor: Factor, day: Day) -> Floats:
    total = np.zeros(day.deaths.shape[1:])
    for f in factor.places:
        total = total + day.deaths[f]
    return log1p_count(total)


def _within(factor: Factor, day: Day) -> Floats:
    return (day.since[factor.places[0]] < factor.level).astype(np.float64)


def _standing(factor: Factor, day: Day) -> Floats:
    return np.asarray(day.binding[factor.places[0]] * factor.level, np.float64)


def _in_force(factor: Factor, day: Day) -> Floats:
    return day.in_force[factor.places[0]].astype(np.float64)


def _break(factor: Factor, day: Day) -> Floats:
    return np.full(day.rungs.shape[1:], factor.level)


_READ: dict[int, Callable[[Factor, Day], Floats]] = {
    world.PRESSURE: _pressure,
    world.RUNG: _rung,
    world.REACHES: _reaches,
    world.MOVED: _moved,
    world.MEANS: _means,
    world.ADVANCE: _advance,
    world.DEAD: _dead,
    world.DEATHS: _deaths,
    world.WITHIN: _within,
    world.STANDING: _standing,
    world.IN_FORCE: _in_force,
    world.BREAK: _break,
    world.JUST: _just,
}
