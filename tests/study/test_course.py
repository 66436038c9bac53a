"""The expected course: whole weeks, quantiles in order, odds that add up, and the record before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from fissures.events.panel import Panel
from fissures.model.simulate import Run
from fissures.study.course import LEVELS, PAST_WEEKS, course
from fissures.study.records import Course

PATHS, WEEKS = 200, 26  # 184 days hold 26 whole weeks


def with_out(run: Run, **arrays: np.ndarray) -> Run:
    """A run with some arrays of what happened in place of its own."""
    return replace(run, out=replace(run.out, **arrays))


@pytest.fixture(scope="module")
def run(made: Callable[..., Run]) -> Run:
    """Paths with random rungs and deaths."""
    rng = np.random.default_rng(3)
    calm = made(PATHS)
    rungs = rng.integers(0, 5, calm.rungs.shape).astype(np.uint8)
    return with_out(calm, rungs=rungs, deaths=rng.poisson(rungs[:2] * 0.4).astype(np.int32))


@pytest.fixture(scope="module")
def seen(panel: Panel, run: Run) -> Course:
    return course(panel, run)


def test_every_table_has_one_row_a_week(seen: Course) -> None:
    assert seen.weeks == tuple(date(2019, 12, 30) + timedelta(weeks=w) for w in range(WEEKS))
    assert seen.levels == LEVELS
    assert np.shape(seen.deaths) == (WEEKS, len(LEVELS))
    assert seen.rungs == ("calm", "scuffles", "raids", "feud", "uprising")
    assert {front: np.shape(odds) for front, odds in seen.ladder.items()} == {"weir": (WEEKS, 5), "ford": (WEEKS, 5)}


def test_quantiles_rise_and_odds_add_up(seen: Course) -> None:
    assert (np.diff(seen.deaths, axis=1) >= 0).all() and np.min(seen.deaths) >= 0
    for odds in seen.ladder.values():
        assert np.sum(odds, axis=1) == pytest.approx(1)
        assert np.min(odds) >= 0


def test_a_week_is_known_by_its_deaths_and_its_highest_rung(seen: Course, run: Run) -> None:
    week = slice(7, 14)
    deaths = run.deaths[:, week].sum(axis=(0, 1))
    assert seen.deaths[1] == pytest.approx(tuple(np.quantile(deaths, LEVELS)))
    assert seen.ladder["ford"][1][4] == pytest.approx((run.rungs[1, week].max(axis=0) == 4).mean())


def test_the_past_is_the_last_half_year_with_its_gaps(panel: Panel, run: Run) -> None:
    killed = panel.killed.copy()
    killed[-3] = np.nan
    past = course(replace(panel, killed=killed), run).past
    assert len(past) == PAST_WEEKS
    assert past[-1] == (date(2019, 12, 23), killed[-1], killed[-1])
    assert past[-3] == (date(2019, 12, 9), None, None)
    assert [value for _, value, _ in past].count(None) == 1
