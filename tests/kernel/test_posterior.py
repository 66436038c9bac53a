"""Mode and Laplace approximation against a general optimiser and the inverse Hessian."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from fissures.kernel.posterior import Curve, fit_mode

Floats = NDArray[np.float64]


def logistic(seed: int, n: int = 80, k: int = 4, scale: float = 1.0) -> Curve:
    """Log likelihood of a logistic regression on random data, with gradient and negative Hessian."""
    g = np.random.default_rng(seed)
    x, y = g.normal(size=(n, k)), g.integers(0, 2, n)

    def curve(theta: Floats) -> tuple[float, Floats, Floats]:
        eta = x @ theta
        p = expit(eta)
        value = float(y @ eta - np.logaddexp(0, eta).sum())
        return scale * value, scale * (x.T @ (y - p)), scale * ((x * (p * (1 - p))[:, None]).T @ x)

    return curve


def nothing(theta: Floats) -> tuple[float, Floats, Floats]:
    """The likelihood of no data."""
    return 0.0, np.zeros(theta.size), np.zeros((theta.size, theta.size))


MEAN, SD = np.array([0.5, -0.5, 0.0, 1.0]), np.array([0.4, 1.0, 2.0, 0.3])


@pytest.mark.parametrize("seed", range(6))
def test_the_mode_is_the_one_a_general_optimiser_finds(seed: int) -> None:
    curve = logistic(seed)
    laplace = fit_mode(curve, MEAN, SD)

    def objective(theta: Floats) -> tuple[float, Floats]:
        value, slope, _ = curve(theta)
        gap = (theta - MEAN) / SD
        return -(value - 0.5 * gap @ gap), -(slope - gap / SD)

    found = minimize(objective, np.zeros(4), jac=True, method="BFGS", options={"gtol": 1e-9})
    assert laplace.converged
    assert np.allclose(laplace.mode, found.x, atol=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_draws_have_the_inverse_hessian_as_covariance(seed: int) -> None:
    curve = logistic(seed)
    laplace = fit_mode(curve, MEAN, SD)
    covariance = np.linalg.inv(curve(laplace.mode)[2] + np.diag(1 / SD**2))
    columns = laplace.draw(np.eye(4)) - laplace.mode
    assert np.allclose(columns.T @ columns, covariance, rtol=1e-9)
    assert np.allclose(laplace.sd(), np.sqrt(np.diag(covariance)), rtol=1e-9)
    drawn = laplace.draw(np.random.default_rng(seed).standard_normal((200_000, 4)))
    assert np.allclose(drawn.mean(axis=0), laplace.mode, atol=0.01)
    assert np.allclose(np.cov(drawn.T), covariance, atol=0.02 * covariance.max())


def test_no_data_give_the_prior_back() -> None:
    laplace = fit_mode(nothing, MEAN, SD)
    assert laplace.converged and laplace.mode.tolist() == MEAN.tolist()
    assert np.allclose(laplace.sd(), SD, rtol=1e-14)


def test_a_quadratic_takes_one_step() -> None:
    precision, centre = np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([1.0, -1.0])

    def curve(theta: Floats) -> tuple[float, Floats, Floats]:
        gap = theta - centre
        return -0.5 * float(gap @ precision @ gap), -precision @ gap, precision

    laplace = fit_mode(curve, np.zeros(2), np.ones(2))
    assert laplace.steps == 2  # the step, and the look that finds nothing left to do
    assert np.allclose(laplace.mode, np.linalg.solve(precision + np.eye(2), precision @ centre), rtol=1e-12)


@pytest.mark.parametrize("scale", [1e2, 1e4, 1e6, 1e8])
def test_a_long_record_still_converges(scale: float) -> None:
    """Rounding of a large log likelihood must not be mistaken for a step that makes things worse."""
    assert fit_mode(logistic(1, scale=scale), MEAN, SD).converged


def test_a_fit_that_is_cut_short_says_so() -> None:
    assert not fit_mode(logistic(1), MEAN + 30, SD, most_steps=1).converged


def test_one_draw_and_many_agree() -> None:
    laplace = fit_mode(logistic(2), MEAN, SD)
    z = np.random.default_rng(5).standard_normal((3, 2, 4))
    assert np.allclose(laplace.draw(z)[1, 1], laplace.draw(z[1, 1]), rtol=1e-12)
