"""Weighted means of a weekly series over what was and over what is to come, mirror images of one another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fissures.kernel.memory import decay

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def recent(values: Floats, half_life: float) -> Floats:
    """Exponentially weighted mean of each week and those before it, last axis; half_life in weeks, same shape.

    Weights add up to 1 from the first week on, so that a memory does not start from zero.

    >>> recent(np.array([2.0, 0.0]), 1.0).round(3).tolist()
    [2.0, 0.667]
    """
    d, total, weight = decay(half_life), np.zeros(values.shape[:-1]), 0.0
    out = np.zeros(values.shape)
    for t in range(values.shape[-1]):
        total, weight = d * total + values[..., t], d * weight + 1.0
        out[..., t] = total / weight
    return out


def coming(values: Floats, half_life: float, skip: int) -> Floats:
    """The mirror image of `recent`: the mean of the weeks from `skip` weeks on; zero where none of them is on record.

    >>> coming(np.array([5.0, 9.0, 2.0]), 1.0, 2).tolist()
    [2.0, 0.0, 0.0]
    """
    ahead = recent(values[..., ::-1], half_life)[..., ::-1]
    out = np.zeros(values.shape)
    out[..., : values.shape[-1] - skip] = ahead[..., skip:]
    return out


def answered(acts: Bools, replies: Bools, within: int) -> Bools:
    """Days on which a reply follows an act of one to `within` days before, last axis; never one of the same day.

    >>> answered(np.array([True, False, False]), np.array([True, True, True]), 1).tolist()
    [False, True, False]
    """
    owed = np.zeros(acts.shape, bool)
    for days in range(1, within + 1):
        owed[..., days:] |= acts[..., :-days]
    return np.asarray(owed & replies, bool)
