"""Fitting deaths on a day: priors, modes and draws.

Coefficients are x = (log mean, log size, logit zero, log ratio), beside the tail's shape. The shape and the zero part
each stand on a grid outside, with a Laplace approximation of the other three inside (Rue, Martino & Chopin 2009): the
shape's most probable value often is its bound at 0, and where few zeros are in excess the logit of the zero part has a
long tail to the left that no normal has. The two grids cross at the mode: what they have to do with each other is left
out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator
from scipy.special import ndtr

from fissures.kernel.deaths_likelihood import Record, Valued, log_likelihood
from fissures.kernel.posterior import Laplace

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Height = Callable[[float, Floats], tuple[Laplace, float]]  # (outer value, start) -> inner mode and log evidence

NO_ZERO = -40.0  # logit of a zero part that is none: 1 - zero is 1 to the last bit
LEAST_DAYS = 5.0  # days told one by one, below which nothing can be said of a zero part
SHAPE_SPREAD, SHAPE_BELOW = 0.25, 0.7  # half-normal, cut off
SHAPES = 6
INNER = np.array([0, 1, 3])  # mean, size and ratio: what the Laplace approximation is about
REACH = 6.0  # prior sds within which a mode is looked for
LOW_ENOUGH = 7.0  # log units below the mode at which a grid of the zero part ends
MOST_STEPS = 14  # on either side of it
LEAST_BEND = 1e-2  # of minus the log posterior in prior sds: the prior alone gives 1
MOST_NEWTON, LONGEST = 80, 2.0  # steps, and prior sds in one
FINE = 801  # points of a grid's distribution function


@dataclass(frozen=True)
class Prior:
    """Normal priors of log mean, log size, logit zero and log ratio, (4,) each, and where the tail begins and ends."""

    mean: Floats
    sd: Floats
    threshold: float
    cap: float


@dataclass(frozen=True)
class Axis:
    """An outer coefficient: nodes (n,) with an inner Laplace approximation each; its distribution function, finely."""

    nodes: Floats
    inner: tuple[Laplace, ...]
    grid: Floats
    reached: Floats

    def draw(self, z: Floats) -> Floats:
        """Values by inverse CDF, one standard normal each."""
        return np.asarray(np.interp(ndtr(z), self.reached, self.grid), np.float64)

    def centre(self, values: Floats) -> Floats:
        """The inner mode at some values, (D, 3), straight between nodes."""
        modes = np.array([one.mode for one in self.inner])
        return np.stack([np.interp(values, self.nodes, mode) for mode in modes.T], axis=1)

    def scatter(self, values: Floats, z: Floats) -> Floats:
        """Normals z (D, 3) with the inner covariance of the nearest node."""
        nearest, out = np.abs(values[:, None] - self.nodes).argmin(axis=1), np.empty(z.shape)
        for n, one in enumerate(self.inner):
            here = nearest == n
            out[here] = one.draw(z[here]) - one.mode
        return out


@dataclass(frozen=True)
class Fitted:
    """Posterior of a rung's deaths: the shape's axis, and that of the zero part or None where there is none."""

    shape: Axis
    zero: Axis | None
    middle: Floats
    converged: bool

    def draw(self, z: Floats) -> Floats:
        """Map standard normals z (D, 5) to draws (D, 5): log mean, log size, logit zero, log ratio and the shape."""
        shape, zero = self.shape.draw(z[:, 4]), np.full(z.shape[0], NO_ZERO)
        inner = self.shape.centre(shape)
        if self.zero is None:
            inner = inner + self.shape.scatter(shape, z[:, INNER])
        else:
            zero = self.zero.draw(z[:, 2])
            inner = inner + self.zero.centre(zero) - self.middle + self.zero.scatter(zero, z[:, INNER])
        return np.column_stack([inner[:, :2], zero, inner[:, 2], shape])


def fit(record: Record, prior: Prior, zero_part: bool | None = None) -> Fitted:
    """Posterior of x and the shape.

    A zero part is fitted where at least LEAST_DAYS days are told one by one, some of them without deaths, unless
    `zero_part` says otherwise; else there is none. `converged` says whether every mode was found that carries weight.
    Raises ValueError where more deaths are on record than the cap allows.
    """
    _refuse(record, prior)
    if zero_part is None:
        zero_part = float(record.days.sum()) >= LEAST_DAYS and bool((record.deaths == 0).any())
    free = np.arange(4) if zero_part else INNER
    fixed = np.where(np.isin(np.arange(4), free), prior.mean, NO_ZERO)
    curve = _standardised(record, prior, SHAPE_SPREAD / 2.0, free, fixed)
    first, _ = _mode(curve, _starts(record, prior)[:, free], prior.mean[free], prior.sd[free])
    fixed[free] = first.mode
    shape, best, fine = _shape_axis(record, prior, fixed)
    middle, zero = shape.inner[best].mode, None
    if zero_part:
        spread = float(np.clip(first.sd()[2], 0.05, prior.sd[2]))
        zero, also = _zero_axis(record, prior, float(shape.nodes[best]), middle, float(fixed[2]), spread)
        fine = fine and also
    return Fitted(shape, zero, middle, first.converged and fine)


def _refuse(record: Record, prior: Prior) -> None:
    most = prior.cap * np.ceil(record.fronts)
    if record.deaths.size and record.deaths.max() > most:
        raise ValueError(f"{record.deaths.max():g} deaths on a day are more than the rung's {most:g}")


def _inside(record: Record, prior: Prior, of: Callable[[float], tuple[float, float]]) -> Height:
    """Inner mode and log evidence, where `of` gives logit zero and shape at an outer value."""

    def height(value: float, start: Floats) -> tuple[Laplace, float]:
        logit, shape = of(value)
        curve = _standardised(record, prior, shape, INNER, np.array([0.0, 0.0, logit, 0.0]))
        mean, sd = prior.mean[INNER], prior.sd[INNER]
        return _mode(curve, ((start - mean) / sd)[None], mean, sd)

    return height


def _shape_axis(record: Record, prior: Prior, x: Floats) -> tuple[Axis, int, bool]:
    """The shape's axis at the zero part of x, its most probable node, and whether all went well."""
    nodes, height = np.linspace(0.0, SHAPE_BELOW, SHAPES), _inside(record, prior, lambda shape: (float(x[2]), shape))
    found, start = [], x[INNER]
    for node in nodes:
        found.append(height(float(node), start))
        start = found[-1][0].mode
    tops = np.array([top for _, top in found]) - 0.5 * (nodes / SHAPE_SPREAD) ** 2
    axis = _axis(nodes, found, tops)
    return axis, int(tops.argmax()), _well(found, tops)


