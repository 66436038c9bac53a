"""How far a Laplace approximation is from its posterior, and draws that are carried the rest of the way.

Heavy-tailed proposals around the mode are weighed against the exact log posterior; the weights' tail is smoothed and
judged (Pareto k-hat). Draws are not picked out of the proposals by weight: an index that is picked jumps when the data
change a little. Instead each draw keeps its own normals, and is carried from where the Laplace approximation puts it to
where the weights put it, first in mean and covariance, then coefficient by coefficient at equal level of probability.
The way there is continuous in the data and in the draw, and where the posterior is normal it leads nowhere. Beside it
stands the outer grid: Laplace fits at points of the hyperparameters, weighed by their evidence (Rue, Martino & Chopin
2009).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf, lgamma, log, pi

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.special import gammaincinv, ndtr

from fissures.kernel.posterior import Laplace, Slope

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Many = Callable[[Floats], Floats]

FREEDOM = 5.0  # of the proposals: tails heavier than those of any posterior with a normal prior
LEAST_TAIL = 5  # weights that a tail must have to be judged, so 25 in all
SURE = 0.7  # k-hat up to which importance sampling is to be trusted (Vehtari et al. 2024)
ENOUGH = 400.0  # effective draws: fewer correct less than their own noise, .05 sd in a mean and .1 in a 5 % quantile


@dataclass(frozen=True)
class Proposals:
    """Draws around a mode: theta (n, k), their log density (n,), and the Laplace approximation's own there (n,)."""

    theta: Floats
    log_density: Floats
    log_laplace: Floats


@dataclass(frozen=True)
class Weights:
    """Smoothed weights (n,) that sum to one, Pareto k-hat, effective draws, and the log of the mean raw weight, which
    is the log evidence where the log posterior was given with its prior's constants."""

    share: Floats
    khat: float
    effective: float
    log_mean: float

    @property
    def sound(self) -> bool:
        """Whether they may correct draws: k-hat at most .7, and 400 effective draws or more."""
        return self.khat <= SURE and self.effective >= ENOUGH


def centred(laplace: Laplace, log_posterior: Slope, z: Floats, rounds: int = 3) -> Laplace:
    """The approximation moved from the mode to where the posterior's slope averages to nothing over its own draws.

    That is the mean of the normal nearest to the posterior with this covariance (Opper & Archambeau 2009; van Niekerk &
    Rue 2024 mend Laplace's method so). It is for blocks of dozens of coefficients and more; in small ones weights do
    the same, and their tail is lighter around the mode where a log size is among them. `log_posterior` maps
    (2 m, k) to values (2 m,) and gradients (2 m, k), z (m, k) are standard normals, used with both signs. A posterior
    whose slope is not a number there, or too curved to come to rest, leaves the approximation as it was. Value and
    evidence stay those of the mode.

    >>> off = Laplace(np.ones(1), np.eye(1), 0, True)
    >>> float(centred(off, lambda x: (-0.5 * x[:, 0] ** 2, -x), np.ones((1, 1))).mode[0])
    0.0
    """
    around = laplace.draw(np.concatenate([z, -z])) - laplace.mode
    middle, before = laplace.mode, inf
    for _ in range(rounds):
        with np.errstate(all="ignore"):
            slope = log_posterior(middle + around)[1].mean(axis=0)
            half = solve_triangular(laplace.factor, slope, lower=True, check_finite=False)
        if not float(half @ half) < before:
            return laplace
        before = float(half @ half) + 1e-20
        middle = middle + solve_triangular(laplace.factor, half, lower=True, trans="T")
    return replace(laplace, mode=middle)


