"""Deaths on a day: the law against scipy's parts, its likelihood against sums, its fit against an oracle and a chain.

What the record of other conflicts shows (UCDP GED 21.1 to 20 July 2020, state-based; a dyad's seven days of a week at
one rung by the ladder's rules: clash five killed in a day or ten in the week, offensive fifty, war a hundred in two
weeks running; territory is government against an armed group that fights for one, as UCDP codes the Line of Contact;
k and pi by maximum likelihood; xi without a cap, from days past the 90 % point, firsts of a month left out, on which
whole months are put, with a 95 % interval):

| rung, dyads | days | without | NB k | zero part | k with | log lik. gained | xi |
|---|---|---|---|---|---|---|---|
| clash, territory | 24,661 | .70 | .12 | .66 | .98 | 711 | .07 (.04-.11) |
| clash, state against state | 735 | .73 | .11 | .68 | 1.0 | 19 | 0 (0-.36) |
| offensive, territory | 4,074 | .49 | .15 | .16 | .19 | 3 | .76 (.62-.92) |
| war, territory | 1,575 | .22 | .33 | .12 | .45 | 13 | .74 (.52-1.02) |
| war, state against state | 91 | .28 | .26 | .04 | .28 | 0 | too few |
| war, government of Syria | 2,244 | | | | | | .32 (.19-.49) |

So a zero part is needed at a clash, where a week's dead fall on two days of it, and hardly above. A clash has no long
tail because its rule ends at fifty in a week (told by the week before instead, xi is .62, .57 to .69). Where deaths are
told day by day (Syria) xi is about .3; elsewhere this file puts an event of many days on its first, so that .7 is too
high. The Karabakh record does not tell: hardly a day told one by one lies past a threshold.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit, zeta
from scipy.stats import binom, genpareto, nbinom, norm

from fissures.kernel import deaths as laws
from fissures.kernel.deaths_fit import NO_ZERO, Fitted, Prior, fit
from fissures.kernel.deaths_likelihood import Record, log_likelihood, log_mass, of_span, power

Floats = NDArray[np.float64]
GED = Path(__file__).resolve().parents[3] / "shared" / "data" / "ged" / "ged_world.parquet"
NOBODY, NO_SPANS = np.zeros(0), np.zeros((0, 3))
POINT = np.array([np.log(3.0), np.log(0.6), -0.8, 0.2])
SHAPE, THRESHOLD, CAP = 0.3, 9.0, 120.0
POINTS = st.tuples(*(st.floats(low, high) for low, high in ((-3.0, 5.0), (-3.0, 2.0), (-5.0, 2.0), (-1.0, 1.0))))
SHAPES = st.one_of(st.just(0.0), st.floats(1e-9, 1e-5), st.floats(1e-3, 0.7))
STATED = Prior(np.array([np.log(8.0), np.log(0.5), -1.0, 0.0]), np.array([0.7, 1.0, 1.5, 0.5]), 23.0, 300.0)


def day_of(x: Floats, shape: float, threshold: float, cap: float) -> laws.Deaths:
    """The law at x."""
    return laws.law(np.exp(x[0]), np.exp(x[1]), expit(x[2]), np.exp(x[3]), shape, threshold, cap)


def drawn(uniform: Floats, day: laws.Deaths) -> Floats:
    """Deaths of one law."""
    return laws.quantile(uniform, day, np.zeros(uniform.size, np.int64))


@settings(max_examples=150, deadline=None)
@given(POINTS, SHAPES, st.integers(0, 60), st.integers(1, 800))
def test_mass_survival_and_quantile_are_one_law(x: tuple[float, ...], shape: float, u: int, room: int) -> None:
    day, y = day_of(np.array(x), shape, u, u + room), np.arange(u + room + 1.0)
    mass, past = laws.mass(y, day), laws.survival(y, day)
    assert mass.sum() == pytest.approx(1.0, abs=1e-10) and (mass >= 0).all()
    assert np.allclose(past, 1.0 - np.cumsum(mass), atol=1e-11) and past[-1] < 1e-12
    assert laws.mass(np.array([-1.0, u + room + 1.0]), day).tolist() == [0.0, 0.0]
    middle = (1.0 - past) - mass / 2.0  # a uniform in the middle of a step finds that step
    wide = mass > 1e-9
    assert np.array_equal(drawn(middle[wide], day), y[wide])
    uniform = np.linspace(1e-9, 1.0 - 2**-53, 500)
    assert (np.diff(drawn(uniform, day)) >= 0).all() and drawn(uniform, day).max() <= u + room


@settings(max_examples=100, deadline=None)
@given(POINTS, SHAPES, st.integers(0, 60), st.integers(2, 800))
def test_slopes_are_those_of_differences(x: tuple[float, ...], shape: float, u: int, room: int) -> None:
    point, y = np.array(x), np.unique([0.0, 1.0, u, u + 1.0, u + 2.0, u + room])
    logs, slope = log_mass(y, point, shape, u, u + room)
    assert np.allclose(np.exp(logs), laws.mass(y, day_of(point, shape, u, u + room)), rtol=1e-8, atol=1e-300)
    for axis, step in enumerate(1e-5 * np.eye(4)):
        up, down = (log_mass(y, point + side * step, shape, u, u + room)[0] for side in (1.0, -1.0))
        assert np.allclose(slope[axis], (up - down) / 2e-5, rtol=1e-4, atol=1e-4)


def test_the_body_is_scipys_and_its_zeros_are_exact() -> None:
    day, y = laws.law(3.0, 0.6, 0.25, 1.0, 0.2, 500.0, 900.0), np.arange(200.0)
    rate = 3.0 / 0.75
    body = nbinom.pmf(y, 0.6, 0.6 / (0.6 + rate))
    assert np.allclose(laws.mass(y, day), 0.75 * body + 0.25 * (y == 0), rtol=1e-11)
    assert laws.expected(day)[0] == pytest.approx(3.0, rel=1e-9)  # the zero part leaves the mean where it was
    none = laws.mass(np.zeros(1), day)[0]
    assert drawn(np.array([none - 1e-12, none + 1e-12]), day).tolist() == [0.0, 1.0]
    plain = laws.law(3.0, 0.6, expit(NO_ZERO), 1.0, 0.2, 500.0, 900.0)
    assert np.array_equal(laws.mass(y, plain), laws.mass(y, laws.law(3.0, 0.6, 0.0, 1.0, 0.2, 500.0, 900.0)))


@pytest.mark.parametrize("shape", [0.0, 1e-7, 0.15, 0.69])
def test_the_tail_is_scipys(shape: float) -> None:
    """Past the threshold: a generalised Pareto cut at the cap and rounded down."""
    day = laws.law(3.0, 0.6, 0.25, 1.3, shape, 9.0, 400.0)
    j, pareto = np.arange(391.0), genpareto(shape, scale=day.scale[0])
    found = laws.survival(9.0 + j, day) / day.above
    assert np.allclose(found, (pareto.sf(j) - pareto.sf(391)) / pareto.cdf(391), atol=1e-12)
    assert laws.survival(np.array([9.0]), day)[0] == pytest.approx(0.75 * nbinom.sf(9, 0.6, 0.6 / 4.6), rel=1e-11)


def test_there_is_no_step_at_the_join() -> None:
    """Under a far cap and at a ratio of 1 the first mass past the threshold is the body's."""
    for shape in (0.0, 0.3, 0.6):
        day = laws.law(3.0, 0.6, 0.25, 1.0, shape, 9.0, 1e9)
        assert laws.mass(np.array([10.0]), day)[0] == pytest.approx(0.75 * nbinom.pmf(10, 0.6, 0.6 / 4.6), rel=1e-5)