def _zero_axis(
    record: Record, prior: Prior, shape: float, middle: Floats, mode: float, spread: float
) -> tuple[Axis, bool]:
    """The zero part's axis: from its mode outwards in growing steps, until the log density has fallen far enough."""
    height = _inside(record, prior, lambda logit: (logit, shape))
    bounds = prior.mean[2] + REACH * prior.sd[2] * np.array([-1.0, 1.0])

    def top(logit: float, evidence: float) -> float:
        return evidence - 0.5 * float(((logit - prior.mean[2]) / prior.sd[2]) ** 2)

    found = {mode: height(mode, middle)}
    peak = top(mode, found[mode][1])
    for side in (-1.0, 1.0):
        logit, start, step = mode, middle, 0.8 * spread
        for taken in range(MOST_STEPS):
            logit += side * step
            if not bounds[0] < logit < bounds[1]:
                break
            found[logit] = height(logit, start)
            start = found[logit][0].mode
            if top(logit, found[logit][1]) < peak - LOW_ENOUGH:
                break
            step *= 1.25 if taken >= 2 else 1.0
    nodes = np.array(sorted(found))
    tops = np.array([top(n, found[n][1]) for n in nodes])
    return _axis(nodes, [found[n] for n in nodes], tops), _well([found[n] for n in nodes], tops)


def _axis(nodes: Floats, found: list[tuple[Laplace, float]], tops: Floats) -> Axis:
    grid = np.linspace(nodes[0], nodes[-1], FINE)
    density = np.exp(np.maximum(PchipInterpolator(nodes, tops - tops.max())(grid), -50.0))
    reached = np.concatenate([[0.0], np.cumsum(density[1:] + density[:-1])])
    return Axis(nodes, tuple(laplace for laplace, _ in found), grid, reached / reached[-1])


