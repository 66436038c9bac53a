"""Proper scores of forecasts that are draws, and of chances: lower is better throughout.

Definitions are those of the VIEWS prediction challenge 2023/24 (Hegre et al. 2024), so that numbers compare with its
published ones. Draws stand on the last axis everywhere: draws (..., S), truth (...).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Lower edges of the classes of the ignorance score; the last is open above.
CLASSES = (0.0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5)


def crps(draws: Floats, truth: Floats) -> Floats:
    """Continuous ranked probability score, mean |x - y| - sum |x_i - x_j| / (2 S^2), in the outcome's unit.

    draws (..., S), truth (...); shape (...). The "nrg" form of Gneiting & Raftery (2007), not the fair one: S draws are
    scored as the distribution that they are.

    >>> crps(np.array([0.0, 2.0]), np.array(1.0)).item()
    0.5
    """
    draws = np.sort(np.asarray(draws, np.float64), axis=-1)
    count = draws.shape[-1]
    rank = 2.0 * np.arange(1, count + 1) - count - 1.0
    distance = np.abs(draws - np.asarray(truth, np.float64)[..., None]).mean(axis=-1)
    return distance - draws @ rank / count**2


def ignorance(draws: Floats, truth: Floats, edges: tuple[float, ...] = CLASSES) -> Floats:
    """Minus log2 of the chance of the class that came true, one pseudo-draw added to every class (Roulston & Smith
    2002); in bits, draws (..., S), truth (...), shape (...).

    >>> float(ignorance(np.zeros(5), np.array(0.0)).round(3))
    1.415
    """
    lower = np.asarray(edges)
    drawn, true = (np.searchsorted(lower, values, side="right") - 1 for values in (draws, truth))
    hits = (drawn == np.asarray(true)[..., None]).sum(axis=-1)
    return -np.log2((hits + 1.0) / (np.shape(draws)[-1] + lower.size))


def interval_score(draws: Floats, truth: Floats, level: float = 0.9) -> Floats:
    """Width of the central interval plus 2 / (1 - level) times how far the truth lies outside (Gneiting & Raftery
    2007); in the outcome's unit, draws (..., S), truth (...), shape (...).

    >>> interval_score(np.linspace(0.0, 100.0, 101), np.array(97.0)).round(6).item()
    130.0
    """
    missed = 1.0 - level
    low, high = np.quantile(draws, [missed / 2.0, 1.0 - missed / 2.0], axis=-1)
    outside = np.maximum(low - truth, 0.0) + np.maximum(truth - high, 0.0)
    return high - low + 2.0 / missed * outside


def log_crps(draws: Floats, truth: Floats) -> Floats:
    """The CRPS of log(1 + y): near and far from zero weigh alike; shapes as for `crps`."""
    return crps(np.log1p(draws), np.log1p(truth))


def threshold_crps(draws: Floats, truth: Floats, threshold: float) -> Floats:
    """The CRPS of what lies above a threshold alone, by y -> max(y, threshold) (Allen, Ginsbourger & Ziegel 2023).

    >>> threshold_crps(np.array([0.0, 20.0]), np.array(3.0), 25.0).item()
    0.0
    """
    return crps(np.maximum(draws, threshold), np.maximum(truth, threshold))


def chance(hits: Floats) -> Floats:
    """The chance that draws give to an event, (k + 1/2) / (S + 1): never 0 nor 1; hits (..., S) of 0 and 1."""
    hits = np.asarray(hits, np.float64)
    return (hits.sum(axis=-1) + 0.5) / (hits.shape[-1] + 1.0)


def brier(chances: Floats, happened: Floats) -> Floats:
    """Squared distance of a chance from what happened, 0 or 1 (Brier 1950); shape as given."""
    return (np.asarray(chances) - happened) ** 2


def log_loss(chances: Floats, happened: Floats) -> Floats:
    """Minus log2 of the chance given to what happened; in bits, shape as given.

    >>> log_loss(np.array([0.25, 0.25]), np.array([1.0, 0.0])).round(3).tolist()
    [2.0, 0.415]
    """
    chances = np.asarray(chances, np.float64)
    return -np.log2(np.where(np.asarray(happened) > 0, chances, 1.0 - chances))


def thinned(draws: Floats, count: int) -> Floats:
    """So many evenly spaced order statistics of more draws, or fewer repeated; draws (..., S), shape (..., count).

    >>> thinned(np.array([3.0, 1.0, 2.0]), 6).tolist()
    [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]
    """
    draws = np.sort(draws, axis=-1)
    return draws[..., ((np.arange(count) + 0.5) * draws.shape[-1] / count).astype(np.int64)]


def resampled(draws: Floats, count: int = 1000) -> Floats:
    """Draws stretched to so many by Fourier series and clipped at 0, as the challenge's own scorer does.

    A quirk, needed to reproduce its published numbers where a file holds fewer draws: it invents values that nobody
    forecast, and flatters a forecast of few draws. Shape (..., count).
    """
    from scipy.signal import resample

    return np.asarray(np.clip(resample(draws, count, axis=-1), 0.0, None), np.float64)


def paired_difference(
    ours: Floats, theirs: Floats, seed: int = 1, tries: int = 2000, level: float = 0.9
) -> tuple[float, float, float]:
    """Mean of ours less theirs, and its central interval by a bootstrap over whole blocks (Künsch 1989).

    ours and theirs (blocks, ...), scores on the same cells; a block (a unit, an origin) is drawn whole, since its cells
    are alike. Returns mean, low, high.
    """
    each = (ours - theirs).reshape(len(ours), -1).mean(axis=1)
    chosen = np.random.default_rng(seed).integers(0, each.size, (tries, each.size))
    low, high = np.quantile(each[chosen].mean(axis=1), [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return float(each.mean()), float(low), float(high)
