"""The plan: the only place that knows both the case's names and the kernel's indices."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from fissures.case import grammar
from fissures.case.records import Case, Pressure
from fissures.events.panel import Panel
from fissures.kernel import ladder as law
from fissures.kernel.memory import (
    BUILDING,
    DECAYING,
    SERIES,
    decay,
    surge_of_days,
    surge_of_events,
    surge_of_wait,
)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# Each ladder's own memories: exponentially weighted log deaths and share of violent days, at these half-lives (days).
# The longest one enters as the front's standing: half the logit of that share, shrunk to a usual one in twenty days.
DEATH_MEMORIES = (7.0, 60.0)
VIOLENCE_MEMORIES = (30.0, 365.0, 1826.25)
STANDING = (1826.25 / 0.6931, 0.05, 365.0)
VIOLENT_RUNG = 2
DEATH_SCALE = 4.0  # log1p of about 54 deaths a day reads as 1


@dataclass(frozen=True)
class Column:
    """A cause as the kernel sees it: a pressure, a front at or above a rung, or a constant.

    `index` is the pressure's or the front's number; `level` is the rung, or the constant's value.
    """

    kind: str  # "pressure", "rung" or "constant"
    index: int = -1
    level: float = 1.0


@dataclass(frozen=True)
class Term:
    """One claim at work on one target: coefficient name, cause, threshold, sign, and the moves it touches.

    `target` is a front's number for a ladder term and a stream's number for a stream term; `moves` (rungs, rungs) is
    None for a stream.
    """

    name: str
    sign: int
    column: Column
    above: float | None
    target: int
    moves: Bools | None = None


@dataclass(frozen=True)
class PressurePlan:
    """One pressure instance in raw units: how it decays, what feeds it, and the raw level that reads as 1."""

    name: str
    kind: int
    decay: float
    floor: float
    scale: float
    weights: Floats
    relief: Floats
    front: int = -1
    rung: int = -1
    series: tuple[str, str] | None = None
    begins: date | None = None


@dataclass(frozen=True)
class StreamPlan:
    """One stream: prior log rate a day with its spread, the decay of its own memory, what may oblige it."""

    name: str
    log_rate: float
    spread: float
    decay: float
    obliged: tuple[tuple[str, Column, float, float], ...] = ()

    @property
    def usual(self) -> float:
        """log1p of the own memory that the prior rate sustains."""
        return float(np.log1p(np.exp(self.log_rate) / (1.0 - self.decay)))


@dataclass(frozen=True)
class LeverPlan:
    """A lever laid out in days counted from the day after the as-of date."""

    id: str
    inject: tuple[tuple[int, float, int], ...]  # (stream, count, every)
    hold: tuple[tuple[int, float], ...]  # (pressure, level in surges)
    start: int
    end: int


@dataclass(frozen=True)
class Plan:
    """A case ready to be fitted and simulated: names in case order, terms, pressures, streams, horizon."""

    parent: str
    digest: str
    as_of: date
    horizon_days: int
    fronts: tuple[str, ...]
    ladders: tuple[str, ...]
    ladder_of: tuple[int, ...]
    rungs: tuple[tuple[str, ...], ...]
    streams: tuple[StreamPlan, ...]
    pressures: tuple[PressurePlan, ...]
    ladder_terms: tuple[Term, ...]
    stream_terms: tuple[Term, ...]
    breaks: tuple[date, ...]
    levers: tuple[LeverPlan, ...] = ()

    @property
    def memories(self) -> int:
        """How many memories enter the ladder law."""
        return len(DEATH_MEMORIES) + len(VIOLENCE_MEMORIES) + len(self.breaks)

    def day(self, when: date) -> int:
        """Simulated day number of a date; 0 is the day after the as-of date."""
        return (when - self.as_of).days - 1

    def date_of(self, day: int) -> date:
        """Calendar date of a simulated day."""
        return self.as_of + timedelta(days=day + 1)


def build(case: Case, panel: Panel) -> Plan:
    """Lay a checked case out for the kernel; its digest covers the case, the panel and the layout."""
    fronts, ladders = tuple(case.fronts), tuple(case.ladders)
    ladder_of = tuple(ladders.index(front.ladder) for front in case.fronts.values())
    pressures = _pressures(case)
    claims = [(name, grammar.effect(claim.effect, case)) for name, claim in case.claims.items()]
    ladder_terms = [t for name, e in claims if e.kind != "stream" for t in _ladder_terms(case, pressures, name, e)]
    stream_terms = [_stream_term(case, pressures, name, e) for name, e in claims if e.kind == "stream"]
    plan = Plan(
        parent=panel.digest,
        digest="",
        as_of=case.as_of,
        horizon_days=(case.horizon - case.as_of).days,
        fronts=fronts,
        ladders=ladders,
        ladder_of=ladder_of,
        rungs=tuple(tuple(ladder.rungs) for ladder in case.ladders.values()),
        streams=_streams(case, pressures),
        pressures=pressures,
        ladder_terms=tuple(ladder_terms),
        stream_terms=tuple(stream_terms),
        breaks=tuple(case.breaks.values()),
    )
    return replace(plan, digest=digest(plan))


def digest(plan: Plan) -> str:
    """SHA-256 over everything in a plan except its own digest."""

    body = json.dumps(_plain(replace(plan, digest="")), sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()


def _plain(value: object) -> object:
    """A value as JSON; numbers to twelve digits, since the last ones differ between mathematical libraries."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return f"{value:.12g}"
    inside = getattr(value, "__dict__", None)
    return {key: _plain(inner) for key, inner in inside.items()} if inside else str(value)