def student(laplace: Laplace, z: Floats, uniform: Floats, scale: float = 1.0, freedom: float = FREEDOM) -> Proposals:
    """Draws of a multivariate t, mode + scale L^-T z / sqrt(w), w ~ chi2 / freedom.

    z (n, k) standard normals, uniform (n,) for w by inverse CDF. With 5 degrees of freedom scale 1 keeps most draws
    effective for a normal posterior of 8 or more coefficients (.77 at 8, .58 at 20, .28 at 110); hundreds of
    coefficients want 100 degrees. Density: Kotz & Nadarajah 2004, ch. 1.

    >>> flat = Laplace(np.zeros(1), np.eye(1), 0, True)
    >>> student(flat, np.array([[1.0]]), np.array([0.5])).theta.round(3).tolist()
    [[1.072]]
    """
    k = laplace.mode.size
    chi2 = 2.0 * gammaincinv(freedom / 2.0, uniform)
    white = scale * z / np.sqrt(chi2 / freedom)[:, None]
    squared = np.sum(white**2, axis=1)
    root = float(np.sum(np.log(np.diag(laplace.factor))))
    top = lgamma((freedom + k) / 2.0) - lgamma(freedom / 2.0) - 0.5 * k * log(freedom * pi * scale**2) + root
    log_density = top - 0.5 * (freedom + k) * np.log1p(squared / (freedom * scale**2))
    return Proposals(laplace.draw(white), log_density, root - 0.5 * k * log(2.0 * pi) - 0.5 * squared)


def log_weights(proposals: Proposals, log_posterior: Many, at_once: int = 500) -> Floats:
    """Log posterior less log density of every proposal; shape (n,).

    `log_posterior` maps (m, k) to (m,) and is called on `at_once` proposals at a time, which bounds memory. Where it is
    not a number the proposal weighs nothing.

    >>> flat = Laplace(np.zeros(1), np.eye(1), 0, True)
    >>> log_weights(student(flat, np.zeros((1, 1)), np.array([0.5])), lambda x: -0.5 * x[:, 0] ** 2).round(3).tolist()
    [0.969]
    """
    n = len(proposals.theta)
    parts = [log_posterior(proposals.theta[first : first + at_once]) for first in range(0, n, at_once)]
    value = np.concatenate(parts)
    return np.where(np.isnan(value), -inf, value) - proposals.log_density


def pareto(excess: Floats) -> tuple[float, float]:
    """Shape and scale of a generalised Pareto law from excesses (n,) sorted upwards (Zhang & Stephens 2009).

    The shape is pulled towards .5 with the weight of ten excesses (Vehtari et al. 2024). (inf, 0) where the
    lowest quarter does not rise above zero, on which the fit rests.

    >>> shape, scale = pareto(-np.log(1.0 - (np.arange(400) + 0.5) / 400))
    >>> round(shape, 2), round(scale, 2)
    (0.02, 0.99)
    """
    n = excess.size
    quarter = excess[int(n / 4 + 0.5) - 1]
    if not quarter > 0.0:
        return inf, 0.0
    points = 30 + int(np.sqrt(n))
    b = 1.0 / excess[-1] + (1.0 - np.sqrt(points / (np.arange(points) + 0.5))) / (3.0 * quarter)
    shape = np.log1p(-b[:, None] * excess).mean(axis=1)
    profile = n * (np.log(-b / shape) - shape - 1.0)
    share = np.exp(profile - profile.max())
    share /= share.sum()
    share[share < 10.0 * np.finfo(float).eps] = 0.0
    centre = float(share @ b / share.sum())
    k = float(np.log1p(-centre * excess).mean())
    return (n * k + 5.0) / (n + 10.0), -k / centre


