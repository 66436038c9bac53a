"""The end of a day of L lanes: commitments answer, memories and pressures take in the day; `paths.State.remember`."""

from __future__ import annotations

from fissures.kernel.compiled.arith import exp, inline, log1p_count
from fissures.kernel.compiled.causes import pushed, read
from fissures.kernel.compiled.packed import (
    Causes,
    Commitments,
    Days,
    Laid,
    Links,
    Places,
    Pressures,
    Scratch,
    Start,
    State,
    Streams,
)
from fissures.kernel.memory import BUILDING
from fissures.kernel.paths import REQUEST_LASTS


@inline
def commit(owed: Commitments, causes: Causes, s: State, room: Scratch) -> None:
    """Which commitments are in force today, one after the other: one may be triggered by another."""
    for k in range(owed.trigger.size):
        read(causes, owed.trigger[k], s, room.factor)
        row, lasts, asked = owed.trigger[k], owed.lasts[k], owed.requested[k]
        for m in range(room.push.size):
            since = 0.0 if room.factor[row, m] > 0.0 else s.triggers[k, m] + 1.0
            called = s.binding[k, m] > 0.0 and (asked < 0 or s.since[asked, m] < REQUEST_LASTS)
            s.triggers[k, m] = since
            s.in_force[k, m] = 1.0 if called and since < lasts else 0.0


@inline
def _remember_places(start: Start, places: Places, s: State, room: Scratch) -> None:
    """Memories of the dead and of violent days."""
    memories = start.memory_decays.size
    for f in range(places.rungs.size):
        front, active = f < s.line.shape[0], places.active[f]
        for m in range(room.push.size):
            room.push[m] = log1p_count(s.deaths[f, m]) / start.death_scale if front else 0.0
            room.uniform[m] = 1.0 if s.rungs[f, m] >= active else 0.0
        for q in range(memories):
            d, at = start.memory_decays[q], f * memories + q
            new = room.push if q < start.dead_memories else room.uniform
            for m in range(room.push.size):
                s.memories[at, m] = d * s.memories[at, m] + (1.0 - d) * new[m]


@inline
def _taken_in(
    p: int, t: int, pressures: Pressures, links: Links, days: Days, laid: Laid, s: State, room: Scratch
) -> None:
    """What a pressure takes in today, into `room.push`. Streams without a count add nothing."""
    lanes = room.push.size
    for m in range(lanes):
        room.push[m] = 0.0
    for k in range(pressures.fed_start[p], pressures.fed_start[p + 1]):
        x, weight = pressures.fed_stream[k], pressures.fed_weight[k]
        if s.some[x]:
            for m in range(lanes):
                room.push[m] += weight * s.logs[x, m]
    for k in range(pressures.shown_start[p], pressures.shown_start[p + 1]):
        i, weight = pressures.shown_factor[k], pressures.shown_weight[k]
        for m in range(lanes):
            room.push[m] += weight * room.factor[i, m]
    for m in range(lanes):
        room.push[m] *= laid.gain[p, m]
    begin, length = pressures.series_start[p], pressures.series_start[p + 1] - pressures.series_start[p]
    if length > 0:
        value = pressures.series[begin + min(t, length - 1)]
        for m in range(lanes):
            room.push[m] += (1.0 - laid.decay[p, m]) * value
    for k in range(pressures.link_start[p], pressures.link_start[p + 1]):
        i, edit, scale = links.product[k], days.edited[t, links.group[k]], pressures.scale[p]
        for m in range(lanes):
            push = pushed(laid.coefficient[k, m], room.product[i, m], laid.usual[k, m], edit)
            room.push[m] += (1.0 - laid.decay[p, m]) * scale * push


@inline
def _left(p: int, pressures: Pressures, s: State, room: Scratch) -> None:
    """The factor that relief leaves of a pressure, into `room.uniform`: `memory.relief`."""
    for m in range(room.push.size):
        room.uniform[m] = 1.0
    for k in range(pressures.relieved_start[p], pressures.relieved_start[p + 1]):
        x, share, log_left = pressures.relieved_stream[k], pressures.relieved_share[k], pressures.relieved_log[k]
        if s.some[x]:
            for m in range(room.push.size):
                count = s.counts[x, m]
                none_left = 0.0 if count > 0.0 else 1.0
                room.uniform[m] *= exp(count * log_left) if share < 1.0 else none_left


@inline
def _press(t: int, pressures: Pressures, links: Links, days: Days, laid: Laid, s: State, room: Scratch) -> None:
    """Step every pressure from the same end of day: `memory.step_pressure`."""
    for p in range(pressures.kind.size):
        _taken_in(p, t, pressures, links, days, laid, s, room)
        _left(p, pressures, s, room)
        fed, floor, building = days.pressed[t, p], pressures.floor[p], pressures.kind[p] == BUILDING
        for m in range(room.push.size):
            d, now, top = laid.decay[p, m], s.pressures[p, m], laid.gain[p, m] * fed
            kept = top - (top - now) * d if building else d * now
            out = kept * room.uniform[m] + room.push[m] * fed
            s.pressures[p, m] = floor if out < floor else out


@inline
def remember(
    t: int,
    start: Start,
    places: Places,
    streams: Streams,
    pressures: Pressures,
    links: Links,
    days: Days,
    laid: Laid,
    s: State,
    room: Scratch,
) -> None:
    """Let memories, pressures and streams' own memories take in the day."""
    _remember_places(start, places, s, room)
    _press(t, pressures, links, days, laid, s, room)
    for k in range(streams.watched.size):
        x = streams.watched[k]
        for m in range(room.push.size):
            s.since[x, m] = 0.0 if s.counts[x, m] > 0.0 else s.since[x, m] + 1.0
    for x in range(streams.key.size):
        for m in range(room.push.size):
            s.own[x, m] = streams.decay[x] * s.own[x, m] + s.counts[x, m]
