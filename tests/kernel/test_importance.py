"""Importance correction against SciPy, arviz-stats, quadrature and its own laws."""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass

import numpy as np
import pytest
from arviz_stats.base import array_stats
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.special import gammaln, polygamma, psi
from scipy.stats import genpareto, multivariate_t, norm

from fissures.kernel import importance, streams
from fissures.kernel.posterior import Laplace, fit_mode, log_evidence

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FewCounts:
    """A negative binomial regression; its coefficients are k slopes and, where `size` is 0, the log size."""

    design: Floats
    counts: Floats
    mean: Floats
    sd: Floats
    size: float = 0.0

    def fit(self) -> Laplace:
        """Mode and Laplace approximation."""
        return fit_mode(self.curve, self.mean, self.sd)

    def curve(self, theta: Floats) -> tuple[float, Floats, Floats]:
        """Log likelihood, gradient and negative Hessian at one point."""
        if self.size:
            # A fixed size is a coefficient that does not move.
            full = np.append(theta, np.log(self.size))
            value, gradient, bend = streams.log_likelihood(full, self.design, self.counts, np.ones(len(self.counts)))
            return value, gradient[:-1], bend[:-1, :-1]
        x, y, r = self.design, self.counts, np.exp(theta[-1])
        mu = np.exp(x @ theta[:-1])
        s = r + mu
        value = gammaln(y + r) - gammaln(r) - gammaln(y + 1) + y * np.log(mu / s) + r * np.log(r / s)
        slope = psi(y + r) - psi(r) + np.log(r / s) + 1 - (y + r) / s
        bend = polygamma(1, y + r) - polygamma(1, r) + 1 / r - 2 / s + (y + r) / s**2
        cross = -x.T @ (r * mu * (y - mu) / s**2)
        inner = (x * (r * mu * (y + r) / s**2)[:, None]).T @ x
        last = -np.sum(r * slope + r**2 * bend)
        gradient = np.append(x.T @ (r * (y - mu) / s), r * slope.sum())
        return float(value.sum()), gradient, np.block([[inner, cross[:, None]], [cross[None], last]])

    def log_posterior(self, theta: Floats) -> Floats:
        """Log posterior with its prior's constants, not normalised; theta (n, k), shape (n,)."""
        return self.slopes(theta, False)[0]

    def slopes(self, theta: Floats, gradient: bool = True) -> tuple[Floats, Floats]:
        """Log posterior (n,) and its gradient (n, k)."""
        y, k = self.counts, self.design.shape[1]
        r = np.full(len(theta), self.size) if self.size else np.exp(theta[:, k])
        values, times = np.unique(y, return_counts=True)
        eta = self.design @ theta[:, :k].T
        s = np.exp(eta) + r
        log_s = np.log(s)
        gap = (theta - self.mean) / self.sd
        value = (gammaln(values[:, None] + r) - gammaln(r)).T @ times - gammaln(y + 1).sum() + y @ eta
        value += y.size * r * np.log(r) - np.sum((y[:, None] + r) * log_s, axis=0)
        value += np.sum(norm.logpdf(gap) - np.log(self.sd), axis=1)
        if not gradient:
            return value, gap
        share = (y[:, None] + r) / s
        slope = (self.design.T @ (y[:, None] + r * share - y[:, None] - r)).T  # r (y - mu) / s
        if not self.size:
            more = (psi(values[:, None] + r) - psi(r)).T @ times + y.size * (np.log(r) + 1)
            slope = np.column_stack([slope, r * (more - log_s.sum(axis=0) - share.sum(axis=0))])
        return value, slope - gap / self.sd


def few_counts(seed: int, n: int, k: int, rate: float, size: float = 0.5, free: bool = True) -> FewCounts:
    """Simulated days with k slopes; `free` says whether the size is a coefficient too."""
    g = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), np.abs(g.normal(size=(n, k - 1)))])
    mu = np.exp(x @ np.append(rate, g.normal(0, 0.3, k - 1)))
    y = g.poisson(g.gamma(size, mu / size)).astype(float)
    mean, sd = np.append(-1.0, np.zeros(k - 1)), np.append(2.0, np.full(k - 1, 0.5))
    if free:
        return FewCounts(x, y, np.append(mean, np.log(0.5)), np.append(sd, 1.0))
    return FewCounts(x, y, mean, sd, size)


