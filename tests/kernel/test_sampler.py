"""The sampler against known normals, quadrature, importance correction and arviz-stats' diagnostics."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from arviz_stats.base import array_stats
from numpy.typing import NDArray

from fissures.kernel import importance, sampler
from fissures.kernel.posterior import Laplace, Slope
from fissures.kernel.sampler import Chains

from .test_importance import FewCounts, Known, close, corrected, few_counts, quadrature, weighted

Floats = NDArray[np.float64]


def run(
    log_posterior: Slope, laplace: Laplace, seed: int = 1, kept: int = 1000, warmup: int = 400, chains: int = 4
) -> Chains:
    """Sample with numbers of a seed."""
    g, k, total = np.random.default_rng(seed), laplace.mode.size, kept + warmup
    normals, uniforms = g.standard_normal((total, chains, k)), g.random((total, chains + 1))
    return sampler.sample(log_posterior, laplace, g.standard_normal((chains, k)), normals, uniforms, warmup)


def pooled(chains: Chains) -> Floats:
    """All draws below one another."""
    return chains.draws.reshape(-1, chains.draws.shape[2])


def normal(seed: int, k: int) -> tuple[Slope, Floats, Floats]:
    """A correlated normal with its mean and covariance."""
    g = np.random.default_rng(seed)
    root, mean = g.standard_normal((k, k)), g.standard_normal(k)
    covariance = root @ root.T / k + 0.1 * np.eye(k)
    precision = np.linalg.inv(covariance)

    def log_density(theta: Floats) -> tuple[Floats, Floats]:
        slope = -(theta - mean) @ precision
        return 0.5 * np.sum((theta - mean) * slope, axis=1), slope

    return log_density, mean, covariance


@pytest.mark.parametrize("wrong", [1.0, 0.6, 1.6])
@pytest.mark.parametrize("k", [1, 2, 9, 30])
def test_a_normal_is_found_again(k: int, wrong: float) -> None:
    """Means within Monte Carlo error and sds within 5 %, also where the approximation is off in place and width."""
    log_density, mean, covariance = normal(k, k)
    factor = wrong * np.linalg.cholesky(np.linalg.inv(covariance))
    chains = run(log_density, Laplace(mean + 0.2, factor, 0, True), seed=2, kept=2000)
    sd = np.sqrt(np.diag(covariance))
    assert chains.status == "mixed"
    assert 0.7 < chains.accepted < 0.95
    assert np.all(np.abs(pooled(chains).mean(axis=0) - mean) < 4 * sd / np.sqrt(chains.bulk))
    assert np.all(np.abs(pooled(chains).std(axis=0) / sd - 1) < 0.05)
    assert np.all(chains.bulk > 2000) and np.all(chains.tail > 2000)


@pytest.mark.slow
def test_a_block_of_150_coefficients() -> None:
    log_density, mean, covariance = normal(5, 150)
    factor = 1.2 * np.linalg.cholesky(np.linalg.inv(covariance))
    chains = run(log_density, Laplace(mean, factor, 0, True), kept=2000)
    sd = np.sqrt(np.diag(covariance))
    assert chains.status == "mixed"
    assert np.all(np.abs(pooled(chains).mean(axis=0) - mean) < 4 * sd / np.sqrt(chains.bulk))
    assert np.all(np.abs(pooled(chains).std(axis=0) / sd - 1) < 0.06)


@pytest.mark.parametrize(("seed", "n", "rate"), [(1, 30, -2.5), (3, 200, -3.5), (4, 30, 0.5)])
@pytest.mark.parametrize("free", [False, True])
def test_a_skewed_posterior_is_what_quadrature_finds(seed: int, n: int, rate: float, free: bool) -> None:
    problem = few_counts(seed, n, 1, rate, free=free)
    chains = run(problem.slopes, problem.fit(), kept=2000)
    assert chains.status == "mixed"
    assert close(pooled(chains), np.full(8000, 1 / 8000), quadrature(problem), part=0.6)


@pytest.mark.parametrize(("seed", "n", "rate"), [(1, 60, -2.5), (2, 300, -4.0), (3, 1826, -3.0)])
def test_correction_agrees_with_the_sampler(seed: int, n: int, rate: float) -> None:
    """Eight slopes and the log size of a negative binomial stream with few events."""
    problem = few_counts(seed, n, 8, rate)
    laplace, weights, theta, drawn = corrected(problem)
    chains = run(problem.slopes, laplace)
    assert chains.status == "mixed"
    known = Known(*weighted(pooled(chains), np.full(4000, 1 / 4000)), 0.0)
    assert weights.khat < importance.SURE
    assert close(theta, weights.share, known)
    assert close(drawn, np.full(len(drawn), 1 / len(drawn)), known)
    equal = np.full(4000, 1 / 4000)
    z = np.random.default_rng(3).standard_normal((4000, 9))
    assert close(importance.carry(laplace, z, pooled(chains), equal), equal, known)


def test_the_gradient_of_the_test_problem_is_right() -> None:
    problem = few_counts(1, 50, 3, -1.0)
    theta = np.random.default_rng(1).normal(0, 0.3, (5, 4))
    for j in range(4):
        step = 1e-5 * np.eye(4)[j]
        slope = (problem.log_posterior(theta + step) - problem.log_posterior(theta - step)) / 2e-5
        assert np.allclose(problem.slopes(theta)[1][:, j], slope, rtol=1e-5, atol=1e-6)
    assert np.allclose(
        problem.curve(theta[0])[1], problem.slopes(theta)[1][0] + (theta[0] - problem.mean) / problem.sd**2
    )


def test_the_same_numbers_give_the_same_draws() -> None:
    problem = few_counts(1, 60, 2, -2.0)
    once, again = (run(problem.slopes, problem.fit(), kept=200) for _ in range(2))
    assert np.array_equal(once.draws, again.draws)
    assert not np.array_equal(once.draws, run(problem.slopes, problem.fit(), seed=2, kept=200).draws)


def test_nearby_data_give_nearby_answers() -> None:
    """Carried to a sampler's draws too, a draw with the same normals moves with the data."""
    problem = few_counts(2, 120, 2, -2.0)
    counts = problem.counts.copy()
    counts[np.flatnonzero(counts)[0]] += 1
    z = np.random.default_rng(3).standard_normal((1000, 3))
    drawn = []
    for one in (problem, FewCounts(problem.design, counts, problem.mean, problem.sd)):
        laplace = one.fit()
        chains = run(one.slopes, laplace)
        drawn.append(importance.carry(laplace, z, pooled(chains), np.full(4000, 1 / 4000)) / laplace.sd())
    assert np.all((drawn[1] - drawn[0]).std(axis=0) < 0.2)


