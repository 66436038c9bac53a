"""Streams: daily counts of one kind of event, negative binomial with a log-linear mean (Hilbe 2011)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln, polygamma

from fissures.kernel.arith import exp, log1p

Floats = NDArray[np.float64]

MOST = 50_000  # the largest count that one day can bring
LOG_MEAN_CAP = 4.0  # about 55 events a day: a guard, far above every stream of a case
MEAN_CAP = 55.0  # just above exp(LOG_MEAN_CAP)


def log_likelihood(theta: Floats, design: Floats, counts: Floats, days: Floats) -> tuple[float, Floats, Floats]:
    """Log likelihood of counts over spans of days, gradient and negative Hessian in theta = (beta, log size).

    A span of e days has NB(mean e mu, size e k), the sum of e days. design (n, K), counts, days (n,), theta (K + 1,).
    Concave in beta; in log size it need not be (Hilbe 2011, ch. 8, for the derivatives).
    """
    plain = design @ theta[:-1]
    eta = np.clip(plain, -40.0, LOG_MEAN_CAP)
    free = eta == plain  # a day at the cap does not answer to what would raise it further
    m, k = days * np.exp(eta), days * np.exp(np.clip(theta[-1], -20.0, 20.0))
    both = m + k
    share, rest = m / both, k / both
    some = np.flatnonzero(counts)
    y, ks = counts[some], k[some]
    value = k @ np.log(rest) + y @ np.log(np.maximum(share[some], 1e-300))
    value += np.sum(gammaln(y + ks) - gammaln(ks) - gammaln(y + 1.0))
    gap = counts - m
    risen, bent = np.zeros_like(k), np.zeros_like(k)
    risen[some], bent[some] = digamma(y + ks) - digamma(ks), polygamma(1, y + ks) - polygamma(1, ks)
    by_size = k * (risen + np.log(rest) - gap / both)
    by_size_twice = by_size + k**2 * (bent + 1.0 / k - 1.0 / both + gap / both**2)
    across = free * gap * k * m / both**2
    slope = np.append(design.T @ (free * gap * rest), by_size.sum())
    bend = np.empty((theta.size, theta.size))
    bend[:-1, :-1] = (design * (free * (counts + k) * share * rest)[:, None]).T @ design
    bend[-1, :-1] = bend[:-1, -1] = -(design.T @ across)
    bend[-1, -1] = -by_size_twice.sum()
    return float(value), slope, bend


def tilt(theta: Floats, design: Floats, counts: Floats, days: Floats) -> tuple[Floats, Floats, Floats]:
    """What each span says of one more coefficient of the log mean, at zero: its score (n,), its information (n,), and
    that shared with theta (n, K + 1)."""
    plain = design @ theta[:-1]
    eta = np.clip(plain, -40.0, LOG_MEAN_CAP)
    free = eta == plain
    m, k = days * np.exp(eta), days * np.exp(np.clip(theta[-1], -20.0, 20.0))
    both, gap = m + k, counts - m
    information = free * (counts + k) * m * k / both**2
    with_size = -(free * gap * k * m / both**2)
    return free * gap * k / both, information, np.column_stack([information[:, None] * design, with_size])


def slope(theta: Floats, design: Floats, counts: Floats, days: Floats) -> tuple[float, Floats]:
    """The first two of `log_likelihood`."""
    return log_likelihood(theta, design, counts, days)[:2]


def slopes(thetas: Floats, design: Floats, counts: Floats, days: Floats) -> tuple[Floats, Floats]:
    """Value and gradient of `log_likelihood` at many thetas (m, K + 1); shapes (m,) and (m, K + 1)."""
    plain = thetas[:, :-1] @ design.T
    eta = np.clip(plain, -40.0, LOG_MEAN_CAP)
    m, k = days * np.exp(eta), days * np.exp(np.clip(thetas[:, -1:], -20.0, 20.0))
    both = m + k
    rest, gap = k / both, counts - m
    some = np.flatnonzero(counts)
    risen = np.zeros_like(k)
    risen[:, some] = digamma(counts[some] + k[:, some]) - digamma(k[:, some])
    by_size = np.sum(k * (risen + np.log(rest) - gap / both), axis=1)
    by_mean = ((eta == plain) * gap * rest) @ design
    return log_likelihoods(thetas, design, counts, days), np.column_stack([by_mean, by_size])


def log_likelihoods(thetas: Floats, design: Floats, counts: Floats, days: Floats) -> Floats:
    """The value of `log_likelihood` at many thetas (m, K + 1); shape (m,)."""
    eta = np.clip(thetas[:, :-1] @ design.T, -40.0, LOG_MEAN_CAP)
    k = np.exp(thetas[:, -1:]) * days
    ratio = np.exp(eta - thetas[:, -1:])  # mean over size, of a day and of a span alike
    value = -np.sum(k * np.log1p(ratio), axis=1)
    some = np.flatnonzero(counts)
    y, ks, odds = counts[some], k[:, some], ratio[:, some]
    value += np.log(np.maximum(odds / (1.0 + odds), 1e-300)) @ y
    return value + np.sum(gammaln(y + ks) - gammaln(ks) - gammaln(y + 1.0), axis=1)


def log1p_above(x: Floats) -> Floats:
    """A quick upper bound of log(1 + x) for x >= 0: x / sqrt(1 + x) (Topsoe 2007), with room for rounding.

    >>> bool(log1p_above(np.array([1.0]))[0] > 0.6931)
    True
    """
    return x / np.sqrt(1.0 + x) + 1e-9


def exp_above(x: Floats) -> Floats:
    """A quick upper bound of exp(x), x up to LOG_MEAN_CAP: for x < 0 the inverse of the first terms of exp(-x); else
    more than any day's mean.

    >>> bool(exp_above(np.array([-3.0]))[0] > 0.0497)
    True
    """
    y = np.maximum(-x, 0.0)
    return np.where(x < 0.0, 1.0 / (1.0 + y * (1.0 + y * (0.5 + y * (1.0 / 6.0 + y * (1.0 / 24.0))))) + 1e-9, MEAN_CAP)


def quantile(uniform: Floats, mean: Floats, size: Floats) -> Floats:
    """Negative binomial counts by inverse CDF, from the zero term upwards; all shapes (M,).

    Since p(0) >= exp(-mean) >= 1 - mean, a uniform below 1 - mean is a zero without any further work. The
    recursion p(n) = p(n - 1) (n - 1 + size) / n * mean / (size + mean) runs in growing blocks, and
    only for paths whose uniform lies past the running sum. Needs size * log1p(mean / size) below 700, which every
    mean that a day can bring keeps.
    """
    count = np.zeros_like(uniform)
    alive = np.flatnonzero(uniform >= 1.0 - mean)
    none = exp(-size[alive] * log1p(mean[alive] / size[alive]))
    past = uniform[alive] >= none
    alive, term = alive[past], none[past]
    n, block = 0, 8
    total = term
    while alive.size and n < MOST:
        steps = np.arange(n + 1, n + block + 1, dtype=np.float64)
        share = (mean[alive] / (size[alive] + mean[alive]))[:, None]
        factors = (steps - 1.0 + size[alive][:, None]) / steps * share
        factors[:, 0] *= term
        terms = np.cumprod(factors, axis=1)
        sums = np.cumsum(np.concatenate([(terms[:, 0] + total)[:, None], terms[:, 1:]], axis=1), axis=1)
        passed = np.count_nonzero(uniform[alive][:, None] >= sums, axis=1)
        count[alive] = np.minimum(n + np.minimum(passed + 1, block), MOST)
        # Past the mean a vanishing term means that the rest of the tail is below rounding.
        spent = (terms[:, -1] < 1e-17) & (n + block > mean[alive])
        more = (passed == block) & ~spent
        alive, term, total = alive[more], terms[more, -1], sums[more, -1]
        n, block = n + block, min(block * 4, 512)
    return count
