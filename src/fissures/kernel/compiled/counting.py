"""Streams of L lanes count: `kernel/streams.py` and `paths.State.count_streams`.

Bounds tell most of a day's zeros; what they leave open, over all streams and lanes, is worked out in one list.
"""

from __future__ import annotations

import numpy as np

from fissures.kernel.compiled.arith import exp, inline, key_of_day, log1p, log1p_count, part, uniform
from fissures.kernel.compiled.causes import pushed
from fissures.kernel.compiled.packed import Days, Laid, Links, Places, Scratch, State, Streams
from fissures.kernel.streams import LOG_MEAN_CAP, MEAN_CAP, MOST

U, BASE, MEMORY, OWN, SIZE, USUAL, FACTOR = range(7)  # rows of what is still open


@part
def past_zero(u: float, mean: float, size: float, none: float) -> float:
    """The count of `streams.quantile` for a uniform at or past the chance of none, given too. In the same blocks."""
    term, total, n, block = none, none, 0, 8
    share = mean / (size + mean)
    while n < MOST:
        for k in range(n + 1, n + block + 1):
            term = ((k - 1.0 + size) / k * share) * term
            total = term + total
            if u < total:
                return np.float64(min(k, MOST))
        n += block
        if term < 1e-17 and n > mean:
            break
        block = min(block * 4, 512)
    return np.float64(min(n, MOST))


@inline
def chance_of_none(mean: float, size: float) -> float:
    """The zero term of a negative binomial."""
    return exp(-size * log1p(mean / size))


@part
def quantile(u: float, mean: float, size: float) -> float:
    """`streams.quantile` of one uniform."""
    if u < 1.0 - mean:
        return 0.0
    none = chance_of_none(mean, size)
    return past_zero(u, mean, size, none) if u >= none else 0.0


@inline
def maybe_some(u: float, most: float, factor: float) -> bool:
    """Whether a log mean of at most so much may bring an event: 1 - u is at most the mean, with room for rounding.

    As exp(-x) is at least the first terms of its series, no division is needed.
    """
    y = -most
    low = 1.0 + y * (1.0 + y * (0.5 + y * (1.0 / 6.0 + y * (1.0 / 24.0))))
    return (1.0 - u - 1e-9) * (low if most < 0.0 else 1.0 / MEAN_CAP) <= factor * (1.0 + 1e-6)


@inline
def _heights(places: Places, s: State, room: Scratch) -> None:
    """How high the highest front stands, 0 to 1."""
    for m in range(room.height.size):
        room.height[m] = 0.0
    for f in range(s.line.shape[0]):
        top = max(places.rungs[f] - 1, 1)
        for m in range(room.height.size):
            room.height[m] = max(room.height[m], s.rungs[f, m] / np.float64(top))


@inline
def _base(x: int, t: int, streams: Streams, links: Links, days: Days, laid: Laid, room: Scratch) -> None:
    """A stream's log mean but for its own memory."""
    for m in range(room.height.size):
        room.base[m] = laid.rate[x, m] + laid.rung[x, m] * room.height[m]
    for k in range(streams.link_start[x], streams.link_start[x + 1]):
        p, edit = links.product[k], days.edited[t, links.group[k]]
        for m in range(room.height.size):
            room.base[m] += pushed(laid.coefficient[k, m], room.product[p, m], laid.usual[k, m], edit)


@inline
def _left_open(x: int, t: int, streams: Streams, days: Days, laid: Laid, s: State, room: Scratch, found: int) -> int:
    """Add to the list the lanes whose count the bounds do not tell; how long the list is then."""
    lanes, usual, factor, key = room.height.size, streams.usual[x], days.scale[t, x], key_of_day(streams.key[x], t)
    height, slope = streams.bounds[x, 0], streams.bounds[x, 1]
    far_height, far_slope = streams.bounds[x, 2], streams.bounds[x, 3]
    for m in range(lanes):
        room.uniform[m] = uniform(key, laid.number[m])
    for m in range(lanes):
        memory, own = s.own[x, m], laid.own[x, m]
        above = own * min(height + slope * memory, far_height + far_slope * memory)
        most = room.base[m] + (above if above > 0.0 else 0.0) - own * usual
        room.reached[m] = 1 if maybe_some(room.uniform[m], most, factor) else 0
    for m in range(lanes):
        if room.reached[m] > 0:
            room.whose[found] = x * lanes + m
            room.open[U, found] = room.uniform[m]
            room.open[BASE, found] = room.base[m]
            room.open[MEMORY, found] = s.own[x, m]
            room.open[OWN, found] = laid.own[x, m]
            room.open[SIZE, found] = laid.size[x, m]
            room.open[USUAL, found] = usual
            room.open[FACTOR, found] = factor
            found += 1
    return found


@inline
def _count_open(found: int, s: State, room: Scratch) -> None:
    """Count what is still open: the means, then who is past zero, then how far."""
    row, lanes, left = room.open, room.height.size, 0
    for i in range(found):
        mean = row[BASE, i] + row[OWN, i] * (log1p(row[MEMORY, i]) - row[USUAL, i])
        row[BASE, i] = exp(mean if mean < LOG_MEAN_CAP else LOG_MEAN_CAP) * row[FACTOR, i]
    for i in range(found):
        if row[U, i] >= 1.0 - row[BASE, i]:
            room.whose[left] = room.whose[i]
            row[U, left], row[BASE, left], row[SIZE, left] = row[U, i], row[BASE, i], row[SIZE, i]
            left += 1
    for i in range(left):
        row[MEMORY, i] = chance_of_none(row[BASE, i], row[SIZE, i])
    for i in range(left):
        if row[U, i] >= row[MEMORY, i]:
            x, m = divmod(room.whose[i], lanes)
            count = past_zero(row[U, i], row[BASE, i], row[SIZE, i], row[MEMORY, i])
            s.counts[x, m], s.logs[x, m], s.some[x] = count, log1p_count(count), True


@inline
def _clear(s: State) -> None:
    """Forget yesterday's counts."""
    for x in range(s.some.size):
        if s.some[x]:
            for m in range(s.counts.shape[1]):
                s.counts[x, m] = 0.0
                s.logs[x, m] = 0.0
            s.some[x] = False


@inline
def _taken(x: int, s: State) -> None:
    """The logs of a stream whose counts were set for all lanes."""
    s.some[x] = True
    for m in range(s.counts.shape[1]):
        s.logs[x, m] = log1p_count(s.counts[x, m])


@inline
def count_streams(
    t: int, places: Places, streams: Streams, links: Links, days: Days, laid: Laid, s: State, room: Scratch
) -> None:
    """Counts of every stream today, given the rungs just reached, and what levers add."""
    _heights(places, s, room)
    _clear(s)
    found = 0
    for x in range(streams.key.size):
        if streams.read[x] >= 0:  # no chance of its own
            for m in range(room.height.size):
                s.counts[x, m] = room.factor[streams.read[x], m] * days.scale[t, x]
            _taken(x, s)
            continue
        _base(x, t, streams, links, days, laid, room)
        found = _left_open(x, t, streams, days, laid, s, room, found)
    _count_open(found, s, room)
    for k in range(days.add_start[t], days.add_start[t + 1]):
        x, count = days.add[k], days.add_count[k]
        for m in range(room.height.size):
            more = s.counts[x, m] + count if streams.lifts_place[x] < 0 else max(s.counts[x, m], count)
            s.counts[x, m] = more
        _taken(x, s)