@pytest.mark.parametrize("shape", [0.2, 0.6])
def test_the_mean_is_finite_without_a_cap(shape: float) -> None:
    """The sum of H(j) is (sigma / xi)^(1 / xi) zeta(1 / xi, sigma / xi), which needs a shape below 1."""
    day, far = (laws.law(3.0, 0.6, 0.25, 1.0, shape, 9.0, cap) for cap in (1e6, 1e15))
    body = laws.survival(np.arange(9.0), far).sum()
    ratio = far.scale[0] / shape
    tail = far.above[0] * ratio ** (1 / shape) * zeta(1 / shape, ratio)
    assert laws.expected(day)[0] == pytest.approx(body + tail, rel=5e-3) and body + tail < 20


def test_a_path_does_not_depend_on_its_neighbours() -> None:
    g = np.random.default_rng(1)
    mean = np.array([0.0, 0.1, 3.0, 40.0])
    day = laws.law(mean, 0.5, np.array([0.0, 0.3, 0.6, 0.1]), 1.0, 0.3, np.array([3.0, 3, 8, 80]), 500.0)
    uniform, where = g.uniform(size=4000), g.integers(0, 4, 4000)
    together = laws.quantile(uniform, day, where)
    assert np.array_equal(together[7::13], laws.quantile(uniform[7::13], day, where[7::13]))
    assert not together[where == 0].any() and together[where == 3].max() > 80
    assert together[where == 2].mean() == pytest.approx(laws.expected(day)[2], rel=0.15)


