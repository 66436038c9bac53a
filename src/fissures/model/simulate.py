"""Simulation: a plan and a fit in, paths out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fissures.errors import UsageError
from fissures.kernel import paths as stepping
from fissures.kernel.deaths import Deaths, law
from fissures.kernel.ladder import BASIS, basis
from fissures.kernel.memory import decay
from fissures.kernel.rng import name_key
from fissures.kernel.world import LONG_AGO, Commitment, Ladder, Lever, Link, Marks, Pressure, Stream, World
from fissures.model import engine as engines
from fissures.model import plan as layout
from fissures.model.causes import DRAWS
from fissures.model.fit import Fit
from fissures.model.fit_marks import DEATHS
from fissures.model.fit_streams import obligation
from fissures.model.half_lives import name_of
from fissures.model.plan import CommitmentPlan, Plan, Term
from fissures.model.pressures import MULTIPLES, PressurePlan

Floats = NDArray[np.float64]
MOST_PATHS = 1_000_000
BATCH = engines.BATCH

NEVER = -40.0  # log odds of a means that no rung gives a chance


@dataclass(frozen=True)
class Run:
    """What a fitted plan leads to: paths by place and stream, under the digests of plan and fit.

    Day 0 of `out` is the day after the as-of date. Path m has draw m mod `draws`.
    """

    parent: str
    digest: str
    plan: Plan
    fit: Fit
    seed: int
    paths: int
    out: stepping.Paths
    draws: int = DRAWS

    @property
    def rungs(self) -> NDArray[np.uint8]:
        """Rungs by place, day and path (F, T, M)."""
        return self.out.rungs

    @property
    def deaths(self) -> NDArray[np.int32]:
        """Deaths by front, day and path (N, T, M)."""
        return self.out.deaths

    @property
    def counts(self) -> NDArray[np.uint8]:
        """Counts by stream, day and path (S, T, M)."""
        return self.out.counts


def simulate(
    plan: Plan,
    fit: Fit,
    paths: int = 10_000,
    seed: int = 1,
    days: int | None = None,
    progress: Callable[[str], None] | None = None,
    engine: engines.Engine = "auto",
    draws: int = DRAWS,
) -> Run:
    """Step `paths` futures to the plan's horizon (or `days`); path m uses draw m mod D.

    The answer does not depend on batches or on the engine, and more paths or days leave the first ones as they were.
    With fewer `draws` than D the paths are those alone that have one of the first so many.
    """
    if not 1 <= paths <= MOST_PATHS:
        why, remedy = "a run needs at least one path, and a memory that holds them", f"from 1 to {MOST_PATHS:,}"
        raise UsageError(f"{paths:,} paths", where="--paths", why=why, remedy=remedy)
    made = world(plan if fit.claims == "with" else layout.without_claims(plan), fit, seed)
    length = plan.horizon_days if days is None else days
    if progress:
        progress(f"simulating {paths:,} paths of {length} days")
    out = engines.step(made, length, paths, engine, BATCH, draws)
    return Run(fit.digest, _digest(plan, fit, seed, paths, length, draws), plan, fit, seed, paths, out, draws)


def first(run: Run, paths: int) -> Run:
    """The first so many paths of a run: bit for bit the run that `simulate` makes of no more than these.

    Returns the run itself where it has no more.
    """
    return run if paths >= run.paths else _part(run, lambda values: values[..., :paths], paths, run.draws)


def few_draws(run: Run, draws: int, each: int) -> Run:
    """The first `each` paths of each of the first draws: bit for bit the run that `simulate` makes of these.

    `run` has all its draws, and so many paths of each.
    """

    def of_few(values: NDArray[Any]) -> NDArray[Any]:
        rounds = values[..., : each * run.draws].reshape(*values.shape[:-1], each, run.draws)
        return rounds[..., :draws].reshape(*values.shape[:-1], each * draws)

    return _part(run, of_few, each * draws, draws)


def _part(run: Run, of: Callable[[NDArray[Any]], NDArray[Any]], paths: int, draws: int) -> Run:
    out = replace(run.out, **{field.name: of(getattr(run.out, field.name)) for field in fields(run.out)})
    digest = _digest(run.plan, run.fit, run.seed, paths, run.rungs.shape[1], draws)
    return replace(run, digest=digest, paths=paths, out=out, draws=draws)


def _digest(plan: Plan, fit: Fit, seed: int, paths: int, length: int, draws: int) -> str:
    of_draws = "" if draws == DRAWS else f" {draws}"
    return hashlib.sha256(f"{fit.digest} {plan.digest} {seed} {paths} {length}{of_draws}".encode()).hexdigest()


def world(plan: Plan, fit: Fit, seed: int) -> World:
    """The arrays that the kernel steps, built from draws by coefficient name."""
    deaths = _deaths(plan, fit)
    return World(
        ladders=tuple(_ladder(plan, fit, f, seed, deaths[f]) for f in range(len(plan.places))),
        streams=tuple(_stream(plan, fit, s, seed) for s in range(len(plan.streams))),
        pressures=tuple(_pressure(plan, fit, p) for p in range(len(plan.pressures))),
        commitments=tuple(_commitment(fit, owed) for owed in plan.commitments),
        levers=_levers(plan, fit),
        fronts=len(plan.fronts),
        death_decays=tuple(decay(h) for h in layout.DEATH_MEMORIES),
        violence_decays=tuple(decay(h) for h in layout.VIOLENCE_MEMORIES),
        standing=layout.STANDING,
        death_scale=layout.DEATH_SCALE,
        start_rungs=fit.start.rungs,
        start_memories=fit.start.memories,
        start_pressures=fit.start.pressures,
        start_streams=fit.start.streams,
        start_since=fit.start.since,
        start_triggers=fit.start.triggers,
    )


def _link(fit: Fit, term: Term) -> Link:
    moves = None if term.moves is None else np.ascontiguousarray(term.moves.T)
    usual = fit.usual.get(term.key, 0.0)
    return Link(term.factors, term.sign * fit.draws[term.name], usual, term.root, moves, _group(fit, term.name))


def _group(fit: Fit, coefficient: str) -> int:
    """The number of a coefficient among those of claims and breaks; -1 for any other."""
    names = sorted(fit.priors)
    return names.index(coefficient) if coefficient in fit.priors else -1


def _links(plan: Plan, fit: Fit, kind: str, target: int) -> tuple[Link, ...]:
    return tuple(_link(fit, t) for t in plan.terms_on(kind, target) if t.name in fit.draws)


def _ladder(plan: Plan, fit: Fit, f: int, seed: int, deaths: Deaths) -> Ladder:
    """The law of one place; places on one ladder share its kernel and differ by their claims."""
    ladder, place, front = plan.ladders[plan.ladder_of[f]], plan.places[f], f < len(plan.fronts)
    name, count = ladder.name, len(ladder.rungs)
    shape = basis(count)
    logits = np.zeros((count, DRAWS, count))
    for r, rung in enumerate(ladder.rungs):
        for j, end in enumerate(ladder.rungs):
            logits[j, :, r] = fit.draws[f"{name}:{rung}:to_{end}"]
            for b in range(BASIS):
                logits[j, :, r] += fit.draws[f"{name}:{rung}:b{b}"] * shape[b, j]
    memory = np.stack([[fit.draws[f"{name}:memory{q}:b{b}"] for b in range(BASIS)] for q in range(plan.memories)])
    when = plan.front_plans[f] if front else None
    return Ladder(
        logits.reshape(count, -1),
        memory,
        deaths,
        _links(plan, fit, "ladder", f),
        name_key(seed, f"front {place}", "move"),
        name_key(seed, f"front {place}", "deaths"),
        ladder.active,
        _marks(plan, fit, f, seed) if front else None,
        opens=LONG_AGO if f in plan.closed else when.opens if when else -LONG_AGO,
        closes=when.closes if when else LONG_AGO,
        retires_after=when.retires_after if when else LONG_AGO,
    )


def _deaths(plan: Plan, fit: Fit) -> list[Deaths]:
    """The law of a day's deaths of every place. Fronts on one ladder share it: it takes longer than all the rest."""
    kinds = [(plan.ladder_of[f], f < len(plan.fronts)) for f in range(len(plan.places))]
    laws = {kind: _law(plan, fit, *kind) for kind in dict.fromkeys(kinds)}
    return [laws[kind] for kind in kinds]


