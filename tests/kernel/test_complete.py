"""Completions of a coarse record against every path there is, counted out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
import pytest
from numpy.typing import NDArray

from fissures.kernel import complete

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
DRAWS = 40_000


@dataclass(frozen=True)
class Record:
    """A tiny record: bounds by day and by week, and which days the weeks' highest rung counts."""

    chain: Floats
    low: list[int]
    high: list[int]
    week_of: list[int]
    week_low: list[int]
    week_high: list[int]
    counted: list[bool]


THREE = np.array([[0.7, 0.2, 0.1], [0.3, 0.5, 0.2], [0.2, 0.3, 0.5]])
TWO = np.array([[0.8, 0.2], [0.4, 0.6]])
ALL, TOP = [True] * 8, [2] * 8
RECORDS = {
    "nothing known": Record(THREE, [0] * 6, TOP[:6], [0, 0, 0, 1, 1, 1], [0, 0], [2, 2], ALL[:6]),
    "two rungs, one violent week": Record(TWO, [0] * 8, [1] * 8, [0, 0, 0, 0, 1, 1, 1, 1], [1, 0], [1, 0], ALL),
    "highest of each week": Record(THREE, [0] * 7, TOP[:7], [0, 0, 0, 1, 1, 1, 1], [2, 1], [2, 1], ALL[:7]),
    "an interval, a bound and a known day": Record(
        THREE, [0, 0, 1, 0, 0, 0, 0], [2, 2, 1, 2, 1, 2, 2], [0, 0, 0, 1, 1, 1, 1], [1, 1], [2, 2], ALL[:7]
    ),
    "a week that opens alone": Record(THREE, [0] * 6, TOP[:6], [0, 1, 1, 1, 2, 2], [1, 0, 2], [1, 1, 2], ALL[:6]),
    "days that nobody counted": Record(
        THREE,
        [0] * 7,
        TOP[:7],
        [0, 0, 0, 1, 1, 1, 1],
        [1, 0],
        [1, 1],
        [True, False, True, False, True, True, False],
    ),
}


def chances(record: Record) -> dict[tuple[int, ...], float]:
    """The exact posterior: every path that the record allows, weighed by the chain."""
    days = len(record.low)
    weights: dict[tuple[int, ...], float] = {}
    for path in product(range(len(record.chain)), repeat=days):
        if all(a <= r <= b for a, r, b in zip(record.low, path, record.high, strict=True)) and _weeks(record, path):
            weights[path] = float(np.prod([record.chain[r, j] for r, j in pairwise(path)]))
    total = sum(weights.values())
    return {path: weight / total for path, weight in weights.items()}


def _weeks(record: Record, path: tuple[int, ...]) -> bool:
    for week, (low, high) in enumerate(zip(record.week_low, record.week_high, strict=True)):
        days = [t for t, w in enumerate(record.week_of) if w == week and record.counted[t]]
        if not low <= max((path[t] for t in days), default=0) <= high:
            return False
    return True


def sampled(record: Record, draws: int = DRAWS, seed: int = 1) -> Ints:
    """Completions of one record, as many as asked."""
    g = np.random.default_rng(seed)

    def many(values: list[int]) -> Ints:
        return np.repeat(np.array([values]), draws, 0)

    return complete.sample(
        record.chain,
        many(record.low),
        many(record.high),
        many(record.week_low),
        many(record.week_high),
        np.array(record.week_of),
        np.array(record.counted),
        g.uniform(size=(len(record.counted), draws)),
    )


@pytest.mark.parametrize("name", RECORDS)
def test_paths_come_as_often_as_they_should(name: str) -> None:
    exact = chances(RECORDS[name])
    found, counts = np.unique(sampled(RECORDS[name]), axis=0, return_counts=True)
    seen = {tuple(int(r) for r in path): int(n) for path, n in zip(found, counts, strict=True)}
    assert set(seen) <= set(exact)
    common = [path for path, p in exact.items() if p * DRAWS >= 5]
    rest = 1.0 - sum(exact[path] for path in common)
    expected = np.array([*(exact[path] for path in common), rest]) * DRAWS
    had = np.array([*(seen.get(path, 0) for path in common), DRAWS - sum(seen.get(path, 0) for path in common)])
    apart = ((had - expected) ** 2 / np.maximum(expected, 1.0)).sum()
    assert apart < len(common) + 5 * np.sqrt(2 * len(common))


@pytest.mark.parametrize("name", RECORDS)
def test_every_day_stands_where_it_should_on_average(name: str) -> None:
    exact = chances(RECORDS[name])
    expected = sum(p * np.array(path) for path, p in exact.items())
    assert np.abs(sampled(RECORDS[name]).mean(axis=0) - expected).max() < 5 * 1.0 / np.sqrt(DRAWS)


def test_each_record_of_a_batch_keeps_to_its_own_bounds() -> None:
    low, high = np.array([[0, 0, 1, 0], [2, 0, 0, 0]]), np.array([[1, 0, 1, 2], [2, 2, 0, 2]])
    weeks = np.array([[0], [2]]), np.array([[1], [2]])
    g = np.random.default_rng(1)
    for _ in range(200):
        paths = complete.sample(
            THREE, low, high, *weeks, np.zeros(4, np.int64), np.ones(4, bool), g.uniform(size=(4, 2))
        )
        assert ((paths >= low) & (paths <= high)).all()
        assert paths[0].max() <= 1 and paths[1].max() == 2


def test_a_contradictory_week_keeps_its_daily_bounds() -> None:
    """The week says rung 2; every one of its days says 1 at most. The next week is still held to its own."""
    record = Record(THREE, [0] * 6, [1, 1, 1, 2, 2, 2], [0, 0, 0, 1, 1, 1], [2, 2], [2, 2], ALL[:6])
    paths = sampled(record, 500)
    assert paths[:, :3].max() == 1 and (paths[:, 3:].max(axis=1) == 2).all()


def test_a_week_without_a_counted_day_asks_nothing() -> None:
    record = Record(THREE, [0] * 3, [2] * 3, [0, 0, 0], [2], [2], [False] * 3)
    assert set(np.unique(sampled(record, 500))) == {0, 1, 2}


def test_the_same_uniforms_give_the_same_completion() -> None:
    record = RECORDS["highest of each week"]
    assert np.array_equal(sampled(record, 50, seed=4), sampled(record, 50, seed=4))
    assert not np.array_equal(sampled(record, 50, seed=4), sampled(record, 50, seed=5))


def test_moves_are_counted_within_each_completion() -> None:
    paths = np.array([[0, 1, 1, 2], [2, 0, 0, 0]])
    assert complete.count_moves(paths, 3).tolist() == [[2, 1, 0], [0, 1, 1], [1, 0, 0]]


def test_rows_of_counts_become_chances() -> None:
    rows = complete.normalise(np.array([[1.0, 3.0], [0.5, 0.5]]))
    assert rows.tolist() == [[0.25, 0.75], [0.5, 0.5]]
