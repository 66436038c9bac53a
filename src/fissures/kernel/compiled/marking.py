"""Marks of violence of L lanes: `kernel/violence.py`, one lane at a time, since few days carry any."""

from __future__ import annotations

import numpy as np

from fissures.kernel.compiled.arith import exp, inline, key_of_day, log, part, uniform
from fissures.kernel.compiled.causes import pushed
from fissures.kernel.compiled.packed import Days, Laid, Links, Marks, Places, Scratch, State
from fissures.kernel.violence import LOGISTIC, SPLIT_EXACTLY
from fissures.kernel.world import BOTH, FIRST, NOBODY

BY, ADVANCED, TAKER, DEAD, MEANS = range(5)  # what a front's keys are for; MEANS and what follows, one for each means


@inline
def _logistic(x: float) -> float:
    """`violence.logistic`."""
    return 1.0 / (1.0 + exp(-x))


@part
def binomial(u: float, n: float, p: float) -> float:
    """`violence.binomial` of one uniform."""
    if n > SPLIT_EXACTLY:
        spread = np.sqrt(n * p * (1.0 - p)) * LOGISTIC
        return min(max(np.floor(n * p + spread * log(u / (1.0 - u)) + 0.5), 0.0), n)
    odds, term, k = p / (1.0 - p), exp(n * log(1.0 - p)), 0.0
    total = term
    while u >= total and k < n:
        term = term * odds * (n - k) / (k + 1.0)
        total, k = total + term, k + 1.0
    return k


@inline
def _push(k: int, m: int, t: int, links: Links, days: Days, laid: Laid, room: Scratch) -> float:
    edit = days.edited[t, links.group[k]]
    return pushed(laid.coefficient[k, m], room.product[links.product[k], m], laid.usual[k, m], edit)


@inline
def _taken(f: int, m: int, t: int, marks: Marks, links: Links, days: Days, laid: Laid, s: State, room: Scratch) -> bool:
    """Whether ground changes hands."""
    chance = marks.advance[f, s.rungs[f, m]]
    if chance <= 0.0:
        return False
    for k in range(marks.advance_start[f], marks.advance_start[f + 1]):
        odds = max(chance, 1e-12)
        chance = _logistic(log(odds / (1.0 - odds)) + _push(k, m, t, links, days, laid, room))
    return uniform(key_of_day(marks.keys[f, ADVANCED], t), laid.number[m]) < chance


@inline
def _who(f: int, m: int, t: int, marks: Marks, links: Links, days: Days, laid: Laid, room: Scratch) -> int:
    """Which side moved."""
    a, b, c, d = marks.by[f, 0], marks.by[f, 1], marks.by[f, 2], marks.by[f, 3]
    for k in range(marks.by_start[f], marks.by_start[f + 1]):
        push, code = _push(k, m, t, links, days, laid, room), links.code[k]
        if code == 0:
            a = a + push
        elif code == 1:
            b = b + push
        elif code == 2:
            c = c + push
        else:
            d = d + push
    a, b, c, d = exp(a), exp(b), exp(c), exp(d)
    reached = uniform(key_of_day(marks.keys[f, BY], t), laid.number[m]) * (a + b + c + d)
    return int(reached >= a) + int(reached >= a + b) + int(reached >= a + b + c)


@inline
def _means(f: int, m: int, t: int, marks: Marks, links: Links, days: Days, laid: Laid, s: State, room: Scratch) -> int:
    """By what means, one bit for each."""
    out, rung = 0, s.rungs[f, m]
    for b in range(marks.able.shape[2]):
        if not marks.able[f, rung, b]:
            continue
        logit = marks.means[f, laid.draw[m], rung, b]
        for k in range(marks.means_start[f], marks.means_start[f + 1]):
            if links.code[k] == b:
                logit = logit + _push(k, m, t, links, days, laid, room)
        if uniform(key_of_day(marks.keys[f, MEANS + b], t), laid.number[m]) < _logistic(logit):
            out |= 1 << b
    return out


@inline
def mark_fronts(
    t: int, places: Places, marks: Marks, links: Links, days: Days, laid: Laid, s: State, room: Scratch
) -> None:
    """Marks of every front's day. The causes were read before, so that no front comes first."""
    for f in range(s.line.shape[0]):
        if not marks.has[f]:
            continue
        for m in range(room.push.size):
            if marks.quiet[f, s.rungs[f, m]] and s.deaths[f, m] == 0.0:
                s.means[f, m], s.by[f, m], s.advances[f, m], s.first[f, m] = 0, NOBODY, 0, 0.0
                continue
            taken = _taken(f, m, t, marks, links, days, laid, s, room)
            by, advance, first = NOBODY, 0, 0.0
            if taken or s.rungs[f, m] >= places.active[f]:
                by = _who(f, m, t, marks, links, days, laid, room)
            if taken:
                even = uniform(key_of_day(marks.keys[f, TAKER], t), laid.number[m]) < 0.5
                advance = 1 if (even if by >= BOTH else by == FIRST) else -1
            if s.deaths[f, m] > 0.0:
                u = uniform(key_of_day(marks.keys[f, DEAD], t), laid.number[m])
                first = binomial(u, s.deaths[f, m], laid.first_share[f, m])
            s.means[f, m] = _means(f, m, t, marks, links, days, laid, s, room)
            s.by[f, m], s.advances[f, m], s.first[f, m] = by, advance, first
            s.line[f, m] += advance
