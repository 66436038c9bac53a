"""Stepping: L paths side by side through all days, and then the next L. The order of a day is that of `paths.run`."""

from __future__ import annotations

import numpy as np

from fissures.kernel.compiled.arith import PATH, inline, whole
from fissures.kernel.compiled.causes import read_due
from fissures.kernel.compiled.counting import count_streams
from fissures.kernel.compiled.marking import mark_fronts
from fissures.kernel.compiled.packed import (
    EVENING,
    MORNING,
    MOVED,
    Days,
    Floats,
    Laid,
    Out,
    Packed,
    Pressures,
    Scratch,
    Start,
    State,
    Streams,
)
from fissures.kernel.compiled.places import bring_deaths, move_places
from fissures.kernel.compiled.remembering import commit, remember
from fissures.kernel.world import NOBODY


@inline
def _by_lane(values: Floats, laid: Laid, out: Floats) -> None:
    """Lay what hangs on the draw, (D, n), out by lane, (n, L)."""
    for m in range(out.shape[1]):
        draw = laid.draw[m]
        for i in range(out.shape[0]):
            out[i, m] = values[draw, i]


@inline
def _lay(w: Packed, number: int, kept: int, laid: Laid) -> None:
    """Choose the lanes' paths, as `rng.kept_numbers` does, and lay out their coefficients."""
    draws = w.links.coefficient.shape[0]
    for m in range(laid.draw.size):
        laid.draw[m] = (number + m) % kept
        chosen = (number + m) // kept * draws + laid.draw[m]
        laid.number[m] = (np.uint64(chosen) + np.uint64(1)) * PATH
    _by_lane(w.links.coefficient, laid, laid.coefficient)
    _by_lane(w.links.usual, laid, laid.usual)
    _by_lane(w.streams.rate, laid, laid.rate)
    _by_lane(w.streams.own, laid, laid.own)
    _by_lane(w.streams.rung, laid, laid.rung)
    _by_lane(w.streams.size, laid, laid.size)
    _by_lane(w.pressures.decay, laid, laid.decay)
    _by_lane(w.pressures.gain, laid, laid.gain)
    _by_lane(w.places.memory, laid, laid.pull)
    _by_lane(w.commitments.binds, laid, laid.binds)
    _by_lane(w.marks.first_share, laid, laid.first_share)


@inline
def _begin(start: Start, laid: Laid, s: State) -> None:
    """Where the lanes stand before the first day."""
    _by_lane(start.pressures, laid, s.pressures)
    _by_lane(start.streams, laid, s.own)
    _by_lane(start.since, laid, s.since)
    _by_lane(start.triggers, laid, s.triggers)
    _by_lane(start.memories, laid, s.memories)
    for f in range(s.rungs.shape[0]):
        for m in range(laid.draw.size):
            s.rungs[f, m] = start.rungs[laid.draw[m], f]
            s.before[f, m] = s.rungs[f, m]
    s.by[:] = NOBODY
    s.means[:] = 0
    s.advances[:] = 0
    s.deaths[:] = 0.0
    s.first[:] = 0.0
    s.in_force[:] = 0.0
    s.line[:] = 0.0
    s.some[:] = True
    s.stood[:] = -1
    s.signs[:] = 0.0
    s.alive[:] = 0


@inline
def _hold(t: int, days: Days, laid: Laid, s: State) -> None:
    """What levers hold today, all of it or part of the way: `paths.partly`."""
    for k in range(s.binding.shape[0]):
        for m in range(laid.draw.size):
            s.binding[k, m] = laid.binds[k, m]
    for k in range(days.hold_start[t], days.hold_start[t + 1]):
        p, level, share = days.hold[k], days.hold_to[k], days.hold_share[k]
        for m in range(laid.draw.size):
            now = s.pressures[p, m]
            s.pressures[p, m] = level if share == 1.0 else now + share * (level - now)
    for k in range(days.bind_start[t], days.bind_start[t + 1]):
        p, level, share = days.bind[k], days.bind_to[k], days.bind_share[k]
        for m in range(laid.draw.size):
            now = s.binding[p, m]
            s.binding[p, m] = level if share == 1.0 else now + share * (level - now)


