"""The seed laws: what a path does depends on its seed, its number and the day, and on nothing beside it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fissures.kernel.paths import join, run
from fissures.kernel.world import Lever, Paths
from fissures.model import simulate as simulation

from .conftest import Fitted
from .worlds import Recipe, bystander, chosen, days, lawful, random_lever, recipes, same, without_stream

DAYS, PATHS = 12, 24


def run_all(recipe: Recipe) -> Paths:
    return run(recipe.world(), DAYS, 0, PATHS)


@lawful(20)
@given(recipes, st.sets(st.integers(1, PATHS - 1), max_size=4))
def test_batches_do_not_change_the_answer(recipe: Recipe, cuts: set[int]) -> None:
    edges, world = [0, *sorted(cuts), PATHS], recipe.world()
    parts = [run(world, DAYS, a, b - a) for a, b in pairwise(edges)]
    assert same(join(parts), run_all(recipe))


@lawful(20)
@given(recipes, st.integers(0, 10_000))
def test_one_path_alone_is_the_same_path(recipe: Recipe, number: int) -> None:
    world = recipe.world()
    alone, beside = run(world, DAYS, number, 1), run(world, DAYS, max(number - 3, 0), 5)
    at = min(number, 3)
    assert same(chosen(beside, slice(at, at + 1)), alone)


@lawful(20)
@given(recipes, st.integers(1, 40))
def test_more_paths_leave_the_first_ones_as_they_were(recipe: Recipe, more: int) -> None:
    bigger = run(recipe.world(), DAYS, 0, PATHS + more)
    assert same(chosen(bigger, slice(PATHS)), run_all(recipe))


@lawful(20)
@given(recipes, st.integers(1, 10))
def test_a_longer_horizon_leaves_the_first_days_as_they_were(recipe: Recipe, more: int) -> None:
    longer = run(recipe.world(), DAYS + more, 0, PATHS)
    assert same(days(longer, 0, DAYS), days(run_all(recipe), 0, DAYS))


@lawful(30)
@given(recipes, st.integers(0, DAYS - 1), st.integers(0, 2**32 - 1))
def test_a_lever_from_a_day_leaves_the_days_before_it_alone(recipe: Recipe, start: int, seed: int) -> None:
    world = recipe.world()
    pulled = replace(world, levers=(random_lever(seed, world, start),))
    assert same(days(run(pulled, DAYS, 0, PATHS), 0, start), days(run_all(recipe), 0, start))


@lawful(20)
@given(recipes, st.integers(0, DAYS - 1))
def test_a_lever_on_nothing_changes_nothing(recipe: Recipe, start: int) -> None:
    idle = replace(recipe.world(), levers=(Lever((), (), start, DAYS),))
    assert same(run(idle, DAYS, 0, PATHS), run_all(recipe))


@lawful(20)
@given(recipes)
def test_a_dose_of_no_events_changes_nothing(recipe: Recipe) -> None:
    idle = replace(recipe.world(), levers=(Lever(((0, 0.0, 2),), (), 0, DAYS),))
    assert same(run(idle, DAYS, 0, PATHS), run_all(recipe))


@lawful(30)
@given(recipes, st.data())
def test_a_stream_that_feeds_nothing_leaves_all_else_alone(recipe: Recipe, data: st.DataObject) -> None:
    world = recipe.world()
    at = data.draw(st.integers(0, len(world.streams)))
    wider = run(bystander(world, at), DAYS, 0, PATHS)
    assert same(without_stream(wider, at), run_all(recipe))


@lawful(20)
@given(recipes, st.data())
def test_events_injected_into_a_bystander_change_the_bystander_alone(recipe: Recipe, data: st.DataObject) -> None:
    world = recipe.world()
    at = data.draw(st.integers(0, len(world.streams)))
    wider = bystander(world, at)
    pulled = run(replace(wider, levers=(Lever(((at, 2.0, 1),), (), 0, DAYS),)), DAYS, 0, PATHS)
    assert same(without_stream(pulled, at), run_all(recipe))
    assert (pulled.counts[at] >= 2).all()


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_threads_do_not_change_the_answer(threads: int) -> None:
    recipe = Recipe(seed=3, fronts=3, rungs=6, streams=4, pressures=3)
    world, jobs = recipe.world(), [(first, 40) for first in range(0, 400, 40)]
    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(lambda job: run(world, DAYS, *job), jobs))
    assert same(join(parts), run(world, DAYS, 0, 400))


@pytest.mark.parametrize("batch", [1, 7, 64, 333])
def test_the_size_of_a_batch_never_changes_an_answer(
    valleys: Fitted, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    paths = {1: 30, 7: 100}.get(batch, 400)
    whole = simulation.simulate(valleys.plan, valleys.fit, paths, days=40)
    monkeypatch.setattr(simulation, "BATCH", batch)
    parted = simulation.simulate(valleys.plan, valleys.fit, paths, days=40)
    assert same(parted.out, whole.out)
    assert parted.digest == whole.digest


def test_another_seed_gives_other_futures_of_the_same_draws(valleys: Fitted) -> None:
    one, other = (simulation.simulate(valleys.plan, valleys.fit, 200, seed=s, days=30) for s in (1, 2))
    assert one.fit is other.fit and one.digest != other.digest
    assert not np.array_equal(one.rungs, other.rungs)


def test_paths_of_one_draw_differ_from_one_another(valleys: Fitted) -> None:
    made = simulation.world(valleys.plan, valleys.fit, 1)
    first, second = run(made, 60, 0, 50), run(made, 60, made.draws, 50)
    assert not same(first, second)