# What does not mix says so


def flat(k: int = 2) -> Laplace:
    """A standard normal approximation."""
    return Laplace(np.zeros(k), np.eye(k), 0, True)


def test_chains_in_two_valleys_disagree() -> None:
    def two(theta: Floats) -> tuple[Floats, Floats]:
        side = np.where(theta[:, :1] > 0, 12.0, -12.0) * np.array([1.0, 0.0])
        return -0.5 * np.sum((theta - side) ** 2, axis=1), -(theta - side)

    assert run(two, flat(), kept=200).status == "disagree"


def test_a_cliff_that_throws_trajectories_out_is_told() -> None:
    def funnel(theta: Floats) -> tuple[Floats, Floats]:
        narrow = np.exp(-theta[:, 0])
        value = -0.5 * theta[:, 0] ** 2 / 9 - 0.5 * theta[:, 1] ** 2 * narrow**2 - theta[:, 0]
        first = -theta[:, 0] / 9 + theta[:, 1] ** 2 * narrow**2 - 1
        return value, np.stack([first, -theta[:, 1] * narrow**2], axis=1)

    assert run(funnel, flat()).status != "mixed"


@pytest.mark.parametrize("value", [np.nan, -np.inf, np.inf])
def test_a_posterior_that_is_no_number_raises_nothing(value: float) -> None:
    def broken(theta: Floats) -> tuple[Floats, Floats]:
        return np.full(len(theta), value), np.full(theta.shape, np.nan)

    chains = run(broken, flat(), kept=50, warmup=50)
    assert chains.status != "mixed"
    assert np.all(np.isfinite(chains.draws))


def test_a_chain_placed_outside_starts_at_the_mode() -> None:
    def bounded(theta: Floats) -> tuple[Floats, Floats]:
        inside = np.all(np.abs(theta) < 0.5, axis=1)
        return np.where(inside, -0.5 * np.sum(theta**2, axis=1), -np.inf), -theta

    chains = run(bounded, flat(1), kept=1000)
    assert np.all(np.abs(chains.draws) < 0.5)
    assert pooled(chains).std() == pytest.approx(0.28, abs=0.02)


def test_a_likelihood_that_is_rounding_only_far_out_catches_no_chain() -> None:
    """Where the size overflows, gamma functions differ by noise; a chain that lands there would never leave."""
    problem = few_counts(1, 60, 2, -2.0)
    for seed in (2, 3, 4):
        chains = run(problem.slopes, problem.fit(), seed=seed)
        assert (chains.diverged, chains.status) == (0, "mixed")


def test_too_few_draws_are_told() -> None:
    log_density, mean, covariance = normal(1, 3)
    laplace = Laplace(mean, np.linalg.cholesky(np.linalg.inv(covariance)), 0, True)
    assert run(log_density, laplace, kept=40).status in ("few", "disagree")


# Diagnostics


def samples() -> dict[str, Floats]:
    """Chains of many characters, (C, N)."""
    g = np.random.default_rng(0)
    return {
        "independent": g.standard_normal((4, 500)),
        "wandering": np.cumsum(g.standard_normal((4, 501)), axis=1),
        "tied": g.integers(0, 3, (4, 100)).astype(float),
        "short": -np.abs(g.standard_normal((2, 7))),
        "shortest": g.standard_normal((2, 4)),
        "repeating": np.repeat(g.standard_normal((3, 50)), 4, axis=1),
        "alternating": g.standard_normal((4, 300)) * 0.2 + (-1.0) ** np.arange(300),
        "apart": g.standard_normal((4, 200)) + np.arange(4)[:, None],
    }


@pytest.mark.parametrize("kind", samples())
def test_diagnostics_are_those_of_arviz(kind: str) -> None:
    x: Any = samples()[kind]
    rhat, bulk, tail = sampler.diagnose(x[:, :, None])
    assert rhat[0] == pytest.approx(float(array_stats.rhat(x)), abs=1e-6)
    assert bulk[0] == pytest.approx(float(array_stats.ess(x, method="bulk")), rel=1e-6)
    assert tail[0] == pytest.approx(float(array_stats.ess(x, method="tail", prob=(0.05, 0.95))), rel=1e-6)


def test_coefficients_are_diagnosed_one_by_one() -> None:
    parts = [x for x in samples().values() if x.shape == (4, 500)] * 2
    together = sampler.diagnose(np.stack([parts[0], parts[1][::-1] ** 3], axis=2))
    alone = sampler.diagnose(parts[1][::-1, :, None] ** 3)
    assert np.allclose([one[1] for one in together], np.ravel(alone), rtol=1e-12)
