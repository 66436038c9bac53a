"""Likelihood of deaths on a day: of days told one by one, pooled over fronts or not, and of totals over several days.

Coefficients are x = (log mean, log size, logit zero, log ratio), beside the tail's shape; slopes in x are analytic.
Totals of n days are the n-fold convolution of a day, tilted so that the interval lies in its middle (as for a
saddlepoint, Daniels 1954; here the sum itself is taken).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft
from scipy.optimize import brentq
from scipy.special import betainc, digamma, expit

from fissures.kernel.deaths import log_body, log_going_on, log_tail, smooth_scale

Floats = NDArray[np.float64]
Valued = tuple[float, Floats]

FAR = 1e-300


@dataclass(frozen=True)
class Record:
    """What is on record at a rung.

    deaths and days (n,): how many days had so many deaths, pooled over `fronts` fronts on that rung. spans (m, 3): days
    in a row of one front and the lowest and highest number of deaths reported for them together (inf: open).
    """

    deaths: Floats
    days: Floats
    spans: Floats
    fronts: float = 1.0


def log_mass(y: Floats, x: Floats, shape: float, u: float, cap: float) -> tuple[Floats, Floats]:
    """log P(Y = y) for whole y in 0..cap, shape (n,), and its slope in x, (4, n)."""
    zero, size = min(float(expit(x[2])), 1.0 - 1e-12), float(np.exp(x[1]))
    rate = float(np.exp(x[0])) / (1.0 - zero)
    slope = np.zeros((4, y.size))
    out = log_body(np.minimum(y, u), rate, size) + np.log1p(-zero)
    slope[0], slope[1] = _body_slope(np.minimum(y, u), rate, size)
    slope[2] = -zero
    if (past := y > u).any():
        out[past], slope[:, past] = _log_mass_past(y[past] - u - 1.0, rate, size, zero, x[3], shape, u, cap)
    slope[2] += zero * slope[0]  # the mean is held: the body's own mean is mean / (1 - zero)
    none = y == 0
    alone = np.exp(out[none])  # the body's share of days without deaths
    out[none] = np.log(zero + alone)
    slope[:, none] *= alone / (zero + alone)
    slope[2, none] += zero / (zero + alone)
    slope[2, none] -= zero * zero / (zero + alone)
    return out, slope


def _body_slope(y: Floats, rate: float, size: float) -> tuple[Floats, Floats]:
    """Slopes of the body's log mass in log rate and log size."""
    in_rate = size * (y - rate) / (rate + size)
    stay = -np.log1p(rate / size) + 1.0 - (y + size) / (size + rate)
    return in_rate, size * (digamma(y + size) - digamma(size) + stay)


def _log_mass_past(
    j: Floats, rate: float, size: float, zero: float, log_ratio: float, shape: float, u: float, cap: float
) -> tuple[Floats, Floats]:
    """log P(Y = u + 1 + j) and its slopes in log rate, log size, logit zero (at that rate) and log ratio."""
    going_on = log_going_on(rate, size, u)
    scale = float(np.exp(log_ratio) * smooth_scale(going_on, shape))
    here, there = log_tail(j, scale, shape), log_tail(j + 1.0, scale, shape)
    kept = float(-np.expm1(log_tail(cap - u, scale, shape)))
    out = np.log1p(-zero) + _log_beyond(rate, size, u) + here + np.log(-np.expm1(there - here)) - np.log(kept)
    # In log scale: of H(j) - H(j + 1), and of what the cap cuts off.
    g0, g1, gc = (k / (scale + shape * k) for k in (j, j + 1.0, cap - u))
    more = np.exp(there - here)
    in_scale = (g0 - more * g1) / (1.0 - more) + (1.0 - kept) * gc / kept
    # In rate and size: of P(B > u), and through how the body would go on at the join.
    stop = float(-np.expm1(going_on))
    of_above = np.array([(u + 1.0) * stop, _size_slope(rate, size, u)])
    of_stop = np.array([float(s[0]) for s in _body_slope(np.array([u + 1.0]), rate, size)]) - of_above
    of_going_on = -stop * of_stop / (1.0 - stop)
    t = -shape * float(going_on)
    scale_by_going_on = -1.0 / float(going_on) if t < 1e-8 else -shape / np.expm1(-t)
    slope = np.zeros((4, j.size))
    slope[:2] = of_above[:, None] + (scale_by_going_on * of_going_on)[:, None] * in_scale
    slope[2], slope[3] = -zero, in_scale
    return out, slope


def _log_beyond(rate: float, size: float, u: float) -> float:
    return float(np.log(max(float(betainc(u + 1.0, size, rate / (rate + size))), FAR)))


def _size_slope(rate: float, size: float, u: float) -> float:
    """Slope of log P(B > u) in log size, which has no closed form: five points, error below 1e-10."""
    h = 1e-3
    far, near = (
        _log_beyond(rate, size * np.exp(k * h), u) - _log_beyond(rate, size * np.exp(-k * h), u) for k in (2, 1)
    )
    return (8.0 * near - far) / (12.0 * h)


