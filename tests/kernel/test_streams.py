"""Streams against SciPy's negative binomial."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import nbinom

from fissures.kernel import streams

from .test_ladder import slopes

Floats = NDArray[np.float64]


def problem(seed: int, n: int = 50) -> tuple[Floats, Floats, Floats]:
    """Random design, counts and lengths of spans."""
    g = np.random.default_rng(seed)
    return g.normal(0, 0.5, (n, 3)), g.poisson(2.0, n).astype(float), g.integers(1, 8, n).astype(float)


@pytest.mark.parametrize("size", [0.05, 0.5, 3.0, 20.0])
def test_the_value_is_scipys_sum(size: float) -> None:
    design, counts, days = problem(1)
    beta = np.array([0.4, -0.3, 0.2])
    mean, k = days * np.exp(design @ beta), days * size
    expected = nbinom.logpmf(counts, k, k / (k + mean)).sum()
    assert streams.log_likelihood(np.append(beta, np.log(size)), design, counts, days)[0] == pytest.approx(
        expected, rel=1e-10
    )


@pytest.mark.parametrize("size", [0.05, 0.5, 20.0])
def test_gradient_and_hessian_are_those_of_finite_differences(size: float) -> None:
    data = problem(2)
    theta = np.array([0.4, -0.3, 0.2, np.log(size)])
    _, gradient, bend = streams.log_likelihood(theta, *data)
    assert np.allclose(gradient, slopes(lambda x: streams.log_likelihood(x, *data)[0], theta), rtol=1e-5, atol=1e-6)
    assert np.allclose(bend, -slopes(lambda x: streams.log_likelihood(x, *data)[1], theta), rtol=1e-4, atol=1e-5)


def test_values_at_many_points_are_those_at_each() -> None:
    data = problem(3)
    thetas = np.random.default_rng(1).normal(0, 1, (40, 4))
    each = [streams.log_likelihood(theta, *data)[0] for theta in thetas]
    assert np.allclose(streams.log_likelihoods(thetas, *data), each, rtol=1e-10)
    assert streams.slope(thetas[0], *data)[0] == each[0]
    values, gradients = streams.slopes(thetas, *data)
    assert np.allclose(values, each) and np.allclose(gradients[3], streams.slope(thetas[3], *data)[1])


def test_a_week_is_seven_days() -> None:
    """The sum of seven days has the distribution that the likelihood gives a span of seven."""
    day = nbinom.pmf(np.arange(60), 0.6, 0.6 / (0.6 + 0.4))
    week = day
    for _ in range(6):
        week = np.convolve(week, day)[:60]
    found = [
        streams.log_likelihood(np.log([0.4, 0.6]), np.ones((1, 1)), np.array([float(c)]), np.array([7.0]))[0]
        for c in range(20)
    ]
    assert np.allclose(np.exp(found), week[:20], rtol=1e-9)


def wide(seed: int, n: int = 20_000) -> tuple[Floats, Floats, Floats]:
    """Uniforms, means from a millionth to 500 and sizes from .05 to 20; a tenth of the uniforms far out."""
    g = np.random.default_rng(seed)
    uniform = g.uniform(size=n)
    uniform[: n // 10] = 1 - 10 ** g.uniform(-9, -1, n // 10)
    uniform[-n // 10 :] = 10 ** g.uniform(-9, -1, n // 10)
    return uniform, 10 ** g.uniform(-6, np.log10(500), n), 10 ** g.uniform(np.log10(0.05), np.log10(20), n)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_count_of_a_uniform_is_scipys(seed: int) -> None:
    uniform, mean, size = wide(seed)
    count = streams.quantile(uniform, mean, size)
    expected = nbinom.ppf(uniform, size, size / (size + mean))
    inside = expected < streams.MOST
    assert inside.mean() > 0.99
    assert (count == expected)[inside].mean() > 0.999


@pytest.mark.parametrize("seed", [1, 2])
def test_where_the_two_differ_the_uniform_lies_on_the_edge(seed: int) -> None:
    uniform, mean, size = wide(seed)
    count = streams.quantile(uniform, mean, size)
    p, inside = size / (size + mean), count < streams.MOST
    reach, under = nbinom.cdf(count, size, p), nbinom.cdf(count - 1, size, p)
    assert (uniform <= reach + 1e-11)[inside].all() and (uniform >= under - 1e-11)[inside].all()


def test_many_counts_have_the_mean_and_spread_they_should() -> None:
    uniform = (np.arange(100_000) + 0.5) / 100_000
    count = streams.quantile(uniform, np.full(100_000, 2.0), np.full(100_000, 0.7))
    assert count.mean() == pytest.approx(2.0, rel=0.01)
    assert count.var() == pytest.approx(2.0 + 4.0 / 0.7, rel=0.02)


def test_no_mean_no_events() -> None:
    assert streams.quantile(np.array([0.999999]), np.array([0.0]), np.array([0.5])).tolist() == [0]


def test_no_day_brings_more_than_the_most() -> None:
    count = streams.quantile(np.array([1 - 1e-12]), np.array([500.0]), np.array([0.05]))
    assert count[0] <= streams.MOST


def test_neighbours_do_not_change_a_count() -> None:
    uniform, mean, size = wide(3, 400)
    together = streams.quantile(uniform, mean, size)
    alone = [streams.quantile(uniform[k : k + 1], mean[k : k + 1], size[k : k + 1])[0] for k in range(400)]
    assert together.tolist() == alone
