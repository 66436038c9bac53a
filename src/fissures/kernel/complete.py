"""Completing a coarse record: daily rungs drawn from a Markov chain, given weekly intervals and daily bounds.

Forward filtering, backward sampling (Carter & Kohn 1994) on the pair (rung today, highest rung of the week so far),
so that "the highest rung of this week was 2" is used exactly. The chain itself is learnt by turns: complete, count,
complete again (data augmentation, Tanner & Wong 1987, with the posterior mean in place of a draw).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def _allowed(rungs: int, low: Ints, high: Ints) -> Floats:
    """Indicator (..., rungs) of rungs inside [low, high]."""
    j = np.arange(rungs)
    return ((j >= low[..., None]) & (j <= high[..., None])).astype(np.float64)


def _pick(weights: Floats, uniform: Floats) -> Ints:
    """Inverse CDF over the last axis of unnormalised weights (B, n)."""
    running = np.cumsum(weights, axis=1)
    return np.minimum((uniform[:, None] * running[:, -1:] >= running).sum(axis=1), weights.shape[1] - 1)


def sample(
    chain: Floats, low: Ints, high: Ints, week_low: Ints, week_high: Ints, week_of: Ints, counted: Bools, chance: Floats
) -> Ints:
    """One completion for each of B records; shape (B, days).

    chain (rungs, rungs); low, high (B, days); week_low, week_high (B, weeks); week_of, counted (days,): only counted
    days enter a week's highest rung; chance (days, B) uniforms. A record that contradicts itself keeps its daily
    bounds and loses the weekly one.
    """
    rungs, days = chain.shape[0], low.shape[1]
    top = np.maximum(np.arange(rungs)[:, None], np.arange(rungs)[None, :])  # (highest so far, rung) -> highest
    onto = (top[:, :, None] == np.arange(rungs)).astype(np.float64)  # (highest, rung, new highest)
    seen, weekly = _allowed(rungs, low, high), _allowed(rungs, week_low, week_high)
    opens = np.append(True, week_of[1:] != week_of[:-1])
    closes = np.append(opens[1:], True)
    alphas = np.empty((days, low.shape[0], rungs, rungs))  # (rung, highest)
    for t in range(days):
        if t == 0:
            first = seen[:, 0] / seen[:, 0].sum(1, keepdims=True)
            arrive = np.repeat(first[:, None, :], rungs, 1) / rungs
        else:
            arrive = np.matmul(alphas[t - 1].transpose(0, 2, 1), chain)  # (highest, rung)
        if opens[t]:
            arrive = np.concatenate([arrive.sum(1, keepdims=True), np.zeros_like(arrive[:, 1:])], axis=1)
        moved = np.einsum("bmk,mkh->bkh", arrive, onto) if counted[t] else arrive.transpose(0, 2, 1)
        moved = moved * seen[:, t, :, None]
        if closes[t]:
            kept = moved * weekly[:, week_of[t], None, :]
            moved = np.where(kept.sum((1, 2), keepdims=True) > 0, kept, moved)
        alphas[t] = moved / moved.sum((1, 2), keepdims=True)
    return _backward(chain, alphas, top, opens, counted, chance)


def _backward(chain: Floats, alphas: Floats, top: Ints, opens: Bools, counted: Bools, chance: Floats) -> Ints:
    days, batch, rungs, _ = alphas.shape
    out = np.empty((batch, days), np.int64)
    state = _pick(alphas[-1].reshape(batch, -1), chance[-1])
    for t in range(days - 1, 0, -1):
        rung, highest = state // rungs, state % rungs
        out[:, t] = rung
        weights = alphas[t - 1] * chain[:, rung].T[:, :, None]
        if not opens[t]:
            came_from = highest[:, None] == top[:, rung].T if counted[t] else np.arange(rungs) == highest[:, None]
            weights = weights * came_from[:, None, :]
        state = _pick(weights.reshape(batch, -1), chance[t - 1])
    out[:, 0] = state // rungs
    return out


def count_moves(paths: Ints, rungs: int) -> Floats:
    """Observed moves r -> j over all completions; paths (B, days); shape (rungs, rungs)."""
    pairs = paths[:, :-1] * rungs + paths[:, 1:]
    return np.bincount(pairs.ravel(), minlength=rungs * rungs).reshape(rungs, rungs).astype(np.float64)


def normalise(counts: Floats) -> Floats:
    """Rows of counts as chances; shape (rungs, rungs)."""
    return counts / counts.sum(axis=1, keepdims=True)