def _law(plan: Plan, fit: Fit, number: int, front: bool) -> Deaths:
    """The law of a day's deaths by draw and rung; none on a track, or at a rung that brings none."""
    ladder = plan.ladders[number]
    rows = np.tile(np.array([0.0, 1.0, 0.0, 1.0, 0.0]), (DRAWS, len(ladder.rungs), 1))
    for r, rung in enumerate(ladder.rungs):
        if front and f"{ladder.name}:{rung}:log_deaths" in fit.draws:
            drawn = [fit.draws[f"{ladder.name}:{rung}:{part}"] for part in DEATHS]
            mean, size, odds, ratio = (np.exp(values) for values in drawn[:4])
            rows[:, r] = np.stack([mean, size, odds / (1.0 + odds), ratio, drawn[4]], axis=1)
    return law(*rows.reshape(-1, len(DEATHS)).T, *np.tile(ladder.limits, DRAWS))


def _marks(plan: Plan, fit: Fit, f: int, seed: int) -> Marks:
    """What an active day on a front carries, under every draw."""
    ladder, place = plan.ladders[plan.ladder_of[f]], plan.places[f]
    never = np.full(DRAWS, NEVER)
    means = [
        np.stack([fit.draws.get(f"{ladder.name}:{r}:means_{m}", never) for r in ladder.rungs], axis=1).ravel()
        for m in plan.means
    ]
    purposes = ("who moved", "advance", "who took ground", "dead by side", *plan.means)
    return Marks(
        by=np.log(np.maximum(plan.front_plans[f].by, 1e-9)),
        means=np.array(means).reshape(len(plan.means), DRAWS * len(ladder.rungs)),
        able=ladder.means > 0,
        advance=ladder.advance,
        first_share=fit.draws[f"{place}:first_share"],
        by_links=_coded(plan, fit, "by", f),
        means_links=_coded(plan, fit, "means", f),
        advance_links=_links(plan, fit, "advance", f),
        keys=tuple(name_key(seed, f"front {place}", purpose) for purpose in purposes),
    )