@pytest.mark.parametrize(
    "broken", [(3, 0.5, 1.0, 1, 0.1, 9, 99), (3, 0.5, 0.1, 1, -0.1, 9, 99), (3, 0.5, 0.1, 1, 0.1, 9, 9)]
)
def test_broken_laws_are_refused(broken: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="deaths on a day"):
        laws.law(*broken)


def by_hand(days: int, top: int) -> Floats:
    """The law of so many days' total at POINT, convolved one by one."""
    day = laws.mass(np.arange(top + 1.0), day_of(POINT, SHAPE, THRESHOLD, CAP))
    total = day
    for _ in range(days - 1):
        total = np.convolve(total, day)[: top + 1]
    return total


@pytest.mark.parametrize("span", [(1, 4, 4), (3, 0, 0), (5, 4, 9), (13, 18, 19), (30, 60, 700), (6, 500, 600)])
def test_a_span_is_the_sum_of_its_days(span: tuple[float, float, float]) -> None:
    expected = by_hand(int(span[0]), int(span[2]))[int(span[1]) :].sum()
    value, slope = of_span(POINT, SHAPE, span, THRESHOLD, CAP)
    assert np.exp(value) == pytest.approx(expected, rel=1e-8)
    for axis, step in enumerate(1e-5 * np.eye(4)):
        up, down = (of_span(POINT + side * step, SHAPE, span, THRESHOLD, CAP)[0] for side in (1.0, -1.0))
        assert slope[axis] == pytest.approx((up - down) / 2e-5, rel=1e-5, abs=1e-6)


def test_an_open_span_is_the_rest() -> None:
    value, _ = of_span(POINT, SHAPE, (5.0, 12.0, np.inf), THRESHOLD, CAP)
    assert np.exp(value) == pytest.approx(1.0 - by_hand(5, 11).sum(), rel=1e-9)
    assert of_span(POINT, SHAPE, (5.0, 0.0, np.inf), THRESHOLD, CAP)[0] == 0.0
    with pytest.raises(ValueError, match="601 deaths in 5 days"):
        of_span(POINT, SHAPE, (5.0, 601.0, 700.0), THRESHOLD, CAP)


