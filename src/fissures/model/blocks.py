"""Blocks of the posterior: what shares a coefficient is fitted together, at every point of the outer grid.

The outer grid is tau, the doubt that all claims share, times the completions of the record. At each of its points a
block is log-concave but for the sizes of streams, so a mode and a Laplace approximation describe it (as in INLA: Rue,
Martino and Chopin 2009). tau is weighed by the evidence of all blocks together, completions count alike (Rubin 1987).
Importance weights against the exact posterior judge every block (k-hat), and carry the draws of narrow ones the rest of
the way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fissures.kernel import importance, sampler
from fissures.kernel.posterior import Laplace, fit_mode, follow, log_evidence
from fissures.kernel.rng import name_key, path_numbers, uniforms
from fissures.model.causes import DRAWS, Block, normals

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

STATED = 0.4  # the scale of doubt at which a claim's prior is as stated
# Of half-normal(.4): the root mean square of each fifth, so that claims have their stated sds before the data.
TAUS = (0.0583, 0.1577, 0.2734, 0.4209, 0.721)
PROPOSALS = 1000
CENTRING = 32  # normals, used with both signs, by which a wide block's approximation is moved to its mean
JUDGED = 400  # proposals by which a wide block is judged
ITERATIONS, CHAINS = 900, 4  # of the sampler, a third of them to warm up
MOST_CARRIED = 30  # coefficients up to which draws are carried by weights; beyond, the approximation stands at its mean
LAPLACE, CENTRED = "mode + Laplace", "Laplace at the mean"
CORRECTED, SAMPLED = "mode + Laplace, corrected", "sampled (Hamiltonian Monte Carlo)"
_FROM_BEST = (CORRECTED, CENTRED, SAMPLED, LAPLACE)
LEAST_GROUP = 0.02  # of all draws: a point of the grid with fewer stays at its Laplace approximation


@dataclass(frozen=True)
class Part:
    """One likelihood over some of a block's columns: its law, and what the law is given beside coefficients."""

    columns: Ints
    law: ModuleType  # `kernel.ladder` or `kernel.streams`: both offer the same four functions
    given: Mapping[str, NDArray[Any]]

    def curve(self, theta: Floats) -> tuple[float, Floats, Floats]:
        """Value, gradient and negative Hessian."""
        return self.law.log_likelihood(theta, **self.given)

    def slope(self, theta: Floats) -> tuple[float, Floats]:
        """Value and gradient."""
        return self.law.slope(theta, **self.given)

    def many(self, thetas: Floats) -> Floats:
        """Values at many points (m, k)."""
        return self.law.log_likelihoods(thetas, **self.given)

    def slopes(self, thetas: Floats) -> tuple[Floats, Floats]:
        """Values and gradients at many points (m, k)."""
        return self.law.slopes(thetas, **self.given)


@dataclass(frozen=True)
class Joint:
    """Everything that shares coefficients: names, prior mean and sd (k,) at the stated doubt, which of them are claims
    (whose sd goes with tau), and the parts of the likelihood on each completion of the record."""

    name: str
    names: tuple[str, ...]
    mean: Floats
    sd: Floats
    claims: Bools
    parts: tuple[tuple[Part, ...], ...]

    def scaled(self, tau: float) -> Floats:
        """Prior sds at a scale of doubt: c = m + tau (s / .4) z."""
        return np.where(self.claims, self.sd * (tau / STATED), self.sd)

    def curve(self, completion: int, theta: Floats) -> tuple[float, Floats, Floats]:
        """Log likelihood on a completion, with gradient and negative Hessian."""
        value, slope, bend = 0.0, np.zeros(theta.size), np.zeros((theta.size, theta.size))
        for part in self.parts[completion]:
            own = part.curve(theta[part.columns])
            value += own[0]
            slope[part.columns] += own[1]
            bend[np.ix_(part.columns, part.columns)] += own[2]
        return value, slope, bend

    def slope(self, completion: int, theta: Floats) -> tuple[float, Floats]:
        """Log likelihood on a completion, with gradient."""
        value, out = 0.0, np.zeros(theta.size)
        for part in self.parts[completion]:
            own = part.slope(theta[part.columns])
            value += own[0]
            out[part.columns] += own[1]
        return value, out

    def slopes(self, completion: int, tau: float, thetas: Floats) -> tuple[Floats, Floats]:
        """Log posterior and its gradient at many thetas (m, k); shapes (m,) and (m, k)."""
        gap = (thetas - self.mean) / self.scaled(tau)
        value, out = -0.5 * np.sum(gap**2, axis=1), -gap / self.scaled(tau)
        for part in self.parts[completion]:
            own = part.slopes(thetas[:, part.columns])
            value = value + own[0]
            out[:, part.columns] += own[1]
        return value, out

    def log_posterior(self, completion: int, tau: float, thetas: Floats) -> Floats:
        """Log likelihood and log prior, without the prior's constants, at many thetas (m, k); shape (m,)."""
        value = -0.5 * np.sum(((thetas - self.mean) / self.scaled(tau)) ** 2, axis=1)
        for part in self.parts[completion]:
            value = value + part.many(thetas[:, part.columns])
        return value


