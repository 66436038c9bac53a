"""Causes shifted into the future, and memories of the future: what a fair lead test is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.events.panel import Panel
from fissures.kernel import world
from fissures.kernel.memory import decay
from fissures.kernel.world import Factor
from fissures.model import history as past
from fissures.model.plan import DEATH_MEMORIES, VIOLENCE_MEMORIES, Plan, Term

Floats = NDArray[np.float64]

SHIFT = 14.0  # days: the least shift, as a record by the week tells no smaller one; also where a cause has no scale
_FRONTS_SHOW = (
    world.RUNG,
    world.JUST,
    world.REACHES,
    world.MOVED,
    world.MEANS,
    world.ADVANCE,
    world.DEAD,
    world.DEATHS,
)


def time_scale(plan: Plan, term: Term) -> int:
    """Days by which a cause is shifted: the longest half-life of its pressures and length of its windows, but at least
    two weeks, which also serve what has neither."""
    days = [SHIFT]
    for factor in term.factors:
        if factor.kind == world.PRESSURE:
            days.append(float(np.log(0.5) / np.log(plan.pressures[factor.places[0]].decay)))
        elif factor.kind == world.WITHIN:
            days.append(factor.level)
    return round(max(days))


def shifts(plan: Plan, name: str) -> dict[str, int] | None:
    """Days by which each term of a coefficient is shifted; None where a term cannot be: its cause never changes, or it
    holds the outcome itself."""
    terms = [term for term in plan.terms if term.name == name and term.on in ("ladder", "stream")]
    constant = (world.STANDING, world.BREAK)
    if not terms or any(all(f.kind in constant for f in t.factors) or holds_outcome(plan, t) for t in terms):
        return None
    return {term.key: time_scale(plan, term) for term in terms}


def holds_outcome(plan: Plan, term: Term) -> bool:
    """Whether what a term acts on feeds the term's own cause, through whatever pressures, streams or commitments."""
    wanted, seen = ("place" if term.on == "ladder" else "stream", term.target), set[tuple[str, int]]()
    ahead = [at for factor in term.factors for at in _reads(factor)]
    while ahead:
        at = ahead.pop()
        if at not in seen:
            seen.add(at)
            ahead += _fed_by(plan, *at)
    return wanted in seen


def _reads(factor: Factor) -> list[tuple[str, int]]:
    kinds = {world.PRESSURE: "pressure", world.WITHIN: "stream", world.IN_FORCE: "commitment"}
    kind = "place" if factor.kind in _FRONTS_SHOW else kinds.get(factor.kind)
    return [(kind, place) for place in factor.places] if kind else []


def _fed_by(plan: Plan, kind: str, number: int) -> list[tuple[str, int]]:
    if kind == "commitment":
        return _reads(plan.commitments[number].trigger)
    if kind == "stream":
        read = plan.streams[number].read
        return _reads(read) if read is not None else []
    if kind == "pressure":
        fed = plan.pressures[number]
        mine = np.flatnonzero((fed.weights != 0) | (fed.relief != 0)).tolist()
        return [("stream", s) for s in mine] + [at for factor, _ in fed.feeds for at in _reads(factor)]
    return []


def shifted(path: Floats, days: int) -> Floats:
    """A path on days whose lead is on record, and that lead, zero beyond; (T,) to (2, T).

    >>> shifted(np.array([1.0, 2.0, 3.0]), 1).tolist()
    [[1.0, 2.0, 0.0], [2.0, 3.0, 0.0]]
    """
    out = np.zeros((2, path.size))
    kept = max(path.size - days, 0)
    out[0, :kept], out[1, :kept] = path[:kept], path[days:]
    return out


@dataclass(frozen=True)
class Ahead:
    """Memories of the future at each day, of the days after it alone: of ladders as they are felt, less their mean
    (C, F, T, Q), of streams in logs (T, S)."""

    ladders: Floats
    streams: Floats


def read_backwards(plan: Plan, panel: Panel, history: past.History) -> Ahead:
    """The memories of the record read backwards, at the same half-lives."""
    active = np.array([plan.ladders[which].active for which in plan.ladder_of])
    deaths = np.zeros(history.rungs.shape)
    deaths[:, : len(plan.fronts)] = history.deaths
    lost, violent = past.violence(deaths, history.rungs, active[:, None])
    told = [(lost, h) for h in DEATH_MEMORIES] + [(violent, h) for h in VIOLENCE_MEMORIES]
    inputs = np.stack([values for values, _ in told], axis=-1)[:, :, ::-1]  # (C, F, T, Q)
    kept = np.array([decay(half_life) for _, half_life in told])
    out, now = np.zeros_like(inputs), inputs[:, :, : past.FIRST_STRETCH].mean(axis=2)
    counts = (history.seen.counts + history.seen.usual)[..., ::-1]
    own, memory = np.zeros_like(counts), np.repeat([[np.expm1(s.usual) for s in plan.streams]], len(counts), axis=0)
    fades = np.array([stream.decay for stream in plan.streams])
    for t in range(panel.days):
        out[:, :, t], own[:, :, t] = now, memory
        now, memory = kept * now + (1.0 - kept) * inputs[:, :, t], fades * memory + counts[:, :, t]
    felt = past.felt(out[:, :, ::-1])
    return Ahead(felt - felt.mean(axis=(0, 2), keepdims=True), np.log1p(own[..., ::-1]).mean(axis=0).T)


def left_over(products: Floats) -> float:
    """What of the first row's square the others do not explain, by least squares.

    >>> left_over(np.array([[2.0, 1.0], [1.0, 1.0]]))
    1.0
    """
    return float(products[0, 0] - products[0, 1:] @ np.linalg.pinv(products[1:, 1:], hermitian=True) @ products[1:, 0])