def test_long_spans_are_about_normal() -> None:
    """Fourteen years of quiet shelling, 2,500 to 3,000 killed: thousands of days, summed exactly."""
    x = np.array([np.log(0.5), np.log(0.5), -1.0, 0.0])
    y = np.arange(CAP + 1.0)
    mass = laws.mass(y, day_of(x, 0.2, 8.0, CAP))
    mean, spread = 5044 * (mass @ y), np.sqrt(5044 * (mass @ y**2 - (mass @ y) ** 2))
    value, _ = of_span(x, 0.2, (5044.0, 2500.0, 3000.0), 8.0, CAP)
    assert np.exp(value) == pytest.approx(np.diff(norm.cdf([2499.5, 3000.5], mean, spread))[0], abs=5e-3)


@pytest.mark.parametrize("fronts", [1.0, 2.0, 3.0, 1.4])
def test_pooled_days_are_sums_over_fronts(fronts: float) -> None:
    seen, days = np.array([0.0, 1, 7, 40]), np.array([50.0, 9, 3, 1])
    fewer = int(fronts)
    chance = (fewer + 1 - fronts) * by_hand(fewer, 40) + (fronts - fewer) * by_hand(fewer + 1, 40)
    value, slope = log_likelihood(POINT, SHAPE, record := Record(seen, days, NO_SPANS, fronts), THRESHOLD, CAP)
    assert value == pytest.approx(days @ np.log(chance[seen.astype(int)]), rel=1e-10)
    for axis, step in enumerate(1e-5 * np.eye(4)):
        up, down = (log_likelihood(POINT + side * step, SHAPE, record, THRESHOLD, CAP)[0] for side in (1.0, -1.0))
        assert slope[axis] == pytest.approx((up - down) / 2e-5, rel=1e-5, abs=1e-6)


def test_a_zero_part_does_not_pool_as_sizes_do() -> None:
    """So many times the size and the mean is exact for the body. With two days in three a zero part (a clash) it would
    misplace a fifth of two fronts' days, which is why they are convolved."""
    y, mean, size = np.arange(200), 3.0, 1.0
    for zero, least, most in ((0.0, 0.0, 1e-9), (0.2, 0.11, 0.12), (0.66, 0.2, 0.22)):
        rate = mean / (1.0 - zero)
        one, shortcut = ((1.0 - zero) * nbinom.pmf(y, n * size, size / (size + rate)) + zero * (y == 0) for n in (1, 2))
        moved = 0.5 * np.abs(power(one, 2, 200) - shortcut).sum()
        assert least <= moved <= most


def test_zero_inflation_is_statsmodels() -> None:
    """ZeroInflatedNegativeBinomialP (statsmodels 0.15.0, p = 2) on 1,500 simulated counts: log likelihood and mode."""
    deaths = np.array([0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18])
    days = np.array([889.0, 173, 131, 74, 73, 54, 32, 30, 21, 7, 4, 4, 2, 2, 2, 1, 1])
    logit, log_rate, alpha, top = -0.1164456976, 0.9480169231, 0.7062682071, -2260.114326998
    x = np.array([log_rate + np.log1p(-expit(logit)), -np.log(alpha), logit, 0.0])
    value, slope = log_likelihood(x, 0.0, Record(deaths, days, NO_SPANS), 500.0, 900.0)
    assert value == pytest.approx(top, abs=1e-6) and np.abs(slope).max() < 1e-2
    flat = Prior(np.array([0.0, 0.0, 0.0, 0.0]), np.array([50.0, 50.0, 50.0, 0.5]), 500.0, 900.0)
    fitted = fit(Record(deaths, days, NO_SPANS), flat)
    assert fitted.converged and np.allclose(fitted.middle[:2], x[:2], atol=0.01)
    assert fitted.zero is not None and np.abs(fitted.zero.nodes - logit).min() < 0.01


def normals(rows: int = 1000, seed: int = 99) -> Floats:
    """Standard normals for draws."""
    return np.random.default_rng(seed).normal(size=(rows, 5))


