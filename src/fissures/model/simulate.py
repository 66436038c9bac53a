"""Simulation: a plan and a fit in, paths out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.errors import UsageError
from fissures.kernel import paths as stepping
from fissures.kernel.ladder import BASIS, basis
from fissures.kernel.memory import decay
from fissures.kernel.rng import name_key
from fissures.model import plan as layout
from fissures.model.causes import DRAWS
from fissures.model.fit import Fit
from fissures.model.plan import Plan, Term

Floats = NDArray[np.float64]
MOST_PATHS = 1_000_000
BATCH = 10_000  # paths stepped together: enough to hide the cost of a call, few enough for a small memory

_KINDS = {"pressure": stepping.PRESSURE, "rung": stepping.RUNG, "constant": stepping.CONSTANT}


@dataclass(frozen=True)
class Run:
    """What a fitted plan leads to: paths by front and stream, under the digests of plan and fit.

    rungs, deaths (F, T, M); counts (S, T, M); day 0 is the day after the as-of date.
    """

    parent: str
    digest: str
    plan: Plan
    fit: Fit
    seed: int
    paths: int
    rungs: NDArray[np.uint8]
    deaths: NDArray[np.int32]
    counts: NDArray[np.uint16]


def simulate(
    plan: Plan,
    fit: Fit,
    paths: int = 10_000,
    seed: int = 1,
    days: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Run:
    """Step `paths` futures to the plan's horizon (or `days`); path m uses draw m mod D.

    The answer does not depend on batches, and more paths or days leave the first ones as they were.
    """
    if not 1 <= paths <= MOST_PATHS:
        why, remedy = "a run needs at least one path, and a memory that holds them", f"from 1 to {MOST_PATHS:,}"
        raise UsageError(f"{paths:,} paths", where="--paths", why=why, remedy=remedy)
    made = world(plan, fit, seed)
    length = plan.horizon_days if days is None else days
    if progress:
        progress(f"simulating {paths:,} paths of {length} days")
    firsts = range(0, paths, BATCH)
    joined = stepping.join([stepping.run(made, length, first, min(BATCH, paths - first)) for first in firsts])
    digest = hashlib.sha256(f"{fit.digest} {plan.digest} {seed} {paths} {length}".encode()).hexdigest()
    return Run(fit.digest, digest, plan, fit, seed, paths, joined.rungs, joined.deaths, joined.counts)


def world(plan: Plan, fit: Fit, seed: int) -> stepping.World:
    """The arrays that the kernel steps, built from draws by coefficient name."""
    return stepping.World(
        ladders=tuple(_ladder(plan, fit, f, seed) for f in range(len(plan.fronts))),
        streams=tuple(_stream(plan, fit, s, seed) for s in range(len(plan.streams))),
        pressures=_pressures(plan, fit),
        levers=_levers(plan),
        death_decays=tuple(decay(h) for h in layout.DEATH_MEMORIES),
        violence_decays=tuple(decay(h) for h in layout.VIOLENCE_MEMORIES),
        standing=layout.STANDING,
        violent_rung=layout.VIOLENT_RUNG,
        death_scale=layout.DEATH_SCALE,
        start_rungs=fit.start.rungs,
        start_memories=fit.start.memories,
        start_pressures=fit.start.pressures,
        start_streams=fit.start.streams,
    )


def _link(fit: Fit, term: Term) -> stepping.Link:
    above = float("nan") if term.above is None else term.above
    moves = None if term.moves is None else np.ascontiguousarray(term.moves.T.astype(np.float64))
    column = term.column
    return stepping.Link(
        _KINDS[column.kind],
        column.index,
        column.level,
        above,
        fit.usual.get(term.name, 0.0),
        term.sign * fit.draws[term.name],
        moves,
    )


def _ladder(plan: Plan, fit: Fit, f: int, seed: int) -> stepping.Ladder:
    """The law of one front; fronts on one ladder share its kernel and differ by their claims."""
    number = plan.ladder_of[f]
    name, rungs = plan.ladders[number], plan.rungs[number]
    count, shape = len(rungs), basis(len(rungs))
    logits = np.zeros((count, DRAWS, count))
    mean, size = np.zeros((DRAWS, count)), np.ones((DRAWS, count))
    for r, rung in enumerate(rungs):
        for j, end in enumerate(rungs):
            logits[j, :, r] = fit.draws[f"{name}:{rung}:to_{end}"]
            for b in range(BASIS):
                logits[j, :, r] += fit.draws[f"{name}:{rung}:b{b}"] * shape[b, j]
        if (log_deaths := fit.draws.get(f"{name}:{rung}:log_deaths")) is not None:
            mean[:, r], size[:, r] = np.exp(log_deaths), np.exp(fit.draws[f"{name}:{rung}:log_size"])
    memory = np.stack([[fit.draws[f"{name}:memory{q}:b{b}"] for b in range(BASIS)] for q in range(plan.memories)])
    links = tuple(_link(fit, t) for t in plan.ladder_terms if t.target == f and t.name in fit.draws)
    front = plan.fronts[f]
    return stepping.Ladder(
        logits.reshape(count, -1),
        memory,
        mean.ravel(),
        size.ravel(),
        links,
        name_key(seed, f"front {front}", "move"),
        name_key(seed, f"front {front}", "deaths"),
    )


def _stream(plan: Plan, fit: Fit, s: int, seed: int) -> stepping.Stream:
    stream = plan.streams[s]
    terms = [t for t in plan.stream_terms if t.target == s and t.name in fit.draws]
    owed = [Term(name, 1, column, None, s) for name, column, _, _ in stream.obliged]
    return stepping.Stream(
        rate=fit.draws[f"{stream.name}:rate"],
        own=fit.draws[f"{stream.name}:own_memory"],
        rung=fit.draws[f"{stream.name}:rung"],
        size=fit.draws[f"{stream.name}:size"],
        decay=stream.decay,
        usual=stream.usual,
        links=tuple(_link(fit, t) for t in (*owed, *terms)),
        key=name_key(seed, f"stream {stream.name}", "count"),
    )


def _pressures(plan: Plan, fit: Fit) -> tuple[stepping.Pressure, ...]:
    return tuple(
        stepping.Pressure(
            p.kind, p.decay, p.floor, p.scale, p.weights, p.relief, p.front, p.rung, float(fit.start.held[k])
        )
        for k, p in enumerate(plan.pressures)
    )


def _levers(plan: Plan) -> tuple[stepping.Lever, ...]:
    scale = [p.scale for p in plan.pressures]
    return tuple(
        stepping.Lever(lever.inject, tuple((p, level * scale[p]) for p, level in lever.hold), lever.start, lever.end)
        for lever in plan.levers
    )
