"""Workload W: forty streams, twenty-four pressures and three fronts over half a year, each path with its own draw."""

from __future__ import annotations

import numpy as np

from fissures.kernel import ladder as law
from fissures.kernel import memory, world
from fissures.kernel.deaths import law as law_of_deaths
from fissures.kernel.rng import name_key
from fissures.kernel.world import Factor, Floats, Ladder, Link, Pressure, Stream, World

DRAWS, STREAMS, PRESSURES, FRONTS, RUNGS, DAYS, SERIES = 1000, 40, 24, 3, 6, 183, 8
COUPLINGS, THRESHOLDS = 4, 6  # couplings of everything; streams with a threshold besides
DEATH_DECAYS = tuple(memory.decay(h) for h in (7.0, 60.0))
VIOLENCE_DECAYS = tuple(memory.decay(h) for h in (30.0, 365.0, 1826.25))
MEMORIES = len(DEATH_DECAYS) + len(VIOLENCE_DECAYS)


def workload(seed: int = 1) -> World:
    """The world of the workload, by its seed; about 31 events a day."""
    g = np.random.default_rng(seed)
    chosen = g.choice(STREAMS, THRESHOLDS, replace=False)
    series = np.cumsum(g.normal(0, 0.1, (SERIES, DAYS)), axis=1)
    none = np.zeros((DRAWS, 0))
    return World(
        ladders=tuple(_front(g, f) for f in range(FRONTS)),
        streams=tuple(_stream(g, s, s in chosen) for s in range(STREAMS)),
        pressures=tuple(_pressure(g, series) for _ in range(PRESSURES)),
        commitments=(),
        levers=(),
        fronts=FRONTS,
        death_decays=DEATH_DECAYS,
        violence_decays=VIOLENCE_DECAYS,
        standing=(2635.0, 0.05, 365.0),
        death_scale=4.0,
        start_rungs=np.tile([1, 0, 0], (DRAWS, 1)),
        start_memories=np.full((DRAWS, FRONTS, MEMORIES), 0.05),
        start_pressures=np.full((DRAWS, PRESSURES), 0.3),
        start_streams=np.zeros((DRAWS, STREAMS)),
        start_since=np.full((DRAWS, STREAMS), 30.0),
        start_triggers=none,
    )


def _draws(g: np.random.Generator, mean: float, sd: float) -> Floats:
    """A coefficient: its own size, and how draws differ in it."""
    return g.normal(mean, sd) + g.normal(0, 0.08, DRAWS)


def _reads(g: np.random.Generator, above: float = float("nan")) -> tuple[Factor, ...]:
    return (Factor(world.PRESSURE, (int(g.integers(PRESSURES)),), above=above),)


def _rung(g: np.random.Generator) -> Factor:
    return Factor(world.RUNG, (int(g.integers(FRONTS)),), (2,))


def _stream(g: np.random.Generator, s: int, threshold: bool) -> Stream:
    """An intercept, four pressures, one rung, for some a threshold; no memory of its own."""
    links = [Link(_reads(g), _draws(g, 0.06, 0.2)) for _ in range(COUPLINGS)]
    links.append(Link((_rung(g),), np.abs(_draws(g, 0.3, 0.2))))
    if threshold:
        links.append(Link(_reads(g, above=1.2), _draws(g, 0.5, 0.1)))
    none = np.zeros(DRAWS)
    return Stream(
        rate=g.uniform(np.log(0.02), np.log(2.3)) + g.normal(0, 0.12, DRAWS),
        own=none,
        rung=none,
        size=np.exp(g.uniform(np.log(0.5), np.log(5.0)) + g.normal(0, 0.1, DRAWS)),
        decay=memory.decay(14.0),
        usual=0.0,
        links=tuple(links),
        key=name_key(1, f"stream {s}", "count"),
    )


def _pressure(g: np.random.Generator, series: Floats) -> Pressure:
    """Four streams, one rung and one series."""
    d = memory.decay(float(np.exp(g.uniform(np.log(3.0), np.log(60.0)))))
    weights = np.zeros(STREAMS)
    weights[g.choice(STREAMS, COUPLINGS, replace=False)] = np.abs(g.normal(0.4, 0.2, COUPLINGS)) * (1.0 - d)
    feeds = ((_rung(g), float(abs(g.normal(0.4, 0.2)) * (1.0 - d))),)
    outside = series[int(g.integers(SERIES))]
    return Pressure(memory.DECAYING, d, 0.0, 1.0, weights, np.zeros(STREAMS), feeds, outside)


def _front(g: np.random.Generator, f: int) -> Ladder:
    """The product's law of transition with four couplings, one ceiling and one trigger; deaths by rung."""
    start, end = np.indices((RUNGS, RUNGS))
    logits = np.where(end > start, -2.2 * (end - start) - 1.5, -1.4 * (start - end)) + 0.0
    by_draw = np.repeat(logits.T[:, None, :], DRAWS, 1) + g.normal(0, 0.15, (RUNGS, DRAWS, RUNGS))
    climbing, ceiling = law.climbing(RUNGS).T.astype(float), law.past(RUNGS, 3).T.astype(float)
    links = [Link(_reads(g), _draws(g, 0.25, 0.25), moves=climbing) for _ in range(COUPLINGS)]
    links.append(Link(_reads(g), -np.abs(_draws(g, 1.0, 0.2)), moves=ceiling))
    links.append(Link(_reads(g, above=1.5), _draws(g, 0.7, 0.1), moves=climbing))
    mean = np.tile([0.0, 0.05, 0.4, 2.0, 12.0, 60.0], (DRAWS, 1)) * np.exp(g.normal(0, 0.2, (DRAWS, RUNGS)))
    return Ladder(
        logits=by_draw.reshape(RUNGS, -1),
        memory=g.normal(0, 0.1, (MEMORIES, law.BASIS, DRAWS)),
        deaths=law_of_deaths(mean.ravel(), 0.5, 0.2, 1.0, 0.3, 60.0, 3000.0),
        links=tuple(links),
        move_key=name_key(1, f"front {f}", "move"),
        death_key=name_key(1, f"front {f}", "deaths"),
        active=2,
    )
