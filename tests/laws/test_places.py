"""Laws of fronts and tracks: ground taken, when a front opens, closes and retires, what lifts a track, what is read
from them, and what levers hold and scale."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fissures.kernel import memory
from fissures.kernel import world as naming
from fissures.kernel.paths import run
from fissures.kernel.world import LONG_AGO, Factor, Lever, Link, Pressure, World

from . import replay
from .worlds import DRAWS, GROUPS, Recipe, chosen, days, lawful, recipes, same

DAYS, PATHS = 14, 20


def placed(world: World, f: int, **changes: object) -> World:
    """The world with one place's ladder changed."""
    ladders = list(world.ladders)
    ladders[f] = replace(ladders[f], **changes)  # type: ignore[arg-type]
    return replace(world, ladders=tuple(ladders))


# --- the line ----------------------------------------------------------------------------------------------------


@lawful(15)
@given(recipes, st.integers(1, 3))
def test_a_front_retires_for_good_once_one_side_is_so_far_ahead(recipe: Recipe, after: int) -> None:
    world = placed(recipe.world(), 0, retires_after=float(after))
    out = run(world, 3 * DAYS, 0, PATHS)
    line = np.cumsum(out.advances[0].astype(int), axis=0)
    gone = np.maximum.accumulate(np.abs(line) >= after, axis=0)
    assert gone.any() or not out.advances[0].any() or np.abs(line).max() < after
    assert not out.rungs[0, 1:][gone[:-1]].any()
    assert not out.advances[0, 1:][gone[:-1]].any()


def test_ground_lost_and_won_back_retires_nobody() -> None:
    """Net advances count: a front that changes hands to and fro goes on; one that is pushed one way is over."""
    world = Recipe(seed=8, fronts=2, rungs=3, streams=2, pressures=1).world()
    count = world.ladders[0].logits.shape[0]
    top = np.repeat((60.0 * np.arange(count))[:, None], count * DRAWS, 1)
    marks = world.ladders[0].marks
    assert marks is not None
    sure = np.where(np.arange(count) > 0, 1.0, 0.0)
    moved = {"logits": top, "links": (), "memory": 0 * world.ladders[0].memory, "retires_after": 3.0}
    one_way = replace(marks, advance=sure, by=np.array([0.0, -90.0, -90.0, -90.0]), by_links=(), advance_links=())
    out = run(placed(world, 0, marks=one_way, **moved), 10, 0, 30)
    assert (out.advances[0, :3] == 1).all() and not out.advances[0, 3:].any()
    assert (out.rungs[0, :3] == count - 1).all() and not out.rungs[0, 3:].any()
    both = replace(one_way, by=np.array([-90.0, -90.0, 0.0, -90.0]))
    net = np.cumsum(run(placed(world, 0, marks=both, **moved), 4, 0, 400).advances[0], axis=0)
    assert 0.6 < (np.abs(net[2]) < 3).mean() < 0.9  # three times the same way: one in four


# --- open and closed ---------------------------------------------------------------------------------------------


@lawful(15)
@given(recipes, st.integers(0, 2), st.integers(0, DAYS - 1), st.integers(0, DAYS - 1))
def test_a_place_stands_at_its_lowest_rung_before_it_opens_and_after_it_closes(
    recipe: Recipe, f: int, opens: int, closes: int
) -> None:
    world = recipe.world()
    out = run(placed(world, f, opens=float(opens), closes=float(closes)), DAYS, 0, PATHS)
    shut = (np.arange(DAYS) < opens) | (np.arange(DAYS) > closes)
    if f == world.fronts:  # only levers lift a track
        assert world.levers == ()
    assert not out.rungs[f, shut].any()


@lawful(10)
@given(recipes, st.integers(0, 2), st.integers(1, DAYS - 1))
def test_a_place_that_closes_later_was_the_same_place_until_then(recipe: Recipe, f: int, closes: int) -> None:
    world = recipe.world()
    one, other = (run(w, DAYS, 0, PATHS) for w in (world, placed(world, f, closes=float(closes))))
    assert same(days(one, 0, closes + 1), days(other, 0, closes + 1))


# --- tracks ------------------------------------------------------------------------------------------------------


