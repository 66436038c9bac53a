"""Places of L lanes move, and fronts bring deaths: `kernel/ladder.py`, `kernel/deaths.py` and `paths.State._move`."""

from __future__ import annotations

import numpy as np

from fissures.kernel.compiled.arith import exp, inline, key_of_day, log, part, uniform
from fissures.kernel.compiled.causes import pushed
from fissures.kernel.compiled.counting import quantile as body_quantile
from fissures.kernel.compiled.packed import Days, Floats, Laid, Links, Places, Scratch, Start, State
from fissures.kernel.deaths import NEAR


@inline
def _pull(f: int, start: Start, laid: Laid, s: State, room: Scratch) -> None:
    """What a place's memories pull towards: one number for each column of the basis."""
    lanes, memories = room.push.size, start.memory_decays.size
    weight, prior, total, usual = start.long_run[0], start.long_run[1], start.long_run[2], start.long_run[3]
    for b in range(3):
        for m in range(lanes):
            room.pull[b, m] = 0.0
    for q in range(memories):
        at = f * memories + q
        if q == start.longest:
            for m in range(lanes):
                shrunk = (s.memories[at, m] * weight + prior) / total
                room.push[m] = 0.5 * (log(shrunk / (1.0 - shrunk)) - usual)
        else:
            for m in range(lanes):
                room.push[m] = s.memories[at, m]
        for b in range(3):
            for m in range(lanes):
                room.pull[b, m] += room.push[m] * laid.pull[3 * at + b, m]


@inline
def _settle(f: int, places: Places, laid: Laid, s: State) -> None:
    """Lay out what hangs on the rung that a lane stands on, where it stands on another than before."""
    count, rungs = places.rungs[f], places.logits.shape[3]
    for m in range(laid.draw.size):
        rung, draw = s.rungs[f, m], laid.draw[m]
        if rung == s.stood[f, m]:
            continue
        s.stood[f, m] = rung
        for j in range(count):
            s.kernel[f * rungs + j, m] = places.logits[f, draw, rung, j]
        for q in range(places.pattern_start[f], places.pattern_start[f + 1]):
            for j in range(count):
                sign, at = places.patterns[q, rung, j], q * rungs + j
                s.alive[q, j] += int(sign != 0.0) - int(s.signs[at, m] != 0.0)
                s.signs[at, m] = sign


@inline
def _logits(f: int, places: Places, s: State, room: Scratch) -> None:
    """The ladder's kernel and the memories, for every destination."""
    first = f * places.logits.shape[3]
    for m in range(room.push.size):
        room.logits[0, m] = s.kernel[first, m]
    for j in range(1, places.rungs[f]):
        level = places.levels[f, j]
        square = level * level
        for m in range(room.push.size):
            pull = room.pull[0, m] + room.pull[1, m] * level + room.pull[2, m] * square
            room.logits[j, m] = s.kernel[first + j, m] + pull


@inline
def _claims(f: int, t: int, places: Places, links: Links, days: Days, laid: Laid, s: State, room: Scratch) -> None:
    """What claims add to the moves that they name."""
    rungs = places.logits.shape[3]
    for k in range(places.link_start[f], places.link_start[f + 1]):
        p, q, edit = links.product[k], places.pattern[k], days.edited[t, links.group[k]]
        for m in range(room.push.size):
            room.push[m] = pushed(laid.coefficient[k, m], room.product[p, m], laid.usual[k, m], edit)
        for j in range(places.rungs[f]):
            if s.alive[q, j] > 0:
                at = q * rungs + j
                for m in range(room.push.size):
                    room.logits[j, m] += room.push[m] * s.signs[at, m]


@inline
def _softmax(count: int, room: Scratch) -> None:
    """Weights of the destinations, and their sum in a fixed order."""
    lanes = room.push.size
    for m in range(lanes):
        room.push[m] = room.logits[0, m]
    for j in range(1, count):
        for m in range(lanes):
            room.push[m] = max(room.push[m], room.logits[j, m])
    for j in range(count):
        for m in range(lanes):
            room.logits[j, m] = exp(room.logits[j, m] - room.push[m])
    for m in range(lanes):
        room.total[m] = room.logits[0, m]
    for j in range(1, count):
        for m in range(lanes):
            room.total[m] += room.logits[j, m]


@inline
def _step(f: int, t: int, places: Places, laid: Laid, s: State, room: Scratch) -> None:
    """The rung that one uniform reaches."""
    key, lanes = key_of_day(places.keys[f, 0], t), room.push.size
    for m in range(lanes):
        room.uniform[m] = uniform(key, laid.number[m])
        room.push[m] = 0.0
        room.reached[m] = 0
    for j in range(places.rungs[f] - 1):
        for m in range(lanes):
            room.push[m] += room.logits[j, m] / room.total[m]
            room.reached[m] += 1 if room.uniform[m] >= room.push[m] else 0
    front = f < s.line.shape[0]
    for m in range(lanes):
        gone = front and abs(s.line[f, m]) >= places.retires[f]
        s.before[f, m] = s.rungs[f, m]
        s.rungs[f, m] = 0 if gone else room.reached[m]


@inline
def move_places(
    t: int, start: Start, places: Places, links: Links, days: Days, laid: Laid, s: State, room: Scratch
) -> None:
    """Move every front and track. The causes were read before, so that all move from the same start of day."""
    for f in range(places.rungs.size):
        if t < places.opens[f] or t > places.closes[f]:
            for m in range(room.push.size):
                s.before[f, m] = s.rungs[f, m]
                s.rungs[f, m] = 0
            continue
        _settle(f, places, laid, s)
        _pull(f, start, laid, s, room)
        _logits(f, places, s, room)
        _claims(f, t, places, links, days, laid, s, room)
        _softmax(places.rungs[f], room)
        _step(f, t, places, laid, s, room)


@part
def deaths_of(u: float, law: Floats) -> float:
    """`deaths.quantile` of a uniform that may bring any; law (9,) in the order of `Deaths`."""
    mean, size, zero, threshold = law[0], law[1], law[2], law[3]
    above, scale, shape, cap, kept = law[4], law[5], law[6], law[7], law[8]
    if u >= 1.0 - above:
        share = min((1.0 - u) / above, 1.0)
        far = -log(1.0 - kept * (1.0 - share))
        grown_by = shape * far
        near = far * (1.0 + grown_by * (0.5 + grown_by / 6.0))
        grown = near if grown_by < NEAR else (exp(grown_by) - 1.0) / shape
        return min(threshold + 1.0 + np.floor(scale * grown), cap)
    left = 1.0 - zero
    return min(body_quantile((u - zero) / left, mean / left, size), threshold)


@inline
def bring_deaths(t: int, places: Places, laid: Laid, s: State, room: Scratch) -> None:
    """Deaths of every front on the rung just reached."""
    for f in range(s.deaths.shape[0]):
        key = key_of_day(places.keys[f, 1], t)
        for m in range(room.push.size):
            room.uniform[m] = uniform(key, laid.number[m])
        for m in range(room.push.size):
            law, u = places.deaths[f, laid.draw[m], s.rungs[f, m]], room.uniform[m]
            s.deaths[f, m] = deaths_of(u, law) if u >= 1.0 - law[0] else 0.0
