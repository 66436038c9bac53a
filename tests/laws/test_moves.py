"""Laws of a move: chances are chances, claims push one way, and the uniform decides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fissures.kernel import ladder as law
from fissures.kernel.paths import run
from fissures.kernel.world import BREAK, PRESSURE, Factor, Link, World

from .worlds import DRAWS, Recipe, lawful, recipes

Floats = NDArray[np.float64]
EXTREMES = st.sampled_from([-700.0, 700.0, 0.0, -1e-300, 350.0])
logits = st.lists(st.floats(-700, 700) | EXTREMES, min_size=2, max_size=8)


@lawful(300)
@given(logits)
def test_chances_lie_between_zero_and_one_and_sum_to_one(values: list[float]) -> None:
    chances = law.probabilities(np.array(values)[:, None])
    assert ((chances >= 0) & (chances <= 1)).all()
    assert abs(chances.sum() - 1) < 1e-14


@lawful(100)
@given(logits, st.floats(-50, 50))
def test_only_differences_of_logits_matter(values: list[float], shift: float) -> None:
    z = np.clip(np.array(values), -50, 50)[:, None]
    assert np.allclose(law.probabilities(z), law.probabilities(z + shift), rtol=1e-12, atol=0)


@lawful(200)
@given(st.lists(st.floats(-30, 30), min_size=3, max_size=7), st.floats(-5, 5), st.floats(0, 5), st.data())
def test_the_odds_of_a_move_rise_by_its_claim(
    values: list[float], push: float, more: float, data: st.DataObject
) -> None:
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values))), float)
    z = np.array(values)
    weak, strong = (law.probabilities((z + c * mask)[:, None])[:, 0] for c in (push, push + more))
    if 0 < mask.sum() < mask.size:
        assert strong @ mask >= weak @ mask - 1e-15
        log_odds = [np.log(p @ mask) - np.log(p @ (1 - mask)) for p in (weak, strong)]
        assert log_odds[1] - log_odds[0] == pytest.approx(more, abs=1e-9)
    else:
        assert np.allclose(weak, strong, rtol=1e-12)


@lawful(100)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=7).filter(lambda p: sum(p) > 0.1))
def test_evenly_spread_uniforms_reach_each_rung_in_proportion(weights: list[float]) -> None:
    chances = np.array(weights) / sum(weights)
    uniform = (np.arange(5000) + 0.5) / 5000
    reached = law.move(np.repeat(chances[:, None], 5000, 1), uniform)
    shares = np.bincount(reached, minlength=chances.size) / 5000
    assert np.abs(shares - chances).max() <= 2 / 5000


@lawful(50)
@given(logits, st.floats(0, 1, exclude_min=True, exclude_max=True), st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_a_higher_uniform_never_reaches_a_lower_rung(values: list[float], a: float, b: float) -> None:
    chances = np.repeat(law.probabilities(np.array(values)[:, None]), 2, 1)
    low, high = law.move(chances, np.array(sorted((a, b))))
    assert 0 <= low <= high < len(values)


def _pushed(
    world: World, moves: list[NDArray[np.bool_]], coefficient: float, kind: int = BREAK, usual: float = 0.0
) -> World:
    """The world with one more claim on every front: on a cause that stands at one surge, or on the first pressure."""
    ladders = []
    for ladder, mask in zip(world.ladders, moves, strict=True):
        cause = Factor(kind, (0,), level=1.0, scale=world.pressures[0].scale)
        link = Link((cause,), np.full(DRAWS, coefficient), usual, False, mask.T.astype(float))
        ladders.append(replace(ladder, links=(*ladder.links, link)))
    return replace(world, ladders=tuple(ladders))


def _tomorrow(world: World) -> NDArray[np.int64]:
    return run(world, 1, 0, 400).rungs[:, 0].astype(np.int64)


@lawful(10)
@given(recipes, st.floats(-2, 2), st.floats(0, 3))
def test_on_common_numbers_a_stronger_climb_never_lowers_tomorrow(recipe: Recipe, c: float, more: float) -> None:
    world = recipe.world()
    weak, strong = (_tomorrow(_pushed(world, _climbs(world), push)) for push in (c, c + more))
    assert (strong >= weak).all()


@lawful(10)
@given(recipes, st.floats(-2, 2), st.floats(0, 3))
def test_on_common_numbers_a_stronger_fall_never_raises_tomorrow(recipe: Recipe, c: float, more: float) -> None:
    world = recipe.world()
    falls = [law.falling(ladder.logits.shape[0]) for ladder in world.ladders]
    assert (_tomorrow(_pushed(world, falls, c + more)) <= _tomorrow(_pushed(world, falls, c))).all()


def _at(world: World, surges: float) -> World:
    """The world with its first pressure at so many surges."""
    first = np.arange(len(world.pressures)) == 0
    return replace(world, start_pressures=np.where(first, surges * world.pressures[0].scale, world.start_pressures))


def _unlinked(world: World) -> World:
    """The world without any other claim on its places."""
    return replace(world, ladders=tuple(replace(ladder, links=()) for ladder in world.ladders))


def _climbs(world: World) -> list[NDArray[np.bool_]]:
    return [law.climbing(ladder.logits.shape[0]) for ladder in world.ladders]


@lawful(10)
@given(recipes, st.floats(0.5, 4))
def test_a_claim_whose_cause_is_absent_does_nothing(recipe: Recipe, c: float) -> None:
    silent = _at(recipe.world(), 0.0)
    assert np.array_equal(_tomorrow(_pushed(silent, _climbs(silent), c, PRESSURE)), _tomorrow(silent))


@lawful(10)
@given(recipes, st.floats(0.5, 4), st.sampled_from([0.25, 0.5, 1.0]))
def test_a_claim_whose_cause_is_as_usual_does_nothing(recipe: Recipe, c: float, usual: float) -> None:
    world = recipe.world()
    world = replace(world, pressures=(replace(world.pressures[0], scale=1.0), *world.pressures[1:]))
    world = _at(world, usual)
    assert np.array_equal(_tomorrow(_pushed(world, _climbs(world), c, PRESSURE, usual)), _tomorrow(world))


@lawful(10)
@given(recipes, st.floats(0.5, 2))
def test_past_two_surges_a_claim_pushes_no_harder(recipe: Recipe, c: float) -> None:
    world = _unlinked(recipe.world())
    pushed = _pushed(world, _climbs(world), c, PRESSURE)
    assert np.array_equal(_tomorrow(_at(pushed, 2.0)), _tomorrow(_at(pushed, 5.0)))


@lawful(10)
@given(recipes, st.floats(0.5, 4))
def test_a_ceiling_ends_no_war_already_under_way(recipe: Recipe, c: float) -> None:
    world = recipe.world()
    caps = [law.past(ladder.logits.shape[0], 1) for ladder in world.ladders]
    free, capped = _tomorrow(world), _tomorrow(_pushed(world, caps, -c))
    above = world.start_rungs[np.arange(400) % DRAWS].T > 1
    assert np.array_equal(free[above], capped[above])
    assert (capped[~above] <= free[~above]).all()
