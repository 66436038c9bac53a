"""Fitting the pooled ladder: a penalised, weighted multinomial likelihood by L-BFGS with its analytic gradient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from fissures.kernel.pooled import Shape, basis

Singles = NDArray[np.float32]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FREE = 0.02  # share of the ridge that acts on the intercepts of single rungs: how common each rung is, data know well


@dataclass(frozen=True)
class Ridge:
    """Precisions of the normal priors around 0 of the smooth part B and of single destinations D."""

    smooth: float = 0.3
    single: float = 10.0


@dataclass(frozen=True)
class Moves:
    """Observed moves: design (n, features), the rung reached (n,) and weights (n,)."""

    design: Singles
    reached: Ints
    weights: Singles


def merged(moves: Moves, digits: int = 3) -> Moves:
    """Moves that are alike once features are rounded, as one with their summed weight: most of the world is quiet."""
    rows = np.concatenate([np.round(moves.design, digits), moves.reached[:, None]], axis=1).astype(np.float32)
    rows = np.ascontiguousarray(rows + np.float32(0.0))  # no negative zeros, which are other bytes
    keys = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    weights = np.bincount(which.ravel(), moves.weights)
    return Moves(rows[first, :-1].copy(), moves.reached[first], weights.astype(np.float32))


def objective(coefficients: Floats, moves: Moves, columns: Floats, ridge: Ridge) -> tuple[float, Floats]:
    """Minus the penalised log likelihood, and its gradient.

    coefficients are B (features, 3) and D (features, rungs), both flat, one after the other; columns (3, rungs) is
    `pooled.basis`. Multinomial logit (McFadden 1974) with normal priors.
    """
    features, rungs = moves.design.shape[1], columns.shape[1]
    smooth = coefficients[: features * len(columns)].reshape(features, -1)
    single = coefficients[features * len(columns) :].reshape(features, rungs)
    logits = moves.design @ (smooth @ columns + single).astype(np.float32)
    logits -= logits.max(axis=1, keepdims=True)
    chances = np.exp(logits)
    total = chances.sum(axis=1)
    rows = np.arange(len(logits))
    fit = (moves.weights * (logits[rows, moves.reached] - np.log(total))).sum(dtype=np.float64)
    chances /= total[:, None]
    chances[rows, moves.reached] -= 1.0
    chances *= moves.weights[:, None]
    slope = (moves.design.T @ chances).astype(np.float64)
    pull = _pull(features, ridge)
    penalty = 0.5 * ridge.smooth * (smooth**2).sum() + 0.5 * (pull * single**2).sum()
    gradient = [(slope @ columns.T + ridge.smooth * smooth).ravel(), (slope + pull * single).ravel()]
    return float(penalty - fit), np.concatenate(gradient)


def _pull(features: int, ridge: Ridge) -> Floats:
    """Precision of single destinations by feature; shape (features, 1)."""
    pull = np.full((features, 1), ridge.single)
    pull[0] *= FREE
    return pull


def fit(moves: Moves, shape: Shape, ridge: Ridge, start: Floats | None = None, turns: int = 300) -> Floats:
    """The coefficients that fit moves best under the ridge, flat as in `objective`.

    `start` is where to begin, for instance at the fit of a record that is a year shorter. The likelihood is concave, so
    that `turns` of L-BFGS (Liu & Nocedal 1989) only decide how closely its top is reached.
    """
    columns = basis(shape.edges)
    features = len(shape.features)
    begin = np.zeros(features * (len(columns) + shape.rungs)) if start is None else start
    found = minimize(
        objective,
        begin,
        args=(moves, columns, ridge),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": turns, "maxcor": 20},
    )
    return np.asarray(found.x, np.float64)


def kernel(coefficients: Floats, shape: Shape) -> Floats:
    """What each feature adds to each destination's logit, B columns + D; shape (features, rungs)."""
    columns, features = basis(shape.edges), len(shape.features)
    smooth = coefficients[: features * len(columns)].reshape(features, -1)
    return smooth @ columns + coefficients[features * len(columns) :].reshape(features, shape.rungs)
