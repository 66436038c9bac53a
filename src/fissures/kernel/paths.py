"""Paths: many futures stepped a day at a time.

Within a day fronts move first, then deaths fall on the rung just reached, then streams react to it, then pressures
and memories take in the day. Path m uses draw m mod D. Every operation is elementwise over paths, in a fixed order,
so that a path's numbers do not depend on which other paths are computed beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.kernel import ladder as law
from fissures.kernel import streams as counting
from fissures.kernel.arith import exp, log1p, log1p_count
from fissures.kernel.memory import blend, feed, relief, standing, step_pressure
from fissures.kernel.rng import path_numbers, uniforms

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PRESSURE, RUNG, CONSTANT = 0, 1, 2
MOST_SURGES = 2.0  # a claim is stated for one reference surge; past two of them its straight line is a guess


@dataclass(frozen=True)
class Link:
    """A coefficient on a cause: coefficients (D,), already signed; cause kind, index, level; threshold or nan.

    `usual` is what phi(cause) was on an average day of the record: a claim acts on what differs from that. For a
    ladder, `moves` (rungs, rungs) holds 1.0 where the move to j (row) from r (column) is touched.
    """

    kind: int
    index: int
    level: float
    above: float
    usual: float
    coefficient: Floats
    moves: Floats | None = None


@dataclass(frozen=True)
class Ladder:
    """A front's law under every draw: logits (R, D * R) by destination and (draw, rung), memory (Q, 3, D),
    deaths_mean and deaths_size (D * R,), links of claims, keys of its random numbers."""

    logits: Floats
    memory: Floats
    deaths_mean: Floats
    deaths_size: Floats
    links: tuple[Link, ...]
    move_key: int
    death_key: int


@dataclass(frozen=True)
class Stream:
    """A stream under every draw: log rate, elasticity of its own memory, response to the rung, size; each (D,).

    `usual` is log1p of the own memory that the prior rate sustains, so that the rate is the rate of a usual day.
    """

    rate: Floats
    own: Floats
    rung: Floats
    size: Floats
    decay: float
    usual: float
    links: tuple[Link, ...]
    key: int


@dataclass(frozen=True)
class Pressure:
    """A pressure in raw units; `front` >= 0 is fed by days at `rung` or above; `held` is a series' last value."""

    kind: int
    decay: float
    floor: float
    scale: float
    weights: Floats
    relief: Floats
    front: int
    rung: int
    held: float


@dataclass(frozen=True)
class Lever:
    """Events added to streams (stream, count, every) and pressures held (pressure, raw level), days [start, end]."""

    inject: tuple[tuple[int, float, int], ...]
    hold: tuple[tuple[int, float], ...]
    start: int
    end: int


@dataclass(frozen=True)
class World:
    """Everything that a path needs, as arrays over D draws; starts are (D, F), (D, F, Q), (D, P), (D, S)."""

    ladders: tuple[Ladder, ...]
    streams: tuple[Stream, ...]
    pressures: tuple[Pressure, ...]
    levers: tuple[Lever, ...]
    death_decays: tuple[float, ...]
    violence_decays: tuple[float, ...]
    standing: tuple[float, float, float]
    violent_rung: int
    death_scale: float
    start_rungs: Ints
    start_memories: Floats
    start_pressures: Floats
    start_streams: Floats

    @property
    def draws(self) -> int:
        """Number of parameter draws."""
        return int(self.start_rungs.shape[0])


@dataclass(frozen=True)
class Paths:
    """What happened: rungs (F, T, M), deaths (F, T, M), counts (S, T, M)."""

    rungs: NDArray[np.uint8]
    deaths: NDArray[np.int32]
    counts: NDArray[np.uint16]


