"""Laws of the short cut: what is skipped on a bound would have come to nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fissures.kernel import streams as counting
from fissures.kernel.arith import exp, log1p
from fissures.kernel.paths import run
from fissures.kernel.world import Lever

from .worlds import DRAWS, Recipe, lawful, recipes, same

Floats = NDArray[np.float64]


@lawful(300)
@given(st.floats(-700, counting.LOG_MEAN_CAP))
def test_the_quick_exponential_never_lies_below_the_true_one(x: float) -> None:
    assert counting.exp_above(np.array([x]))[0] >= exp(x)


@lawful(300)
@given(st.floats(0, 1e15))
def test_the_quick_logarithm_never_lies_below_the_true_one(x: float) -> None:
    assert counting.log1p_above(np.array([x]))[0] >= log1p(x)


def test_both_bounds_hold_over_a_fine_grid() -> None:
    x, y = np.linspace(-60, counting.LOG_MEAN_CAP, 400_001), np.expm1(np.linspace(0, 34, 400_001))
    assert (counting.exp_above(x) >= exp(x)).all() and (counting.log1p_above(y) >= log1p(y)).all()
    near = x[(x > -1) & (x < 0)]
    assert (counting.exp_above(near) < 1.05 * exp(near)).all()  # near enough to be worth it


def test_no_day_has_a_mean_above_the_bound_of_a_cut_off_one() -> None:
    beyond = np.array([counting.LOG_MEAN_CAP, 9.0, 700.0])
    assert (counting.exp_above(beyond) >= exp(np.full(3, counting.LOG_MEAN_CAP))).all()


@pytest.mark.parametrize("factor", [None, 0.0, 0.05, 0.4, 3.0])
@lawful(5)
@given(recipes, st.floats(-4, 3))
def test_skipping_never_changes_a_count(factor: float | None, recipe: Recipe, rate: float) -> None:
    """The same paths from streams that work out every mean in full, rare or busy, as they are or scaled by a lever."""
    world = recipe.world()
    busy = tuple(s if s.read else replace(s, rate=s.rate + rate) for s in world.streams)
    scaled = tuple((s, factor) for s, stream in enumerate(busy) if stream.read is None and factor is not None)
    world = replace(world, streams=busy, levers=(Lever((), (), 0, 99, (), scaled),))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(counting, "exp_above", lambda x: np.full(x.shape, 1e9))
        whole = run(world, 5, 0, 60)
    assert same(run(world, 5, 0, 60), whole)


def test_a_busy_stream_that_a_lever_slows_keeps_its_mean() -> None:
    """Ten events a day, slowed to a tenth, are one a day: the bound must not lose them."""
    world = Recipe(seed=3, fronts=2, rungs=3, streams=2, pressures=1).world()
    flat = {name: np.zeros(DRAWS) for name in ("own", "rung")}
    fast = replace(world.streams[0], rate=np.full(DRAWS, np.log(10.0)), size=np.full(DRAWS, 50.0), links=(), **flat)
    slowed = replace(world, streams=(fast, *world.streams[1:]), levers=(Lever((), (), 0, 9, (), ((0, 0.1),)),))
    counts = run(slowed, 5, 0, 4000).counts[0]
    assert counts.mean() == pytest.approx(1.0, abs=0.03)
    assert (counts == 0).mean() == pytest.approx((1 + 1 / 50) ** -50, abs=0.02)
