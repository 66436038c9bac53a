"""Laws of the marks of violence: who moved, by what means, whose dead, who took ground."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from fissures.kernel import world as naming
from fissures.kernel.paths import run
from fissures.kernel.violence import SPLIT_EXACTLY, binomial
from fissures.kernel.world import BOTH, FIRST, NOBODY, SECOND, UNCLEAR, Factor, Link, Marks, World

from .worlds import DRAWS, MEANS, Recipe, lawful, recipes

DAYS, PATHS = 12, 24
MANY = 20_000
NEVER, ALWAYS = -40.0, 40.0


@lawful(15)
@given(recipes)
def test_marks_fall_on_active_days_and_means_wherever_a_rung_gives_them_a_chance(recipe: Recipe) -> None:
    world = recipe.world()
    out = run(world, DAYS, 0, PATHS)
    for f, ladder in enumerate(world.ladders[: world.fronts]):
        active, taken = out.rungs[f] >= ladder.active, out.advances[f] != 0
        assert ((out.by[f] != NOBODY) == (active | taken)).all()
        assert ladder.marks is not None
        for b, able in enumerate(ladder.marks.able):
            assert not (out.means[f] >> b & 1)[~able[out.rungs[f]]].any()
        assert out.means[f].max() < 1 << MEANS
        assert (out.advances[f][out.by[f] == FIRST] >= 0).all() and (out.advances[f][out.by[f] == SECOND] <= 0).all()
        assert set(np.unique(out.advances[f])) <= {-1, 0, 1}
        assert not taken[out.rungs[f] == 0].any()  # where a day's chance is none
        assert ((out.first[f] >= 0) & (out.first[f] <= out.deaths[f])).all()


@lawful(300)
@given(st.floats(0, 1, exclude_min=True, exclude_max=True), st.integers(0, SPLIT_EXACTLY), st.floats(0.01, 0.99))
def test_the_dead_divide_as_scipys_binomial(uniform: float, number: int, share: float) -> None:
    first = binomial(np.array([uniform]), np.array([float(number)]), np.array([share]))[0]
    below, reached = binom.cdf(first - 1, number, share), binom.cdf(first, number, share)
    assert 0 <= first <= number
    assert first == binom.ppf(uniform, number, share) or min(abs(uniform - below), abs(uniform - reached)) < 1e-12


def test_a_whole_grid_of_splits_is_scipys() -> None:
    g = np.random.default_rng(1)
    n, p, u = g.integers(0, SPLIT_EXACTLY + 1, MANY), g.uniform(0.02, 0.98, MANY), g.uniform(size=MANY)
    assert np.array_equal(binomial(u, n.astype(float), p), binom.ppf(u, n, p))


@pytest.mark.parametrize("number", [61, 200, 3000])
def test_many_dead_divide_about_as_they_should(number: int) -> None:
    """Above the exact range: mean and spread of the binomial, and never more than there are."""
    g = np.random.default_rng(2)
    for share in (0.1, 0.5, 0.8):
        first = binomial(g.uniform(size=MANY), np.full(MANY, float(number)), np.full(MANY, share))
        sd = np.sqrt(number * share * (1 - share))
        assert first.mean() == pytest.approx(number * share, abs=4 * sd / np.sqrt(MANY) + 0.01)
        assert first.std() == pytest.approx(sd, rel=0.05)
        assert first.min() >= 0 and first.max() <= number and (first == np.floor(first)).all()


@lawful(50)
@given(st.integers(0, 200), st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(0.001, 0.9), st.floats(0, 0.09))
def test_more_share_or_a_higher_uniform_never_gives_fewer(
    number: int, share: float, other: float, uniform: float, more: float
) -> None:
    n = np.full(2, float(number))
    by_share = binomial(np.full(2, uniform), n, np.array(sorted((share, other))))
    by_uniform = binomial(np.array([uniform, uniform + more]), n, np.full(2, share))
    assert by_share[0] <= by_share[1] + 1 and by_uniform[0] <= by_uniform[1]


# --- known worlds: two fronts that stand on their highest rung for good ------------------------------------------


def standing_still(**changes: object) -> World:
    """Two fronts that never leave their highest rung, every day active, whose marks nobody has touched yet."""
    world = Recipe(seed=5, fronts=2, rungs=3, streams=2, pressures=1).world()
    flat = Marks(
        by=np.log(np.array([0.4, 0.3, 0.2, 0.1])),
        means=np.full((MEANS, DRAWS * 3), NEVER),
        able=np.ones((MEANS, 3), bool),
        advance=np.zeros(3),
        first_share=np.full(DRAWS, 0.25),
    )
    ladders = []
    for f, ladder in enumerate(world.ladders):
        count = ladder.logits.shape[0]
        top = np.repeat((60.0 * np.arange(count))[:, None], ladder.logits.shape[1], 1)
        marks = replace(flat, keys=ladder.marks.keys, **changes) if ladder.marks else None
        retired = {"retires_after": naming.LONG_AGO}
        ladders.append(
            replace(ladder, logits=top, links=(), memory=0 * ladder.memory, active=1, marks=marks, **retired)
        )
        assert f < 2 or marks is None
    start = np.repeat(np.array([[2, 2, 2]]), DRAWS, 0)
    return replace(world, ladders=tuple(ladders), start_rungs=start)


def with_marks(world: World, f: int, **changes: object) -> World:
    """The world with one front's marks changed."""
    ladders = list(world.ladders)
    assert ladders[f].marks is not None
    ladders[f] = replace(ladders[f], marks=replace(ladders[f].marks, **changes))  # type: ignore[type-var]
    return replace(world, ladders=tuple(ladders))


