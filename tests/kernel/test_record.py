"""The record with memory: its mean is the record's own, by the weights of its lags."""

from __future__ import annotations

import numpy as np
import pytest

from fissures.kernel import mixture, record

PATHS = 20_000


def simulated(past: list[float], half_lives: tuple[float, ...], size: float = 6.0, steps: int = 2) -> np.ndarray:
    table = np.array(past, float)[:, None]
    return record.simulate(table, steps, PATHS, half_lives, size, np.random.default_rng(1))[:, 0]


def test_a_record_of_one_value_is_a_gamma_poisson_about_it() -> None:
    draws = simulated([10.0] * 5, (2.0,))
    assert draws[0].mean() == pytest.approx(10.0, abs=0.1)
    assert draws[0].var() == pytest.approx(10.0 + 100.0 / 6.0, rel=0.05)


def test_lags_have_geometric_weights_that_add_up_to_one() -> None:
    past = np.zeros(3)
    for lag, weight in enumerate((4 / 7, 2 / 7, 1 / 7)):  # half-life one step, three lags at hand
        past[:] = 0.0
        past[lag] = 1000.0
        draws = simulated(list(past), (1.0,), steps=1)
        assert (draws > 0).mean() == pytest.approx(weight, abs=0.015)


def test_half_lives_come_in_equal_parts_and_stay_with_a_path() -> None:
    """With one half-life far below a step and one far above all lags, half of the paths repeat the last value."""
    draws = simulated([1000.0, *([0.0] * 99)], (0.01, 1e6), steps=8)
    on = (draws > 0).mean(axis=0)
    assert (on == 1.0).mean() == pytest.approx(0.5, abs=0.02)
    assert (on < 0.5).mean() == pytest.approx(0.5, abs=0.02)


def test_a_path_is_high_or_low_as_a_whole() -> None:
    draws = simulated([100.0] * 4, (1.0,), size=2.0)
    assert np.corrcoef(draws)[0, 1] > 0.9


def test_silence_goes_on_as_silence() -> None:
    assert not simulated([0.0] * 9, (1.0, 4.0)).any()


def test_the_ladders_share_falls_with_recent_deaths() -> None:
    share = mixture.ladder_share(np.array([0.0, 30.0, 1e9]), 0.7, 30.0)
    assert share == pytest.approx([0.7, 0.35, 0.0], abs=1e-6)


def test_a_mixture_takes_whole_paths() -> None:
    ladder, own = np.ones((3, 2, 10)), np.zeros((3, 2, 10))
    mixed = mixture.mixed(ladder, own, np.array([0.3, 1.0]))
    assert mixed.mean(axis=(0, 2)) == pytest.approx([0.3, 1.0])
    assert ((mixed == mixed[:1]).all(axis=0)).all()