def smooth(log_weight: Floats) -> Weights:
    """Pareto-smoothed importance weights (Vehtari, Simpson, Gelman, Yao & Gabry 2024); log_weight (n,).

    The highest 3 sqrt(n) weights (a fifth where n <= 225) become quantiles of the Pareto law fitted to them, none above
    the highest raw one; equal ones share what they get. k-hat is 0 where the tail is all equal, and infinite where it
    cannot be judged: fewer than 25 weights, or a few that outweigh all others beyond double precision. Then weights
    stay as they are. Raises ValueError where no weight is positive or one is infinite or not a number.

    >>> equal = smooth(np.zeros(40))
    >>> equal.khat, round(equal.effective)
    (0.0, 40)
    """
    top = float(np.max(log_weight, initial=-inf))
    if not np.isfinite(top):
        raise ValueError("importance weights: the highest must be a finite number")
    n = log_weight.size
    tail = int(3.0 * np.sqrt(n)) if n > 225 else n // 5
    weight, khat = np.exp(log_weight - top), inf
    if tail >= LEAST_TAIL:
        order = np.argsort(weight, kind="stable")
        highest = order[n - tail :]
        cutoff = weight[order[n - tail - 1]]
        weight[highest], khat = _smooth_tail(weight[highest], float(cutoff))
    total = float(weight.sum())
    share = weight / total
    return Weights(share, khat, 1.0 / float(share @ share), top + log(total / n))


def _smooth_tail(tail: Floats, cutoff: float) -> tuple[Floats, float]:
    """The tail's weights, sorted upwards, as quantiles of the Pareto law fitted to them, and its k-hat."""
    if tail[-1] - tail[0] < np.finfo(float).tiny:
        return tail, 0.0
    khat, scale = pareto(tail - cutoff)
    if not np.isfinite(khat):
        return tail, inf
    left = np.log1p(-(np.arange(tail.size) + 0.5) / tail.size)
    rise = np.expm1(-khat * left) / khat if khat != 0.0 else -left
    smoothed = np.minimum(cutoff + scale * rise, 1.0)
    _, same, times = np.unique(tail, return_inverse=True, return_counts=True)
    return np.where(tail == cutoff, cutoff, (np.bincount(same, smoothed) / times)[same]), khat


def usual_weights(proposals: Proposals) -> Floats:
    """What the proposals would weigh if the Laplace approximation were the posterior; shape (n,), summing to one.

    >>> flat = Laplace(np.zeros(1), np.eye(1), 0, True)
    >>> usual_weights(student(flat, np.array([[1.0], [-1.0]]), np.full(2, 0.5))).tolist()
    [0.5, 0.5]
    """
    ratio = proposals.log_laplace - proposals.log_density
    weight = np.exp(ratio - ratio.max())
    return weight / weight.sum()


def carry(laplace: Laplace, z: Floats, theta: Floats, share: Floats, usual: Floats | None = None) -> Floats:
    """Draws mode + L^-T z, carried to the posterior that weighted points describe; z and the result (D, k).

    theta (n, k) with weights `share` (n,) that sum to one: proposals, or a sampler's draws. `usual` (n,) is what they
    weigh under the Laplace approximation itself (`usual_weights`): both are read off the same points, so that their
    Monte Carlo error cancels; without it the approximation's exact normal law is used. An affine map takes its mean and
    covariance to the weighted ones; then each coefficient goes to the quantile at its own level. Marginals are the
    posterior's, dependence that of a normal copula with its correlations (as Ferkingstad & Rue 2015 carry Laplace
    draws to skewed marginals).

    >>> flat = Laplace(np.zeros(1), np.eye(1), 0, True)
    >>> points = np.linspace(-4.0, 4.0, 401)[:, None]
    >>> density = np.exp(-0.5 * (points[:, 0] - 1.0) ** 2)
    >>> carry(flat, np.array([[0.5]]), points, density / density.sum()).round(2).tolist()
    [[1.5]]
    """
    white = (theta - laplace.mode) @ laplace.factor  # the approximation is a standard normal there
    reach, root = _moments(white, share)
    leave, unroot = (np.zeros_like(reach), np.eye(reach.size)) if usual is None else _moments(white, usual)
    stretch = solve_triangular(unroot, root.T, lower=True, trans="T").T
    back = solve_triangular(laplace.factor, stretch, lower=True, trans="T").T
    moved = (z - leave) @ back
    centre = laplace.draw(reach)
    if usual is None:
        level = ndtr(moved / np.sqrt(np.sum(back**2, axis=0)))
        columns = [_quantiles(level[:, j], theta[:, j], share) for j in range(reach.size)]
    else:
        source = (white - leave) @ back
        columns = [_match(moved[:, j], source[:, j], usual, theta[:, j] - centre[j], share) for j in range(reach.size)]
        columns = [column + middle for column, middle in zip(columns, centre, strict=True)]
    return np.stack(columns, axis=1)