@inline
def _lift(t: int, days: Days, streams: Streams, s: State) -> None:
    """Lift the tracks that a lever's events lift."""
    for k in range(days.add_start[t], days.add_start[t + 1]):
        place, rung = streams.lifts_place[days.add[k]], streams.lifts_rung[days.add[k]]
        if place >= 0:
            for m in range(s.rungs.shape[1]):
                s.rungs[place, m] = max(s.rungs[place, m], rung)


@inline
def _write(t: int, at: int, lanes: int, s: State, out: Out) -> None:
    """Write the day of the lanes that count."""
    for f in range(s.rungs.shape[0]):
        for m in range(lanes):
            out.rungs[f, t, at + m] = s.rungs[f, m]
    for f in range(s.deaths.shape[0]):
        for m in range(lanes):
            out.deaths[f, t, at + m] = np.int32(s.deaths[f, m])
            out.first[f, t, at + m] = np.int32(s.first[f, m])
            out.by[f, t, at + m] = s.by[f, m]
            out.means[f, t, at + m] = s.means[f, m]
            out.advances[f, t, at + m] = s.advances[f, m]
    for x in range(s.counts.shape[0]):
        if not s.some[x]:  # the room was made blank
            continue
        for m in range(lanes):
            out.counts[x, t, at + m] = np.int64(min(s.counts[x, m], 255.0))
    for k in range(s.in_force.shape[0]):
        for m in range(lanes):
            out.in_force[k, t, at + m] = s.in_force[k, m] > 0.0


@inline
def _day(t: int, w: Packed, laid: Laid, s: State, room: Scratch) -> None:
    """One day of L lanes."""
    _hold(t, w.days, laid, s)
    read_due(w.causes, MORNING, s, room.factor, room.product)
    move_places(t, w.start, w.places, w.links, w.days, laid, s, room)
    _lift(t, w.days, w.streams, s)
    read_due(w.causes, MOVED, s, room.factor, room.product)
    bring_deaths(t, w.places, laid, s, room)
    mark_fronts(t, w.places, w.marks, w.links, w.days, laid, s, room)
    commit(w.commitments, w.causes, s, room)
    read_due(w.causes, EVENING, s, room.factor, room.product)
    count_streams(t, w.places, w.streams, w.links, w.days, laid, s, room)
    remember(t, w.start, w.places, w.streams, w.pressures, w.links, w.days, laid, s, room)


@inline
def _finish(at: int, lanes: int, pressures: Pressures, s: State, out: Out) -> None:
    """The pressures after the last day, in surges."""
    for p in range(s.pressures.shape[0]):
        for m in range(lanes):
            out.levels[p, at + m] = np.float32(s.pressures[p, m] / pressures.scale[p])


@inline
def _step(
    w: Packed, number: int, kept: int, begin: int, end: int, laid: Laid, s: State, room: Scratch, out: Out
) -> None:
    lanes = laid.draw.size
    for at in range(begin, end, lanes):
        _lay(w, number + at, kept, laid)
        _begin(w.start, laid, s)
        wanted = min(lanes, end - at)
        for t in range(out.rungs.shape[1]):
            _day(t, w, laid, s, room)
            _write(t, at, wanted, s, out)
        _finish(at, wanted, w.pressures, s, out)


@whole
def step(
    w: Packed, number: int, kept: int, begin: int, end: int, laid: Laid, s: State, room: Scratch, out: Out
) -> None:
    """Step the paths begin..end - 1 of `out` through all its days; the first of `out` is path `number` of those with
    one of the first `kept` draws."""
    _step(w, number, kept, begin, end, laid, s, room, out)
