"""Places of L lanes move, and fronts bring deaths: `kernel/ladder.py`, `kernel/deaths.py` and `paths._State._move`."""

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
        if q == memories - 1:
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
def _logits(f: int, places: Places, laid: Laid, s: State, room: Scratch) -> None:
    """The ladder's kernel and the memories, for every lane and destination."""
    width = places.logits.shape[3]
    for m in range(room.push.size):
        draw, rung, at = laid.draw[m], s.rungs[f, m], m * width
        a, b, c = room.pull[0, m], room.pull[1, m], room.pull[2, m]
        for j in range(width):
            pull = a * places.basis[f, 0, j] + b * places.basis[f, 1, j] + c * places.basis[f, 2, j]
            room.logits[at + j] = places.logits[f, draw, rung, j] + pull


@inline
def _claims(f: int, t: int, places: Places, links: Links, days: Days, laid: Laid, s: State, room: Scratch) -> None:
    """What claims add to the moves that they name."""
    width, lanes = places.moves.shape[2], room.push.size
    for k in range(places.link_start[f], places.link_start[f + 1]):
        p, edit = links.product[k], days.edited[t, links.group[k]]
        for m in range(lanes):
            room.push[m] = pushed(laid.coefficient[k, m], room.product[p, m], laid.usual[k, m], edit)
        for m in range(lanes):
            rung, push, at = s.rungs[f, m], room.push[m], m * width
            for j in range(width):
                room.logits[at + j] += push * places.moves[k, rung, j]


@inline
def _step(f: int, t: int, places: Places, laid: Laid, s: State, room: Scratch) -> None:
    """Softmax, and the rung that one uniform reaches; the chances past it need not be known."""
    width, count, lanes = places.logits.shape[3], places.rungs[f], room.push.size
    for m in range(lanes):
        at = m * width
        top = room.logits[at]
        for j in range(1, count):
            top = max(top, room.logits[at + j])
        for j in range(width):
            room.logits[at + j] -= top
    for i in range(room.logits.size):
        room.logits[i] = exp(room.logits[i])
    key = key_of_day(places.keys[f, 0], t)
    for m in range(lanes):
        room.uniform[m] = uniform(key, laid.number[m])
    for m in range(lanes):
        at = m * width
        total = room.logits[at]
        for j in range(1, count):
            total += room.logits[at + j]
        reached, passed = 0, room.logits[at] / total
        while room.uniform[m] >= passed:
            reached += 1
            if reached == count - 1:
                break
            passed += room.logits[at + reached] / total
        gone = f < s.line.shape[0] and abs(s.line[f, m]) >= places.retires[f]
        s.before[f, m] = s.rungs[f, m]
        s.rungs[f, m] = 0 if gone else reached


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
        _pull(f, start, laid, s, room)
        _logits(f, places, laid, s, room)
        _claims(f, t, places, links, days, laid, s, room)
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
        if grown_by < NEAR:
            grown = far * (1.0 + grown_by * (0.5 + grown_by / 6.0))
        else:
            grown = (exp(grown_by) - 1.0) / shape
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
