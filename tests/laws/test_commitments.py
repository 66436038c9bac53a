"""Laws of commitments: in force so long after the trigger, where asked for and binding, and then they oblige."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fissures.kernel import world as naming
from fissures.kernel.factors import product
from fissures.kernel.paths import REQUEST_LASTS, State, run
from fissures.kernel.world import Commitment, Factor, Lever, Link, Stream, World

from . import replay
from .worlds import DRAWS, Recipe, lawful, recipes, same

DAYS, PATHS = 12, 24


@lawful(15)
@given(recipes)
def test_a_commitment_is_in_force_so_long_after_its_trigger_and_only_when_asked_for(recipe: Recipe) -> None:
    world = recipe.world()
    out = run(world, DAYS, 0, PATHS)
    for k in range(len(world.commitments)):
        assert np.array_equal(out.in_force[k], replay.in_force(world, out, k))


@lawful(10)
@given(recipes, st.integers(0, 1))
def test_what_binds_in_no_draw_is_never_in_force(recipe: Recipe, k: int) -> None:
    world = _owing(recipe.world(), k, binds=np.zeros(DRAWS))
    assert not run(world, DAYS, 0, PATHS).in_force[k].any()


def _owing(world: World, k: int, **changes: object) -> World:
    owed = list(world.commitments)
    owed[k] = replace(owed[k], **changes)  # type: ignore[arg-type]
    return replace(world, commitments=tuple(owed))


def climbing_once(day: int, lasts: float, requested: int = -1, asked: NDArray[np.int64] | None = None) -> World:
    """One front that its trigger lifts on one day and never again, and a stream of requests on given days."""
    world = Recipe(seed=5, fronts=2, rungs=3, streams=2, pressures=1).world()
    calm = []
    for ladder in world.ladders:
        count = ladder.logits.shape[0]
        lowest = np.repeat((-60.0 * np.arange(count))[:, None], ladder.logits.shape[1], 1)
        calm.append(replace(ladder, logits=lowest, links=(), memory=0 * ladder.memory, marks=None))
    none = np.zeros(DRAWS)
    silent = Stream(np.full(DRAWS, -60.0), none, none, none + 1, 0.5, 0.0, (), 1)
    trigger = Factor(naming.REACHES, (2,), (1,))
    lifted = Stream(none, none, none, none, 0.5, 0.0, (), 0, trigger, (2, 1))
    inject = [(1, 1.0, 0)]
    levers = [Lever(tuple(inject), (), day, day)]
    levers += [Lever(((0, 1.0, 0),), (), int(t), int(t)) for t in (asked if asked is not None else [])]
    return replace(
        world,
        ladders=tuple(calm),
        streams=(silent, lifted),
        pressures=(),
        commitments=(Commitment(trigger, lasts, requested, np.ones(DRAWS)),),
        levers=tuple(levers),
        start_rungs=np.zeros((DRAWS, 3), np.int64),
        start_pressures=np.zeros((DRAWS, 0)),
        start_streams=np.zeros((DRAWS, 2)),
        start_since=np.full((DRAWS, 2), naming.LONG_AGO),
        start_triggers=np.full((DRAWS, 1), naming.LONG_AGO),
    )


@pytest.mark.parametrize(("day", "lasts"), [(0, 1), (3, 5), (2, 14), (4, 30)])
def test_the_day_of_the_trigger_is_the_first_of_so_many(day: int, lasts: int) -> None:
    force = run(climbing_once(day, float(lasts)), 25, 0, 3).in_force[0]
    expected = (np.arange(25) >= day) & (np.arange(25) < day + lasts)
    assert (force == expected[:, None]).all()


@pytest.mark.parametrize(("age", "lasts", "left"), [(3, 14, 10), (0, 14, 13), (13, 14, 0), (0, 1, 0), (0, 2, 1)])
def test_what_triggered_before_the_start_is_in_force_for_what_is_left_of_it(age: int, lasts: int, left: int) -> None:
    """Triggered so many days before the as-of date: that day was the first of so many."""
    world = replace(climbing_once(99, float(lasts)), start_triggers=np.full((DRAWS, 1), float(age)))
    force = run(world, 20, 0, DRAWS).in_force[0]
    assert (force == (np.arange(20) < left)[:, None]).all()
    assert not run(_owing(world, 0, binds=np.zeros(DRAWS)), 20, 0, DRAWS).in_force.any()


def test_what_triggered_before_the_start_still_waits_for_the_request() -> None:
    world = replace(climbing_once(99, 14.0, 0, np.array([4])), start_triggers=np.full((DRAWS, 1), 3.0))
    force = run(world, 20, 0, DRAWS).in_force[0]
    assert (force == ((np.arange(20) > 4) & (np.arange(20) < 10))[:, None]).all()


def test_each_draw_remembers_its_own_trigger() -> None:
    ages = np.arange(DRAWS, dtype=float)
    world = replace(climbing_once(99, 7.0), start_triggers=ages[:, None])
    assert run(world, 10, 0, DRAWS).in_force[0].sum(axis=0).tolist() == (6 - ages).tolist()


def test_an_obligation_that_must_be_asked_for_waits_for_the_request() -> None:
    """Triggered on day 3 for a hundred days and asked for on day 20: in force from day 21, sixty days long."""
    never = run(climbing_once(3, 100.0, 0), 40, 0, 3).in_force[0]
    assert not never.any()
    asked = run(climbing_once(3, 100.0, 0, np.array([20])), 100, 0, 3).in_force[0]
    lasted = np.arange(100)
    assert (asked == ((lasted > 20) & (lasted <= 20 + int(REQUEST_LASTS)))[:, None]).all()


def test_a_request_without_a_trigger_obliges_nobody() -> None:
    early = run(climbing_once(30, 5.0, 0, np.array([2])), 30, 0, 3).in_force[0]
    assert not early.any()


@lawful(10)
@given(recipes, st.integers(0, 1), st.integers(0, DAYS - 1))
def test_a_lever_that_holds_a_commitment_unbinds_it_from_its_day(recipe: Recipe, k: int, start: int) -> None:
    world = recipe.world()
    void = replace(world, levers=(Lever((), (), start, DAYS, ((k, 0.0),)),))
    out = run(void, DAYS, 0, PATHS)
    assert not out.in_force[k, start:].any()
    assert np.array_equal(out.in_force[k, :start], run(world, DAYS, 0, PATHS).in_force[k, :start])


@lawful(10)
@given(recipes)
def test_binding_by_a_lever_is_binding_in_every_draw(recipe: Recipe) -> None:
    """Held at one, a commitment behaves as one whose reading holds for sure."""
    world = recipe.world()
    held = replace(world, levers=(Lever((), (), 0, DAYS, ((0, 1.0),)),))
    assert same(run(held, DAYS, 0, PATHS), run(_owing(world, 0, binds=np.ones(DRAWS)), DAYS, 0, PATHS))


def test_standing_deterrence_acts_where_it_binds_and_needs_no_trigger() -> None:
    """Its factor is the draw's own yes or no times the front's level; in force or not is another matter."""
    world = climbing_once(99, 5.0)
    binds = (np.arange(DRAWS) % 2).astype(float)
    state = State(_owing(world, 0, binds=binds), np.arange(DRAWS))
    for level in (0.0, 1.0):
        link = Link((Factor(naming.STANDING, (0,), level=level),), np.ones(DRAWS))
        assert product(link, state.day).tolist() == (binds * level).tolist()
    assert not product(Link((Factor(naming.IN_FORCE, (0,)),), np.ones(DRAWS)), state.day).any()


def test_what_is_obliged_happens_more_often_while_in_force_and_as_usual_after() -> None:
    rising = Link((Factor(naming.IN_FORCE, (0,)),), np.full(DRAWS, np.log(5.0)))
    world = climbing_once(2, 4.0)
    own, rate = np.zeros(DRAWS), np.full(DRAWS, np.log(0.1))
    helped = Stream(rate, own, own, own + 2.0, 0.5, 0.0, (rising,), 77)
    wider = replace(
        world,
        streams=(*world.streams, helped),
        start_streams=np.zeros((DRAWS, 3)),
        start_since=np.full((DRAWS, 3), naming.LONG_AGO),
    )
    found = run(wider, 12, 0, 20_000).counts[2].mean(axis=1)
    expected = np.where((np.arange(12) >= 2) & (np.arange(12) < 6), 0.5, 0.1)
    assert found == pytest.approx(expected.tolist(), rel=0.12)
