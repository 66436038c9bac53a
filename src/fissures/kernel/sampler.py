"""A small sampler for blocks whose Laplace approximation is not good enough: Hamiltonian Monte Carlo (Neal 2011).

It runs in the coordinates in which the approximation is a standard normal, where a log-concave block is close to
round; the warm-up's covariance corrects what is left. A quarter of a turn then leads to a nearly independent draw, and
no tree of doublings (NUTS, Hoffman & Gelman 2014) is needed to find out how far to go. Chains march in step, so that
one call evaluates the posterior for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log, log10, nan, pi, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.special import ndtri

from fissures.kernel.posterior import Laplace, Slope

Floats = NDArray[np.float64]

TARGET = 0.8  # chance of accepting that the step size is tuned to
WIDER = 1.5  # than the approximation: starts further apart than the posterior, so that R-hat can tell
LENGTH = pi / 2  # of a trajectory: a quarter of a turn, varied by LENGTH_SPREAD lest a direction come full circle
LENGTH_SPREAD = 0.5
SHRINK = 10.0  # draws a coefficient that the approximation's own roundness weighs against the warm-up's covariance
MOST_LEAPS = 64  # of one trajectory; a step size that would need more has collapsed
FAR = 40.0  # sds from the mode: nothing lies there, and a likelihood may be rounding only, in which a chain gets caught
DIVERGED = 1000.0  # energy lost on a trajectory that has left the posterior (Stan's bound)
MOST_RHAT = 1.01  # and at least 100 effective draws a chain (Vehtari et al. 2021)
LEAST_EFFECTIVE = 100.0


@dataclass(frozen=True)
class Chains:
    """Draws (C, N, k); by coefficient split R-hat, effective draws of the bulk and of the 5 and 95 % tails, (k,) each;
    step size, mean chance of accepting, trajectories that left the posterior, evaluations of its slope by all chains.

    `status` is "mixed", or what is wrong: "diverged", "disagree" (R-hat) or "few" (effective draws).
    """

    draws: Floats
    rhat: Floats
    bulk: Floats
    tail: Floats
    step: float
    accepted: float
    diverged: int
    evaluations: int
    status: str


@dataclass
class _State:
    """Where the chains stand, in white coordinates: points (C, k), log posterior (C,), slope (C, k); and the count of
    evaluations so far."""

    x: Floats
    value: Floats
    slope: Floats
    evaluations: int = 0


class _Tuning:
    """Dual averaging of the log step size (Hoffman & Gelman 2014, algorithm 5), pulled towards twice the first one."""

    def __init__(self, step: float) -> None:
        self.centre, self.lag, self.done = log(2.0 * step), 0.0, 0
        self.now, self.mean = step, step

    def learn(self, chance: float) -> None:
        """Take one trajectory's chance of accepting into account."""
        self.done += 1
        self.lag += (TARGET - chance - self.lag) / (self.done + 10.0)
        now = self.centre - sqrt(self.done) / 0.05 * self.lag
        share = self.done**-0.75
        self.now, self.mean = float(np.exp(now)), float(np.exp(share * now + (1.0 - share) * log(self.mean)))


