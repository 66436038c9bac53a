"""Memories against sums written out, and every kind of pressure by hand."""

from __future__ import annotations

import numpy as np
import pytest

from fissures.kernel import memory
from fissures.kernel.memory import BUILDING, DECAYING, decay, step_pressure

ONE = np.array([1.0])


def stepped(kind: int, days: int, d: float, added: float = 0.0) -> float:
    """A pressure's raw level after so many equal days from nothing."""
    value = np.zeros(1)
    for _ in range(days):
        value = step_pressure(kind, value, d, 0.0, added, 1.0)
    return float(value[0])


@pytest.mark.parametrize(("count", "gap", "half_life"), [(3, 5, 28.0), (4, 1, 2.0), (1, 1, 21.0)])
def test_a_surge_of_events_reads_as_one(count: int, gap: int, half_life: float) -> None:
    """So many single events, evenly spaced, the last one today, leave the pressure at its reference level."""
    value = np.zeros(1)
    for day in range((count - 1) * gap + 1):
        today = memory.feed(np.array([[1.0 if day % gap == 0 else 0.0]]), ONE)
        value = step_pressure(DECAYING, value, decay(half_life), 0.0, today, 1.0)
    assert memory.surge_of_events(count, count * gap, half_life) == pytest.approx(value[0], rel=1e-12)


def test_a_surge_of_half_an_event_is_half_of_one() -> None:
    assert memory.surge_of_events(0.5, 14, 7) == pytest.approx(np.log(1.5))


@pytest.mark.parametrize(("days", "half_life"), [(1, 2.0), (7, 14.0), (30, 3.0)])
def test_a_surge_of_days_reads_as_one(days: int, half_life: float) -> None:
    expected = stepped(DECAYING, days, decay(half_life), added=1.0)
    assert memory.surge_of_days(days, half_life) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("days", "half_time"), [(1, 30.0), (364, 252.0), (180, 91.3125)])
def test_a_surge_of_waiting_reads_as_one(days: int, half_time: float) -> None:
    expected = stepped(BUILDING, days, decay(half_time))
    assert memory.surge_of_wait(days, half_time) == pytest.approx(expected, rel=1e-12)


def test_half_the_waiting_time_builds_up_half() -> None:
    assert memory.surge_of_wait(252.0, 252.0) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("kind", "value", "added", "left", "expected"),
    [
        (DECAYING, 2.0, 0.5, 1.0, 1.5),  # halved, then fed
        (DECAYING, 0.1, 0.0, 1.0, 0.2),  # held up by its floor
        (BUILDING, 0.5, 0.0, 1.0, 0.75),  # half the gap closed
        (BUILDING, 0.5, 0.0, 0.5, 0.375),  # closed, then relieved
        (BUILDING, 0.5, 0.25, 0.5, 0.625),  # closed, relieved, and what a claim adds comes on top
        (BUILDING, 0.0, 0.0, 0.0, 0.2),  # relieved altogether, down to its floor
        (DECAYING, 2.0, 0.5 * 1.0, 1.0, 1.5),  # half way to a series that stands at 1
        (DECAYING, 2.0, 0.5, 0.5, 1.0),  # relieved of half of what is left
    ],
)
def test_a_pressure_steps_by_its_kind(kind: int, value: float, added: float, left: float, expected: float) -> None:
    assert step_pressure(kind, np.array([value]), 0.5, 0.2, added, left)[0] == pytest.approx(expected)


def test_events_feed_by_the_log_of_one_plus_their_number() -> None:
    counts = np.array([[0.0, 1, 5], [2.0, 0, 0], [7.0, 7, 7]])
    expected = 0.5 * np.log1p(counts[0]) + 2.0 * np.log1p(counts[1])
    assert np.allclose(memory.feed(counts, np.array([0.5, 2.0, 0.0])), expected, rtol=1e-15)


def test_each_event_relieves_its_share_of_what_is_left() -> None:
    """The factor is prod_s (1 - share_s)^n_s."""
    counts = np.array([[0.0, 1, 2, 3], [0.0, 0, 0, 1]])
    assert np.allclose(memory.relief(counts, np.array([0.5, 0.2])), [1, 0.5, 0.25, 0.125 * 0.8])


def test_a_front_as_violent_as_usual_stands_at_zero() -> None:
    assert memory.standing(0.05, 2000.0, 0.05, 365.0) == pytest.approx(0.0, abs=1e-15)


def test_standing_is_half_a_logit_of_a_shrunken_share() -> None:
    shares = np.array([0.0, 0.02, 0.3, 1.0])
    shrunk = (shares * 2000 + 0.05 * 365) / 2365
    expected = 0.5 * (np.log(shrunk / (1 - shrunk)) - np.log(0.05 / 0.95))
    found = memory.standing(shares, 2000.0, 0.05, 365.0)
    assert np.allclose(found, expected, rtol=1e-12)
    assert (np.diff(found) > 0).all() and np.isfinite(found).all()
