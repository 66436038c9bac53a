"""Paths: many futures stepped a day at a time.

Within a day fronts and tracks move first, then marks and deaths fall on the rung just reached, then commitments answer,
then streams react, then pressures and memories take in the day. Path m uses draw m mod D. Every operation is
elementwise over paths, in a fixed order, so that a path's numbers do not depend on which other paths are computed
beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fissures.kernel import deaths as dying
from fissures.kernel import ladder as law
from fissures.kernel import streams as counting
from fissures.kernel.arith import exp, log1p, log1p_count
from fissures.kernel.factors import MOST_SURGES, Day, product, value
from fissures.kernel.memory import blend, relief, standing, step_pressure
from fissures.kernel.rng import kept_numbers, uniforms
from fissures.kernel.violence import mark
from fissures.kernel.world import LONG_AGO, NOBODY, WITHIN, Floats, Ints, Ladder, Lever, Link, Paths, World

__all__ = ["MOST_SURGES", "Paths", "State", "World", "blank", "due", "join", "partly", "run", "watched"]

REQUEST_LASTS = 60.0  # days: an obligation follows a request that is no older


def run(world: World, days: int, first: int, paths: int, kept: int | None = None) -> Paths:
    """Step `paths` futures, numbered from `first`, over so many days; of those with the first `kept` draws alone."""
    numbers = kept_numbers(first, paths, kept or world.draws, world.draws)
    draw = (numbers % np.uint64(world.draws)).astype(np.int64)
    state = State(world, draw)
    out = blank(world, days, paths)
    for t in range(days):
        _write(out, t, *state.step(t, numbers))
    for p, pressure in enumerate(world.pressures):
        out.levels[p] = state.day.pressures[p] / pressure.scale
    return out


def blank(world: World, days: int, paths: int) -> Paths:
    """Room for so many paths of so many days, all zero."""
    places, fronts = len(world.ladders), world.fronts
    return Paths(
        rungs=np.zeros((places, days, paths), np.uint8),
        deaths=np.zeros((fronts, days, paths), np.int32),
        first=np.zeros((fronts, days, paths), np.int32),
        by=np.zeros((fronts, days, paths), np.uint8),
        means=np.zeros((fronts, days, paths), np.uint8),
        advances=np.zeros((fronts, days, paths), np.int8),
        counts=np.zeros((len(world.streams), days, paths), np.uint8),
        in_force=np.zeros((len(world.commitments), days, paths), bool),
        levels=np.zeros((len(world.pressures), paths), np.float32),
    )


def _write(out: Paths, t: int, day: Day, counts: Floats) -> None:
    for name in ("rungs", "deaths", "first", "by", "means", "advances", "in_force"):
        getattr(out, name)[:, t] = getattr(day, name)
    out.counts[:, t] = np.minimum(counts, 255)


def due(lever: Lever, t: int, every: int) -> bool:
    """Whether a lever adds its events today: on its first day, and then every so many (0: once)."""
    since = t - lever.start
    return since == 0 or (every > 0 and 0 < since <= lever.end - lever.start and since % every == 0)


def _inject(world: World, lever: Lever, t: int, counts: Floats) -> None:
    """Add what a lever adds today; an event that lifted a track has been read from it already."""
    for stream, count, every in lever.inject:
        if due(lever, t, every):
            read = world.streams[stream].lifts is not None
            counts[stream] = np.maximum(counts[stream], count) if read else counts[stream] + count


@dataclass(frozen=True)
class _Rates:
    """A stream's coefficients by path; each (M,)."""

    rate: Floats
    own: Floats
    rung: Floats
    size: Floats