def sample(
    log_posterior: Slope, laplace: Laplace, starts: Floats, normals: Floats, uniforms: Floats, warmup: int
) -> Chains:
    """Run C chains for T iterations from around the mode and keep those after `warmup`; N = T - warmup >= 4, C >= 2.

    `log_posterior` maps (C, k) to values (C,) and their gradients (C, k). starts (C, k) are standard normals that place
    the chains, half as wide again as the approximation; normals (T, C, k) are the momenta; uniforms (T, C + 1) accept,
    the last one varies the length. The same numbers give the same draws. Raises nothing over what it finds: `status`
    says whether to trust the draws.

    >>> flat = Laplace(np.zeros(1), np.eye(1), 0, True)
    >>> g = np.random.default_rng(1)
    >>> z, u = g.standard_normal((600, 4, 1)), g.random((600, 5))
    >>> sample(lambda x: (-0.5 * x[:, 0] ** 2, -x), flat, z[0], z, u, 200).status
    'mixed'
    """
    back = solve_triangular(laplace.factor, np.eye(laplace.mode.size), lower=True)  # white x -> mode + x back
    half, k = warmup // 2, laplace.mode.size
    with np.errstate(all="ignore"):
        white = _whitened(log_posterior, laplace.mode, back)
        tuning, state = _Tuning(k**-0.25), _start(white, WIDER * starts)
        state, seen, *_ = _march(white, state, normals[:half], uniforms[:half], tuning, True)
        root = _shape(seen[:, half // 2 :].reshape(-1, k))
        back = root.T @ back
        white = _whitened(log_posterior, laplace.mode, back)
        tuning = _Tuning(k**-0.25)
        state = _start(white, solve_triangular(root, state.x.T, lower=True).T, state.evaluations)
        state, *_ = _march(white, state, normals[half:warmup], uniforms[half:warmup], tuning, True)
        state, kept, accepted, diverged = _march(white, state, normals[warmup:], uniforms[warmup:], tuning, False)
    draws = laplace.mode + kept @ back
    rhat, bulk, tail = diagnose(draws)
    status = _status(rhat, np.minimum(bulk, tail), diverged, len(starts))
    return Chains(draws, rhat, bulk, tail, tuning.mean, accepted, diverged, state.evaluations, status)


def _whitened(log_posterior: Slope, mode: Floats, back: Floats) -> Slope:
    """The log posterior in white coordinates; minus infinity, and flat, far out or where something is not a number."""

    def white(x: Floats) -> tuple[Floats, Floats]:
        value, slope = log_posterior(mode + x @ back)
        sound = np.isfinite(value) & np.all(np.isfinite(slope), axis=1) & np.all(np.abs(x) < FAR, axis=1)
        return np.where(sound, value, -inf), np.where(sound[:, None], slope @ back.T, 0.0)

    return white


def _shape(x: Floats) -> Floats:
    """Lower factor of the covariance of warm-up draws (m, k), pulled towards a ball of the same volume of variance with
    the weight of SHRINK k draws; the identity where there are none or they stand still."""
    m, k = x.shape
    spread = np.cov(x.T).reshape(k, k) if m > 1 else np.eye(k)
    ball = float(np.trace(spread)) / k
    if not (np.isfinite(ball) and ball > 0.0):
        return np.eye(k)
    return np.asarray(np.linalg.cholesky((m * spread + SHRINK * k * ball * np.eye(k)) / (m + SHRINK * k)), np.float64)


def _march(
    white: Slope, state: _State, normals: Floats, uniforms: Floats, tuning: _Tuning, learn: bool
) -> tuple[_State, Floats, float, int]:
    """Trajectories one after the other: where the chains end, the points passed (C, T, k), the mean chance of
    accepting, and how many trajectories left the posterior."""
    total, chains, k = normals.shape
    points, accepted, diverged = np.empty((chains, total, k)), 0.0, 0
    for t in range(total):
        step = tuning.now if learn else tuning.mean
        turn = LENGTH * (1.0 + LENGTH_SPREAD * (2.0 * uniforms[t, -1] - 1.0))
        leaps = int(np.clip(np.rint(turn / step), 1, MOST_LEAPS))
        state, chance, lost = _trajectory(white, state, normals[t], uniforms[t, :-1], step, leaps)
        points[:, t] = state.x
        accepted, diverged = accepted + chance / total, diverged + lost
        if learn:
            tuning.learn(chance)
    return state, points, accepted, diverged


def _start(white: Slope, x: Floats, evaluations: int = 0) -> _State:
    """The first state; a chain placed where the posterior is zero starts at the mode."""
    value, slope = white(x)
    lost = ~np.isfinite(value)
    if lost.any():
        x = np.where(lost[:, None], 0.0, x)
        value, slope = white(x)
    return _State(x, value, slope, evaluations + 1)


def _trajectory(
    white: Slope, state: _State, momentum: Floats, uniform: Floats, step: float, leaps: int
) -> tuple[_State, float, int]:
    """One leapfrog trajectory of every chain, its mean chance of being accepted, and how many left the posterior."""
    x, value, slope, p = state.x, state.value, state.slope, momentum
    before = value - 0.5 * np.sum(p**2, axis=1)
    p = p + 0.5 * step * slope
    for leap in range(leaps):
        x = x + step * p
        value, slope = white(x)
        p = p + (step if leap < leaps - 1 else 0.5 * step) * slope
    gain = value - 0.5 * np.sum(p**2, axis=1) - before
    gain = np.where(np.isnan(gain), -inf, gain)
    taken = np.log(uniform) < gain
    chosen = taken[:, None]
    after = _State(
        np.where(chosen, x, state.x),
        np.where(taken, value, state.value),
        np.where(chosen, slope, state.slope),
        state.evaluations + leaps,
    )
    return after, float(np.mean(np.exp(np.minimum(gain, 0.0)))), int(np.sum(gain < -DIVERGED))


def _status(rhat: Floats, effective: Floats, diverged: int, chains: int) -> str:
    if diverged:
        return "diverged"
    if not np.all(rhat <= MOST_RHAT):
        return "disagree"
    return "mixed" if np.all(effective >= LEAST_EFFECTIVE * chains) else "few"


def diagnose(draws: Floats) -> tuple[Floats, Floats, Floats]:
    """Split R-hat on ranks, effective draws of the bulk and the lesser of the tails'; draws (C, N, k), each (k,).

    Tails are 5 % wide, and R-hat is the greater of that of the draws and that of their distances from the median
    (Vehtari, Gelman, Simpson, Carpenter & Buerkner 2021). Draws that are all equal have R-hat nan: they have not mixed.

    >>> rhat, bulk, tail = diagnose(np.random.default_rng(1).standard_normal((4, 500, 1)))
    >>> bool(rhat[0] < 1.01), bool(bulk[0] > 1500), bool(tail[0] > 1000)
    (True, True, True)
    """
    half = draws.shape[1] // 2
    split = np.concatenate([draws[:, :half], draws[:, -half:]])
    with np.errstate(all="ignore"):
        ranked = _scores(split)
        folded = _scores(np.abs(split - np.median(split, axis=(0, 1))))
        ends = np.quantile(draws, [0.05, 0.95], axis=(0, 1))
        tails = [effective((split <= end).astype(np.float64)) for end in ends]
        return np.maximum(_rhat(ranked), _rhat(folded)), effective(ranked), np.minimum(*tails)


def _scores(x: Floats) -> Floats:
    """Normal scores of ranks over chains and draws, equal values sharing their rank (Blom 1958); shape (C, N, k)."""
    out = np.empty_like(x)
    for j in range(x.shape[2]):
        _, same, times = np.unique(x[:, :, j], return_inverse=True, return_counts=True)
        rank = np.cumsum(times) - 0.5 * (times - 1.0)
        out[:, :, j] = ndtri((rank - 0.375) / (x[:, :, j].size + 0.25))[same].reshape(x.shape[:2])
    return out


def _rhat(x: Floats) -> Floats:
    n = x.shape[1]
    between, within = np.var(x.mean(axis=1), axis=0, ddof=1), np.var(x, axis=1, ddof=1).mean(axis=0)
    return np.sqrt(between / within + (n - 1.0) / n)


def effective(x: Floats) -> Floats:
    """Effective draws for the mean of chains x (C, N, k), by Geyer's initial monotone sequence; shape (k,).

    Geyer 1992; Vehtari et al. 2021. Chains should already be split. All equal counts as all effective.

    >>> bool(effective(np.random.default_rng(1).standard_normal((4, 500, 1)))[0] > 1500)
    True
    """
    chains, n, k = x.shape
    centred = x - x.mean(axis=1, keepdims=True)
    power = np.abs(np.fft.rfft(centred, 2 * n, axis=1)) ** 2
    lagged = np.fft.irfft(power, 2 * n, axis=1)[:, :n].mean(axis=0) / n  # (n, k)
    within = lagged[0] * n / (n - 1.0)
    spread = lagged[0] + (x.mean(axis=1).var(axis=0, ddof=1) if chains > 1 else 0.0)
    rho = 1.0 - (within - lagged) / spread
    rho[0] = 1.0
    same = np.ptp(x, axis=(0, 1)) < np.finfo(float).resolution
    return np.array([chains * n if same[j] else chains * n / _time(rho[:, j], chains * n) for j in range(k)], float)


def _time(rho: Floats, draws: int) -> float:
    """Integrated autocorrelation time (n,): sums of pairs of lags while positive, made to fall, and half the next."""
    most = max((rho.size - 1) // 2 - 1, 0)
    pairs = rho[: 2 * (most + 1)].reshape(-1, 2).sum(axis=1)
    ended = np.flatnonzero(pairs <= 0.0)
    last = int(ended[0]) if ended.size else most
    total = 2.0 * float(np.minimum.accumulate(pairs[:last]).sum()) - 1.0 + max(float(rho[2 * last]), 0.0)
    return nan if np.isnan(rho).any() else max(total, 1.0 / log10(draws))
