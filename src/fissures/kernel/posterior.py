"""Mode and Laplace approximation of a log-concave block with a normal prior."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

Floats = NDArray[np.float64]
Curve = Callable[[Floats], tuple[float, Floats, Floats]]
Slope = Callable[[Floats], tuple[Floats, Floats]]  # of many points (n, k) at once: log posterior (n,), gradient (n, k)


@dataclass(frozen=True)
class Laplace:
    """A normal approximation at the mode: mode (k,), lower Cholesky factor of the precision (k, k), and the value
    there: log likelihood less half the squared distance to the prior mean in its sds (nan where nobody noted it)."""

    mode: Floats
    factor: NDArray[Any]
    steps: int
    converged: bool
    value: float = nan

    def draw(self, z: Floats) -> Floats:
        """Map standard normals z (..., k) to draws (..., k): mode + L^-T z."""
        flat = z.reshape(-1, self.mode.size)
        moved = solve_triangular(self.factor, flat.T, lower=True, trans="T").T
        return (self.mode + moved).reshape(z.shape)

    def step(self, slope: Floats) -> Floats:
        """Where a log posterior of this curvature has its mode, from a point with this slope: the way there (k,)."""
        half = solve_triangular(self.factor, slope, lower=True)
        return solve_triangular(self.factor, half, lower=True, trans="T")

    def shared(self, across: Floats) -> Floats:
        """How much of another coefficient's information these coefficients hold, given what it shares with them: the
        quadratic form a P^-1 a of every row of `across` (n, k); shape (n,)."""
        return np.sum(solve_triangular(self.factor, across.T, lower=True) ** 2, axis=0)

    def sd(self) -> Floats:
        """Standard deviation of each coefficient; shape (k,)."""
        inverse = solve_triangular(self.factor, np.eye(self.mode.size), lower=True)
        return np.sqrt(np.sum(inverse**2, axis=0))


def fit_mode(curve: Curve, mean: Floats, sd: Floats, most_steps: int = 60, start: Floats | None = None) -> Laplace:
    """Newton's method with step halving on log likelihood + normal prior (mean, sd), both (k,).

    `curve(theta)` gives the log likelihood, its gradient and its negative Hessian. Starts at `start`, or else at
    the prior mean. Stops
    when the Newton decrement is below 1e-9; `converged` says whether it did (Nocedal & Wright 2006, ch. 3). Where the
    posterior is not concave on the way, as in a log size, the precision is raised until a step climbs (their alg. 3.3).
    """
    weight = 1.0 / sd**2
    theta = (mean if start is None else start).copy()

    def posterior(x: Floats) -> tuple[float, Floats, Floats]:
        value, gradient, curvature = curve(x)
        gap = x - mean
        return value - 0.5 * float(weight @ gap**2), gradient - weight * gap, curvature + np.diag(weight)

    value, gradient, precision = posterior(theta)
    for done in range(1, most_steps + 1):
        factor, raised = _factor(precision)
        direction = solve_triangular(factor, solve_triangular(factor, gradient, lower=True), lower=True, trans="T")
        if gradient @ direction < 1e-9:
            return Laplace(theta, factor, done, not raised, value)
        size = 1.0
        while size > 1e-6:
            tried = posterior(theta + size * direction)
            if np.isfinite(tried[0]) and tried[0] >= value:
                break
            size *= 0.5
        else:
            return Laplace(theta, factor, done, False, value)
        theta = theta + size * direction
        value, gradient, precision = tried
    return Laplace(theta, _factor(precision)[0], most_steps, False, value)


def follow(
    slope: Callable[[Floats], tuple[float, Floats]], near: Laplace, mean: Floats, sd: Floats, other: Floats
) -> Laplace:
    """The approximation under another prior sd (`other`), from that under `sd`: steps with the curvature found there.

    `slope(theta)` gives the log likelihood and its gradient. The curvature of the likelihood is taken to stay, which
    spares its computation; the mode is exact, as `converged` says (chord method: Ortega & Rheinboldt 1970, ch. 7).
    """
    precision = near.factor @ near.factor.T + np.diag(other**-2.0 - sd**-2.0)
    factor = np.linalg.cholesky(precision)
    theta = near.mode.copy()
    for done in range(1, 40):
        value, gradient = slope(theta)
        gap = theta - mean
        gradient = gradient - gap / other**2
        direction = solve_triangular(factor, solve_triangular(factor, gradient, lower=True), lower=True, trans="T")
        if gradient @ direction < 1e-8:
            return Laplace(theta, factor, done, True, value - 0.5 * float(np.sum((gap / other) ** 2)))
        theta = theta + direction
    return Laplace(theta, factor, done, False)


def _factor(precision: Floats) -> tuple[NDArray[Any], bool]:
    """Lower Cholesky factor of a precision, its diagonal raised if need be, and whether it had to be."""
    raised, most = 0.0, np.maximum(np.abs(np.diag(precision)), 1e-8)
    while True:
        try:
            return np.linalg.cholesky(precision + np.diag(raised * most)), raised > 0.0
        except np.linalg.LinAlgError:
            raised = max(2.0 * raised, 1e-3)
            if raised > 1e9:  # not a number somewhere: no diagonal mends that
                raise


def log_evidence(laplace: Laplace, sd: Floats) -> float:
    """Log of the integral of likelihood times normal prior, by Laplace's method at the mode (Tierney & Kadane 1986).

    sd (k,): the prior's, as given to `fit_mode`. Exact where the log likelihood is quadratic; what the likelihood
    leaves out stays out, so compare only fits that leave out the same. Not a number where the fit carries no value.

    >>> nothing = fit_mode(lambda x: (0.0, np.zeros(2), np.zeros((2, 2))), np.zeros(2), np.array([0.5, 2.0]))
    >>> abs(log_evidence(nothing, np.array([0.5, 2.0]))) < 1e-12
    True
    """
    return laplace.value - float(np.sum(np.log(np.diag(laplace.factor) * sd)))
