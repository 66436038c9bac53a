"""Small random worlds: two or three fronts and a track, streams, pressures and commitments of every kind, linked at
random by every kind of cause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from math import nan
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fissures.kernel import ladder as law
from fissures.kernel import memory, world
from fissures.kernel.deaths import Deaths
from fissures.kernel.deaths import law as law_of_deaths
from fissures.kernel.rng import name_key
from fissures.kernel.world import (
    Commitment,
    Factor,
    Floats,
    Ladder,
    Lever,
    Link,
    Marks,
    Paths,
    Pressure,
    Stream,
    World,
)

DRAWS = 7
DEATH_DECAYS = (memory.decay(7.0), memory.decay(60.0))
VIOLENCE_DECAYS = (memory.decay(30.0), memory.decay(365.0), memory.decay(1826.25))
MEMORIES = len(DEATH_DECAYS) + len(VIOLENCE_DECAYS)
STANDING = 1  # memories beside these that do not change
MEANS = 2
GROUPS = 6  # coefficients that links share, by which levers find them
KINDS = tuple(range(13))  # every kind of factor
SHOWN = (world.RUNG, world.JUST, world.MOVED, world.MEANS, world.ADVANCE)  # what a day shows as yes or no


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
    pressures=st.integers(1, 2),
)


@dataclass(frozen=True)
class Shape:
    """How many there are of everything, so that causes can be drawn: rungs of every place, fronts first."""

    rungs: NDArray[np.int64]
    fronts: int
    streams: int
    pressures: int
    commitments: int


TRACK_RUNGS = 3
COMMITMENTS = 2
PRESSURE_KINDS = 4


def _world(recipe: Recipe, g: np.random.Generator) -> World:
    rungs = np.append(g.integers(3, recipe.rungs + 1, recipe.fronts), TRACK_RUNGS)
    shape = Shape(rungs, recipe.fronts, recipe.streams + 2, PRESSURE_KINDS * recipe.pressures, COMMITMENTS)
    pressures = tuple(_pressure(g, k % PRESSURE_KINDS, shape) for k in range(shape.pressures))
    building = np.array([p.kind == memory.BUILDING for p in pressures])
    level = g.uniform(0, 1, (DRAWS, shape.pressures))
    return World(
        ladders=tuple(_ladder(g, f, shape) for f in range(rungs.size)),
        streams=(*(_stream(g, f"stream {s}", shape) for s in range(recipe.streams)), *_read(g, shape)),
        pressures=pressures,
        commitments=tuple(_commitment(g, k, shape) for k in range(COMMITMENTS)),
        levers=(),
        fronts=recipe.fronts,
        death_decays=DEATH_DECAYS,
        violence_decays=VIOLENCE_DECAYS,
        standing=(2635.0, 0.05, 365.0),
        death_scale=4.0,
        start_rungs=g.integers(0, rungs, (DRAWS, rungs.size)),
        start_memories=_memories(g, rungs.size),
        start_pressures=np.where(building, level, 3 * level),
        start_streams=g.exponential(1.0, (DRAWS, shape.streams)),
        start_since=np.floor(g.exponential(40.0, (DRAWS, shape.streams))),
        start_triggers=np.floor(g.exponential(10.0, (DRAWS, shape.commitments))),
    )


def _memories(g: np.random.Generator, places: int) -> Floats:
    """Memories that decay, and one that only stands, as a declared break does: there or not."""
    standing = np.full((DRAWS, places, STANDING), float(g.integers(2)))
    return np.concatenate([g.uniform(0, 0.5, (DRAWS, places, MEMORIES)), standing], axis=2)


def random_factor(g: np.random.Generator, shape: Shape, kinds: tuple[int, ...] = KINDS) -> Factor:
    """A factor of a random kind, half of those with a level of their own as a switch."""
    kind = int(g.choice(kinds))
    some = tuple(int(f) for f in np.flatnonzero(g.uniform(size=shape.fronts) < 0.5)) or (0,)
    place = int(g.integers(shape.rungs.size))
    above = float(g.choice([nan, 0.5]))
    rung = (int(g.integers(1, shape.rungs[place])),)
    return {
        world.PRESSURE: Factor(kind, (int(g.integers(shape.pressures)),), scale=float(g.uniform(0.5, 3)), above=above),
        world.RUNG: Factor(kind, (place,), rung),
        world.JUST: Factor(kind, (place,), (int(g.integers(shape.rungs[place])),)),
        world.REACHES: Factor(kind, (place,), rung),
        world.MOVED: Factor(
            kind, some, tuple(int(m) for m in g.integers(1, 16, len(some))), level=float(g.integers(3))
        ),
        world.MEANS: Factor(kind, some, tuple(int(b) for b in 1 << g.integers(0, MEANS, len(some)))),
        world.ADVANCE: Factor(kind, some, tuple(int(a) for a in g.integers(-1, 2, len(some)))),
        world.DEAD: Factor(kind, some, tuple(int(s) for s in g.integers(0, 2, len(some)))),
        world.DEATHS: Factor(kind, some),
        world.WITHIN: Factor(kind, (int(g.integers(shape.streams)),), level=float(g.integers(1, 30))),
        world.STANDING: Factor(kind, (int(g.integers(shape.commitments)),), level=1.0),
        world.IN_FORCE: Factor(kind, (int(g.integers(shape.commitments)),)),
        world.BREAK: Factor(kind, (0,), level=1.0),
    }[kind]


def random_link(g: np.random.Generator, shape: Shape, moves: Floats | None = None) -> Link:
    """A coefficient on a random cause, or on the product of two; some under a square root."""
    factors = tuple(random_factor(g, shape) for _ in range(int(g.choice([1, 1, 2]))))
    usual = float(g.uniform(0, 0.5)) if g.uniform() < 0.7 else g.uniform(0, 0.5, DRAWS)
    return Link(factors, g.normal(0, 0.5, DRAWS), usual, bool(g.uniform() < 0.3), moves, int(g.integers(GROUPS)))


def _ladder(g: np.random.Generator, f: int, shape: Shape) -> Ladder:
    count, front = int(shape.rungs[f]), f < shape.fronts
    r, j = np.indices((count, count))
    stay = np.repeat((-0.8 * np.abs(r - j)).T[:, None, :], DRAWS, 1)
    mean = np.where(np.arange(count) > 0, np.exp(g.normal(np.arange(count) - 2.0, 0.5, (DRAWS, count))), 0.0)
    masks = [law.climbing(count), law.falling(count), law.past(count, count - 2), law.climbing(count, start=0)]
    signed = [*(mask.astype(np.float64) for mask in masks), 1.0 * law.climbing(count) - law.falling(count)]
    return Ladder(
        logits=(stay + g.normal(0, 0.3, stay.shape)).reshape(count, -1),
        memory=g.normal(0, 0.3, (MEMORIES + STANDING, law.BASIS, DRAWS)),
        deaths=_deaths(g, mean),
        links=tuple(random_link(g, shape, moves.T) for moves in signed),
        move_key=name_key(1, f"place {f}", "move"),
        death_key=name_key(1, f"place {f}", "deaths"),
        active=int(g.integers(1, count)),
        marks=_marks(g, f, shape) if front else None,
        retires_after=float(g.choice([3.0, world.LONG_AGO])) if front else world.LONG_AGO,
    )


def _deaths(g: np.random.Generator, mean: Floats) -> Deaths:
    """Laws with a zero part and without, some with a heavy tail, some with hardly room for one."""
    zero = np.where(g.uniform(size=mean.size) < 0.5, g.uniform(0.0, 0.8, mean.size), 0.0)
    size, ratio, shape = np.exp(g.normal(-0.7, 0.5, (3, mean.size)) + np.array([[0.0], [0.7], [-0.7]]))
    threshold = np.floor(g.uniform(0, 12, mean.size))
    cap = threshold + 1 + np.floor(g.exponential(100.0, mean.size))
    return law_of_deaths(mean.ravel(), size, zero, ratio, np.minimum(shape, 0.7), threshold, cap)


def _marks(g: np.random.Generator, f: int, shape: Shape) -> Marks:
    count = int(shape.rungs[f])
    purposes = ("who moved", "advance", "who took ground", "dead by side", *(f"means {b}" for b in range(MEANS)))
    return Marks(
        by=np.log(g.dirichlet(np.full(4, 2.0))),
        means=g.normal(-1.0, 1.0, (MEANS, DRAWS * count)),
        able=g.uniform(size=(MEANS, count)) < 0.8,
        advance=np.where(np.arange(count) > 0, g.uniform(0, 0.3, count), 0.0),
        first_share=g.uniform(0.1, 0.9, DRAWS),
        by_links=tuple((code, random_link(g, shape)) for code in g.integers(0, 4, 2).tolist()),
        means_links=((int(g.integers(MEANS)), random_link(g, shape)),),
        advance_links=(random_link(g, shape),),
        keys=tuple(name_key(1, f"place {f}", purpose) for purpose in purposes),
    )


def _stream(g: np.random.Generator, name: str, shape: Shape) -> Stream:
    return Stream(
        rate=g.normal(-1.5, 0.5, DRAWS),
        own=g.normal(0.2, 0.3, DRAWS),
        rung=g.normal(0.5, 0.3, DRAWS),
        size=np.exp(g.normal(0, 0.5, DRAWS)),
        decay=memory.decay(float(g.uniform(3, 30))),
        usual=float(g.uniform(0, 1)),
        links=tuple(random_link(g, shape) for _ in range(2)),
        key=name_key(1, name, "count"),
    )


def _read(g: np.random.Generator, shape: Shape) -> tuple[Stream, Stream]:
    """Two streams that are no chance of their own: one of what fronts show, one of a rung that the track reaches."""
    track, rung = shape.rungs.size - 1, int(g.integers(1, TRACK_RUNGS))
    none, d = np.zeros(DRAWS), memory.decay(14.0)
    seen = random_factor(g, shape, SHOWN)
    reached = Factor(int(g.choice([world.REACHES, world.JUST])), (track,), (rung,))
    return (
        Stream(none, none, none, none, d, 0.0, (), 0, seen),
        Stream(none, none, none, none, d, 0.0, (), 0, reached, (track, rung)),
    )


def _pressure(g: np.random.Generator, kind: int, shape: Shape) -> Pressure:
    """Fed by streams; by what days show; building up; following a series that ends. The first is moved by a claim."""
    none, scale, gain = np.zeros(shape.streams), float(g.uniform(0.5, 3)), 1.0
    d: float | Floats = memory.decay(float(g.uniform(2, 60)))
    if g.uniform() < 0.3:  # a half-life in doubt
        d, gain = 2.0 ** (-1.0 / g.uniform(2, 60, DRAWS)), g.uniform(0.7, 1.3, DRAWS)
    some = np.where(g.uniform(size=shape.streams) < 0.6, g.uniform(0.2, 1, shape.streams), 0.0)
    if kind == 0:
        links = (random_link(g, shape),)
        return Pressure(memory.DECAYING, d, float(g.choice([0.0, 0.2])), scale, some, none, links=links, gain=gain)
    if kind == 1:
        shows = (*SHOWN, world.DEAD, world.DEATHS, world.IN_FORCE)
        feeds = tuple((random_factor(g, shape, shows), float(g.normal(0.5, 0.5))) for _ in range(2))
        return Pressure(memory.DECAYING, d, 0.0, scale, none, none, feeds, gain=gain)
    if kind == 2:
        return Pressure(memory.BUILDING, d, 0.0, 0.6, none, some, gain=gain)
    return Pressure(memory.DECAYING, d, 0.0, scale, none, none, series=g.uniform(0, 3, 8), gain=gain)


def _commitment(g: np.random.Generator, k: int, shape: Shape) -> Commitment:
    """Triggered by what fronts show, binding in most draws; every other one has to be asked for."""
    trigger = random_factor(g, shape, (world.RUNG, world.JUST, world.MOVED, world.REACHES))
    requested = int(g.integers(shape.streams)) if k % 2 else -1
    return Commitment(trigger, float(g.integers(1, 10)), requested, (g.uniform(size=DRAWS) < 0.7).astype(np.float64))


def bystander(world: World, at: int) -> World:
    """The same world with a stream more, in place `at`, that feeds nothing."""
    g = np.random.default_rng(at)
    shape = Shape(np.array([3]), 1, 1, 1, 1)
    fresh = replace(_stream(g, "stream bystander", shape), links=())
    widen = [
        replace(_moved_up(p, at), weights=np.insert(p.weights, at, 0.0), relief=np.insert(p.relief, at, 0.0))
        for p in world.pressures
    ]
    streams = [_moved_up(stream, at) for stream in world.streams]
    return replace(
        world,
        ladders=tuple(_moved_up(ladder, at) for ladder in world.ladders),
        streams=(*streams[:at], fresh, *streams[at:]),
        pressures=tuple(widen),
        commitments=tuple(
            replace(c, requested=c.requested + 1 if c.requested >= at else c.requested) for c in world.commitments
        ),
        start_streams=np.insert(world.start_streams, at, 1.0, axis=1),
        start_since=np.insert(world.start_since, at, 5.0, axis=1),
    )


def _moved_up(part: Any, at: int) -> Any:
    """Any part of a world with the numbers of streams from `at` on raised by one."""
    if isinstance(part, Factor):
        ahead = part.kind == world.WITHIN and part.places[0] >= at
        return replace(part, places=(part.places[0] + 1,)) if ahead else part
    if isinstance(part, tuple):
        return tuple(_moved_up(inner, at) for inner in part)
    if isinstance(part, Link | Ladder | Marks | Stream | Pressure):
        return replace(part, **{f.name: _moved_up(getattr(part, f.name), at) for f in fields(part)})
    return part


def random_lever(seed: int, world: World, start: int) -> Lever:
    """Events added to a stream, a pressure and a commitment held, a rate scaled, a track lifted, from a day on."""
    g = np.random.default_rng(seed)
    dose = (int(g.integers(len(world.streams))), float(g.integers(1, 4)), int(g.integers(0, 4)))
    talks = (len(world.streams) - 1, 1.0, 3)
    return Lever(
        (dose, talks),
        ((int(g.integers(len(world.pressures))), float(g.uniform(0, 2))),),
        start,
        start + 8,
        ((int(g.integers(len(world.commitments))), float(g.integers(0, 2))),),
        ((int(g.integers(len(world.streams) - 2)), float(g.choice([0.0, 0.3, 2.0]))),),
        ((int(g.integers(len(world.pressures))), float(g.choice([0.0, 0.5, 1.5]))),),
        ((int(g.integers(GROUPS)), float(g.choice([0.0, 0.5]))),),
        float(g.choice([0.0, 5.0])),
    )


def same(one: Paths, other: Paths) -> bool:
    """Whether two sets of paths agree to the last bit, pressures after the last day included."""
    return all(np.array_equal(getattr(one, f.name), getattr(other, f.name)) for f in fields(Paths))


def days(paths: Paths, first: int, last: int) -> Paths:
    """The days first..last - 1 of some paths, without the pressures after them."""
    dated = {f.name: getattr(paths, f.name)[:, first:last] for f in fields(Paths) if f.name != "levels"}
    return Paths(**dated, levels=np.zeros(0, np.float32))


def chosen(paths: Paths, which: Any) -> Paths:
    """Some of the paths: a slice, or their numbers."""
    return Paths(**{f.name: getattr(paths, f.name)[..., which] for f in fields(Paths)})


def without_stream(paths: Paths, at: int) -> Paths:
    """The paths as if one stream had not been counted."""
    return replace(paths, counts=np.delete(paths.counts, at, axis=0))
