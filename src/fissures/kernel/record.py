"""The record with memory: a unit goes on as it has gone on of late, spread as counts are spread.

Model M of the reference class. A step to come is a step of the unit's own past: lag k is drawn with geometric weights,
whose half-life is one of a few in equal parts, and y* ~ Poisson(G y[o - k]) with G ~ Gamma(size, mean 1). Half-life and
G belong to a path and k is drawn afresh each step, so that a path is quiet or violent as a whole.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def simulate(
    past: Floats, steps: int, paths: int, half_lives: tuple[float, ...], size: float, rng: np.random.Generator
) -> Floats:
    """Paths of counts to come; past (K, N) by lag, the last step first, half_lives in steps; shape (steps, N, paths).

    The weights of lags add up to one over the K at hand.
    """
    lags, units = past.shape
    half_life = np.asarray(half_lives)[rng.integers(0, len(half_lives), (units, paths))]
    reach = 1.0 - 2.0 ** (-lags / half_life)
    spread = rng.gamma(size, 1.0 / size, (units, paths))
    own = np.arange(units)[:, None]
    out: NDArray[Any] = np.empty((steps, units, paths), np.float32)  # counts: single precision holds them
    for step in range(steps):
        lag = np.floor(-np.log2(1.0 - rng.random((units, paths)) * reach) * half_life)
        mean = past[np.minimum(lag, lags - 1).astype(np.int64), own] * spread
        out[step] = _poisson(mean, rng)
    return out


def recent_mean(past: Floats, half_life: float) -> Floats:
    """The exponentially weighted mean of a record by lag, the last step first; past (K, N), shape (N,).

    >>> recent_mean(np.array([[4.0], [1.0]]), 1.0).round(6).tolist()
    [3.0]
    """
    weight = 2.0 ** (-np.arange(len(past)) / half_life)
    return weight @ past / weight.sum()


def _poisson(mean: Floats, rng: np.random.Generator) -> Floats:
    """Poisson draws; most means are 0, and those cost nothing."""
    out = np.zeros(mean.shape)
    some = mean > 0
    out[some] = rng.poisson(mean[some])
    return out
