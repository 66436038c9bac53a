"""Deaths on one day at a rung: a part for days without any, a negative binomial, and a generalised-Pareto tail.

With chance `zero` nobody dies; else deaths are negative binomial (Hilbe 2011), which has days without any too. Above a
threshold u this body hands over to a generalised Pareto (Pickands 1975), rounded to whole numbers: P(Y > u) stays the
body's, and P(Y > u + j | Y > u) = (H(j) - H(c - u)) / (1 - H(c - u)) with H(j) = (1 + xi j / sigma)^(-1/xi), up to a
cap c. The three parts are those of Randahl & Vegelius (2024), who mix the tail in rather than join it on. Joined, the
chance of more than u deaths is learnt from every day, and a thin record keeps a tail that its prior bounds.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammaln

from fissures.kernel.arith import exp, log
from fissures.kernel.streams import quantile as body_quantile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Real = Floats | float

_TINY = 1e-250  # below it a survival function is as good as none, and its ratio is taken from neighbouring terms
NEAR = 1e-4  # below it (e^t - 1) / t is summed by its first terms


@dataclass(frozen=True)
class Deaths:
    """The law of a day's deaths, each field of one shape (M,); `law` builds it.

    `mean` is the mean of the first two parts together, so that the negative binomial's own is mean / (1 - zero); `size`
    its size. `above` is the chance of more than `threshold` deaths; `scale` and `shape` are the tail's sigma and xi;
    `cap` is the most that a day can bring and `kept` what the tail leaves to that much.
    """

    mean: Floats
    size: Floats
    zero: Floats
    threshold: Floats
    above: Floats
    scale: Floats
    shape: Floats
    cap: Floats
    kept: Floats

    def at(self, where: Ints) -> Deaths:
        """The laws at some places."""
        return Deaths(*(getattr(self, field.name)[where] for field in fields(self)))


def law(mean: Real, size: Real, zero: Real, ratio: Real, shape: Real, threshold: Real, cap: Real) -> Deaths:
    """The law of a day's deaths from its parameters, which are broadcast against each other.

    `ratio` is sigma over the value at which the mass runs on smoothly at the join. A `mean` of 0 is a rung without
    deaths. Raises ValueError for a chance of zero outside [0, 1), a negative shape, or a cap that leaves no room for a
    tail (cap <= threshold).

    >>> day = law(3.0, 0.5, 0.2, 1.0, 0.1, 8.0, 49.0)
    >>> float(round(mass(np.arange(50.0), day).sum(), 12))
    1.0
    """
    given = (mean, size, zero, ratio, shape, threshold, cap)
    mean, size, zero, ratio, shape, threshold, cap = np.broadcast_arrays(
        *(np.array(x, np.float64, ndmin=1) for x in given)
    )
    if not ((zero >= 0) & (zero < 1) & (shape >= 0) & (threshold >= 0) & (cap > threshold) & (size > 0)).all():
        raise ValueError("deaths on a day need 0 <= zero < 1, size > 0, shape >= 0 and 0 <= threshold < cap")
    rate = np.maximum(mean / (1.0 - zero), _TINY)
    scale = ratio * smooth_scale(log_going_on(rate, size, threshold), shape)
    above = (1.0 - zero) * betainc(threshold + 1.0, size, rate / (rate + size))
    kept = -np.expm1(log_tail(cap - threshold, scale, shape))
    return Deaths(mean.copy(), size.copy(), zero.copy(), threshold.copy(), above, scale, shape.copy(), cap.copy(), kept)


def log_body(y: Real, rate: Real, size: Real) -> Floats:
    """Log mass of the negative binomial of a mean and a size.

    >>> float(np.exp(log_body(np.zeros(1), 1.0, 1.0))[0])
    0.5
    """
    return np.asarray(
        gammaln(y + size)
        - gammaln(size)
        - gammaln(y + 1.0)
        - size * np.log1p(rate / size)
        + y * (np.log(rate) - np.log(rate + size)),
        np.float64,
    )


def log_going_on(rate: Real, size: Real, u: Real) -> Floats:
    """log P(B > u + 1 | B > u) of the negative binomial: how the body would go on at the join."""
    share = rate / (rate + size)
    beyond = betainc(u + 1.0, size, share)
    far = beyond < _TINY
    stop = np.exp(log_body(u + 1.0, rate, size)) / np.where(far, 1.0, beyond)
    stop = np.where(far, 1.0 - share * (u + 1.0 + size) / (u + 2.0), stop)
    return np.log1p(-np.clip(stop, 1e-9, 1.0 - 1e-9))


def smooth_scale(going_on: Floats, shape: Real) -> Floats:
    """The sigma at which H(1) is the body's P(B > u + 1 | B > u), given as a log: the mass has no step at the join.

    >>> bool(np.isclose(np.exp(log_tail(np.ones(1), smooth_scale(np.log([0.8]), 1.0), 1.0))[0], 0.8))
    True
    """
    t = -shape * going_on
    return np.where(t < 1e-12, -1.0 / going_on, shape / np.where(t < 1e-12, 1.0, np.expm1(t)))


def log_tail(j: Real, scale: Real, shape: Real) -> Floats:
    """log H(j), the chance that a generalised Pareto exceeds j; with a shape of 0 an exponential."""
    z = shape * j / scale
    small = z < 1e-8
    return np.where(small, -j / scale * (1.0 - z / 2.0), -np.log1p(z) / np.where(small, 1.0, shape))


def mass(y: Floats, day: Deaths) -> Floats:
    """P(Y = y) for whole y, broadcast against the law; 0 outside 0..cap."""
    y = np.asarray(y, np.float64)
    rate = np.maximum(day.mean / (1.0 - day.zero), _TINY)
    inside = np.clip(y, 0.0, day.threshold)
    body = (1.0 - day.zero) * np.exp(log_body(inside, rate, day.size)) + np.where(inside == 0, day.zero, 0.0)
    j = np.clip(y - day.threshold - 1.0, 0.0, day.cap - day.threshold - 1.0)
    here, there = (log_tail(j + step, day.scale, day.shape) for step in (0.0, 1.0))
    tail = -day.above * np.exp(here) * np.expm1(there - here) / day.kept
    return np.where((y < 0) | (y > day.cap), 0.0, np.where(y > day.threshold, tail, body))


def survival(y: Floats, day: Deaths) -> Floats:
    """P(Y > y) for whole y, broadcast against the law."""
    y = np.asarray(y, np.float64)
    rate = np.maximum(day.mean / (1.0 - day.zero), _TINY)
    inside = np.clip(y, 0.0, day.threshold)
    body = (1.0 - day.zero) * betainc(inside + 1.0, day.size, rate / (rate + day.size))
    j = np.clip(y - day.threshold, 0.0, day.cap - day.threshold)
    tail = day.above * np.maximum(1.0 + np.expm1(log_tail(j, day.scale, day.shape)) / day.kept, 0.0)
    return np.where(y < 0, 1.0, np.where(y > day.threshold, tail, body))


def expected(day: Deaths) -> Floats:
    """The mean of a day's deaths, tail and cap included; shape as the law's, by summing P(Y > y)."""
    y = np.arange(float(np.max(day.cap)))
    return np.array([survival(y, day.at(np.array([i]))).sum() for i in range(day.mean.size)])


def quantile(uniform: Floats, day: Deaths, where: Ints) -> Floats:
    """Deaths by inverse CDF, one uniform each; uniform (M,), where (M,) the places of the laws.

    In elementary operations only, so that every engine gives the same bits. As P(Y = 0) >= 1 - mean, a uniform below
    that is a day without deaths and needs no further work. The body never runs past its threshold.
    """
    out = np.zeros_like(uniform)
    alive = np.flatnonzero(uniform >= 1.0 - day.mean[where])
    if not alive.size:
        return out
    u, there = uniform[alive], where[alive]
    tail = u >= 1.0 - day.above[there]
    low, high = np.flatnonzero(~tail), np.flatnonzero(tail)
    if low.size:
        here = there[low]
        zero = day.zero[here]
        left = 1.0 - zero
        found = body_quantile((u[low] - zero) / left, day.mean[here] / left, day.size[here])
        out[alive[low]] = np.minimum(found, day.threshold[here])
    if high.size:
        out[alive[high]] = _tail_quantile(u[high], day.at(there[high]))
    return out


def _tail_quantile(uniform: Floats, day: Deaths) -> Floats:
    """Deaths of days past the threshold: the largest y with P(Y >= y) >= 1 - uniform, in closed form."""
    share = np.minimum((1.0 - uniform) / day.above, 1.0)
    far = -log(1.0 - day.kept * (1.0 - share))  # -log H
    t = day.shape * far
    near = t < NEAR
    grown = np.where(near, far * (1.0 + t * (0.5 + t / 6.0)), (exp(t) - 1.0) / np.where(near, 1.0, day.shape))
    return np.minimum(day.threshold + 1.0 + np.floor(day.scale * grown), day.cap)


def join(mean: float, size: float, cap: float, point: float = 0.9, least: float = 4.0) -> float:
    """A threshold for a rung: the point of its stated negative binomial, no lower than `least` and below the cap.

    Lower than a few deaths the tail would take over all that tells the body's parameters apart.

    >>> join(30.0, 0.5, 1000.0), join(0.1, 0.5, 4.0)
    (82.0, 3.0)
    """
    y = np.arange(max(50.0 * mean, 100.0))
    inside = betainc(y + 1.0, size, mean / (mean + size)) <= 1.0 - point
    return float(min(max(y[int(np.argmax(inside))], least), cap - 1.0))