def test_no_data_give_the_prior_back_without_a_zero_part() -> None:
    fitted = fit(Record(NOBODY, NOBODY, NO_SPANS), STATED)
    draws = fitted.draw(normals(20_000))
    assert fitted.converged and fitted.zero is None and (draws[:, 2] == NO_ZERO).all()
    for column, name in ((0, 0), (1, 1), (3, 3)):
        assert draws[:, column].mean() == pytest.approx(STATED.mean[name], abs=0.03)
        assert draws[:, column].std() == pytest.approx(STATED.sd[name], rel=0.02)
    half = (np.quantile(draws[:, 4], [0.1, 0.5, 0.9]), norm.ppf((1 + np.array([0.1, 0.5, 0.9]) * 0.99489) / 2) * 0.25)
    assert np.allclose(*half, atol=0.01) and draws[:, 4].min() >= 0 and draws[:, 4].max() < 0.7
    forced = fit(Record(NOBODY, NOBODY, NO_SPANS), STATED, zero_part=True).draw(normals(20_000))[:, 2]
    assert forced.mean() == pytest.approx(-1.0, abs=0.05) and forced.std() == pytest.approx(1.5, rel=0.05)


def test_a_few_days_or_days_with_dead_alone_say_nothing_of_a_zero_part() -> None:
    few = Record(np.array([0.0, 5, 12]), np.array([2.0, 1, 1]), NO_SPANS)
    deadly = Record(np.array([5.0, 12]), np.array([5.0, 4.0]), NO_SPANS)
    assert fit(few, STATED).zero is None and fit(deadly, STATED).zero is None
    april = fit(Record(NOBODY, NOBODY, np.array([[5.0, 200, 350]])), STATED)
    assert april.converged and april.zero is None and np.exp(april.middle[0]) > 8.0


def test_what_a_cap_rules_out_is_refused() -> None:
    with pytest.raises(ValueError, match="301 deaths on a day"):
        fit(Record(np.array([301.0]), np.ones(1), NO_SPANS), STATED)
    both = fit(Record(np.array([0.0, 301.0]), np.array([9.0, 1]), NO_SPANS, 2.0), STATED)
    assert both.converged


def test_a_mode_at_a_bound_is_no_convergence() -> None:
    """Ten thousand days of 200 dead under a prior of 8, sure to within a hundredth."""
    sure = Prior(STATED.mean, np.array([0.01, 1.0, 1.5, 0.5]), 23.0, 300.0)
    assert not fit(Record(np.array([0.0, 200.0]), np.array([1.0, 10_000]), NO_SPANS), sure).converged


def simulated(g: np.random.Generator, days: int) -> tuple[Floats, Record]:
    """Coefficients from the prior, and so many days under them."""
    x = STATED.mean + STATED.sd * g.normal(size=4)
    shape = float(0.25 * norm.ppf(0.5 + 0.4974 * g.uniform()))
    deaths = drawn(g.uniform(size=days), day_of(x, shape, STATED.threshold, STATED.cap))
    seen, counts = np.unique(deaths, return_counts=True)
    return np.append(x, shape), Record(seen, counts.astype(float), NO_SPANS)