def log_likelihood(x: Floats, shape: float, record: Record, u: float, cap: float) -> Valued:
    """Log likelihood of a record and its slope in x (4,). Raises ValueError for more deaths than the cap allows."""
    value, slope = _of_days(x, shape, record, u, cap)
    for length, low, high in record.spans:
        one, its_slope = of_span(x, shape, (length, low, high), u, cap)
        value, slope = value + one, slope + its_slope
    return value, slope


def _of_days(x: Floats, shape: float, record: Record, u: float, cap: float) -> Valued:
    """Days told one by one. Where `fronts` is no whole number, it was the next lower or the next higher one."""
    if not record.deaths.size:
        return 0.0, np.zeros(4)
    if record.fronts == 1.0:
        logs, slopes = log_mass(record.deaths, x, shape, u, cap)
        return float(record.days @ logs), slopes @ record.days
    fewer = int(np.floor(record.fronts))
    shares = ((fewer, fewer + 1.0 - record.fronts), (fewer + 1, record.fronts - fewer))
    seen = record.deaths.astype(np.int64)
    y = np.arange(min(float(record.deaths.max()), cap) + 1.0)
    logs, slopes = log_mass(y, x, shape, u, cap)
    day, top = np.exp(logs), int(record.deaths.max()) + 1
    chance, change = np.zeros(seen.size), np.zeros((4, seen.size))
    for fronts, share in shares:
        if share > 0:
            others = power(day, fronts - 1, top)
            chance += share * np.convolve(day, others)[seen]
            change += share * fronts * np.array([np.convolve(day * s, others)[seen] for s in slopes])
    chance = np.maximum(chance, FAR)
    return float(record.days @ np.log(chance)), (change / chance) @ record.days


def power(day: Floats, n: int, top: int) -> Floats:
    """The n-fold convolution of a law on 0, 1, ..., cut after `top` terms, by repeated squaring.

    >>> power(np.array([0.5, 0.5]), 2, 3).tolist()
    [0.25, 0.5, 0.25]
    """
    out, square = np.zeros(top), np.zeros(top)
    out[0] = 1.0
    square[: day.size] = day[:top]
    while n:
        if n & 1:
            out = _convolve(out, square)
        if n := n >> 1:
            square = _convolve(square, square)
    return out


def _convolve(a: Floats, b: Floats) -> Floats:
    """The first terms of a convolution: by sums where short, by Fourier transforms where long."""
    if a.size <= 256:
        return np.convolve(a, b)[: a.size]
    length = next_fast_len(2 * a.size, real=True)
    product = rfft(a, length) if a is b else rfft(a, length) * rfft(b, length)
    return np.maximum(irfft(product * product if a is b else product, length)[: a.size], 0.0)


def of_span(x: Floats, shape: float, span: tuple[float, float, float], u: float, cap: float) -> Valued:
    """log P(low <= deaths of n days <= high) and its slope in x; `span` is (n, low, high), high may be infinite."""
    length, low, high = span
    if low > length * cap:
        raise ValueError(f"{low:g} deaths in {length:g} days are more than {cap:g} a day allow")
    if np.isinf(high) or high >= length * cap:
        if low <= 0:
            return 0.0, np.zeros(4)
        value, slope = _between(x, shape, (length, 0.0, low - 1.0), u, cap)
        less = min(float(np.exp(value)), 1.0 - 1e-15)
        return float(np.log1p(-less)), -less * slope / (1.0 - less)
    return _between(x, shape, span, u, cap)


def _between(x: Floats, shape: float, span: tuple[float, float, float], u: float, cap: float) -> Valued:
    """With g the tilted law of a day, g(y) = f(y) e^(theta y) / M: P = M^n sum over totals S of e^(-theta S) g*n(S).

    Every term is positive, so that small chances keep their digits; the slope is n times the mean of one day's slope.
    """
    n, low, high = int(span[0]), max(int(span[1]), 0), int(span[2])
    y = np.arange(min(float(high), cap) + 1.0)
    logs, slopes = log_mass(y, x, shape, u, cap)
    theta = _tilt(logs, y, max((low + high) / 2.0, 0.5) / n)
    tilted = logs + theta * y
    top = float(tilted.max())
    size = top + float(np.log(np.exp(tilted - top).sum()))
    day = np.exp(tilted - size)
    others = power(day, n - 1, high + 1)
    totals = np.arange(low, high + 1.0)
    anchor = low if theta > 0 else high
    weight = np.zeros(high + 1)
    weight[low:] = np.exp(-theta * (totals - anchor))
    reach = _convolve(weight[::-1], others)[::-1][: y.size]  # by y, the weight of totals that y may be a part of
    chance = max(float(day @ reach), FAR)
    return n * size - theta * anchor + float(np.log(chance)), n * (slopes @ (day * reach)) / chance


def _tilt(logs: Floats, y: Floats, target: float) -> float:
    """The theta at which the tilted law has the target as its mean; a bound where none has."""

    def gap(theta: float) -> float:
        tilted = logs + theta * y
        weight = np.exp(tilted - tilted.max())
        return float(weight @ y / weight.sum()) - target

    low, high = -30.0, 30.0
    if gap(low) >= 0 or gap(high) <= 0:
        return low if gap(low) >= 0 else high
    return float(brentq(gap, low, high, xtol=1e-4, rtol=1e-4))