def lifting(world: World, start: int, count: float = 1.0, every: int = 0) -> World:
    """The world with its talks brought about by somebody."""
    return replace(world, levers=(Lever(((len(world.streams) - 1, count, every),), (), start, DAYS),))


@lawful(15)
@given(recipes, st.integers(0, DAYS - 1))
def test_an_event_that_somebody_brings_about_puts_the_track_there_that_day(recipe: Recipe, start: int) -> None:
    world = recipe.world()
    out, left = run(lifting(world, start), DAYS, 0, PATHS), run(world, DAYS, 0, PATHS)
    lifts = world.streams[-1].lifts
    assert lifts is not None
    track, rung = lifts
    assert (out.rungs[track, start] == np.maximum(left.rungs[track, start], rung)).all()
    assert same(days(out, 0, start), days(left, 0, start))


@lawful(15)
@given(recipes, st.integers(0, DAYS - 1), st.sampled_from([1.0, 2.0]))
def test_an_event_that_lifts_a_track_is_counted_once(recipe: Recipe, start: int, count: float) -> None:
    """It is read from the track as it gets there; adding it once more would count it twice."""
    world = recipe.world()
    out = run(lifting(world, start, count), DAYS, 0, PATHS)
    assert (out.counts[-1, start] == count).all()
    rest = np.arange(DAYS) != start
    factor = world.streams[-1].read
    assert factor is not None
    for m in range(PATHS):
        read = np.array([replay.shows(world, out, factor, t, m) for t in range(DAYS)])
        assert np.array_equal(out.counts[-1, rest, m], read[rest])


# --- streams that are read ---------------------------------------------------------------------------------------


@lawful(15)
@given(recipes)
def test_a_read_stream_counts_exactly_the_days_on_which_its_phrase_holds(recipe: Recipe) -> None:
    world = recipe.world()
    out = run(world, DAYS, 0, PATHS)
    for s, stream in enumerate(world.streams):
        if stream.read is not None:
            for m in range(PATHS):
                expected = [replay.shows(world, out, stream.read, t, m) for t in range(DAYS)]
                assert out.counts[s, :, m].tolist() == expected


# --- pressures ---------------------------------------------------------------------------------------------------


@lawful(10)
@given(recipes)
def test_every_pressure_is_what_its_path_fed_it(recipe: Recipe) -> None:
    """Levels after the last day, worked out anew from what the path shows: feeds, weights, relief, series, floor."""
    world = recipe.world()
    world = replace(world, pressures=tuple(replace(p, links=()) for p in world.pressures))
    out = run(world, DAYS, 0, 6)
    for p, pressure in enumerate(world.pressures):
        for m in range(6):
            value = world.start_pressures[m % DRAWS, p]
            for t in range(DAYS):
                value = max(_stepped(world, out, p, t, m, value), pressure.floor)
            assert out.levels[p, m] == pytest.approx(value / pressure.scale, rel=1e-5, abs=1e-6)


def _stepped(world: World, out: naming.Paths, p: int, t: int, m: int, value: float) -> float:
    pressure, counts = world.pressures[p], out.counts[:, t, m].astype(float)
    added = float(pressure.weights @ np.log1p(counts))
    for factor, weight in pressure.feeds:
        owed = factor.places[0]
        shown = out.in_force[owed, t, m] if factor.kind == naming.IN_FORCE else replay.shows(world, out, factor, t, m)
        added += weight * float(shown)
    d, gain = (float(np.broadcast_to(x, DRAWS)[m % DRAWS]) for x in (pressure.decay, pressure.gain))
    added *= gain
    if pressure.series is not None:
        added += (1 - d) * pressure.series[min(t, pressure.series.size - 1)]
    left = float(np.prod((1 - pressure.relief) ** counts))
    if pressure.kind == memory.BUILDING:
        return (gain - (gain - value) * d) * left + added
    return d * value * left + added