def _well(found: list[tuple[Laplace, float]], tops: Floats) -> bool:
    return all(one.converged for (one, _), top in zip(found, tops, strict=True) if top > tops.max() - LOW_ENOUGH)


def _standardised(record: Record, prior: Prior, shape: float, free: Ints, fixed: Floats) -> Callable[[Floats], Valued]:
    """Minus the log posterior, up to a constant, and its slope by prior sds t of the free coefficients."""

    def curve(t: Floats) -> Valued:
        x = fixed.copy()
        x[free] = prior.mean[free] + prior.sd[free] * t
        value, slope = log_likelihood(x, shape, record, prior.threshold, prior.cap)
        return 0.5 * float(t @ t) - value, t - slope[free] * prior.sd[free]

    return curve


def _starts(record: Record, prior: Prior) -> Floats:
    """Where a search begins, in prior sds (s, 4): the prior's middle, and the record's mean with several shapes."""
    spans = record.spans[np.isfinite(record.spans[:, 2])]
    days = float(record.days.sum()) * record.fronts + float(spans[:, 0].sum())
    dead = float(record.deaths @ record.days) + float(spans[:, 1:].mean(axis=1).sum())
    level = (np.log(max(dead, 0.5) / days) - prior.mean[0]) / prior.sd[0] if days else 0.0
    level = float(np.clip(level, -REACH + 0.5, REACH - 0.5))
    others = ((0, 0), (-1.5, -1), (1, 1), (1, -1))
    return np.array([(0.0, 0.0, 0.0, 0.0), *((level, size, zero, 0.0) for size, zero in others)])


def _mode(curve: Callable[[Floats], Valued], starts: Floats, mean: Floats, sd: Floats) -> tuple[Laplace, float]:
    """The best mode from the three most promising starts, with its Laplace approximation and log evidence."""
    promising = sorted(starts, key=lambda t: curve(t)[0])[:3] if len(starts) > 1 else list(starts)
    t, value, slope, bend, steps = min((_descend(curve, start) for start in promising), key=lambda found: found[1])
    values, vectors = np.linalg.eigh(bend)
    inside = bool(np.all(np.abs(t) < REACH - 1e-6))
    converged = inside and bool(values.min() > LEAST_BEND) and bool(np.abs(slope).max() < 1e-3)
    values = np.maximum(values, LEAST_BEND)
    factor = np.linalg.cholesky((vectors * values) @ vectors.T / np.outer(sd, sd))
    return Laplace(mean + sd * t, factor, steps, converged), -value - 0.5 * float(np.log(values).sum())


def _descend(curve: Callable[[Floats], Valued], t: Floats) -> tuple[Floats, float, Floats, Floats, int]:
    """Newton's method within the bounds, uphill curvature turned over, steps halved (Nocedal & Wright 2006, ch. 3).

    Returns where it ended, with value, slope and second derivatives there, and the number of steps.
    """
    value, slope = curve(t)
    for step in range(MOST_NEWTON):
        bend = _hessian(curve, t)
        values, vectors = np.linalg.eigh(bend)
        move = -vectors @ ((slope @ vectors) / np.maximum(np.abs(values), LEAST_BEND))
        if -slope @ move < 1e-10:
            return t, value, slope, bend, step
        move *= min(1.0, LONGEST / float(np.linalg.norm(move)))
        for _ in range(30):
            tried = np.clip(t + move, -REACH, REACH)
            at, its_slope = curve(tried)
            if at < value:
                break
            move = move / 2.0
        else:
            return t, value, slope, bend, step
        t, value, slope = tried, at, its_slope
    return t, value, slope, _hessian(curve, t), MOST_NEWTON


def _hessian(curve: Callable[[Floats], Valued], t: Floats, step: float = 1e-4) -> Floats:
    """Second derivatives from central differences of the slope."""
    sides = [(curve(t + move)[1] - curve(t - move)[1]) / (2.0 * step) for move in step * np.eye(t.size)]
    return (np.array(sides) + np.array(sides).T) / 2.0