def _coded(plan: Plan, fit: Fit, kind: str, f: int) -> tuple[tuple[int, Link], ...]:
    return tuple((t.code, _link(fit, t)) for t in plan.terms_on(kind, f) if t.name in fit.draws)


def _stream(plan: Plan, fit: Fit, s: int, seed: int) -> Stream:
    stream, none = plan.streams[s], np.zeros(DRAWS)
    owed = tuple(_link(fit, obligation(name, factor, s)) for name, factor, _, _ in stream.obliged)
    return Stream(
        rate=fit.draws.get(f"{stream.name}:rate", none),
        own=fit.draws.get(f"{stream.name}:own_memory", none),
        rung=fit.draws.get(f"{stream.name}:rung", none),
        size=fit.draws.get(f"{stream.name}:size", none),
        decay=stream.decay,
        usual=stream.usual,
        links=(*owed, *_links(plan, fit, "stream", s)),
        key=name_key(seed, f"stream {stream.name}", "count"),
        read=stream.read,
        lifts=stream.lifts,
    )


def _pressure(plan: Plan, fit: Fit, p: int) -> Pressure:
    one = plan.pressures[p]
    decays, gains = _halved(one, fit)
    return Pressure(
        one.kind,
        decays,
        one.floor,
        one.scale,
        one.weights,
        one.relief,
        one.feeds,
        fit.start.ahead[p] if one.series is not None else None,
        _links(plan, fit, "pressure", p),
        gains,
    )


def _halved(pressure: PressurePlan, fit: Fit) -> tuple[float | Floats, float | Floats]:
    """Decay and gain of a pressure, by draw where its half-life is doubted."""
    name = name_of(pressure.record)
    if not pressure.halving or name not in fit.draws:
        return pressure.decay, 1.0
    at = np.searchsorted(MULTIPLES, fit.draws[name])
    decays, gains = np.array(pressure.halving).T
    return decays[at], gains[at]


def _commitment(fit: Fit, owed: CommitmentPlan) -> Commitment:
    return Commitment(owed.trigger, owed.lasts, owed.requested, fit.draws[f"{owed.name}:binds"])


def _levers(plan: Plan, fit: Fit) -> tuple[Lever, ...]:
    scale = [p.scale for p in plan.pressures]
    return tuple(
        Lever(
            inject=one.inject,
            hold=tuple((p, level * scale[p]) for p, level in one.hold),
            start=one.start,
            end=one.end,
            bind=one.bind,
            scale=one.scale,
            press=one.press,
            links=tuple((_group(fit, name), factor) for name, factor in one.edit),
            ramp=one.ramp,
        )
        for one in plan.levers
    )