class State:
    """Where a batch of paths stands; the one thing here that changes. Coefficients are laid out by path once."""

    def __init__(self, world: World, draw: Ints) -> None:
        self.world, self.draw = world, draw
        self.pulls = [np.take(ladder.memory, draw, axis=2) for ladder in world.ladders]
        self.rates = [_Rates(*(values[draw] for values in (s.rate, s.own, s.rung, s.size))) for s in world.streams]
        self.pushes = {id(link): (link.coefficient[draw], _by_path(link.usual, draw)) for link in _links(world)}
        self.decays = [_by_path(pressure.decay, draw) for pressure in world.pressures]
        self.gains = [_by_path(pressure.gain, draw) for pressure in world.pressures]
        self.memories = np.ascontiguousarray(world.start_memories[draw].transpose(1, 2, 0))
        self.own = np.ascontiguousarray(world.start_streams[draw].T)
        self.since_trigger = np.ascontiguousarray(world.start_triggers[draw].T)
        self.binds = np.array([c.binds[draw] for c in world.commitments]).reshape(-1, draw.size)
        self.line = np.zeros((world.fronts, draw.size))
        self.scales: dict[int, float] = {}
        self.pressed: dict[int, float] = {}
        self.edited: dict[int, float] = {}
        fronts, rungs = (world.fronts, draw.size), np.ascontiguousarray(world.start_rungs[draw].T)
        self.day = Day(
            pressures=np.ascontiguousarray(world.start_pressures[draw].T),
            rungs=rungs,
            before=rungs.copy(),
            by=np.full(fronts, NOBODY, np.uint8),
            means=np.zeros(fronts, np.uint8),
            advances=np.zeros(fronts, np.int8),
            deaths=np.zeros(fronts),
            first=np.zeros(fronts),
            since=np.ascontiguousarray(world.start_since[draw].T),
            in_force=np.zeros(self.since_trigger.shape, bool),
            binding=self.binds.copy(),
        )
        self.watched = watched(world)

    def step(self, t: int, numbers: NDArray[np.uint64]) -> tuple[Day, Floats]:
        """One day: places move first, streams react to where they stand, memories take in both."""
        self.pull_levers(t)
        self.move_places(t, numbers)
        self.mark_fronts(t, numbers)
        self.commit()
        counts = self.count_streams(t, numbers)
        for lever in self.world.levers:
            _inject(self.world, lever, t, counts)
        self.remember(t, counts)
        return self.day, counts

    def pull_levers(self, t: int) -> None:
        """Hold and scale today what levers hold and scale today."""
        self.day.binding, self.scales, self.pressed, self.edited = self.binds.copy(), {}, {}, {}
        for lever in self.world.levers:
            share = lever.share(t)
            if share == 0.0:
                continue
            for index, level in lever.hold:
                self.day.pressures[index] = partly(self.day.pressures[index], level, share)
            for index, level in lever.bind:
                self.day.binding[index] = partly(self.day.binding[index], level, share)
            scaled = ((self.scales, lever.scale), (self.pressed, lever.press), (self.edited, lever.links))
            for factors, mine in scaled:
                for index, factor in mine:
                    factors[index] = factors.get(index, 1.0) * partly(1.0, factor, share)

    def push(self, link: Link) -> Floats:
        """Coefficient times what the cause differs from its usual level."""
        coefficient, usual = self.pushes[id(link)]
        push = coefficient * (product(link, self.day) - usual)
        return push * self.edited[link.group] if link.group in self.edited else push

    def move_places(self, t: int, numbers: NDArray[np.uint64]) -> None:
        """Move every front and track from the same start of day, and lift tracks that a lever lifts."""
        moved = [self._move(f, t, numbers) for f in range(len(self.world.ladders))]
        self.day.before, self.day.rungs = self.day.rungs, np.stack(moved)
        for lever in self.world.levers:
            for stream, _, every in lever.inject:
                lifts = self.world.streams[stream].lifts
                if lifts is not None and due(lever, t, every):
                    self.day.rungs[lifts[0]] = np.maximum(self.day.rungs[lifts[0]], lifts[1])

    def _move(self, f: int, t: int, numbers: NDArray[np.uint64]) -> Ints:
        ladder, rung = self.world.ladders[f], self.day.rungs[f]
        if not ladder.opens <= t <= ladder.closes:
            return np.zeros_like(rung)
        count = ladder.logits.shape[0]
        logits = np.take(ladder.logits, self.draw * count + rung, axis=1)
        pull = self.pull(f)
        for j in range(1, count):
            level = j / (count - 1.0)
            logits[j] += pull[0] + pull[1] * level + pull[2] * (level * level)
        for link in ladder.links:
            self._add(link, rung, logits)
        reached = law.move(law.probabilities(logits), uniforms(ladder.move_key, t, numbers))
        if f < self.world.fronts and ladder.retires_after < LONG_AGO:
            reached = np.where(np.abs(self.line[f]) >= ladder.retires_after, 0, reached)
        return reached

    def pull(self, f: int) -> list[Floats]:
        """What a place's memories add to the three parts of the smooth kernel, each (M,)."""
        pull = [np.zeros(self.draw.shape) for _ in range(law.BASIS)]
        longest = len(self.world.death_decays) + len(self.world.violence_decays) - 1
        for q, raw in enumerate(self.memories[f]):
            memory = standing(raw, *self.world.standing) if q == longest else raw
            for b in range(law.BASIS):
                pull[b] += memory * self.pulls[f][q, b]
        return pull

    def _add(self, link: Link, rung: Ints, logits: Floats) -> None:
        """Add a claim to the destinations that it touches, for the paths that stand where it speaks."""
        assert link.moves is not None
        touched = link.moves != 0
        speaks_from, speaks_to = touched.any(axis=0), touched.any(axis=1)
        here = np.flatnonzero(speaks_from[rung])
        if here.size == 0:
            return
        push, start = self.push(link), rung
        if few := here.size * 4 < rung.size:
            push, start = push[here], rung[here]
        for j in np.flatnonzero(speaks_to):
            if few:
                logits[j, here] += push * np.take(link.moves[j], start)
            else:
                logits[j] += push * np.take(link.moves[j], start)

    def mark_fronts(self, t: int, numbers: NDArray[np.uint64]) -> None:
        """Deaths and marks of every front on the rung just reached.

        Claims on marks see the rungs of today and the deaths and marks of yesterday, so that no front comes first.
        """
        day = self.day
        by, none = np.full_like(day.by, NOBODY), np.zeros_like
        fresh = replace(
            day,
            by=by,
            means=none(day.means),
            advances=none(day.advances),
            deaths=none(day.deaths),
            first=none(day.first),
        )
        for f, ladder in enumerate(self.world.ladders[: self.world.fronts]):
            fresh.deaths[f] = self._deaths(ladder, f, t, numbers)
            if ladder.marks is not None:
                mark(ladder, f, fresh, t, numbers, self.draw, self.push)
        self.day = fresh
        self.line += fresh.advances

    def _deaths(self, ladder: Ladder, f: int, t: int, numbers: NDArray[np.uint64]) -> Floats:
        where = self.draw * ladder.logits.shape[0] + self.day.rungs[f]
        out, deadly = np.zeros(self.draw.shape), np.flatnonzero(ladder.deaths.mean[where] > 0)
        if deadly.size:
            chance = uniforms(ladder.death_key, t, numbers[deadly])
            out[deadly] = dying.quantile(chance, ladder.deaths, where[deadly])
        return out

    def commit(self) -> None:
        """Which commitments are in force today: triggered not long ago, requested where they must be, and binding."""
        for k, owed in enumerate(self.world.commitments):
            since = np.where(value(owed.trigger, self.day) > 0, 0.0, self.since_trigger[k] + 1.0)
            self.since_trigger[k] = since
            called = self.day.binding[k] > 0
            if owed.requested >= 0:
                called = called & (self.day.since[owed.requested] < REQUEST_LASTS)
            self.day.in_force[k] = (since < owed.lasts) & called

    def count_streams(self, t: int, numbers: NDArray[np.uint64]) -> Floats:
        """Counts of every stream today, given the rungs just reached; shape (S, M)."""
        height = np.zeros(self.draw.shape)
        for f in range(self.world.fronts):
            top = max(self.world.ladders[f].logits.shape[0] - 1, 1)
            height = np.maximum(height, self.day.rungs[f] / float(top))
        out = np.zeros((len(self.world.streams), self.draw.size))
        for s, stream in enumerate(self.world.streams):
            if stream.read is not None:  # no chance of its own
                out[s] = value(stream.read, self.day) * self.scales.get(s, 1.0)
                continue
            out[s] = self._count(s, height, uniforms(stream.key, t, numbers))
        return out

    def _count(self, s: int, height: Floats, uniform: Floats) -> Floats:
        """Counts of one stream today, (M,). Most are zero, and bounds on exp and log say so without either."""
        stream, rates, own = self.world.streams[s], self.rates[s], self.own[s]
        base = rates.rate + rates.rung * height
        for link in stream.links:
            base += self.push(link)
        factor, out = self.scales.get(s, 1.0), np.zeros(uniform.shape)
        # With a negative elasticity the rate is highest where nothing is remembered.
        most = base + np.maximum(rates.own * counting.log1p_above(own), 0.0) - rates.own * stream.usual
        maybe = np.flatnonzero(uniform >= 1.0 - factor * counting.exp_above(most))
        mean = base[maybe] + rates.own[maybe] * (log1p(own[maybe]) - stream.usual)
        mean = exp(np.minimum(mean, counting.LOG_MEAN_CAP)) * factor
        out[maybe] = counting.quantile(uniform[maybe], mean, rates.size[maybe])
        return out

    def remember(self, t: int, counts: Floats) -> None:
        """Let memories, pressures and streams' own memories take in the day."""
        world, day = self.world, self.day
        for f, ladder in enumerate(world.ladders):
            lost = log1p_count(day.deaths[f]) / world.death_scale if f < world.fronts else 0.0
            violent = (day.rungs[f] >= ladder.active).astype(np.float64)
            inputs = [(lost, d) for d in world.death_decays] + [(violent, d) for d in world.violence_decays]
            for q, (new, d) in enumerate(inputs):
                self.memories[f, q] = blend(self.memories[f, q], d, new)
        self._press(t, counts)
        for s in self.watched:
            day.since[s] = np.where(counts[s] > 0, 0.0, day.since[s] + 1.0)
        for s, stream in enumerate(world.streams):
            self.own[s] = stream.decay * self.own[s] + counts[s]

    def _press(self, t: int, counts: Floats) -> None:
        """Step every pressure from the same end of day."""
        logs = {s: log1p_count(counts[s]) for p in self.world.pressures for s in np.flatnonzero(p.weights)}
        stepped = []
        for p, pressure in enumerate(self.world.pressures):
            added = np.zeros(self.draw.shape)
            for s in np.flatnonzero(pressure.weights):
                added = added + pressure.weights[s] * logs[s]
            for factor, weight in pressure.feeds:
                added = added + weight * value(factor, self.day)
            d, gain = self.decays[p], self.gains[p]
            added = added * gain
            fed = self.pressed.get(p, 1.0)
            if pressure.series is not None:
                added = added + (1.0 - d) * pressure.series[min(t, pressure.series.size - 1)]
            for link in pressure.links:
                added = added + (1.0 - d) * pressure.scale * self.push(link)
            left = relief(counts, pressure.relief)
            now = self.day.pressures[p]
            stepped.append(step_pressure(pressure.kind, now, d, pressure.floor, added * fed, left, gain * fed))
        for p, values in enumerate(stepped):
            self.day.pressures[p] = values