def chain(record: Record, start: Floats, spread: Floats, steps: int) -> Floats:
    """A random walk through the exact posterior (Metropolis)."""

    def height(t: Floats) -> float:
        if not 0 <= t[4] < 0.7:
            return -np.inf
        value, _ = log_likelihood(t[:4], float(t[4]), record, STATED.threshold, STATED.cap)
        return value - 0.5 * float((((t[:4] - STATED.mean) / STATED.sd) ** 2).sum() + (t[4] / 0.25) ** 2)

    g, now, out = np.random.default_rng(2), start, np.empty((steps, 5))
    at = height(now)
    for i in range(steps):
        tried = now + spread @ g.normal(size=5)
        if np.log(g.uniform()) < (found := height(tried)) - at:
            now, at = tried, found
        out[i] = now
    return out[steps // 8 :]


@pytest.mark.slow
def test_draws_are_a_chains() -> None:
    """Quantiles of the axes with Laplace inside, against a long walk: within .3 sd, .1 of it the walk's own error."""
    _, record = simulated(np.random.default_rng(5), 120)
    draws = fit(record, STATED).draw(normals(20_000))
    walked = chain(record, draws[0], np.linalg.cholesky(np.asarray(np.cov(draws.T), np.float64)), 20_000)
    gap = np.quantile(draws, [0.1, 0.5, 0.9], axis=0) - np.quantile(walked, [0.1, 0.5, 0.9], axis=0)
    assert np.abs(gap / walked.std(axis=0)).max() < 0.3


@cache
def covered() -> tuple[Floats, int]:
    """How many of 60 truths lie in their 80 % intervals, by coefficient and for P(Y > 25); how many fits failed."""
    g, inside, failed = np.random.default_rng(17), np.zeros(6), 0

    def six(t: Floats) -> Floats:
        x = t[:, :4].copy()
        day = laws.law(np.exp(x[:, 0]), np.exp(x[:, 1]), expit(x[:, 2]), np.exp(x[:, 3]), t[:, 4], 23.0, 300.0)
        return np.column_stack([t, laws.survival(np.array(25.0), day)])

    for _ in range(60):
        truth, record = simulated(g, 80)
        fitted: Fitted = fit(record, STATED, zero_part=True)
        failed += not fitted.converged
        low, high = np.quantile(six(fitted.draw(normals())), [0.1, 0.9], axis=0)
        inside += (low <= six(truth[None])[0]) & (six(truth[None])[0] <= high)
    return inside, failed


@pytest.mark.slow
def test_intervals_cover_as_often_as_they_say() -> None:
    inside, failed = covered()
    low, high = binom.ppf([0.002, 0.998], 60, 0.8)
    assert ((low <= inside) & (inside <= high)).all(), inside
    assert failed == 0


CLASH_DAYS = """
with days as (
    select side_a || side_b as dyad, date_diff('day', date '1989-01-02', cast(date as date)) as t,
        sum(best_death) as dead
    from '{file}'
    where type_of_violence = 'State-based violence' and date < date '2020-07-21'
        and conflict_name not like '%Government%'
        and not (side_a like '%Government of%' and side_b like '%Government of%')
    group by all
), weeks as (
    select dyad, t // 7 as week, sum(dead) as total, max(dead) as most from days group by all
), clash as (
    select * from weeks where total < 50 and (total >= 10 or most >= 5)
)
select dead, count(*) as days from days join clash on days.dyad = clash.dyad and t // 7 = week group by dead
union all select -1, 7 * count(*) from clash
"""


@pytest.mark.shared
def test_a_clash_has_more_days_without_deaths_than_a_body_can() -> None:
    """The first row of the table above, by this fit: two days in three are none, and the rest are hardly dispersed."""
    import duckdb

    query = CLASH_DAYS.format(file=GED)
    rows = np.array(duckdb.connect().execute(query).fetchall(), float)
    total, table = rows[rows[:, 0] < 0, 1].sum(), rows[rows[:, 0] >= 0]
    deaths = np.append(0.0, table[:, 0])
    days = np.append(total - table[:, 1].sum(), table[:, 1])
    prior = Prior(np.array([np.log(3.0), np.log(0.5), -1.0, 0.0]), np.array([0.7, 1.0, 1.5, 0.5]), 20.0, 49.0)
    fitted = fit(Record(deaths, days, NO_SPANS), prior)
    draws = fitted.draw(normals())
    assert fitted.converged and total == pytest.approx(24_661, rel=0.05)
    assert expit(np.median(draws[:, 2])) == pytest.approx(0.66, abs=0.02)
    assert np.exp(np.median(draws[:, 1])) == pytest.approx(1.0, abs=0.15)