def numbers(seed: int, n: int, k: int) -> tuple[Floats, Floats]:
    """Standard normals (n, k) and uniforms (n,)."""
    g = np.random.default_rng(seed)
    return g.standard_normal((n, k)), g.random(n)


@dataclass(frozen=True)
class Known:
    """Means, sds and 5, 50, 95 % quantiles (3, k) of a posterior, and its log evidence."""

    mean: Floats
    sd: Floats
    ends: Floats
    log_evidence: float


def quadrature(problem: FewCounts, width: float = 9.0, points: int = 401) -> Known:
    """A posterior of one or two coefficients on a wide and fine grid around its mode."""
    laplace = problem.fit()
    axes = [m + s * np.linspace(-width, width, points) for m, s in zip(laplace.mode, laplace.sd(), strict=True)]
    mesh = np.stack([a.ravel() for a in np.meshgrid(*axes, indexing="ij")], axis=1)
    value = problem.log_posterior(mesh)
    mass = np.exp(value - value.max())
    cell = np.prod([a[1] - a[0] for a in axes])
    known = float(np.log(mass.sum() * cell) + value.max())
    return Known(*weighted(mesh, mass / mass.sum()), known)


def weighted(theta: Floats, share: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean, sd and quantiles of weighted points."""
    mean = share @ theta
    ends = []
    for column in theta.T:
        values, at = np.unique(column, return_inverse=True)
        mass = np.bincount(at, share)
        ends.append(np.interp([0.05, 0.5, 0.95], np.cumsum(mass) - 0.5 * mass, values))
    return mean, np.sqrt(share @ (theta - mean) ** 2), np.array(ends).T


def close(theta: Floats, share: Floats, known: Known, part: float = 1.0) -> bool:
    """Whether points are as near to what is known as model.md asks: .1 sd, 10 %, .3 sd, or a part of that."""
    mean, sd, ends = weighted(theta, share)
    return bool(
        np.all(np.abs(mean - known.mean) < 0.1 * part * known.sd)
        and np.all(np.abs(sd / known.sd - 1.0) < 0.1 * part)
        and np.all(np.abs(ends - known.ends) < 0.3 * part * known.sd)
    )


def corrected(
    problem: FewCounts, n: int = 4000, draws: int = 4000
) -> tuple[Laplace, importance.Weights, Floats, Floats]:
    """Laplace, weights, proposals and carried draws of a problem."""
    laplace = problem.fit()
    proposals = importance.student(laplace, *numbers(1, n, laplace.mode.size))
    weights = importance.smooth(importance.log_weights(proposals, problem.log_posterior))
    z = numbers(2, draws, laplace.mode.size)[0]
    usual = importance.usual_weights(proposals)
    return laplace, weights, proposals.theta, importance.carry(laplace, z, proposals.theta, weights.share, usual)


NORMAL = Laplace(
    np.array([1.0, -2.0, 0.5]), np.linalg.cholesky(np.array([[4.0, 1, 0], [1, 2, 0.5], [0, 0.5, 1]])), 0, True
)


# Proposals


@pytest.mark.parametrize("scale", [1.0, 1.3])
def test_the_density_of_proposals_is_scipys(scale: float) -> None:
    proposals = importance.student(NORMAL, *numbers(1, 50, 3), scale)
    covariance = np.linalg.inv(NORMAL.factor @ NORMAL.factor.T)
    expected = multivariate_t.logpdf(proposals.theta, NORMAL.mode, scale**2 * covariance, df=5)
    assert np.allclose(proposals.log_density, expected, rtol=1e-10)
    expected = np.sum(norm.logpdf((proposals.theta - NORMAL.mode) @ NORMAL.factor), axis=1)
    expected += np.log(np.diag(NORMAL.factor)).sum()
    assert np.allclose(proposals.log_laplace, expected, rtol=1e-10)


def test_proposals_are_a_t_of_five_degrees() -> None:
    proposals = importance.student(NORMAL, *numbers(2, 200_000, 3))
    covariance = np.linalg.inv(NORMAL.factor @ NORMAL.factor.T)
    assert np.allclose(np.cov(proposals.theta.T), 5 / 3 * covariance, atol=0.05)
    levels = np.quantile((proposals.theta[:, 2] - 0.5) / np.sqrt(covariance[2, 2]), [0.01, 0.25, 0.5, 0.75, 0.99])
    assert np.allclose(levels, [-3.365, -0.727, 0.0, 0.727, 3.365], atol=0.06)


@pytest.mark.parametrize(("k", "share"), [(1, 0.95), (8, 0.75), (20, 0.56), (110, 0.25)])
def test_a_normal_posterior_keeps_most_of_its_proposals(k: int, share: float) -> None:
    laplace = Laplace(np.zeros(k), np.eye(k), 0, True)
    proposals = importance.student(laplace, *numbers(3, 8000, k))
    weights = importance.smooth(proposals.log_laplace - proposals.log_density)
    assert weights.khat < 0.3
    assert weights.effective > share * 8000
    assert weights.log_mean == pytest.approx(0.0, abs=0.05)
    assert np.allclose(weights.share @ proposals.theta, 0.0, atol=5 / np.sqrt(weights.effective))


def test_a_proposal_without_a_number_weighs_nothing_and_pieces_do_not_matter() -> None:
    proposals = importance.student(NORMAL, *numbers(4, 700, 3))

    def half(theta: Floats) -> Floats:
        return np.where(theta[:, 0] > 1.0, np.nan, -0.5 * theta[:, 0] ** 2)

    got = importance.log_weights(proposals, half)
    assert np.array_equal(got == -np.inf, proposals.theta[:, 0] > 1.0)
    assert np.array_equal(got, importance.log_weights(proposals, half, at_once=11))


# Smoothing


@pytest.mark.parametrize("n", [25, 26, 40, 100, 224, 225, 226, 1000, 4000])
@pytest.mark.parametrize("tail", ["light", "normal", "heavy", "bounded", "zeros"])
def test_weights_and_khat_are_those_of_arviz(n: int, tail: str) -> None:
    g = np.random.default_rng(n)
    raw = {
        "light": g.normal(0, 0.3, n),
        "normal": g.normal(300, 2.0, n),
        "heavy": g.standard_t(2, n),
        "bounded": -g.exponential(1.0, n),
        "zeros": np.where(g.random(n) < 0.3, -np.inf, g.normal(0, 1, n)),
    }[tail]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        log_share, khat = array_stats.psislw(-raw)
    weights = importance.smooth(raw)
    assert np.allclose(weights.share, np.exp(log_share), rtol=1e-6, atol=1e-15)
    assert weights.khat == pytest.approx(float(khat), abs=1e-6)
    assert weights.effective == pytest.approx(1 / np.sum(np.exp(2 * log_share)), rel=1e-6)


@pytest.mark.parametrize("shape", [-0.5, -0.1, 0.2, 0.5, 0.9])
def test_the_pareto_fit_finds_the_shape(shape: float) -> None:
    excess = np.sort(genpareto.rvs(shape, scale=2.0, size=5000, random_state=1))
    k, scale = importance.pareto(excess)
    assert k == pytest.approx(shape, abs=0.05)
    assert scale == pytest.approx(2.0, rel=0.06)
    assert (k, scale) == pytest.approx(array_stats._gpdfit(excess), rel=1e-9)


def test_equal_weights_stay_equal() -> None:
    weights = importance.smooth(np.full(300, -7.0))
    assert weights.khat == 0.0
    assert np.allclose(weights.share, 1 / 300, rtol=1e-12)
    assert weights.effective == pytest.approx(300)
    assert weights.log_mean == pytest.approx(-7.0)


@pytest.mark.parametrize("rest", [0.0, -np.inf])
def test_one_weight_that_outweighs_all_others_is_told(rest: float) -> None:
    weights = importance.smooth(np.append(np.full(999, rest), 60.0))
    assert weights.khat == np.inf
    assert weights.effective == pytest.approx(1.0)
    assert weights.share[-1] == pytest.approx(1.0)


def test_few_weights_are_used_as_they_are_and_not_judged() -> None:
    raw = np.random.default_rng(1).normal(size=24)
    weights = importance.smooth(raw)
    assert weights.khat == np.inf
    assert np.allclose(weights.share, np.exp(raw) / np.exp(raw).sum(), rtol=1e-12)
    assert importance.smooth(np.random.default_rng(1).normal(size=25)).khat < np.inf


@pytest.mark.parametrize("raw", [[], [-np.inf] * 30, [0.0] * 29 + [np.inf], [0.0] * 29 + [np.nan]])
def test_weights_that_are_no_weights_are_refused(raw: list[float]) -> None:
    with pytest.raises(ValueError, match="must be a finite number"):
        importance.smooth(np.array(raw))


RAW = arrays(np.float64, st.integers(1, 300), elements=st.floats(-50, 50) | st.just(-1e9) | st.sampled_from([0.0, 1.0]))


@settings(deadline=None)
@given(RAW, st.floats(-500, 500))
def test_laws_of_weights(raw: Floats, more: float) -> None:
    weights = importance.smooth(raw)
    assert weights.share.sum() == pytest.approx(1.0)
    assert np.all(weights.share >= 0.0)
    assert 1.0 - 1e-9 <= weights.effective <= raw.size + 1e-6
    order = np.argsort(raw, kind="stable")
    assert np.all(np.diff(weights.share[order]) >= -1e-12)  # a heavier proposal never weighs less
    assert weights.log_mean <= raw.max() + 1e-9


CONTINUOUS = st.tuples(st.integers(0, 10_000), st.integers(1, 500), st.floats(0.1, 5.0))


@settings(deadline=None, max_examples=50)
@given(CONTINUOUS, st.floats(-500, 500))
def test_a_constant_changes_nothing(spec: tuple[int, int, float], more: float) -> None:
    seed, n, spread = spec
    raw = np.random.default_rng(seed).normal(0, spread, n)
    weights, moved = importance.smooth(raw), importance.smooth(raw + more)
    assert np.allclose(weights.share, moved.share, rtol=1e-6)
    assert weights.khat == pytest.approx(moved.khat, abs=1e-6)
    assert moved.log_mean - weights.log_mean == pytest.approx(more, abs=1e-6)


@settings(deadline=None, max_examples=50)
@given(CONTINUOUS, st.booleans())
def test_the_sequence_of_weights_does_not_matter(spec: tuple[int, int, float], ties: bool) -> None:
    seed, n, spread = spec
    g = np.random.default_rng(seed)
    raw = g.normal(0, spread, n)
    raw = np.round(raw, 1) if ties else raw
    order = g.permutation(n)
    weights, shuffled = importance.smooth(raw), importance.smooth(raw[order])
    assert np.allclose(weights.share[order], shuffled.share, rtol=1e-9)
    assert weights.khat == pytest.approx(shuffled.khat, abs=1e-9)


@pytest.mark.parametrize(
    ("spread", "n", "sound"), [(0.5, 1000, True), (5.0, 1000, False), (0.0, 24, False), (0.1, 399, False)]
)
def test_weights_are_sound_where_both_khat_and_effective_draws_say_so(spread: float, n: int, sound: bool) -> None:
    assert importance.smooth(np.random.default_rng(1).normal(0, spread, n)).sound is sound


# Correction


@pytest.mark.parametrize(("seed", "n", "rate"), [(1, 30, -2.5), (2, 60, -3.0), (3, 200, -3.5), (4, 30, 0.5)])
@pytest.mark.parametrize("free", [False, True])
def test_correction_finds_what_quadrature_finds(seed: int, n: int, rate: float, free: bool) -> None:
    """One coefficient with a fixed size, and two of which one is the log size."""
    problem = few_counts(seed, n, 1, rate, free=free)
    known = quadrature(problem)
    _, weights, theta, drawn = corrected(problem)
    assert weights.khat < importance.SURE
    assert close(theta, weights.share, known, part=0.5)
    assert close(drawn, np.full(len(drawn), 1 / len(drawn)), known, part=0.7)
    assert weights.log_mean == pytest.approx(known.log_evidence, abs=0.05)


def test_correction_mends_what_laplace_gets_wrong() -> None:
    problem = few_counts(2, 60, 1, -3.0, free=False)
    known = quadrature(problem)
    laplace, _, _, drawn = corrected(problem)
    before = laplace.draw(numbers(2, 4000, 1)[0])
    equal = np.full(4000, 1 / 4000)
    assert not close(before, equal, known)
    assert close(drawn, equal, known, part=0.7)


def test_linear_predictors_are_mended_too() -> None:
    """Sums of coefficients are what acts; many small errors of one sign add up in them."""
    problem = few_counts(5, 200, 8, -3.0, free=False)
    laplace, _, _, drawn = corrected(problem, draws=20_000)
    proposals = importance.student(laplace, *numbers(9, 100_000, 8))
    share = importance.smooth(importance.log_weights(proposals, problem.log_posterior)).share
    known = Known(*weighted(proposals.theta @ problem.design[:40].T, share), 0.0)
    equal = np.full(20_000, 1 / 20_000)
    assert close(drawn @ problem.design[:40].T, equal, known, part=0.6)
    assert not close(laplace.draw(numbers(2, 20_000, 8)[0]) @ problem.design[:40].T, equal, known)


def sparse_rows(seed: int, groups: int) -> FewCounts:
    """A rate of their own for many groups of ten days with hardly an event: many coefficients, skewed alike."""
    g = np.random.default_rng(seed)
    x = np.kron(np.eye(groups), np.ones((10, 1)))
    y = g.poisson(np.full(len(x), 0.08)).astype(float)
    return FewCounts(x, y, np.full(groups, -1.0), np.full(groups, 2.0), 0.5)


def test_centring_mends_the_means_of_many_skewed_coefficients() -> None:
    """Sixty independent coefficients, so that quadrature of each is the truth."""
    problem = sparse_rows(1, 60)
    laplace = problem.fit()
    moved = importance.centred(laplace, problem.slopes, numbers(1, 100, 60)[0])
    alone = [
        FewCounts(np.ones((10, 1)), y, np.full(1, -1.0), np.full(1, 2.0), 0.5) for y in problem.counts.reshape(60, 10)
    ]
    each = [quadrature(one) for one in alone]
    mean, sd = np.array([k.mean[0] for k in each]), np.array([k.sd[0] for k in each])
    assert np.abs((laplace.mode - mean) / sd).max() > 0.2
    assert np.abs((moved.mode - mean) / sd).max() < 0.1
    weights = [
        importance.smooth(importance.log_weights(importance.student(one, *numbers(2, 4000, 60)), problem.log_posterior))
        for one in (laplace, moved)
    ]
    assert weights[1].effective > 1.3 * weights[0].effective
    assert sum(k.log_evidence for k in each) == pytest.approx(weights[1].log_mean, abs=0.2)


def test_centring_leaves_what_is_in_the_middle_or_beyond_help() -> None:
    z = numbers(1, 50, 3)[0]

    def normal(theta: Floats) -> tuple[Floats, Floats]:
        gap = theta - NORMAL.mode
        slope = -gap @ NORMAL.factor @ NORMAL.factor.T
        return 0.5 * np.sum(gap * slope, axis=1), slope

    assert np.allclose(importance.centred(NORMAL, normal, z).mode, NORMAL.mode, atol=1e-12)
    for factor in (np.nan, 4.0, np.inf):  # no number; so curved that steps grow; no bottom
        assert importance.centred(NORMAL, lambda x, f=factor: (x[:, 0], f * normal(x + 1.0)[1]), z) is NORMAL


def test_centring_is_smooth_in_the_data() -> None:
    problem = few_counts(5, 200, 8, -3.0)
    counts = problem.counts + 1e-6
    more = FewCounts(problem.design, counts, problem.mean, problem.sd)
    z = numbers(1, 100, 9)[0]
    before, after = (importance.centred(one.fit(), one.slopes, z).mode for one in (problem, more))
    assert 0.0 < np.abs(after - before).max() < 1e-3


# Carried draws


def test_a_normal_posterior_leaves_draws_where_they_are() -> None:
    proposals = importance.student(NORMAL, *numbers(1, 2000, 3))
    usual = importance.usual_weights(proposals)
    z = numbers(2, 1000, 3)[0]
    assert np.allclose(importance.carry(NORMAL, z, proposals.theta, usual, usual), NORMAL.draw(z), atol=1e-9)


def test_a_draw_depends_on_its_own_normals_only() -> None:
    problem = few_counts(1, 100, 3, -2.0)
    laplace, weights, theta, _ = corrected(problem)
    z = numbers(2, 50, 4)[0]
    for usual in (None, np.full(4000, 1 / 4000)):
        together = importance.carry(laplace, z, theta, weights.share, usual)
        alone = np.concatenate([importance.carry(laplace, one[None], theta, weights.share, usual) for one in z])
        assert np.allclose(together, alone, rtol=1e-10)


def test_carrying_keeps_the_order_of_draws_of_one_coefficient() -> None:
    problem = few_counts(2, 60, 1, -3.0, free=False)
    laplace, weights, theta, _ = corrected(problem)
    z = np.linspace(-8, 8, 400)[:, None]
    for usual in (None, np.full(4000, 1 / 4000)):
        assert np.all(np.diff(importance.carry(laplace, z, theta, weights.share, usual)[:, 0]) >= 0)


def test_draws_move_a_little_when_the_data_change_a_little() -> None:
    """One event more in 300 days: carried draws follow it together; draws picked by weight jump apart."""
    problem = few_counts(3, 300, 4, -1.5)
    counts = problem.counts.copy()
    counts[np.flatnonzero(counts)[0]] += 1
    more = FewCounts(problem.design, counts, problem.mean, problem.sd)
    laplace, weights, theta, before = corrected(problem, draws=1000)
    _, after_weights, after_theta, after = corrected(more, draws=1000)
    step = (after - before) / laplace.sd()
    assert np.abs(step).max() < 0.5
    assert np.all(step.std(axis=0) < 0.05)
    at = (np.arange(1000) + 0.5) / 1000
    picked = [
        points[np.searchsorted(np.cumsum(share), at)]
        for points, share in ((theta, weights.share), (after_theta, after_weights.share))
    ]
    assert np.all(((picked[1] - picked[0]) / laplace.sd()).std(axis=0) > 0.3)


def test_carrying_to_a_samplers_draws_needs_no_weights() -> None:
    """Equal weights of exact draws, and the approximation's exact law as the place to start from."""
    g = np.random.default_rng(1)
    gamma = g.gamma(3.0, 1.0, (20_000, 2))
    theta = np.column_stack([gamma[:, 0], gamma.sum(axis=1)])
    laplace = Laplace(np.array([2.0, 5.0]), np.diag([0.7, 0.5]), 0, True)
    drawn = importance.carry(laplace, numbers(3, 20_000, 2)[0], theta, np.full(20_000, 1 / 20_000))
    assert np.allclose(
        np.quantile(drawn, [0.05, 0.5, 0.95], axis=0), np.quantile(theta, [0.05, 0.5, 0.95], axis=0), atol=0.15
    )
    assert np.corrcoef(drawn.T)[0, 1] == pytest.approx(np.corrcoef(theta.T)[0, 1], abs=0.03)


@pytest.mark.parametrize("k", [8, 20])
def test_four_thousand_proposals_take_no_time(k: int) -> None:
    laplace = Laplace(np.zeros(k), np.linalg.cholesky(np.eye(k) + 0.3), 0, True)
    (z, uniform), draws = numbers(1, 4000, k), numbers(2, 1000, k)[0]

    def once() -> float:
        began = time.thread_time()
        proposals = importance.student(laplace, z, uniform)
        skewed = proposals.log_laplace - proposals.log_density + 0.1 * np.tanh(proposals.theta[:, 0])
        weights = importance.smooth(skewed)
        importance.carry(laplace, draws, proposals.theta, weights.share, importance.usual_weights(proposals))
        return time.thread_time() - began

    assert min(once() for _ in range(5)) < 0.05


# The outer grid


def test_laplace_evidence_is_exact_where_the_likelihood_is_quadratic() -> None:
    mean, sd = np.array([0.3, -1.0]), np.array([0.5, 2.0])
    precision, centre = np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([1.0, 1.0])

    def curve(theta: Floats) -> tuple[float, Floats, Floats]:
        gap = theta - centre
        return -0.5 * float(gap @ precision @ gap), -precision @ gap, precision

    gap, spread = centre - mean, np.linalg.inv(precision) + np.diag(sd**2)
    expected = -0.5 * gap @ np.linalg.solve(spread, gap) - 0.5 * np.log(np.linalg.det(spread @ precision))
    assert log_evidence(fit_mode(curve, mean, sd), sd) == pytest.approx(expected, rel=1e-10)


def test_the_grid_integrates_over_the_size() -> None:
    """Laplace fits at 25 log sizes against quadrature over rate and log size together."""
    both = few_counts(3, 100, 1, -1.0)
    known = quadrature(both)
    sizes = np.log(0.5) + np.linspace(-3, 3, 25)
    mean, sd = both.mean[:1], both.sd[:1]
    fits = [FewCounts(both.design, both.counts, mean, sd, float(np.exp(s))).fit() for s in sizes]
    evidence = np.array([log_evidence(fit, sd) for fit in fits])
    weights = importance.grid_weights(evidence, norm.logpdf(sizes - np.log(0.5)))
    at = importance.assign(weights, numbers(1, 1000, 1)[1][:, None])[:, 0]
    z = numbers(2, 1000, 1)[0]
    drawn = np.array([fits[g].draw(one)[0] for g, one in zip(at, z, strict=True)])
    assert close(np.column_stack([drawn, sizes[at]]), np.full(1000, 1e-3), known)


def test_points_that_failed_weigh_nothing() -> None:
    weights = importance.grid_weights(np.array([[0.0, np.nan], [0.0, -np.inf]]), np.zeros((2, 2)))
    assert weights.tolist() == [[0.5, 0.0], [0.5, 0.0]]
    with pytest.raises(ValueError, match="no point has a finite evidence"):
        importance.grid_weights(np.array([np.nan]), np.zeros(1))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(1, 4), st.integers(1, 300))