def partly(now: Any, level: float, share: float) -> Any:
    """A level that a lever brings about, all of it or part of the way from where it stands."""
    return level if share == 1.0 else now + share * (level - now)


def _by_path(value: float | Floats, draw: Ints) -> float | Floats:
    """What holds for all draws as it is; what differs between them by path."""
    return value if isinstance(value, float) else value[draw]


def _links(world: World) -> list[Link]:
    """Every link of a world."""
    out = [link for stream in world.streams for link in stream.links]
    out += [link for pressure in world.pressures for link in pressure.links]
    for ladder in world.ladders:
        out += ladder.links
        if ladder.marks is not None:
            out += [link for _, link in (*ladder.marks.by_links, *ladder.marks.means_links)]
            out += ladder.marks.advance_links
    return out


def watched(world: World) -> list[int]:
    """Streams whose last event somebody asks after."""
    windows = {f.places[0] for link in _links(world) for f in link.factors if f.kind == WITHIN}
    return sorted(windows | {c.requested for c in world.commitments if c.requested >= 0})


def join(parts: Sequence[Paths]) -> Paths:
    """Batches side by side, in path order; one alone as it is."""
    if len(parts) == 1:
        return parts[0]
    return Paths(*(np.concatenate([getattr(part, f.name) for part in parts], axis=-1) for f in fields(Paths)))
