"""Pooled slopes, scores left out and the node bootstrap: planted answers found, refits met, laws of means held."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fissures.kernel import averages, left_out, moves
from fissures.kernel.ladder import log_likelihood
from fissures.kernel.posterior import fit_mode
from fissures.kernel.slopes import pool

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
RUNGS = 3


def made(
    seed: int, units: int, weeks: int, slope: tuple[float, float], differ: float = 0.0
) -> tuple[Floats, Ints, Ints, Ints, Floats]:
    """Simulated moves with slopes up and down: causes (n, 1), start, reached, edges, and each unit's slopes (D, 2)."""
    random = np.random.default_rng(seed)
    causes = random.normal(size=(units, weeks))
    slopes = np.array(slope) + differ * random.normal(size=(units, 2))
    start, reached = np.zeros((units, weeks), np.int64), np.zeros((units, weeks), np.int64)
    now = np.zeros(units, np.int64)
    ends = np.arange(RUNGS)
    for t in range(weeks):
        start[:, t] = now
        up, down = ends[None] > now[:, None], ends[None] < now[:, None]
        eta = -0.7 * np.abs(ends[None] - now[:, None]) + causes[:, t, None] * (
            up * slopes[:, :1] + down * slopes[:, 1:]
        )
        chance = np.exp(eta) / np.exp(eta).sum(axis=1, keepdims=True)
        now = (chance.cumsum(axis=1) < random.random((units, 1))).sum(axis=1)
        reached[:, t] = now
    return causes.reshape(-1, 1), start.ravel(), reached.ravel(), np.arange(units + 1) * weeks, slopes


def fitted(causes: Floats, start: Ints, reached: Ints, wide: float = 0.4) -> tuple[Floats, Floats, Floats]:
    """Design, prior sds and mode of a base of constants with one cause."""
    base = moves.base_columns(start, np.zeros((start.size, 0)), RUNGS)
    design = np.concatenate([base, moves.pushes(start, causes, RUNGS)], axis=2)
    sd = np.concatenate([np.full(base.shape[2], 3.0), np.full(2, wide)])
    weights = np.ones(start.size)
    mode = fit_mode(lambda x: log_likelihood(x, design, reached, weights), np.zeros(sd.size), sd).mode
    return design, sd, mode


def pairs(units: int, nodes: int = 12) -> Ints:
    """So many different pairs of nodes."""
    every = [(a, b) for a in range(nodes) for b in range(a + 1, nodes)]
    return np.array(every[:units])


@pytest.mark.parametrize("differ", [0.0, 0.5])
def test_planted_slopes_are_found_and_their_spread_too(differ: float) -> None:
    causes, start, reached, edges, slopes = made(1, 60, 120, (0.5, -0.3), differ)
    design, sd, mode = fitted(causes, start, reached)
    found = pool(mode, *moves.by_unit(mode, design, reached, edges), sd, sd.size - 2 + np.arange(2), pairs(60))
    assert np.all(np.abs(found.mean - slopes.mean(axis=0)) < 3.0 * found.sd)
    assert np.all(found.sd < 0.12)
    assert np.all(found.tau < 0.25) if differ == 0.0 else np.all((found.tau > 0.35) & (found.tau < 0.7))
    assert np.all(found.new_sd > found.tau)
    if differ:  # a unit's own slope is nearer to the truth than the average is
        own = np.abs(found.units[:, 0] - slopes).mean()
        assert own < 0.8 * np.abs(found.mean - slopes).mean()


def test_no_effect_is_nothing() -> None:
    causes, start, reached, edges, _ = made(2, 60, 60, (0.0, 0.0))
    design, sd, mode = fitted(causes, start, reached)
    found = pool(mode, *moves.by_unit(mode, design, reached, edges), sd, sd.size - 2 + np.arange(2), pairs(60))
    assert np.all(np.abs(found.mean) < 2.5 * found.sd)


