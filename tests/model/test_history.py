"""The record, completed: it says what the record says, day by day, and remembers it rightly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from fissures.kernel import paths as stepping
from fissures.kernel.arith import log1p
from fissures.kernel.memory import decay
from fissures.model import fit as fitting
from fissures.model import history as past
from fissures.model import plan as layout
from fissures.model import simulate as simulation
from fissures.model.past import shown

from .conftest import Prepared, prepare

LOC, TAVUSH = 0, 1


def test_july_2020_is_replayed_in_every_completion(caucasus: Prepared) -> None:
    july = caucasus.history.rungs[:, TAVUSH, caucasus.days("2020-07-12", "2020-07-17")]
    assert (july == [2, 2, 3, 3, 3, 1]).all()


def test_the_line_of_contact_stays_low_in_july_2020(caucasus: Prepared) -> None:
    assert caucasus.history.rungs[:, LOC, caucasus.days("2020-07-01", "2020-07-21")].max() <= 1


def test_april_2016_is_an_offensive_on_the_line_of_contact(caucasus: Prepared) -> None:
    april = caucasus.days("2016-04-01", "2016-04-05")
    assert (caucasus.history.rungs[:, LOC, april] == 4).all()
    deaths = caucasus.history.deaths[:, :, april].sum(axis=(1, 2))
    assert (deaths >= 200).all() and (deaths <= 350).all()


def test_deaths_add_up_to_the_records(caucasus: Prepared) -> None:
    """On covered days, week by week and in all."""
    panel, deaths = caucasus.panel, caucasus.history.deaths.sum(axis=1)
    for week in np.flatnonzero(panel.killed >= 0):
        days = (panel.week_of == week) & panel.covered
        assert np.allclose(deaths[:, days].sum(axis=1), panel.killed[week])
    assert np.allclose(deaths[:, panel.covered].sum(axis=1), np.nansum(panel.killed))


def test_nobody_dies_on_a_quiet_front(caucasus: Prepared, valleys: Prepared) -> None:
    for made in (caucasus, valleys):
        fronts = made.history.rungs[:, : len(made.plan.fronts)]
        assert (made.history.deaths[fronts == 0] == 0).all()


def contradicted(made: Prepared) -> list[str]:
    """Weeks whose highest rung on covered days, over fronts, lies outside the record's interval.

    A silent week may stand above quiet, at rung 1, by the waiting rule.
    """
    panel, highest = made.panel, made.history.rungs[:, made.panel.recorded].max(axis=1)
    out = []
    for week in np.unique(panel.week_of[panel.covered]):
        top = highest[:, (panel.week_of == week) & panel.covered].max(axis=1)
        if (top < panel.low[week]).any() or (top > max(panel.high[week], 1)).any():
            first = panel.date_of(int(np.flatnonzero(panel.week_of == week)[0]))
            out.append(f"{first}: {top.tolist()} against {panel.low[week]} to {panel.high[week]}")
    return out


def test_no_completion_contradicts_a_week_of_the_record(caucasus: Prepared, valleys: Prepared) -> None:
    assert contradicted(caucasus) == []
    assert contradicted(valleys) == []


def test_no_completion_contradicts_a_spell(caucasus: Prepared) -> None:
    rungs, panel = caucasus.history.rungs, caucasus.panel
    assert (rungs >= panel.day_low).all() and (rungs <= np.maximum(panel.day_high, 1)).all()


def test_a_front_falls_quiet_only_after_the_waiting_time(caucasus: Prepared, valleys: Prepared) -> None:
    for made in (caucasus, valleys):
        rungs = made.history.rungs
        fell = (rungs[..., :-1] > 0) & (rungs[..., 1:] == 0)
        for c, f, t in np.argwhere(fell):
            wait = int(made.panel.quiet_days[f])  # 0 where a ladder states no waiting time
            assert (rungs[c, f, max(t - wait + 1, 0) : t + 1] > 0).all()


def test_places_that_the_record_does_not_speak_of_keep_to_their_own_bounds(caucasus: Prepared) -> None:
    """Neither the pooled weeks nor their waiting rule reach the rear or the talks."""
    rungs, panel = caucasus.history.rungs, caucasus.panel
    for place in np.flatnonzero(~panel.recorded):
        assert ((rungs[:, place] >= panel.day_low[place]) & (rungs[:, place] <= panel.day_high[place])).all()
    talks = caucasus.plan.places.index("talks")
    known = panel.day_low[talks] == panel.day_high[talks]
    assert (rungs[:, talks, known] == panel.day_low[talks, known]).all() and known.any()


def test_state_records_move_the_start_and_no_day_of_the_past(caucasus: Prepared) -> None:
    without = prepare(caucasus.case, replace(caucasus.panel, state=np.zeros_like(caucasus.panel.state)), caucasus.seed)
    full, panel = caucasus.history, caucasus.panel
    for name in ("rungs", "deaths", "memories", "pressures", "stream_memory", "start_rungs", "start_memories"):
        assert np.array_equal(getattr(full, name), getattr(without.history, name)), name
    told = panel.state.sum(axis=1) > 0
    rise = (full.start_pressures - without.history.start_pressures)[0]
    for p, change in zip(caucasus.plan.pressures, rise, strict=True):
        up, down = (p.weights[told] > 0).any(), (p.weights[told] < 0).any() or (p.relief[told] > 0).any()
        if up and down:
            continue
        assert (change > 0, change < 0) == (up, down), p.name
    assert {p.name for p, change in zip(caucasus.plan.pressures, rise, strict=True) if change > 0} >= {
        "disavowed",
        "backing_tur",
        "restraint_rus",
        "restraint_usa",
        "crowds",
    }
    assert ((full.start_streams > without.history.start_streams) == told).all()
    last = np.array([panel.days - 1 - np.flatnonzero(row)[-1] for row in panel.state[told]])
    assert (full.start_since[:, told] <= last).all()
    assert np.array_equal(full.start_since[:, ~told], without.history.start_since[:, ~told])


def test_a_pressure_that_nobody_counted_stands_at_its_usual_level(caucasus: Prepared) -> None:
    at = [p.name for p in caucasus.plan.pressures].index("disavowed")
    rate = np.exp(caucasus.plan.streams[[s.name for s in caucasus.plan.streams].index("disavowals")].log_rate)
    usual = np.log(2.0) * rate / (1.0 - decay(21.0))
    assert np.allclose(caucasus.history.pressures[:, at], usual, rtol=1e-9)


def test_memories_are_weighted_sums_of_the_past(caucasus: Prepared) -> None:
    """The recursion equals the convolution, written out, on days throughout the record."""
    history, plan = caucasus.history, caucasus.plan
    active = np.array([plan.ladders[which].active for which in plan.ladder_of])[:, None]
    deaths = np.zeros(history.rungs.shape)
    deaths[:, : len(plan.fronts)] = history.deaths  # nobody dies on a track
    lost, violent = np.log1p(deaths) / layout.DEATH_SCALE, (history.rungs >= active).astype(float)
    inputs = [(lost, h) for h in layout.DEATH_MEMORIES] + [(violent, h) for h in layout.VIOLENCE_MEMORIES]
    for q, (values, half_life) in enumerate(inputs):
        d, first = decay(half_life), history.memories[:, :, 0, q]
        for t in (1, 30, 457, 2000):
            weights = (1 - d) * d ** np.arange(t)[::-1]
            expected = first * d**t + values[:, :, :t] @ weights
            assert np.allclose(history.memories[:, :, t, q], expected, rtol=1e-9, atol=1e-13)


def test_a_break_is_a_step_on_its_date(caucasus: Prepared, valleys: Prepared) -> None:
    """One without an effect enters as a memory of every place; one with an effect as a factor of its own."""
    step, since = valleys.history.memories[..., -1], valleys.day("2019-05-01")
    assert (step[..., :since] == 0).all() and (step[..., since:] == 1).all()
    assert (valleys.history.start_memories[..., -1] == 1).all()
    broken, since = caucasus.history.seen.breaks[0], caucasus.day("2018-10-01")
    assert (broken[:since] == 0).all() and (broken[since:] == 1).all()
    assert caucasus.plan.memories == valleys.plan.memories - 1


def test_the_simulator_remembers_the_record_as_the_fit_does(
    valleys: Prepared, valleys_fit: fitting.Fit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record fed through the simulator's own step leaves the memories and pressures of the history.

    Marks are on no record, so their chances stand where the simulator has marks; it looks up whole numbers only.
    """
    history, plan = valleys.history, valleys.plan
    monkeypatch.setattr(stepping, "log1p_count", log1p)
    made = simulation.world(plan, valleys_fit, 1)
    feeds = {p: [(shown(plan, f, history.seen), w) for f, w in one.feeds] for p, one in enumerate(plan.pressures)}
    fed = tuple(replace(p, feeds=()) for p in made.pressures)
    state = stepping.State(replace(made, pressures=fed), np.arange(past.COMPLETIONS))
    smooth = len(plan.breaks)
    state.memories = history.memories[:, :, 0].transpose(1, 2, 0).copy()
    state.day.pressures = history.pressures[:, :, 0].T.copy()
    state.own = history.stream_memory[:, :, 0].T.copy()
    for t in range(valleys.panel.days - 1):
        state.day.rungs = history.rungs[:, :, t].T
        state.day.deaths = history.deaths[:, :, t].T
        state.remember(t, history.seen.counts[:, :, t].T)
        for p, parts in feeds.items():
            for values, weight in parts:
                state.day.pressures[p] += weight * values[:, t]
        asked = history.memories[:, :, t + 1].transpose(1, 2, 0)
        assert np.allclose(state.memories[:, :-smooth], asked[:, :-smooth], rtol=1e-12)
        assert np.allclose(state.day.pressures, history.pressures[:, :, t + 1].T, rtol=1e-10)
        assert np.allclose(state.own, history.stream_memory[:, :, t + 1].T, rtol=1e-12)


