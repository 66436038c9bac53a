"""Slopes that differ from unit to unit: their mean, how much they differ, and what a new unit's may be.

Each unit's log likelihood is taken as quadratic around the pooled mode (Rue, Martino & Chopin 2009), with slopes
N(c, tau^2) integrated out. Units that share a node (two pairs of states with one state in common) are not
independent: the spread of the mean is the dyadic-robust one (Aronow, Samii & Assenova 2015), never below the model's.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FLOOR, SCALE = 0.15, 0.4  # of tau: half-normal(.4), and never below .15
TAUS = (0.15, 0.22, 0.32, 0.46, 0.68, 1.0)


@dataclass(frozen=True)
class Pooled:
    """Mean and sd of the average slope, tau, and mean and sd of a new unit's slope; (m,) each. `units` (D, 2, m):
    mean and sd of each unit's own slope."""

    mean: Floats
    sd: Floats
    tau: Floats
    new_sd: Floats
    units: Floats


def pool(theta: Floats, slope: Floats, bend: Floats, sd: Floats, at: Ints, ends: Ints) -> Pooled:
    """Pool the slopes at columns `at` (m,) over units.

    theta (k,): the pooled mode under priors N(0, sd); slope (D, k) and bend (D, k, k) there; ends (D, 2): the nodes of
    each unit, the same twice where it has one.
    """
    grid = np.array(list(product(TAUS, repeat=at.size)))
    found = [_at(theta, slope, bend, sd, at, tau, ends) for tau in grid]
    logs = np.array([one[0] for one in found]) - 0.5 * np.sum((grid / SCALE) ** 2, axis=1) + np.log(grid).sum(axis=1)
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    means, variances = np.array([one[1] for one in found]), np.array([one[2] for one in found])
    mean = weight @ means
    spread = weight @ (variances + (means - mean) ** 2)
    units = np.tensordot(weight, np.array([one[3] for one in found]), axes=1)
    new = np.sqrt(spread + weight @ grid**2)
    return Pooled(mean, np.sqrt(spread), np.sqrt(weight @ grid**2), new, units)


def _at(
    theta: Floats, slope: Floats, bend: Floats, sd: Floats, at: Ints, tau: Floats, ends: Ints
) -> tuple[float, Floats, Floats, Floats]:
    """Log evidence of tau (m,), mean and variance of the average slopes given it (m,), and units' slopes (D, 2, m)."""
    prior, own, across = sd**-2.0, bend[:, at][:, :, at], bend[:, :, at]
    inner = np.linalg.inv(own + np.diag(tau**-2.0))  # (D, m, m)
    taken = np.matmul(across, inner)  # (D, k, m)
    precision = np.diag(prior) + (bend - np.matmul(taken, across.transpose(0, 2, 1))).sum(axis=0)
    pulled = slope - np.matmul(taken, slope[:, at, None])[:, :, 0]
    total = pulled.sum(axis=0) - prior * theta
    moved = np.linalg.solve(precision, total)
    left = slope - np.matmul(bend, moved)
    scores = left - np.matmul(taken, left[:, at, None])[:, :, 0]
    inverse = np.linalg.inv(precision)
    robust = inverse @ _meat(scores, ends) @ inverse
    evidence = 0.5 * float(total @ moved) - 0.5 * np.linalg.slogdet(precision)[1]
    evidence += 0.5 * float(np.einsum("dm,dmn,dn->", slope[:, at], inner, slope[:, at]))
    evidence -= 0.5 * float(np.linalg.slogdet(np.eye(at.size) + own * (tau**2)[None, :, None])[1].sum())
    mean = (theta + moved)[at]
    variance = np.maximum(np.diag(inverse), np.diag(robust))[at]
    # A unit's own slope: the mean drawn towards what the unit itself says, and no surer than both allow.
    apart = np.matmul(inner, left[:, at, None])[:, :, 0]
    doubt = np.sqrt(np.diagonal(inner, axis1=1, axis2=2) + variance)
    return evidence, mean, variance, np.stack([mean + apart, doubt], axis=1)


def _meat(scores: Floats, ends: Ints) -> Floats:
    """Sum of products of the scores of units that share a node, (k, k)."""
    nodes = int(ends.max()) + 1
    summed = np.zeros((nodes, scores.shape[1]))
    np.add.at(summed, ends[:, 0], scores)
    two = ends[:, 0] != ends[:, 1]
    np.add.at(summed, ends[two, 1], scores[two])
    return summed.T @ summed - scores[two].T @ scores[two]
