"""Marks of violence: deaths on one day at a rung, negative binomial with a normal prior on log mean and log size."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betainc, gammaln

from fissures.kernel.posterior import Laplace

Floats = NDArray[np.float64]


def negative_log_posterior(
    x: Floats, deaths: Floats, days: Floats, spans: Floats, mean: Floats, sd: Floats, fronts: float = 1.0
) -> float:
    """Minus log posterior at x = (log mean, log size).

    deaths, days (n,): how many days had so many deaths. spans (m, 3): days in a row and the lowest and highest
    number of deaths reported for them together (interval-censored). Deaths of a day are pooled over `fronts` fronts on
    that rung: the sum of so many has the same p and so many times the size.
    """
    mu, k = np.exp(x)
    p, s = k / (k + mu), fronts * k
    value = float(
        days @ (gammaln(deaths + s) - gammaln(s) - gammaln(deaths + 1) + s * np.log(p) + deaths * np.log1p(-p))
    )
    for length, low, high in spans:
        inside = _cdf(high, length * k, p) - (_cdf(low - 1, length * k, p) if low > 0 else 0.0)
        value += float(np.log(max(inside, 1e-300)))
    return -value + 0.5 * float(np.sum(((x - mean) / sd) ** 2))


def _cdf(count: float, size: float, p: float) -> float:
    return float(betainc(size, np.floor(count) + 1.0, p))


def fit(deaths: Floats, days: Floats, spans: Floats, mean: Floats, sd: Floats, fronts: float = 1.0) -> Laplace:
    """Mode and Laplace approximation of (log mean, log size); arguments as in `negative_log_posterior`."""
    args = (deaths, days, spans, mean, sd, fronts)
    found = minimize(negative_log_posterior, mean, args=args, method="BFGS", options={"gtol": 1e-6})
    curvature = _hessian(found.x, args)
    converged = bool(np.all(np.linalg.eigvalsh(curvature) > 0) and np.max(np.abs(found.jac)) < 1e-2)
    return Laplace(found.x, np.linalg.cholesky(curvature), int(found.nit), converged)


def _hessian(x: Floats, args: tuple[Any, ...], step: float = 1e-4) -> Floats:
    out = np.empty((x.size, x.size))
    for a in range(x.size):
        for b in range(x.size):
            total = 0.0
            for sa, sb in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
                y = x.copy()
                y[a] += sa * step
                y[b] += sb * step
                total += sa * sb * negative_log_posterior(y, *args)
            out[a, b] = total / (4 * step * step)
    return (out + out.T) / 2
