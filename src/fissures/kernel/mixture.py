"""The path mixture P: of a unit's paths a share is the pooled ladder's, and the others are its own record's.

A ladder knows how quiet places flare up and forgets high intensity too fast; a record knows its level and no more. So
the ladder's share is largest where little happens: w = w0 / (1 + m / m0), m the unit's recent mean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def ladder_share(recent: Floats, most: float, scale: float) -> Floats:
    """The ladder's share of the paths, by recent mean deaths a step; shape as given.

    >>> ladder_share(np.array([0.0, 100.0]), 0.5, 100.0).tolist()
    [0.5, 0.25]
    """
    return most / (1.0 + np.asarray(recent, np.float64) / scale)


def mixed(ladder: Floats, record: Floats, share: Floats) -> Floats:
    """Whole paths of two models, the first so many of a unit the ladder's; both (steps, N, paths), share (N,).

    Paths of a model are alike in law, so it does not matter which are taken.
    """
    paths = ladder.shape[-1]
    chosen = np.arange(paths) < np.round(np.asarray(share) * paths)[:, None]
    return np.where(chosen[None], ladder, record)
