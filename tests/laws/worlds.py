"""Small random worlds: two or three fronts, a few streams and pressures of every kind, linked at random."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fissures.kernel import ladder as law
from fissures.kernel import memory
from fissures.kernel.paths import (
    CONSTANT,
    PRESSURE,
    RUNG,
    Ladder,
    Lever,
    Link,
    Paths,
    Pressure,
    Stream,
    World,
)
from fissures.kernel.rng import name_key

Floats = NDArray[np.float64]

DRAWS = 7
DEATH_DECAYS = (memory.decay(7.0), memory.decay(60.0))
VIOLENCE_DECAYS = (memory.decay(30.0), memory.decay(365.0), memory.decay(1826.25))
MEMORIES = len(DEATH_DECAYS) + len(VIOLENCE_DECAYS)


def lawful(examples: int) -> Callable[[Any], Any]:
    """Settings of a law: so many examples, always the same ones, and no clock."""
    slow = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    return settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=slow)


@dataclass(frozen=True)
class Recipe:
    """What a world is made from; small, so that a failing example can be read."""

    seed: int
    fronts: int
    rungs: int
    streams: int
    pressures: int  # of each kind

    def world(self) -> World:
        """The world of this recipe; the same recipe gives the same world."""
        return _world(self, np.random.default_rng(self.seed))


recipes = st.builds(
    Recipe,
    seed=st.integers(0, 2**32 - 1),
    fronts=st.integers(2, 3),
    rungs=st.integers(3, 7),
    streams=st.integers(2, 4),
    pressures=st.integers(2, 4),
)


def _world(recipe: Recipe, g: np.random.Generator) -> World:
    rungs = g.integers(3, recipe.rungs + 1, recipe.fronts)
    pressures = _pressures(recipe, g, rungs)
    building = np.array([p.kind == memory.BUILDING for p in pressures])
    level = g.uniform(0, 1, (DRAWS, len(pressures)))
    return World(
        ladders=tuple(_ladder(g, f, rungs, pressures) for f in range(recipe.fronts)),
        streams=tuple(_stream(g, f"stream {s}", rungs, pressures) for s in range(recipe.streams)),
        pressures=pressures,
        levers=(),
        death_decays=DEATH_DECAYS,
        violence_decays=VIOLENCE_DECAYS,
        standing=(2635.0, 0.05, 365.0),
        violent_rung=2,
        death_scale=4.0,
        start_rungs=g.integers(0, rungs, (DRAWS, recipe.fronts)),
        start_memories=g.uniform(0, 0.5, (DRAWS, recipe.fronts, MEMORIES)),
        start_pressures=np.where(building, level, 3 * level),
        start_streams=g.exponential(1.0, (DRAWS, recipe.streams)),
    )


def _ladder(g: np.random.Generator, f: int, rungs: NDArray[np.int64], pressures: tuple[Pressure, ...]) -> Ladder:
    count = int(rungs[f])
    r, j = np.indices((count, count))
    stay = np.repeat((-0.8 * np.abs(r - j)).T[:, None, :], DRAWS, 1)
    mean = np.where(np.arange(count) > 0, np.exp(g.normal(np.arange(count) - 2.0, 0.5, (DRAWS, count))), 0.0)
    masks = [law.climbing(count), law.falling(count), law.past(count, count - 2), law.climbing(count, start=0)]
    links = tuple(_link(g, rungs, pressures, mask.T.astype(np.float64)) for mask in masks)
    return Ladder(
        logits=(stay + g.normal(0, 0.3, stay.shape)).reshape(count, -1),
        memory=g.normal(0, 0.3, (MEMORIES, law.BASIS, DRAWS)),
        deaths_mean=mean.ravel(),
        deaths_size=np.exp(g.normal(-0.7, 0.5, DRAWS * count)),
        links=links,
        move_key=name_key(1, f"front {f}", "move"),
        death_key=name_key(1, f"front {f}", "deaths"),
    )


def _link(
    g: np.random.Generator, rungs: NDArray[np.int64], pressures: tuple[Pressure, ...], moves: Floats | None
) -> Link:
    """A coefficient on a random cause, half of them past a threshold."""
    kind = int(g.choice([PRESSURE, PRESSURE, RUNG, CONSTANT]))
    front = int(g.integers(len(rungs)))
    index, level = {
        PRESSURE: (int(g.integers(len(pressures))), 0.0),
        RUNG: (front, float(g.integers(1, rungs[front]))),
        CONSTANT: (-1, 1.0),
    }[kind]
    above = float(g.choice([np.nan, 0.5]))
    return Link(kind, index, level, above, float(g.uniform(0, 0.5)), g.normal(0, 0.5, DRAWS), moves)


def _stream(g: np.random.Generator, name: str, rungs: NDArray[np.int64], pressures: tuple[Pressure, ...]) -> Stream:
    return Stream(
        rate=g.normal(-1.5, 0.5, DRAWS),
        own=g.normal(0.2, 0.1, DRAWS),
        rung=g.normal(0.5, 0.3, DRAWS),
        size=np.exp(g.normal(0, 0.5, DRAWS)),
        decay=memory.decay(float(g.uniform(3, 30))),
        usual=float(g.uniform(0, 1)),
        links=tuple(_link(g, rungs, pressures, None) for _ in range(2)),
        key=name_key(1, name, "count"),
    )


def _pressures(recipe: Recipe, g: np.random.Generator, rungs: NDArray[np.int64]) -> tuple[Pressure, ...]:
    """So many of each kind: fed by streams, fed by days on a rung, building up, following a series."""
    none = np.zeros(recipe.streams)
    out = []
    for _ in range(recipe.pressures):
        d, scale, front = memory.decay(float(g.uniform(2, 60))), float(g.uniform(0.5, 3)), int(g.integers(len(rungs)))
        some = np.where(g.uniform(size=recipe.streams) < 0.6, g.uniform(0.2, 1, recipe.streams), 0.0)
        rung = int(g.integers(1, rungs[front]))
        out.append(Pressure(memory.DECAYING, d, float(g.choice([0.0, 0.2])), scale, some, none, -1, -1, 0.0))
        out.append(Pressure(memory.DECAYING, d, 0.0, scale, none, none, front, rung, 0.0))
        out.append(Pressure(memory.BUILDING, d, 0.0, 0.6, none, some, -1, -1, 0.0))
        out.append(Pressure(memory.SERIES, d, 0.0, scale, none, none, -1, -1, float(g.uniform(0, 3))))
    return tuple(out)


def bystander(world: World, at: int) -> World:
    """The same world with a stream more, in place `at`, that feeds nothing."""
    g = np.random.default_rng(at)
    fresh = replace(_stream(g, "stream bystander", np.array([3]), world.pressures), links=())
    widen = [
        replace(p, weights=np.insert(p.weights, at, 0.0), relief=np.insert(p.relief, at, 0.0)) for p in world.pressures
    ]
    return replace(
        world,
        streams=(*world.streams[:at], fresh, *world.streams[at:]),
        pressures=tuple(widen),
        start_streams=np.insert(world.start_streams, at, 1.0, axis=1),
    )


def random_lever(seed: int, world: World, start: int) -> Lever:
    """Events added to a stream and a pressure held, from a day on."""
    g = np.random.default_rng(seed)
    dose = (int(g.integers(len(world.streams))), float(g.integers(1, 4)), int(g.integers(0, 4)))
    return Lever((dose,), ((int(g.integers(len(world.pressures))), float(g.uniform(0, 2))),), start, start + 8)


def same(one: Paths, other: Paths) -> bool:
    """Whether two sets of paths agree to the last bit."""
    return all(np.array_equal(a, b) for a, b in zip(_parts(one), _parts(other), strict=True))


def days(paths: Paths, first: int, last: int) -> Paths:
    """The days first..last - 1 of some paths."""
    return Paths(*(part[:, first:last] for part in _parts(paths)))


def _parts(paths: Paths) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    return paths.rungs, paths.deaths, paths.counts
