"""PRIM finds a planted box, finds nothing in noise, and its quasi-p-values mean what they say."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from fissures.kernel.prim import Box, everything, find, halves, judge, pasted, peel, quasi_p, spread_over, watched

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS, EACH = 1000, 8
CLUSTER = np.tile(np.arange(DRAWS), EACH)


def futures(inputs: int, seed: int) -> tuple[Floats, np.random.Generator]:
    """Inputs by draw, and the generator that made them."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(DRAWS, inputs)), rng


def planted(inputs: int = 60, seed: int = 1) -> tuple[Floats, Floats]:
    """Paths on which it happens half the time where input 3 is above .3 and input 7 below .2, else in 6 of 100."""
    x, rng = futures(inputs, seed)
    p = np.where((x[:, 3] > 0.3) & (x[:, 7] < 0.2), 0.5, 0.06)
    return x[CLUSTER], (rng.random(CLUSTER.size) < p[CLUSTER]).astype(float)


def test_a_planted_box_is_found_with_its_limits() -> None:
    x, y = planted()
    found = find(x, y, CLUSTER, halves(CLUSTER, 1))
    assert found.judged is not None
    box = found.judged.box
    assert box.restricted == (3, 7)
    assert box.limits[3] == pytest.approx([0.3, np.inf], abs=0.15)
    assert box.limits[7] == pytest.approx([-np.inf, 0.2], abs=0.15)
    assert found.judged.density == pytest.approx(0.5, abs=0.06)
    inside = box.inside(x)
    assert found.judged.coverage == pytest.approx(y[inside].sum() / y.sum(), abs=0.06)
    assert max(found.judged.ps) < 1e-6 and found.judged.p < 1e-6
    assert found.trajectory[0].tolist() == pytest.approx([1.0, y.mean(), 0.0, 1.0], abs=0.02)


def test_noise_yields_no_box_more_often_than_it_says() -> None:
    """Draws differ by themselves, as posterior draws do, and no input says how."""
    stood, ps = 0, []
    for seed in range(60):
        x, rng = futures(20, seed)
        p = rng.beta(1, 6, size=DRAWS)
        y = (rng.random(CLUSTER.size) < p[CLUSTER]).astype(float)
        look = halves(CLUSTER, seed)
        stood += find(x[CLUSTER], y, CLUSTER, look).judged is not None
        boxes = peel(x[CLUSTER][look], y[look])
        ps.append(judge(boxes[len(boxes) // 2], x[CLUSTER][~look], y[~look], CLUSTER[~look]).p)
    assert stood <= 7, "one in twenty, and chance"
    assert np.mean(np.array(ps) < 0.1) == pytest.approx(0.1, abs=0.1)
    assert np.mean(ps) == pytest.approx(0.5, abs=0.12)


def test_paths_of_one_draw_are_not_independent_points() -> None:
    x, rng = futures(1, 3)
    y = (rng.random(DRAWS) < 0.2).astype(float)[CLUSTER]  # all paths of a draw alike
    inside = (x[:, 0] > 0.5)[CLUSTER]
    naive = quasi_p(y, inside, np.ones(y.size, bool), np.arange(y.size))
    honest = quasi_p(y, inside, np.ones(y.size, bool), CLUSTER)
    alone = quasi_p(y[:DRAWS], inside[:DRAWS], np.ones(DRAWS, bool), np.arange(DRAWS))
    assert honest == pytest.approx(alone, abs=0.02)
    assert abs(naive - 0.5) > abs(honest - 0.5)


def test_each_peel_lies_in_the_one_before_and_is_denser() -> None:
    x, y = planted(10)
    boxes = peel(x, y)
    assert not boxes[0].restricted
    for wide, narrow in pairwise(boxes):
        assert not (narrow.inside(x) & ~wide.inside(x)).any()
        assert y[narrow.inside(x)].mean() > y[wide.inside(x)].mean()
    assert boxes[-1].inside(x).mean() >= 0.05
    assert max(len(box.restricted) for box in boxes) <= 3


def test_an_input_of_two_values_is_peeled_where_it_matters_and_not_where_not() -> None:
    rng = np.random.default_rng(5)
    x = np.column_stack([rng.integers(0, 2, 4000), rng.integers(0, 2, 4000)]).astype(float)
    y = (rng.random(4000) < np.where(x[:, 1] == 1, 0.4, 0.1)).astype(float)
    found = find(x, y, np.arange(4000), halves(np.arange(4000), 1))
    assert found.judged is not None and found.judged.box.restricted == (1,)
    assert found.judged.box.limits[1, 0] == 1.0


def test_pasting_lowers_no_mean() -> None:
    x, y = planted(8)
    small = Box(np.where(np.arange(8)[:, None] == 3, [[0.8, 1.2]], [[-np.inf, np.inf]]))
    wide = pasted(small, x, y)
    assert wide.inside(x).sum() >= small.inside(x).sum()
    assert y[wide.inside(x)].mean() >= y[small.inside(x)].mean()


def test_the_inputs_that_matter_are_watched() -> None:
    x, y = planted(200)
    assert {3, 7} <= set(watched(x, y))


def test_points_belong_to_the_first_box_that_holds_them() -> None:
    x = np.array([[0.0], [1.0], [2.0]])
    low, high = everything(1).limits.copy(), everything(1).limits.copy()
    low[0, 1], high[0, 0] = 1.0, 1.0
    assert spread_over([Box(low), Box(high)], x).tolist() == [0, 0, 1]
    assert spread_over([Box(low)], x).tolist() == [0, 0, 1]
    assert spread_over([], x).tolist() == [0, 0, 0]


def test_halves_keep_clusters_whole() -> None:
    look = halves(CLUSTER, 1)
    assert look.mean() == pytest.approx(0.5)
    assert all(look[draw == CLUSTER].all() or not look[draw == CLUSTER].any() for draw in range(20))


def test_a_box_in_which_nothing_or_everything_happens_is_no_error() -> None:
    x, cluster = np.linspace(0, 1, 100)[:, None], np.arange(100)
    for y in (np.zeros(100), np.ones(100)):
        assert find(x, y, cluster, halves(cluster, 1)).judged is None