def test_laws_of_assignment(seed: int, rows: int, columns: int, draws: int) -> None:
    g = np.random.default_rng(seed)
    weights = g.random((rows, columns)) * (g.random((rows, columns)) < 0.7)
    weights[0, 0] += 0.1
    weights /= weights.sum()
    uniform = g.random((draws, 2))
    at = importance.assign(weights, uniform)
    assert np.all(weights[at[:, 0], at[:, 1]] > 0)
    counts = np.bincount(at[:, 0], minlength=rows)
    assert np.all(np.abs(counts - draws * weights.sum(axis=1)) <= 1 + 1e-9)
    assert np.all(np.diff(at[np.argsort(uniform[:, 0]), 0]) >= 0)
    order = g.permutation(draws)
    assert np.array_equal(at[order], importance.assign(weights, uniform[order]))


def test_when_weights_shift_a_little_a_few_draws_step_to_a_neighbour() -> None:
    weights = np.array([0.1, 0.2, 0.4, 0.2, 0.1])
    uniform = numbers(1, 1000, 1)[1][:, None]
    step = importance.assign(weights + np.array([0.01, 0, 0, 0, -0.01]), uniform) - importance.assign(weights, uniform)
    assert set(np.unique(step)) == {-1, 0}
    assert np.mean(step != 0) == pytest.approx(0.04, abs=0.003)