def test_one_unit_agrees_with_statsmodels() -> None:
    """From the lowest rung both climbs have one slope, so whether a pair climbs at all is a plain logit."""
    sm = pytest.importorskip("statsmodels.api")
    random = np.random.default_rng(3)
    cause = random.normal(size=600)
    eta = np.stack([np.zeros(600), -0.4 + 0.8 * cause, -1.0 + 0.8 * cause], axis=1)
    reached = (np.exp(eta).cumsum(axis=1) / np.exp(eta).sum(axis=1, keepdims=True) < random.random((600, 1))).sum(
        axis=1
    )
    start = np.zeros(600, np.int64)
    design, sd, mode = fitted(cause[:, None], start, reached, wide=100.0)
    climbs = (reached > 0).astype(float)
    known = sm.Logit(climbs, sm.add_constant(cause)).fit(disp=0)
    assert mode[-2] == pytest.approx(known.params[1], abs=2e-3)
    weights = np.ones(600)
    bend = log_likelihood(mode, design, reached, weights)[2]
    free = [0, 1, mode.size - 2]  # constants of the moves from rung 0, and the slope up
    information = bend[np.ix_(free, free)] + np.diag(sd[free] ** -2.0)
    assert np.sqrt(np.linalg.inv(information)[2, 2]) == pytest.approx(known.bse[1], rel=0.02)


def test_one_step_without_a_fold_meets_the_refit() -> None:
    causes, start, reached, edges, _ = made(4, 20, 80, (0.4, -0.4))
    design, sd, mode = fitted(causes, start, reached)
    slope, bend = moves.by_unit(mode, design, reached, edges)
    out = np.arange(20) % 10 == 3
    quick = left_out.without_fold(mode, slope, bend, sd, out)
    rows = ~np.repeat(out, 80)
    refit = fit_mode(
        lambda x: log_likelihood(x, design[rows], reached[rows], np.ones(rows.sum())), np.zeros(sd.size), sd
    ).mode
    assert np.abs(quick - refit).max() < 0.1 * np.abs(mode - refit).max() + 1e-6


def test_what_units_say_adds_up() -> None:
    causes, start, reached, edges, _ = made(5, 7, 30, (0.4, -0.4))
    design, _, mode = fitted(causes, start, reached)
    slope, bend = moves.by_unit(mode, design, reached, edges)
    _, whole, curve = log_likelihood(mode, design, reached, np.ones(reached.size))
    np.testing.assert_allclose(slope.sum(axis=0), whole, atol=1e-9)
    np.testing.assert_allclose(bend.sum(axis=0), curve, atol=1e-9)


def test_states_drawn_again_give_the_spread_that_independent_pairs_have_or_more() -> None:
    random = np.random.default_rng(6)
    ends = pairs(66)
    gains = random.normal(size=66)
    drawn = left_out.node_bootstrap(gains, ends, 4000, 1)
    assert drawn.mean() == pytest.approx(gains.sum(), abs=1.0)
    by_state = np.array([gains[(ends == node).any(axis=1)].sum() for node in range(12)])
    assert drawn.std() == pytest.approx(np.sqrt(np.sum((by_state - by_state.mean()) ** 2)), rel=0.15)
    assert np.array_equal(drawn, left_out.node_bootstrap(gains, ends, 4000, 1))


@given(st.lists(st.floats(0, 20), min_size=6, max_size=40), st.floats(0.5, 20))
def test_the_future_is_the_past_read_backwards(values: list[float], half_life: float) -> None:
    series = np.array(values)
    np.testing.assert_allclose(
        averages.coming(series, half_life, 2)[:-2], averages.recent(series[::-1], half_life)[::-1][2:]
    )
    assert averages.recent(series, half_life).max() <= series.max() + 1e-9


@given(st.integers(0, 2**14 - 1), st.integers(0, 2**14 - 1))
def test_a_story_told_twice_on_one_day_is_no_answer(mine: int, theirs: int) -> None:
    acts, replies = (np.array([(n >> k) & 1 for k in range(14)], bool) for n in (mine, theirs))
    found = averages.answered(acts, replies, 3)
    for day in range(14):
        before = acts[max(day - 3, 0) : day].any()
        assert found[day] == (replies[day] and before)