def _moments(white: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Weighted mean (k,) and lower factor of the covariance (k, k), pulled towards the identity with the weight of k
    draws, so that a few draws cannot collapse it."""
    k = white.shape[1]
    mean = weight @ white
    spread = (white - mean) * np.sqrt(weight)[:, None]
    draws = 1.0 / float(weight @ weight)
    return mean, np.linalg.cholesky((draws * (spread.T @ spread) + k * np.eye(k)) / (draws + k))


def _levels(weight: Floats) -> Floats:
    """Cumulative weight up to the middle of each point, in the order given."""
    return np.cumsum(weight) - 0.5 * weight


def _quantiles(level: Floats, values: Floats, weight: Floats) -> Floats:
    """Quantiles of weighted values at levels, between points by straight lines; shape of `level`."""
    order = np.argsort(values, kind="stable")
    return np.interp(level, _levels(weight[order]), values[order])


def _match(x: Floats, source: Floats, usual: Floats, target: Floats, share: Floats) -> Floats:
    """Where x (D,) goes when sources (n,) go to targets (n,) at equal level of weight; beyond them, as the ends do."""
    order = np.argsort(source, kind="stable")
    places = source[order]
    goal = _quantiles(_levels(usual[order]), target, share)
    beyond = x - np.clip(x, places[0], places[-1])
    return np.interp(x, places, goal) + beyond


def grid_weights(log_evidence: Floats, log_prior: Floats) -> Floats:
    """Posterior weights of grid points from log evidence and log prior weight, of one shape (any); they sum to one.

    A point whose fit is not a number weighs nothing (Rue, Martino & Chopin 2009). Raises ValueError where none is left.

    >>> grid_weights(np.array([0.0, np.log(3.0)]), np.zeros(2)).round(2).tolist()
    [0.25, 0.75]
    """
    total = log_evidence + log_prior
    total = np.where(np.isnan(total), -inf, total)
    if not np.isfinite(total.max(initial=-inf)):
        raise ValueError("grid: no point has a finite evidence")
    weight = np.exp(total - total.max())
    return weight / weight.sum()


def strata(uniform: Floats) -> Floats:
    """Keyed uniforms (D, ...) replaced by the middles of D equal strata, each column in the order of its uniforms.

    >>> strata(np.array([0.9, 0.2, 0.4, 0.1])).tolist()
    [0.875, 0.375, 0.625, 0.125]
    """
    rank = np.argsort(np.argsort(uniform, axis=0, kind="stable"), axis=0, kind="stable")
    return (rank + 0.5) / len(uniform)


def assign(weights: Floats, uniform: Floats) -> Ints:
    """Which grid point each draw stands on: weights (G1, ..., Gm) summing to one, uniform (D, m), result (D, m).

    Stratified, then axis by axis by inverse CDF given the axes before (Rosenblatt 1952): on the first axis each point
    gets its share of D draws to within one, and when weights shift a little, a few draws step to a neighbour.

    >>> assign(np.array([0.25, 0.75]), np.array([[0.9], [0.2], [0.4], [0.1]])).ravel().tolist()
    [1, 1, 1, 0]
    """
    at = strata(uniform)
    found = np.zeros(uniform.shape, np.int64)
    given = np.broadcast_to(weights, (len(uniform), *weights.shape))
    for axis in range(weights.ndim):
        here = given.sum(axis=tuple(range(2, given.ndim)))
        cumulative = np.cumsum(here, axis=1)
        passed = at[:, axis, None] * cumulative[:, -1:] >= cumulative
        found[:, axis] = np.minimum(passed.sum(axis=1), here.shape[1] - 1)
        given = given[np.arange(len(uniform)), found[:, axis]]
    return found