def run(world: World, days: int, first: int, paths: int) -> Paths:
    """Step `paths` futures, numbered from `first`, over so many days."""
    numbers = path_numbers(first, paths)
    draw = (numbers % np.uint64(world.draws)).astype(np.int64)
    state = _State(world, draw)
    out = Paths(
        np.zeros((len(world.ladders), days, paths), np.uint8),
        np.zeros((len(world.ladders), days, paths), np.int32),
        np.zeros((len(world.streams), days, paths), np.uint16),
    )
    for t in range(days):
        state.pull_holds(t)
        deaths = state.move_fronts(t, numbers)
        counts = state.count_streams(t, numbers)
        for lever in world.levers:
            _inject(lever, t, counts)
        state.remember(deaths, counts)
        out.rungs[:, t], out.deaths[:, t], out.counts[:, t] = state.rungs, deaths, np.minimum(counts, 65_535)
    return out


def _inject(lever: Lever, t: int, counts: Floats) -> None:
    for stream, count, every in lever.inject:
        since = t - lever.start
        if (since == 0) or (every > 0 and 0 < since <= lever.end - lever.start and since % every == 0):
            counts[stream] += count


@dataclass(frozen=True)
class _Rates:
    """A stream's coefficients by path; each (M,)."""

    rate: Floats
    own: Floats
    rung: Floats
    size: Floats


