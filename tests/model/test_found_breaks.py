"""Breaks that nobody declared: found where they are, and seldom where there is none."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from fissures.kernel import ladder as law
from fissures.kernel import streams as counting
from fissures.kernel.posterior import fit_mode
from fissures.model import findings
from fissures.model.found_breaks import BOUND, Told, strongest

Floats = NDArray[np.float64]
DAYS = 600
MEAN, SD = np.array([-1.0, 0.0, 0.5]), np.array([2.0, 0.5, 1.0])


def searched(seed: int, step: float = 0.0, at: int = 300) -> tuple[int, float, bool]:
    """The strongest break of a made stream whose log rate steps on a day."""
    g = np.random.default_rng(seed)
    design = np.column_stack([np.ones(DAYS), g.normal(size=DAYS)])
    mean = np.exp(-0.7 + 0.3 * design[:, 1] + step * (np.arange(DAYS) >= at))
    counts = g.negative_binomial(1.5, 1.5 / (1.5 + mean)).astype(float)
    given = {"design": design, "counts": counts, "days": np.ones(DAYS)}
    fit = fit_mode(partial(counting.log_likelihood, **given), MEAN, SD)
    best = strongest([Told(np.arange(DAYS), *counting.tilt(fit.mode, **given))], [fit])
    assert best is not None
    return best


def test_a_planted_break_is_found_near_its_day_with_its_sign() -> None:
    for seed, step in ((1, 1.0), (2, -1.0), (3, 0.8)):
        day, gain, rises = searched(seed, step)
        assert abs(day - 300) < 40 and gain > BOUND and rises == (step > 0)


def test_a_record_without_a_break_seldom_shows_one() -> None:
    """The bound is passed by chance one time in a hundred: four in 100 or more would be strange (p < .02)."""
    assert sum(searched(seed)[1] > BOUND for seed in range(100)) < 4


def test_too_short_a_record_shows_nothing() -> None:
    assert strongest([], []) is None


def test_the_tilt_of_a_stream_is_the_slope_of_one_more_column() -> None:
    g = np.random.default_rng(4)
    design, counts = np.column_stack([np.ones(40), g.normal(size=40)]), g.poisson(1.0, 40).astype(float)
    theta, days = np.array([-0.2, 0.3, 0.4]), g.integers(1, 4, 40).astype(float)
    score, information, across = counting.tilt(theta, design, counts, days)
    more = (g.uniform(size=40) < 0.5).astype(float)
    whole = counting.log_likelihood(np.insert(theta, 2, 0.0), np.column_stack([design, more]), counts, days)
    assert np.isclose(score @ more, whole[1][2]) and np.isclose(information @ more, whole[2][2, 2])
    assert np.allclose(more @ across, np.delete(whole[2][2], 2))


def test_the_tilt_of_a_ladder_is_the_slope_of_one_more_column() -> None:
    g = np.random.default_rng(5)
    design, theta = g.normal(size=(30, 4, 3)), g.normal(size=3)
    reached, weights, touched = g.integers(0, 4, 30), g.uniform(0.5, 1, 30), np.array([0.0, 0, 1, 1])
    score, information, across = law.tilt(theta, touched, design, reached, weights)
    more = (g.uniform(size=30) < 0.5).astype(float)
    wider = np.concatenate([design, (more[:, None] * touched)[:, :, None]], axis=2)
    whole = law.log_likelihood(np.append(theta, 0.0), wider, reached, weights)
    assert np.isclose(score @ more, whole[1][3]) and np.isclose(information @ more, whole[2][3, 3])
    assert np.allclose(more @ across, whole[2][3, :3])


def test_what_is_found_is_said_in_words() -> None:
    from datetime import date

    from fissures.model.found_breaks import FoundBreak

    told = str(findings._broken(FoundBreak("ladder river", date(2018, 10, 3), 8.25, False)))
    assert "ladder river climbs less from about 3 October 2018 on than the fit expects (8.2 nats" in told
    assert "declare it under `breaks:`" in told
