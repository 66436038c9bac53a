"""The ladder law against a conditional logit written out by hand, finite differences and a general optimiser."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

from fissures.kernel import ladder as law

Floats = NDArray[np.float64]
Problem = tuple[Floats, NDArray[np.int64], Floats]


def problem(seed: int, n: int = 60, rungs: int = 4, k: int = 3) -> Problem:
    """Random design, rungs reached and weights."""
    g = np.random.default_rng(seed)
    return g.normal(size=(n, rungs, k)), g.integers(0, rungs, n), g.uniform(0.2, 2.0, n)


def by_hand(theta: Floats, design: Floats, reached: NDArray[np.int64], weights: Floats) -> float:
    """Conditional logit, one row at a time (McFadden 1974)."""
    total = 0.0
    for x, j, w in zip(design, reached, weights, strict=True):
        utility = [sum(b * v for b, v in zip(theta, row, strict=True)) for row in x]
        total += w * (utility[j] - np.log(sum(np.exp(u) for u in utility)))
    return float(total)


def slopes(f: Any, x: Floats, step: float = 1e-5) -> Floats:
    """Central differences along each axis, stacked on the first axis."""
    eye = np.eye(x.size) * step
    return np.stack([(np.asarray(f(x + e)) - np.asarray(f(x - e))) / (2 * step) for e in eye])


@pytest.mark.parametrize("seed", range(5))
def test_the_value_is_that_of_a_conditional_logit(seed: int) -> None:
    theta = np.random.default_rng(100 + seed).normal(size=3)
    assert law.log_likelihood(theta, *problem(seed))[0] == pytest.approx(by_hand(theta, *problem(seed)), rel=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_gradient_and_hessian_are_those_of_finite_differences(seed: int) -> None:
    theta, data = np.random.default_rng(100 + seed).normal(size=3), problem(seed)
    _, gradient, bend = law.log_likelihood(theta, *data)
    assert np.allclose(gradient, slopes(lambda x: law.log_likelihood(x, *data)[0], theta), rtol=1e-6, atol=1e-7)
    assert np.allclose(bend, -slopes(lambda x: law.log_likelihood(x, *data)[1], theta), rtol=1e-6, atol=1e-7)
    assert np.allclose(bend, bend.T) and np.linalg.eigvalsh(bend).min() > 0


def test_values_at_many_points_are_those_at_each() -> None:
    data = problem(4)
    thetas = np.random.default_rng(4).normal(size=(30, 3))
    assert np.allclose(
        law.log_likelihoods(thetas, *data), [law.log_likelihood(x, *data)[0] for x in thetas], rtol=1e-12
    )
    value, gradient = law.slope(thetas[0], *data)
    values, gradients = law.slopes(thetas, *data)
    assert np.allclose(values[0], value) and np.allclose(gradients[0], gradient, rtol=1e-10)
    assert (value, gradient.tolist()) == (lambda told: (told[0], told[1].tolist()))(
        law.log_likelihood(thetas[0], *data)
    )


def test_its_maximum_is_the_one_a_general_optimiser_finds() -> None:
    data = problem(1, n=200)
    found = minimize(lambda x: -by_hand(x, *data), np.zeros(3), method="BFGS", options={"gtol": 1e-7})
    assert np.abs(law.log_likelihood(found.x, *data)[1]).max() < 1e-3


def test_a_weight_of_two_is_the_row_twice() -> None:
    design, reached, _ = problem(2, n=10)
    theta = np.array([0.3, -0.2, 0.5])
    twice = law.log_likelihood(theta, np.repeat(design, 2, 0), np.repeat(reached, 2), np.ones(20))
    once = law.log_likelihood(theta, design, reached, np.full(10, 2.0))
    assert once[0] == pytest.approx(twice[0], rel=1e-12)
    assert np.allclose(once[1], twice[1], rtol=1e-12) and np.allclose(once[2], twice[2], rtol=1e-12)


def test_huge_logits_do_not_overflow() -> None:
    design, reached, weights = problem(3)
    value, gradient, bend = law.log_likelihood(np.full(3, 1e4), design, reached, weights)
    assert np.isfinite(value) and np.isfinite(gradient).all() and np.isfinite(bend).all()


def test_logits_by_hand_give_chances_by_hand() -> None:
    z = np.log(np.array([[0.2, 1.0], [0.3, 2.0], [0.5, 5.0]]))
    assert np.allclose(law.probabilities(z), [[0.2, 0.125], [0.3, 0.25], [0.5, 0.625]], rtol=1e-14)


def test_levels_and_basis_of_a_ladder_of_five() -> None:
    assert law.levels(5).tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert law.basis(5).tolist() == [[0, 1, 1, 1, 1], [0, 0.25, 0.5, 0.75, 1], [0, 0.0625, 0.25, 0.5625, 1]]


def moves(mask: NDArray[np.bool_]) -> set[tuple[int, int]]:
    return {(int(r), int(j)) for r, j in np.argwhere(mask)}


def test_masks_name_the_moves_they_say() -> None:
    assert moves(law.climbing(3)) == {(0, 1), (0, 2), (1, 2)}
    assert moves(law.falling(3)) == {(1, 0), (2, 0), (2, 1)}
    assert moves(law.climbing(4, start=1)) == {(1, 2), (1, 3)}
    assert moves(law.climbing(4, end=2)) == {(0, 2), (1, 2)}
    assert moves(law.climbing(4, start=0, end=2)) == {(0, 2)}
    assert moves(law.falling(4, start=3, end=0)) == {(3, 0)}
    assert moves(law.past(4, 1)) == {(0, 2), (0, 3), (1, 2), (1, 3)}


@pytest.mark.parametrize(
    ("uniform", "rung"), [(1e-9, 0), (0.4999, 0), (0.5, 1), (0.7499, 1), (0.75, 2), (1 - 1e-16, 2)]
)
def test_the_uniform_picks_the_rung(uniform: float, rung: int) -> None:
    assert law.move(np.array([[0.5], [0.25], [0.25]]), np.array([uniform])).tolist() == [rung]
