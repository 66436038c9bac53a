"""Scores of units that the fit has not seen, and how sure a gain is when units share nodes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fissures.kernel.moves import score
from fissures.kernel.rng import name_key, path_numbers, uniforms

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def without_fold(theta: Floats, slope: Floats, bend: Floats, sd: Floats, out: NDArray[np.bool_]) -> Floats:
    """The mode without some units: one Newton step from the mode with all of them (Rad & Maleki 2020).

    theta (k,) under priors N(0, sd); slope (D, k), bend (D, k, k) by unit; out (D,) says which are left out.
    """
    left = np.diag(sd**-2.0) + bend[~out].sum(axis=0)
    return theta - np.linalg.solve(left, slope[out].sum(axis=0))


def scores_left_out(
    theta: Floats, slope: Floats, bend: Floats, sd: Floats, design: Floats, reached: Ints, edges: Ints, folds: int
) -> Floats:
    """Log score of each unit under the mode without its fold, (D,); unit d is in fold d modulo `folds`."""
    units = edges.size - 1
    out = np.zeros(units)
    for fold in range(min(folds, units)):
        mine = np.arange(units) % folds == fold
        at = without_fold(theta, slope, bend, sd, mine)
        for d in np.flatnonzero(mine).tolist():
            rows = slice(edges[d], edges[d + 1])
            out[d] = score(at, design[rows], reached[rows])
    return out


def node_bootstrap(gains: Floats, ends: Ints, draws: int, seed: int) -> Floats:
    """Totals of gains (D,) when nodes are drawn again, (draws,); ends (D, 2), the same twice for a unit of one node.

    Nodes get exponential weights of mean 1 (Rubin 1981); a unit counts w_a + w_b - 1 times, the linear part of w_a w_b,
    since the product counts a unit's own noise three times (Owen 2007).
    """
    nodes = int(ends.max()) + 1
    key, which = name_key(seed, "portable", "node"), path_numbers(0, draws)
    weights = np.stack([-np.log(uniforms(key, node, which)) for node in range(nodes)], axis=1)
    used = np.unique(ends)
    weights /= weights[:, used].mean(axis=1, keepdims=True)
    both = weights[:, ends[:, 0]] + weights[:, ends[:, 1]] - 1.0
    return np.where(ends[:, 0] == ends[:, 1], weights[:, ends[:, 0]], both) @ gains
