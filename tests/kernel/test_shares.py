"""Variance shares against known answers: Ishigami, correlated normal inputs, and inputs that do nothing."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest
from numpy.typing import NDArray

from fissures.kernel.shares import Shares, design, features, narrowed, ranks, scores, shares

Floats = NDArray[np.float64]

COVARIANCE = np.array([[1.0, 0.6, 0.0, 0.0], [0.6, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, -0.4], [0.0, 0.0, -0.4, 2.0]])
SLOPES = np.array([1.0, 0.5, -1.0, 0.0])
TOTAL = float(SLOPES @ COVARIANCE @ SLOPES)
FIRST = (COVARIANCE @ SLOPES) ** 2 / np.diag(COVARIANCE) / TOTAL  # Var(E[y | x_i]) of normals, in closed form
NULLS = 30
BOTH = 2


def known(which: tuple[int, ...]) -> float:
    """Var(E[y | x_u]) of a linear model with normal inputs."""
    if not which:
        return 0.0
    reach = (COVARIANCE @ SLOPES)[list(which)]
    return float(reach @ np.linalg.solve(COVARIANCE[np.ix_(which, which)], reach))


def shapley() -> Floats:
    """Shapley effects by enumeration (Owen & Prieur 2017)."""
    count, out = SLOPES.size, np.zeros(SLOPES.size)
    for i in range(count):
        others = [k for k in range(count) if k != i]
        for size in range(count):
            for which in combinations(others, size):
                gain = known(tuple(sorted((*which, i)))) - known(which)
                out[i] += gain / (count * comb(count - 1, size))
    return out / TOTAL


def columns(x: Floats) -> list[Floats]:
    """Each input as a table of one column."""
    return [x[:, [k]] for k in range(x.shape[1])]


@pytest.fixture(scope="module")
def linear() -> Shares:
    """A thousand draws of four dependent inputs and thirty that do nothing, under as much noise as there is signal."""
    rng = np.random.default_rng(7)
    x = np.column_stack([rng.multivariate_normal(np.zeros(4), COVARIANCE, 1000), rng.normal(size=(1000, NULLS))])
    y = x[:, :4] @ SLOPES + rng.normal(scale=np.sqrt(TOTAL), size=1000)
    return shares(design(columns(x)), y, np.full(1000, TOTAL))


def test_dependent_normal_inputs_have_the_shares_of_the_closed_form(linear: Shares) -> None:
    assert np.abs(linear.first[:4] - FIRST).max() < 0.1
    assert np.abs((linear.first[:4] - FIRST) / linear.first_error[:4]).max() < 2.5
    assert np.abs((linear.shapley[:4] - shapley()) / linear.shapley_error[:4]).max() < 2.5
    assert abs(linear.between - TOTAL) < 2.5 * linear.between_error


def test_an_input_that_only_goes_with_others_is_worth_knowing_and_carries_little() -> None:
    assert FIRST[3] > 0.0 and SLOPES[3] == 0.0
    assert shapley().sum() == pytest.approx(1.0)
    assert FIRST.sum() > 1.0, "first-order shares of dependent inputs count the same thing twice"


def test_inputs_that_do_nothing_have_zero_in_their_interval(linear: Shares) -> None:
    for share, error in ((linear.shapley, linear.shapley_error), (linear.first, linear.first_error)):
        z = share[4:] / error[4:]
        assert np.mean(np.abs(z) < 1.2816) >= 0.7
        assert abs(share[4:].mean()) < 0.003
    assert linear.told


def test_shares_and_the_rest_add_up_to_one(linear: Shares) -> None:
    assert linear.shapley.sum() + linear.rest == pytest.approx(1.0, abs=1e-12)
    assert abs(linear.rest) < 2.5 * linear.rest_error, "an additive model leaves nothing"
    share, error = linear.together([0, 1])
    assert share == pytest.approx(linear.shapley[:2].sum())
    assert 0.0 < error < linear.shapley_error[:2].sum() + 1e-9


def test_what_settling_an_input_leaves_is_the_conditional_variance() -> None:
    for i in range(4):
        assert float(narrowed(TOTAL, FIRST[i])) == pytest.approx(TOTAL - known((i,)))
    assert float(narrowed(2.0, -0.1)) == 2.0


def test_ishigami_by_its_first_order_shares_and_shapley_effects() -> None:
    rng = np.random.default_rng(2)
    x = rng.uniform(-np.pi, np.pi, (4000, 3))
    y = np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    noise = 4.0
    y = y + rng.normal(scale=np.sqrt(noise), size=4000)
    made = design(columns(x), degree=8, pairs=[(0, 2)], most=6, scored=ranks)
    found = shares(made, y, np.full(4000, noise))
    assert found.first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.035)
    assert found.shapley == pytest.approx([0.4357, 0.4424, 0.1218], abs=0.035)
    assert abs(found.rest) < 0.04


def test_binomial_noise_does_not_hide_a_share() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(1000, 8))
    p = 1.0 / (1.0 + np.exp(2.0 - 0.8 * x[:, 0] - 0.4 * x[:, 1]))
    paths = rng.random((10, 1000)) < p
    means, noise = paths.mean(axis=0), paths.var(axis=0, ddof=1) / 10
    found = shares(design(columns(x), pairs=[(0, 1)]), means, noise)
    exact = shares(design(columns(x), pairs=[(0, 1)]), p, np.zeros(1000))
    assert np.abs((found.shapley[:2] - exact.shapley[:2]) / found.shapley_error[:2]).max() < 2.5
    assert found.shapley[0] > 0.6
    assert found.between == pytest.approx(p.var(), rel=0.25)


def test_noise_alone_is_not_shared_out() -> None:
    rng = np.random.default_rng(4)
    paths = rng.random((4, 1000)) < 0.1
    found = shares(design(columns(rng.normal(size=(1000, 5)))), paths.mean(0), paths.var(0, ddof=1) / 4)
    assert not found.told


def test_the_same_seed_gives_the_same_errors() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(300, 3))
    twice = [shares(design(columns(x)), x[:, 0], np.zeros(300), seed=9).parts for _ in range(BOTH)]
    assert np.array_equal(*twice)


def test_features_are_orthonormal_and_leave_out_what_repeats() -> None:
    rng = np.random.default_rng(6)
    x = rng.normal(size=(200, 1))
    made = features(x, 3)
    assert made.T @ made == pytest.approx(np.eye(3), abs=1e-10)
    assert np.abs(made.sum(axis=0)).max() < 1e-10
    assert features((x > 0).astype(float)).shape == (200, 1)
    assert features(np.ones((200, 1))).shape == (200, 0)
    assert features(rng.normal(size=(200, 5))).shape == (200, 5)
    assert design([x, 2.0 * x]).columns.shape == (200, 2), "the copy adds nothing"


def test_scores_do_not_care_how_an_input_is_written() -> None:
    x = np.random.default_rng(8).normal(size=(100, 1))
    assert np.array_equal(scores(x), scores(np.exp(x)))
    assert np.abs(ranks(x)).max() < 1.0