def _pressures(case: Case) -> tuple[PressurePlan, ...]:
    """Pressure instances in case order; one that counts days on a rung stands once for each front."""
    out: list[PressurePlan] = []
    for name, pressure in case.pressures.items():
        if pressure.days_at is None:
            out.append(_pressure(case, name, pressure))
            continue
        for f, front in enumerate(case.fronts):
            rungs = grammar.rungs_of(case, front)
            rung = pressure.days_at.removesuffix(" or above")
            if rung in rungs:
                base = _pressure(case, f"{name}@{front}", pressure)
                out.append(replace(base, front=f, rung=rungs.index(rung)))
    return tuple(out)


def _pressure(case: Case, name: str, pressure: Pressure) -> PressurePlan:
    surge = grammar.surge(pressure.reference_surge)
    half = grammar.duration(pressure.builds_up or pressure.half_life or "1 day")
    streams = list(case.streams)
    weights = np.array([pressure.fed_by.get(s, 0.0) for s in streams])
    relief = np.array([pressure.relieved_by.get(s, 0.0) for s in streams])
    if pressure.builds_up:
        kind, scale = BUILDING, surge_of_wait(surge.amount, half)
    elif pressure.series:
        kind, scale = SERIES, surge.amount
    elif pressure.days_at:
        kind, scale = DECAYING, surge_of_days(surge.amount, half)
    else:
        kind, scale = DECAYING, surge_of_events(surge.amount, surge.window, half)
    series = (pressure.series, pressure.column) if pressure.series and pressure.column else None
    return PressurePlan(
        name,
        kind,
        decay(half),
        pressure.floor * scale,
        scale,
        weights,
        relief,
        series=series,
        begins=pressure.begins,
    )


def _index(pressures: tuple[PressurePlan, ...], name: str, front: str | None) -> int:
    names = [p.name for p in pressures]
    return names.index(name) if name in names else names.index(f"{name}@{front}")


def _column(case: Case, pressures: tuple[PressurePlan, ...], cause: grammar.Cause, front: str | None) -> Column:
    """The cause as seen from one front; a commitment binds where its protected actor's soil is recognised."""
    if cause.kind == "rung":
        rungs = grammar.rungs_of(case, cause.name)
        return Column("rung", list(case.fronts).index(cause.name), float(rungs.index(str(cause.rung))))
    if cause.kind == "commitment":
        owed = case.commitments[cause.name]
        if front is None:
            return _trigger(case, owed.when)
        return Column("constant", level=float(owed.protects in case.fronts[front].recognised.values()))
    return Column("pressure", _index(pressures, cause.name, front))


def _trigger(case: Case, when: str) -> Column:
    state = grammar.state(when, case)
    rungs = grammar.rungs_of(case, state.front)
    return Column("rung", list(case.fronts).index(state.front), float(rungs.index(state.rung)))


def _ladder_terms(case: Case, pressures: tuple[PressurePlan, ...], name: str, effect: grammar.Effect) -> list[Term]:
    claim, out = case.claims[name], []
    cause = grammar.cause(claim.cause, case)
    above = grammar.threshold(claim.when, case) if claim.when else None
    for front in effect.fronts:
        column = _column(case, pressures, cause, front)
        moves = _moves(effect, grammar.rungs_of(case, front))
        out.append(Term(f"claim:{name}", effect.sign, column, above, list(case.fronts).index(front), moves))
    return out


def _moves(effect: grammar.Effect, rungs: tuple[str, ...]) -> Bools:
    start = rungs.index(effect.start) if effect.start else None
    end = rungs.index(effect.end) if effect.end else None
    if effect.kind == "ceiling":
        return law.past(len(rungs), int(end or 0))
    if effect.kind == "falling":
        return law.falling(len(rungs), start, end)
    both = law.climbing(len(rungs), start, end)
    return both if effect.kind == "climbing" else both | law.falling(len(rungs), start, end)


def _stream_term(case: Case, pressures: tuple[PressurePlan, ...], name: str, effect: grammar.Effect) -> Term:
    claim = case.claims[name]
    column = _column(case, pressures, grammar.cause(claim.cause, case), None)
    above = grammar.threshold(claim.when, case) if claim.when else None
    return Term(f"claim:{name}", effect.sign, column, above, list(case.streams).index(str(effect.stream)))


def _streams(case: Case, pressures: tuple[PressurePlan, ...]) -> tuple[StreamPlan, ...]:
    out = []
    for name, stream in case.streams.items():
        obliged = tuple(
            (f"commitment:{key}", _trigger(case, owed.when), owed.raises.mean, owed.raises.sd)
            for key, owed in case.commitments.items()
            if owed.obliges == name and owed.raises is not None
        )
        rate = float(np.log(grammar.rate(stream.base_rate)))
        out.append(StreamPlan(name, rate, stream.spread, decay(grammar.duration(stream.memory)), obliged))
    return tuple(out)
