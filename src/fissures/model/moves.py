"""How units moved between rungs of deaths, unit by unit, and what a day on a rung brought.

Kept unit by unit, so that the spread between conflicts is known and not only their mean. Whatever rungs a case has, its
bands are unions of these; `model/class_prior.py` reads a prior off them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fissures.kernel.pooled import rung_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WEEK = 7
DIGITS = 4


@dataclass(frozen=True)
class Tally:
    """Moves that were seen: places (n, 3) are unit, rung before and rung after; values (n, 2) are their weight and the
    weighted deaths of the day (or step) after them."""

    places: NDArray[np.int16]
    values: NDArray[np.float32]


def step_moves(counts: Floats, edges: tuple[float, ...], age_half_life: float) -> Tally:
    """Moves from step to step; counts (T, N) with NaN where a unit was not observed, age_half_life in steps."""
    both = ~np.isnan(counts[:-1]) & ~np.isnan(counts[1:])
    rung = rung_of(np.nan_to_num(counts), edges).astype(np.int64)
    weight = 2.0 ** (-np.arange(len(counts) - 1)[::-1] / age_half_life)
    return _tally(rung, both, weight, np.nan_to_num(counts[1:]), len(edges) + 1)


def day_moves(days: Floats, counts: Floats, edges: tuple[float, ...], age_half_life: float) -> Tally:
    """Moves from day to day of the rung of the last seven days' deaths, as a ladder's rule on a week reads them.

    days (D, N); counts (T, N) say from when a unit was observed; age_half_life in steps of counts.
    """
    running = np.cumsum(days, axis=0, dtype=np.float64)
    running[WEEK:] -= running[:-WEEK].copy()
    rung = rung_of(running, edges).astype(np.int64)
    per_step = len(days) / len(counts)
    begin = np.argmax(~np.isnan(counts), axis=0) * per_step
    both = np.arange(len(days) - 1)[:, None] >= begin[None]
    weight = 2.0 ** (-np.arange(len(days) - 1)[::-1] / (age_half_life * per_step))
    return _tally(rung, both, weight, days[1:], len(edges) + 1)


def _tally(rung: Ints, both: NDArray[np.bool_], weight: Floats, after: Floats, rungs: int) -> Tally:
    """Weights and deaths summed by unit, rung before and rung after."""
    t, unit = np.nonzero(both)
    key = (unit * rungs + rung[:-1][t, unit]) * rungs + rung[1:][t, unit]
    kinds, which = np.unique(key, return_inverse=True)
    weights = np.bincount(which, weight[t])
    deaths = np.bincount(which, weight[t] * after[t, unit])
    places = np.stack([kinds // rungs**2, kinds // rungs % rungs, kinds % rungs], axis=1)
    values = np.round(np.stack([weights, deaths], axis=1), DIGITS)
    return Tally(places.astype(np.int16), values.astype(np.float32))
