"""What a day on a front carries: who moved, by what means, what ground was taken, whose dead they are.

On active days somebody moved: a multinomial logit over {first side, second side, both, unclear}. Each means is a logit
by rung of its own, drawn wherever a rung gives it a chance, so that a day may carry several. Ground changes hands with
a chance by rung. The dead divide between the sides binomially. Marks are drawn after the front has moved, one uniform
each.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from fissures.kernel.arith import exp, log
from fissures.kernel.factors import Day
from fissures.kernel.rng import uniforms
from fissures.kernel.world import BOTH, FIRST, NOBODY, Floats, Ladder, Link, Marks

Push = Callable[[Link], Floats]
SPLIT_EXACTLY = 60  # dead on one day and front; above it the binomial is close to its logistic approximation
LOGISTIC = 0.5513288954217921  # sqrt(3) / pi: a logistic of this scale has variance 1


def logistic(x: Floats) -> Floats:
    """1 / (1 + exp(-x)); shape as given.

    >>> logistic(np.zeros(1)).tolist()
    [0.5]
    """
    return 1.0 / (1.0 + exp(-x))


def binomial(uniform: Floats, number: Floats, share: Floats) -> Floats:
    """How many of `number` fall to a share, by inverse CDF; all (M,). Large numbers use a logistic approximation.

    >>> binomial(np.array([0.3, 0.9]), np.array([1.0, 2.0]), np.array([0.5, 0.5])).tolist()
    [0.0, 2.0]
    """
    out = np.zeros(number.shape)
    many = np.flatnonzero(number > SPLIT_EXACTLY)
    if many.size:
        n, p, u = number[many], share[many], uniform[many]
        spread = np.sqrt(n * p * (1.0 - p)) * LOGISTIC
        out[many] = np.minimum(np.maximum(np.floor(n * p + spread * log(u / (1.0 - u)) + 0.5), 0.0), n)
    alive = np.flatnonzero(number <= SPLIT_EXACTLY)
    n, p = number[alive], share[alive]
    odds, term = p / (1.0 - p), exp(n * log(1.0 - p))
    total, k = term, 0.0
    while alive.size:
        more = (uniform[alive] >= total) & (k < n)
        alive, n, odds, term, total = alive[more], n[more], odds[more], term[more], total[more]
        term = term * odds * (n - k) / (k + 1.0)
        total, k = total + term, k + 1.0
        out[alive] = k
    return out


def mark(
    ladder: Ladder, f: int, day: Day, t: int, numbers: NDArray[np.uint64], draw: NDArray[np.int64], push: Push
) -> None:
    """Draw the marks of one front's day into `day`; `push` gives a link's coefficient times its cause by path."""
    marks = ladder.marks
    assert marks is not None
    rung = day.rungs[f]
    active = rung >= ladder.active
    chance = marks.advance[rung]
    for link in marks.advance_links:
        odds = np.maximum(chance, 1e-12)
        chance = np.where(chance > 0, logistic(log(odds / (1.0 - odds)) + push(link)), 0.0)
    taken = uniforms(marks.keys[1], t, numbers) < chance
    here = np.flatnonzero(active | taken)
    by = np.full(rung.shape, NOBODY, np.uint8)
    by[here] = _who(marks, here, uniforms(marks.keys[0], t, numbers[here]), push)
    day.by[f] = by
    day.advances[f] = _takers(marks, by, np.flatnonzero(taken), t, numbers)
    day.means[f] = _means(ladder, marks, rung, t, numbers, draw, push)
    dead = np.flatnonzero(day.deaths[f] > 0)
    first = np.zeros(rung.shape)
    if dead.size:
        u = uniforms(marks.keys[3], t, numbers[dead])
        first[dead] = binomial(u, day.deaths[f][dead], marks.first_share[draw[dead]])
    day.first[f] = first


def _takers(
    marks: Marks, by: NDArray[np.uint8], taken: NDArray[np.int64], t: int, numbers: NDArray[np.uint64]
) -> NDArray[np.int8]:
    """Who took ground where it was taken: the side that moved; where both did or nobody can say, either."""
    out = np.zeros(by.shape, np.int8)
    if taken.size:
        even = uniforms(marks.keys[2], t, numbers[taken]) < 0.5
        first = np.where(by[taken] >= BOTH, even, by[taken] == FIRST)
        out[taken] = np.where(first, 1, -1)
    return out


def _who(marks: Marks, here: NDArray[np.int64], uniform: Floats, push: Push) -> Floats:
    logits = [np.full(here.size, share) for share in marks.by]
    for code, link in marks.by_links:
        logits[code] = logits[code] + push(link)[here]
    weights = [exp(logit) for logit in logits]
    total = weights[0] + weights[1] + weights[2] + weights[3]
    reached, running = np.zeros(here.size), np.zeros(here.size)
    for weight in weights[:3]:
        running = running + weight
        reached += uniform * total >= running
    return reached


def _means(
    ladder: Ladder,
    marks: Marks,
    rung: NDArray[np.int64],
    t: int,
    numbers: NDArray[np.uint64],
    draw: NDArray[np.int64],
    push: Push,
) -> NDArray[np.uint8]:
    out = np.zeros(rung.shape, np.uint8)
    for b, table in enumerate(marks.means):
        here = np.flatnonzero(marks.able[b][rung])
        logit = table[draw[here] * ladder.logits.shape[0] + rung[here]]
        for bit, link in marks.means_links:
            if bit == b:
                logit = logit + push(link)[here]
        used = uniforms(marks.keys[4 + b], t, numbers[here]) < logistic(logit)
        out[here] |= used.astype(np.uint8) << np.uint8(b)
    return out
