"""The pooled ladder: memories by their recursion, the fit by its gradient and what it recovers, paths by their law."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fissures.kernel import pooled, pooled_fit, pooled_paths
from fissures.kernel.pooled_fit import Moves, Ridge

SHAPE = pooled.Shape((1.0, 5.0, 25.0), (1.0, 4.0), (2.0,), doubt=4.0, longest=9.0, long_quiet=6.0)


def walked(counts: list[float]) -> list[pooled.Memory]:
    return pooled.walk(np.array(counts)[:, None], SHAPE)


def test_a_memory_halves_over_its_half_life_and_equals_the_convolution() -> None:
    counts = [3.0, 0.0, 7.0, 1.0, 0.0]
    last = walked(counts)[-1]
    for h, half_life in enumerate(SHAPE.death_half_lives):
        d = 2 ** (-1 / half_life)
        plain = sum((1 - d) * d**age * np.log1p(y) for age, y in enumerate(reversed(counts)))
        assert last.deaths[h, 0] == pytest.approx(plain, rel=1e-5)
    quiet = walked([20.0] + [0.0] * 4)
    assert quiet[4].deaths[1, 0] == pytest.approx(quiet[0].deaths[1, 0] / 2, rel=1e-5)


def test_what_was_not_observed_is_no_quiet_step_of_the_share() -> None:
    seen, gap = walked([0.0, 0.0, 2.0])[-1], walked([np.nan, np.nan, 2.0])[-1]
    assert (seen.seen[0], gap.seen[0]) == (3.0, 1.0)
    column = SHAPE.features.index("long-run share")
    shares = [1 / (1 + np.exp(-2 * pooled.design(one, SHAPE, 0.25)[0, column])) for one in (seen, gap)]
    assert shares == pytest.approx([(1 + 1) / (3 + 4), (1 + 1) / (1 + 4)], rel=1e-4)


def test_time_since_violence_is_counted_and_capped() -> None:
    since = [float(one.since[0]) for one in walked([0.0, 2.0, *([0.0] * 12)])]
    assert since == [9.0, 0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9]
    marks = [pooled.design(one, SHAPE, 0.1)[0, SHAPE.features.index("long quiet")] for one in walked([2.0] + [0.0] * 6)]
    assert marks == [0, 0, 0, 0, 0, 0, 1]


def test_a_design_has_the_columns_that_it_names() -> None:
    row = pooled.design(walked([30.0])[-1], SHAPE, 0.1)
    assert row.shape == (1, len(SHAPE.features)) and row[0, 0] == 1.0
    assert row[0, -SHAPE.rungs + 1 :].tolist() == [0.0, 0.0, 1.0]


def made(n: int = 400, seed: int = 3) -> Moves:
    rng = np.random.default_rng(seed)
    design = rng.normal(size=(n, len(SHAPE.features))).astype(np.float32)
    design[:, 0] = 1.0
    return Moves(design, rng.integers(0, SHAPE.rungs, n), rng.uniform(0.2, 1.0, n).astype(np.float32))


def test_the_gradient_is_that_of_finite_differences() -> None:
    moves, columns, ridge = made(), pooled.basis(SHAPE.edges), Ridge()
    point = np.random.default_rng(1).normal(scale=0.3, size=len(SHAPE.features) * (3 + SHAPE.rungs))
    _, gradient = pooled_fit.objective(point, moves, columns, ridge)
    for k in np.random.default_rng(2).choice(point.size, 12, replace=False):
        step = np.zeros(point.size)
        step[k] = 1e-2
        up, down = (pooled_fit.objective(point + s, moves, columns, ridge)[0] for s in (step, -step))
        assert (up - down) / 2e-2 == pytest.approx(gradient[k], rel=0.02, abs=0.02)


def test_merging_moves_that_are_alike_changes_no_likelihood() -> None:
    moves = made(50)
    twice = Moves(*(np.concatenate([getattr(moves, part)] * 2) for part in ("design", "reached", "weights")))
    twice = replace(twice, design=np.round(twice.design, 3))
    merged = pooled_fit.merged(twice)
    assert len(merged.reached) == 50
    point, columns = np.full(len(SHAPE.features) * (3 + SHAPE.rungs), 0.1), pooled.basis(SHAPE.edges)
    both = [pooled_fit.objective(point, one, columns, Ridge())[0] for one in (twice, merged)]
    assert both[0] == pytest.approx(both[1], rel=1e-5)


def test_a_fit_finds_the_chances_that_made_the_moves() -> None:
    """With nothing to remember the chances are the shares that were seen."""
    rng = np.random.default_rng(5)
    design = np.zeros((6000, len(SHAPE.features)), np.float32)
    design[:, 0] = 1.0
    truth = np.array([0.7, 0.15, 0.1, 0.05])
    moves = Moves(design, rng.choice(4, 6000, p=truth), np.ones(6000, np.float32))
    logits = pooled_fit.kernel(pooled_fit.fit(pooled_fit.merged(moves), SHAPE, Ridge(), turns=200), SHAPE)[0]
    assert np.exp(logits) / np.exp(logits).sum() == pytest.approx(truth, abs=0.02)


def test_marks_stand_on_their_rungs() -> None:
    marks = pooled_paths.pooled_marks(np.array([[0.0, 2.0], [7.0, np.nan]]), SHAPE.edges)
    assert marks.shape == (4, pooled_paths.KEPT)
    for j, (low, high) in enumerate(((0, 0), (1, 4), (5, 24), (25, np.inf))):
        assert (marks[j] >= low).all() and (marks[j] <= high).all(), j
    many = pooled_paths.pooled_marks(np.repeat([6.0, 9.0], 20), SHAPE.edges)
    assert set(many[2]) == {6.0, 9.0}


def test_a_units_own_marks_are_its_last_ones() -> None:
    recent = np.array([[6.0, 0.0], [7.0, np.nan], [8.0, 30.0], [1.0, 0.0]])
    own, count = pooled_paths.own_marks(recent, SHAPE.edges, most=2)
    assert count.tolist() == [[0, 1, 2, 0], [0, 0, 0, 1]]
    assert own[0, 2].tolist() == [7.0, 8.0] and own[1, 3, 0] == 30.0


def test_paths_follow_the_kernels_chances_and_the_marks() -> None:
    kernel = np.zeros((len(SHAPE.features), 4))
    kernel[0] = np.log([0.4, 0.3, 0.2, 0.1])
    pool = pooled_paths.pooled_marks(np.array([2.0] * 12 + [7.0] * 12 + [30.0] * 45), SHAPE.edges)
    own, count = pooled_paths.own_marks(np.array([[9.0], [9.0]]), SHAPE.edges)
    marks = pooled_paths.Marks(pool, own, count, trust=0.75)
    memory = walked([0.0, 3.0])[-1]
    paths = pooled_paths.simulate(kernel, marks, memory, SHAPE, 0.2, 3, 20_000, 1)
    assert paths.shape == (3, 1, 20_000)
    for value, share in ((0.0, 0.4), (2.0, 0.3), (9.0, 0.15), (7.0, 0.05), (30.0, 0.1)):
        assert (paths == value).mean() == pytest.approx(share, abs=0.01), value
    again = pooled_paths.simulate(kernel, marks, memory, SHAPE, 0.2, 3, 20_000, 1)
    assert (again == paths).all()


def test_memory_bends_a_path() -> None:
    """A kernel that only knows its own rung stays on it."""
    kernel = np.zeros((len(SHAPE.features), 4))
    kernel[0, 0] = 9.0
    kernel[SHAPE.features.index("on rung 2"), 2] = 30.0
    pool = pooled_paths.pooled_marks(np.zeros(1), SHAPE.edges)
    marks = pooled_paths.Marks(pool, np.zeros((1, 4, 1)), np.zeros((1, 4), np.int64), 0.0)
    high = pooled_paths.simulate(kernel, marks, walked([7.0])[-1], SHAPE, 0.2, 4, 500, 1)
    low = pooled_paths.simulate(kernel, marks, walked([2.0])[-1], SHAPE, 0.2, 4, 500, 1)
    assert (high >= 5).all() and (low == 0).mean() > 0.99
