"""Deaths at a rung against a posterior laid out on a grid, and spans against sums."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import nbinom, norm

from fissures.kernel import marks

Floats = NDArray[np.float64]
MEAN, SD = np.array([np.log(0.5), np.log(0.5)]), np.array([0.7, 1.0])
NO_SPANS = np.zeros((0, 3))
# Deaths on a day, and on how many days: rich, thin, and none at all.
RECORDS = {
    "rich": (np.array([0.0, 1, 2, 3, 4]), np.array([97.0, 23, 6, 1, 1])),
    "thin": (np.array([0.0, 5, 12]), np.array([2.0, 1, 1])),
    "none": (np.zeros(0), np.zeros(0)),
}
SPANS = {"no spans": NO_SPANS, "a span": np.array([[5.0, 4, 9]]), "an open span": np.array([[3.0, 0, 2]])}


def by_scipy(x: Floats, deaths: Floats, days: Floats, spans: Floats) -> float:
    """Log posterior, days one by one and spans as sums over every total that they allow."""
    mu, k = np.exp(x)
    p = k / (k + mu)
    value = float(days @ nbinom.logpmf(deaths, k, p)) if deaths.size else 0.0
    for length, low, high in spans:
        value += float(np.log(nbinom.pmf(np.arange(low, high + 1), length * k, p).sum()))
    return value + float(norm.logpdf(x, MEAN, SD).sum())


@pytest.mark.parametrize("record", RECORDS)
@pytest.mark.parametrize("span", SPANS)
def test_the_posterior_is_scipys_up_to_a_constant(record: str, span: str) -> None:
    points = np.random.default_rng(1).normal(MEAN, SD, (20, 2))
    args = (*RECORDS[record], SPANS[span])
    found = np.array([-marks.negative_log_posterior(x, *args, MEAN, SD) for x in points])
    expected = np.array([by_scipy(x, *args) for x in points])
    assert np.ptp(found - expected) < 1e-8


def test_a_span_is_the_sum_of_its_days() -> None:
    """Five days in a row, convolved by hand, bring four to nine deaths as often as the span says."""
    mu, k = 0.8, 0.6
    day = nbinom.pmf(np.arange(40), k, k / (k + mu))
    total = day
    for _ in range(4):
        total = np.convolve(total, day)[:40]
    nobody = np.zeros(0)
    flat = (np.log([mu, k]), np.ones(2))  # the prior's own term is 0 at its mean
    found = -marks.negative_log_posterior(flat[0], nobody, nobody, np.array([[5.0, 4, 9]]), *flat)
    assert np.exp(found) == pytest.approx(total[4:10].sum(), rel=1e-9)


@pytest.mark.parametrize("fronts", [1.0, 2.0, 3.0])
def test_pooled_deaths_are_the_sum_over_fronts(fronts: float) -> None:
    """So many fronts on one rung, convolved by hand, bring as many deaths together as one with so many times the size
    and the mean: the parameters stay those of one front."""
    mu, k = 0.8, 0.6
    one = nbinom.pmf(np.arange(30), k, k / (k + mu))
    total = one
    for _ in range(int(fronts) - 1):
        total = np.convolve(total, one)[:30]
    point, sd = np.log([mu, k]), np.ones(2)  # the prior's own term is 0 at its mean
    for deaths in (0.0, 1.0, 4.0, 17.0):
        day = (np.array([deaths]), np.ones(1), NO_SPANS)
        found = -marks.negative_log_posterior(point, *day, point, sd, fronts)
        assert np.exp(found) == pytest.approx(total[int(deaths)], rel=1e-9)
        pooled = -marks.negative_log_posterior(np.log([mu * fronts, k * fronts]), *day, point, np.full(2, 1e9))
        assert found == pytest.approx(pooled, rel=1e-9)


def test_pooled_deaths_leave_each_front_its_share() -> None:
    """Two fronts that lost two a day between them lost one each; a span is one front's own, pooled or not."""
    g, vague = np.random.default_rng(4), np.full(2, 3.0)
    day = g.negative_binomial(0.9, 0.9 / (0.9 + 1.0), (2, 4000)).sum(axis=0)
    table = np.unique(day, return_counts=True)
    both = marks.fit(table[0].astype(float), table[1].astype(float), NO_SPANS, MEAN, vague, 2.0)
    assert both.converged and np.exp(both.mode) == pytest.approx([1.0, 0.9], rel=0.08)
    span = (np.zeros(0), np.zeros(0), SPANS["a span"], MEAN, SD)
    assert np.allclose(marks.fit(*span, 2.0).mode, marks.fit(*span).mode)


@cache
def grid(record: str, span: str) -> tuple[Floats, Floats, Floats]:
    """Mode, mean and sd of (log mean, log size), from 81 x 81 points."""
    axes = [np.linspace(m - 5 * s, m + 5 * s, 81) for m, s in zip(MEAN, SD, strict=True)]
    logs = np.array([[by_scipy(np.array([a, b]), *RECORDS[record], SPANS[span]) for b in axes[1]] for a in axes[0]])
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    top = np.unravel_index(weight.argmax(), weight.shape)
    shares = (weight.sum(axis=1), weight.sum(axis=0))
    means = np.array([w @ x for w, x in zip(shares, axes, strict=True)])
    sds = np.array([np.sqrt(w @ (x - m) ** 2) for w, x, m in zip(shares, axes, means, strict=True)])
    return np.array([axes[0][top[0]], axes[1][top[1]]]), means, sds


@pytest.mark.parametrize(("record", "span"), [("rich", "no spans"), ("thin", "a span"), ("none", "no spans")])
def test_mode_and_spread_are_those_of_the_grid(record: str, span: str) -> None:
    laplace = marks.fit(*RECORDS[record], SPANS[span], MEAN, SD)
    mode, mean, sd = grid(record, span)
    assert laplace.converged
    assert np.all(np.abs(laplace.mode - mode) <= 10 * SD / 80)
    assert np.all(np.abs(laplace.mode - mean) < 0.4 * sd)
    assert np.allclose(laplace.sd(), sd, rtol=0.2)


def test_no_data_give_the_prior_back() -> None:
    laplace = marks.fit(np.zeros(0), np.zeros(0), NO_SPANS, MEAN, SD)
    assert np.allclose(laplace.mode, MEAN, atol=1e-5) and np.allclose(laplace.sd(), SD, rtol=1e-4)


def test_more_deaths_raise_the_mean() -> None:
    few, many = (marks.fit(np.array([0.0, d]), np.array([5.0, 5.0]), NO_SPANS, MEAN, SD) for d in (1.0, 8.0))
    assert many.mode[0] > few.mode[0] + 0.5


def test_april_2016_is_read_as_an_interval() -> None:
    """Five days, 200 to 350 killed: 40 to 70 a day, pulled a little towards a prior of 30."""
    prior = (np.array([np.log(30.0), np.log(0.5)]), np.array([0.7, 1.0]))
    laplace = marks.fit(np.zeros(0), np.zeros(0), np.array([[5.0, 200, 350]]), *prior)
    assert laplace.converged and 30 < np.exp(laplace.mode[0]) < 55
    assert laplace.sd()[0] < 0.7