def always(coefficient: float) -> Link:
    """A link whose cause is always one."""
    return Link((Factor(naming.BREAK, (0,), level=1.0),), np.full(DRAWS, coefficient))


def shares(world: World) -> list[float]:
    """How often each of the four moved on the first front, on one day."""
    by = run(world, 1, 0, MANY).by[0, 0]
    return [float((by == who).mean()) for who in (FIRST, SECOND, BOTH, UNCLEAR)]


def test_who_moves_comes_in_its_shares() -> None:
    assert shares(standing_still()) == pytest.approx([0.4, 0.3, 0.2, 0.1], abs=0.015)


def test_a_claim_multiplies_the_odds_of_who_moved() -> None:
    pushed = with_marks(standing_still(), 0, by_links=((SECOND, always(np.log(3.0))),))
    expected = np.array([0.4, 0.9, 0.2, 0.1]) / 1.6
    assert shares(pushed) == pytest.approx(expected.tolist(), abs=0.015)


def test_each_means_has_a_chance_of_its_own_and_a_day_may_carry_two() -> None:
    logits = np.array([[0.0], [np.log(0.25)]]) * np.ones((MEANS, DRAWS * 3))
    used = run(standing_still(means=logits), 1, 0, MANY).means[0, 0]
    assert [(used >> b & 1).mean() for b in range(MEANS)] == pytest.approx([0.5, 0.2], abs=0.015)
    assert (used == 3).mean() == pytest.approx(0.1, abs=0.01)
    pushed = with_marks(standing_still(means=logits), 0, means_links=((1, always(np.log(4.0))),))
    assert [(run(pushed, 1, 0, MANY).means[0, 0] >> b & 1).mean() for b in range(MEANS)] == pytest.approx(
        [0.5, 0.5], abs=0.015
    )


def test_means_are_used_below_the_active_rungs_too_and_nowhere_that_has_no_chance_of_them() -> None:
    """Drones are flown over a front that nobody fires on; a claim brings none where a rung rules them out."""
    calm = {"active": 3, "retires_after": naming.LONG_AGO}  # above the highest rung: no day is active
    able = np.array([[True] * 3, [True, True, False]])
    world = standing_still(means=np.full((MEANS, DRAWS * 3), np.log(0.25)), able=able)
    world = with_marks(world, 0, means_links=((1, always(50.0)),))
    out = run(replace(world, ladders=tuple(replace(ladder, **calm) for ladder in world.ladders)), 1, 0, MANY)
    assert (out.by == NOBODY).all()
    assert (out.means[0, 0] & 1).mean() == pytest.approx(0.2, abs=0.012)
    assert not (out.means[0, 0] & 2).any()


def test_ground_changes_hands_as_often_as_its_rung_says_and_goes_to_who_moved() -> None:
    out = run(standing_still(advance=np.array([0.0, 0.0, 0.2])), 1, 0, MANY)
    line, by = out.advances[0, 0], out.by[0, 0]
    assert (line != 0).mean() == pytest.approx(0.2, abs=0.012)
    assert (line[(by == FIRST) & (line != 0)] == 1).all() and (line[(by == SECOND) & (line != 0)] == -1).all()
    either = line[(by >= BOTH) & (line != 0)]
    assert (either == 1).mean() == pytest.approx(0.5, abs=0.05)
    pushed = with_marks(standing_still(advance=np.array([0.0, 0.0, 0.2])), 0, advance_links=(always(np.log(4.0)),))
    assert (run(pushed, 1, 0, MANY).advances[0, 0] != 0).mean() == pytest.approx(0.5, abs=0.015)


def test_no_claim_makes_ground_change_hands_where_its_rung_rules_it_out() -> None:
    pushed = with_marks(standing_still(), 0, advance_links=(always(50.0),))
    assert not run(pushed, 3, 0, 200).advances.any()


def test_the_first_sides_dead_are_its_share() -> None:
    out = run(standing_still(), 1, 0, MANY)
    assert out.first[0].sum() / out.deaths[0].sum() == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize(("answers", "asks"), [(0, 1), (1, 0)])
def test_an_answer_in_kind_comes_the_day_after_on_whichever_front(answers: int, asks: int) -> None:
    """Claims on marks see yesterday's marks, so no front comes first: the order of fronts is nobody's argument."""
    seen = Factor(naming.MEANS, (asks,), (1,))
    world = with_marks(standing_still(), asks, means=np.full((MEANS, DRAWS * 3), ALWAYS))
    world = with_marks(world, answers, means_links=((0, Link((seen,), np.full(DRAWS, 2 * ALWAYS))),))
    used = run(world, 4, 0, 50).means
    assert used[asks].all()
    assert not used[answers, 0].any() and (used[answers, 1:] == 1).all()


def test_dead_of_a_side_that_move_a_mark_are_yesterdays() -> None:
    """Deaths and whose they are come from one and the same day; none are ever counted below zero."""
    dead = Factor(naming.DEAD, (0,), (1,))
    world = with_marks(standing_still(), 0, means_links=((0, Link((dead,), np.full(DRAWS, 200.0))),))
    out = run(world, 10, 0, 200)
    second = out.deaths[0] - out.first[0]
    assert second.max() > 2
    assert np.array_equal(out.means[0, 1:] > 0, second[:-1] > 0)