def _same(one: past.History, other: past.History) -> bool:
    parts = [{**vars(history), **vars(history.seen)} for history in (one, other)]
    return all(np.array_equal(parts[0][k], parts[1][k]) for k in parts[0] if k not in ("seen", "shown"))


def test_the_same_seed_completes_the_record_in_the_same_way(valleys: Prepared) -> None:
    assert _same(prepare(valleys.case, valleys.panel, 1).history, valleys.history)


def test_another_seed_completes_it_otherwise(valleys: Prepared) -> None:
    other = prepare(valleys.case, valleys.panel, 2).history
    assert not np.array_equal(other.rungs, valleys.history.rungs)


def test_completions_differ_where_the_record_is_open(valleys: Prepared) -> None:
    rungs: NDArray[np.int64] = valleys.history.rungs
    assert all(not np.array_equal(rungs[0], rungs[c]) for c in range(1, past.COMPLETIONS))


@pytest.mark.parametrize("half", [0, 1])
def test_what_came_before_does_not_hang_on_what_came_after(valleys: Prepared, half: int) -> None:
    """Memories and pressures of a day read nothing later than the day before.

    Past the record's first stretch, from whose mean they all start.
    """
    t, panel = past.FIRST_STRETCH + 35, valleys.panel
    evidence = panel.evidence.copy()
    evidence[:, t:] += 1 + half
    later = past.build(valleys.case, valleys.plan, replace(panel, evidence=evidence), 1)
    assert np.array_equal(later.pressures[:, :, : t + 1], valleys.history.pressures[:, :, : t + 1])
    assert np.array_equal(later.stream_memory[:, :, : t + 1], valleys.history.stream_memory[:, :, : t + 1])
    assert not np.array_equal(later.stream_memory, valleys.history.stream_memory)
    assert not np.array_equal(later.pressures[:, :, t + 1 :], valleys.history.pressures[:, :, t + 1 :])
