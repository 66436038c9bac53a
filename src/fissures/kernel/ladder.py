"""The ladder law: where a front stands tomorrow, given where it stands and what it remembers.

P(j | r, x) is proportional to exp( sum_q m_q (B_q0 1[j > 0] + B_q1 l_j + B_q2 l_j^2 + D_qj) + claims ): a multinomial
logit over destination rungs with a smooth kernel in the rung's level l_j (after Randahl & Vegelius 2024, observed
Markov model, and the design study of the reference class). Claims add c * phi(x) on the moves they name.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.blas import dsyrk

from fissures.kernel.arith import exp

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

BASIS = 3  # B_q0, B_q1, B_q2


def levels(rungs: int) -> Floats:
    """Evenly spaced levels of the rungs in [0, 1]; shape (rungs,).

    >>> levels(3).tolist()
    [0.0, 0.5, 1.0]
    """
    return np.arange(rungs) / (rungs - 1.0)


def basis(rungs: int) -> Floats:
    """The smooth destination kernel's three columns, 1[j > 0], l_j, l_j^2; shape (3, rungs)."""
    level = levels(rungs)
    return np.stack([(level > 0).astype(np.float64), level, level**2])


def climbing(rungs: int, start: int | None = None, end: int | None = None) -> Bools:
    """Moves r -> j that climb, from one rung or to one rung where named; shape (rungs, rungs)."""
    r, j = np.indices((rungs, rungs))
    return _between(j > r, r, j, start, end)


def falling(rungs: int, start: int | None = None, end: int | None = None) -> Bools:
    """Moves r -> j that fall, from one rung or to one rung where named; shape (rungs, rungs)."""
    r, j = np.indices((rungs, rungs))
    return _between(j < r, r, j, start, end)


def _between(moves: Bools, r: Ints, j: Ints, start: int | None, end: int | None) -> Bools:
    return np.asarray(moves & ((r == start) | (start is None)) & ((j == end) | (end is None)), bool)


def past(rungs: int, cap: int) -> Bools:
    """Moves that break a ceiling at rung `cap`: r <= cap < j, so wars already under way are not ended by it."""
    r, j = np.indices((rungs, rungs))
    return np.asarray((r <= cap) & (j > cap), bool)


def probabilities(logits: Floats) -> Floats:
    """Softmax over the first axis, summed in a fixed order; logits (rungs, ...), same shape back.

    >>> probabilities(np.zeros((4, 1))).ravel().tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    top = logits[0]
    for row in logits[1:]:
        top = np.maximum(top, row)
    weights = exp(logits - top)
    total = weights[0]
    for row in weights[1:]:
        total = total + row
    return weights / total


def move(chances: Floats, uniform: Floats) -> Ints:
    """The rung reached by inverse CDF: how many cumulative chances the uniform has passed.

    chances (rungs, M), uniform (M,); shape (M,).

    >>> move(np.array([[0.5], [0.25], [0.25]]), np.array([0.6])).tolist()
    [1]
    """
    reached = np.zeros(uniform.shape, np.int64)
    cumulative = np.zeros(uniform.shape)
    for chance in chances[:-1]:
        cumulative = cumulative + chance
        reached += uniform >= cumulative
    return reached


def log_likelihood(theta: Floats, design: Floats, reached: Ints, weights: Floats) -> tuple[float, Floats, Floats]:
    """Weighted log likelihood of observed moves with its gradient and negative Hessian.

    design (n, rungs, k): what each coefficient adds to each destination; reached (n,); weights (n,).
    Multinomial logit (McFadden 1974); concave in theta. Returns a number, (k,) and (k, k).
    """
    k = design.shape[2]
    value, gradient, chance = _first_order(theta, design, reached, weights)
    mean = np.matmul(chance[:, None, :], design)[:, 0, :] * np.sqrt(weights)[:, None]
    spread = design.reshape(-1, k) * np.sqrt(chance * weights[:, None]).reshape(-1, 1)
    upper = dsyrk(1.0, spread.T) - dsyrk(1.0, mean.T)
    return value, gradient, np.triu(upper) + np.triu(upper, 1).T


def slope(theta: Floats, design: Floats, reached: Ints, weights: Floats) -> tuple[float, Floats]:
    """The first two of `log_likelihood`, at a fraction of its cost."""
    return _first_order(theta, design, reached, weights)[:2]


def _first_order(theta: Floats, design: Floats, reached: Ints, weights: Floats) -> tuple[float, Floats, Floats]:
    """Value, gradient, and the chance of every destination (n, rungs)."""
    n, _, k = design.shape
    eta = design @ theta
    eta -= eta.max(axis=1, keepdims=True)
    chance = np.exp(eta)
    total = chance.sum(axis=1, keepdims=True)
    chance /= total
    rows = np.arange(n)
    value = float(weights @ (eta[rows, reached] - np.log(total[:, 0])))
    residual = -chance
    residual[rows, reached] += 1.0
    residual *= weights[:, None]
    return value, residual.reshape(-1) @ design.reshape(-1, k), chance


def tilt(
    theta: Floats, touched: Floats, design: Floats, reached: Ints, weights: Floats
) -> tuple[Floats, Floats, Floats]:
    """What each move says of one more coefficient, at zero, on the destinations `touched` (rungs,): its score (n,), its
    information (n,), and that shared with the coefficients of the design (n, k)."""
    chance = _first_order(theta, design, reached, weights)[2]
    expected = chance @ touched
    score = weights * (touched[reached] - expected)
    information = weights * (chance @ touched**2 - expected**2)
    mean = np.matmul(chance[:, None, :], design)[:, 0, :]
    both = np.matmul((chance * touched)[:, None, :], design)[:, 0, :]
    return score, information, weights[:, None] * (both - expected[:, None] * mean)


def log_likelihoods(thetas: Floats, design: Floats, reached: Ints, weights: Floats) -> Floats:
    """The value of `log_likelihood` at many thetas (m, k); shape (m,)."""
    n, rungs, k = design.shape
    eta = (design.reshape(-1, k) @ thetas.T).reshape(n, rungs, -1)
    top = eta.max(axis=1, keepdims=True)
    total = top[:, 0] + np.log(np.exp(eta - top).sum(axis=1))
    return weights @ (eta[np.arange(n), reached] - total)


def slopes(thetas: Floats, design: Floats, reached: Ints, weights: Floats) -> tuple[Floats, Floats]:
    """Value and gradient of `log_likelihood` at many thetas (m, k); shapes (m,) and (m, k)."""
    n, rungs, k = design.shape
    flat, rows = design.reshape(-1, k), np.arange(n)
    eta = (flat @ thetas.T).reshape(n, rungs, -1)
    eta -= eta.max(axis=1, keepdims=True)
    chance = np.exp(eta)
    total = chance.sum(axis=1, keepdims=True)
    chance /= -total
    chance[rows, reached] += 1.0
    chance *= weights[:, None, None]
    return weights @ (eta[rows, reached] - np.log(total[:, 0])), chance.reshape(n * rungs, -1).T @ flat
