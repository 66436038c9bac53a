"""Weekly moves of many units on one ladder: designs, and what each unit says of every coefficient."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fissures.kernel.ladder import basis, log_likelihoods

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def base_columns(start: Ints, memories: Floats, rungs: int) -> Floats:
    """The ladder law without claims: a constant for every move, then memories on the smooth kernel.

    start (n,), memories (n, q); shape (n, rungs, rungs * (rungs - 1) + 3 q).
    """
    n = start.size
    constants = np.zeros((n, rungs, rungs, rungs - 1))
    for end in range(1, rungs):
        constants[np.arange(n), end, start, end - 1] = 1.0
    smooth = basis(rungs).T[None, :, None, :] * memories[:, None, :, None]
    return np.concatenate([constants.reshape(n, rungs, -1), smooth.reshape(n, rungs, -1)], axis=2)


def pushes(start: Ints, causes: Floats, rungs: int) -> Floats:
    """What each cause adds to every move up and to every move down; causes (n, c), shape (n, rungs, 2 c).

    Columns come in pairs: climb and fall of the first cause, then of the second.

    >>> pushes(np.array([1]), np.array([[2.0]]), 3)[0].tolist()
    [[0.0, 2.0], [0.0, 0.0], [2.0, 0.0]]
    """
    ends = np.arange(rungs)[None, :]
    ways = np.stack([ends > start[:, None], ends < start[:, None]], axis=2).astype(np.float64)
    return (causes[:, None, :, None] * ways[:, :, None, :]).reshape(start.size, rungs, -1)


def by_unit(theta: Floats, design: Floats, reached: Ints, edges: Ints) -> tuple[Floats, Floats]:
    """Gradient and negative Hessian of each unit's log likelihood; rows of unit d are edges[d] to edges[d + 1].

    design (n, rungs, k); shapes (D, k) and (D, k, k).
    """
    units, k = edges.size - 1, theta.size
    slope, bend = np.zeros((units, k)), np.zeros((units, k, k))
    for d in range(units):
        rows = slice(edges[d], edges[d + 1])
        own = design[rows]
        chance = _chances(own @ theta)
        residual = -chance
        residual[np.arange(len(own)), reached[rows]] += 1.0
        slope[d] = residual.reshape(-1) @ own.reshape(-1, k)
        mean = np.matmul(chance[:, None, :], own)[:, 0, :]
        spread = own.reshape(-1, k) * np.sqrt(chance).reshape(-1, 1)
        bend[d] = spread.T @ spread - mean.T @ mean
    return slope, bend


def score(theta: Floats, design: Floats, reached: Ints) -> float:
    """Log score of observed moves, in nats: the sum of the logs of the chances that they were given."""
    return float(log_likelihoods(theta[None], design, reached, np.ones(reached.size))[0])


def _chances(eta: Floats) -> Floats:
    raised = np.exp(eta - eta.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)