@lawful(20)
@given(st.floats(0.5, 400), st.floats(-2, 2), st.floats(0, 3), st.floats(0.5, 4), st.integers(1, 60))
def test_a_claim_draws_a_pressure_towards_its_coefficient_in_surges(
    half_life: float, coefficient: float, start: float, scale: float, length: int
) -> None:
    """A cause that is always one and a pressure that nothing else feeds: half of the way in a half-life."""
    world = Recipe(seed=1, fronts=2, rungs=3, streams=2, pressures=1).world()
    claim = Link((Factor(naming.BREAK, (0,), level=1.0),), np.full(DRAWS, coefficient))
    first = world.pressures[0]
    d, none = memory.decay(half_life), np.zeros_like(first.weights)
    alone = replace(first, decay=d, floor=0.0, scale=scale, weights=none, links=(claim,), gain=1.0)
    bare = tuple(replace(ladder, links=(), marks=None) for ladder in world.ladders)
    fed = replace(world, pressures=(alone,), ladders=bare, start_pressures=np.full((DRAWS, 1), start * scale))
    nothing = {"commitments": (), "start_triggers": np.zeros((DRAWS, 0))}
    fed = replace(fed, streams=tuple(replace(s, links=()) for s in fed.streams), **nothing)
    expected = start
    for _ in range(length):
        expected = max(d * expected + (1 - d) * coefficient, 0.0)
    assert run(fed, length, 0, 2).levels[0] == pytest.approx([expected] * 2, rel=1e-5, abs=1e-6)


# --- levers ------------------------------------------------------------------------------------------------------


@lawful(10)
@given(recipes, st.integers(0, DAYS - 4), st.floats(0, 2))
def test_a_held_pressure_stands_where_it_is_held_each_morning(recipe: Recipe, start: int, level: float) -> None:
    """A pressure that only a lever moves: after the last held day it has taken one step from its held level."""
    world = recipe.world()
    first = world.pressures[0]
    d = memory.decay(12.0)
    alone = replace(first, weights=np.zeros_like(first.weights), links=(), floor=0.0, decay=d)
    world = replace(world, pressures=(alone, *world.pressures[1:]))
    held = replace(world, levers=(Lever((), ((0, level),), start, DAYS),))
    free, out = run(world, DAYS, 0, PATHS), run(held, DAYS, 0, PATHS)
    assert out.levels[0] == pytest.approx([level * d / alone.scale] * PATHS, rel=1e-6, abs=1e-6)
    assert same(days(free, 0, start), days(out, 0, start))


@lawful(10)
@given(recipes, st.integers(0, DAYS - 1))
def test_a_rate_scaled_to_nothing_has_no_events_from_its_day_on(recipe: Recipe, start: int) -> None:
    world = recipe.world()
    silent = replace(world, levers=(Lever((), (), start, DAYS, (), ((0, 0.0),)),))
    out, left = run(silent, DAYS, 0, PATHS), run(world, DAYS, 0, PATHS)
    assert not out.counts[0, start:].any()
    assert same(days(out, 0, start), days(left, 0, start))


def test_two_levers_on_one_rate_multiply() -> None:
    world = Recipe(seed=3, fronts=2, rungs=3, streams=2, pressures=1).world()
    half = Lever((), (), 0, DAYS, (), ((0, 0.5),))
    quarter = Lever((), (), 0, DAYS, (), ((0, 0.25),))
    assert same(run(replace(world, levers=(half, half)), 6, 0, 50), run(replace(world, levers=(quarter,)), 6, 0, 50))


@lawful(10)
@given(recipes)
def test_a_lever_is_over_when_its_last_day_is(recipe: Recipe) -> None:
    """What it held and scaled is let go: a world that nothing remembers goes on as if it had not been."""
    world = recipe.world()
    spent = Lever(((0, 1.0, 2),), ((0, 1.0),), -8, -1, ((0, 1.0),), ((0, 0.0),))
    assert same(run(replace(world, levers=(spent,)), 6, 0, PATHS), run(world, 6, 0, PATHS))


