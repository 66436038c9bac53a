"""Laws of memory: a half-life halves, a recursion is a convolution, and silence is waited for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fissures.kernel.memory import BUILDING, DECAYING, blend, decay, step_pressure
from fissures.model.history import wait

from .worlds import lawful

half_lives = st.floats(0.5, 2000)
inputs = st.lists(st.floats(0, 10), min_size=1, max_size=60)


@lawful(100)
@given(half_lives)
def test_a_half_life_halves(half_life: float) -> None:
    assert decay(half_life) ** half_life == pytest.approx(0.5, rel=1e-12)


@lawful(50)
@given(st.integers(1, 400), st.floats(0, 10))
def test_a_decaying_pressure_left_alone_halves_in_its_half_life(days: int, level: float) -> None:
    value = np.array([level])
    for _ in range(days):
        value = step_pressure(DECAYING, value, decay(days), 0.0, 0.0, 1.0)
    assert value[0] == pytest.approx(level / 2, rel=1e-10)


@lawful(50)
@given(half_lives, inputs, st.floats(0, 5))
def test_a_decaying_pressure_is_a_convolution(half_life: float, added: list[float], first: float) -> None:
    d, value = decay(half_life), np.array([first])
    for a in added:
        value = step_pressure(DECAYING, value, d, 0.0, a, 1.0)
    ages = np.arange(len(added))[::-1]
    assert value[0] == pytest.approx(first * d ** len(added) + np.sum(np.array(added) * d**ages), rel=1e-9, abs=1e-12)


@lawful(50)
@given(half_lives, inputs, st.floats(0, 5))
def test_a_memory_is_a_weighted_mean_of_all_that_was(half_life: float, new: list[float], first: float) -> None:
    d, memory, series = decay(half_life), first, np.array([first])
    for x in new:
        memory = blend(memory, d, x)
        series = step_pressure(DECAYING, series, d, 0.0, (1.0 - d) * x, 1.0)
    weights = (1 - d) * d ** np.arange(len(new))[::-1]
    expected = first * d ** len(new) + weights @ np.array(new)
    assert memory == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert series[0] == memory  # a pressure that follows a series is its weighted mean
    assert min(first, *new) - 1e-9 <= memory <= max(first, *new) + 1e-9


@lawful(50)
@given(half_lives, st.integers(1, 300), st.floats(0, 1))
def test_a_pressure_that_builds_up_closes_half_its_gap_in_its_half_time(half: float, days: int, first: float) -> None:
    value = np.array([first])
    for _ in range(days):
        value = step_pressure(BUILDING, value, decay(half), 0.0, 0.0, 1.0)
    assert value[0] == pytest.approx(1 - (1 - first) * 0.5 ** (days / half), rel=1e-9, abs=1e-12)
    assert first <= value[0] + 1e-12 <= 1 + 2e-12


@lawful(50)
@given(st.sampled_from([DECAYING, BUILDING]), half_lives, st.floats(0, 1), inputs)
def test_no_pressure_falls_below_its_floor(kind: int, half_life: float, floor: float, added: list[float]) -> None:
    value = np.array([0.0])
    for a in added:
        value = step_pressure(kind, value, decay(half_life), floor, a, 0.3)
        assert value[0] >= floor


@lawful(100)
@given(st.lists(st.lists(st.integers(0, 6), min_size=40, max_size=40), min_size=1, max_size=3), st.integers(0, 20))
def test_a_front_is_quiet_only_after_the_waiting_time(record: list[list[int]], days: int) -> None:
    active = np.array(record)
    waited = wait(active, days)
    for t in range(active.shape[1]):
        lately = (active[:, max(t - days, 0) : t + 1] > 0).any(axis=1)
        assert np.array_equal(waited[:, t], np.where(active[:, t] > 0, active[:, t], lately))
