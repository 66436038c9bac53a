"""Memories: state that remembers with a half-life."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fissures.kernel.arith import exp, log, log1p_count

Floats = NDArray[np.float64]

# Pressure kinds, in the order of `step_pressure`.
DECAYING, BUILDING = 0, 1


def decay(half_life: float) -> float:
    """The factor by which a memory shrinks in one day: 2^(-1 / half_life), half_life in days.

    >>> round(decay(7.0) ** 7, 12)
    0.5
    """
    return float(2.0 ** (-1.0 / half_life))


def blend(memory: Any, d: float, new: Any) -> Any:
    """Exponentially weighted mean: d * memory + (1 - d) * new."""
    return d * memory + (1.0 - d) * new


def standing(share: Any, weight: float, usual: float, doubt: float) -> Floats:
    """How violent a front is in the long run, against others: half the logit of its share of violent days.

    The share, remembered over about `weight` days, is shrunk to the `usual` one with `doubt` pseudo-days; 0 is usual
    (the reference class's own covariate). Shape as given.

    >>> float(standing(0.05, 2000.0, 0.05, 365.0))
    0.0
    """
    shrunk = (np.asarray(share) * weight + usual * doubt) / (weight + doubt)
    return 0.5 * (log(shrunk / (1.0 - shrunk)) - log(usual / (1.0 - usual)))


def surge_of_events(amount: float, window: float, half_life: float) -> float:
    """Raw level of a decaying pressure after `amount` single events spread evenly over `window` days.

    Each event adds log1p(1), as in `step_pressure`; the last one falls on the last day.
    """
    d = decay(half_life)
    count = max(round(amount), 1)
    ages = np.arange(count) * (window / count)
    return float(np.log1p(amount / count) * np.sum(d**ages))


def surge_of_days(days: float, half_life: float) -> float:
    """Raw level of a decaying pressure after so many days in a row that each add 1."""
    d = decay(half_life)
    return float((1.0 - d**days) / (1.0 - d))


def surge_of_wait(days: float, half_time: float) -> float:
    """Raw level of a pressure that builds up for so many days without relief: 1 - 2^(-days / half_time)."""
    return float(1.0 - decay(half_time) ** days)


def feed(counts: Floats, weights: Floats) -> Floats:
    """What events add to a pressure in a day: sum_s w_s log1p(n_s); counts (S, M), weights (S,); shape (M,)."""
    total = np.zeros(counts.shape[1])
    for s in np.flatnonzero(weights):
        total = total + weights[s] * log1p_count(counts[s])
    return total


def relief(counts: Floats, shares: Floats) -> Floats:
    """The factor left of a building pressure after events: prod_s (1 - share_s)^n_s; shape (M,)."""
    left = np.ones(counts.shape[1])
    for s in np.flatnonzero(shares):
        none_left = np.where(counts[s] > 0, 0.0, 1.0)
        left = left * (exp(counts[s] * log(1.0 - shares[s])) if shares[s] < 1.0 else none_left)
    return left


def step_pressure(kind: int, value: Floats, d: Any, floor: Any, added: Any, left: Any, top: Any = 1.0) -> Floats:
    """A pressure one day on, in raw units; shapes (M,).

    Decaying: d p + added; a series adds (1 - d) of its value, so that p tends to it. Building up: what is still missing
    to `top` shrinks by d, relief leaves a share, and what is added comes on top.
    """
    out = (top - (top - value) * d) * left + added if kind == BUILDING else d * value * left + added
    return np.maximum(out, floor)