class _State:
    """Where a batch of paths stands; the one thing here that changes. Coefficients are laid out by path once."""

    def __init__(self, world: World, draw: Ints) -> None:
        self.world, self.draw = world, draw
        self.pulls = [np.take(ladder.memory, draw, axis=2) for ladder in world.ladders]
        self.pushes = [[link.coefficient[draw] for link in ladder.links] for ladder in world.ladders]
        self.rates = [_Rates(*(values[draw] for values in (s.rate, s.own, s.rung, s.size))) for s in world.streams]
        self.stream_pushes = [[link.coefficient[draw] for link in stream.links] for stream in world.streams]
        self.rungs = world.start_rungs[draw].T.copy()
        self.memories = np.ascontiguousarray(world.start_memories[draw].transpose(1, 2, 0))
        self.pressures = np.ascontiguousarray(world.start_pressures[draw].T)
        self.own = np.ascontiguousarray(world.start_streams[draw].T)
        self.tops = [max(ladder.logits.shape[0] - 1, 1) for ladder in world.ladders]

    def pull_holds(self, t: int) -> None:
        """Hold the pressures that levers hold today."""
        for lever in self.world.levers:
            for index, level in lever.hold if lever.start <= t <= lever.end else ():
                self.pressures[index] = level

    def move_fronts(self, t: int, numbers: NDArray[np.uint64]) -> Floats:
        """Move every front from the same start of day; deaths (F, M) fall on the rungs reached."""
        moved = [self._move(f, t, numbers) for f in range(len(self.world.ladders))]
        self.rungs = np.stack(moved)
        return np.stack([self._deaths(f, t, numbers) for f in range(len(moved))])

    def _move(self, f: int, t: int, numbers: NDArray[np.uint64]) -> Ints:
        ladder, rung = self.world.ladders[f], self.rungs[f]
        count = ladder.logits.shape[0]
        logits = np.take(ladder.logits, self.draw * count + rung, axis=1)
        pull = [np.zeros(rung.shape) for _ in range(law.BASIS)]
        longest = len(self.world.death_decays) + len(self.world.violence_decays) - 1
        for q, raw in enumerate(self.memories[f]):
            memory = standing(raw, *self.world.standing) if q == longest else raw
            for b in range(law.BASIS):
                pull[b] += memory * self.pulls[f][q, b]
        for j in range(1, count):
            level = j / (count - 1.0)
            logits[j] += pull[0] + pull[1] * level + pull[2] * (level * level)
        for link, coefficient in zip(ladder.links, self.pushes[f], strict=True):
            self._add(link, coefficient, rung, logits)
        return law.move(law.probabilities(logits), uniforms(ladder.move_key, t, numbers))

    def _add(self, link: Link, coefficient: Floats, rung: Ints, logits: Floats) -> None:
        """Add a claim to the destinations that it touches, for the paths that stand where it speaks."""
        assert link.moves is not None
        speaks_from, speaks_to = link.moves.sum(axis=0) > 0, link.moves.sum(axis=1) > 0
        here = np.flatnonzero(speaks_from[rung])
        if here.size == 0:
            return
        push, start = self._push(link, coefficient), rung
        if few := here.size * 4 < rung.size:
            push, start = push[here], rung[here]
        for j in np.flatnonzero(speaks_to):
            if few:
                logits[j, here] += push * np.take(link.moves[j], start)
            else:
                logits[j] += push * np.take(link.moves[j], start)

    def _push(self, link: Link, coefficient: Floats) -> Floats:
        """Coefficient times phi(cause): linear, or 1 above the threshold."""
        if link.kind == PRESSURE:
            cause = self.pressures[link.index] / self.world.pressures[link.index].scale
        elif link.kind == RUNG:
            cause = (self.rungs[link.index] >= link.level).astype(np.float64)
        else:
            cause = np.full(self.draw.shape, link.level)
        if link.above == link.above:
            cause = (cause > link.above).astype(np.float64)
        cause = np.minimum(cause, MOST_SURGES)
        return coefficient * (cause - link.usual)

    def _deaths(self, f: int, t: int, numbers: NDArray[np.uint64]) -> Floats:
        ladder = self.world.ladders[f]
        where = self.draw * ladder.logits.shape[0] + self.rungs[f]
        mean, out = ladder.deaths_mean[where], np.zeros(self.draw.shape)
        deadly = np.flatnonzero(mean > 0)
        if deadly.size:
            chance = uniforms(ladder.death_key, t, numbers[deadly])
            out[deadly] = counting.quantile(chance, mean[deadly], ladder.deaths_size[where][deadly])
        return out

    def count_streams(self, t: int, numbers: NDArray[np.uint64]) -> Floats:
        """Counts of every stream today, given the rungs just reached; shape (S, M)."""
        height = np.zeros(self.draw.shape)
        for f, top in enumerate(self.tops):
            height = np.maximum(height, self.rungs[f] / float(top))
        out = np.zeros((len(self.world.streams), self.draw.size))
        for s, stream in enumerate(self.world.streams):
            rates = self.rates[s]
            mean = rates.rate + rates.own * (log1p(self.own[s]) - stream.usual) + rates.rung * height
            for link, coefficient in zip(stream.links, self.stream_pushes[s], strict=True):
                mean += self._push(link, coefficient)
            mean = exp(np.minimum(mean, counting.LOG_MEAN_CAP))
            out[s] = counting.quantile(uniforms(stream.key, t, numbers), mean, rates.size)
        return out

    def remember(self, deaths: Floats, counts: Floats) -> None:
        """Let memories, pressures and streams' own memories take in the day."""
        world = self.world
        for f in range(len(world.ladders)):
            lost = log1p_count(deaths[f]) / world.death_scale
            violent = (self.rungs[f] >= world.violent_rung).astype(np.float64)
            inputs = [(lost, d) for d in world.death_decays] + [(violent, d) for d in world.violence_decays]
            for q, (new, d) in enumerate(inputs):
                self.memories[f, q] = blend(self.memories[f, q], d, new)
        for p, pressure in enumerate(world.pressures):
            added: Floats | float = pressure.held
            if pressure.front >= 0:
                added = (self.rungs[pressure.front] >= pressure.rung).astype(np.float64)
            elif pressure.weights.any():
                added = feed(counts, pressure.weights)
            left = relief(counts, pressure.relief)
            self.pressures[p] = step_pressure(
                pressure.kind, self.pressures[p], pressure.decay, pressure.floor, added, left
            )
        for s, stream in enumerate(world.streams):
            self.own[s] = stream.decay * self.own[s] + counts[s]


def join(parts: Sequence[Paths]) -> Paths:
    """Batches side by side, in path order."""
    return Paths(
        np.concatenate([p.rungs for p in parts], axis=2),
        np.concatenate([p.deaths for p in parts], axis=2),
        np.concatenate([p.counts for p in parts], axis=2),
    )