@dataclass(frozen=True)
class Solved:
    """A block at every point of the outer grid: fits by tau and completion, and the log evidence of each tau (T,)."""

    block: Joint
    taus: tuple[float, ...]
    fits: tuple[tuple[Laplace, ...], ...]
    evidence: Floats

    @property
    def converged(self) -> bool:
        """Whether every fit found its mode."""
        return all(fit.converged for row in self.fits for fit in row)


def solve(block: Joint, taus: Sequence[float] = TAUS) -> Solved:
    """Mode and Laplace approximation at every point of the grid; log evidence of each tau, completions alike.

    Wide blocks are solved at the doubt next to the stated one, and followed from there to the others.
    """
    columns = [_over_taus(block, c, taus) for c in range(len(block.parts))]
    told = np.array(
        [[log_evidence(fit, block.scaled(t)) for fit, t in zip(fits, taus, strict=True)] for fits in columns]
    )
    top = told.max(axis=0)
    evidence = np.log(np.mean(np.exp(told - top), axis=0)) + top
    return Solved(block, tuple(taus), tuple(zip(*columns, strict=True)), evidence)


def _over_taus(block: Joint, completion: int, taus: Sequence[float]) -> list[Laplace]:
    """Fits at every tau on one completion."""
    curve, slope = partial(block.curve, completion), partial(block.slope, completion)
    middle = min(range(len(taus)), key=lambda t: abs(taus[t] - STATED))
    sd = block.scaled(taus[middle])
    first = fit_mode(curve, block.mean, sd)
    if len(block.names) <= MOST_CARRIED:
        return [fit_mode(curve, block.mean, block.scaled(tau), start=first.mode) for tau in taus]
    # The same normals for every seed: where the mean lies is no matter of chance.
    z = np.stack([_keyed_normals(1, name, path_numbers(0, CENTRING)) for name in block.names], axis=1)
    shift = importance.centred(first, partial(block.slopes, completion, taus[middle]), z, rounds=2).mode - first.mode
    others = [follow(slope, first, block.mean, sd, block.scaled(tau)) for tau in taus]
    return [replace(fit, mode=fit.mode + shift) for fit in others]


def weigh(solved: Sequence[Solved], taus: Sequence[float] = TAUS) -> Floats:
    """Posterior weights of the doubts (T,), from all blocks together; the grid's points are equally likely before."""
    told = np.sum([one.evidence for one in solved], axis=0) if solved else np.zeros(len(taus))
    return importance.grid_weights(told, np.zeros(len(taus)))


def spread(weights: Floats, seed: int) -> Ints:
    """Which doubt each draw stands on; shape (D,)."""
    key = name_key(seed, "tau", "draw")
    return importance.assign(weights, uniforms(key, 0, path_numbers(0, DRAWS))[:, None])[:, 0]


@dataclass(frozen=True)
class _Way:
    """How the draws at one point of the grid were made: by what method, with what k-hat and effective draws."""

    method: str
    khat: float
    effective: float


def draw(
    solved: Solved, tau_of: Ints, completion_of: Ints, seed: int, full: bool = False
) -> tuple[dict[str, Floats], Block]:
    """Draws of a block's coefficients by name (D,), each on its own doubt and completion, and how it went.

    Narrow blocks are carried by weights, or sampled where those fail. Wide ones stand at their mean, and are sampled
    where their k-hat is too high, or where `full` asks for it; that takes minutes.
    """
    block = solved.block
    z = np.stack([normals(seed, name) for name in block.names], axis=1)
    out = np.empty_like(z)
    completions = completion_of if len(block.parts) > 1 else np.zeros_like(completion_of)
    wide = len(block.names) > MOST_CARRIED
    judged = _Way(CENTRED, *diagnose(solved, int(np.bincount(tau_of).argmax()), seed)) if wide else None
    sampling = judged is not None and (full or judged.khat > importance.SURE)
    pairs, sizes = np.unique(np.stack([tau_of, completions]), axis=1, return_counts=True)
    ways: list[_Way] = []
    for (t, c), size in zip(pairs.T.tolist(), sizes.tolist(), strict=True):
        mine = (tau_of == t) & (completions == c)
        if size < LEAST_GROUP * DRAWS or (wide and not sampling):
            out[mine] = solved.fits[t][c].draw(z[mine])
        elif judged is None:
            out[mine], way = _carried(solved, t, c, z[mine], seed)
            ways.append(way)
        else:
            out[mine], way = _sampled(solved, t, c, z[mine], seed, judged)
            ways.append(way)
    if judged is not None and not sampling:
        ways.append(judged)
    return dict(zip(block.names, out.T.copy(), strict=True)), _told(solved, ways)


