"""Scores against hand calculations, their own definitions, and the published constants of the VIEWS challenge."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from fissures.kernel import scores

VIEWS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "views"
COUNTS = st.lists(st.integers(0, 2000), min_size=2, max_size=30)


def test_crps_by_hand() -> None:
    # |0-3| + |4-3| over 2 = 2; pairs 0-4 and 4-0: 8 / (2 * 4) = 1
    assert scores.crps(np.array([4.0, 0.0]), np.array(3.0)).item() == pytest.approx(1.0)
    assert scores.crps(np.array([7.0]), np.array(3.0)).item() == 4.0


@given(COUNTS, st.integers(0, 2000))
def test_crps_is_its_definition(draws: list[int], truth: int) -> None:
    x = np.array(draws, float)
    plain = np.abs(x - truth).mean() - np.abs(x[:, None] - x).sum() / (2 * x.size**2)
    assert scores.crps(x, np.array(truth)).item() == pytest.approx(plain, abs=1e-8)


@given(COUNTS, st.integers(0, 2000))
def test_repeating_every_draw_changes_no_crps(draws: list[int], truth: int) -> None:
    x = np.array(draws, float)
    again = scores.crps(scores.thinned(x, 3 * x.size), np.array(truth))
    assert again.item() == pytest.approx(scores.crps(x, np.array(truth)).item(), abs=1e-8)


def test_crps_of_many_normal_draws_is_the_closed_form() -> None:
    """Gneiting & Raftery 2007, equation 21."""
    draws, y = norm.ppf((np.arange(20_000) + 0.5) / 20_000), 0.7
    closed = y * (2 * norm.cdf(y) - 1) + 2 * norm.pdf(y) - 1 / np.sqrt(np.pi)
    assert scores.crps(draws, np.array(y)).item() == pytest.approx(closed, abs=1e-4)


def test_ignorance_by_hand() -> None:
    draws = np.array([0.0, 0.0, 1.0, 26.0])  # classes 0, 0, 1 and 5: eleven classes, one pseudo-draw each
    for truth, hits in ((0.0, 2), (2.0, 1), (25.0, 0), (26.0, 1), (5000.0, 0)):
        assert scores.ignorance(draws, np.array(truth)).item() == pytest.approx(-np.log2((hits + 1) / 15)), truth


def test_interval_score_by_hand() -> None:
    draws = np.linspace(0.0, 100.0, 101)  # the central nine tenths are 5 to 95
    for truth, score in ((50.0, 90.0), (5.0, 90.0), (96.0, 110.0), (0.0, 190.0)):
        assert scores.interval_score(draws, np.array(truth)).item() == pytest.approx(score), truth


def test_thresholds_look_at_nothing_below_them() -> None:
    draws, truth = np.array([0.0, 30.0]), np.array(40.0)
    assert scores.threshold_crps(draws, truth, 25.0).item() == pytest.approx((15 + 10) / 2 - 2 * 5 / 8)
    assert scores.threshold_crps(draws, truth, 0.0) == scores.crps(draws, truth)
    assert scores.log_crps(draws, truth) == scores.crps(np.log1p(draws), np.log1p(truth))


def test_chances_are_scored_by_hand() -> None:
    chances, came = scores.chance(np.array([[1, 1, 0], [0, 0, 0]])), np.array([1.0, 0.0])
    assert chances == pytest.approx([2.5 / 4, 0.5 / 4])
    assert scores.brier(chances, came) == pytest.approx([0.375**2, 0.125**2])
    assert scores.log_loss(chances, came) == pytest.approx([-np.log2(0.625), -np.log2(0.875)])


def test_a_paired_difference_draws_blocks_whole() -> None:
    """A block whose cells cancel has no spread; blocks that differ do."""
    ours = np.array([[1.0, -1.0]] * 8)
    assert scores.paired_difference(ours, np.zeros((8, 2))) == (0.0, 0.0, 0.0)
    mean, low, high = scores.paired_difference(np.arange(8.0)[:, None], np.zeros((8, 1)))
    assert mean == 3.5 and 1.5 < low < 3.0 and 4.0 < high < 5.5


# CRPS and interval of the file's own twelve values; ignorance after the official scorer's stretching to a thousand.
PUBLISHED = [(2018, 14.4829, 0.6403, 186.55), (2020, 21.3393, 0.5665, 344.96)]


@pytest.mark.shared
@pytest.mark.parametrize(("year", "crps", "ignorance", "interval"), PUBLISHED)
def test_the_published_scores_of_conflictology(year: int, crps: float, ignorance: float, interval: float) -> None:
    truth, draws = read(year, "bm_conflictology_cm", 12)
    assert scores.crps(draws, truth).mean() == pytest.approx(crps, abs=6e-5)
    assert scores.interval_score(draws, truth).mean() == pytest.approx(interval, abs=6e-3)
    assert scores.ignorance(scores.resampled(draws), truth).mean() == pytest.approx(ignorance, abs=6e-5)


@pytest.mark.shared
@pytest.mark.parametrize(("year", "crps", "ignorance"), [(2018, 20.1735, 1.1984), (2020, 23.6981, 1.1103)])
def test_the_scores_of_the_last_observed_poisson_are_near_the_published(
    year: int, crps: float, ignorance: float
) -> None:
    """The file at hand scores 20.0838 / 1.1946 and 23.7174 / 1.1149; its draws are not those that were published."""
    truth, draws = read(year, "bm_cm_last_historical_poisson_expanded", 1000)
    assert scores.crps(draws, truth).mean() == pytest.approx(crps, rel=5e-3)
    assert scores.ignorance(draws, truth).mean() == pytest.approx(ignorance, abs=5e-3)


def read(year: int, name: str, draws: int) -> tuple[np.ndarray, np.ndarray]:
    """Actual deaths by cell, and a benchmark's draws of it."""
    actual, made = VIEWS / "actuals" / f"cm_actuals_{year}.parquet", VIEWS / "benchmarks" / f"{name}_{year}.parquet"
    joined = duckdb.sql(
        f"""SELECT a.outcome AS truth, b.outcome AS drawn FROM read_parquet('{actual}') a
        JOIN read_parquet('{made}') b USING (month_id, country_id) ORDER BY month_id, country_id, draw"""
    ).fetchnumpy()
    table = np.stack([joined["truth"], joined["drawn"]]).astype(float).reshape(2, -1, draws)
    assert table.shape[1] == 191 * 12
    return table[0, :, 0], table[1]