# --- windows -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("window", [1.0, 3.0, 10.0])
@pytest.mark.parametrize("since", [0.0, 2.0, LONG_AGO])
def test_a_claim_within_a_window_speaks_on_so_many_mornings_after_the_event(window: float, since: float) -> None:
    """A stream that is sure to happen where the window is open: on days 0 to window - 1 after the event."""
    world = Recipe(seed=3, fronts=2, rungs=3, streams=2, pressures=1).world()
    none = np.zeros(DRAWS)
    cause = replace(world.streams[0], rate=none - 60, own=none, rung=none, links=())
    answer = Link((Factor(naming.WITHIN, (0,), level=window),), none + 70.0)
    answered = replace(world.streams[1], rate=none - 60, own=none, rung=none, size=none + 1e3, links=(answer,))
    made = replace(
        world,
        streams=(cause, answered, *world.streams[2:]),
        levers=(Lever(((0, 1.0, 0),), (), 5, 5),),
        start_since=np.full(world.start_since.shape, since),
    )
    open_days = (run(made, 20, 0, 10).counts[1] > 0).all(axis=1)
    t = np.arange(20)
    expected = (t + since < window) | ((t > 5) & (t <= 5 + window))
    assert open_days.tolist() == expected.tolist()


def test_paths_chosen_from_a_run_are_those_paths() -> None:
    world = Recipe(seed=3, fronts=2, rungs=4, streams=3, pressures=1).world()
    assert same(chosen(run(world, 5, 0, 9), slice(3, 7)), run(world, 5, 3, 4))


@lawful(10)
@given(recipes, st.integers(0, DAYS - 1))
def test_a_coefficient_edited_to_nothing_is_a_link_that_is_not_there(recipe: Recipe, group: int) -> None:
    world = recipe.world()
    group %= GROUPS
    edited = replace(world, levers=(Lever((), (), 0, DAYS, links=((group, 0.0),)),))
    assert same(run(edited, DAYS, 0, PATHS), run(_without(world, group), DAYS, 0, PATHS))


def _without(part: Any, group: int) -> Any:
    """Any part of a world with the coefficients of one group at zero."""
    if isinstance(part, Link):
        return replace(part, coefficient=np.zeros(DRAWS)) if part.group == group else part
    if isinstance(part, tuple):
        return tuple(_without(inner, group) for inner in part)
    if isinstance(part, naming.World | naming.Ladder | naming.Marks | naming.Stream | Pressure):
        return replace(part, **{f.name: _without(getattr(part, f.name), group) for f in fields(part)})
    return part


@lawful(10)
@given(recipes, st.integers(0, DAYS - 3), st.floats(0, 2))
def test_what_feeds_a_pressure_scaled_to_nothing_feeds_it_no_more(recipe: Recipe, start: int, level: float) -> None:
    """From its day on the pressure only decays; a scale of one changes no bit."""
    world = recipe.world()
    first = replace(world.pressures[0], floor=0.0, decay=memory.decay(9.0))
    world = replace(world, pressures=(first, *world.pressures[1:]))
    starved, alike = (
        replace(world, levers=(Lever((), ((0, level),), 0, start, press=((0, factor),)),)) for factor in (0.0, 1.0)
    )
    out = run(starved, start + 1, 0, PATHS)
    assert out.levels[0] == pytest.approx([level * memory.decay(9.0) / first.scale] * PATHS, rel=1e-6, abs=1e-6)
    held = replace(world, levers=(Lever((), ((0, level),), 0, start),))
    assert same(run(alike, DAYS, 0, PATHS), run(held, DAYS, 0, PATHS))


@lawful(10)
@given(recipes, st.integers(1, DAYS - 2), st.floats(0, 2))
def test_a_ramp_begins_gently_and_ends_where_the_lever_would_be(recipe: Recipe, length: int, factor: float) -> None:
    """A rate scaled over a ramp: in full from the ramp's last day on, as the day's own share says before it."""
    lever = Lever((), (), 2, DAYS, scale=((0, factor),), ramp=float(length))
    shares = [lever.share(t) for t in range(DAYS + 2)]
    assert shares[:2] == [0.0, 0.0] and shares[2] == pytest.approx(1 / length)
    assert shares[1 + length :][0] == 1.0 and shares[-1] == 0.0
    assert all(a <= b for a, b in pairwise(shares[:-1]))
    world = replace(recipe.world(), levers=(lever,))
    assert same(days(run(world, DAYS, 0, PATHS), 0, 2), days(run(recipe.world(), DAYS, 0, PATHS), 0, 2))