def _carried(solved: Solved, t: int, c: int, z: Floats, seed: int) -> tuple[Floats, _Way]:
    """Draws at one point of the grid carried to the exact posterior: by weights, or by a sampler where those fail."""
    block, fit = solved.block, solved.fits[t][c]
    proposals = _proposals(block, fit, PROPOSALS, seed)
    weights = importance.smooth(importance.log_weights(proposals, partial(block.log_posterior, c, solved.taus[t])))
    if weights.khat <= importance.SURE and weights.effective >= importance.ENOUGH:
        carried = importance.carry(fit, z, proposals.theta, weights.share, importance.usual_weights(proposals))
        return carried, _Way(CORRECTED, weights.khat, weights.effective)
    return _sampled(solved, t, c, z, seed, _Way(LAPLACE, weights.khat, weights.effective))


def _sampled(solved: Solved, t: int, c: int, z: Floats, seed: int, otherwise: _Way) -> tuple[Floats, _Way]:
    """Draws at one point of the grid carried to what chains found; as they were where the chains did not mix."""
    block, fit = solved.block, solved.fits[t][c]
    numbers = path_numbers(0, ITERATIONS * CHAINS)
    momenta = np.stack([_keyed_normals(seed, f"{name} momentum", numbers) for name in block.names], axis=1)
    chance = np.stack([uniforms(name_key(seed, block.name, f"chain {n}"), 0, path_numbers(0, ITERATIONS))
                       for n in range(CHAINS + 1)], axis=1)  # fmt: skip
    starts = np.stack([_keyed_normals(seed, f"{name} start", path_numbers(0, CHAINS)) for name in block.names], axis=1)
    walk = momenta.reshape(ITERATIONS, CHAINS, -1)
    chains = sampler.sample(partial(block.slopes, c, solved.taus[t]), fit, starts, walk, chance, ITERATIONS // 3)
    if chains.status != "mixed":
        return fit.draw(z), otherwise
    points = chains.draws.reshape(-1, len(block.names))
    carried = importance.carry(fit, z, points, np.full(len(points), 1.0 / len(points)))
    return carried, _Way(SAMPLED, otherwise.khat, float(np.minimum(chains.bulk, chains.tail).min()))


def _told(solved: Solved, ways: list[_Way]) -> Block:
    """What a reader should know of a block: how it was done at its worst point, and how far that can be trusted."""
    name, count = solved.block.name, len(solved.block.names)
    if not ways:
        return Block(name, LAPLACE, solved.converged, count)
    worst = max(ways, key=lambda way: (_FROM_BEST.index(way.method), way.khat))
    return Block(name, worst.method, solved.converged, count, worst.khat, worst.effective)


def _proposals(block: Joint, fit: Laplace, count: int, seed: int) -> importance.Proposals:
    numbers = path_numbers(0, count)
    z = np.stack([_keyed_normals(seed, name, numbers) for name in block.names], axis=1)
    return importance.student(fit, z, uniforms(name_key(seed, block.name, "proposal scale"), 0, numbers))


def _keyed_normals(seed: int, name: str, numbers: NDArray[np.uint64]) -> Floats:
    from scipy.special import ndtri

    return np.asarray(ndtri(uniforms(name_key(seed, name, "proposal"), 0, numbers)), np.float64)


def diagnose(solved: Solved, t: int, seed: int) -> tuple[float, float]:
    """k-hat and effective share of proposals, as of 1,000, of a block too wide to be carried, at one doubt on the first
    completion."""
    made = _proposals(solved.block, solved.fits[t][0], JUDGED, seed)
    log_weight = importance.log_weights(made, partial(solved.block.log_posterior, 0, solved.taus[t]), at_once=50)
    judged = importance.smooth(log_weight)
    return judged.khat, judged.effective * PROPOSALS / JUDGED


def moments(solved: Solved, weights: Floats) -> tuple[Floats, Floats]:
    """Mean and sd of every coefficient over the outer grid, by Laplace alone; (k,) each."""
    modes = np.array([[fit.mode for fit in row] for row in solved.fits])
    sds = np.array([[fit.sd() for fit in row] for row in solved.fits])
    share = weights[:, None, None] / modes.shape[1]
    mean = np.sum(share * modes, axis=(0, 1))
    return mean, np.sqrt(np.sum(share * (sds**2 + (modes - mean) ** 2), axis=(0, 1)))
