"""Mode and Laplace approximation of a log-concave block with a normal prior."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

Floats = NDArray[np.float64]
Curve = Callable[[Floats], tuple[float, Floats, Floats]]


@dataclass(frozen=True)
class Laplace:
    """A normal approximation at the mode: mode (k,), lower Cholesky factor of the precision (k, k)."""

    mode: Floats
    factor: NDArray[Any]
    steps: int
    converged: bool

    def draw(self, z: Floats) -> Floats:
        """Map standard normals z (..., k) to draws (..., k): mode + L^-T z."""
        flat = z.reshape(-1, self.mode.size)
        moved = solve_triangular(self.factor, flat.T, lower=True, trans="T").T
        return (self.mode + moved).reshape(z.shape)

    def sd(self) -> Floats:
        """Standard deviation of each coefficient; shape (k,)."""
        inverse = solve_triangular(self.factor, np.eye(self.mode.size), lower=True)
        return np.sqrt(np.sum(inverse**2, axis=0))


def fit_mode(curve: Curve, mean: Floats, sd: Floats, most_steps: int = 60) -> Laplace:
    """Newton's method with step halving on log likelihood + normal prior (mean, sd), both (k,).

    `curve(theta)` gives the log likelihood, its gradient and its negative Hessian. Starts at the prior mean. Stops
    when the Newton decrement is below 1e-9; `converged` says whether it did (Nocedal & Wright 2006, ch. 3).
    """
    weight = 1.0 / sd**2
    theta = mean.copy()

    def posterior(x: Floats) -> tuple[float, Floats, Floats]:
        value, gradient, curvature = curve(x)
        gap = x - mean
        return value - 0.5 * float(weight @ gap**2), gradient - weight * gap, curvature + np.diag(weight)

    value, gradient, precision = posterior(theta)
    for done in range(1, most_steps + 1):
        factor = np.linalg.cholesky(precision)
        direction = solve_triangular(factor, solve_triangular(factor, gradient, lower=True), lower=True, trans="T")
        if gradient @ direction < 1e-9:
            return Laplace(theta, factor, done, True)
        size = 1.0
        while size > 1e-6:
            tried = posterior(theta + size * direction)
            if np.isfinite(tried[0]) and tried[0] >= value:
                break
            size *= 0.5
        else:
            return Laplace(theta, factor, done, False)
        theta = theta + size * direction
        value, gradient, precision = tried
    return Laplace(theta, np.linalg.cholesky(precision), most_steps, False)
